"""Apply the doubts about printed texts to cells and figures: drop uncertain values, and report the doubts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.core.model import Cell, Document, Figure, Finding, Grid
from pipeline.core.places import table_place
from pipeline.extract.visible import Doubt, Place

Doubts = Mapping[Place, tuple[Doubt, ...]]

_BROKEN_NUMBER = re.compile(r"\d\s+\d")
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,2}(?:\s\d{3})+(?!\d)")


def settle_cells(cells: Sequence[Cell], document: Document, doubts: Doubts) -> tuple[list[Cell], list[Finding]]:
    """Return the cells, without a value where it is uncertain, and the findings about doubts and merged numbers."""
    settled_cells, findings = list[Cell](), list[Finding]()
    if not doubts:  # as in most documents
        settled_cells = list(cells)
        cells = ()
    for cell in cells:
        cell_doubts = doubts.get(_get_place(cell), ())
        findings += [_report_doubt(cell, doubt) for doubt in cell_doubts]
        has_value = all(doubt.keeps_value for doubt in cell_doubts)
        settled_cells.append(cell if has_value else replace(cell, value=None, kind="text"))
    merged_groups = list(_find_merged(settled_cells, document))
    merged_addresses = {cell.address for group in merged_groups for cell in group}
    findings += [report_merged(group) for group in merged_groups]
    settled_cells = [replace(c, value=None, kind="text") if c.address in merged_addresses else c for c in settled_cells]
    return settled_cells, [*findings, *_report_unread(document.grids, doubts, {_get_place(cell) for cell in cells})]


def _get_place(cell: Cell) -> Place:
    return Place(cell.grid, cell.grid_row, cell.grid_column)


def _report_doubt(cell: Cell, doubt: Doubt) -> Finding:
    return Finding(doubt.code, cell.address, "fail", doubt.severity, cells=(cell.address,), note=doubt.note)


def _find_merged(cells: Sequence[Cell], document: Document) -> Iterator[list[Cell]]:
    """Yield the statutory cells that share one printed number other than 0, merged over their rows."""
    first_rows = {
        Place(number, cell.row + i, cell.column): cell.row
        for number, grid in enumerate(document.grids)
        for cell in grid.cells
        if cell.rowspan > 1 and _has_digit(cell.text)
        for i in range(cell.rowspan)
    }
    groups: dict[Place, list[Cell]] = defaultdict(list)
    for cell in cells if first_rows else ():
        first_row = first_rows.get(_get_place(cell))
        if first_row is not None and cell.value:
            groups[Place(cell.grid, first_row, cell.grid_column)].append(cell)
    yield from (group for group in groups.values() if len({cell.address for cell in group}) > 1)


def report_merged(group: Sequence[Cell]) -> Finding:
    """Return the finding for a number that stands for several cells."""
    addresses = tuple(dict.fromkeys(cell.address for cell in group))
    return Finding("extract.merged", "+".join(addresses), "fail", "error", cells=addresses, note=group[0].raw)


def _report_unread(grids: Sequence[Grid], doubts: Doubts, used_places: set[Place]) -> Iterator[Finding]:
    """Yield one finding per grid for hidden or struck numbers outside of statutory cells."""
    notes: dict[int, list[str]] = defaultdict(list)
    for place, place_doubts in doubts.items():
        if place not in used_places:
            notes[place.grid] += [d.note for d in place_doubts if d.code == "extract.unread" and _has_digit(d.note)]
    for grid, grid_notes in notes.items():
        if grid_notes:
            table = table_place(grids[grid], grid)
            yield Finding("extract.unread_line", table, "fail", "warning", note=", ".join(grid_notes[:5]))


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def drop_broken_figures(figures: Iterable[Figure]) -> tuple[tuple[Figure, ...], list[Finding]]:
    """Return the figures without those whose number has a gap that may separate two numbers, and findings for these."""
    kept_figures, findings = list[Figure](), list[Finding]()
    for figure in figures:
        if _BROKEN_NUMBER.search(_THOUSANDS.sub("", figure.raw)):
            findings.append(Finding("extract.broken_figure", figure.row, "fail", "warning", note=figure.raw))
        else:
            kept_figures.append(figure)
    return tuple(kept_figures), findings
