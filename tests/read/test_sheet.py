from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from support.offices import (
    PAGES,
    PROSE,
    excel,
    make_ods,
    make_ods_cell,
    old_excel,
    packed,
    saved,
    shipped,
    taken,
    title,
    values,
)

from pipeline.core.model import DataFault, Document
from pipeline.read import read_bytes, zip_archive
from pipeline.read.sheet import extras


def rewrite_member(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """Return the archive with one member changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old_archive, zipfile.ZipFile(buffer, "w") as new_archive:
        for member in old_archive.namelist():
            content = old_archive.read(member)
            new_archive.writestr(member, change(content.decode()).encode() if member == name else content)
    return buffer.getvalue()


def make_xlsx(*rows: list[object]) -> bytes:
    """Return a workbook with these rows on one sheet."""
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    for row in rows:
        workbook.active.append(row)
    return saved(workbook)


def list_texts(document: Document) -> list[str]:
    return [c.text for g in document.grids for c in g.cells]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("options", [{}, {"sheets": True}, {"merged": False}])
def test_every_cell_of_a_workbook_is_read_back(path: str, options: dict[str, bool]) -> None:
    report = shipped(path)
    document = read_bytes(saved(excel(report, **options)))
    extraction = taken(document)
    assert values(extraction) == values(report)
    assert not extraction.findings
    assert (document.format, document.title) == ("xlsx", title(report))
    assert PROSE in [paragraph.text for paragraph in document.paragraphs]


@pytest.mark.parametrize("path", PAGES)
def test_every_cell_of_an_old_workbook_is_read_back(path: str) -> None:
    report = shipped(path)
    document = read_bytes(old_excel(report))
    assert values(taken(document)) == values(report)
    assert document.format == "xls"


def test_values_are_printed_as_a_person_sees_them() -> None:
    row: list[object] = ["甲", 3119, 0.79, 0.1 + 0.2, 12345678901, -5, True, date(2024, 12, 31), " 1,234 "]
    shown = ["甲", "3119", "0.79", "0.3", "12345678901", "-5", "TRUE", "2024-12-31", "1,234"]
    assert list_texts(read_bytes(make_xlsx(row))) == shown


def test_blank_places_and_merges_become_cells() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["A1"], sheet["C1"], sheet["A2"], sheet["B2"] = "甲", "乙", "丙", "丁"
    sheet.merge_cells("A1:B1")
    (grid,) = read_bytes(saved(workbook)).grids
    assert [(c.text, c.row, c.column, c.colspan) for c in grid.cells] == [
        ("甲", 0, 0, 2),
        ("乙", 0, 2, 1),
        ("丙", 1, 0, 1),
        ("丁", 1, 1, 1),
        ("", 1, 2, 1),
    ]


def test_uncalculated_formula_is_not_zero() -> None:
    report = shipped(PAGES[1])
    workbook = excel(report)
    assert workbook.active is not None
    cell = next(c for row in workbook.active.iter_rows() for c in row if c.value == 3119)
    cell.value = f"=SUM(D{cell.row}:I{cell.row})"
    extraction = taken(read_bytes(saved(workbook)))
    (finding,) = [f for f in extraction.findings if f.identity == "extract.uncalculated"]
    assert finding.cells == ("applications/new/total",)
    assert finding.note.startswith("=SUM(D")
    assert finding.note.endswith(" (1)")
    assert values(extraction) == values(report) | {"applications/new/total": None}


def test_uncalculated_formula_among_calculated_ones_is_text() -> None:
    data = rewrite_member(
        make_xlsx([1.0, "=A1+1", "=A1+2"]), "xl/workbook.xml", lambda x: re.sub("<calcPr[^>]*>", "", x)
    )
    data = rewrite_member(
        data, "xl/worksheets/sheet1.xml", lambda x: re.sub(r"<v\s*/>|<v></v>", "<v>2</v>", x, count=1)
    )
    assert list_texts(read_bytes(data)) == ["1", "2", "=A1+2"]


@pytest.mark.parametrize(("number", "shown"), [("5", "=SUM(A1:B1)"), ("0", "0")])
def test_total_stored_as_zero_is_text_unless_all_numbers_are_zero(number: str, shown: str) -> None:
    data = make_xlsx([float(number), 0.0, "=SUM(A1:B1)"])
    data = rewrite_member(data, "xl/worksheets/sheet1.xml", lambda x: re.sub(r"<v\s*/>|<v></v>", "<v>0</v>", x))
    assert list_texts(read_bytes(data))[2] == shown


def test_calculated_formula_shows_its_value_and_error_its_name() -> None:
    data = make_xlsx([1.0, "=A1+1", "=1/0"])
    stored_values = iter(("<v>2</v>", "<v>#DIV/0!</v>"))
    data = rewrite_member(
        data, "xl/worksheets/sheet1.xml", lambda x: re.sub(r"<v\s*/>|<v></v>", lambda _: next(stored_values), x)
    )
    data = rewrite_member(data, "xl/worksheets/sheet1.xml", lambda x: x.replace('<c r="C1"', '<c r="C1" t="e"'))
    assert list_texts(read_bytes(data)) == ["1", "2", "#DIV/0!"]


def test_hidden_sheet_is_not_read() -> None:
    workbook = openpyxl.Workbook()
    hidden_sheet = workbook.create_sheet("旧")
    hidden_sheet.append(["旧", 1])
    hidden_sheet.sheet_state = "hidden"
    assert workbook.active is not None
    workbook.active.append(["新", 2])
    assert list_texts(read_bytes(saved(workbook))) == ["新", "2"]


def make_xlsx_reaching(place: str) -> bytes:
    """Return a workbook with content at A1 and at this place."""
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active["A1"], workbook.active[place] = 1, 1
    return saved(workbook)


def test_ods_merges_and_uncalculated_formulas_are_read() -> None:
    spans = 'table:number-columns-spanned="2" table:number-rows-spanned="1"'
    rows = (
        f"<table:table-row>{make_ods_cell('甲', spans)}"
        f"<table:covered-table-cell/>{make_ods_cell('乙')}</table:table-row>"
        f"<table:table-row>{make_ods_cell('丙')}{make_ods_cell('丁')}"
        '<table:table-cell table:formula="of:=SUM([.A1:.B1])"/></table:table-row>'
    )
    (grid,) = read_bytes(make_ods(rows)).grids
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
        (lambda: make_xlsx_reaching("XFD1"), "read.too_many_columns"),
        (lambda: make_xlsx_reaching("A1048576"), "read.too_many_rows"),
        (
            lambda: make_ods(f"<table:table-row>{make_ods_cell('1', REPEATED)}</table:table-row>"),
            "read.too_many_columns",
        ),
        (lambda: saved(excel(shipped(PAGES[0])))[:-3000], "read.broken_zip"),
        (lambda: old_excel(shipped(PAGES[0]))[:3000], "read.broken_office"),
        (lambda: packed(xl__workbook_xml="<workbook/>"), "read.broken_zip"),
        (
            lambda: packed(xl__workbook_xml="<workbook/>", xl__x_xml=b" " * (zip_archive.MAX_INFLATED_BYTES + 1)),
            "read.inflated",
        ),
    ],
)
def test_hostile_or_damaged_file_is_a_fault(make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(DataFault) as fault:
        read_bytes(make())
    assert fault.value.code == code


def test_last_allowed_column_is_read() -> None:
    data = make_xlsx(["甲"] * extras.MAX_COLUMNS)
    assert len(list_texts(read_bytes(data))) == extras.MAX_COLUMNS
