"""`ogi run`: all stages. Progress on a terminal, one line of JSON per stage elsewhere; then the outcome in words."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import (
    common_options,
    current_language,
    data_option,
    decisions_option,
    existing_data,
    help_text,
)
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode, ProjectFault
from pipeline.core.paths import Data
from pipeline.job.plan import Outcome, RunOptions
from pipeline.job.run import run
from pipeline.storage.snapshot import DEFAULT_KEPT

if TYPE_CHECKING:
    from pipeline.validate.worker import Violation

MAX_PROBLEMS_SHOWN = 10


@click.command(help=help_text("run"))
@data_option
@decisions_option
@click.option("--quiet", is_flag=True, help=help_text("quiet"))
@click.option("--wait", type=click.FloatRange(min=0), default=0, show_default=True, help=help_text("wait"))
@click.option("--keep", type=click.IntRange(min=1), default=DEFAULT_KEPT, show_default=True, help=help_text("keep"))
@click.option("--workers", type=click.IntRange(min=0), default=0, envvar="OGI_WORKERS", help=help_text("workers"))
@click.option("--accept-fewer", is_flag=True, help=help_text("accept_fewer"))
@click.option("--scheduler", envvar="OGI_SCHEDULER", help=help_text("scheduler"))
@common_options
def command(
    root: Path, decisions: Path | None, quiet: bool, wait: float, keep: int, workers: int, accept_fewer: bool,
    scheduler: str | None,
) -> int:  # fmt: skip
    """Read, check, roll up, validate and publish all reports."""
    options = RunOptions(decisions, keep, workers, scheduler, wait, current_language(), accept_fewer)
    return run_and_report(existing_data(root), options, quiet=quiet)


class Terminal:
    """Stages as sentences, and a bar for the reports that are read."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    @contextmanager
    def stage(self, name: str, **values: object) -> Iterator[None]:
        """Announce a stage."""
        echo(say(f"run.stage.{name}", self.lang, **values), err=True)
        yield

    @contextmanager
    def reading(self, count: int) -> Iterator[Callable[[int], None]]:
        """Show a bar."""
        with click.progressbar(length=count, label=say("progress.extract", self.lang), file=sys.stderr) as bar:
            yield bar.update


class Log:
    """One line of JSON on standard error for each stage that has ended."""

    @contextmanager
    def stage(self, name: str, **values: object) -> Iterator[None]:
        """Time a stage and log it."""
        started = time.monotonic()
        yield
        log(stage=name, **values, seconds=round(time.monotonic() - started, 3))

    @contextmanager
    def reading(self, _count: int) -> Iterator[Callable[[int], None]]:
        """Do nothing: the stage has the count."""
        yield lambda _done: None


def log(**values: object) -> None:
    """Write one line of JSON to standard error."""
    echo(json.dumps(values, ensure_ascii=False, default=str), err=True)


def run_and_report(data: Data, options: RunOptions, *, quiet: bool) -> int:
    """Run the job and print its outcome; return the exit code."""
    lang, started = options.lang, time.monotonic()
    progress = Log() if quiet or not sys.stderr.isatty() else Terminal(lang)
    outcome = None
    try:
        outcome = run(data, options, progress)
        _report(outcome, data, lang)
    except ProjectFault as fault:
        echo(say("run.project", lang, error=fault), err=True)
    except DataFault as fault:
        echo(say(fault.code, lang, **fault.values), err=True)
        if fault.code == "run.locked":  # the other run writes the log
            return ExitCode.NOTHING
    except OSError as fault:
        echo(say("run.disk", lang, error=fault), err=True)
    exit_code = outcome.exit_code if outcome else ExitCode.NOTHING
    if isinstance(progress, Log):
        seconds = round(time.monotonic() - started, 3)
        summary = outcome.record.summary if outcome and outcome.record else {}
        log(stage="end", changed=bool(outcome and outcome.changed), exit_code=exit_code, seconds=seconds, **summary)
    return exit_code


def _report(outcome: Outcome, data: Data, lang: str) -> None:
    for code, values in outcome.warnings:
        echo(say(code, lang, **values), err=True)
    if outcome.empty:
        echo(say("run.empty", lang), err=True)
    elif outcome.falls:
        for fall in outcome.falls:
            year = fall.year or say("run.all_years", lang)
            echo(say("run.fewer", lang, year=year, before=fall.before, after=fall.after), err=True)
        echo(say("run.accept_fewer", lang), err=True)
    elif outcome.violations:
        echo(say("run.invalid", lang, docs=data.data_docs / "index.html"), err=True)
        for violation in outcome.violations:
            _report_violation(violation, lang)
    elif outcome.record:
        _report_snapshot(outcome, data, lang)


def _report_snapshot(outcome: Outcome, data: Data, lang: str) -> None:
    record = outcome.record
    assert record
    if not outcome.changed:
        echo(say("run.held" if outcome.held_back else "run.nothing", lang, snapshot=record.id))
    echo(say("run.published" if outcome.changed else "run.state", lang, snapshot=record.id, **record.summary))
    if outcome.changed and any(record.summary[kind] for kind in ("quarantined", "errors", "warnings")):
        # A run that has nothing to do must not wait for DuckDB.
        from pipeline.cli.status import show_problems

        show_problems(data, lang, MAX_PROBLEMS_SHOWN)
    if outcome.changed and len(record.years) > 1:
        echo(say("run.jumps", lang))


def _report_violation(violation: Violation, lang: str) -> None:
    names = {name: getattr(violation, name) for name in ("table", "expectation", "column", "count")}
    details = " ".join(filter(None, (violation.why.get(lang), violation.error)))
    echo(f"  {say('run.invalid_table', lang, **names)} {details}".rstrip(), err=True)
    for row in violation.rows:
        echo("    " + json.dumps(row, ensure_ascii=False, default=str), err=True)
