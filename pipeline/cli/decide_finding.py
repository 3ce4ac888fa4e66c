"""Answers of `ogi decide` to findings: list the findings, and turn a request into lines of `decisions.csv`."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import click
import duckdb

from pipeline.cli.terminal import echo
from pipeline.core.decisions import ANSWERS, Decision
from pipeline.core.messages import say
from pipeline.core.problems import answer_mark
from pipeline.core.sentences import finding_title, sentence, separator
from pipeline.edit.match_answers import failed_by_name, finding_name, quote_findings
from pipeline.rollup.answers import finding_of
from pipeline.storage.database import Row, ask

Place = tuple[str, int, str]  # body, year, and cell or finding
MAX_LISTED = 20  # errors of all reports; the list of one report is complete
MAX_SUGGESTIONS = 3


@dataclass(frozen=True)
class FindingRequest:
    """An answer that the user gives to the `findings` of a report, each named `identity@place`.

    `operation` is `confirm`, `return` or `revert`; a revert needs no reason, evidence or name.
    """

    report: str
    findings: tuple[str, ...]
    operation: str
    reason: str
    evidence: str
    decided_by: str

    @property
    def is_complete(self) -> bool:
        """Whether the operation suits a finding and has what it needs."""
        words = (self.reason.strip(), self.evidence.strip(), self.decided_by.strip())
        return self.operation == "revert" or (self.operation in ANSWERS and all(words))


def answer_findings(
    connection: duckdb.DuckDBPyConnection, request: FindingRequest, lang: str
) -> tuple[list[Decision], set[Place]]:
    """Return the answers that a request makes, and the places whose old answers they replace.

    Raises UsageError for an incomplete request, an unknown report and an unknown finding.
    """
    if not request.is_complete:
        raise click.UsageError(say("decide.needed_finding", lang))
    body_id, year, form = _report(connection, request.report, lang)
    places = {(body_id, year, name) for name in request.findings}
    if request.operation == "revert":
        return [], places
    quotes = _quotes(connection, request.report)
    made = []
    for name in dict.fromkeys(request.findings):
        if name not in quotes:
            raise click.UsageError(_unknown(name, list(quotes), lang))
        words = (request.reason, request.evidence, request.decided_by, request.operation)
        made.append(Decision(body_id, year, name, quotes[name], None, *words))
        answer = say(f"decide.{request.operation}", lang)
        echo(say("decide.answered", lang, label=finding_title(name, form, lang), answer=answer, quote=quotes[name]))
    return made, places


def _report(connection: duckdb.DuckDBPyConnection, report: str, lang: str) -> tuple[str, int, str]:
    """Return the body id, report year and form of a report. Raises UsageError for an unknown one."""
    reports = ask(connection, "decide_cell", {"report": report, "cell": ""})
    if not reports:
        raise click.UsageError(say("decide.report", lang, report=report))
    return reports[0]["body_id"], reports[0]["year"], reports[0]["form"]


def _quotes(connection: duckdb.DuckDBPyConnection, report: str) -> Mapping[str, str]:
    """Return the numbers behind each failed finding of a report, by the name of the finding."""
    rows = ask(connection, "decide_findings", {"report": report})
    texts = {row["cell"]: row["raw"] for row in ask(connection, "decide_texts", {"report": report})}
    failed = failed_by_name(finding_of(row) for row in rows)
    return {name: quote_findings(findings, texts) for name, findings in failed.items()}


def _unknown(name: str, known: Sequence[str], lang: str) -> str:
    similar = get_close_matches(name, known, MAX_SUGGESTIONS, 0.4) or known[:MAX_SUGGESTIONS]
    suggestion = say("decide.similar", lang, names=separator(lang).join(similar)) if similar else ""
    return say("decide.finding", lang, name=name, suggestion=suggestion)


def list_findings(connection: duckdb.DuckDBPyConnection, report: str | None, lang: str) -> None:
    """Print the findings of a report that can be answered; without a report, the first errors of all reports.

    Raises UsageError for an unknown report.
    """
    if report is not None:
        _report(connection, report, lang)
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
    echo(f"  {finding['body']} {finding['year']}：{text}")
    if finding["answer"] in (None, "stale"):
        name = shlex.quote(finding_name(finding["identity"], finding["place"]))  # a place may be any text
        echo(f"    ogi decide {finding['report_id']} --finding {name} --confirm --reason … --evidence … --who …")
