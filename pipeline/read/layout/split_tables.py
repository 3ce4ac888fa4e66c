"""Merge tables that page breaks split: drop repeated headers, and rejoin rows and labels that a break cut in two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.core.model import Grid, GridCell
from pipeline.core.text import is_value, normalize
from pipeline.read.layout.lattice import find_nearest
from pipeline.read.layout.lines import join_texts
from pipeline.read.layout.page import Field, Page, Table

MAX_EDGE_DIFFERENCE = 4.0  # points by which the column edges of two parts may differ
_LABEL_START = re.compile(r"^(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）.、]|第.{1,4}条|合计|总计|其中)")

CellsByColumn = dict[tuple[int, int], GridCell]  # the keys are (column, colspan)


class TablePart(NamedTuple):
    """The part of a table on one page."""

    page: Page
    table: Table


def is_continuation(upper_part: TablePart, lower_part: TablePart) -> bool:
    """Return whether `lower_part` continues `upper_part`: it is on the next page, and the column edges of both agree.

    Outer edges must be equal within `MAX_EDGE_DIFFERENCE`; an inner edge may be missing in one part.
    """
    first, second = upper_part.table.xs, lower_part.table.xs
    if lower_part.page.number != upper_part.page.number + 1 or not _has_equal_edges(
        (first[0], first[-1]), (second[0], second[-1])
    ):
        return False
    fewer_edges, more_edges = sorted((first, second), key=len)
    return all(abs(more_edges[find_nearest(more_edges, x)] - x) <= MAX_EDGE_DIFFERENCE for x in fewer_edges)


def _has_equal_edges(edges: Sequence[float], other_edges: Sequence[float]) -> bool:
    return all(abs(a - b) <= MAX_EDGE_DIFFERENCE for a, b in zip(edges, other_edges, strict=True))


def merge_parts(parts: Sequence[TablePart]) -> Grid:
    """Return one exact Grid of a table's parts, from top to bottom; each cell keeps the page on which it begins."""
    xs = max((table.xs for _, table in parts), key=len)
    cells: list[GridCell] = []
    for page, table in parts:
        part_cells = [_make_cell(field, page, table, xs) for field in table.fields]
        cells = _append_part(cells, _drop_repeated_header(cells, part_cells)) if cells else part_cells
    return Grid(tuple(sorted(cells, key=lambda c: (c.row, c.column))))


def _make_cell(field: Field, page: Page, table: Table, xs: Sequence[float]) -> GridCell:
    """Return a field as a grid cell, in the columns that `xs` bounds."""
    left, right = (find_nearest(xs, table.xs[c]) for c in (field.column, field.column + field.colspan))
    box = field.box
    shares = (box.x0 / page.width, box.top / page.height, box.x1 / page.width, box.bottom / page.height)
    place = (field.row, left, field.rowspan, max(1, right - left), page.number)
    return GridCell(field.text, *place, field.confidence, field.marks, box=None if page.is_turned else shares)


def _drop_repeated_header(upper_cells: Sequence[GridCell], part_cells: Sequence[GridCell]) -> list[GridCell]:
    """Return the cells of a part without the header lines that it repeats from the top of the table."""
    height = 0
    while (line := _list_line(part_cells, height)) and line == _list_line(upper_cells, height):
        height += 1
    while any(c.row < height < c.row + c.rowspan for c in part_cells):
        height -= 1  # a cell that extends below these lines is more than a repetition
    return [replace(c, row=c.row - height) for c in part_cells if c.row >= height]


def _list_line(cells: Sequence[GridCell], row: int) -> list[tuple[str, int, int]]:
    """Return (text, column, colspan) of the cells with text that begin in a row."""
    return sorted((c.text, c.column, c.colspan) for c in cells if c.row == row and c.text)


def _append_part(upper_cells: Sequence[GridCell], part_cells: Sequence[GridCell]) -> list[GridCell]:
    """Return the cells of both parts; the two halves of a cell that the page break cut become one cell."""
    height = max(c.row + c.rowspan for c in upper_cells)
    last_row = {(c.column, c.colspan): c for c in upper_cells if c.row + c.rowspan == height}
    first_row = {(c.column, c.colspan): c for c in part_cells if c.row == 0}
    if _is_row_cut(last_row, first_row):
        halves, shift = {key: (last_row[key], first_row[key]) for key in first_row}, height - 1
    else:
        # A spanning label is left of the values. A cell right of them begins a new data line under its header.
        first_value_column = min((c.column for c in first_row.values() if is_value(c.text)), default=1 << 30)
        halves = {
            key: (last_row[key], cell)
            for key, cell in first_row.items()
            if key in last_row and cell.column < first_value_column and _is_cell_cut(last_row[key], cell)
        }
        shift = height
    half_ids = {id(c) for pair in halves.values() for c in pair}
    rejoined_cells = [_rejoin(upper, lower, shift) for upper, lower in halves.values()]
    other_cells = [replace(c, row=c.row + shift) for c in part_cells if id(c) not in half_ids]
    return [*(c for c in upper_cells if id(c) not in half_ids), *rejoined_cells, *other_cells]


def _rejoin(upper: GridCell, lower: GridCell, shift: int) -> GridCell:
    """Return two halves as one cell; `shift` is the grid row at which the lower part begins."""
    rowspan = lower.row + shift + lower.rowspan - upper.row
    text = join_texts(t for t in (upper.text, lower.text) if t)
    shift = len(text) - len(lower.text)
    marks = upper.marks + tuple(replace(m, start=m.start + shift, end=m.end + shift) for m in lower.marks)
    confidence = min(upper.confidence, lower.confidence)
    return replace(upper, text=text, rowspan=rowspan, confidence=confidence, marks=marks)


def _is_cell_cut(upper: GridCell, lower: GridCell) -> bool:
    """Return whether two cells are halves of one label: one of them spans rows, and the lower starts no new label."""
    if upper.rowspan == lower.rowspan == 1 or is_value(upper.text) or is_value(lower.text):
        return False
    return bool(upper.text) and not _is_label_start(lower.text)


def _is_row_cut(last_row: CellsByColumn, first_row: CellsByColumn) -> bool:
    """Return whether the page break cuts through a row.

    Then both rows have the same cells, the upper one has values, and the lower one has only the rest of labels.
    """
    if set(first_row) - set(last_row) or not any(_is_label(c) for c in first_row.values()):
        return False
    pairs = [(last_row[key], cell) for key, cell in first_row.items() if cell.rowspan == 1]
    labels = [(upper, lower) for upper, lower in pairs if _is_label(lower)]
    values = [(upper, lower) for upper, lower in pairs if is_value(upper.text) or is_value(lower.text)]
    return (
        all(_is_label(upper) and upper.rowspan == 1 and not _is_label_start(lower.text) for upper, lower in labels)
        and bool(labels and values)
        and not any(is_value(lower.text) for _, lower in values)
    )


def _is_label(cell: GridCell) -> bool:
    return bool(cell.text) and not is_value(cell.text)


def _is_label_start(text: str) -> bool:
    """Return whether a text begins like a new label: with a list number, an article, 合计, 总计 or 其中."""
    return bool(_LABEL_START.match(normalize(text).replace(" ", "")))
