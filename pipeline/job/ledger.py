"""History: what each run did and what changed in the reports, in Parquet beside the snapshots.

A snapshot is a function of `data/raw` and knows no clock; this is the only place that does. `ledger/runs.parquet` has a
row for each run, `ledger/revisions.parquet` one for each cell that a changed report prints otherwise than before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.paths import Data

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

# A run that has nothing to do must not wait for a library to be loaded: it leaves a line here, and the next one that
# publishes takes the lines up.
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
# Reports whose bytes differ between two snapshots: added, removed, or changed, these with the cells that differ.
DIFFERENCES = """
    WITH
    before AS (SELECT report_id, sha256 FROM before_reports),
    after AS (SELECT report_id, sha256 FROM after_reports),
    touched AS (
        SELECT
            coalesce(b.report_id, a.report_id) AS report_id, b.sha256 AS old_sha256, a.sha256 AS new_sha256,
            CASE
                WHEN b.report_id IS NULL THEN 'added' WHEN a.report_id IS NULL THEN 'removed' ELSE 'changed'
            END AS change
        FROM before AS b FULL JOIN after AS a ON a.report_id = b.report_id
        WHERE b.sha256 IS DISTINCT FROM a.sha256
    ),
    old AS (
        SELECT report_id, concat("table", '/', "row", '/', "column") AS cell, raw, value
        FROM before_cells WHERE report_id IN (SELECT report_id FROM touched WHERE change = 'changed')
    ),
    new AS (
        SELECT report_id, concat("table", '/', "row", '/', "column") AS cell, raw, value
        FROM after_cells WHERE report_id IN (SELECT report_id FROM touched WHERE change = 'changed')
    ),
    cells AS (
        SELECT
            coalesce(o.report_id, n.report_id) AS report_id, coalesce(o.cell, n.cell) AS cell,
            o.raw AS old_text, n.raw AS new_text, o.value AS old_value, n.value AS new_value
        FROM old AS o FULL JOIN new AS n ON n.report_id = o.report_id AND n.cell = o.cell
        WHERE o.raw IS DISTINCT FROM n.raw OR o.value IS DISTINCT FROM n.value
    )
    SELECT t.report_id, t.change, t.old_sha256, t.new_sha256, c.cell, c.old_text, c.new_text, c.old_value, c.new_value
    FROM touched AS t LEFT JOIN cells AS c ON c.report_id = t.report_id
    ORDER BY t.report_id, c.cell"""


def runs(data: Data) -> list[dict[str, Any]]:
    """The rows of the ledger, oldest first."""
    return [*_read(data.ledger / "runs.parquet"), *_pending(data)]


def revisions(data: Data, report: str | None = None) -> list[dict[str, Any]]:
    """What changed in the reports, oldest first; of one report only if it is named."""
    found = _read(data.ledger / "revisions.parquet")
    return [r for r in found if report is None or r["report_id"] == report]


def record_run(data: Data, started: datetime, run: Mapping[str, Any]) -> None:
    """Add a run to the ledger. Raises OSError."""
    row: dict[str, Any] = dict.fromkeys(RUNS) | {"started": started} | dict(run)
    row["stages"] = list((row["stages"] or {}).items())
    if row["outcome"] in ("unchanged", "held"):
        data.ledger.mkdir(parents=True, exist_ok=True)
        with (data.ledger / PENDING).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row | {"started": started.isoformat()}, ensure_ascii=False) + "\n")
        return
    _append(data.ledger / "runs.parquet", RUNS, [*_pending(data), row])
    (data.ledger / PENDING).unlink(missing_ok=True)


def _pending(data: Data) -> list[dict[str, Any]]:
    """The runs that changed nothing since the last that did; a line that a kill cut short is no run."""
    path = data.ledger / PENDING
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else ():
        try:
            row = json.loads(line)
            stages = [(name, seconds) for name, seconds in row["stages"]]
            found.append(row | {"started": datetime.fromisoformat(row["started"]), "stages": stages})
        except (ValueError, KeyError, TypeError):
            continue
    return found


def record_revisions(data: Data, at: datetime, previous: str, current: str) -> int:
    """Append what changed between two kept snapshots; returns how many reports did. Raises OSError."""
    found = _differences(data.versions / previous, data.versions / current)
    head = {"recorded_at": at, "snapshot": current, "previous": previous}
    if found:
        _append(data.ledger / "revisions.parquet", REVISIONS, [head | row for row in found])
    return len({row["report_id"] for row in found})


def now() -> datetime:
    """The time, in UTC, to the millisecond that the ledger keeps."""
    time = datetime.now(UTC)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def _differences(before: Path, after: Path) -> list[dict[str, Any]]:
    import duckdb

    try:
        with duckdb.connect() as connection:
            for table in ("reports", "cells"):
                _see(connection, f"before_{table}", table, before, after)
                _see(connection, f"after_{table}", table, after, before)
            result = connection.execute(DIFFERENCES)
            names = [d[0] for d in result.description or ()]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    except duckdb.Error as fault:  # a kept snapshot may be damaged
        raise OSError(str(fault)) from fault


def _see(connection: duckdb.DuckDBPyConnection, view: str, table: str, folder: Path, other: Path) -> None:
    """A view over the files of a snapshot's table that the other has not: what both have is named by its content, and
    is most of them.
    """
    from pipeline.storage.schema import no_rows

    shared = {path.name for path in (other / table).glob("*.parquet")}
    alone = [str(path) for path in sorted((folder / table).glob("*.parquet")) if path.name not in shared]
    found = connection.read_parquet(alone) if alone else connection.sql(no_rows(table))
    found.create_view(view)


def _read(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _table(path).to_pylist() if path.is_file() else []
    return rows


def _table(path: Path, schema: pa.Schema | None = None) -> pa.Table:
    """A file of the ledger. Raises OSError for one that is damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path, schema=schema)
    except (pa.ArrowException, ValueError) as fault:
        raise OSError(f"{path}: {fault}") from fault


def _schema(columns: Mapping[str, str]) -> pa.Schema:
    import pyarrow as pa

    types = {
        "time": pa.timestamp("ms", tz="UTC"), "double": pa.float64(), "string": pa.string(), "int32": pa.int32(),
        "int64": pa.int64(), "stages": pa.map_(pa.string(), pa.float64()), "decimal": pa.decimal128(18, 6),
    }  # fmt: skip
    return pa.schema([(name, types[kind]) for name, kind in columns.items()])


def _append(path: Path, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> None:
    """The file with more rows, written beside it and put in its place, so that a kill leaves the one or the other."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema(columns)
    new = pa.Table.from_pylist([dict(r) for r in rows], schema)
    old = [_table(path, schema)] if path.is_file() else []
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    pq.write_table(pa.concat_tables([*old, new]), beside, compression="zstd")
    beside.replace(path)
