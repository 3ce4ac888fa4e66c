"""The ledger: what each run did and what changed in the reports, in Parquet next to the snapshots.

A snapshot is a function of `data/raw` and does not depend on time; the ledger is the only place that does.
`ledger/runs.parquet` has a row per run, `ledger/revisions.parquet` a row per cell that a changed report prints
differently than before.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pipeline.core.files import write_atomically
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode
from pipeline.core.paths import SQL, Data
from pipeline.job.plan import Outcome, Progress
from pipeline.storage.snapshot import read_record

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Row = dict[str, Any]
# A run that has nothing to do must not wait for pyarrow: it appends a line here, and the next run that publishes moves
# the lines to the Parquet file.
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
# Names of earlier versions, in files that are still read.
OLD_NAMES = {
    "at": "recorded_at", "was_sha256": "old_sha256", "now_sha256": "new_sha256", "was": "old_text", "now": "new_text",
    "was_value": "old_value", "now_value": "new_value",
}  # fmt: skip


class RunRecorder:
    """Progress that times the stages of a run, and writes the run to the ledger when it ends.

    A fault of the ledger must not undo a run that succeeded: it is kept in `fault`, as the code of a message and its
    values.
    """

    def __init__(self, data: Data, progress: Progress, lang: str) -> None:
        self._data, self._progress, self._lang = data, progress, lang
        self._started, self._clock = now(), time.monotonic()
        self._stages: dict[str, float] = {}
        self._counts: dict[str, object] = {}
        self.outcome: Outcome | None = None
        self.fault: tuple[str, Mapping[str, object]] | None = None

    def __enter__(self) -> RunRecorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, Exception):
            self._record(error)

    @contextmanager
    def stage(self, name: str, **values: object) -> Iterator[None]:
        """Time a stage and pass it on."""
        started = time.monotonic()
        with self._progress.stage(name, **values):
            yield
        self._stages[name] = round(time.monotonic() - started, 3)
        self._counts |= values

    def reading(self, count: int) -> AbstractContextManager[Callable[[int], None]]:
        """Pass the reading on."""
        return self._progress.reading(count)

    def _record(self, error: Exception | None) -> None:
        row = _outcome_columns(self.outcome) | {
            "seconds": round(time.monotonic() - self._clock, 3), "stages": self._stages,
            "read": self._counts.get("count"), "kept": self._counts.get("kept"),
            "error": error and error_message(error, self._lang),
        }  # fmt: skip
        outcome, previous = self.outcome, row["previous"]
        try:
            if outcome and outcome.changed and outcome.record and previous and _is_kept(self._data, previous):
                record_revisions(self._data, self._started, previous, outcome.record.id)
            record_run(self._data, self._started, row)
        except OSError as fault:
            self.fault = "run.ledger", {"error": str(fault).splitlines()[0]}


def error_message(error: Exception, lang: str) -> str:
    """Return the sentence about an error that ended a run."""
    if isinstance(error, DataFault):
        return say(error.code, lang, **error.values)
    first_line = (str(error) or type(error).__name__).splitlines()[0]
    return say("run.disk" if isinstance(error, OSError) else "run.project", lang, error=first_line)


def _is_kept(data: Data, snapshot_id: str) -> bool:
    return read_record(data.versions / snapshot_id) is not None


def _outcome_columns(outcome: Outcome | None) -> Row:
    if outcome is None:
        return {"outcome": "failed", "exit_code": int(ExitCode.NOTHING), "previous": None}
    words = {"held": outcome.held_back, "empty": outcome.empty, "invalid": bool(outcome.violations)}
    word = next((w for w, holds in words.items() if holds), "published" if outcome.changed else "unchanged")
    columns: Row = {"outcome": word, "exit_code": int(outcome.exit_code), "previous": outcome.previous}
    return columns | ({"snapshot": outcome.record.id} | dict(outcome.record.summary) if outcome.record else {})


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
    """Append what changed between two snapshots on disk. Raises OSError."""
    rows = _differences(data.versions / previous, data.versions / current)
    head = {"recorded_at": recorded_at, "snapshot": current, "previous": previous}
    if rows:
        _append(data.ledger / "revisions.parquet", REVISIONS, [head | row for row in rows])


def now() -> datetime:
    """Return the time, in UTC, to the millisecond that the ledger keeps."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _pending_runs(data: Data) -> list[Row]:
    """Return the runs since the last one that published. A line that a kill cut short is skipped."""
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
        with duckdb.connect() as connection:
            for table in ("reports", "cells"):
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
    """Create a view on the files of a table that the other snapshot does not share: few, because names are hashes."""
    from pipeline.storage.schema import empty_select

    shared = {path.name for path in (other / table).glob("*.parquet")}
    files = [str(path) for path in sorted((folder / table).glob("*.parquet")) if path.name not in shared]
    relation = connection.read_parquet(files) if files else connection.sql(empty_select(table))
    relation.create_view(view)


def _read(path: Path) -> list[Row]:
    rows: list[Row] = _read_table(path).to_pylist() if path.is_file() else []
    return rows


def _read_table(path: Path) -> pa.Table:
    """Return a file of the ledger with the column names of today. Raises OSError for one that is damaged."""
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
