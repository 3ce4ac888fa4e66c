"""`ogi run`: progress on a terminal, one line of JSON a stage elsewhere, and what came of it in the clerk's words."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from filelock import FileLock, Timeout

from pipeline.manifest import Entry
from pipeline.messages import say
from pipeline.model import ProjectFault
from pipeline.paths import REFERENCE, Data
from pipeline.run import NOTHING, Outcome, run

if TYPE_CHECKING:
    from pipeline.validate import Violation

SHOWN = 10


class Terminal:
    """Stages as sentences, reports as a bar."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    @contextmanager
    def stage(self, name: str, **values: object) -> Iterator[None]:
        """Say what begins."""
        click.echo(say(f"run.stage.{name}", self.lang, **values), err=True)
        yield

    def each(self, reports: Sequence[Entry]) -> Iterable[Entry]:
        """A bar over the reports."""
        with click.progressbar(reports, label=say("progress.extract", self.lang), file=sys.stderr) as bar:
            yield from bar


class Log:
    """One line of JSON on standard error for every stage, when it has ended."""

    @contextmanager
    def stage(self, name: str, **values: object) -> Iterator[None]:
        """Time the stage and log it."""
        begun = time.monotonic()
        yield
        log(stage=name, **values, seconds=round(time.monotonic() - begun, 3))

    def each(self, reports: Sequence[Entry]) -> Iterable[Entry]:
        """The reports as they are."""
        return reports


def log(**values: object) -> None:
    """One line of JSON for a machine."""
    click.echo(json.dumps(values, ensure_ascii=False, default=str), err=True)


def run_job(data: Data, lang: str, *, quiet: bool, decisions: Path = REFERENCE / "decisions.csv") -> int:
    """Run under the lock and report; returns the exit code."""
    progress = Log() if quiet or not sys.stderr.isatty() else Terminal(lang)
    try:
        with FileLock(data.lock, timeout=0):
            outcome = run(data, progress, decisions)
    except Timeout:
        return _refuse(say("run.locked", lang))
    except ProjectFault as fault:
        return _refuse(say("run.project", lang, error=fault))
    except OSError as error:
        return _refuse(say("run.disk", lang, error=error))
    _tell(outcome, data, lang)
    if isinstance(progress, Log):
        summary = outcome.record.summary if outcome.record else {}
        log(stage="end", changed=outcome.changed, exit_code=outcome.exit_code, **summary)
    return outcome.exit_code


def _refuse(message: str) -> int:
    click.echo(message, err=True)
    return NOTHING


def _tell(outcome: Outcome, data: Data, lang: str) -> None:
    if outcome.empty:
        click.echo(say("run.empty", lang), err=True)
    elif outcome.violations:
        click.echo(say("run.invalid", lang, docs=data.data_docs / "index.html"), err=True)
        for violation in outcome.violations:
            _tell_violation(violation, lang)
    elif outcome.record:
        code = "run.published" if outcome.changed else "run.state"
        if not outcome.changed:
            click.echo(say("run.nothing", lang, snapshot=outcome.record.id))
        click.echo(say(code, lang, snapshot=outcome.record.id, **outcome.record.summary))
        if outcome.changed and any(outcome.record.summary[k] for k in ("quarantined", "errors", "warnings")):
            from pipeline.show.state import show_problems

            show_problems(data, lang, SHOWN)


def _tell_violation(violation: Violation, lang: str) -> None:
    text = say(
        "run.invalid_table", lang, table=violation.table, expectation=violation.expectation, column=violation.column,
        count=violation.count,
    )  # fmt: skip
    click.echo(f"  {text} {violation.error}".rstrip(), err=True)
    for row in violation.rows:
        click.echo("    " + json.dumps(row, ensure_ascii=False, default=str), err=True)
