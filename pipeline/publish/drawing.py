"""A statutory table drawn for a page: every place of the printed form, each statutory cell with its marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.core.form import Table
from pipeline.core.form_grid import lay_out


@dataclass(frozen=True)
class Place:
    """A place of the drawn table, a label where `address` is empty; `mark` names its look, `note` stands beside."""

    text: str
    rowspan: int
    colspan: int
    address: str = ""
    mark: str = ""
    note: str = ""


@dataclass(frozen=True)
class Mark:
    """What a statutory cell shows: its text, the look, and a note (the proposed value)."""

    text: str
    mark: str = ""
    note: str = ""


def draw(table: Table, marks: Mapping[str, Mark]) -> Sequence[Sequence[Place]]:
    """The lines of the table, each its places from left to right. A cell without a mark is empty."""
    addresses = {f"{table.code}/{r}/{c}" for r, c in table.cells}
    # Laid out with the addresses for texts, so that the cells can be told from the labels.
    cells = sorted(lay_out(table, {a: a for a in addresses}), key=lambda c: (c.row, c.column))
    lines = []
    for _, line in groupby(cells, key=lambda c: c.row):
        places = []
        for c in line:
            shown = marks.get(c.text, Mark("")) if c.text in addresses else None
            if shown is None:
                places.append(Place(c.text, c.rowspan, c.colspan))
            else:
                places.append(Place(shown.text, c.rowspan, c.colspan, c.text, shown.mark, shown.note))
        lines.append(places)
    return lines
