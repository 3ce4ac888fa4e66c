"""Record a run: time its stages, and write the run and its revisions to the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from types import TracebackType

from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode
from pipeline.core.paths import Data
from pipeline.job.ledger import Row, record_revisions, record_run
from pipeline.job.plan import Outcome, Progress
from pipeline.storage.snapshot import read_record


class RunRecorder:
    """Progress that times the stages of a run and writes the run to the ledger at its end.

    A failure to write the ledger must not fail the run. `fault` then has the code of a message and its values.
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
    words = {
        "held": outcome.held_back, "empty": outcome.empty, "invalid": bool(outcome.violations),
        "fewer": bool(outcome.falls),
    }  # fmt: skip
    word = next((w for w, holds in words.items() if holds), "published" if outcome.changed else "unchanged")
    columns: Row = {"outcome": word, "exit_code": int(outcome.exit_code), "previous": outcome.previous}
    return columns | ({"snapshot": outcome.record.id} | dict(outcome.record.summary) if outcome.record else {})


def now() -> datetime:
    """Return the time in UTC, in milliseconds like the ledger's columns."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
