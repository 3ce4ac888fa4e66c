"""`ogi history`: the runs, the snapshots on disk, and what changed in the reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.job.ledger import read_revisions, read_runs
from pipeline.storage.snapshot import kept, published

MAX_LINES = 20
TIME = "%Y-%m-%d %H:%M:%S"


@click.command(help=help_text("history"))
@click.argument("report", required=False)
@data_option
@common_options
def command(report: str | None, root: Path) -> int:
    """Print the latest runs and changes of reports, or all changes of one report."""
    data, lang = existing_data(root), current_language()
    try:
        revisions, runs = read_revisions(data, report), read_runs(data)
    except OSError as fault:
        code = "history.unreadable" if isinstance(fault, PermissionError) else "history.damaged"
        echo(say(code, lang, error=fault), err=True)
        return ExitCode.NOTHING
    if report is None:
        _print_runs(runs, lang)
        _print_snapshots(data, lang)
    echo(say("history.revisions", lang, count=len({(r["recorded_at"], r["report_id"]) for r in revisions})))
    for revision in revisions if report else revisions[-MAX_LINES:]:
        echo("  " + _revision_sentence(revision, lang))
    return ExitCode.OK


def _print_runs(runs: list[dict[str, Any]], lang: str) -> None:
    echo(say("history.runs", lang, total=len(runs), shown=min(MAX_LINES, len(runs))))
    for run in runs[-MAX_LINES:]:
        counts = {n: "—" if run[n] is None else run[n] for n in ("read", "quarantined", "errors", "warnings")}
        values = {
            "at": run["started"].astimezone().strftime(TIME),
            "outcome": say(f"history.outcome.{run['outcome']}", lang),
            "exit_code": run["exit_code"],
            "snapshot": run["snapshot"] or "—",
            "seconds": round(run["seconds"], 1),
        }
        echo("  " + say("history.run", lang, **values, **counts))


def _print_snapshots(data: Data, lang: str) -> None:
    current = published(data)
    for record in kept(data):
        code = "history.current" if current and record.id == current.id else "history.kept"
        echo("  " + say(code, lang, snapshot=record.id, reports=record.summary["loaded"]))


def _revision_sentence(row: dict[str, Any], lang: str) -> str:
    at = row["recorded_at"].astimezone().strftime(TIME)
    if row["cell"] is None:
        return say(f"history.{row['change']}", lang, at=at, report=row["report_id"])
    blank = say("proposal.blank", lang)
    texts = {"was": row["old_text"] or blank, "now": row["new_text"] or blank}
    return say("history.cell", lang, at=at, report=row["report_id"], cell=row["cell"], **texts)
