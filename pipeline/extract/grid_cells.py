"""Turn one grid into statutory cells, anchored on row and column labels, so that a blank never moves a number."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.form import Form
from pipeline.core.model import Cell, Finding, Grid
from pipeline.core.own_sheets import is_own_sheet
from pipeline.core.places import table_place
from pipeline.core.text import is_number, parse_cell
from pipeline.core.units import MONEY, UNKNOWN
from pipeline.extract.grid_lines import DataLine, StrayNumber, find_data_lines
from pipeline.extract.labels import LabelIndex
from pipeline.extract.placement import (
    Placement,
    count_texts_by_header,
    find_usual_first_column,
    is_head_shifted,
    place_exact_line,
    place_guessed_line,
    place_headless_line,
)


@dataclass(frozen=True)
class GridCells:
    """The statutory cells of a grid, and its numbers without a place; `findings` are about a grid without any cell."""

    cells: tuple[Cell, ...]
    unplaced: tuple[StrayNumber, ...]
    findings: tuple[Finding, ...]


def extract_grid(grid: Grid, grid_number: int, form: Form, index: LabelIndex, unit_above: str = "") -> GridCells:
    """Return the statutory cells of one grid, and its numbers without a place.

    `grid_number` is the 0-based place of the grid in the document, and `unit_above` the unit that the line above it
    states. A grid without any statutory cell is another table:
    it gets at most one finding.
    """
    lines, stray_numbers = find_data_lines(grid, form, index)
    usual_column = None if grid.exact else find_usual_first_column(lines, form)
    widest = count_texts_by_header(lines)
    cells: list[Cell] = []
    for line in lines:
        placements = _place_line(line, grid, form, usual_column, widest[id(line.header)])
        cells += [_make_cell(placement, line, grid_number, form, unit_above) for placement in placements]
        used_columns = {placement.slot.column for placement in placements}
        unplaced_slots = [s for s in line.slots if s.column not in used_columns and is_number(s.text)]
        stray_numbers += [StrayNumber(line.grid_row, slot, "error") for slot in unplaced_slots]
    if not cells:
        return GridCells((), (), tuple(_report_other_table(grid, grid_number)))
    return GridCells(tuple(cells), tuple(stray_numbers), ())


def _place_line(line: DataLine, grid: Grid, form: Form, usual_column: int | None, widest: int) -> list[Placement]:
    if not grid.exact:
        return place_guessed_line(line, form, usual_column, widest)
    return place_headless_line(line, form) if is_head_shifted(line) else place_exact_line(line, form)


def _report_other_table(grid: Grid, grid_number: int) -> list[Finding]:
    """Return a finding for a table that is not part of the form, if it holds numbers."""
    numbers = [c for c in grid.cells if is_number(c.text)]
    texts = [c.text for c in grid.cells if c.text and not is_number(c.text)]
    if not numbers or is_own_sheet(grid.sheet, texts):
        return []
    first_text = next(iter(texts), "")
    place = table_place(grid, grid_number)
    return [Finding("extract.other_table", place, "fail", "warning", note=f"{first_text[:20]} ({len(numbers)})")]


def _make_cell(placement: Placement, line: DataLine, grid_number: int, form: Form, unit_above: str) -> Cell:
    """Return the statutory cell of a placed slot; its confidence is the product of placement, label and reader."""
    slot, row, column, confidence = placement
    unit = form.tables[line.table].units[row, column]
    value, kind = parse_cell(slot.text, unit, _choose_unit(line.header.units.get(slot.column, ""), unit_above, unit))
    confidence = round(confidence * line.confidence * slot.confidence, 4)
    place = (slot.page, grid_number, line.grid_row, slot.column)
    return Cell(line.table, row, column, slot.text, value, kind, unit, *place, confidence)


def _choose_unit(in_header: str, above: str, statutory: str) -> str:
    """Return the unit of a number without one: that of its header, else, for money, that of the line above the table.

    If the two differ, no one knows which counts: the unit is unknown.
    """
    if statutory not in MONEY or not above:
        return in_header
    return above if in_header in ("", above) else UNKNOWN
