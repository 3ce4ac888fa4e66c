"""A statutory table as rows of cells for an HTML page, with the spans of the printed form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.core.form import Table
from pipeline.core.form_grid import lay_out


@dataclass(frozen=True)
class CellContent:
    """The content of a statutory cell on a page: text, CSS class, and a note such as the implied value."""

    text: str
    css_class: str = ""
    note: str = ""


@dataclass(frozen=True)
class DrawnCell:
    """A cell of the drawn table. `address` is empty for a label."""

    text: str
    rowspan: int
    colspan: int
    address: str = ""
    css_class: str = ""
    note: str = ""


def draw_table(table: Table, contents: Mapping[str, CellContent]) -> Sequence[Sequence[DrawnCell]]:
    """Return the rows of the printed table, each with its cells from left to right.

    `contents` is by address. A statutory cell without content is empty.
    """
    addresses = {f"{table.code}/{r}/{c}" for r, c in table.cells}
    # The addresses serve as texts of the layout, which distinguishes statutory cells from labels.
    grid_cells = sorted(lay_out(table, {a: a for a in addresses}), key=lambda c: (c.row, c.column))
    rows = []
    for _, row in groupby(grid_cells, key=lambda c: c.row):
        drawn = []
        for cell in row:
            if cell.text in addresses:
                content = contents.get(cell.text, CellContent(""))
                shape = (cell.rowspan, cell.colspan)
                drawn.append(DrawnCell(content.text, *shape, cell.text, content.css_class, content.note))
            else:
                drawn.append(DrawnCell(cell.text, cell.rowspan, cell.colspan))
        rows.append(drawn)
    return rows
