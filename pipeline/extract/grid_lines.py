"""Split a grid into lines and classify each: header line, data line, or other.

A line is one row of the grid. A data line has a row label, or it holds values under the header of a flat table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.core.form import Form
from pipeline.core.model import DataFault, Grid, Severity
from pipeline.core.text import header_unit, is_number, is_value, normalize
from pipeline.extract.labels import LabelIndex

MAX_SLOTS = 400_000


class Slot(NamedTuple):
    """The part of a grid cell that lies in one line.

    `column` is 0-based, `width` counts grid columns and `page` counts from 1. `is_first_line` is false in the further
    lines of a cell that spans several. `confidence` (0-1) is the reader's.
    """

    text: str
    column: int
    width: int
    is_first_line: bool
    page: int
    confidence: float


class StrayNumber(NamedTuple):
    """A number outside of all data lines: its 0-based grid row, its slot, and the severity of its finding."""

    grid_row: int
    slot: Slot
    severity: Severity


OPPOSITE = "≠"  # the code of a column whose head contradicts the form, so that no number below is placed


@dataclass
class Header:
    """The header lines above a data line, by 0-based grid column.

    `columns` holds column codes, `groups` row codes of a flat table, and `units` the printed money units. `has_data`
    becomes true with the first data line below; a later header line then opens a new header.
    """

    table: str = ""
    columns: dict[int, str] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    has_data: bool = False


@dataclass(frozen=True)
class DataLine:
    """A line of data: the row that its label names ('' in a flat table), the slots after the label, and its header.

    `confidence` is that of the label; `grid_row` is 0-based.
    """

    table: str
    row: str
    confidence: float
    slots: tuple[Slot, ...]
    header: Header
    grid_row: int


class _RowLabel(NamedTuple):
    """A row label in a line: the codes it names, its 0-based place among the line's slots, and its confidence."""

    table: str
    row: str
    slot_index: int
    confidence: float


def list_slots(grid: Grid) -> list[list[Slot]]:
    """Return the slots of each line from left to right; a cell that spans lines has a slot in each of them.

    Raises DataFault if row spans would make more slots than any report has.
    """
    height = max((c.row + c.rowspan for c in grid.cells), default=0)
    if sum(c.rowspan for c in grid.cells) > MAX_SLOTS:
        raise DataFault("read.too_many_cells", limit=MAX_SLOTS)
    lines: list[list[Slot]] = [[] for _ in range(height)]
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            slot = Slot(cell.text, cell.column, cell.colspan, row == cell.row, cell.page, cell.confidence)
            lines[row].append(slot)
    return [sorted(line, key=lambda slot: slot.column) for line in lines]


def find_data_lines(grid: Grid, form: Form, index: LabelIndex) -> tuple[list[DataLine], list[StrayNumber]]:
    """Return the data lines of a grid, and the numbers outside of them."""
    header, last_line_by_row = Header(), dict[str, int]()
    data_lines: list[DataLine] = []
    not_filled_in: list[DataLine] = []  # lines without any text below the header of a flat table
    stray_numbers: list[StrayNumber] = []
    for grid_row, slots in enumerate(list_slots(grid)):
        values = [slot for slot in slots if is_value(slot.text)]
        label = _find_row_label(slots, header.table, form, index, last_line_by_row)
        if not values and _is_header_line(slots, label is not None, index):
            header = _extend_header(header, slots, grid.exact, index)
        elif label:
            last_line_by_row[label.row] = grid_row
            if header.table != label.table:  # a header without a table names only columns that the form lacks
                header = Header(label.table, {} if header.table else header.columns)
            header.has_data = True
            after_label = tuple(slots[label.slot_index + 1 :])
            data_lines.append(DataLine(label.table, label.row, label.confidence, after_label, header, grid_row))
        elif values and header.groups:
            header.has_data = True
            data_lines.append(DataLine(header.table, "", 1.0, tuple(slots), header, grid_row))
        elif header.groups and grid.exact and not any(slot.text for slot in slots):
            not_filled_in.append(DataLine(header.table, "", 1.0, tuple(slots), header, grid_row))
        else:
            # A mark for "none", as in the line of a group heading, is no number and needs no place.
            severity: Severity = "warning" if _is_page_number_line(slots) else "error"
            stray_numbers += [StrayNumber(grid_row, slot, severity) for slot in values if is_number(slot.text)]
    return data_lines + [line for line in not_filled_in[:1] if not line.header.has_data], stray_numbers


def _is_page_number_line(slots: list[Slot]) -> bool:
    """Return whether a line holds only one number of up to three digits, like a page number between two rows."""
    texts = {slot.text for slot in slots if slot.text and slot.is_first_line}
    return len(texts) == 1 and re.fullmatch(r"\d{1,3}", normalize(texts.pop()).strip()) is not None


def _find_row_label(
    slots: list[Slot], header_table: str, form: Form, index: LabelIndex, last_line_by_row: dict[str, int]
) -> _RowLabel | None:
    """Return the last slot of a line that names a row, or None.

    A row inside a group counts only below the group's own label. Where a text names several rows, the header's table
    wins, then the group whose label was printed last.
    """
    for slot_index in range(len(slots) - 1, -1, -1):
        text = slots[slot_index].text
        match = index.find_row(text) if not is_value(text) else None
        if not match or not match.codes:
            continue
        groups = {(table, row): form.tables[table].rows[row].within for table, row in match.codes}
        candidates = [code for code in match.codes if groups[code] == "" or groups[code] in last_line_by_row]
        ranked_codes = sorted(candidates, key=lambda c: (c[0] == header_table, last_line_by_row.get(groups[c], -1)))
        if ranked_codes:
            return _RowLabel(*ranked_codes[-1], slot_index, match.confidence)
    return None


def _is_header_line(slots: list[Slot], has_row_label: bool, index: LabelIndex) -> bool:
    """Return whether a line names several columns or groups, or one and no row."""
    texts = {slot.text for slot in slots}
    columns = [index.find_column(text) for text in texts]
    column_count = sum(bool(column.codes) or column.is_opposite for column in columns)
    named_count = column_count + sum(bool(index.find_group(text).codes) for text in texts)
    return named_count > 1 or (named_count == 1 and not has_row_label)


def _extend_header(header: Header, slots: list[Slot], exact: bool, index: LabelIndex) -> Header:
    """Return the header with one more line. A header line after data, or of another table, opens a new header."""
    if header.has_data:
        header = Header(header.table)
    table = _find_table(slots, index) or header.table
    if table != header.table:
        header = Header(table)
    labels = [slot for slot in slots if slot.text]
    line_end = max((slot.column + slot.width for slot in slots), default=0)
    group_ends = [*(label.column for label in labels[1:]), line_end]
    for label, group_end in zip(labels, group_ends, strict=False):
        columns = range(label.column, label.column + label.width)
        if index.find_column(label.text).is_opposite:
            header.columns |= dict.fromkeys(columns, OPPOSITE)
        for code in (c for t, c in index.find_column(label.text).codes if t == table):
            header.columns |= dict.fromkeys(columns, code)
            header.units |= dict.fromkeys(columns, header_unit(label.text))
        for code in (c for t, c in index.find_group(label.text).codes if t == table):
            # Plain text has no spans: a group reaches to the next text of its line.
            header.groups |= dict.fromkeys(columns if exact else range(label.column, group_end), code)
    return header


def _find_table(slots: list[Slot], index: LabelIndex) -> str:
    """Return the table to which most texts of a header line belong, '' if no text names a column or group."""
    votes: dict[str, int] = {}
    for text in dict.fromkeys(slot.text for slot in slots):
        for table in {t for t, _ in index.find_column(text).codes + index.find_group(text).codes}:
            votes[table] = votes.get(table, 0) + 1
    return max(sorted(votes), key=lambda t: votes[t]) if votes else ""
