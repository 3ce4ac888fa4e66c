"""Decide: corrections by people, one line each of `decisions.csv`. Nothing else changes what is published.

A decision names the printed text it was made on (`was`). Once the report prints another, the decision is stale: it is
not applied and becomes an error, so that nobody relies on it unaware.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pipeline.model import Cell, Finding, ProjectFault
from pipeline.paths import REFERENCE
from pipeline.text import normalize

FIELDS = ("body_id", "year", "cell", "was", "now", "reason", "evidence", "who")


@dataclass(frozen=True)
class Decision:
    """A line of `decisions.csv`, and what became of it."""

    body_id: str
    year: int
    cell: str
    was: str
    now: Decimal
    reason: str
    evidence: str
    who: str
    status: str = "unmatched"
    report_id: str | None = None


def decisions(path: Path = REFERENCE / "decisions.csv") -> tuple[Decision, ...]:
    """The decisions on file. Raises ProjectFault for a line without reason, evidence or name, one whose value is no
    number, or two lines on one cell.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != FIELDS:
            raise ProjectFault(f"{path.name}: the columns must be {','.join(FIELDS)}")
        found = tuple(_decision(line, f"{path.name} line {reader.line_num}") for line in reader)
    if len({(d.body_id, d.year, d.cell) for d in found}) != len(found):
        raise ProjectFault(f"{path.name}: two decisions on one cell")
    return found


def _decision(line: Mapping[str, str], where: str) -> Decision:
    empty = [f for f in FIELDS if f != "was" and not (line.get(f) or "").strip()]
    if empty:
        raise ProjectFault(f"{where}: empty {', '.join(empty)}")
    try:
        return Decision(
            line["body_id"], int(line["year"]), line["cell"], line["was"], Decimal(line["now"]),
            line["reason"], line["evidence"], line["who"],
        )  # fmt: skip
    except (ValueError, InvalidOperation) as error:
        raise ProjectFault(f"{where}: year and now must be numbers") from error


def decide(taken: Iterable[Decision], report_id: str, cells: Iterable[Cell]) -> tuple[Decision, ...]:
    """The decisions on one report: each `applied`, `stale` (another text is printed) or `unmatched` (no such cell)."""
    printed = {c.address: c.raw for c in cells}
    return tuple(replace(d, report_id=report_id, status=_status(d, printed.get(d.cell))) for d in taken)


def _status(decision: Decision, printed: str | None) -> str:
    if printed is None:
        return "unmatched"
    return "applied" if _same(decision.was, printed) else "stale"


def _same(was: str, printed: str) -> bool:
    return normalize(was).replace(",", "").strip() == normalize(printed).replace(",", "").strip()


def finding(decision: Decision, printed: str) -> Finding:
    """What a decision that could not be applied says to the clerk."""
    note = f"was {decision.was!r}, printed {printed!r}, {decision.who}: {decision.reason}"
    return Finding(f"decision.{decision.status}", decision.cell, "fail", "error", cells=(decision.cell,), note=note)
