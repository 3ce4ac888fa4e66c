"""Minimal Word, OpenDocument, XLSX and PDF documents for the corpus."""

from __future__ import annotations

import io
from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.styles import Font
from reportlab.pdfgen.canvas import Canvas
from support.offices import size

from pipeline.core.model import GridCell

MAX_ROWS = 8  # of a table


def to_flat_text(members: Mapping[str, str]) -> bytes:
    """Return the members of an archive, by name, as the flat text that `packed.pack` reads."""
    return "".join(f"==> {name}\n{content}\n" for name, content in members.items()).encode()


def word_document(body: str) -> bytes:
    """Return a DOCX with this body (XML), as flat text."""
    namespaces = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' xmlns:mc='urn:mc'"
    return to_flat_text({"word/document.xml": f"<w:document {namespaces}><w:body>{body}</w:body></w:document>"})


def word_table(cells: list[GridCell]) -> str:
    """Return a Word table as XML."""
    rows = (sorted((c for c in cells if c.row == r), key=lambda c: c.column) for r in range(size(cells)[0]))
    lines = "".join(f"<w:tr>{''.join(map(_word_cell, row))}</w:tr>" for row in rows)
    return f"<w:tbl>{lines}</w:tbl>"


def _word_cell(cell: GridCell) -> str:
    """Return a cell of a Word table as XML."""
    spans = f"<w:gridSpan w:val='{cell.colspan}'/>" if cell.colspan > 1 else ""
    merge = "<w:vMerge w:val='restart'/>" if cell.rowspan > 1 else ""
    return f"<w:tc><w:tcPr>{spans}{merge}</w:tcPr><w:p><w:r><w:t>{cell.text}</w:t></w:r></w:p></w:tc>"


# Rare elements of Word: breaks, deleted and hidden text, alternative content, text boxes, and nested tables.
ODD_WORD_BODY = (
    "<w:p><w:r><w:t>报告</w:t><w:br w:type='page'/><w:tab/><w:lastRenderedPageBreak/></w:r><w:del><w:r><w:t>x</w:t>"
    "</w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>y</w:t></w:r><w:r><w:rPr><w:dstrike/><w:position w:val='9'/>"
    "<w:color w:val='FFFFFF'/></w:rPr><w:sym w:char='F031'/></w:r><w:bdo w:val='rtl'><w:r><w:t>12</w:t></w:r>"
    "</w:bdo><mc:AlternateContent><mc:Choice><w:r>"
    "<w:drawing><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:drawing></w:r></mc:Choice>"
    "</mc:AlternateContent></w:p><w:sdt><w:sdtContent><w:tbl><w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>"
    "<w:tc><w:tcPr><w:hMerge w:val='restart'/></w:tcPr><w:p><w:r><w:t>1</w:t></w:r></w:p><w:p><w:r><w:t>2</w:t>"
    "</w:r></w:p></w:tc><w:tc><w:tcPr><w:hMerge/><w:vMerge/></w:tcPr><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr>"
    "</w:tbl></w:tc></w:tr></w:tbl></w:sdtContent></w:sdt>"
)

# A table row with a struck, a raised, a field's and a merged number, and a hidden row.
MARKED_WORD_TABLE = (
    "<w:p><w:r><w:t>单位：元</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>规章</w:t></w:r></w:p></w:tc>"
    "<w:tc><w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>35</w:t></w:r><w:r><w:t>26</w:t></w:r></w:p></w:tc>"
    "<w:tc><w:p><w:r><w:t>4</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>1</w:t></w:r></w:p>"
    "</w:tc><w:tc><w:sdt><w:sdtContent><w:p><w:r><w:t>7</w:t></w:r></w:p></w:sdtContent></w:sdt></w:tc>"
    "<w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr><w:p><w:r><w:t>8</w:t><w:br/><w:t>9</w:t></w:r></w:p></w:tc>"
    "</w:tr><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p><w:r><w:t>规章</w:t></w:r></w:p></w:tc><w:tc><w:p><w:ins><w:r>"
    "<w:t>1</w:t></w:r></w:ins></w:p></w:tc><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc><w:tc><w:tcPr><w:vMerge/></w:tcPr>"
    "<w:p/></w:tc></w:tr></w:tbl>"
)


ODS_MIME_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMESPACES = " ".join(
    f"xmlns:{n}='urn:oasis:names:tc:opendocument:xmlns:{n}:1.0'" for n in ("office", "table", "text")
)


def ods_members(cells: list[GridCell]) -> Mapping[str, str]:
    """Return the members of an ODS with the first rows of a table, by name."""
    entry = f"<manifest:file-entry manifest:full-path='/' manifest:media-type='{ODS_MIME_TYPE}'/>"
    manifest = f"<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'>{entry}"
    return {
        "mimetype": ODS_MIME_TYPE,
        "META-INF/manifest.xml": f"{manifest}</manifest:manifest>",
        "content.xml": _ods_content([c for c in cells if c.row < MAX_ROWS]),
    }


def _ods_content(cells: list[GridCell]) -> str:
    """Return content.xml of an ODS with a table."""
    rows = (sorted((c for c in cells if c.row == r), key=lambda c: c.column) for r in range(size(cells)[0]))
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    body = f"<office:spreadsheet><table:table table:name='a'>{lines}</table:table></office:spreadsheet>"
    return f"<office:document-content {_NAMESPACES}><office:body>{body}</office:body></office:document-content>"


def _ods_cell(cell: GridCell) -> str:
    """Return a cell of an ODS table as XML, a number as a float."""
    spans = f"table:number-columns-spanned='{cell.colspan}' table:number-rows-spanned='{cell.rowspan}'"
    kind = (
        f"office:value-type='float' office:value='{cell.text}'" if cell.text.isdigit() else "office:value-type='string'"
    )
    return f"<table:table-cell {kind} {spans}><text:p>{cell.text}</text:p></table:table-cell>"


def workbook(cells: list[GridCell]) -> Workbook:
    """Return a workbook with a table and its merged cells, a formula and a number."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for c in cells:
        sheet.cell(c.row + 2, c.column + 1, c.text)
        if c.rowspan * c.colspan > 1:
            sheet.merge_cells(None, c.row + 2, c.column + 1, c.row + 1 + c.rowspan, c.column + c.colspan)
    sheet["A1"], sheet["H1"], sheet["I1"] = "报告", "=SUM(B2:B3)", 1.5
    return book


def marked_workbook(cells: list[GridCell]) -> Workbook:
    """Return the workbook with a hidden row and column, a struck number, and formats that show another number."""
    book = workbook(cells)
    sheet = book.active
    assert sheet is not None
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["C"].hidden = True
    for column, number_format in enumerate(("0,", '0"万元"', "0%", ";;;", "-0", "[Red]0_)"), 1):
        cell = sheet.cell(6, column, 1234.5)
        cell.number_format = number_format
        cell.font = Font(strike=column % 2 == 0, vertAlign="superscript" if column == 3 else None)
    return book


def pdf_with_fields() -> bytes:
    """Return an uncompressed PDF page with a ruled row of three filled fields and a check box."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 200), pageCompression=0, invariant=1)
    canvas.drawString(20, 180, "Report 2019")
    for x in (20, 110, 200, 290):
        canvas.line(x, 100, x, 130)
    for y in (100, 130):
        canvas.line(20, y, 290, y)
    for i, value in enumerate(("12", "3,119", "")):
        canvas.acroForm.textfield(name=f"n{i}", value=value, x=22 + 90 * i, y=104, width=60, height=18, borderWidth=0)
    canvas.acroForm.checkbox(name="b", checked=True, x=20, y=60, size=12)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def pdf_page(rotation: int) -> bytes:
    """Return an uncompressed PDF page with prose, a ruled table of two rows, and a form that draws a line.

    `rotation` is the /Rotate of the page in degrees.
    """
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 200), pageCompression=0, invariant=1)
    canvas.setPageRotation(rotation)
    canvas.drawString(20, 180, "Report 2019")
    canvas.beginForm("line")
    canvas.line(10, 10, 90, 10)
    canvas.endForm()
    canvas.doForm("line")
    for x in (20, 120, 200, 280):
        canvas.line(x, 100, x, 160)
    for y in (100, 130, 160):
        canvas.line(20, y, 280, y)
    for i, word in enumerate(("a", "12", "3,119", "b", "/", "1")):
        canvas.drawString(25 + 90 * (i % 3), 140 - 30 * (i // 3), word)
    canvas.rect(20, 20, 200, 1, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
