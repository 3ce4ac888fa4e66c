"""Turn what a person decides about a cell or finding of the published snapshot into lines of `decisions.csv`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path

import duckdb

from pipeline.core.decisions import (
    ANSWERS,
    CELL_OPERATIONS,
    Decision,
    Place,
    copy_decisions,
    read_decisions,
    update_decisions,
    with_part,
)
from pipeline.core.model import DataFault
from pipeline.core.text import fits
from pipeline.edit.match_answers import failed_by_name, quote_findings
from pipeline.rollup.answers import finding_of
from pipeline.storage.database import Row, ask

MAX_SUGGESTIONS = 3


@dataclass(frozen=True)
class DecisionRequest:
    """A decision that a person asks for, about a `cell` of a report, or about its `findings` (`identity@place`).

    `operation` is one of `core.decisions.OPERATIONS`, or `revert`, which takes a decision back and needs no reason.
    `value` is the new number for the operation `correct`.
    """

    report: str
    operation: str
    cell: str = ""
    findings: tuple[str, ...] = ()
    value: str = ""
    reason: str = ""
    evidence: str = ""
    decided_by: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether the operation suits the cell or findings, and has its reason, evidence and name."""
        words = (self.reason.strip(), self.evidence.strip(), self.decided_by.strip())
        allowed = ANSWERS if self.findings else CELL_OPERATIONS
        return self.operation == "revert" or (self.operation in allowed and all(words))


@dataclass(frozen=True)
class DecisionChange:
    """The decisions that a request makes, and the places whose old decisions they replace; `form` is the report's."""

    made: tuple[Decision, ...]
    places: frozenset[Place]
    form: str | None


def plan_change(connection: duckdb.DuckDBPyConnection, request: DecisionRequest) -> DecisionChange:
    """Return the change that a request asks for.

    Raises DataFault for an incomplete request, an unknown report, cell or finding, a cell without a proposal to accept,
    and a value that is no number.
    """
    if not request.is_complete:
        raise DataFault("decide.needed_finding" if request.findings else "decide.needed")
    reports = ask(connection, "decide_cell", {"report": request.report, "cell": request.cell})
    if not reports:
        raise DataFault("decide.report", report=request.report)
    plan = _plan_answers if request.findings else _plan_on_cell
    return plan(connection, request, reports[0])


def record_change(path: Path, source: Path, change: DecisionChange) -> bool:
    """Write a change to the file of decisions; `source` is the file that they are read from.

    Return whether anything changed. Raises ProjectFault for a file that cannot be read, OSError if the disk is full.
    """
    decisions = read_decisions(source) if source.is_file() else ()
    if not change.made and change.places.isdisjoint(decision.place for decision in decisions):
        return False
    if decisions and not path.is_file():
        copy_decisions(source, path)
    update_decisions(path, change.made, change.places)
    return True


def quote_open_findings(connection: duckdb.DuckDBPyConnection, report: str) -> Mapping[str, str]:
    """Return the numbers behind each failed finding of a report, by the name of the finding."""
    rows = ask(connection, "decide_findings", {"report": report})
    texts = {row["cell"]: row["raw"] for row in ask(connection, "decide_texts", {"report": report})}
    failed = failed_by_name(finding_of(row) for row in rows)
    return {name: quote_findings(findings, texts) for name, findings in failed.items()}


def _plan_answers(connection: duckdb.DuckDBPyConnection, request: DecisionRequest, report: Row) -> DecisionChange:
    body_id, year, form = report["body_id"], report["year"], report["form"]
    places = frozenset((body_id, year, with_part(report["part"], name)) for name in request.findings)
    if request.operation == "revert":
        return DecisionChange((), places, form)
    quotes = quote_open_findings(connection, request.report)
    words = (request.reason, request.evidence, request.decided_by, request.operation)
    made = []
    for name in dict.fromkeys(request.findings):
        if name not in quotes:
            raise _unknown_finding(name, list(quotes))
        made.append(Decision(body_id, year, with_part(report["part"], name), quotes[name], None, *words))
    return DecisionChange(tuple(made), places, form)


def _unknown_finding(name: str, known: Sequence[str]) -> DataFault:
    similar = get_close_matches(name, known, MAX_SUGGESTIONS, 0.4) or known[:MAX_SUGGESTIONS]
    return DataFault("decide.finding", name=name, similar=" | ".join(similar) or "—")


def _plan_on_cell(connection: duckdb.DuckDBPyConnection, request: DecisionRequest, report: Row) -> DecisionChange:
    body_id, year = report["body_id"], report["year"]
    proposals = ask(connection, "decide_proposals", {"report": request.report})
    proposals = [p for p in proposals if p["implied"] is not None]
    if request.operation == "revert":
        cells = _cells_wrong_together(proposals, request.cell) or [request.cell]
        places = frozenset((body_id, year, with_part(report["part"], cell)) for cell in cells)
        return DecisionChange((), places, report["form"])
    words = (request.reason, request.evidence, request.decided_by, request.operation)
    made = tuple(
        Decision(body_id, year, with_part(report["part"], cell), text, value, *words)
        for cell, text, value in _decided_values(proposals, request, report["raw"])
    )
    return DecisionChange(made, frozenset(decision.place for decision in made), report["form"])


def _cells_wrong_together(proposals: Sequence[Row], cell: str) -> list[str]:
    anchors = {p["anchor"] for p in proposals if p["cell"] == cell}
    return [p["cell"] for p in proposals if p["anchor"] in anchors]


def _decided_values(
    proposals: Sequence[Row], request: DecisionRequest, printed: str | None
) -> list[tuple[str, str, Decimal | None]]:
    """Return the cell, its printed text and its new value for each decision to write."""
    if request.operation == "accept":
        cells = _cells_wrong_together(proposals, request.cell)
        if not cells:
            raise DataFault("decide.nothing", cell=request.cell)
        return [(p["cell"], p["printed_text"], p["implied"]) for p in proposals if p["cell"] in cells]
    if printed is None:
        raise DataFault("decide.cell", cell=request.cell)
    value = _parse_value(request.value) if request.operation == "correct" else None
    return [(request.cell, printed, value)]


def _parse_value(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise DataFault("decide.number", now=text) from error
    if not fits(value):
        raise DataFault("decide.number", now=text)
    return value
