"""`ogi decide`: list proposals, findings and decisions, or record a decision on a cell or finding.

The next run applies it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import duckdb

from pipeline.cli.decide_finding import list_findings
from pipeline.cli.options import (
    common_options,
    current_language,
    data_option,
    decisions_option,
    existing_data,
    help_text,
)
from pipeline.cli.terminal import echo
from pipeline.core.decisions import Decision, read_decisions, without_part
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode
from pipeline.core.problems import proposal_sentence
from pipeline.core.report_names import report_name
from pipeline.core.sentences import finding_title, label, number, separator
from pipeline.job.decide import DecisionChange, DecisionRequest, plan_change, record_change
from pipeline.job.plan import decisions_file
from pipeline.storage.database import Row, ask, connect
from pipeline.storage.snapshot import published

MAX_SUSPECTS = 12


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
    names = cell or ""
    if findings and names:
        raise click.UsageError(say("decide.needed_finding", lang))
    with connect(data) as connection:
        if report is None or not (names or findings):
            earlier = read_decisions(source) if source.is_file() else ()
            return _list(connection, report, earlier, target, lang)
        operation = operation or ("correct" if value else "")
        words = (value or "", reason, evidence, decided_by)
        request = DecisionRequest(report, operation, names, findings, *words)
        try:
            change = plan_change(connection, request)
        except DataFault as fault:
            raise click.UsageError(say(fault.code, lang, **fault.values)) from fault
    return _record(target, source, change, lang)


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
        echo(f"  {report_name(group[0], lang)}：{proposal_sentence(group, group[0]['form'], lang)}")
        if group[0]["implied"] is not None:
            echo(f"    ogi decide {report_id} {anchor} --accept --reason … --evidence … --who …")
        elif suspects := group[0]["suspects"]:
            _print_suspects(report_id, suspects, group[0]["form"], lang)


def _print_suspects(report_id: str, suspects: Sequence[str], form: str | None, lang: str) -> None:
    """Print how to correct one of the cells that an unresolved proposal may change."""
    names = separator(lang).join(label(cell, form, lang) for cell in suspects[:MAX_SUSPECTS])
    more = " …" if len(suspects) > MAX_SUSPECTS else ""
    echo(f"    ogi decide {report_id} {suspects[0]} --now … --reason … --evidence … --who …")
    echo("    " + say("decide.suspects", lang, cells=names + more))


def _record(path: Path, source: Path, change: DecisionChange, lang: str) -> int:
    """Write the decisions of a request, and print them."""
    for made in change.made:
        echo(_made_sentence(made, change.form, lang))
    try:
        is_changed = record_change(path, source, change)
    except OSError as error:
        echo(say("decide.disk", lang, path=path, error=error), err=True)
        return ExitCode.NOTHING
    if not is_changed:
        echo(say("decide.none", lang), err=True)
        return ExitCode.USAGE
    echo(say("decide.written" if change.made else "decide.reverted", lang, path=path))
    return ExitCode.OK


def _made_sentence(made: Decision, form: str | None, lang: str) -> str:
    if not made.is_answer:
        return say(
            "decide.made", lang, label=label(without_part(made.cell), form, lang), now=number(made.decided_value)
        )
    answer = say(f"decide.{made.operation}", lang)
    return say(
        "decide.answered",
        lang,
        label=finding_title(without_part(made.cell), form, lang),
        answer=answer,
        quote=made.printed_text,
    )
