"""A filled form as a Word document: A4, the fonts of official papers, tables with the spans of the printed form."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from pipeline.core.form import Table
from pipeline.core.form_grid import lay_out
from pipeline.core.model import GridCell
from pipeline.publish.form.docx_page import LINE_PITCH_PT, STYLES, TABLE_STYLE, TEXT_WIDTH_MM, set_up_document
from pipeline.publish.form.fill import FilledForm
from pipeline.publish.form.print_layout import column_shares, header_row_count
from pipeline.publish.form.report_template import DocumentBlock

WIDE_TABLE_FONT_SIZE_PT, WIDE_TABLE_MIN_COLUMNS = 8, 10
LIST_WIDTHS = (4.0, 1.6, 1.6, 1.6, 1.6)  # the shares of the columns of a list
# Fixed times, so that the same snapshot gives the same bytes.
FIXED_TIME = datetime(2000, 1, 1)
FIXED_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write_docx(filled: FilledForm, blocks: Sequence[DocumentBlock]) -> bytes:
    """Return the content of the DOCX file. The first block is the title."""
    document = docx.Document()
    set_up_document(document)
    _set_properties(document, filled, blocks[0].text)
    previous_kind = ""
    for block in blocks:
        if block.table is not None:
            _add_table(document, block.table, filled)
        elif block.rows:
            _add_list(document, block.rows)
        else:
            paragraph = _add_paragraph(document, block)
            if block.kind == "signature" != previous_kind:
                paragraph.paragraph_format.space_before = Pt(2 * LINE_PITCH_PT)
        previous_kind = block.kind
    buffer = io.BytesIO()
    document.save(buffer)
    return _with_fixed_times(buffer.getvalue())


def _set_properties(document: Document, filled: FilledForm, title: str) -> None:
    """Set the properties of the document and the banner of each page."""
    core = document.core_properties
    core.title, core.author, core.comments, core.language = title[:255], "", "", "zh-CN"
    core.created = core.modified = FIXED_TIME
    section = document.sections[0]
    for header in (section.header, section.even_page_header) if filled.banner else ():
        header.paragraphs[0].style = document.styles[STYLES["banner"].name]
        header.paragraphs[0].add_run(filled.banner)


def _add_paragraph(document: Document, block: DocumentBlock) -> Paragraph:
    """Append a paragraph in the style of its kind, and return it."""
    style = STYLES["paragraph" if block.kind == "text" else block.kind]
    return document.add_paragraph(block.text, style=style.name)


def _add_list(document: Document, rows: Sequence[Sequence[str]]) -> None:
    """Append a plain table; its first row is the header."""
    word_table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    word_table.alignment, word_table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    shares = LIST_WIDTHS[: len(rows[0])]
    for column, share in zip(word_table.columns, shares, strict=True):
        column.width = Mm(TEXT_WIDTH_MM * share / sum(shares))
    _set_cell_margins(word_table)
    for word_row, texts in zip(word_table.rows, rows, strict=True):
        for word_cell, text in zip(word_row.cells, texts, strict=True):
            _write_cell(word_cell, text, STYLES["table"].size_pt)
    _repeat_header(word_table, 1)
    _add_gap(document)


def _add_table(document: Document, table: Table, filled: FilledForm) -> None:
    """Append a table of the form.

    The widths are set before cells are merged, because python-docx then adds up the widths of the merged cells.
    """
    cells = lay_out(table, {a: c.text for a, c in filled.cells.items()})
    row_count = max(c.row + c.rowspan for c in cells)
    column_count = max(c.column + c.colspan for c in cells)
    word_table = document.add_table(row_count, column_count, style="Table Grid")
    word_table.alignment, word_table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, share in zip(word_table.columns, column_shares(table, column_count), strict=True):
        column.width = Mm(share * TEXT_WIDTH_MM)
    _set_cell_margins(word_table)
    grid = [list(row.cells) for row in word_table.rows]
    size_pt = WIDE_TABLE_FONT_SIZE_PT if column_count >= WIDE_TABLE_MIN_COLUMNS else STYLES["table"].size_pt
    for cell in cells:
        _fill_cell(grid, cell, size_pt)
    _control_page_breaks(word_table, table)
    _add_gap(document)


def _add_gap(document: Document) -> None:
    """Append a low blank paragraph. Without one between them Word would join two tables into one."""
    paragraph = document.add_paragraph(style=TABLE_STYLE)
    paragraph.paragraph_format.line_spacing = Pt(6)


def _fill_cell(grid: list[list[Any]], cell: GridCell, size_pt: float) -> None:
    """Merge the places that a cell spans and write its text. `grid` has Word's cells by row and column."""
    word_cell = grid[cell.row][cell.column]
    if cell.rowspan > 1 or cell.colspan > 1:
        last = grid[cell.row + cell.rowspan - 1][cell.column + cell.colspan - 1]
        word_cell = word_cell.merge(last)
    _write_cell(word_cell, cell.text, size_pt)


def _write_cell(word_cell: Any, text: str, size_pt: float) -> None:
    """Write the text of a cell in the style of tables."""
    word_cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = word_cell.paragraphs[0]
    paragraph.style = TABLE_STYLE
    run = paragraph.add_run(text)
    if size_pt != STYLES["table"].size_pt:
        run.font.size = Pt(size_pt)


def _set_cell_margins(word_table: Any) -> None:
    """Set narrow margins at the sides of cells, so that the numbers of fifteen columns fit, and some space above."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), "40" if side in ("left", "right") else "20")
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    # Word requires the properties in the order of its schema: tblCellMar before tblLook.
    look = word_table._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(margins) if look is not None else word_table._tbl.tblPr.append(margins)


def _control_page_breaks(word_table: Any, table: Table) -> None:
    """Keep a table that fits on one page on one page, and repeat its header rows on the next."""
    for number, row in enumerate(word_table.rows):
        for paragraph in row._tr.iter(qn("w:p")) if number < len(word_table.rows) - 1 else ():
            paragraph.get_or_add_pPr().get_or_add_keepNext()
    _repeat_header(word_table, header_row_count(table))


def _repeat_header(word_table: Any, header_rows: int) -> None:
    """Repeat the header rows on the next page, and break no row."""
    for number, row in enumerate(word_table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number < header_rows:
            properties.append(OxmlElement("w:tblHeader"))


def _with_fixed_times(data: bytes) -> bytes:
    """Return the same ZIP archive with the same fixed time for each file in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, FIXED_ZIP_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
