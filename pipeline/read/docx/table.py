"""Read Word tables: find the places of their cells from grid spans and merges, counted as Word does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from pipeline.core.marked_text import BREAK, MarkedText
from pipeline.core.model import DataFault, GridCell, Mark
from pipeline.read.docx.formats import is_shaded
from pipeline.read.docx.text import PAGE_BREAK, Context, find_text_boxes, read_text
from pipeline.read.docx.xml import find_child, get_attribute, get_local_name

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
    marks: tuple[Mark, ...]
    row: int
    column: int
    page: int
    rowspan: int = 1
    colspan: int = 1

    def to_grid_cell(self) -> GridCell:
        return GridCell(self.text, self.row, self.column, self.rowspan, self.colspan, self.page, marks=self.marks)


@dataclass
class _GrowingTable:
    """The cells of a table so far; `mergeable_cells` are those that a vertical merge would extend, by first column."""

    cells: list[_GrowingCell] = field(default_factory=list)
    mergeable_cells: dict[int, _GrowingCell] = field(default_factory=dict)


def list_rows(table: etree._Element) -> list[tuple[etree._Element, list[etree._Element]]]:
    """Return the rows of a table, each with its cells, without hidden ones and those that are tracked as deleted."""
    rows = (row for row in _iterate_unwrapped(table, "tr") if not _is_row_left_out(row))
    return [(row, [c for c in _iterate_unwrapped(row, "tc") if not _is_cell_deleted(c)]) for row in rows]


def _is_row_left_out(row: etree._Element) -> bool:
    """Return whether a row is hidden or tracked as deleted."""
    hidden = find_child(row, "trPr", "hidden")
    is_hidden = hidden is not None and get_attribute(hidden, "val") not in ("0", "false", "off")
    return is_hidden or find_child(row, "trPr", "del") is not None


def _is_cell_deleted(cell: etree._Element) -> bool:
    return find_child(cell, "tcPr", "cellDel") is not None


def is_layout_table(table: etree._Element) -> bool:
    """Return whether a table contains another table, or an embedded document that may have one."""
    return next((e for e in table.iterdescendants("{*}tbl", "{*}altChunk")), None) is not None


def read_table_cells(table: etree._Element, counts: DocumentCounts, context: Context) -> Iterator[GridCell]:
    """Return the cells of a table in printed order, and update `counts`.

    Raises DataFault for more columns than any report has, or more cells in the document.
    """
    growing_table = _GrowingTable()
    is_dark = get_attribute(find_child(table, "tblPr", "tblStyle"), "val") in context.styles.shaded
    dark_context = replace(context, is_on_dark=True)
    for row_number, (row, cells) in enumerate(list_rows(table)):
        counts.cells += len(cells)
        if counts.cells > MAX_CELLS:
            raise DataFault("read.too_many_cells", limit=MAX_CELLS)
        contexts = (dark_context if is_dark or is_shaded(find_child(cell, "tcPr")) else context for cell in cells)
        texts = [_read_cell_text(cell, own_context) for cell, own_context in zip(cells, contexts, strict=True)]
        # Word marks a page break in every cell that continues after it, but the row moves by one page only.
        counts.page += any(PAGE_BREAK in piece for text in texts for piece in text.pieces)
        _add_row(growing_table, row_number, row, list(zip(cells, texts, strict=True)), counts.page)
    return (cell.to_grid_cell() for cell in growing_table.cells)


def _add_row(
    growing_table: _GrowingTable,
    row_number: int,
    row: etree._Element,
    cells: list[tuple[etree._Element, MarkedText]],
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
            left = _GrowingCell(*text.collapse(), row_number, column, page, 1, width)
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


def _read_cell_text(cell: etree._Element, context: Context) -> MarkedText:
    """Return the cell's paragraphs as one text with a newline between them."""
    cell_text = MarkedText()
    for paragraph in _iterate_paragraphs(cell):
        cell_text.append(read_text(paragraph, context))
        cell_text.add(BREAK)
    return cell_text


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
