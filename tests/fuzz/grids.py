"""Grids as text for the fuzzer: one line per row, tabs between cells.

A cell of two rows and three columns begins with `2x3:`. A line `#exact` or `#ragged` ends a grid, and tells whether the
next one is exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.core.model import Grid, GridCell

_SPANS = re.compile(r"(\d{1,3})x(\d{1,3}):")
_EXACT_LINE, _RAGGED_LINE = "#exact", "#ragged"


def parse_grids(data: bytes) -> Iterator[Grid]:
    """Yield the grids that a text describes."""
    is_exact, lines = True, list[str]()
    for line in data.decode("utf-8", "replace").splitlines():
        if line in (_EXACT_LINE, _RAGGED_LINE):
            yield Grid(tuple(_cells(lines)), is_exact)
            is_exact, lines = line == _EXACT_LINE, []
        else:
            lines.append(line)
    yield Grid(tuple(_cells(lines)), is_exact)


def format_grid(grid: Grid) -> str:
    """Return the text that describes a grid."""
    rows: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(cell)
    lines = ("\t".join(_field(c) for c in rows.get(r, [])) for r in range(max(rows, default=-1) + 1))
    return "\n".join([_EXACT_LINE if grid.exact else _RAGGED_LINE, *lines, ""])


def _field(cell: GridCell) -> str:
    """Return a cell with its spans, without tabs and line breaks."""
    spans = f"{cell.rowspan}x{cell.colspan}:" if cell.rowspan * cell.colspan > 1 else ""
    return spans + cell.text.replace("\t", " ").replace("\n", " ")


def _cells(lines: list[str]) -> Iterator[GridCell]:
    """Yield the cells; each takes the first free column of its row."""
    first_free_rows: dict[int, int] = {}  # by column
    for row, line in enumerate(lines):
        column = 0
        for field in line.split("\t"):
            while first_free_rows.get(column, 0) > row:
                column += 1
            spans = _SPANS.match(field)
            rowspan, colspan = (max(1, int(n)) for n in spans.groups()) if spans else (1, 1)
            first_free_rows.update(dict.fromkeys(range(column, column + colspan), row + rowspan))
            yield GridCell(field[spans.end() :] if spans else field, row, column, rowspan, colspan)
            column += colspan
