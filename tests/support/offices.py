"""Write the cells of shipped reports in office formats, so that tests can read them back."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pytest
import xlwt

from pipeline.core.form import forms
from pipeline.core.form_grid import lay_out
from pipeline.core.model import Document, Extraction, GridCell
from pipeline.extract import extract
from pipeline.read import read
from pipeline.registry.load import load_register
from pipeline.runtime.tools import soffice
from support.project import ROOT

PAGES = ("2019/411200.html", "2024/320800.html")
needs_office = pytest.mark.skipif(soffice() is None, reason="LibreOffice is not installed")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PROSE = "本年度主动公开政府信息129790条。"


@cache
def shipped(path: str) -> Extraction:
    """Return the extraction of a shipped report such as `2019/411200.html`."""
    return extract(read(ROOT / "data" / "raw" / path), load_register())


def title(report: Extraction) -> str:
    """Return the title line of a report."""
    return f"{report.body}{report.year}年政府信息公开工作年度报告"


def tables(report: Extraction, changed: dict[str, str] | None = None) -> list[tuple[str, list[GridCell]]]:
    """Return heading and cells of each printed table; `changed` replaces printed texts by address."""
    values = {c.address: c.raw for c in report.cells} | (changed or {})
    return [(t.zh, lay_out(t, values)) for t in forms()[report.form].printed_tables]


def values(extraction: Extraction) -> dict[str, Decimal | None]:
    """Return the value of each cell by address."""
    return {c.address: c.value for c in extraction.cells}


def taken(document: Document) -> Extraction:
    """Extract a document with the shipped register."""
    return extract(document, load_register())


def size(cells: list[GridCell]) -> tuple[int, int]:
    """Return the number of rows and columns that the cells cover."""
    return max(c.row + c.rowspan for c in cells), max(c.column + c.colspan for c in cells)


def word(report: Extraction, changed: dict[str, str] | None = None) -> bytes:
    """Return a report as a DOCX written by python-docx; `changed` replaces printed texts by address."""
    document = docx.Document()
    document.add_paragraph(report.body or "")
    document.add_paragraph(f"{report.year}年政府信息公开工作年度报告")
    document.add_paragraph(PROSE)
    for heading, cells in tables(report, changed):
        document.add_paragraph(heading)
        table = document.add_table(*size(cells))
        for c in cells:
            table.cell(c.row, c.column).merge(table.cell(c.row + c.rowspan - 1, c.column + c.colspan - 1)).text = c.text
    document.add_paragraph("说明")
    return saved(document)


def saved(document: object) -> bytes:
    """Return the bytes of a document or workbook."""
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def number(text: str) -> float | str:
    """Return a printed number as a float, any other text unchanged."""
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return text


def excel(report: Extraction, *, sheets: bool = False, merged: bool = True) -> openpyxl.Workbook:
    """Return a report as a workbook with all tables on one sheet, or with one sheet per table."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"], top = title(report), PROSE, 4
    for heading, cells in tables(report):
        if sheets:
            sheet, top = book.create_sheet(heading[:4]), 2
        sheet.cell(top, 1, heading)
        for c in cells:
            first = sheet.cell(top + 1 + c.row, c.column + 1, number(c.text))
            if merged and c.rowspan * c.colspan > 1:
                last = sheet.cell(top + c.row + c.rowspan, c.column + c.colspan)
                sheet.merge_cells(f"{first.coordinate}:{last.coordinate}")
        top += size(cells)[0] + 2
    sheet.cell(top, 1, "说明：数据由各部门汇总。")
    return book


def old_excel(report: Extraction) -> bytes:
    """Return a report as an XLS with all tables on one sheet."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表")
    sheet.write(0, 0, title(report))
    top = 2
    for heading, cells in tables(report):
        sheet.write(top, 0, heading)
        for c in cells:
            row, column = top + 1 + c.row, c.column
            sheet.write_merge(row, row + c.rowspan - 1, column, column + c.colspan - 1, number(c.text))
        top += size(cells)[0] + 2
    return saved(book)


def packed(**members: str | bytes) -> bytes:
    """Return a ZIP of members by name, in which `__` means `/` and `_` means `.`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return buffer.getvalue()


def word_xml(body: str, prolog: str = "") -> bytes:
    """Return a DOCX whose only part is the text; `body` is XML."""
    return packed(word__document_xml=f'{prolog}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')


def office(program: str, source: Path, filters: str) -> bytes:
    """Convert a file by LibreOffice; `filters` is the target format, with a filter name if needed."""
    folder = source.parent / "converted"
    profile = f"-env:UserInstallation={(source.parent / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", filters, "--outdir", str(folder), str(source)]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    return (folder / source.with_suffix(f".{filters.partition(':')[0]}").name).read_bytes()


MANIFEST = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def make_ods(rows: str) -> bytes:
    """Return an ODS with one table of these rows."""
    names = {n: f"urn:oasis:names:tc:opendocument:xmlns:{n}:1.0" for n in ("office", "table", "text")}
    spaces = " ".join(f'xmlns:{n}="{uri}"' for n, uri in names.items())
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="表">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {"content_xml": content, "META-INF__manifest_xml": MANIFEST}
    return packed(mimetype="application/vnd.oasis.opendocument.spreadsheet", **parts)


def make_ods_cell(text: str, attributes: str = "") -> str:
    """Return a cell of an ODS with further attributes."""
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'


def recalculate(data: bytes, folder: Path, edits: Mapping[tuple[str, str], int | str] | None = None) -> bytes:
    """Return the workbook after edits (value by sheet and cell), with its formulas calculated by LibreOffice.

    openpyxl drops the stored results of formulas.
    """
    book = openpyxl.load_workbook(io.BytesIO(data))
    for (sheet, place), value in (edits or {}).items():
        book[sheet][place] = value
    folder.mkdir()
    book.save(folder / "book.xlsx")
    program = soffice()
    assert program
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [program, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out"), "book.xlsx"],
        cwd=folder, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return (folder / "out" / "book.xlsx").read_bytes()
