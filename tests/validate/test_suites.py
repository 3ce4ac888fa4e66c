"""Test that the suites agree with the data dictionary, and the published data with both."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.core.model import ProjectFault
from pipeline.core.paths import EXPECTATIONS
from pipeline.storage.allowed import allowed_values
from pipeline.storage.database import connect, rows
from pipeline.storage.dictionary import REGISTERS, descriptions, dictionary
from pipeline.storage.differences import owner_of
from pipeline.validate.suites import is_generated, read_hand_written, read_suites, suite_text, write_suites

COLUMNS = [(table, line) for table, lines in dictionary().items() for line in lines]
REFERENCES = [(table, line["column"], line["references"]) for table, line in COLUMNS if line["references"]]


@pytest.mark.parametrize("table", dictionary())
def test_suite_has_the_generated_and_the_hand_written_expectations(table: str) -> None:
    path = EXPECTATIONS / f"{table}.json"
    assert path.read_text(encoding="utf-8") == suite_text(table, read_hand_written(path)), (
        "run `python -m pipeline.validate.suites`"
    )


def test_each_hand_written_expectation_gives_its_reason() -> None:
    for table, expectations in read_suites().items():
        for expectation in expectations:
            reasons = {} if is_generated(expectation) else expectation["meta"]["why"]
            assert is_generated(expectation) or (reasons["zh"] and reasons["en"]), (table, expectation)


def test_expectations_of_a_body_or_report_do_not_depend_on_others() -> None:
    """So a run tests only the rows of those that differ from a valid snapshot."""
    for table, expectations in read_suites().items():
        for kwargs in (e["kwargs"] for e in expectations if "unique" in e["type"] and owner_of(table)):
            assert owner_of(table) in kwargs.get("column_list", [kwargs.get("column")]) or table in REGISTERS, table
        others = {e["type"] for e in expectations if "values" not in e["type"] and "unique" not in e["type"]}
        assert others <= {"expect_table_row_count_to_be_between"}, table
        assert not any("mostly" in e["kwargs"] for e in expectations), table


def test_write_suites_keeps_hand_written_and_regenerates_other_expectations(tmp_path: Path) -> None:
    folder = tmp_path / "expectations"
    shutil.copytree(EXPECTATIONS, folder)
    cells = (folder / "cells.json").read_text(encoding="utf-8")
    (folder / "cells.json").write_text(
        cells.replace('"blank", ', "", 1), encoding="utf-8"
    )  # as an older version generated it
    (folder / "carry.json").unlink()
    write_suites(folder)
    assert (folder / "cells.json").read_text(encoding="utf-8") == cells
    assert read_suites(folder) == read_suites()


def test_each_table_has_a_suite_and_each_suite_a_table(tmp_path: Path) -> None:
    assert set(read_suites()) == set(dictionary())
    shutil.copytree(EXPECTATIONS, tmp_path / "expectations")
    (tmp_path / "expectations" / "cells.json").rename(tmp_path / "expectations" / "cell.json")
    with pytest.raises(ProjectFault, match="cell"):
        read_suites(tmp_path / "expectations")


def test_each_table_has_a_sentence_in_both_languages() -> None:
    assert descriptions().keys() == dictionary().keys()
    assert all(sentence["zh"] and sentence["en"].startswith("One row per ") for sentence in descriptions().values())


def test_key_columns_are_null_only_for_a_cell_without_indicator() -> None:
    nullable = {(table, line["column"]) for table, line in COLUMNS if line["key"] and line["nullable"]}
    assert nullable == {("crosswalk", "indicator")}  # a cell that is compared, but has no indicator


@pytest.mark.parametrize(("table", "column", "reference"), REFERENCES)
def test_each_value_of_a_reference_exists_in_the_referenced_column(
    built: Path, table: str, column: str, reference: str
) -> None:
    target, target_column = reference.split(".")
    assert target_column in [line["column"] for line in dictionary()[target]]
    with connect(built / "data") as connection:
        dangling = rows(
            connection,
            f'SELECT DISTINCT "{column}" FROM {table} WHERE "{column}" NOT IN (SELECT {target_column} FROM {target})',
        )
    assert dangling == []


def test_published_values_are_allowed_and_null_only_if_nullable(built: Path) -> None:
    with connect(built / "data") as connection:
        for table, line in COLUMNS:
            if line["type"] == "list":
                continue
            column = f'"{line["column"]}"'
            values = {row["value"] for row in rows(connection, f"SELECT DISTINCT {column} AS value FROM {table}")}
            assert line["nullable"] or None not in values, (table, column)
            if (allowed := allowed_values(line)) is not None:
                assert values - {None} <= set(allowed), (table, column)
