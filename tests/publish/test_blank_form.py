"""Blank forms for the members of a city: what comes back is read exactly, and checks show while a person types."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from support.offices import needs_office, recalculate
from support.project import ogi_here

from pipeline.core.model import DataFault, Extraction
from pipeline.core.paths import Data
from pipeline.extract import extract
from pipeline.publish.form.blank import blank_forms, write_blank_form
from pipeline.publish.form.fill import FilledForm, FormCell
from pipeline.publish.form.identity_formulas import terms_by_total
from pipeline.publish.form.xlsx import TABLE_SHEETS
from pipeline.read import read_bytes
from pipeline.registry.load import load_register
from pipeline.registry.lookup import find_body

pytestmark = pytest.mark.slow

BODIES = "body_id,name,aliases,level,region_code,parent,first_year,last_year\n"
BUREAU = "410300-bureau,洛阳市教育局,,department,410300,410300,,\n"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Return a project without reports, of an office that registered one bureau of 洛阳市."""
    raw = tmp_path / "office" / "data" / "raw"
    raw.mkdir(parents=True)
    (raw / "bodies.csv").write_text(BODIES + BUREAU, encoding="utf-8")
    return tmp_path / "office"


def bureau_form(office: Path) -> FilledForm:
    """Return the blank form of the bureau."""
    return next(form for form in blank_forms(Data(office / "data"), "洛阳市", 2025) if form.body == "洛阳市教育局")


def sample_values(form: FilledForm) -> dict[str, Decimal]:
    """Return a value per printed cell: 1 for each input but the balance, and totals that add up."""
    values = {address: Decimal(1) for address in form.form.addresses(form.form.printed_tables)}
    values |= {a: Decimal(25) for a in values if a.startswith("applications/new/")}
    values |= {a: Decimal(3) for a in values if a.startswith("applications/carried_out/")}
    for total, terms in terms_by_total(form.form).items():
        if not total.endswith("/total"):
            values[total] = sum((values[term] for term in terms), Decimal(0))
    values |= {a: values[a.replace("new", "handled")] + 2 for a in values if a.startswith("applications/new/")}
    for total, terms in terms_by_total(form.form).items():
        if total.endswith("/total"):
            values[total] = sum((values[term] for term in terms), Decimal(0))
    return values


def places(form: FilledForm, data: bytes) -> Mapping[str, tuple[str, str]]:
    """Return the sheet and place of each printed cell, found by reading the workbook with other numbers in it."""
    numbered = {a: FormCell(a, Decimal(n), "published") for n, a in enumerate(form.cells, start=1000)}
    name, numbered_data = write_blank_form(replace(form, cells=numbered), "xlsx")
    assert name.endswith(".xlsx")
    sheets = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    extraction = extract(read_bytes(numbered_data), load_register())
    return {
        c.address: (sheets[c.page - 1], f"{get_column_letter(c.grid_column + 1)}{c.grid_row + 1}")
        for c in extraction.cells
    }


def fill_in(form: FilledForm, data: bytes, values: Mapping[str, Decimal]) -> dict[tuple[str, str], int]:
    """Return the numbers that a person types: all but the totals that are formulas. Checks that the cells are white."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    typed = {
        (sheet, place): int(values[address])
        for address, (sheet, place) in places(form, data).items()
        if not str(book[sheet][place].value or "").startswith("=")
    }
    assert typed
    assert all(book[sheet][place].value is None for sheet, place in typed)
    return typed


def typed_by_a_library(data: bytes, typed: Mapping[tuple[str, str], int]) -> bytes:
    """Return the workbook with the numbers, as a library saves it: without the values of formulas."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for (sheet, place), value in typed.items():
        book[sheet][place] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_back(data: bytes) -> Extraction:
    """Return what is read of a file."""
    return extract(read_bytes(data), load_register())


def test_each_member_gets_a_form_with_its_name(office: Path) -> None:
    forms = blank_forms(Data(office / "data"), "洛阳市", 2025)
    assert len(forms) == 15
    assert {form.body for form in forms} >= {"洛阳市教育局", "偃师区人民政府", "新安县人民政府"}
    assert "偃师市人民政府" not in {form.body for form in forms}
    for form in forms:
        name, data = write_blank_form(form, "xlsx")
        assert name == f"{form.body}2025年政府信息公开工作年度报告.xlsx"
        assert openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["A1"].value == name.removesuffix(".xlsx")
        body = find_body(load_register(office / "data" / "raw"), form.body)
        assert body
        assert body.body_id == form.body_id


def test_name_that_several_cities_have_is_printed_with_that_of_the_city(office: Path) -> None:
    names = {form.body for form in blank_forms(Data(office / "data"), "石家庄市", 2025)}
    assert "石家庄市长安区人民政府" in names


def test_form_of_a_library_is_one_message_and_every_typed_number_is_read(office: Path) -> None:
    form = bureau_form(office)
    _, data = write_blank_form(form, "xlsx")
    values = sample_values(form)
    extraction = read_back(typed_by_a_library(data, fill_in(form, data, values)))
    (finding,) = extraction.findings
    assert (finding.identity, finding.severity) == ("extract.uncalculated", "error")
    totals = set(terms_by_total(form.form))
    assert set(finding.cells) == totals
    assert {c.address: c.value for c in extraction.cells} == {a: None if a in totals else v for a, v in values.items()}
    assert (extraction.body, extraction.year, extraction.form) == ("洛阳市教育局", 2025, "2021")


def test_check_says_once_what_to_do_about_a_workbook_that_was_never_calculated(office: Path, tmp_path: Path) -> None:
    form = bureau_form(office)
    name, data = write_blank_form(form, "xlsx")
    (tmp_path / name).write_bytes(typed_by_a_library(data, fill_in(form, data, sample_values(form))))
    result = ogi_here(office, "check", str(tmp_path / name))
    assert result.returncode == 1
    assert result.stdout.count("请用 WPS 或 Excel 打开这个文件，看到数字以后保存一次") == 1
    assert "格读不出数" in result.stdout, result.stdout[:1500]


@needs_office
def test_form_that_came_back_is_read_exactly(office: Path, tmp_path: Path) -> None:
    form = bureau_form(office)
    _, data = write_blank_form(form, "xlsx")
    values = sample_values(form)
    extraction = read_back(recalculate(data, tmp_path / "same", fill_in(form, data, values)))
    assert extraction.findings == ()
    assert {c.address: c.value for c in extraction.cells} == values


@needs_office
def test_cells_turn_red_only_when_they_do_not_add_up(office: Path, tmp_path: Path) -> None:
    form = bureau_form(office)
    _, data = write_blank_form(form, "xlsx")
    typed = fill_in(form, data, sample_values(form))
    sheet, place = places(form, data)["applications/carried_out/natural_person"]
    book = openpyxl.load_workbook(io.BytesIO(data))
    (rule,) = (r for rs in book[sheet].conditional_formatting if place in rs.sqref for r in rs.rules)
    assert "!" not in rule.formula[0]
    for number, (folder, is_red) in enumerate((("right", False), ("wrong", True))):
        edits: dict[tuple[str, str], int | str] = {**typed, (sheet, place): typed[sheet, place] + number}
        edits[sheet, "Z1"] = f"={rule.formula[0]}"
        recalculated = recalculate(data, tmp_path / folder, edits)
        assert openpyxl.load_workbook(io.BytesIO(recalculated), data_only=True)[sheet]["Z1"].value is is_red


def test_only_whole_numbers_from_0_can_be_typed(office: Path) -> None:
    _, data = write_blank_form(bureau_form(office), "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == [*TABLE_SHEETS.values(), "勾稽校验"]
    rules = [rule for sheet in book.worksheets for rule in sheet.data_validations.dataValidation]
    assert {(rule.type, rule.operator, rule.formula1) for rule in rules} == {
        ("whole", "greaterThanOrEqual", "0"), ("decimal", "greaterThanOrEqual", "0"),
    }  # fmt: skip
    for sheet in book.worksheets:
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_carry_over_is_that_of_the_report_of_the_year_before(built: Path) -> None:
    forms = {form.body_id: form for form in blank_forms(Data(built / "data"), "411200", 2020)}
    assert len(forms) == 28
    cells = forms["411202"].cells
    known = {address for address, cell in cells.items() if cell.value is not None}
    assert known == {a for a in cells if a.startswith("applications/carried_in/")}
    result = ogi_here(
        built, "query", "SELECT value FROM observations WHERE body_id = '411202' AND year = 2019"
        " AND indicator = 'applications.carried_out' AND applicant = 'total'", "--format", "csv",
    )  # fmt: skip
    assert cells["applications/carried_in/total"].value == Decimal(result.stdout.split()[1])
    assert forms["411202"].is_simulated, "a figure of a simulated report is marked"


def test_word_form_has_the_title_the_sections_and_no_number(office: Path) -> None:
    name, data = write_blank_form(bureau_form(office), "docx")
    assert name == "洛阳市教育局2025年政府信息公开工作年度报告.docx"
    document = docx.Document(io.BytesIO(data))
    headings = [p.text[:2] for p in document.paragraphs if p.style and p.style.name == "Heading 1"]
    assert headings == ["一、", "二、", "三、", "四、", "五、", "六、"]
    extraction = read_back(data)
    assert {cell.value for cell in extraction.cells} == {None}
    assert "extract.blank_table" in {finding.identity for finding in extraction.findings}


def test_word_form_that_came_back_is_read_exactly(office: Path) -> None:
    form = bureau_form(office)
    _, data = write_blank_form(form, "docx")
    values = sample_values(form)
    numbered = {a: FormCell(a, Decimal(n), "published") for n, a in enumerate(form.cells, start=1000)}
    document = docx.Document(io.BytesIO(data))
    for cell in read_back(write_blank_form(replace(form, cells=numbered), "docx")[1]).cells:
        word_cell = document.tables[cell.grid].cell(cell.grid_row, cell.grid_column)
        assert word_cell.text == ""
        word_cell.paragraphs[0].add_run(str(values[cell.address]))
    buffer = io.BytesIO()
    document.save(buffer)
    extraction = read_back(buffer.getvalue())
    assert extraction.findings == ()
    assert {c.address: c.value for c in extraction.cells} == values
    assert (extraction.body, extraction.year) == ("洛阳市教育局", 2025)


def test_command_writes_the_forms_and_keeps_edited_ones(office: Path, tmp_path: Path) -> None:
    arguments = ["form", "--blank", "洛阳市", "--year", "2025", "--output", str(tmp_path / "发出")]
    first = ogi_here(office, *arguments)
    assert first.returncode == 0, first.stderr
    assert "15 个机关，其中 0 个的上年结转已填好" in first.stdout
    files = sorted((tmp_path / "发出").iterdir())
    assert len(files) == 15
    assert ogi_here(office, *arguments).returncode == 0
    files[0].write_bytes(b"edited")
    assert ogi_here(office, *arguments).returncode == 2
    assert files[0].read_bytes() == b"edited"
    assert ogi_here(office, *arguments, "--replace").returncode == 0


@pytest.mark.parametrize(
    ("city", "year", "code"),
    [("无名市", 2025, "form.city"), ("洛阳市教育局", 2025, "form.no_members"), ("洛阳市", 2018, "compile.form")],
)
def test_request_without_forms_is_refused(office: Path, city: str, year: int, code: str) -> None:
    with pytest.raises(DataFault) as fault:
        blank_forms(Data(office / "data"), city, year)
    assert fault.value.code == code
    assert ogi_here(office, "form", "--blank", city, "--year", str(year)).returncode == 2
