"""Word tables: the places of their cells from grid spans and merges, counted as Word does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.core.model import DataFault, GridCell
from pipeline.core.text import is_number
from pipeline.read.docx.text import PAGE, attribute, boxes, child, name_of, text_of

MAX_CELLS = 200_000
MAX_COLUMNS = 200
# Elements that only wrap rows and cells: content controls, tracked insertions, custom XML.
WRAPPERS = frozenset(("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))


@dataclass
class Tally:
    """What is counted over the whole document: the page reached, and the cells so far."""

    page: int = 1
    cells: int = 0


@dataclass
class _Open:
    """A cell that merges may still widen or lengthen."""

    text: str
    row: int
    column: int
    page: int
    rowspan: int = 1
    colspan: int = 1

    def close(self) -> GridCell:
        return GridCell(self.text, self.row, self.column, self.rowspan, self.colspan, self.page)


@dataclass
class _Table:
    cells: list[_Open] = field(default_factory=list)
    above: dict[int, _Open] = field(default_factory=dict)  # first column -> the cell that a merge would lengthen


def rows_of(table: etree._Element) -> list[tuple[etree._Element, list[etree._Element]]]:
    """The rows of a table that are not deleted, each with its cells."""
    rows = (row for row in _unwrapped(table, "tr") if child(row, "trPr", "del") is None)
    return [(row, list(_unwrapped(row, "tc"))) for row in rows]


def is_layout(table: etree._Element) -> bool:
    """Whether a table holds another one in a cell."""
    return next((e for e in table.iterdescendants() if name_of(e) == "tbl"), None) is not None


def grid_cells(table: etree._Element, tally: Tally) -> Iterator[GridCell]:
    """The cells of a table in printed order. Raises DataFault for more rows, columns or cells than any report has."""
    found = _Table()
    for r, (row, cells) in enumerate(rows_of(table)):
        tally.cells += len(cells)
        if tally.cells > MAX_CELLS:
            raise DataFault("read.too_many_cells", limit=MAX_CELLS)
        texts = [_cell_text(cell) for cell in cells]
        # Word marks a page break in each cell that goes on behind it; the row moves by one page all the same.
        tally.page += any(PAGE in text for text in texts)
        _row(found, r, row, list(zip(cells, texts, strict=True)), tally.page)
    return (cell.close() for cell in found.cells)


def _row(found: _Table, r: int, row: etree._Element, cells: list[tuple[etree._Element, str]], page: int) -> None:
    column = _number(child(row, "trPr", "gridBefore"))
    above, found.above = found.above, {}
    left: _Open | None = None
    for element, text in cells:
        width = max(1, _number(child(element, "tcPr", "gridSpan")))
        if column + width > MAX_COLUMNS:
            raise DataFault("read.too_many_columns", limit=MAX_COLUMNS)
        upper = above.get(column) if _goes_on(element, "vMerge") else None
        if left is not None and _goes_on(element, "hMerge"):
            left.colspan += width
        elif upper is not None:
            upper.rowspan = r - upper.row + 1
            found.above[column] = left = upper
        else:
            left = _Open(" ".join(text.split()), r, column, page, 1, width)
            found.cells.append(left)
            if child(element, "tcPr", "vMerge") is not None:
                found.above[column] = left
        column += width


def _goes_on(cell: etree._Element, merge: str) -> bool:
    """Whether the cell is the later part of a merge; a mark without a value means that."""
    mark = child(cell, "tcPr", merge)
    return mark is not None and attribute(mark, "val") != "restart"


def _number(element: etree._Element | None) -> int:
    value = attribute(element, "val")
    return min(int(value), MAX_COLUMNS + 1) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _cell_text(cell: etree._Element) -> str:
    """The cell's paragraphs as one text. Two numbers one below the other must not run together into one."""
    parts = [text for p in _paragraphs(cell) if (text := text_of(p)).strip()]
    numbers = sum(is_number(part) for part in parts) > 1
    return ("；" if numbers else " ").join(parts)


def _paragraphs(cell: etree._Element) -> Iterator[etree._Element]:
    for p in _unwrapped(cell, "p"):
        yield p
        for box in boxes(p):
            yield from _paragraphs(box)


def _unwrapped(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    for c in parent:
        if name_of(c) == name:
            yield c
        elif name_of(c) in WRAPPERS:
            yield from _unwrapped(c, name)
