"""Match decisions with one report: which hold, and which are stale or name no cell. `report.py` applies them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.core.decisions import Decision
from pipeline.core.model import Cell, Finding, Proposal
from pipeline.core.text import normalize


def match_decisions(decisions: Iterable[Decision], report_id: str, cells: Iterable[Cell]) -> tuple[Decision, ...]:
    """Return the decisions on one report with their status.

    The status is `applied`, `stale` (the report prints another text) or `unmatched` (the report has no such cell).
    """
    texts = {c.address: c.raw for c in cells}
    return tuple(replace(d, report_id=report_id, status=_status_of(d, texts.get(d.cell))) for d in decisions)


def expire_acceptances(decisions: Sequence[Decision], proposals: Sequence[Proposal]) -> tuple[Decision, ...]:
    """Return the decisions; an accepted proposal that is no longer made has become `stale`."""
    proposed = {(p.cell, p.implied) for p in proposals}
    return tuple(
        replace(d, status="stale")
        if d.operation == "accept" and d.status == "applied" and (d.cell, d.decided_value) not in proposed
        else d
        for d in decisions
    )


def _status_of(decision: Decision, printed_text: str | None) -> str:
    """Return the status of a decision on a cell with this text, None if the report has no such cell."""
    if printed_text is None:
        return "unmatched"
    return "applied" if _normalize_number(decision.printed_text) == _normalize_number(printed_text) else "stale"


def _normalize_number(text: str) -> str:
    """Return a printed number without differences in width, thousands separators and outer spaces."""
    return normalize(text).replace(",", "").strip()


def make_decision_finding(decision: Decision, printed_text: str) -> Finding:
    """Return the finding that reports a decision that was not applied; `printed_text` is '' for a missing cell."""
    author = f"{decision.decided_by}: {decision.reason}"
    note = f"{decision.printed_text!r} → {printed_text!r}, {author}"
    return Finding(f"decision.{decision.status}", decision.cell, "fail", "error", cells=(decision.cell,), note=note)
