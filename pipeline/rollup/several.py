"""What follows from the reports of several parts, computed together and written part by part.

A file of `sql/rollup` sees the loaded tables of these parts, and of what was rolled up also the year before; one of
`sql/checks` sees both years of everything. What comes out for other parts is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline import load
from pipeline.part import Part
from pipeline.rollup.findings import findings
from pipeline.rollup.models import Model
from pipeline.tables import REGISTERS, key, schema

COMPARISONS = ".comparisons"  # of a part's findings those that compare reports are a file of their own


class Several:
    """Some parts, and the database in which what follows from them is computed."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, parts: Sequence[Part]) -> None:
        self._connection, self._folder, self._parts = connection, folder, parts
        for name in REGISTERS:
            self._see(name, [name])
        self._see_loaded([part.stem for part in parts])
        self._place_reports()
        self._place_bodies()

    def roll_up(self, found: Sequence[Model]) -> None:
        """Write the marts, then the findings of the checks. `found` is in the order of dependence."""
        both = sorted({stem for part in self._parts for stem in (part.before.stem, part.stem)})
        for model in found:
            if model.kind == "publish":
                self._connection.execute(f"CREATE TEMP VIEW {model.name} AS {model.sql}")
            elif model.kind == "rollup":
                self._write(model.name, "", self._rows(model))
                self._see(model.name, both)
        self._see_loaded(both)
        checked = [self._rows(model) for model in found if model.kind == "checks"]
        self._write("findings", COMPARISONS, pa.concat_tables([_as_findings(rows) for rows in checked]))

    def _see_loaded(self, stems: Sequence[str]) -> None:
        for name in load.LOADED:
            self._see(name, stems)

    def _see(self, name: str, stems: Sequence[str]) -> None:
        """Let a table be the rows of its files with these stems."""
        at_hand = load.files(self._folder, name)
        files = [at_hand[stem] for stem in stems if stem in at_hand]
        self._connection.register(f"no_{name}", schema(name).empty_table())
        listed = ", ".join(f"'{quoted(f)}'" for f in files)
        source = f"read_parquet([{listed}])" if files else f"no_{name}"
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {source}")

    def _place_reports(self) -> None:
        """`report_places`: which report belongs to which part."""
        at_hand = load.files(self._folder, "reports")
        found = [(part, pq.read_table(at_hand[part.stem], columns=["report_id"])["report_id"]) for part in self._parts]
        ids = pa.chunked_array([column for _, column in found], pa.string())
        parts = pa.array([part.stem for part, column in found for _ in range(len(column))], pa.string())
        self._connection.register("report_places", pa.table({"id": ids, "part": parts}))

    def _place_bodies(self) -> None:
        """`body_places`: in which year which body belongs to which part."""
        columns = {"province": [p.province for p in self._parts], "part": [p.stem for p in self._parts]}
        self._connection.register("parts", pa.table(columns | {"year": [p.year for p in self._parts]}))
        self._connection.execute(
            "CREATE TEMP VIEW body_places AS SELECT b.body_id AS id, p.year, p.part FROM bodies AS b "
            "INNER JOIN parts AS p ON p.province = b.region_code[1:2]"
        )

    def _rows(self, model: Model) -> pa.Table:
        """The rows of a model for these parts, with a column `part`."""
        table = "findings" if model.kind == "checks" else model.name
        owner = key(table)[0]
        place = "report_places AS p ON" if owner == "report_id" else "body_places AS p ON p.year = m.year AND"
        statement = f'SELECT m.*, p.part FROM ({model.sql}) AS m INNER JOIN {place} p.id = m."{owner}"'
        return self._connection.sql(statement).to_arrow_table()

    def _write(self, table: str, suffix: str, rows: pa.Table) -> None:
        for part, found in _by_part(rows):
            load.write(self._folder, table, part + suffix, found)


def _by_part(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    for part in sorted(rows["part"].unique().to_pylist()):
        yield part, rows.filter(pc.equal(rows["part"], part))


def _as_findings(rows: pa.Table) -> pa.Table:
    parts = dict(zip(rows["report_id"].to_pylist(), rows["part"].to_pylist(), strict=True))
    found = findings([rows])
    return found.append_column("part", pa.array([parts[r] for r in found["report_id"].to_pylist()], pa.string()))


def quoted(path: Path) -> str:
    """A path inside a SQL string."""
    return path.as_posix().replace("'", "''")
