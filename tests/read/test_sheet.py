from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from support.offices import PAGES, PROSE, excel, old_excel, packed, saved, shipped, taken, title, values

from pipeline.core.model import DataFault, Document
from pipeline.read import read_bytes, zipped
from pipeline.read.sheet import check as sheet_check


def rewritten(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """An archive with one member changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            new.writestr(member, change(content.decode()).encode() if member == name else content)
    return buffer.getvalue()


def book(*rows: list[object]) -> bytes:
    made = openpyxl.Workbook()
    assert made.active is not None
    for row in rows:
        made.active.append(row)
    return saved(made)


def texts(document: Document) -> list[str]:
    return [c.text for g in document.grids for c in g.cells]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("options", [{}, {"sheets": True}, {"merged": False}])
def test_every_cell_of_a_workbook_is_read_back(path: str, options: dict[str, bool]) -> None:
    report = shipped(path)
    document = read_bytes(saved(excel(report, **options)))
    found = taken(document)
    assert values(found) == values(report)
    assert not found.findings
    assert (document.format, document.title) == ("xlsx", title(report))
    assert PROSE in [paragraph.text for paragraph in document.paragraphs]


@pytest.mark.parametrize("path", PAGES)
def test_every_cell_of_an_old_workbook_is_read_back(path: str) -> None:
    report = shipped(path)
    document = read_bytes(old_excel(report))
    assert values(taken(document)) == values(report)
    assert document.format == "xls"


def test_numbers_are_printed_as_a_person_sees_them() -> None:
    row: list[object] = ["甲", 3119, 0.79, 0.1 + 0.2, 12345678901, -5, True, date(2024, 12, 31), " 1,234 "]
    shown = ["甲", "3119", "0.79", "0.3", "12345678901", "-5", "TRUE", "2024-12-31", "1,234"]
    assert texts(read_bytes(book(row))) == shown


def test_blank_places_and_merges_are_cells() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet["A1"], sheet["C1"], sheet["A2"], sheet["B2"] = "甲", "乙", "丙", "丁"
    sheet.merge_cells("A1:B1")
    (grid,) = read_bytes(saved(made)).grids
    assert [(c.text, c.row, c.column, c.colspan) for c in grid.cells] == [
        ("甲", 0, 0, 2),
        ("乙", 0, 2, 1),
        ("丙", 1, 0, 1),
        ("丁", 1, 1, 1),
        ("", 1, 2, 1),
    ]


def test_a_formula_never_calculated_is_no_zero() -> None:
    report = shipped(PAGES[1])
    made = excel(report)
    assert made.active is not None
    cell = next(c for row in made.active.iter_rows() for c in row if c.value == 3119)
    cell.value = f"=SUM(D{cell.row}:I{cell.row})"
    found = taken(read_bytes(saved(made)))
    (told,) = [f for f in found.findings if f.identity == "extract.text"]
    assert told.cells == ("applications/new/total",)
    assert told.note.startswith("=SUM(D")
    assert values(found) == values(report) | {"applications/new/total": None}


def test_one_formula_never_calculated_among_others() -> None:
    data = rewritten(book([1.0, "=A1+1", "=A1+2"]), "xl/workbook.xml", lambda x: re.sub("<calcPr[^>]*>", "", x))
    data = rewritten(data, "xl/worksheets/sheet1.xml", lambda x: re.sub(r"<v\s*/>|<v></v>", "<v>2</v>", x, count=1))
    assert texts(read_bytes(data)) == ["1", "2", "=A1+2"]


@pytest.mark.parametrize(("others", "shown"), [("5", "=SUM(A1:B1)"), ("0", "0")])
def test_totals_that_a_library_stored_as_zero(others: str, shown: str) -> None:
    data = book([float(others), 0.0, "=SUM(A1:B1)"])
    data = rewritten(data, "xl/worksheets/sheet1.xml", lambda x: re.sub(r"<v\s*/>|<v></v>", "<v>0</v>", x))
    assert texts(read_bytes(data))[2] == shown


def test_a_calculated_formula_shows_its_value_and_an_error_its_name() -> None:
    data = book([1.0, "=A1+1", "=1/0"])
    shown = iter(("<v>2</v>", "<v>#DIV/0!</v>"))
    data = rewritten(data, "xl/worksheets/sheet1.xml", lambda x: re.sub(r"<v\s*/>|<v></v>", lambda _: next(shown), x))
    data = rewritten(data, "xl/worksheets/sheet1.xml", lambda x: x.replace('<c r="C1"', '<c r="C1" t="e"'))
    assert texts(read_bytes(data)) == ["1", "2", "#DIV/0!"]


def test_hidden_sheets_are_not_read() -> None:
    made = openpyxl.Workbook()
    hidden = made.create_sheet("旧")
    hidden.append(["旧", 1])
    hidden.sheet_state = "hidden"
    assert made.active is not None
    made.active.append(["新", 2])
    assert texts(read_bytes(saved(made))) == ["新", "2"]


def far(place: str) -> bytes:
    made = openpyxl.Workbook()
    assert made.active is not None
    made.active["A1"], made.active[place] = 1, 1
    return saved(made)


MANIFEST = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def ods(rows: str) -> bytes:
    names = {n: f"urn:oasis:names:tc:opendocument:xmlns:{n}:1.0" for n in ("office", "table", "text")}
    spaces = " ".join(f'xmlns:{n}="{uri}"' for n, uri in names.items())
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="表">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {"content_xml": content, "META-INF__manifest_xml": MANIFEST}
    return packed(mimetype="application/vnd.oasis.opendocument.spreadsheet", **parts)


def ods_cell(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'


def test_ods_merges_and_formulas() -> None:
    spans = 'table:number-columns-spanned="2" table:number-rows-spanned="1"'
    rows = (
        f"<table:table-row>{ods_cell('甲', spans)}"
        f"<table:covered-table-cell/>{ods_cell('乙')}</table:table-row>"
        f"<table:table-row>{ods_cell('丙')}{ods_cell('丁')}"
        '<table:table-cell table:formula="of:=SUM([.A1:.B1])"/></table:table-row>'
    )
    (grid,) = read_bytes(ods(rows)).grids
    assert [(c.text, c.row, c.column, c.colspan) for c in grid.cells] == [
        ("甲", 0, 0, 2),
        ("乙", 0, 2, 1),
        ("丙", 1, 0, 1),
        ("丁", 1, 1, 1),
        ("=SUM([.A1:.B1])", 1, 2, 1),
    ]


REPEATED = 'table:number-columns-repeated="16384"'


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: far("XFD1"), "read.too_many_columns"),
        (lambda: far("A1048576"), "read.too_many_rows"),
        (lambda: ods(f"<table:table-row>{ods_cell('1', REPEATED)}</table:table-row>"), "read.too_many_columns"),
        (lambda: saved(excel(shipped(PAGES[0])))[:-3000], "read.broken_zip"),
        (lambda: old_excel(shipped(PAGES[0]))[:3000], "read.broken_office"),
        (lambda: packed(xl__workbook_xml="<workbook/>"), "read.broken_zip"),
        (
            lambda: packed(xl__workbook_xml="<workbook/>", xl__x_xml=b" " * (zipped.MAX_INFLATED + 1)),
            "read.inflated",
        ),
    ],
)
def test_hostile_or_damaged_files_are_faults(make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(DataFault) as fault:
        read_bytes(make())
    assert fault.value.code == code


def test_columns_are_counted_as_sheets_name_them() -> None:
    data = book(["甲"] * sheet_check.MAX_COLUMNS)
    assert len(texts(read_bytes(data))) == sheet_check.MAX_COLUMNS
