"""Decisions: what people decided about cells and findings, one line each in `decisions.csv`.

Nothing else changes a published value. A line on a cell accepts a proposal (`accept`), confirms the printed number
(`reject`), or gives another number (`correct`). A line on a finding is an answer, which changes no value: the printed
numbers are right (`confirm`), or the body will correct them (`return`). Its column `cell` has `identity@place`.

A line quotes the printed text that it was made on, an answer the numbers behind its finding. So it becomes stale,
loudly, once one of them changes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pipeline.core.model import FilePlace, ProjectFault
from pipeline.core.project_csv import Layout, Row, Warn, read_project_csv, without_repeats
from pipeline.core.project_update import update_lines
from pipeline.core.text import fits

Place = tuple[str, int, str]
# Files of earlier versions: the old names of three columns, and before that no column `operation`.
DECISIONS = Layout(
    {
        "body_id": "code", "year": "whole", "cell": "code", "printed_text": "printed", "decided_value": "number",
        "reason": "text", "evidence": "text", "decided_by": "text", "operation": "code",
    },
    optional=frozenset({"operation"}),
    old_names={"was": "printed_text", "now": "decided_value", "who": "decided_by"},
)  # fmt: skip
COLUMNS = tuple(DECISIONS.columns)
CELL_OPERATIONS = ("accept", "reject", "correct")
ANSWERS = ("confirm", "return")
OPERATIONS = (*CELL_OPERATIONS, *ANSWERS)
_PART = re.compile(r"(?P<part>[a-z_]+(?:-[^:/@]+)?):(?P<cell>.+)")
_IDENTITY = re.compile(r"[a-z_]+(\.[a-z_0-9]+)+")
WITHOUT_VALUE = ("reject", *ANSWERS)  # these operations publish the printed number


@dataclass(frozen=True)
class Decision:
    """A line of `decisions.csv` and its outcome. `decided_value` is None if the printed number is published.

    `cell` is the address of a cell, or the name of a finding (`identity@place`) if the decision is an answer; on a
    report of another kind than the annual one, its part of the year precedes it (`inspection-Q2:`). `status`
    is `unmatched` until the decision meets its report, then `applied` or `stale`.
    """

    body_id: str
    year: int
    cell: str
    printed_text: str
    decided_value: Decimal | None
    reason: str
    evidence: str
    decided_by: str
    operation: str = "correct"
    status: str = "unmatched"
    report_id: str | None = None

    @property
    def place(self) -> Place:
        """The body, year and cell or finding that the decision is about; a place has at most one decision."""
        return self.body_id, self.year, self.cell

    @property
    def is_answer(self) -> bool:
        """Whether the decision is about a finding."""
        return self.operation in ANSWERS


def read_decisions(path: Path, warn: Warn = lambda _: None) -> tuple[Decision, ...]:
    """Read a file of decisions. Lines without an operation are corrections; `warn` gets a note on each repeated line.

    Raises ProjectFault for unknown columns, a line without reason, evidence or name, a value that is not a number, an
    answer that does not name a finding, and two different lines about one cell or finding.
    """
    rows = without_repeats(read_project_csv(path, DECISIONS).rows(), warn)
    decisions: dict[Place, Decision] = {}
    places: dict[Place, FilePlace] = {}
    for row in rows:
        decision = _decision(row)
        if first := places.get(decision.place):
            raise ProjectFault("decisions.twice", place=row.place, first=first, cell=decision.cell)
        decisions[decision.place], places[decision.place] = decision, row.place
    return tuple(decisions.values())


def update_decisions(path: Path, made: Iterable[Decision], places: Collection[Place]) -> None:
    """Add decisions, and remove those on these places, in the order of body, year and cell.

    Another process that updates the file waits, so that no decision is lost. Raises as `update_lines` does.
    """
    removed = [(body_id, str(year), cell) for body_id, year, cell in places]
    update_lines(path, DECISIONS, _key, map(_line, made), removed)


def copy_decisions(source: Path, target: Path) -> None:
    """Write the decisions of a file to a new one. Raises as `read_decisions` and `update_lines` do."""
    update_lines(target, DECISIONS, _key, map(_line, read_decisions(source)))


def _key(line: Mapping[str, str]) -> tuple[str, str, str]:
    return line["body_id"], line["year"], line["cell"]


def _line(decision: Decision) -> dict[str, str]:
    value = "" if decision.decided_value is None else format(decision.decided_value, "f")
    texts = {name: str(getattr(decision, name)) for name in COLUMNS}
    return texts | {"decided_value": value}


def _decision(row: Row) -> Decision:
    """Return the decision of a line. Raises ProjectFault as `read_decisions` does."""
    line, place = row.values, row.place
    operation = line["operation"] or "correct"
    if operation not in OPERATIONS:
        raise ProjectFault("decisions.operation", place=place, operation=operation, operations=", ".join(OPERATIONS))
    has_value = operation not in WITHOUT_VALUE
    optional = {"printed_text", "operation"} | (set() if has_value else {"decided_value"})
    if empty := [name for name in COLUMNS if name not in optional and not line[name].strip()]:
        raise ProjectFault("decisions.empty", place=place, columns=", ".join(empty))
    if operation in ANSWERS and not is_finding_name(line["cell"]):
        raise ProjectFault("decisions.finding", place=place, cell=line["cell"])
    try:
        value = Decimal(line["decided_value"]) if has_value else None
        year = int(line["year"])
    except (ValueError, InvalidOperation) as error:
        number = f"{line['year']} / {line['decided_value']}"
        raise ProjectFault("decisions.number", place=place, number=number) from error
    if not 2000 <= year <= 2099 or (value is not None and not fits(value)):
        raise ProjectFault("decisions.bounds", place=place, year=year, value=line["decided_value"])
    words = {name: line[name] for name in ("body_id", "cell", "printed_text", "reason", "evidence", "decided_by")}
    return Decision(year=year, decided_value=value, operation=operation, **words)


def with_part(part: str, cell: str) -> str:
    """Return a cell or finding as `decisions.csv` has it for a report with a `report_part`."""
    return f"{part}:{cell}" if part else cell


def without_part(cell: str) -> str:
    """Return a cell or finding without the part of the year: `inspection/…` for `inspection-Q2:inspection/…`."""
    return split_part(cell)[1]


def split_part(cell: str) -> tuple[str, str]:
    """Return the part of the year, '' for an annual report, and the cell or finding without it."""
    match = _PART.fullmatch(cell)
    return (match["part"], match["cell"]) if match else ("", cell)


def decisions_on(part: str, decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions on the report with a `report_part`, with their cells as the report has them."""
    own = []
    for decision in decisions:
        own_part, cell = split_part(decision.cell)
        if own_part == part:
            own.append(replace(decision, cell=cell))
    return own


def is_finding_name(text: str) -> bool:
    """Return whether a text names a finding, as `app.row_total@applications/new/total` does."""
    identity, _, place = without_part(text).partition("@")
    return bool(_IDENTITY.fullmatch(identity) and place)
