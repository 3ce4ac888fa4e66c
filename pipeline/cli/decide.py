"""`ogi decide`: list proposals, findings and decisions, or record a decision on a cell or finding.

The next run applies it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click
import duckdb

from pipeline.cli.decide_finding import FindingRequest, Place, answer_findings, list_findings
from pipeline.cli.options import (
    common_options,
    current_language,
    data_option,
    decisions_option,
    existing_data,
    help_text,
)
from pipeline.cli.terminal import echo
from pipeline.core.decisions import ANSWERS, Decision, copy_decisions, read_decisions, update_decisions
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.core.problems import proposal_sentence
from pipeline.core.sentences import label, number
from pipeline.core.text import fits
from pipeline.job.plan import decisions_file
from pipeline.storage.database import Row, ask, connect
from pipeline.storage.snapshot import published


@dataclass(frozen=True)
class Request:
    """A decision that the user asks for: `value` is the new number for the operation `correct`."""

    report: str
    cell: str
    operation: str
    value: str | None
    reason: str
    evidence: str
    decided_by: str


@click.command(help=help_text("decide"))
@click.argument("report", required=False)
@click.argument("cell", required=False)
@data_option
@decisions_option
@click.option("--finding", "findings", multiple=True, help=help_text("finding"))
@click.option("--confirm", "operation", flag_value="confirm", help=help_text("confirm"))
@click.option("--return", "operation", flag_value="return", help=help_text("return"))
@click.option("--accept", "operation", flag_value="accept", help=help_text("accept"))
@click.option("--reject", "operation", flag_value="reject", help=help_text("reject"))
@click.option("--revert", "operation", flag_value="revert", help=help_text("revert"))
@click.option("--now", "value", help=help_text("now"))
@click.option("--reason", default="", help=help_text("reason"))
@click.option("--evidence", default="", help=help_text("evidence"))
@click.option("--who", "--by", "decided_by", default="", help=help_text("who"))
@common_options
def command(
    report: str | None, cell: str | None, root: Path, decisions: Path | None, findings: tuple[str, ...],
    operation: str | None, value: str | None, reason: str, evidence: str, decided_by: str,
) -> int:  # fmt: skip
    """List proposals, findings and decisions, or record one decision."""
    data, lang = existing_data(root), current_language()
    if published(data) is None:
        echo(say("status.none", lang), err=True)
        return ExitCode.NOTHING
    source, target = decisions or decisions_file(data), decisions or data.decisions
    earlier_decisions = read_decisions(source) if source.is_file() else ()
    with connect(data) as connection:
        if report and findings and cell is None:
            answer = FindingRequest(report, findings, operation or "", reason, evidence, decided_by)
            return _update((source, target), earlier_decisions, *answer_findings(connection, answer, lang), lang)
        if findings:
            raise click.UsageError(say("decide.needed_finding", lang))
        if report is None or cell is None:
            return _list(connection, report, earlier_decisions, target, lang)
        operation = operation or ("correct" if value else "")
        if operation in ("", *ANSWERS) or (operation != "revert" and not (reason and evidence and decided_by)):
            raise click.UsageError(say("decide.needed", lang))
        request = Request(report, cell, operation, value, reason, evidence, decided_by)
        made, places = _decisions(connection, request, lang)
    return _update((source, target), earlier_decisions, made, places, lang)


def _list(
    connection: duckdb.DuckDBPyConnection, report: str | None, decisions: Sequence[Decision], path: Path, lang: str
) -> int:
    """Print the open proposals and the findings of a report or of all, then the recorded decisions."""
    _list_proposals(connection, report, lang)
    list_findings(connection, report, lang)
    echo(say("decide.known", lang, count=len(decisions), path=path))
    for d in decisions:
        value = say(f"decide.{d.operation}", lang, now=number(d.decided_value))
        printed = d.printed_text or say("proposal.blank", lang)
        echo(f"  {d.body_id} {d.year} {d.cell}：{printed}，{value}（{d.decided_by}：{d.reason}）")
    return ExitCode.OK


def _list_proposals(connection: duckdb.DuckDBPyConnection, report: str | None, lang: str) -> None:
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in ask(connection, "decide_proposals", {"report": report}):
        if row["status"] == "open":
            groups.setdefault((row["report_id"], row["anchor"]), []).append(row)
    echo(say("decide.open", lang, count=len(groups)))
    for (report_id, anchor), group in groups.items():
        echo(f"  {group[0]['body']} {group[0]['year']}：{proposal_sentence(group, group[0]['form'], lang)}")
        if group[0]["implied"] is not None:
            echo(f"    ogi decide {report_id} {anchor} --accept --reason … --evidence … --who …")


def _decisions(connection: duckdb.DuckDBPyConnection, request: Request, lang: str) -> tuple[list[Decision], set[Place]]:
    """Return the decisions that a request makes, and the places whose old decisions they replace."""
    reports = ask(connection, "decide_cell", {"report": request.report, "cell": request.cell})
    if not reports:
        raise click.UsageError(say("decide.report", lang, report=request.report))
    body_id, year, form, printed = (reports[0][name] for name in ("body_id", "year", "form", "raw"))
    proposals = ask(connection, "decide_proposals", {"report": request.report})
    proposals = [p for p in proposals if p["implied"] is not None]
    if request.operation == "revert":
        cells = _cells_wrong_together(proposals, request.cell) or [request.cell]
        return [], {(body_id, year, cell) for cell in cells}
    words = (request.reason, request.evidence, request.decided_by, request.operation)
    values = _decided_values(proposals, request, printed, lang)
    made = [Decision(body_id, year, cell, text, value, *words) for cell, text, value in values]
    for decision in made:
        value = number(decision.decided_value)
        echo(say("decide.made", lang, label=label(decision.cell, form, lang), now=value))
    return made, {decision.place for decision in made}


def _cells_wrong_together(proposals: Sequence[Row], cell: str) -> list[str]:
    anchors = {p["anchor"] for p in proposals if p["cell"] == cell}
    return [p["cell"] for p in proposals if p["anchor"] in anchors]


def _decided_values(
    proposals: Sequence[Row], request: Request, printed: str | None, lang: str
) -> list[tuple[str, str, Decimal | None]]:
    """Return the cell, its printed text and its new value for each decision to write."""
    if request.operation == "accept":
        cells = _cells_wrong_together(proposals, request.cell)
        if not cells:
            raise click.UsageError(say("decide.nothing", lang, cell=request.cell))
        return [(p["cell"], p["printed_text"], p["implied"]) for p in proposals if p["cell"] in cells]
    if printed is None:
        raise click.UsageError(say("decide.cell", lang, cell=request.cell))
    value = _parse_value(request.value or "", lang) if request.operation == "correct" else None
    return [(request.cell, printed, value)]


def _parse_value(text: str, lang: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise click.UsageError(say("decide.number", lang, now=text)) from error
    if not fits(value):
        raise click.UsageError(say("decide.number", lang, now=text))
    return value


def _update(
    files: tuple[Path, Path], decisions: Sequence[Decision], made: Sequence[Decision], places: set[Place], lang: str
) -> int:
    """Replace the decisions on these places by the new ones. `files` are the one that was read and the one to write."""
    source, path = files
    if not made and places.isdisjoint(decision.place for decision in decisions):
        echo(say("decide.none", lang), err=True)
        return ExitCode.USAGE
    try:
        if decisions and not path.is_file():
            copy_decisions(source, path)
        update_decisions(path, made, places)
    except OSError as error:
        echo(say("decide.disk", lang, path=path, error=error), err=True)
        return ExitCode.NOTHING
    echo(say("decide.written" if made else "decide.reverted", lang, path=path))
    return ExitCode.OK
