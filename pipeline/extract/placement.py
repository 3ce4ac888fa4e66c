"""Find the statutory cell of each slot of a data line.

In an exact grid the header above a slot names its column. In a guessed grid (`exact` is false) only the order of the
slots counts. The numbers of a line are then placed together or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.core.form import Form
from pipeline.core.text import is_unit
from pipeline.extract.grid_lines import MAX_SLOTS, OPPOSITE, DataLine, Slot

# Confidence of a placement: under the header of its column; by order, below a header; by order, without a header.
UNDER_HEADER_CONFIDENCE, BY_ORDER_CONFIDENCE, NO_HEADER_CONFIDENCE = 1.0, 0.9, 0.6

CellCode = tuple[str, str]  # (row, column) codes


class Placement(NamedTuple):
    """A slot, the row and column codes of its cell, and the confidence of the placement (0-1)."""

    slot: Slot
    row: str
    column: str
    confidence: float


def place_exact_line(line: DataLine, form: Form) -> list[Placement]:
    """Place the slots of a line in an exact grid: each under the header of its column, else all by printed order.

    A line must fill every cell that its header names: a shorter one has lost a cell, and the others may have moved.
    """
    codes = _list_codes(line, form)
    slots = _list_value_slots(line)
    slot_codes = [_find_code_above(slot, line) for slot in slots]
    headed_codes = _list_headed_codes(line) & set(codes)
    matches = [code for code in slot_codes if code in headed_codes]
    is_complete = len(matches) == len(headed_codes) == len(set(matches))
    if matches and is_complete and (line.row or headed_codes == set(codes)):
        pairs = zip(slots, slot_codes, strict=True)
        return [
            Placement(slot, *code, UNDER_HEADER_CONFIDENCE) for slot, code in pairs if code in headed_codes and code
        ]
    return _place_by_order(slots, slot_codes, codes)


def place_guessed_line(line: DataLine, form: Form, usual_column: int | None, widest: int) -> list[Placement]:
    """Place the slots of a line in a guessed grid: the one run of slots that holds every number of the line.

    `widest` is the number of texts in the fullest line below the header. Where it is not more than the header names
    columns, the report leaves out the other columns, and a separator at the end of a line is no cell.
    The run must begin where the header's columns begin or where most other lines begin (`usual_column`, 0-based).
    Where several runs are possible, it must begin where both do.
    """
    slots = _list_value_slots(line)
    header_start = _find_slot_at(slots, min(line.header.columns, default=None))
    hints = {start for start in (header_start, _find_slot_at(slots, usual_column)) if start is not None}
    possible_codes = _list_possible_codes(line, form)
    leaves_out_columns = len(possible_codes) > 1 and widest <= len(possible_codes[1]) and not is_head_shifted(line)
    for codes in possible_codes[1:] if leaves_out_columns else possible_codes:
        start = _find_run_start(slots, len(codes), hints)
        if start is not None:
            return _place_run(line, slots[start : start + len(codes)], codes)
    return []


def is_head_shifted(line: DataLine) -> bool:
    """Return whether the header names a column over a line's label: its spans were lost, as in stored page text."""
    return bool(line.row and line.slots) and min(line.header.columns, default=MAX_SLOTS) < line.slots[0].column


def place_headless_line(line: DataLine, form: Form) -> list[Placement]:
    """Place the texts of a line by printed order, if there is one for each cell of its row."""
    codes = _list_codes(line, form)
    texts = [slot for slot in _list_value_slots(line) if slot.text]
    if len(texts) != len(codes):
        return []
    return [Placement(slot, *code, NO_HEADER_CONFIDENCE) for slot, code in zip(texts, codes, strict=True)]


def count_texts_by_header(lines: Sequence[DataLine]) -> dict[int, int]:
    """Return for each header, by its identity in memory, the number of texts in the fullest line below it."""
    widest: dict[int, int] = {}
    for line in lines:
        count = sum(bool(slot.text) for slot in _list_value_slots(line))
        widest[id(line.header)] = max(widest.get(id(line.header), 0), count)
    return widest


def find_usual_first_column(lines: Sequence[DataLine], form: Form) -> int | None:
    """Return the 0-based column in which most lines with only one possible run begin it; None without such a line."""
    votes: Counter[int] = Counter()
    for line in lines:
        slots = _list_value_slots(line)
        runs = (list(_list_run_starts(slots, len(codes))) for codes in _list_possible_codes(line, form))
        starts = next((run_starts for run_starts in runs if run_starts), [])
        if line.row and len(starts) == 1:
            votes[slots[starts[0]].column] += 1
    return max(sorted(votes), key=lambda column: votes[column]) if votes else None


def _list_value_slots(line: DataLine) -> list[Slot]:
    """Return the slots of a line without those that hold only a unit."""
    return [slot for slot in line.slots if not is_unit(slot.text)]


def _list_codes(line: DataLine, form: Form) -> list[CellCode]:
    """Return the codes of the cells that the form prints in a line, in printed order."""
    table = form.tables[line.table]
    if line.row:
        return [(line.row, column) for column in table.block_of(line.row).columns]
    return list(table.cells)


def _list_possible_codes(line: DataLine, form: Form) -> list[list[CellCode]]:
    """Return the lists of cells that a line may hold: the form's, and the header's where it names fewer of them."""
    codes = _list_codes(line, form)
    header_codes = _list_headed_codes(line)
    headed_codes = [code for code in codes if code in header_codes]
    return [codes, headed_codes] if line.row and 0 < len(headed_codes) < len(codes) else [codes]


def _list_headed_codes(line: DataLine) -> set[CellCode | None]:
    """Return the cells that the header's columns name for a line; None for a column that names no cell."""
    return {_find_headed_code(line, column) for column in line.header.columns}


def _find_headed_code(line: DataLine, column: int) -> CellCode | None:
    """Return the cell that the header names for a line in a 0-based grid column."""
    column_code = line.header.columns.get(column)
    row = line.row or line.header.groups.get(column)
    return (row, column_code) if row and column_code else None


def _find_code_above(slot: Slot, line: DataLine) -> CellCode | None:
    """Return the cell that the header names over the full width of a slot, None if it names none or several."""
    codes = {_find_headed_code(line, c) for c in range(slot.column, slot.column + slot.width)} - {None}
    return codes.pop() if len(codes) == 1 else None


def _place_by_order(
    slots: Sequence[Slot], slot_codes: Sequence[CellCode | None], codes: Sequence[CellCode]
) -> list[Placement]:
    """Place slots by printed order, if they are as many as the cells and no header names another cell."""
    if len(slots) != len(codes) or any(c not in (None, code) for c, code in zip(slot_codes, codes, strict=True)):
        return []
    confidence = BY_ORDER_CONFIDENCE if any(slot_codes) else NO_HEADER_CONFIDENCE
    return [Placement(slot, *code, confidence) for slot, code in zip(slots, codes, strict=True)]


def _place_run(line: DataLine, run: Sequence[Slot], codes: Sequence[CellCode]) -> list[Placement]:
    """Place a run of slots: in the header's order where it names exactly these cells, else in the form's order.

    Numbers without one at the end, where the total belongs, may have moved because blanks before them were lost.
    """
    slot_codes = [_find_headed_code(line, slot.column) for slot in run]
    if any(code and code[1] == OPPOSITE for code in slot_codes):
        return []
    if set(slot_codes) == set(codes):
        codes = [code for code in slot_codes if code]
    elif not line.row and any(c not in (None, code) for c, code in zip(slot_codes, codes, strict=True)):
        return []
    may_have_moved = not run[-1].text and any(slot.text for slot in run)
    confidence = BY_ORDER_CONFIDENCE if line.header.columns and not may_have_moved else NO_HEADER_CONFIDENCE
    return [Placement(slot, *code, confidence) for slot, code in zip(run, codes, strict=True)]


def _find_run_start(slots: Sequence[Slot], width: int, hints: set[int]) -> int | None:
    """Return the index of the slot at which the run of `width` slots starts; None without a run, or if unclear.

    `hints` holds the slot indexes at which the header and the other lines let it start.
    """
    starts = list(_list_run_starts(slots, width))
    readings = {tuple(slot.text for slot in slots[i : i + width]) for i in starts}
    if len(readings) > 1:
        starts = [i for i in starts if hints == {i}]
    elif hints:
        starts = [i for i in starts if i in hints]
    return starts[0] if starts else None


def _list_run_starts(slots: Sequence[Slot], width: int) -> Iterator[int]:
    """Yield the start index of each run of `width` slots that holds every text among the slots."""
    filled = [i for i, slot in enumerate(slots) if slot.text]
    for start in range(len(slots) - width + 1):
        if not filled or (start <= filled[0] and filled[-1] < start + width):
            yield start


def _find_slot_at(slots: Sequence[Slot], column: int | None) -> int | None:
    """Return the index of the slot that begins in the 0-based grid column; None without a column or slot."""
    return next((i for i, slot in enumerate(slots) if slot.column == column), None)
