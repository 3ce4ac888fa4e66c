"""Layout of a grid: spans laid out to places, and each line told to be a header or a line of data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.core.form import Form
from pipeline.core.model import DataFault, Grid, Severity
from pipeline.core.text import header_unit, is_number, is_value, normalize
from pipeline.extract.labels import LabelIndex

MAX_PLACES = 400_000


class Slot(NamedTuple):
    """A cell as it meets one line: its text, first column and width, whether it begins in this line, its page, and how
    sure its reader is.
    """

    text: str
    column: int
    width: int
    begins: bool
    page: int
    confidence: float


Loose = tuple[int, Slot, Severity]  # a number without a place: its line, and how bad that is


@dataclass
class Header:
    """What the header lines above a line of data say of each column."""

    table: str = ""
    columns: dict[int, str] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    closed: bool = False


@dataclass(frozen=True)
class Line:
    """A line of data: the row its label names (`''` in a flat table), the slots right of the label, its header."""

    table: str
    row: str
    confidence: float
    slots: tuple[Slot, ...]
    header: Header
    number: int


def lay_out(grid: Grid) -> list[list[Slot]]:
    """The slots of each line from left to right; a cell spanning lines stands in each of them.

    Raises DataFault where spans would fill more places than any report has.
    """
    height = max((c.row + c.rowspan for c in grid.cells), default=0)
    if sum(c.rowspan for c in grid.cells) > MAX_PLACES:
        raise DataFault("read.too_many_cells", limit=MAX_PLACES)
    lines: list[list[Slot]] = [[] for _ in range(height)]
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            slot = Slot(cell.text, cell.column, cell.colspan, row == cell.row, cell.page, cell.confidence)
            lines[row].append(slot)
    return [sorted(line, key=lambda slot: slot.column) for line in lines]


def data_lines(grid: Grid, form: Form, index: LabelIndex) -> tuple[list[Line], list[Loose]]:
    """The lines of data of a grid, and the numbers that stand in no such line."""
    header, seen = Header(), dict[str, int]()
    lines: list[Line] = []
    loose: list[Loose] = []
    for number, slots in enumerate(lay_out(grid)):
        values = [slot for slot in slots if is_value(slot.text)]
        label = _label(slots, header.table, form, index, seen)
        if not values and _is_header(slots, label is not None, index):
            header = _extended(header, slots, grid.exact, index)
        elif label:
            place, at, confidence = label
            seen[place[1]] = number
            header = header if header.table == place[0] else Header(place[0])
            header.closed = True
            lines.append(Line(*place, confidence, tuple(slots[at + 1 :]), header, number))
        elif values and header.groups:
            header.closed = True
            lines.append(Line(header.table, "", 1.0, tuple(slots), header, number))
        else:
            # A mark for none, as in the line of a group, is no number to be placed.
            severity: Severity = "warning" if _is_page_number(slots) else "error"
            loose += [(number, slot, severity) for slot in values if is_number(slot.text)]
    return lines, loose


def _is_page_number(slots: list[Slot]) -> bool:
    """Whether a line holds nothing but a small number, as a page's number between two rows does."""
    texts = {slot.text for slot in slots if slot.text and slot.begins}
    return len(texts) == 1 and re.fullmatch(r"\d{1,3}", normalize(texts.pop()).strip()) is not None


def _label(
    slots: list[Slot], table: str, form: Form, index: LabelIndex, seen: dict[str, int]
) -> tuple[tuple[str, str], int, float] | None:
    """The row that the last label among the slots names: ((table, row), slot number, confidence)."""
    for at in range(len(slots) - 1, -1, -1):
        match = index.row(slots[at].text) if not is_value(slots[at].text) else None
        places = match.places if match else ()
        if places and match:
            open_groups = [p for p in places if (w := form.tables[p[0]].rows[p[1]].within) == "" or w in seen]
            ranked = sorted(
                open_groups, key=lambda p: (p[0] == table, seen.get(form.tables[p[0]].rows[p[1]].within, -1))
            )
            if ranked:
                return ranked[-1], at, match.confidence
    return None


def _is_header(slots: list[Slot], labelled: bool, index: LabelIndex) -> bool:
    texts = {s.text for s in slots}
    named = sum(bool(index.column(t).places) for t in texts) + sum(bool(index.group(t).places) for t in texts)
    return named > 1 or (named == 1 and not labelled)


def _extended(header: Header, slots: list[Slot], exact: bool, index: LabelIndex) -> Header:
    """The header with one more line. A header line after data opens a new header."""
    if header.closed:
        header = Header(header.table)
    table = _table(slots, index) or header.table
    if table != header.table:
        header = Header(table)
    ends = [*[s.column for s in slots if s.text][1:], max((s.column + s.width for s in slots), default=0)]
    starts = iter(ends)
    for slot in (s for s in slots if s.text):
        end = next(starts)
        places = range(slot.column, slot.column + slot.width)
        for code in (c for t, c in index.column(slot.text).places if t == table):
            header.columns |= dict.fromkeys(places, code)
            header.units |= dict.fromkeys(places, header_unit(slot.text))
        for code in (c for t, c in index.group(slot.text).places if t == table):
            # Plain text has no spans: a group reaches to the next text of its line.
            header.groups |= dict.fromkeys(places if exact else range(slot.column, end), code)
    return header


def _table(slots: list[Slot], index: LabelIndex) -> str:
    """The table that most texts of a header line belong to."""
    votes: dict[str, int] = {}
    for text in dict.fromkeys(s.text for s in slots):
        for table, _ in {(t, "") for t, _ in index.column(text).places + index.group(text).places}:
            votes[table] = votes.get(table, 0) + 1
    return max(sorted(votes), key=lambda t: votes[t]) if votes else ""
