"""From a grid to statutory cells, anchored on the labels of row and column, so that a blank never moves a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.core.form import Form
from pipeline.core.model import Cell, Finding, Grid, Severity
from pipeline.core.text import is_number, is_unit, parse_cell
from pipeline.extract.labels import LabelIndex
from pipeline.extract.layout import Header, Line, Slot, data_lines

# Confidence of a cell by what placed it, times that of its label.
ANCHORED, COUNTED, UNHEADED = 1.0, 0.9, 0.6

Places = list[tuple[Slot, str, str, float]]  # slot, row, column, confidence


@dataclass(frozen=True)
class Taken:
    """The cells of a grid, and a finding for every number in it that could not be placed."""

    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]


def take(grid: Grid, number: int, form: Form, index: LabelIndex) -> Taken:
    """The statutory cells of one grid; a grid with none is another table and gives no findings."""
    lines, loose = data_lines(grid, form, index)
    shift = None if grid.exact else _usual_shift(lines, form)
    cells: list[Cell] = []
    for line in lines:
        placed = _place_exact(line, form) if grid.exact else _place_ragged(line, form, shift)
        cells += [_cell(p, line, number, form) for p in placed]
        used = {slot.column for slot, *_ in placed}
        loose += [(line.number, s, "error") for s in line.slots if s.column not in used and is_number(s.text)]
    findings = [_unplaced(s, number, row, severity) for row, s, severity in loose] if cells else _other(grid, number)
    return Taken(tuple(cells), tuple(findings))


def _other(grid: Grid, number: int) -> list[Finding]:
    """A table without any statutory cell is not the form's, but if it has numbers the reader of it is told."""
    numbers = [c for c in grid.cells if is_number(c.text)]
    if not numbers:
        return []
    first = next((c.text for c in grid.cells if c.text and not is_number(c.text)), "")
    place = f"page {numbers[0].page}, grid {number + 1}"
    return [Finding("extract.other_table", place, "fail", "warning", note=f"{first[:20]} ({len(numbers)})")]


def _cell(place: tuple[Slot, str, str, float], line: Line, number: int, form: Form) -> Cell:
    slot, row, column, confidence = place
    unit = form.tables[line.table].units[row, column]
    value, kind = parse_cell(slot.text, unit, line.header.units.get(slot.column, ""))
    confidence = round(confidence * line.confidence * slot.confidence, 4)
    return Cell(
        line.table, row, column, slot.text, value, kind, unit, slot.page, number, line.number, slot.column, confidence
    )


def _unplaced(slot: Slot, grid: int, row: int, severity: Severity) -> Finding:
    place = f"page {slot.page}, grid {grid + 1}, row {row + 1}, column {slot.column + 1}"
    return Finding("extract.unplaced", place, "fail", severity, note=slot.text)


def _targets(line: Line, form: Form) -> list[tuple[str, str]]:
    """The (row, column) codes of a line in printed order."""
    table = form.tables[line.table]
    if line.row:
        return [(line.row, c) for c in table.block_of(line.row).columns]
    return list(table.cells)


def _header_target(header: Header, line: Line, column: int) -> tuple[str, str] | None:
    code = header.columns.get(column)
    row = line.row or header.groups.get(column)
    return (row, code) if row and code else None


def _place_exact(line: Line, form: Form) -> Places:
    """Where columns are known: each slot belongs to the header above it, or to none.

    A line must fill all that its header names: in a shorter one a cell was lost and the rest may have moved.
    """
    targets = _targets(line, form)
    slots = [s for s in line.slots if not is_unit(s.text)]
    named = [_above(s, line) for s in slots]
    headed = {_header_target(line.header, line, c) for c in line.header.columns} & set(targets)
    hits = [n for n in named if n in headed]
    if hits and len(hits) == len(headed) == len(set(hits)) and (line.row or headed == set(targets)):
        return [(s, *n, ANCHORED) for s, n in zip(slots, named, strict=True) if n in headed and n]
    return _in_order(slots, named, targets)


def _above(slot: Slot, line: Line) -> tuple[str, str] | None:
    """What the header names over the slot's whole width, if that is one thing."""
    over = {_header_target(line.header, line, c) for c in range(slot.column, slot.column + slot.width)} - {None}
    return over.pop() if len(over) == 1 else None


def _in_order(
    slots: Sequence[Slot], named: Sequence[tuple[str, str] | None], targets: Sequence[tuple[str, str]]
) -> Places:
    """By printed order: only if there are as many slots as cells and no header names another cell."""
    if len(slots) != len(targets) or any(n not in (None, t) for n, t in zip(named, targets, strict=True)):
        return []
    sure = COUNTED if any(named) else UNHEADED
    return [(s, *t, sure) for s, t in zip(slots, targets, strict=True)]


def _place_ragged(line: Line, form: Form, usual: int | None) -> Places:
    """Where columns are only guessed: the one run of slots that holds every number of the line.

    It must begin where the header's columns or most other lines' numbers do; where several runs would, where both do.
    """
    slots = [s for s in line.slots if not is_unit(s.text)]
    hints = {h for h in (_header_start(line, slots), _start_at(slots, usual)) if h is not None}
    for targets in _orders(line, form):
        start = _run_start(slots, len(targets), hints)
        if start is not None:
            return _placed(line, slots[start : start + len(targets)], targets)
    return []


def _placed(line: Line, window: Sequence[Slot], targets: Sequence[tuple[str, str]]) -> Places:
    """The run's cells: in the header's order where that stands over these very columns, else in the form's."""
    named = [_header_target(line.header, line, s.column) for s in window]
    if set(named) == set(targets):
        targets = [n for n in named if n]
    elif not line.row and any(n not in (None, t) for n, t in zip(named, targets, strict=True)):
        return []
    return [(s, *t, COUNTED if line.header.columns else UNHEADED) for s, t in zip(window, targets, strict=True)]


def _orders(line: Line, form: Form) -> list[list[tuple[str, str]]]:
    """Which cells the line may hold: all of the form's, or where its header names fewer, only those."""
    targets = _targets(line, form)
    headed = {_header_target(line.header, line, c) for c in line.header.columns}
    named = [t for t in targets if t in headed]
    return [targets, named] if line.row and 0 < len(named) < len(targets) else [targets]


def _run_start(slots: Sequence[Slot], width: int, hints: set[int]) -> int | None:
    """Where the run of `width` slots starts, None if there is none or more than one that could be meant."""
    starts = list(_windows(slots, width))
    readings = {tuple(s.text for s in slots[i : i + width]) for i in starts}
    if len(readings) > 1:
        starts = [i for i in starts if hints == {i}]
    elif hints:
        starts = [i for i in starts if i in hints]
    return starts[0] if starts else None


def _windows(slots: Sequence[Slot], width: int) -> Iterator[int]:
    """The starts of runs of `width` slots outside which no text stands."""
    filled = [i for i, s in enumerate(slots) if s.text]
    for start in range(len(slots) - width + 1):
        if not filled or (start <= filled[0] and filled[-1] < start + width):
            yield start


def _usual_shift(lines: Sequence[Line], form: Form) -> int | None:
    """The column in which most lines of the grid, those that leave no choice, begin their numbers."""
    found: Counter[int] = Counter()
    for line in lines:
        slots = [s for s in line.slots if not is_unit(s.text)]
        starts = next((s for o in _orders(line, form) if (s := list(_windows(slots, len(o))))), [])
        if line.row and len(starts) == 1:
            found[slots[starts[0]].column] += 1
    return max(sorted(found), key=lambda c: found[c]) if found else None


def _header_start(line: Line, slots: Sequence[Slot]) -> int | None:
    return _start_at(slots, min(line.header.columns, default=None))


def _start_at(slots: Sequence[Slot], column: int | None) -> int | None:
    return next((i for i, s in enumerate(slots) if s.column == column), None)
