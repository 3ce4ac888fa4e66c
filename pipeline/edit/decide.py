"""Apply decisions to one report: match each with the printed text, and set aside those that no longer hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.core.decisions import Decision
from pipeline.core.model import Cell, Finding, Proposal
from pipeline.core.text import normalize


def decide(decisions: Iterable[Decision], report_id: str, cells: Iterable[Cell]) -> tuple[Decision, ...]:
    """Return the decisions on one report with their status: `applied`, `stale` (the report prints another text) or
    `unmatched` (the report has no such cell).
    """
    printed = {c.address: c.raw for c in cells}
    return tuple(replace(d, report_id=report_id, status=_status(d, printed.get(d.cell))) for d in decisions)


def confirm(decisions: Sequence[Decision], proposals: Sequence[Proposal]) -> tuple[Decision, ...]:
    """Return the decisions; those that accepted a proposal which is no longer made become stale."""
    offered = {(p.cell, p.implied) for p in proposals}
    return tuple(
        replace(d, status="stale")
        if d.operation == "accept" and d.status == "applied" and (d.cell, d.decided_value) not in offered
        else d
        for d in decisions
    )


def _status(decision: Decision, printed: str | None) -> str:
    if printed is None:
        return "unmatched"
    return "applied" if _plain(decision.printed_text) == _plain(printed) else "stale"


def _plain(text: str) -> str:
    """Return a printed number without what offices vary: width, thousands marks, spaces at the ends."""
    return normalize(text).replace(",", "").strip()


def finding(decision: Decision, printed: str) -> Finding:
    """Return the finding on a decision that was not applied, for the clerk."""
    author = f"{decision.decided_by}: {decision.reason}"
    note = f"was {decision.printed_text!r}, printed {printed!r}, {author}"
    return Finding(f"decision.{decision.status}", decision.cell, "fail", "error", cells=(decision.cell,), note=note)
