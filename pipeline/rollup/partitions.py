"""Roll up a group of years: run the models in one database, and write one file per table and year."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import duckdb
import pyarrow as pa

from pipeline.core.paths import SQL
from pipeline.rollup.answers import DECISIONS_WITH_STATUS, match_all_answers, with_answers
from pipeline.rollup.findings import all_findings, finding_select
from pipeline.rollup.models import Model, models
from pipeline.rollup.registers import checks_of
from pipeline.storage.database import rows
from pipeline.storage.dictionary import LOADED, REGISTERS, key
from pipeline.storage.draft import Draft
from pipeline.storage.partition import select_from_files
from pipeline.storage.schema import schema

YEAR = "partition_year"  # a column added to the rows of a model
Written = Callable[[str, Sequence[str]], None]  # gets a table and the stems of its files


class YearsRollup:
    """Some years of a draft, and the database in which their marts are computed.

    Models that look back see the year before each of these years too. The other models see the years that changed:
    these years without the `following` ones. `written` is called with each table and the stems of its files after
    they are written.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        draft: Draft,
        years: Iterable[int],
        following: Collection[int],
        written: Written,
    ) -> None:
        self._connection, self._draft, self._written = connection, draft, written
        self._years = sorted(years)
        self._changed = [year for year in self._years if year not in following]
        self._models = models()
        self._earlier_checks = checks_of(draft.published_files)
        for name in REGISTERS:
            self._view(name)

    def run(self) -> dict[int, dict[str, int]]:
        """Write the marts, then the findings of the checks. Return the counts of `year_summary.sql` per year."""
        for looks_back in (False, True):
            years = self._years if looks_back else self._changed
            visible = {*years, *(year - 1 for year in years if looks_back)}
            self._view_years(visible)
            for model in (m for m in self._models if m.looks_back == looks_back):
                if model.folder == "rollup":
                    self._write(model.name, model.sql, years)
                    self._view(model.name, visible)
                else:
                    self._create(model)
        self._view_years(self._years)
        self._write_findings()
        return self._summaries()

    def _write_findings(self) -> None:
        """Write the findings with their answers, and the decisions with the status of the answers."""
        findings = all_findings(self._models, self._changed, self._earlier_checks)
        match_all_answers(self._connection, findings)
        self._write("findings", with_answers(findings), self._years)
        self._write("decisions", DECISIONS_WITH_STATUS, self._years)
        for name in ("findings", "decisions"):
            self._view(name, self._years)

    def _view_years(self, years: Iterable[int]) -> None:
        """Create a view per table on the files of these years."""
        for name in (*LOADED, *(m.name for m in self._models if m.folder == "rollup")):
            self._view(name, years)

    def _view(self, name: str, years: Iterable[int] | None = None) -> None:
        stems = None if years is None else map(str, years)
        statement = select_from_files(name, self._draft.files.paths(name, stems))
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {statement}")

    def _create(self, model: Model) -> None:
        """Create a view, or a table for a step that several models read and for the outcomes of a check."""
        if model.folder == "checks":
            self._connection.execute(f"CREATE TEMP TABLE outcomes_of_{model.name} AS {finding_select(model)}")
            return
        self._connection.execute(f"CREATE TEMP {model.kind(self._models)} {model.name} AS {model.sql}")

    def _write(self, table: str, sql: str, years: Sequence[int]) -> None:
        """Write the rows of a statement as the files of a table for these years."""
        rows_by_year = dict(self._rows_by_year(table, sql, years)) if years else {}
        for year in years:
            if year in rows_by_year:
                self._draft.write(table, str(year), rows_by_year[year])
            else:  # the previous snapshot may have had rows
                self._draft.files.remove(table, str(year))
        self._written(table, [*map(str, years)])

    def _rows_by_year(self, table: str, sql: str, years: Sequence[int]) -> Iterator[tuple[int, pa.Table]]:
        """Yield the rows of a statement per year, sorted by the key of the table."""
        columns = ", ".join(f'm."{name}"' for name in schema(table).names)
        source = f"({sql}) AS m"
        year = "m.year"
        if "year" not in schema(table).names:
            source, year = f"{source} INNER JOIN reports AS r ON r.report_id = m.report_id", "r.year"
        order = ", ".join(f'm."{name}"' for name in key(table))
        selection = f"SELECT {columns}, {year} AS {YEAR} FROM {source} WHERE {year} IN ({', '.join(map(str, years))})"
        table_rows = self._connection.sql(f"{selection} ORDER BY {year}, {order}").to_arrow_table()
        yield from _slices(table_rows, schema(table))

    def _summaries(self) -> dict[int, dict[str, int]]:
        counts = rows(self._connection, (SQL / "job" / "year_summary.sql").read_text(encoding="utf-8"))
        by_year = {row.pop("year"): row for row in counts}
        return {year: by_year[year] for year in self._years}


def _slices(sorted_rows: pa.Table, columns: pa.Schema) -> Iterator[tuple[int, pa.Table]]:
    """Yield the rows per year of a table that is sorted by year."""
    start = 0
    for count in sorted_rows[YEAR].value_counts():
        year, length = count["values"].as_py(), count["counts"].as_py()
        yield year, sorted_rows.slice(start, length).select(columns.names).cast(columns)
        start += length
