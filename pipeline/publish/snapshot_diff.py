"""The difference between two snapshots: rows added, removed and amended per table, and the changed values.

Files with equal names are equal, so only the others are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.core.paths import SQL, quoted
from pipeline.storage.database import Row, rows
from pipeline.storage.dictionary import dictionary, key
from pipeline.storage.partition import SUFFIX
from pipeline.storage.schema import empty_select
from pipeline.storage.working import working_database

VALUE_TABLES = ("observations", "cells", "kind_cells")  # their changed values are listed
REGISTERS = ("bodies", "indicators", "reports", "kind_reports")  # for the names of what changed


@dataclass(frozen=True)
class TableChange:
    """The numbers of rows of a table that were added, removed, or amended: the key stayed, another column changed."""

    table: str
    added: int
    removed: int
    amended: int


@dataclass(frozen=True)
class Comparison:
    """The tables that differ, by name, and the changed values: rows of `sql/diff/observations.sql` and `cells.sql`."""

    tables: Sequence[TableChange]
    observations: Sequence[Row]
    cells: Sequence[Row]


def compare(before: Path, after: Path) -> Comparison:
    """Return the difference between the snapshots in two folders. Raises OSError if a file is damaged."""
    try:
        return _compare(before, after)
    except (duckdb.Error, pa.ArrowException) as error:
        raise OSError(str(error).splitlines()[0]) from error


def _compare(before: Path, after: Path) -> Comparison:
    found = {path.parent.name for folder in (before, after) for path in folder.glob(f"*/*{SUFFIX}")}
    tables = sorted(found.union(VALUE_TABLES))
    with working_database() as connection:
        changes = [_compare_table(connection, table, before, after) for table in tables]
        for table in REGISTERS:
            files = [*sorted((after / table).glob(f"*{SUFFIX}")), *sorted((before / table).glob(f"*{SUFFIX}"))]
            _view(connection, table, _select(files, table))
        values = [
            rows(connection, (SQL / "diff" / f"{name}.sql").read_text("utf-8")) for name in ("observations", "cells")
        ]
    return Comparison([c for c in changes if c.added or c.removed or c.amended], *values)


def _compare_table(connection: duckdb.DuckDBPyConnection, table: str, before: Path, after: Path) -> TableChange:
    """Create the tables `old_<table>` and `new_<table>` of rows that only one snapshot has, and return their counts."""
    old_files, new_files = _unshared(before / table, after / table), _unshared(after / table, before / table)
    if not old_files and not new_files and table not in VALUE_TABLES:
        return TableChange(table, 0, 0, 0)
    columns = _common_columns(old_files, new_files, table)
    old, new = (
        _select(files, table, columns, other) for files, other in ((old_files, new_files), (new_files, old_files))
    )
    for name, rows_of, others in (("old", old, new), ("new", new, old)):
        connection.execute(f"CREATE TABLE {name}_{table} AS {rows_of} EXCEPT ALL {others}")
    keys = [column for column in (key(table) if table in dictionary() else ()) if column in columns]
    condition = " AND ".join(f'o."{column}" IS NOT DISTINCT FROM n."{column}"' for column in keys) or "false"
    ((gone, arrived),) = connection.execute(
        f"SELECT (SELECT count(*) FROM old_{table}), (SELECT count(*) FROM new_{table})"
    ).fetchall()
    ((amended,),) = connection.execute(
        f"SELECT count(*) FROM new_{table} AS n WHERE EXISTS (SELECT 1 FROM old_{table} AS o WHERE {condition})"
    ).fetchall()
    return TableChange(table, arrived - amended, gone - amended, amended)


def _unshared(folder: Path, other: Path) -> list[Path]:
    """Return the files of a folder whose name the other folder does not have."""
    return sorted(path for path in folder.glob(f"*{SUFFIX}") if not (other / path.name).is_file())


def _common_columns(old_files: Sequence[Path], new_files: Sequence[Path], table: str) -> list[str]:
    """Return the columns that all files have, because another version of ogi may have written a snapshot."""
    names = [pq.read_schema(path).names for path in (*old_files, *new_files)]
    known = [line["column"] for line in dictionary().get(table, ())]
    return [name for name in (names[0] if names else known) if all(name in others for others in names)]


def _select(files: Sequence[Path], table: str, columns: Sequence[str] = (), others: Sequence[Path] = ()) -> str:
    """Return SQL for the rows of files. Without files it has no rows, and the types of the other files or the table."""
    listed = ", ".join(f"'{quoted(path)}'" for path in files or others)
    source = f"read_parquet([{listed}], union_by_name = true)" if listed else f"({empty_select(table)})"
    names = ", ".join(f'"{column}"' for column in columns) or "*"
    return f"SELECT {names} FROM {source}" + ("" if files else " WHERE false")


def _view(connection: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    """Create a view."""
    connection.execute(f"CREATE VIEW {name} AS {sql}")
