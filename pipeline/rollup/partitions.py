"""What follows from the reports of several parts, computed together and written part by part.

What compares a year with the one before sees both years of everything; all else the rows of its own parts alone, so
that it need be made only for parts that changed. What comes out for other parts is not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.core.paths import quoted
from pipeline.rollup.findings import as_findings, findings
from pipeline.rollup.models import Model
from pipeline.storage import load
from pipeline.storage.partition import Part
from pipeline.storage.schema import REGISTERS, key, no_rows

COMPARISONS = ".comparisons"  # of a part's findings those that compare reports are a file of their own


class Several:
    """Some parts, and the database in which what follows from them is computed. Of those that are not `fresh` what
    follows from a year alone is there already. `written` is told of each table when it is.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        folder: Path,
        parts: Sequence[Part],
        fresh: Collection[Part],
        written: Callable[[str], None],
    ) -> None:
        self._connection, self._folder, self._parts, self._written = connection, folder, parts, written
        self._fresh = [part.stem for part in parts if part in fresh]
        for name in REGISTERS:
            self._see(name, [name])
        self._place_reports()
        self._place_bodies()

    def roll_up(self, found: Sequence[Model]) -> None:
        """Write the marts, then the findings of the checks. `found` is in the order of dependence."""
        alone = [model for model in found if not model.compares]
        comparing = [model for model in found if model.compares]
        self._see_all(load.LOADED, self._fresh)
        self._make(alone, self._fresh)
        both = sorted({stem for part in self._parts for stem in (part.before.stem, part.stem)})
        self._see_all([*load.LOADED, *(model.name for model in alone if model.kind == "rollup")], both)
        self._make(comparing, both)
        checked = [self._rows(model) for model in comparing if model.kind == "checks"]
        parts = pa.chunked_array([chunk for rows in checked for chunk in rows["part"].chunks], pa.string())
        self._write("findings", COMPARISONS, findings(checked).append_column("part", parts))

    def _make(self, found: Sequence[Model], stems: Sequence[str]) -> None:
        """Make the views and write the tables; those that follow see these parts of them."""
        for model in found:
            if model.kind == "publish":
                self._connection.execute(f"CREATE TEMP VIEW {model.name} AS {model.sql}")
            elif model.kind == "rollup" and stems:
                self._write(model.name, "", self._rows(model))
                self._see(model.name, stems)

    def _see_all(self, names: Iterable[str], stems: Sequence[str]) -> None:
        for name in names:
            self._see(name, stems)

    def _see(self, name: str, stems: Sequence[str]) -> None:
        """Let a table be the rows of its files with these stems."""
        at_hand = load.names(self._folder, name)
        files = [self._folder / name / at_hand[stem] for stem in stems if stem in at_hand]
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {rows_of(name, files)}")

    def _place_reports(self) -> None:
        """`report_places`: which report belongs to which part."""
        at_hand = load.files(self._folder, "reports")
        files = {part.stem: rows_of("reports", [at_hand[part.stem]]) for part in self._parts}
        found = (f"SELECT report_id AS id, '{stem}' AS part FROM ({rows})" for stem, rows in files.items())
        self._connection.execute(f"CREATE TEMP TABLE report_places AS {' UNION ALL '.join(found)}")

    def _place_bodies(self) -> None:
        """`body_places`: in which year which body belongs to which part."""
        parts = ", ".join(f"({p.year}, '{p.province}', '{p.stem}')" for p in self._parts)
        self._connection.execute(
            "CREATE TEMP VIEW body_places AS SELECT b.body_id AS id, p.year, p.part FROM bodies AS b "
            f"INNER JOIN (VALUES {parts}) AS p (year, province, part) ON p.province = b.region_code[1:2]"
        )

    def _rows(self, model: Model) -> pa.Table:
        """The rows of a model for these parts, with a column `part`."""
        table, sql = ("findings", as_findings(model.sql)) if model.kind == "checks" else (model.name, model.sql)
        owner = key(table)[0]
        place = "report_places AS p ON" if owner == "report_id" else "body_places AS p ON p.year = m.year AND"
        statement = f'SELECT m.*, p.part FROM ({sql}) AS m INNER JOIN {place} p.id = m."{owner}"'
        return self._connection.sql(statement).to_arrow_table()

    def _write(self, table: str, suffix: str, rows: pa.Table) -> None:
        for part, found in _by_part(rows):
            load.write(self._folder, table, part + suffix, found)
        self._written(table)


def _by_part(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    for part in sorted(rows["part"].unique().to_pylist()):
        yield part, rows.filter(pc.equal(rows["part"], part))


def rows_of(table: str, files: Collection[Path]) -> str:
    """The rows of some files of a table, as SQL."""
    listed = ", ".join(f"'{quoted(f)}'" for f in files)
    return f"SELECT * FROM read_parquet([{listed}])" if files else no_rows(table)


def part_stem(name: str) -> str:
    """To which part a file of a snapshot belongs: `2019-41` for `findings/2019-41.comparisons-<hash>.parquet`."""
    return name.rpartition("/")[2].rpartition("-")[0].removesuffix(COMPARISONS)
