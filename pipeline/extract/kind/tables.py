"""Read the tables of a kind of report: its numbers, its lists and its attributes, and report what was not read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.core.kind import DOUBTFUL, Kind
from pipeline.core.model import Cell, Finding, Grid, Paragraph, ReportEntry
from pipeline.core.places import table_place
from pipeline.core.text import fold, is_number, normalize
from pipeline.extract.grid_lines import Slot, StrayNumber
from pipeline.extract.kind.captions import PlacedGrid, place_grids
from pipeline.extract.kind.cells import read_cells
from pipeline.extract.kind.crosstab import read_crosstab
from pipeline.extract.kind.labels import Line, labels_in, list_lines
from pipeline.extract.kind.lists import Entry, Head, has_list_label, number_entries, read_attributes, read_list, sums_of
from pipeline.extract.kind.scope import Scope
from pipeline.extract.kind.unread import counted
from pipeline.extract.table_findings import report_conflict, report_lines

MAX_NOTE_CHARS = 20


@dataclass
class _Reading:
    """The content of the grids that were read so far; the first cell with an address and the first attribute count."""

    scope: Scope
    cells: dict[str, Cell] = field(default_factory=dict)
    attributes: dict[str, ReportEntry] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    head: Head | None = None  # of the list that the next grid may continue

    def add(self, placed: PlacedGrid, number: int) -> None:
        """Read a grid; `number` is its place in the document."""
        grid, kind = placed.grid, self.scope.kind
        lines, place = list_lines(grid), table_place(grid, number)
        if len(grid.cells) == 1:  # prose
            return
        if placed.is_other:
            self._report_unread(grid, lines, place)
            return
        cells = list(self._read_cells(lines, number)) or list(self._read_crosstab(lines, number))
        earlier = self.head if placed.follows and not cells else None
        heads, entries = read_list(lines, number, kind, earlier)
        attributes = list(read_attributes(lines, number, kind))
        for attribute in attributes:
            self.attributes.setdefault(attribute.column, attribute)
        self.head = heads[-1] if heads else None
        self.entries += entries
        if cells:
            used = {(c.grid_row, c.grid_column) for c in cells} | {(a.grid_row, a.grid_column) for a in attributes}
            self.findings += _report_strays(grid, number, used)
        elif entries:
            if note := "; ".join(sums_of(lines)):
                self.findings.append(Finding("kind.unread_sum", place, "fail", "warning", note=note))
            unread = dict.fromkeys(text for head in heads if head is not earlier for text in head.unread)
            if note := ", ".join(unread):
                self.findings.append(Finding("kind.unread_columns", place, "fail", "warning", note=note))
        elif not attributes:
            self._report_unread(grid, lines, place)

    def _read_crosstab(self, lines: Sequence[tuple[int, Line]], number: int) -> Iterator[Cell]:
        for cell in read_crosstab(lines, number, self.scope.kind):
            self._add_cell(cell)
            yield cell

    def _add_cell(self, cell: Cell) -> None:
        """Add a cell; the first with an address counts, in doubt if another one prints something else."""
        first = self.cells.setdefault(cell.address, cell)
        if first is not cell and fold(first.raw) != fold(cell.raw):
            self.findings.append(report_conflict(first, cell))
            self.cells[cell.address] = replace(first, confidence=min(first.confidence, DOUBTFUL))

    def _report_unread(self, grid: Grid, lines: Sequence[tuple[int, Line]], place: str) -> None:
        if note := _unread(grid, lines, self.scope.kind):
            self.findings.append(Finding("kind.unread_table", place, "fail", "warning", note=note))

    def _read_cells(self, lines: Sequence[tuple[int, Line]], number: int) -> Iterator[Cell]:
        """Yield all cells of a grid; add each address once, and the findings about several numbers for one."""
        for cell, others in read_cells(lines, number, self.scope):
            self._add_cell(cell)
            if others:
                note = " | ".join((cell.raw, *others))
                finding = Finding("kind.conflict", cell.address, "fail", "warning", cells=(cell.address,), note=note)
                self.findings.append(finding)
            yield cell


def read_tables(
    blocks: Sequence[Paragraph | Grid], scope: Scope
) -> tuple[list[Cell], list[ReportEntry], list[Finding]]:
    """Return the cells, each address once, the attributes and the lines of lists, and the findings about the grids."""
    reading = _Reading(scope)
    for number, placed in enumerate(place_grids(blocks, scope)):
        reading.add(placed, number)
    entries = [*reading.attributes.values(), *number_entries(reading.entries)]
    return list(reading.cells.values()), entries, reading.findings


def _report_strays(grid: Grid, number: int, used: Collection[tuple[int, int]]) -> Iterator[Finding]:
    """Yield a finding for the numbers of a grid that no cell has; those of the first column number the lines."""
    strays = [
        StrayNumber(cell.row, Slot(cell.text, cell.column, cell.colspan, True, cell.page, cell.confidence), "warning")
        for cell in grid.cells
        if is_number(cell.text.rstrip("%％"))
        and cell.column
        and not _is_used(cell.row, cell.rowspan, cell.column, used)
    ]
    if strays:
        yield report_lines(grid, number, strays, "warning", ())


def _is_used(row: int, rowspan: int, column: int, used: Collection[tuple[int, int]]) -> bool:
    return any((line, column) in used for line in range(row, row + rowspan))


def _unread(grid: Grid, lines: Sequence[tuple[int, Line]], kind: Kind) -> str:
    """Return a note on a grid that nothing was read of, '' if it has neither numbers nor a label of the kind."""
    numbers = sum(is_number(cell.text) or bool(counted(kind).search(normalize(cell.text))) for cell in grid.cells)
    has_label = any(labels_in(line, kind) or (len(line) > 1 and has_list_label(line, kind)) for _, line in lines)
    text = next((cell.text for cell in grid.cells if cell.text and not is_number(cell.text)), "")
    return f"{text[:MAX_NOTE_CHARS]} ({numbers or len(grid.cells)})" if numbers or has_label else ""
