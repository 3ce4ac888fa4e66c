"""Read Word tables: find the places of their cells from grid spans and merges, counted as Word does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.core.model import DataFault, GridCell
from pipeline.core.text import is_number
from pipeline.read.docx.text import PAGE_BREAK, find_child, find_text_boxes, get_attribute, get_local_name, read_text

MAX_CELLS = 200_000
MAX_COLUMNS = 200
# Elements that only wrap rows and cells: content controls, tracked insertions, custom XML.
WRAPPERS = frozenset(("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))


@dataclass
class DocumentCounts:
    """Counters over the whole document: the current page (from 1), and the table cells read so far."""

    page: int = 1
    cells: int = 0


@dataclass
class _GrowingCell:
    """A cell that a merge may still make wider or taller; `row` and `column` are 0-based."""

    text: str
    row: int
    column: int
    page: int
    rowspan: int = 1
    colspan: int = 1

    def to_grid_cell(self) -> GridCell:
        return GridCell(self.text, self.row, self.column, self.rowspan, self.colspan, self.page)


@dataclass
class _GrowingTable:
    """The cells of a table so far; `mergeable_cells` are those that a vertical merge would extend, by first column."""

    cells: list[_GrowingCell] = field(default_factory=list)
    mergeable_cells: dict[int, _GrowingCell] = field(default_factory=dict)


def list_rows(table: etree._Element) -> list[tuple[etree._Element, list[etree._Element]]]:
    """Return the rows of a table, each with its cells, without rows that are tracked as deleted."""
    rows = (row for row in _iterate_unwrapped(table, "tr") if find_child(row, "trPr", "del") is None)
    return [(row, list(_iterate_unwrapped(row, "tc"))) for row in rows]


def is_layout_table(table: etree._Element) -> bool:
    """Return whether a table contains another table."""
    return next((e for e in table.iterdescendants() if get_local_name(e) == "tbl"), None) is not None


def read_table_cells(table: etree._Element, counts: DocumentCounts) -> Iterator[GridCell]:
    """Return the cells of a table in printed order, and update `counts`.

    Raises DataFault for more columns than any report has, or more cells in the document.
    """
    growing_table = _GrowingTable()
    for row_number, (row, cells) in enumerate(list_rows(table)):
        counts.cells += len(cells)
        if counts.cells > MAX_CELLS:
            raise DataFault("read.too_many_cells", limit=MAX_CELLS)
        texts = [_read_cell_text(cell) for cell in cells]
        # Word marks a page break in every cell that continues after it, but the row moves by one page only.
        counts.page += any(PAGE_BREAK in text for text in texts)
        _add_row(growing_table, row_number, row, list(zip(cells, texts, strict=True)), counts.page)
    return (cell.to_grid_cell() for cell in growing_table.cells)


def _add_row(
    growing_table: _GrowingTable,
    row_number: int,
    row: etree._Element,
    cells: list[tuple[etree._Element, str]],
    page: int,
) -> None:
    """Add a row of cells with their texts to the table; the later parts of merges extend earlier cells.

    Raises DataFault for more than `MAX_COLUMNS` columns.
    """
    column = _read_count(find_child(row, "trPr", "gridBefore"))
    mergeable_cells_above, growing_table.mergeable_cells = growing_table.mergeable_cells, {}
    left: _GrowingCell | None = None
    for element, text in cells:
        width = max(1, _read_count(find_child(element, "tcPr", "gridSpan")))
        if column + width > MAX_COLUMNS:
            raise DataFault("read.too_many_columns", limit=MAX_COLUMNS)
        upper = mergeable_cells_above.get(column) if _is_merge_continuation(element, "vMerge") else None
        if left is not None and _is_merge_continuation(element, "hMerge"):
            left.colspan += width
        elif upper is not None:
            upper.rowspan = row_number - upper.row + 1
            growing_table.mergeable_cells[column] = left = upper
        else:
            left = _GrowingCell(" ".join(text.split()), row_number, column, page, 1, width)
            growing_table.cells.append(left)
            if find_child(element, "tcPr", "vMerge") is not None:
                growing_table.mergeable_cells[column] = left
        column += width


def _is_merge_continuation(cell: etree._Element, merge: str) -> bool:
    """Return whether a cell is a later part of a merge (`vMerge` or `hMerge`); a mark without a value means that."""
    mark = find_child(cell, "tcPr", merge)
    return mark is not None and get_attribute(mark, "val") != "restart"


def _read_count(element: etree._Element | None) -> int:
    """Return the count in an element's `val`, 0 if it is missing or invalid; at most one more than `MAX_COLUMNS`."""
    value = get_attribute(element, "val")
    return min(int(value), MAX_COLUMNS + 1) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _read_cell_text(cell: etree._Element) -> str:
    """Return the cell's paragraphs as one text; two numbers in different paragraphs stay apart."""
    parts = [text for p in _iterate_paragraphs(cell) if (text := read_text(p)).strip()]
    has_numbers = sum(is_number(part) for part in parts) > 1
    return ("；" if has_numbers else " ").join(parts)


def _iterate_paragraphs(cell: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs of a cell and of the text boxes in them."""
    for p in _iterate_unwrapped(cell, "p"):
        yield p
        for box in find_text_boxes(p):
            yield from _iterate_paragraphs(box)


def _iterate_unwrapped(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children of this name, also those inside wrapper elements."""
    for element in parent:
        if get_local_name(element) == name:
            yield element
        elif get_local_name(element) in WRAPPERS:
            yield from _iterate_unwrapped(element, name)
