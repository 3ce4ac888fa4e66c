"""Decisions: what people decided about cells and findings, one line each in `decisions.csv`.

Nothing else changes a published value. A line on a cell accepts a proposal (`accept`), confirms the printed number
(`reject`), or gives another number (`correct`). A line on a finding is an answer, which changes no value: the printed
numbers are right (`confirm`), or the body will correct them (`return`). Its column `cell` has `identity@place`.

A line quotes the printed text that it was made on, an answer the numbers behind its finding. So it becomes stale,
loudly, once one of them changes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pipeline.core.files import write_atomically
from pipeline.core.model import ProjectFault
from pipeline.core.text import fits

COLUMNS = (
    "body_id", "year", "cell", "printed_text", "decided_value", "reason", "evidence", "decided_by", "operation",
)  # fmt: skip
# Files of earlier versions: the old names of three columns, and before that no column `operation`.
OLD_NAMES = {"was": "printed_text", "now": "decided_value", "who": "decided_by"}
HEADERS = (COLUMNS, COLUMNS[:-1])
CELL_OPERATIONS = ("accept", "reject", "correct")
ANSWERS = ("confirm", "return")
OPERATIONS = (*CELL_OPERATIONS, *ANSWERS)
_IDENTITY = re.compile(r"[a-z_]+(\.[a-z_0-9]+)+")
WITHOUT_VALUE = ("reject", *ANSWERS)  # these operations publish the printed number


@dataclass(frozen=True)
class Decision:
    """A line of `decisions.csv` and its outcome. `decided_value` is None if the printed number is published.

    `cell` is the address of a cell, or the name of a finding (`identity@place`) if the decision is an answer. `status`
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
    def place(self) -> tuple[str, int, str]:
        """The body, year and cell or finding that the decision is about; a place has at most one decision."""
        return self.body_id, self.year, self.cell

    @property
    def is_answer(self) -> bool:
        """Whether the decision is about a finding."""
        return self.operation in ANSWERS


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """Read a file of decisions. Lines without an operation are corrections.

    Raises ProjectFault for unknown columns, a line without reason, evidence or name, a value that is not a number, an
    answer that does not name a finding, and two lines about one cell or finding.
    """
    try:
        reader = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), restval="")
        reader.fieldnames = [OLD_NAMES.get(name, name) for name in reader.fieldnames or ()]
        if tuple(reader.fieldnames) not in HEADERS:
            raise ProjectFault(f"{path.name}: the columns must be {','.join(COLUMNS)}")
        decisions = tuple(_decision(line, f"{path.name} line {reader.line_num}") for line in reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise ProjectFault(f"{path.name}: {error}") from error
    if len({d.place for d in decisions}) != len(decisions):
        raise ProjectFault(f"{path.name}: two decisions on one cell or finding")
    return decisions


def write_decisions(decisions: Iterable[Decision], path: Path) -> None:
    """Write the decisions in the order of body, year and cell. Raises OSError; the old file is then untouched."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for d in sorted(decisions, key=lambda d: d.place):
        value = "" if d.decided_value is None else format(d.decided_value, "f")
        head = (d.body_id, d.year, d.cell, d.printed_text, value)
        writer.writerow((*head, d.reason, d.evidence, d.decided_by, d.operation))
    write_atomically(path, text.getvalue().encode())


def _decision(line: Mapping[str, str], where: str) -> Decision:
    operation = line.get("operation") or "correct"
    if operation not in OPERATIONS:
        raise ProjectFault(f"{where}: operation must be one of {', '.join(OPERATIONS)}")
    has_value = operation not in WITHOUT_VALUE
    optional = {"printed_text", "operation"} | (set() if has_value else {"decided_value"})
    if empty := [name for name in COLUMNS if name not in optional and not (line.get(name) or "").strip()]:
        raise ProjectFault(f"{where}: empty {', '.join(empty)}")
    if operation in ANSWERS and not is_finding_name(line["cell"]):
        raise ProjectFault(f"{where}: the operation {operation} needs a finding (identity@place) in column cell")
    try:
        value = Decimal(line["decided_value"]) if has_value else None
        year = int(line["year"])
    except (ValueError, InvalidOperation) as error:
        raise ProjectFault(f"{where}: year and decided_value must be numbers") from error
    if not 2000 <= year <= 2099 or (value is not None and not fits(value)):
        raise ProjectFault(f"{where}: year or decided_value is out of bounds")
    words = {name: line[name] for name in ("body_id", "cell", "printed_text", "reason", "evidence", "decided_by")}
    return Decision(year=year, decided_value=value, operation=operation, **words)


def is_finding_name(text: str) -> bool:
    """Return whether a text names a finding, as `app.row_total@applications/new/total` does."""
    identity, _, place = text.partition("@")
    return bool(_IDENTITY.fullmatch(identity) and place)
