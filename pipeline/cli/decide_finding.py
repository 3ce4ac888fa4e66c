"""List the findings that `ogi decide` can answer."""

from __future__ import annotations

import shlex

import click
import duckdb

from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.problems import answer_mark
from pipeline.core.report_names import report_name
from pipeline.core.sentences import sentence
from pipeline.edit.match_answers import finding_name
from pipeline.storage.database import Row, ask

MAX_LISTED = 20  # errors of all reports; the list of one report is complete


def list_findings(connection: duckdb.DuckDBPyConnection, report: str | None, lang: str) -> None:
    """Print the findings of a report that can be answered; without a report, the first errors of all reports.

    Raises UsageError for an unknown report.
    """
    if report is not None and not ask(connection, "decide_cell", {"report": report, "cell": ""}):
        raise click.UsageError(say("decide.report", lang, report=report))
    failed = ask(connection, "decide_findings", {"report": report})
    shown = failed if report else [f for f in failed if f["severity"] == "error" and f["answer"] is None][:MAX_LISTED]
    echo(say("decide.findings", lang, count=len(failed)))
    for finding in shown:
        _print_finding(finding, lang)
    if len(shown) < len(failed):
        echo("  " + say("decide.more", lang, count=len(failed) - len(shown)))


def _print_finding(finding: Row, lang: str) -> None:
    """Print a finding with its answer, or with the command that answers it."""
    text = sentence(finding, finding["form"], lang) + answer_mark(finding, lang)
    echo(f"  {report_name(finding, lang)}：{text}")
    if finding["answer"] in (None, "stale"):
        name = shlex.quote(finding_name(finding["identity"], finding["place"]))  # a place may be any text
        echo(f"    ogi decide {finding['report_id']} --finding {name} --confirm --reason … --evidence … --who …")
