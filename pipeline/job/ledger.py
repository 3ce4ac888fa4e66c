"""The ledger: the history of the data folder, in Parquet next to the snapshots.

Snapshots depend on `data/raw` only, not on time. Times are in the ledger only. `ledger/runs.parquet` has one row per
run. `ledger/revisions.parquet` has one row per cell that a changed report prints differently than before.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.files import write_atomically
from pipeline.core.paths import SQL, Data
from pipeline.storage.working import working_database

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Row = dict[str, Any]
# A run without anything to do must not wait for pyarrow: it appends a line here. The next run that publishes moves the
# lines to the Parquet file.
PENDING = "runs.jsonl"
RUNS = {
    "started": "time", "seconds": "double", "outcome": "string", "exit_code": "int32", "snapshot": "string",
    "previous": "string", "read": "int64", "kept": "int64", "loaded": "int64", "simulated": "int64",
    "quarantined": "int64", "errors": "int64", "warnings": "int64", "stages": "stages", "error": "string",
}  # fmt: skip
REVISIONS = {
    "recorded_at": "time", "snapshot": "string", "previous": "string", "report_id": "string", "change": "string",
    "old_sha256": "string", "new_sha256": "string", "cell": "string", "old_text": "string", "new_text": "string",
    "old_value": "decimal", "new_value": "decimal",
}  # fmt: skip
# Column names of earlier versions, whose files are still read.
OLD_NAMES = {
    "at": "recorded_at", "was_sha256": "old_sha256", "now_sha256": "new_sha256", "was": "old_text", "now": "new_text",
    "was_value": "old_value", "now_value": "new_value",
}  # fmt: skip


def read_runs(data: Data) -> list[Row]:
    """Return the runs, the oldest first. Raises OSError for a damaged file."""
    return [*_read(data.ledger / "runs.parquet"), *_pending_runs(data)]


def read_revisions(data: Data, report_id: str | None = None) -> list[Row]:
    """Return the changes of reports, or of one report, the oldest first. Raises OSError for a damaged file."""
    rows = _read(data.ledger / "revisions.parquet")
    return [row for row in rows if report_id is None or row["report_id"] == report_id]


def record_run(data: Data, started: datetime, run: Mapping[str, Any]) -> None:
    """Add a run to the ledger. Raises OSError."""
    row: Row = dict.fromkeys(RUNS) | {"started": started} | dict(run)
    row["stages"] = list((row["stages"] or {}).items())
    if row["outcome"] in ("unchanged", "held"):
        data.ledger.mkdir(parents=True, exist_ok=True)
        with (data.ledger / PENDING).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row | {"started": started.isoformat()}, ensure_ascii=False) + "\n")
        return
    _append(data.ledger / "runs.parquet", RUNS, [*_pending_runs(data), row])
    (data.ledger / PENDING).unlink(missing_ok=True)


def record_revisions(data: Data, recorded_at: datetime, previous: str, current: str) -> None:
    """Append the differences between the reports of two snapshots on disk. Raises OSError."""
    rows = _differences(data.versions / previous, data.versions / current)
    head = {"recorded_at": recorded_at, "snapshot": current, "previous": previous}
    if rows:
        _append(data.ledger / "revisions.parquet", REVISIONS, [head | row for row in rows])


def _pending_runs(data: Data) -> list[Row]:
    """Return the runs since the last one that published. Skip an incomplete line, which a killed run leaves."""
    path = data.ledger / PENDING
    rows = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else ():
        try:
            row = json.loads(line)
            stages = [(name, seconds) for name, seconds in row["stages"]]
            rows.append(row | {"started": datetime.fromisoformat(row["started"]), "stages": stages})
        except (ValueError, KeyError, TypeError):
            continue
    return rows


def _differences(before: Path, after: Path) -> list[Row]:
    """Return the rows of `sql/job/revisions.sql` for two snapshot folders."""
    import duckdb

    try:
        with working_database() as connection:
            for table in ("reports", "cells", "kind_reports", "kind_cells"):
                _view_unshared_files(connection, f"before_{table}", table, before, after)
                _view_unshared_files(connection, f"after_{table}", table, after, before)
            result = connection.execute((SQL / "job" / "revisions.sql").read_text(encoding="utf-8"))
            names = [column[0] for column in result.description or ()]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    except duckdb.Error as fault:  # a kept snapshot may be damaged
        raise OSError(str(fault)) from fault


def _view_unshared_files(
    connection: duckdb.DuckDBPyConnection, view: str, table: str, folder: Path, other: Path
) -> None:
    """Create a view on the files of a table that the other snapshot does not share. Shared files have equal names."""
    from pipeline.storage.schema import empty_select

    shared = {path.name for path in (other / table).glob("*.parquet")}
    files = [str(path) for path in sorted((folder / table).glob("*.parquet")) if path.name not in shared]
    relation = connection.read_parquet(files) if files else connection.sql(empty_select(table))
    relation.create_view(view)


def _read(path: Path) -> list[Row]:
    rows: list[Row] = _read_table(path).to_pylist() if path.is_file() else []
    return rows


def _read_table(path: Path) -> pa.Table:
    """Return a file of the ledger with current column names. Raises OSError for a damaged file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (pa.ArrowException, ValueError) as fault:
        raise OSError(f"{path}: {fault}") from fault
    return table.rename_columns([OLD_NAMES.get(name, name) for name in table.column_names])


def _schema(columns: Mapping[str, str]) -> pa.Schema:
    import pyarrow as pa

    types = {
        "time": pa.timestamp("ms", tz="UTC"), "double": pa.float64(), "string": pa.string(), "int32": pa.int32(),
        "int64": pa.int64(), "stages": pa.map_(pa.string(), pa.float64()), "decimal": pa.decimal128(18, 6),
    }  # fmt: skip
    return pa.schema([(name, types[kind]) for name, kind in columns.items()])


def _append(path: Path, columns: Mapping[str, str], rows: Sequence[Row]) -> None:
    """Replace a file of the ledger by one with more rows. Raises OSError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema(columns)
    tables = [_read_table(path).select(schema.names).cast(schema)] if path.is_file() else []
    tables.append(pa.Table.from_pylist(list(rows), schema))
    content = io.BytesIO()
    pq.write_table(pa.concat_tables(tables), content, compression="zstd")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, content.getvalue())
