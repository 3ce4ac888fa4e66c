"""Tables split over pages: which part follows which, repeated headers, cells cut by the page break; parts to a Grid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.model import Grid, GridCell
from pipeline.core.text import is_value, normalize
from pipeline.read.layout.lattice import nearest
from pipeline.read.layout.lines import joined
from pipeline.read.layout.page import Field, Table

AGREE = 4.0  # points by which the column edges of two parts may differ
_BEGINS = re.compile(r"^(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）.、]|第.{1,4}条|合计|总计|其中)")

Part = tuple[int, Table]  # page number and the table's part on it


def follows(above: Part, below: Part) -> bool:
    """Whether a part goes on with the one before: on the next page, between the same edges, with columns that agree."""
    (page, first), (next_page, second) = above, below
    if next_page != page + 1 or not _agree((first.xs[0], first.xs[-1]), (second.xs[0], second.xs[-1])):
        return False
    fewer, more = sorted((first.xs, second.xs), key=len)
    return all(abs(more[nearest(more, x)] - x) <= AGREE for x in fewer)


def _agree(some: Sequence[float], others: Sequence[float]) -> bool:
    return all(abs(a - b) <= AGREE for a, b in zip(some, others, strict=True))


def grid(parts: Sequence[Part]) -> Grid:
    """One exact Grid of a table's parts from top to bottom; each cell keeps the page it begins on."""
    xs = max((table.xs for _, table in parts), key=len)
    cells: list[GridCell] = []
    for page, table in parts:
        new = [_cell(field, page, table, xs) for field in table.fields]
        cells = _joined(cells, _without_head(cells, new)) if cells else new
    return Grid(tuple(sorted(cells, key=lambda c: (c.row, c.column))))


def _cell(field: Field, page: int, table: Table, xs: Sequence[float]) -> GridCell:
    left, right = (nearest(xs, table.xs[c]) for c in (field.column, field.column + field.colspan))
    return GridCell(field.text, field.row, left, field.rowspan, max(1, right - left), page, field.confidence)


def _without_head(above: Sequence[GridCell], new: Sequence[GridCell]) -> list[GridCell]:
    """The new part without the header lines that it repeats from the top of the table."""
    height = 0
    while (line := _line(new, height)) and line == _line(above, height):
        height += 1
    while any(c.row < height < c.row + c.rowspan for c in new):
        height -= 1  # a cell that reaches below them is no mere repetition
    return [replace(c, row=c.row - height) for c in new if c.row >= height]


def _line(cells: Sequence[GridCell], row: int) -> list[tuple[str, int, int]]:
    return sorted((c.text, c.column, c.colspan) for c in cells if c.row == row and c.text)


def _joined(above: Sequence[GridCell], new: Sequence[GridCell]) -> list[GridCell]:
    """The cells of both parts; those that the page break cut made one again."""
    height = max(c.row + c.rowspan for c in above)
    last = {(c.column, c.colspan): c for c in above if c.row + c.rowspan == height}
    first = {(c.column, c.colspan): c for c in new if c.row == 0}
    if _row_is_cut(last, first):
        pairs, shift = {k: (last[k], first[k]) for k in first}, height - 1
    else:
        # A spanning label stands left of the values; right of them begins a new line of data under its header.
        values = min((c.column for c in first.values() if is_value(c.text)), default=1 << 30)
        pairs = {
            k: (last[k], c) for k, c in first.items() if k in last and c.column < values and _cell_is_cut(last[k], c)
        }
        shift = height
    gone = {id(c) for pair in pairs.values() for c in pair}
    whole = [_one(upper, lower, shift) for upper, lower in pairs.values()]
    rest = [replace(c, row=c.row + shift) for c in new if id(c) not in gone]
    return [*(c for c in above if id(c) not in gone), *whole, *rest]


def _one(upper: GridCell, lower: GridCell, shift: int) -> GridCell:
    height = lower.row + shift + lower.rowspan - upper.row
    text = joined(t for t in (upper.text, lower.text) if t)
    return replace(upper, text=text, rowspan=height, confidence=min(upper.confidence, lower.confidence))


def _cell_is_cut(upper: GridCell, lower: GridCell) -> bool:
    """Whether a label that spans rows goes on: nothing new begins below, and one of them does span rows."""
    if upper.rowspan == lower.rowspan == 1 or is_value(upper.text) or is_value(lower.text):
        return False
    return bool(upper.text) and not _begins(lower.text)


def _row_is_cut(last: dict[tuple[int, int], GridCell], first: dict[tuple[int, int], GridCell]) -> bool:
    """Whether the break runs through a row: the same cells, the rest of a label below, and no value on both sides."""
    if set(first) - set(last) or not any(_is_label(c) for c in first.values()):
        return False
    pairs = [(last[k], c) for k, c in first.items() if c.rowspan == 1]
    labels = [(a, b) for a, b in pairs if _is_label(b)]
    values = [(a, b) for a, b in pairs if is_value(a.text) or is_value(b.text)]
    return (
        all(_is_label(a) and a.rowspan == 1 and not _begins(b.text) for a, b in labels)
        and bool(labels and values)
        and not any(is_value(b.text) for _, b in values)
    )


def _is_label(cell: GridCell) -> bool:
    return bool(cell.text) and not is_value(cell.text)


def _begins(text: str) -> bool:
    return bool(_BEGINS.match(normalize(text).replace(" ", "")))
