"""A filled form as Word document: A4, the fonts of official papers, the tables with the spans of the printed form."""

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
from pipeline.publish.form.prose import Block

# 公文格式 (GB/T 9704): title 小标宋, first headings 黑体, text 仿宋; a machine without them takes its own for them.
FONTS = {
    "title": "方正小标宋简体",
    "heading": "黑体",
    "text": "仿宋_GB2312",
    "note": "楷体_GB2312",
    "banner": "黑体",
    "table": "宋体",
}
SIZES = {"title": 22, "heading": 16, "text": 16, "note": 12, "banner": 12, "table": 10.5}
RED = RGBColor(0xC0, 0x10, 0x10)
MARGINS = {"top_margin": 3.0, "bottom_margin": 2.6, "left_margin": 2.4, "right_margin": 2.2}
WIDTH = 21.0 - MARGINS["left_margin"] - MARGINS["right_margin"]
# Columns of the wide tables in shares of the width: three of labels, seven of numbers; elsewhere all are equal.
LABELS, NUMBERS = (1.0, 1.5, 4.6), 1.3
SMALL = 10  # columns from which on the print is small
# No clock: the same snapshot gives the same bytes.
EPOCH = datetime(2000, 1, 1)
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_docx(filled: FilledForm, blocks: Sequence[Block]) -> bytes:
    """The document's bytes."""
    document = docx.Document()
    _set_up(document, filled, blocks[0].text)
    for block in blocks:
        if block.table is not None:
            _table(document, block.table, filled)
        else:
            _paragraph(document, block)
    buffer = io.BytesIO()
    document.save(buffer)
    return _without_clock(buffer.getvalue())


def _set_up(document: Document, filled: FilledForm, title: str) -> None:
    core = document.core_properties
    core.title, core.author, core.comments, core.language = title[:255], "", "", "zh-CN"
    core.created = core.modified = EPOCH
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    for name, size in MARGINS.items():
        setattr(section, name, Cm(size))
    if filled.banner:
        _line(section.header.paragraphs[0], filled.banner, "banner", 10.5)
    _page_number(section.footer.paragraphs[0])


def _paragraph(document: Document, block: Block) -> None:
    paragraph = document.add_paragraph()
    _line(paragraph, block.text, block.kind, SIZES[block.kind])
    shape = paragraph.paragraph_format
    shape.space_after = Pt(14 if block.kind == "title" else 2)
    shape.space_before = Pt(8 if block.kind == "heading" else 0)
    shape.keep_with_next = block.kind == "heading"
    shape.line_spacing = 1.3
    if block.kind == "text":
        shape.first_line_indent = Pt(2 * SIZES["text"])


def _line(paragraph: Any, text: str, kind: str, size: float) -> None:
    if kind in ("title", "banner", "table"):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    run._element.rPr.rFonts.set(qn("w:eastAsia"), FONTS[kind])
    if kind == "banner":
        run.font.color.rgb, run.font.bold = RED, True


def _page_number(paragraph: Any) -> None:
    """— 1 —, as official papers have it."""
    _line(paragraph, "— ", "table", 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(14)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._element.append(element)
    _line(paragraph, " —", "table", 14)


def _table(document: Document, table: Table, filled: FilledForm) -> None:
    """The table with its widths first: python-docx sums those of the grid where cells are merged."""
    cells = lay_out(table, {a: c.text for a, c in filled.cells.items()})
    height = max(c.row + c.rowspan for c in cells)
    width = max(c.column + c.colspan for c in cells)
    drawn = document.add_table(height, width, style="Table Grid")
    drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, share in zip(drawn.columns, column_widths(table, width), strict=True):
        column.width = Cm(share * WIDTH)
    _margins(drawn)
    places = [list(row.cells) for row in drawn.rows]
    for cell in cells:
        _cell(places, cell, 8 if width >= SMALL else SIZES["table"])
    _repeat(drawn, table)
    # Tables without a paragraph between them would be one.
    _line(document.add_paragraph(), "", "table", 4)


def column_widths(table: Table, width: int) -> list[float]:
    """Each column's share of the table's width."""
    numbers = [NUMBERS] * (width - len(LABELS))
    shares = [*LABELS, *numbers] if table.code == "applications" else [1.0] * width
    return [s / sum(shares) for s in shares]


def _cell(places: list[list[Any]], cell: GridCell, size: float) -> None:
    place = places[cell.row][cell.column]
    if cell.rowspan > 1 or cell.colspan > 1:
        last = places[cell.row + cell.rowspan - 1][cell.column + cell.colspan - 1]
        place = place.merge(last)
    place.vertical_alignment = 1
    _line(place.paragraphs[0], cell.text, "table", size)


def _margins(drawn: Any) -> None:
    """Narrow at the sides, for the numbers of fifteen columns; some air above and below."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), "40" if side in ("left", "right") else "20")
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    # Word wants them in the order of its schema.
    look = drawn._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(margins) if look is not None else drawn._tbl.tblPr.append(margins)


def header_lines(table: Table) -> int:
    """How many lines of the printed table are its header, to be repeated on the next page; blocks have their own."""
    return 3 if table.code == "applications" or table.layout == "flat" else 0


def _repeat(drawn: Any, table: Table) -> None:
    """Header lines come again on the next page; a table that fits on one page is kept on one."""
    for number, row in enumerate(drawn.rows):
        for paragraph in row._tr.iter(qn("w:p")) if number < len(drawn.rows) - 1 else ():
            paragraph.get_or_add_pPr().get_or_add_keepNext()
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number < header_lines(table):
            properties.append(OxmlElement("w:tblHeader"))


def _without_clock(data: bytes) -> bytes:
    """The same archive with a fixed time on every part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, ZIP_EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
