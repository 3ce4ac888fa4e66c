"""Decide: what people say of a cell, one line each of `decisions.csv`. Nothing else changes what is published.

A line accepts a proposal of the editing (`accept`), says that the printed number is right (`reject`), or gives another
one (`correct`). It names the printed text it was made on (`was`). Once the report prints another, or no longer gives
rise to the proposal, the decision is stale: it is not applied and becomes an error, so that nobody relies on it
unaware. A line taken away is a decision taken back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pipeline.core.model import Cell, Finding, ProjectFault, Proposal
from pipeline.core.paths import REFERENCE
from pipeline.core.text import fits, normalize

FIELDS = ("body_id", "year", "cell", "was", "now", "reason", "evidence", "who")
OPERATIONS = ("accept", "reject", "correct")
DECISIONS = REFERENCE / "decisions.csv"


@dataclass(frozen=True)
class Decision:
    """A line of `decisions.csv`, and what became of it; `now` is None for a rejected proposal."""

    body_id: str
    year: int
    cell: str
    was: str
    now: Decimal | None
    reason: str
    evidence: str
    who: str
    operation: str = "correct"
    status: str = "unmatched"
    report_id: str | None = None

    @property
    def place(self) -> tuple[str, int, str]:
        """What a decision speaks of: there is one at most."""
        return self.body_id, self.year, self.cell


def decisions(path: Path = DECISIONS) -> tuple[Decision, ...]:
    """The decisions on file; a file without the column `operation` holds corrections only. Raises ProjectFault for a
    line without reason, evidence or name, one whose value is no number, or two lines on one cell.
    """
    try:
        reader = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), restval="")
        if tuple(reader.fieldnames or ()) not in (FIELDS, (*FIELDS, "operation")):
            raise ProjectFault(f"{path.name}: the columns must be {','.join(FIELDS)},operation")
        found = tuple(_decision(line, f"{path.name} line {reader.line_num}") for line in reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise ProjectFault(f"{path.name}: {error}") from error
    if len({d.place for d in found}) != len(found):
        raise ProjectFault(f"{path.name}: two decisions on one cell")
    return found


def write(found: Iterable[Decision], path: Path) -> None:
    """Write the decisions, in the order of body, year and cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*FIELDS, "operation"))
        for d in sorted(found, key=lambda d: d.place):
            now = "" if d.now is None else format(d.now, "f")
            writer.writerow((d.body_id, d.year, d.cell, d.was, now, d.reason, d.evidence, d.who, d.operation))


def _decision(line: Mapping[str, str], where: str) -> Decision:
    operation = line.get("operation") or "correct"
    if operation not in OPERATIONS:
        raise ProjectFault(f"{where}: operation must be one of {', '.join(OPERATIONS)}")
    needed = [f for f in FIELDS if f != "was" and not (f == "now" and operation == "reject")]
    empty = [f for f in needed if not (line.get(f) or "").strip()]
    if empty:
        raise ProjectFault(f"{where}: empty {', '.join(empty)}")
    try:
        now = Decimal(line["now"]) if operation != "reject" else None
        year = int(line["year"])
    except (ValueError, InvalidOperation) as error:
        raise ProjectFault(f"{where}: year and now must be numbers") from error
    if not 2000 <= year <= 2099 or (now is not None and not fits(now)):
        raise ProjectFault(f"{where}: year or now is out of bounds")
    return Decision(
        line["body_id"], year, line["cell"], line["was"], now, line["reason"], line["evidence"], line["who"], operation
    )


def decide(taken: Iterable[Decision], report_id: str, cells: Iterable[Cell]) -> tuple[Decision, ...]:
    """The decisions on one report: each `applied`, `stale` (another text is printed) or `unmatched` (no such cell)."""
    printed = {c.address: c.raw for c in cells}
    return tuple(replace(d, report_id=report_id, status=_status(d, printed.get(d.cell))) for d in taken)


def confirm(decided: Sequence[Decision], proposals: Sequence[Proposal]) -> tuple[Decision, ...]:
    """The decisions, those stale that accept what the editing no longer proposes."""
    offered = {(p.cell, p.implied) for p in proposals}
    return tuple(
        replace(d, status="stale")
        if d.operation == "accept" and d.status == "applied" and (d.cell, d.now) not in offered
        else d
        for d in decided
    )


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
