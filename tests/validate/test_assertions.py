"""Test that the assertions see corruptions of a snapshot, and return no row on clean data."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb
import pytest
from support.corrupted import corrupted, failed_assertions, is_seen, load_snapshot, make_project, write_table
from support.corruptions import BY_A_READER, CORRUPTIONS, WRITTEN_LATER

from pipeline.core.messages import message_lines
from pipeline.core.model import ProjectFault
from pipeline.core.paths import SQL
from pipeline.storage.dictionary import REGISTERS, dictionary
from pipeline.storage.differences import Differences, owner_of
from pipeline.storage.partition import TableFiles
from pipeline.validate.assertions import SEVERITIES, assertions, steps
from pipeline.validate.staged import assert_tables, run_assertions

FILES = sorted((SQL / "assertions").rglob("*.sql"))
# No other table has the hash of a file, so only the manifest in `data/raw` contradicts it.
NOT_SEEN = {"content hashes of two reports exchanged"}


@pytest.mark.slow
def test_every_corruption_is_seen_and_clean_data_is_not(built: Path, tmp_path: Path) -> None:
    """One test, because each process that runs a part of it would build the snapshot again."""
    assert list(failed_assertions(load_snapshot(built), assertions())) == []
    snapshot = load_snapshot(make_project(tmp_path / "project"))
    assert list(failed_assertions(snapshot, assertions())) == []
    unseen = [c for c in (*CORRUPTIONS, *WRITTEN_LATER, *BY_A_READER) if not is_seen(snapshot, c, tmp_path)]
    assert {c.kind for c in unseen} == NOT_SEEN


@pytest.mark.slow
def test_affected_bodies_violate_what_the_whole_snapshot_violates(tmp_path: Path) -> None:
    """An assertion within one body sees each corruption in the rows of the bodies that differ from a valid snapshot."""
    snapshot = load_snapshot(make_project(tmp_path / "project"))
    before, after = tmp_path / "before", tmp_path / "after"
    for table in ("reports", *dictionary()):
        write_table(snapshot, before, table)
    years = [int(stem) for stem in TableFiles(before).names("reports")]
    differences = Differences(TableFiles(before), [path.relative_to(before).as_posix() for path in before.rglob("*.*")])
    seen: set[str] = set()
    for corruption in CORRUPTIONS:
        chosen = [a for a in assertions() if a.is_within_body and corruption.table in a.reads]
        if not chosen:
            continue
        shutil.copytree(before, after, copy_function=os.link)
        with corrupted(snapshot, corruption):
            shutil.rmtree(after / corruption.table)
            write_table(snapshot, after, corruption.table, version=f"x{len(seen)}{corruption.kind.replace(' ', '')}")
            on_the_whole = set(failed_assertions(snapshot, chosen))
        results = assert_tables(TableFiles(after), years, chosen=chosen, differences=differences)
        assert {result.name for result in results if not result.is_met} == on_the_whole, corruption
        seen |= on_the_whole
        shutil.rmtree(after)
    assert len(seen) > 20


def test_assertions_within_one_body_read_only_tables_of_bodies_and_reports() -> None:
    within = [assertion for assertion in assertions() if assertion.is_within_body]
    assert len(within) > 20
    for assertion in within:
        assert all(owner_of(table) for table in assertion.reads & set(dictionary()) - set(REGISTERS)), assertion.name
        # Their rows are about other bodies too.
        assert not assertion.reads & {"contributors", "counted_reports", "due_bodies"}, assertion.name


@pytest.mark.parametrize("raw", ["11件", "21家政府网站实现集约", "1.5万", "12,345个", "9(次)", "/"])
@pytest.mark.parametrize("table", ["cells", "kind_cells"])
def test_number_with_words_beside_it_is_no_fault_of_an_assertion(table: str, raw: str) -> None:
    """DuckDB may convert a text before a condition leaves it out: an error here would publish nothing."""
    (assertion,) = (a for a in assertions() if a.name == f"{table}_have_the_printed_value")
    with duckdb.connect() as connection:
        for name in ("cells", "kind_cells", "figures"):
            columns = '"table" VARCHAR, "row" VARCHAR, "column" VARCHAR, raw VARCHAR, value DECIMAL(18, 6)'
            connection.execute(f"CREATE TABLE {name} (report_id VARCHAR, paragraph INTEGER, start INTEGER, {columns})")
            values = [("12", 12), (raw, 11), ("7", 8)]
            connection.executemany(f"INSERT INTO {name} VALUES ('r', 1, 1, 't', 'r', 'c', ?, ?)", values)
        (result,) = run_assertions(connection, [assertion])
    assert result.error == ""
    assert {(row["raw"], row["value"]) for row in result.rows} == {("7", 8)}


def test_load_without_any_report_is_seen() -> None:
    """No corruption shows it: it empties two tables."""
    (assertion,) = (a for a in assertions() if a.name == "loads_have_reports_with_numbers")
    with duckdb.connect() as connection:
        for table in ("reports", "kind_reports", "kind_cells", "kind_entries"):
            connection.execute(f"CREATE TABLE {table} (report_id VARCHAR, status VARCHAR)")
        assert connection.execute(assertion.sql).fetchall() == [("-",)]
        connection.execute("INSERT INTO reports VALUES ('2024/1.html', 'loaded')")
        assert connection.execute(assertion.sql).fetchall() == []


def test_there_are_corruptions_of_every_table() -> None:
    assert len(CORRUPTIONS) >= 45
    assert {c.table for c in CORRUPTIONS} == set(dictionary())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_is_one_select_that_names_its_columns(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    (statement,) = duckdb.extract_statements(text)
    assert statement.type == duckdb.StatementType.SELECT
    assert "*," not in text
    assert "SELECT *" not in text


def test_names_that_a_query_reads_are_those_that_duckdb_finds() -> None:
    known = set(dictionary()) | {step.name for step in steps()}
    direct = {path.stem: duckdb.get_table_names(path.read_text(encoding="utf-8")) & known for path in FILES}
    for query in (*steps(), *assertions()):
        assert direct.get(query.name, set()) <= query.reads, query.name


def test_each_assertion_has_a_reason_and_each_reason_an_assertion() -> None:
    reasons = {code for code in message_lines() if code.startswith("assertion.")}
    assert {assertion.reason_code for assertion in assertions()} == reasons
    assert {assertion.severity for assertion in assertions()} == set(SEVERITIES)


@pytest.mark.parametrize("text", ["-- One row per body.\nSELECT 1", "SELECT 1\n-- Severity: error."])
def test_file_without_description_or_severity_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "assertions").mkdir()
    (tmp_path / "assertions" / "x.sql").write_text(text, encoding="utf-8")
    with pytest.raises(ProjectFault, match=r"x\.sql"):
        assertions(tmp_path)
