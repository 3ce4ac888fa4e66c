"""Test that the suites report damaged tables, with the damaged rows."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.storage.dictionary import key
from pipeline.storage.schema import table_from_rows
from pipeline.validate.gate import validate
from pipeline.validate.worker import Sample, Violation, call_prepared, columns_to_read, run_suite, validating_child

Rows = list[dict[str, Any]]


class Damaged(NamedTuple):
    """A change of one table, and the expectation that sees it."""

    table: str
    damage: Callable[[Rows], bool]
    expectation: str


def damage_table(folder: Path, damaged: Damaged) -> None:
    """Let `damage` change one file of a table of a snapshot.

    It changes a list of rows in place, and returns whether it changed one.
    """
    for file in sorted((folder / damaged.table).glob("*.parquet")):
        rows = pq.read_table(file).to_pylist()
        if damaged.damage(rows):
            pq.write_table(table_from_rows(damaged.table, rows), file)
            return
    raise AssertionError("no row to damage")


def set_value(name: str, value: object, where: str = "", equal: object = None) -> Callable[[Rows], bool]:
    """Return a damage that sets a column in the first row, or the first row whose column `where` has `equal`."""

    def damage(rows: Rows) -> bool:
        rows_to_change = [r for r in rows if not where or r[where] == equal][:1]
        for row in rows_to_change:
            row[name] = value
        return bool(rows_to_change)

    return damage


def repeat_first_row(rows: Rows) -> bool:
    rows.append(rows[0])
    return True


@pytest.mark.slow
def test_published_data_meets_its_suites(built: Path, tmp_path: Path) -> None:
    assert validate((built / "data" / "curated" / "current").resolve(), tmp_path / "docs") == []


# Each round damages a table at most once; one validation sees a whole round.
ROUNDS = [
    [
        Damaged("cells", set_value("value", None, "kind", "number"), "expect_column_values_to_not_be_null"),
        Damaged("reports", set_value("form", None, "status", "loaded"), "expect_column_values_to_not_be_null"),
        Damaged("observations", set_value("value", None, "obs_status", "A"), "expect_column_values_to_not_be_null"),
        Damaged("compiled", set_value("members_counted", 99), "expect_column_pair_values_a_to_be_greater_than_b"),
        Damaged("growth", set_value("growth_percent", Decimal(1), "prior", None), "expect_column_values_to_be_null"),
        Damaged("findings", set_value("status", "failed"), "expect_column_values_to_be_in_set"),
        Damaged("due", set_value("report_id", None, "status", "loaded"), "expect_column_values_to_not_be_null"),
        Damaged("figures", set_value("end", -1), "expect_column_pair_values_a_to_be_greater_than_b"),
        Damaged("bodies", set_value("parent", "411200", "level", "nation"), "expect_column_values_to_be_null"),
        Damaged(
            "headline", set_value("compiled_provenance", None, "year", 2019), "expect_column_values_to_not_be_null"
        ),
    ],
    [
        Damaged("cells", set_value("value", Decimal(0), "kind", "blank"), "expect_column_values_to_be_null"),
        Damaged("reports", set_value("provenance", "real"), "expect_column_values_to_be_in_set"),
    ],
    [Damaged("cells", set_value("kind", "empty"), "expect_column_values_to_be_in_set")],
    [Damaged("cells", repeat_first_row, "expect_compound_columns_to_be_unique")],
]


@pytest.mark.slow
@pytest.mark.parametrize("damages", ROUNDS, ids=range(len(ROUNDS)))
def test_damage_is_a_violation(built: Path, tmp_path: Path, damages: list[Damaged]) -> None:
    folder = tmp_path / "snapshot"
    shutil.copytree((built / "data" / "curated" / "current").resolve(), folder)
    for damaged in damages:
        damage_table(folder, damaged)
    violations = validate(folder, tmp_path / "docs")
    assert {v.table for v in violations} == {damaged.table for damaged in damages}
    for damaged in damages:
        assert_violation([v for v in violations if v.table == damaged.table], damaged)


def assert_violation(violations: list[Violation], damaged: Damaged) -> None:
    """Check that one of the violations of the table is of the expectation, with its reason and rows."""
    (violation,) = [v for v in violations if v.expectation == damaged.expectation]
    assert violation.count >= 1
    if "pair_values" in damaged.expectation:  # a hand-written expectation
        assert violation.why.keys() == {"zh", "en"}
    if violation.rows:
        assert set(key(damaged.table)) <= set(violation.rows[0])


def test_suite_reads_only_the_columns_that_it_names() -> None:
    in_set = {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "beta", "value_set": ["x"]}}
    condition = {"type": "and", "conditions": [{"type": "comparison", "column": {"name": "gamma"}, "operator": "=="}]}
    conditional = {
        "type": "expect_column_values_to_not_be_null",
        "kwargs": {"column": "beta", "row_condition": condition},
    }
    conditional_text = conditional | {"kwargs": {"column": "beta", "row_condition": 'col("delta") == 1'}}
    column_count = {"type": "expect_table_column_count_to_equal", "kwargs": {"value": 5}}
    names = ["alpha", "beta", "gamma", "delta", "cells"]
    assert columns_to_read(names, ["alpha"], [in_set]) == ["alpha", "beta"]
    assert columns_to_read(names, ["alpha"], [in_set, conditional]) == ["alpha", "beta", "gamma"]
    assert columns_to_read(names, ["alpha"], [conditional_text]) == ["alpha", "beta", "delta"]
    assert columns_to_read(names, ["alpha"], [in_set, column_count]) is None


def _kind_condition(operator: str, parameter: object) -> dict[str, object]:
    return {"type": "comparison", "column": {"name": "kind"}, "operator": operator, "parameter": parameter}


@pytest.mark.parametrize(
    ("kind", "kwargs", "violation"),
    [
        ("values_to_be_in_set", {"value_set": ["ab", "cd"]}, "x"),
        ("values_to_not_be_in_set", {"value_set": ["x"]}, "x"),
        ("values_to_not_be_null", {}, None),
        ("values_to_match_regex", {"regex": "^[a-d]+$"}, "x"),
        ("values_to_not_match_regex", {"regex": "x"}, "ax"),
        ("value_lengths_to_equal", {"value": 2}, "abc"),
        ("value_lengths_to_be_between", {"min_value": 1, "max_value": 2}, "abc"),
        ("unique_value_count_to_be_between", {"max_value": 2}, "x"),
        ("most_common_value_to_be_in_set", {"value_set": ["ab"]}, "cd"),
        ("values_to_be_in_set", {"value_set": ["ab"], "row_condition": _kind_condition("==", "a")}, "x"),
        ("values_to_be_null", {"row_condition": _kind_condition("IN", ["c"])}, "x"),
        ("values_to_be_unique", {"row_condition": _kind_condition("!=", "a")}, "x"),
    ],
)
def test_expectation_works_on_texts_read_as_categories(
    tmp_path: Path, kind: str, kwargs: dict[str, object], violation: str | None
) -> None:
    expectation = {"type": f"expect_column_{kind}", "kwargs": {"column": "text", **kwargs}}
    for added, is_met in (("ab", 1), (violation, 0)):
        table = pa.table({"id": ["1", "2", "3", "4"], "kind": ["a", "a", "b", "a"], "text": ["ab", "ab", "cd", "ab"]})
        if kind in ("values_to_be_null", "values_to_be_unique"):
            extra = pa.table(
                {"id": ["5"], "kind": ["c"], "text": pa.array([None if is_met else violation], pa.string())}
            )
            table = pa.concat_tables([table, extra, extra] if kind == "values_to_be_unique" else [table, extra])
        else:
            extra = pa.table({"id": ["5"], "kind": ["a"], "text": pa.array([added], pa.string())})
            table = pa.concat_tables([table, *[extra] * (4 if kind.startswith("most") else 1)])
        pq.write_table(table, tmp_path / "words.parquet")
        sample = Sample("words", ("id",), [tmp_path / "words.parquet"])
        result = validating_child.call(call_prepared, tmp_path / "docs", run_suite, sample, [expectation])
        assert (result.met, len(result.violations)) == (is_met, 1 - is_met), added
