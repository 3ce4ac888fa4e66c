"""Grids as text: a line a row, tabs between cells, `2x3:` before a cell of two rows and three columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.core.model import Grid, GridCell

_SPANS = re.compile(r"(\d{1,3})x(\d{1,3}):")
_EXACT, _NEXT = "#exact", "#ragged"  # lines that end a grid and say what the next one is


def grid_of(data: bytes) -> Iterator[Grid]:
    """The grids that a text describes."""
    exact, lines = True, list[str]()
    for line in data.decode("utf-8", "replace").splitlines():
        if line in (_EXACT, _NEXT):
            yield Grid(tuple(_cells(lines)), exact)
            exact, lines = line == _EXACT, []
        else:
            lines.append(line)
    yield Grid(tuple(_cells(lines)), exact)


def text_of(grid: Grid) -> str:
    """The text that describes a grid."""
    rows: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(cell)
    lines = ("\t".join(_field(c) for c in rows.get(r, [])) for r in range(max(rows, default=-1) + 1))
    return "\n".join([_EXACT if grid.exact else _NEXT, *lines, ""])


def _field(cell: GridCell) -> str:
    spans = f"{cell.rowspan}x{cell.colspan}:" if cell.rowspan * cell.colspan > 1 else ""
    return spans + cell.text.replace("\t", " ").replace("\n", " ")


def _cells(lines: list[str]) -> Iterator[GridCell]:
    """The cells; each takes the first free place of its row."""
    taken: dict[int, int] = {}
    for row, line in enumerate(lines):
        column = 0
        for field in line.split("\t"):
            while taken.get(column, 0) > row:
                column += 1
            found = _SPANS.match(field)
            down, across = (max(1, int(n)) for n in found.groups()) if found else (1, 1)
            taken.update(dict.fromkeys(range(column, column + across), row + down))
            yield GridCell(field[found.end() :] if found else field, row, column, down, across)
            column += across
