"""A small snapshot in memory that corruptions change, and the suites and assertions that see them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.core.decisions import COLUMNS
from pipeline.storage.dictionary import REGISTERS, dictionary, key
from pipeline.storage.partition import TableFiles, select_from_files
from pipeline.validate.assertions import Assertion, assertions, earlier_tables
from pipeline.validate.staged import run_assertions
from pipeline.validate.suites import read_suites
from pipeline.validate.worker import Sample, call_prepared, run_suite, validating_child
from support.bulletins import Bulletin, website_table, write_bulletins
from support.corruptions import Corruption
from support.project import current_snapshot, fresh, ogi_here, run_here

CORPUS = ("--cities", "2", "--members", "9", "--years", "2019-2021", "--errors", "45", "--seed", "4",
    "--formats", "html,txt", "--processes", "1",
)  # fmt: skip
POPULATION = "code,year,population,source\n110101,2021,2000000,模拟\n"
SUCCESSION = "120101,120102,2021,land_moved,模拟\n"  # a kind that the corpus lacks
SHARE = "narrative.share@narrative/disclosed.normative_documents_share/value"
HANDLED = "app.handled@applications/handled/business"
PARTS = ", ".join("1" if i == 10 else "0" for i in range(19))
# Body, year, cell or finding, printed text, value, operation. Two are stale: those that quote 777 and 5.
DECISIONS = (
    ("110101", "2021", "applications/new/natural_person", "3", "38", "accept"),
    ("110102", "2020", "applications/refused.process_info/total", "4", "1", "correct"),
    ("411202", "2019", "applications/new/business", "0", "", "reject"),
    ("411203", "2019", "applications/new/business", "777", "7", "correct"),
    ("411200", "2019", SHARE, "100 | 70.63 (178, 252)", "", "confirm"),
    ("110000", "2019", "city.compile@applications/unable.not_held/total", "12 | 11 (12)", "", "return"),
    ("110000-agriculture", "2020", "year.carry@applications/carried_in/business", "1 | 5 (1)", "", "confirm"),
    ("110000-ecology", "2019", HANDLED, f"0 | 1 (0, {PARTS})", "", "confirm"),
    ("411200", "2022", "inspection-Q2:inspection/new_media.pass_rate/own", "98.00", "90", "correct"),
)
BULLETINS = (
    *(Bulletin(quarter=quarter, failed=quarter) for quarter in (1, 2, 3, 4)),
    Bulletin(year=2022, quarter=1, weibo=90),
    Bulletin(year=2022, quarter=2, printed_rate="98.00"),
)


def make_project(folder: Path) -> Path:
    """Publish the shipped reports together with a simulated corpus that has errors, successions and decisions."""
    _add_other_kinds(fresh(folder))
    assert ogi_here(folder, "simulate", "corpus", *CORPUS).returncode == 0
    raw, corpus = folder / "data" / "raw", folder / "corpus" / "raw"
    lines = (corpus / "manifest.csv").read_text(encoding="utf-8").splitlines(keepends=True)[1:]
    with (raw / "manifest.csv").open("a", encoding="utf-8", newline="") as manifest:
        manifest.writelines(lines)
    with (corpus / "successions.csv").open("a", encoding="utf-8") as successions:
        successions.write(SUCCESSION)
    for path in (p for p in corpus.rglob("*") if p.is_file() and p.name != "manifest.csv"):
        (raw / path.relative_to(corpus)).parent.mkdir(exist_ok=True)
        shutil.copyfile(path, raw / path.relative_to(corpus))
    (raw / "population.csv").write_text(POPULATION, encoding="utf-8")
    _write_decisions(folder / "data" / "decisions.csv")
    assert run_here(folder) == 1
    return folder


def _add_other_kinds(folder: Path) -> None:
    """Register bulletins, one with an error and one whose error a decision settles, and the table of a website."""
    sent = folder / "sent"
    write_bulletins(sent, *BULLETINS)
    (sent / "website.html").write_text(website_table(2021, "4112000001", (30, 20, 10)), encoding="utf-8")
    assert f"登记 {len(BULLETINS) + 1} 份" in ogi_here(folder, "add", "sent", "--source", "模拟").stdout


def _write_decisions(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for body, year, cell, printed, value, operation in DECISIONS:
            writer.writerow((body, year, cell, printed, value, "复核", "原件", "张三", operation))


def load_snapshot(project: Path) -> duckdb.DuckDBPyConnection:
    """Return a database in memory with all tables of the published snapshot, as an assertion sees them."""
    files = TableFiles(current_snapshot(project))
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA earlier")
    for table in dictionary():
        connection.execute(f"CREATE TABLE {table} AS {select_from_files(table, files.paths(table))}")
    for table in earlier_tables():
        connection.execute(f"CREATE VIEW earlier.{table} AS SELECT * FROM main.{table}")
    stems = sorted({*files.names("reports"), *files.names("kind_reports")} - {"none"})
    years = ", ".join(f"({stem})" for stem in stems)
    connection.execute(f"CREATE TABLE checked_years AS SELECT * FROM (VALUES {years}) AS t (year)")
    return connection


def write_table(connection: duckdb.DuckDBPyConnection, folder: Path, table: str, version: str = "1") -> None:
    """Write a table as the files of a snapshot, one per year. A report stays in the file of its year in `folder`."""
    known = [f"SELECT report_id, year FROM '{path}'" for path in TableFiles(folder).paths("reports")]
    first = " UNION ALL ".join(known) or "SELECT report_id, year FROM reports"
    own = "r.year" if key(table)[0] == "report_id" else "t.year"
    source = f"{table} AS t LEFT JOIN ({first}) AS r ON r.report_id = t.report_id"
    source = source if own == "r.year" else f"{table} AS t"
    (folder / table).mkdir(parents=True, exist_ok=True)
    for (year,) in [(table,)] if table in REGISTERS else connection.execute("FROM checked_years").fetchall():
        others = "SELECT min(year) FROM checked_years"
        place = f"CASE WHEN {own} IN (FROM checked_years) THEN {own} ELSE ({others}) END"
        rows = f"SELECT t.* FROM {source}" + ("" if table in REGISTERS else f" WHERE {place} = {year}")
        order = ", ".join(f't."{name}"' for name in key(table))
        connection.execute(f"COPY ({rows} ORDER BY {order}) TO '{folder / table}/{year}-{version}.parquet'")


@contextmanager
def corrupted(connection: duckdb.DuckDBPyConnection, corruption: Corruption) -> Iterator[None]:
    """Corrupt a table inside the context. Raises AssertionError if the statement changes nothing."""
    connection.execute("BEGIN")
    try:
        (count,) = connection.execute(corruption.sql).fetchone() or (0,)
        assert count, f"nothing to corrupt: {corruption}"
        yield
    finally:
        connection.execute("ROLLBACK")


def failed_assertions(connection: duckdb.DuckDBPyConnection, chosen: Iterable[Assertion]) -> Iterator[str]:
    """Yield the names of the assertions that are not met."""
    return (result.name for result in run_assertions(connection, list(chosen)) if not result.is_met)


def failed_expectations(connection: duckdb.DuckDBPyConnection, table: str, folder: Path) -> list[str]:
    """Return the expectations of the suite of a table that are not met."""
    path = folder / f"{table}.parquet"
    connection.execute(f"COPY {table} TO '{path}' (FORMAT parquet)")
    sample = Sample(table, key(table), [path])
    result = validating_child.call(call_prepared, folder / "docs", run_suite, sample, read_suites()[table])
    return [violation.expectation for violation in result.violations]


def is_seen(connection: duckdb.DuckDBPyConnection, corruption: Corruption, folder: Path) -> bool:
    """Return whether an assertion sees a corruption, or else its suite. Only assertions that read the table can."""
    readers = [assertion for assertion in assertions() if corruption.table in assertion.reads]
    with corrupted(connection, corruption):
        seen = any(failed_assertions(connection, readers))
        return seen or bool(failed_expectations(connection, corruption.table, folder))
