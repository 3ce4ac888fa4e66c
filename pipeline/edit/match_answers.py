"""Match answers (decisions on findings) with the findings of one report: which hold, and which are stale.

An answer quotes the numbers behind its finding: both sides, then the printed texts of the cells of the report. A number
of another report is a side or part of one, so a change there makes the answer stale too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.core.decisions import Decision
from pipeline.core.model import Finding
from pipeline.core.text import normalize

ANSWER_COLUMNS = ("answer", "reason", "evidence", "decided_by")  # of table `findings`
ABOUT_DECISIONS = ("decision.", "answer.")  # findings about decisions, which nobody answers
_THOUSANDS = re.compile(r",(?=[0-9])")  # a comma between two texts has a blank after it
_STATES = {"confirm": "confirmed", "return": "returned"}


def finding_name(identity: str, place: str) -> str:
    """Return the name of a finding, `identity@place`, as in `proposals.identities`."""
    return f"{identity}@{place}"


def failed_by_name(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return the failed findings that a person may answer, by name. Several findings may share a name."""
    failed: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.status == "fail" and not finding.identity.startswith(ABOUT_DECISIONS):
            failed.setdefault(finding_name(finding.identity, finding.place), []).append(finding)
    return failed


def quote_findings(findings: Iterable[Finding], texts: Mapping[str, str]) -> str:
    """Return the numbers behind failed findings of one name, as an answer quotes them: `113 | 123 (113, 60, 63)`.

    `texts` has the printed texts of the report's cells by address.
    """
    return "; ".join(sorted({_quote(finding, texts) for finding in findings}))


def _quote(finding: Finding, texts: Mapping[str, str]) -> str:
    """Return the sides and the printed texts of the cells; the note of a finding without sides."""
    has_sides = finding.lhs is not None or finding.rhs is not None
    head = f"{_plain(finding.lhs)} | {_plain(finding.rhs)}" if has_sides else finding.note or "—"
    printed = ", ".join(texts[cell] for cell in finding.cells if cell in texts)
    return f"{head} ({printed})" if printed else head


def _plain(value: Decimal | None) -> str:
    """Return a number without trailing zeros, `?` for None."""
    if value is None:
        return "?"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def match_answers(
    decisions: Iterable[Decision], findings: Sequence[Finding], texts: Mapping[str, str]
) -> tuple[Decision, ...]:
    """Return the decisions on one report, the answers with their status; the decisions on cells are unchanged.

    The status is `applied`, `stale` (the finding no longer fails or has other numbers) or `unmatched` (the report is
    not tested on it). `texts` is as in `quote_findings`.
    """
    failed = failed_by_name(findings)
    tested = {finding_name(finding.identity, finding.place) for finding in findings}
    return tuple(
        replace(d, status=_status(d, quote_findings(failed.get(d.cell, ()), texts), tested)) if d.is_answer else d
        for d in decisions
    )


def _status(answer: Decision, quote: str, tested: set[str]) -> str:
    if answer.cell not in tested:
        return "unmatched"
    return "applied" if quote and _folded(answer.printed_text) == _folded(quote) else "stale"


def _folded(text: str) -> str:
    """Return a quote without differences in width, thousands separators and repeated blanks."""
    return " ".join(_THOUSANDS.sub("", normalize(text)).split())


def answer_columns(finding: Finding, answers: Mapping[str, Decision]) -> dict[str, str | None]:
    """Return the columns of a finding's row that show its answer; null without an answer. `answers` is by name."""
    answer = answers.get(finding_name(finding.identity, finding.place)) if finding.status == "fail" else None
    if answer is None:
        return dict.fromkeys(ANSWER_COLUMNS)
    return dict(zip(ANSWER_COLUMNS, (state_of(answer), answer.reason, answer.evidence, answer.decided_by), strict=True))


def state_of(answer: Decision) -> str:
    """Return the state of an answer: `confirmed`, `returned` or `stale`."""
    return _STATES[answer.operation] if answer.status == "applied" else "stale"


def make_answer_finding(answer: Decision, quote: str) -> Finding:
    """Return the finding that reports an answer that is not applied; `quote` has the numbers of today."""
    note = f"{answer.printed_text!r} → {quote!r}, {answer.decided_by}: {answer.reason}"
    return Finding(f"answer.{answer.status}", answer.cell, "fail", "error", note=note)


def answer_findings(
    decisions: Iterable[Decision], findings: Sequence[Finding], texts: Mapping[str, str]
) -> list[Finding]:
    """Return a finding per answer among the matched decisions that is not applied."""
    failed = failed_by_name(findings)
    return [
        make_answer_finding(d, quote_findings(failed.get(d.cell, ()), texts))
        for d in decisions
        if d.is_answer and d.status != "applied"
    ]
