"""Test the assertions on the files of a snapshot, group by group of years, in DuckDB.

Great Expectations could run them as `UnexpectedRowsExpectation`, see `docs/decisions/0011-assertions-in-duckdb.md`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.core.messages import LANGUAGES, say
from pipeline.storage.dictionary import REGISTERS, dictionary
from pipeline.storage.differences import Differences, owner_of
from pipeline.storage.partition import TableFiles, select_from_files
from pipeline.storage.working import working_database
from pipeline.validate.affected import find_affected
from pipeline.validate.assertions import Assertion, Query, assertions, earlier_tables, steps
from pipeline.validate.results import AssertionResult
from pipeline.validate.worker import MAX_ROWS_SHOWN

COUNT = "rows_in_all"  # a column added to the rows of an assertion
MAX_COPIED_ROWS = 20_000  # of a table
MAX_REPORTS = 12_000  # per group of years, which limits the memory


def assert_tables(
    files: TableFiles,
    changed: Collection[int],
    following: Collection[int] = (),
    chosen: Iterable[Assertion] = (),
    differences: Differences | None = None,
) -> list[AssertionResult]:
    """Return the outcome of each assertion, or of the `chosen` ones, on the files of some years.

    The assertions that look back test the `changed` and the `following` years, the others only the `changed` years:
    the other tables of the `following` years are those of the previous snapshot. With `differences` to a valid
    snapshot, the assertions within one body test the bodies that differ. Raises OSError if the disk or the memory is
    full.
    """
    selected = list(chosen) or list(assertions())
    passes = _passes(files, selected, changed, following, differences)
    return _merge(selected, (result for one in passes for result in _test_years(files, *one)))


def _passes(
    files: TableFiles,
    selected: Sequence[Assertion],
    changed: Collection[int],
    following: Collection[int],
    differences: Differences | None,
) -> Iterator[tuple[Sequence[Assertion], Collection[int], Collection[str] | None]]:
    """Yield assertions, the years on which they are tested, and the bodies and reports that they see, None for all."""
    years = {*changed, *following}
    within = [a for a in selected if a.is_within_body]
    affected = find_affected(files, differences, _tables(within), years) if differences else None
    if affected is not None:
        yield within, years, affected
        selected = [a for a in selected if not a.is_within_body]
    if following:
        yield [a for a in selected if a.looks_back], years, None
        yield [a for a in selected if not a.looks_back], changed, None
    else:
        yield selected, changed, None


def _tables(chosen: Iterable[Assertion]) -> set[str]:
    """Return the tables that some assertions read, without registers and steps."""
    return {table for a in chosen for table in a.reads if table in dictionary() and table not in REGISTERS}


def _test_years(
    files: TableFiles, chosen: Sequence[Assertion], years: Collection[int], affected: Collection[str] | None
) -> Iterator[AssertionResult]:
    """Yield the outcome of each assertion per group of years, on all rows or on those that are affected."""
    for group in _groups(files, years) if chosen else ():
        with working_database() as connection:
            _view_years(connection, files, group, affected)
            yield from run_assertions(connection, chosen)


def run_assertions(connection: duckdb.DuckDBPyConnection, chosen: Sequence[Assertion]) -> Iterator[AssertionResult]:
    """Yield the outcome of each assertion on the tables of a connection, which also has the `earlier` tables."""
    made: set[str] = set()
    for assertion in chosen:
        for step in (s for s in steps() if s.name in assertion.reads - made):
            _make_step(connection, step)
            made.add(step.name)
        yield _run(connection, assertion)


def _make_step(connection: duckdb.DuckDBPyConnection, step: Query) -> None:
    """Create a view, or a table for a step that several queries read."""
    readers = sum(step.name in query.reads for query in (*steps(), *assertions()))
    kind = "TABLE" if readers > 1 else "VIEW"
    connection.execute(f"CREATE OR REPLACE TEMP {kind} {step.name} AS {step.sql}")


def _run(connection: duckdb.DuckDBPyConnection, assertion: Assertion) -> AssertionResult:
    query = f"SELECT *, count(*) OVER () AS {COUNT} FROM ({assertion.sql}) LIMIT {MAX_ROWS_SHOWN}"
    why = {lang: say(assertion.reason_code, lang) for lang in LANGUAGES}
    try:
        result = connection.execute(query)
        names = [column[0] for column in result.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    except (duckdb.ProgrammingError, duckdb.DataError) as fault:
        return AssertionResult(assertion.name, assertion.severity, why, error=str(fault).splitlines()[0])
    count = [row.pop(COUNT) for row in rows]
    return AssertionResult(assertion.name, assertion.severity, why, count[0] if count else 0, tuple(rows))


def _merge(chosen: Iterable[Assertion], results: Iterable[AssertionResult]) -> list[AssertionResult]:
    """Return one outcome per assertion that was tested, from those of the groups of years."""
    by_name: dict[str, list[AssertionResult]] = {}
    for result in results:
        by_name.setdefault(result.name, []).append(result)
    return [_merged(by_name[assertion.name]) for assertion in chosen if assertion.name in by_name]


def _merged(results: Sequence[AssertionResult]) -> AssertionResult:
    rows = tuple(row for result in results for row in result.rows)[:MAX_ROWS_SHOWN]
    error = next((result.error for result in results if result.error), "")
    return replace(results[0], count=sum(result.count for result in results), rows=rows, error=error)


def _groups(files: TableFiles, years: Collection[int]) -> Iterator[list[int]]:
    """Yield the years in groups of about `MAX_REPORTS` reports."""
    group: list[int] = []
    reports = 0
    for year in sorted(years):
        group.append(year)
        reports += sum(pq.read_metadata(path).num_rows for path in files.paths("reports", [str(year)]))
        if reports >= MAX_REPORTS:
            yield group
            group, reports = [], 0
    if group:
        yield group


def _view_years(
    connection: duckdb.DuckDBPyConnection, files: TableFiles, years: Sequence[int], affected: Collection[str] | None
) -> None:
    """Create a view per table on the files of some years; those in `earlier` have the years before them too.

    Of the bodies and reports that are `affected`, the rows are copied.
    """
    connection.execute("CREATE SCHEMA earlier")
    connection.execute("CREATE TABLE checked_years AS SELECT unnest($years)::INTEGER AS year", {"years": list(years)})
    both = sorted({*years, *(year - 1 for year in years)})
    show = _show
    if affected is not None:
        connection.register("owners", pa.table({"owner": pa.array(sorted(affected), pa.string())}))
        connection.execute("CREATE TABLE affected AS SELECT owner FROM owners")
        show = _copy_affected
    for table in dictionary():
        stems = None if table in REGISTERS else map(str, years)
        show(connection, table, table, files.paths(table, stems))
    for table in earlier_tables():
        show(connection, f"earlier.{table}", table, files.paths(table, map(str, both)))


def _copy_affected(connection: duckdb.DuckDBPyConnection, name: str, table: str, paths: Sequence[Path]) -> None:
    """Copy the rows of the bodies and reports in the table `affected`; show a table without such rows as it is."""
    if table in REGISTERS or owner_of(table) is None:
        _show(connection, name, table, paths)
    else:
        rows = f"SELECT * FROM ({select_from_files(table, paths)}) SEMI JOIN affected ON owner = {owner_of(table)}"
        connection.execute(f"CREATE TABLE {name} AS {rows}")


def _show(connection: duckdb.DuckDBPyConnection, name: str, table: str, paths: Sequence[Path]) -> None:
    """Create a view on files, or a copy of a few rows: to open the files for each query would take longer."""
    rows = sum(pq.read_metadata(path).num_rows for path in paths)
    kind = "TABLE" if rows <= MAX_COPIED_ROWS else "VIEW"
    connection.execute(f"CREATE {kind} {name} AS {select_from_files(table, paths)}")
