"""`ogi run`: progress on a terminal, one line of JSON a stage elsewhere, and what came of it in the clerk's words."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click
from filelock import FileLock, Timeout

from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode, ProjectFault
from pipeline.core.paths import Data
from pipeline.job.ledger import now, record_revisions, record_run
from pipeline.job.run import Outcome, Setting, run
from pipeline.storage.snapshot import Record, published, whole

if TYPE_CHECKING:
    from pipeline.validate.worker import Violation

SHOWN = 10


class Terminal:
    """Stages as sentences, reports as a bar."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    @contextmanager
    def stage(self, name: str, **values: object) -> Iterator[None]:
        """Say what begins."""
        echo(say(f"run.stage.{name}", self.lang, **values), err=True)
        yield

    @contextmanager
    def reading(self, count: int) -> Iterator[Callable[[int], None]]:
        """A bar over the reports."""
        with click.progressbar(length=count, label=say("progress.extract", self.lang), file=sys.stderr) as bar:
            yield bar.update


class Log:
    """One line of JSON on standard error for every stage, when it has ended."""

    @contextmanager
    def stage(self, name: str, **values: object) -> Iterator[None]:
        """Time the stage and log it."""
        begun = time.monotonic()
        yield
        log(stage=name, **values, seconds=round(time.monotonic() - begun, 3))

    @contextmanager
    def reading(self, _count: int) -> Iterator[Callable[[int], None]]:
        """The stage says how many there are."""
        yield lambda _done: None


def log(**values: object) -> None:
    """One line of JSON for a machine."""
    echo(json.dumps(values, ensure_ascii=False, default=str), err=True)


class Timed:
    """Passes on what it is told, and keeps how long each stage took and how many reports were read."""

    def __init__(self, shown: Terminal | Log) -> None:
        self.shown = shown
        self.stages: dict[str, float] = {}
        self.counts: dict[str, object] = {}

    @contextmanager
    def stage(self, name: str, **values: object) -> Iterator[None]:
        """Time the stage."""
        begun = time.monotonic()
        with self.shown.stage(name, **values):
            yield
        self.stages[name] = round(time.monotonic() - begun, 3)
        self.counts |= values

    def reading(self, count: int) -> AbstractContextManager[Callable[[int], None]]:
        """The reading, shown."""
        return self.shown.reading(count)


def run_job(data: Data, lang: str, setting: Setting, *, quiet: bool, wait: float = 0) -> int:
    """Run under the lock, report and keep a record; returns the exit code."""
    progress = Timed(Log() if quiet or not sys.stderr.isatty() else Terminal(lang))
    started, begun, before = now(), time.monotonic(), published(data)
    outcome, error = _guarded(data, progress, setting, lang, wait)
    if outcome is None and error == say("run.locked", lang):
        return ExitCode.NOTHING  # the run that holds the lock writes the ledger
    seconds = round(time.monotonic() - begun, 3)
    row = _row(outcome, progress) | {"seconds": seconds, "previous": before.id if before else None, "error": error}
    _keep_record(data, started, row, outcome, before, lang)
    if isinstance(progress.shown, Log):
        summary = outcome.record.summary if outcome and outcome.record else {}
        changed = bool(outcome and outcome.changed)
        log(stage="end", changed=changed, exit_code=row["exit_code"], seconds=seconds, **summary)
    return int(row["exit_code"])


def _guarded(
    data: Data, progress: Timed, setting: Setting, lang: str, wait: float
) -> tuple[Outcome | None, str | None]:
    """The outcome, told; or why there is none."""
    try:
        with FileLock(data.lock, timeout=wait):
            outcome = run(data, progress, setting)
            _tell(outcome, data, lang)
            return outcome, None
    except Timeout:
        error = say("run.locked", lang)
    except ProjectFault as fault:
        error = say("run.project", lang, error=fault)
    except DataFault as fault:
        error = say(fault.code, lang, **fault.values)
    except OSError as fault:
        error = say("run.disk", lang, error=str(fault).splitlines()[0])
    _refuse(error)
    return None, error


def _row(outcome: Outcome | None, progress: Timed) -> dict[str, Any]:
    """A run as the ledger has it."""
    row: dict[str, Any] = {"outcome": "failed", "exit_code": ExitCode.NOTHING, "stages": progress.stages}
    row |= {"read": progress.counts.get("count"), "kept": progress.counts.get("kept")}
    if outcome is None:
        return row
    names = {"held": outcome.held, "empty": outcome.empty, "invalid": bool(outcome.violations)}
    word = next((n for n, so in names.items() if so), "published" if outcome.changed else "unchanged")
    row |= {"outcome": word, "exit_code": outcome.exit_code}
    if outcome.record:
        row |= {"snapshot": outcome.record.id} | dict(outcome.record.summary)
    return row


def _keep_record(
    data: Data, started: datetime, row: dict[str, Any], outcome: Outcome | None, before: Record | None, lang: str
) -> None:
    """Write the ledger. That it cannot be written must not undo a run that went well."""
    try:
        if outcome and outcome.changed and outcome.record and before and whole(data.versions / before.id):
            record_revisions(data, started, before.id, outcome.record.id)
        record_run(data, started, row)
    except OSError as fault:
        echo(say("run.ledger", lang, error=str(fault).splitlines()[0]), err=True)


def _refuse(message: str) -> int:
    echo(message, err=True)
    return ExitCode.NOTHING


def _tell(outcome: Outcome, data: Data, lang: str) -> None:
    if outcome.empty:
        echo(say("run.empty", lang), err=True)
    elif outcome.violations:
        echo(say("run.invalid", lang, docs=data.data_docs / "index.html"), err=True)
        for violation in outcome.violations:
            _tell_violation(violation, lang)
    elif outcome.record:
        code = "run.published" if outcome.changed else "run.state"
        if outcome.held:
            echo(say("run.held", lang, snapshot=outcome.record.id))
        elif not outcome.changed:
            echo(say("run.nothing", lang, snapshot=outcome.record.id))
        echo(say(code, lang, snapshot=outcome.record.id, **outcome.record.summary))
        if outcome.changed and any(outcome.record.summary[k] for k in ("quarantined", "errors", "warnings")):
            from pipeline.cli.status import show_problems

            show_problems(data, outcome.record, lang, SHOWN)


def _tell_violation(violation: Violation, lang: str) -> None:
    text = say(
        "run.invalid_table", lang, table=violation.table, expectation=violation.expectation, column=violation.column,
        count=violation.count,
    )  # fmt: skip
    echo(f"  {text} {violation.error}".rstrip(), err=True)
    for row in violation.rows:
        echo("    " + json.dumps(row, ensure_ascii=False, default=str), err=True)
