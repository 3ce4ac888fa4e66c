"""`ogi history` and `ogi rollback`: what the runs did, what changed in the reports, and an earlier snapshot again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.job.ledger import revisions, runs
from pipeline.job.run import roll_back
from pipeline.storage.snapshot import kept, published

SHOWN = 20


def show_history(data: Data, report: str | None, lang: str) -> int:
    """Print the last runs and the changes of reports, or all changes of one report."""
    try:
        found, ran = revisions(data, report), runs(data)
    except OSError as fault:
        echo(say("history.damaged", lang, error=str(fault).splitlines()[0]), err=True)
        return ExitCode.NOTHING
    if report is None:
        _show_runs(ran, lang)
        _show_snapshots(data, lang)
    echo(say("history.revisions", lang, count=len({(r["recorded_at"], r["report_id"]) for r in found})))
    for row in found if report else found[-SHOWN:]:
        echo("  " + _revision(row, lang))
    return ExitCode.OK


def _show_runs(found: list[dict[str, Any]], lang: str) -> None:
    echo(say("history.runs", lang, total=len(found), shown=min(SHOWN, len(found))))
    for run in found[-SHOWN:]:
        counts = {n: "—" if run[n] is None else run[n] for n in ("read", "quarantined", "errors", "warnings")}
        echo(
            "  " + say(
                "history.run", lang, at=run["started"].astimezone().strftime("%Y-%m-%d %H:%M:%S"),
                outcome=say(f"history.outcome.{run['outcome']}", lang), exit_code=run["exit_code"],
                snapshot=run["snapshot"] or "—", seconds=round(run["seconds"], 1), **counts,
            )
        )  # fmt: skip


def _show_snapshots(data: Data, lang: str) -> None:
    current = published(data)
    for record in kept(data):
        code = "history.current" if current and record.id == current.id else "history.kept"
        echo("  " + say(code, lang, snapshot=record.id, reports=record.summary["loaded"]))


def _revision(row: dict[str, Any], lang: str) -> str:
    at = row["recorded_at"].astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if row["cell"] is None:
        return say(f"history.{row['change']}", lang, at=at, report=row["report_id"])
    blank = say("proposal.blank", lang)
    texts = {"was": row["old_text"] or blank, "now": row["new_text"] or blank}
    return say("history.cell", lang, at=at, report=row["report_id"], cell=row["cell"], **texts)


def show_rollback(data: Data, wanted: str | None, decisions: Path, lang: str) -> int:
    """Publish an earlier snapshot; 2 if it is not kept, 3 if a run is under way."""
    try:
        with FileLock(data.lock, timeout=0):
            record = roll_back(data, wanted, decisions)
    except Timeout:
        echo(say("run.locked", lang), err=True)
        return ExitCode.NOTHING
    except LookupError:
        names = "、".join(r.id for r in kept(data)) or "—"
        echo(say("rollback.none", lang, kept=names), err=True)
        return ExitCode.USAGE
    echo(say("rollback.done", lang, snapshot=record.id))
    return ExitCode.OK
