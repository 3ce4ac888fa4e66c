"""Roll up: run the SQL of `sql/` over a snapshot's Parquet, each file after those that it reads.

A file of `sql/rollup` is a table, one of `sql/publish` a view, one of `sql/checks` gives findings that compare
reports. The file's stem is its name and its first line says what a row is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.core.paths import quoted
from pipeline.registry.load import Register
from pipeline.rollup.findings import as_findings, findings
from pipeline.rollup.models import Model, behind_checks, models
from pipeline.rollup.partitions import Several
from pipeline.rollup.registers import register_table
from pipeline.storage import load
from pipeline.storage.partition import Part
from pipeline.storage.schema import REGISTERS, dictionary, schema

__all__ = ["DATABASE", "Model", "compare", "models", "roll_up"]

DATABASE = "ogi.duckdb"
REPORTS = 5000  # computed together, some million cells: a bound of memory


def roll_up(
    folder: Path,
    project: Path,
    found: Sequence[Model],
    fresh: Collection[Part],
    stale: Collection[Part],
    known: Register,
    written: Callable[[str], None],
) -> None:
    """Add the registers that are not there to the snapshot being built in `folder`, then for the fresh parts what
    follows from a year alone, for all the stale ones what compares it with the year before, then `ogi.duckdb`.
    `written` is told the table whenever there are new files of one.

    The database holds views only: a table's bytes in it differ from run to run. They name their files as seen from
    `project`, so that nothing in the database depends on the machine. Raises OSError where disk or memory are too
    small.
    """
    try:
        for name in (n for n in REGISTERS if not load.files(folder, n)):
            load.write(folder, name, name, register_table(name, known))
        for parts in _passes(folder, stale):
            with duckdb.connect() as connection:
                Several(connection, folder, parts, fresh, written).roll_up(found)
        _publish(folder.resolve(), project.resolve(), found)
    except duckdb.OperationalError as fault:  # no disk, no memory
        raise OSError(str(fault)) from fault


def _passes(folder: Path, stale: Collection[Part]) -> Iterator[list[Part]]:
    """The parts as they are computed together, no year before the one on which it builds."""
    at_hand = load.files(folder, "reports")
    parts: list[Part] = []
    reports = 0
    for part in sorted(stale):
        parts.append(part)
        reports += pq.read_metadata(at_hand[part.stem]).num_rows
        if reports >= REPORTS:
            yield parts
            parts, reports = [], 0
    if parts:
        yield parts


def _publish(folder: Path, project: Path, found: Sequence[Model]) -> None:
    """`ogi.duckdb`, with a view for each table and each model of `sql/publish`."""
    path = folder / DATABASE
    path.unlink(missing_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"SET file_search_path = '{quoted(project)}'")
        connection.execute(f"ATTACH '{quoted(path)}' AS ogi (STORAGE_VERSION 'v1.0.0')")
        connection.execute("USE ogi")
        connection.execute("BEGIN")
        for table in dictionary():
            _view(connection, folder, project, table)
        for model in (m for m in found if m.kind == "publish"):
            connection.execute(f"CREATE VIEW {model.name} AS {model.sql}")
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT ogi")  # closing would do it too, and keep silent where it fails


def _view(connection: duckdb.DuckDBPyConnection, folder: Path, project: Path, table: str) -> None:
    """A view over the files of a table; they are named one by one, so that a reader never mixes two snapshots. A table
    without rows has one file that says what its columns are.
    """
    if not load.names(folder, table):
        load.write(folder, table, "none", schema(table).empty_table())
    place = quoted(folder.relative_to(project) / table)
    listed = ", ".join(f"'{place}/{name}'" for name in load.names(folder, table).values())
    connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet([{listed}])")


def compare(tables: Mapping[str, pa.Table], known: Register) -> pa.Table:
    """The findings of `sql/checks` on loaded tables that are in no snapshot. Nothing is written."""
    with duckdb.connect() as connection:
        for name in REGISTERS:
            connection.register(name, register_table(name, known))
        for table in load.LOADED:
            connection.register(table, tables[table])
        compared = []
        for model in behind_checks():
            if model.kind == "checks":
                compared.append(connection.sql(as_findings(model.sql)).to_arrow_table())
            else:
                connection.execute(f"CREATE TEMP VIEW {model.name} AS {model.sql}")
        return findings(compared)
