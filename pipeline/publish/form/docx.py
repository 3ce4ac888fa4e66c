"""A filled form as a Word document: A4, the fonts of official papers, tables with the spans of the printed form."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from pipeline.core.form import Table
from pipeline.core.form_grid import lay_out
from pipeline.core.model import GridCell
from pipeline.publish.form.fill import FilledForm
from pipeline.publish.form.print_layout import column_shares, header_row_count
from pipeline.publish.form.report_template import DocumentBlock

# 公文格式 (GB/T 9704): title 小标宋, first headings 黑体, text 仿宋. A machine without these fonts substitutes its own.
FONTS = {
    "title": "方正小标宋简体",
    "heading": "黑体",
    "text": "仿宋_GB2312",
    "note": "楷体_GB2312",
    "banner": "黑体",
    "table": "宋体",
}
FONT_SIZES_PT = {"title": 22, "heading": 16, "text": 16, "note": 12, "banner": 12, "table": 10.5}
WIDE_TABLE_FONT_SIZE_PT, WIDE_TABLE_MIN_COLUMNS = 8, 10
PAGE_NUMBER_FONT_SIZE_PT = 14
RED = RGBColor(0xC0, 0x10, 0x10)
PAGE_WIDTH_CM, PAGE_HEIGHT_CM = 21.0, 29.7
MARGINS_CM = {"top_margin": 3.0, "bottom_margin": 2.6, "left_margin": 2.4, "right_margin": 2.2}
TEXT_WIDTH_CM = PAGE_WIDTH_CM - MARGINS_CM["left_margin"] - MARGINS_CM["right_margin"]
# Fixed times, so that the same snapshot gives the same bytes.
FIXED_TIME = datetime(2000, 1, 1)
FIXED_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write_docx(filled: FilledForm, blocks: Sequence[DocumentBlock]) -> bytes:
    """Return the content of the DOCX file. The first block is the title."""
    document = docx.Document()
    _set_up_page(document, filled, blocks[0].text)
    for block in blocks:
        if block.table is not None:
            _add_table(document, block.table, filled)
        else:
            _add_paragraph(document, block)
    buffer = io.BytesIO()
    document.save(buffer)
    return _with_fixed_times(buffer.getvalue())


def _set_up_page(document: Document, filled: FilledForm, title: str) -> None:
    """Set the properties of the document, page size, margins, banner and page number."""
    core = document.core_properties
    core.title, core.author, core.comments, core.language = title[:255], "", "", "zh-CN"
    core.created = core.modified = FIXED_TIME
    section = document.sections[0]
    section.page_width, section.page_height = Cm(PAGE_WIDTH_CM), Cm(PAGE_HEIGHT_CM)
    for name, size in MARGINS_CM.items():
        setattr(section, name, Cm(size))
    if filled.banner:
        _add_text(section.header.paragraphs[0], filled.banner, "banner", 10.5)
    _add_page_number(section.footer.paragraphs[0])


def _add_paragraph(document: Document, block: DocumentBlock) -> None:
    """Append a paragraph with the font, spacing and indent of its kind."""
    paragraph = document.add_paragraph()
    _add_text(paragraph, block.text, block.kind, FONT_SIZES_PT[block.kind])
    shape = paragraph.paragraph_format
    shape.space_after = Pt(14 if block.kind == "title" else 2)
    shape.space_before = Pt(8 if block.kind == "heading" else 0)
    shape.keep_with_next = block.kind == "heading"
    shape.line_spacing = 1.3
    if block.kind == "text":
        shape.first_line_indent = Pt(2 * FONT_SIZES_PT["text"])


def _add_text(paragraph: Any, text: str, kind: str, size_pt: float) -> None:
    """Append text to a paragraph in the font of its kind, a key of FONTS."""
    if kind in ("title", "banner", "table"):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.font.size = Pt(size_pt)
    run.font.name = "Times New Roman"
    run._element.rPr.rFonts.set(qn("w:eastAsia"), FONTS[kind])
    if kind == "banner":
        run.font.color.rgb, run.font.bold = RED, True


def _add_page_number(paragraph: Any) -> None:
    """Append the page number between dashes as official papers print it: — 1 —."""
    _add_text(paragraph, "— ", "table", PAGE_NUMBER_FONT_SIZE_PT)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(PAGE_NUMBER_FONT_SIZE_PT)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._element.append(element)
    _add_text(paragraph, " —", "table", PAGE_NUMBER_FONT_SIZE_PT)


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
        column.width = Cm(share * TEXT_WIDTH_CM)
    _set_cell_margins(word_table)
    grid = [list(row.cells) for row in word_table.rows]
    size_pt = WIDE_TABLE_FONT_SIZE_PT if column_count >= WIDE_TABLE_MIN_COLUMNS else FONT_SIZES_PT["table"]
    for cell in cells:
        _fill_cell(grid, cell, size_pt)
    _control_page_breaks(word_table, table)
    # Without a paragraph between them Word would join two tables into one.
    _add_text(document.add_paragraph(), "", "table", 4)


def _fill_cell(grid: list[list[Any]], cell: GridCell, size_pt: float) -> None:
    """Merge the places that a cell spans and write its text. `grid` has Word's cells by row and column."""
    word_cell = grid[cell.row][cell.column]
    if cell.rowspan > 1 or cell.colspan > 1:
        last = grid[cell.row + cell.rowspan - 1][cell.column + cell.colspan - 1]
        word_cell = word_cell.merge(last)
    word_cell.vertical_alignment = 1
    _add_text(word_cell.paragraphs[0], cell.text, "table", size_pt)


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
    """Repeat the header rows on the next page, and keep a table that fits on one page on one page."""
    for number, row in enumerate(word_table.rows):
        for paragraph in row._tr.iter(qn("w:p")) if number < len(word_table.rows) - 1 else ():
            paragraph.get_or_add_pPr().get_or_add_keepNext()
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number < header_row_count(table):
            properties.append(OxmlElement("w:tblHeader"))


def _with_fixed_times(data: bytes) -> bytes:
    """Return the same ZIP archive with the same fixed time for each file in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, FIXED_ZIP_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
