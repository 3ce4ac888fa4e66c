"""A workbook's number formats, fonts, text runs and hidden lines decide what its reader sees."""

from __future__ import annotations

import pytest
import xlwt
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Color, Font, PatternFill
from support.offices import make_ods, make_ods_cell, saved

from pipeline.extract.visible import SeenDocument, see
from pipeline.read import read_bytes
from pipeline.read.sheet.number_formats import show_number


def see_cell(value: object, **style: object) -> tuple[str, list[str]]:
    """Return the text of cell B2 of a sheet as seen, and the codes of the doubts about it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["甲", "乙"])
    sheet.append(["丙", value])
    for name, setting in style.items():
        setattr(sheet["B2"], name, setting)
    return _take_last(see(read_bytes(saved(book))))


def _take_last(seen: SeenDocument) -> tuple[str, list[str]]:
    return seen.document.grids[0].cells[-1].text, [doubt.code for doubts in seen.doubts.values() for doubt in doubts]


@pytest.mark.parametrize(
    ("stored", "code", "shown"),
    [
        ("26000", "#,##0,", "26"),
        ("260000", '0.0,"千"', "260.0千"),
        ("0.26", "0%", "26%"),
        ("26", ";;;", ""),
        ("26", '"1"0', "126"),
        ("26", '0"万"', "26万"),
        ("26", r"0\万", "26万"),
        ("26", "[Red]0[$元-804]", "26元"),
        ("-26", "0;0", "26"),
        ("-26", "0;(0)", "(26)"),
        ("0", '0;0;"-"', "-"),
        ("0", "0;-0;", ""),
        ("26.5", "0", "27"),
        ("26.126", "#,##0.00_ ", "26.13"),
        ("26", "000", None),
        ("26", "[>100]0;0", "?"),
        ("26", "0.00E+00", "?"),
        ("26", "[DBNum2]0", "?"),
        ("1234.5", "#,##0.00", None),
        ("1234", "#,##0", None),
        ("26", "General", None),
        ("26", 'General"万"', "26万"),
        ("26.5", "G/通用格式", None),
        ("26", "@", None),
        ("44000", "yyyy-mm-dd", None),
        ("26", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', None),
        ("0.5", "#.##", None),
        ("26", "0.0#", None),
    ],
)
def test_number_format_shows_what_a_sheet_shows(stored: str, code: str, shown: str | None) -> None:
    assert show_number(stored, code) == shown


@pytest.mark.parametrize("code", ["#,##0,", "0%", ";;;", '"1"0', '0"万"', '0"元"', "0.00E+00"])
def test_format_that_shows_another_number_is_asked_about(code: str) -> None:
    assert see_cell(26, number_format=code) == ("26", ["extract.shown"])


@pytest.mark.parametrize("code", ["0", "#,##0", '0"件"', "0.00", '0.000,"千"', "@"])
def test_format_that_shows_the_same_number_is_no_doubt(code: str) -> None:
    assert see_cell(26, number_format=code) == ("26", [])


def test_format_of_a_text() -> None:
    assert see_cell("26", number_format='@"万"') == ("26", ["extract.shown"])
    assert see_cell("26", number_format=";;;") == ("26", ["extract.shown"])
    assert see_cell("26", number_format="0;-0;0;@") == ("26", [])
    assert see_cell("合计", number_format='@"数"') == ("合计", [])


def test_zero_shown_as_a_dash_is_zero_and_a_hidden_zero_is_asked_about() -> None:
    assert see_cell(0, number_format='0;-0;"-"') == ("0", [])
    assert see_cell(0, number_format="0;-0;") == ("0", ["extract.shown"])


def test_rounded_amount_keeps_its_value() -> None:
    assert see_cell(12.3456, number_format="0.00") == ("12.3456", ["extract.rounded"])


def test_font_of_a_cell_decides() -> None:
    assert see_cell(26, font=Font(strike=True)) == ("", ["extract.unread"])
    assert see_cell(26, font=Font(color="FFFFFFFF")) == ("", ["extract.unread"])
    dark = PatternFill("solid", fgColor="FF1F4E79")
    assert see_cell(26, font=Font(color="FFFFFFFF"), fill=dark) == ("26", [])
    assert see_cell(26, font=Font(vertAlign="superscript")) == ("26", [])


@pytest.mark.parametrize(
    ("font", "text", "codes"),
    [
        (InlineFont(vertAlign="superscript"), "26", ["extract.note"]),
        (InlineFont(strike=True), "26", ["extract.unread"]),
        (InlineFont(color=Color("FFFFFFFF")), "26", ["extract.unread"]),
        (InlineFont(b=True), "261", []),
    ],
)
def test_runs_of_a_text_decide(font: InlineFont, text: str, codes: list[str]) -> None:
    assert see_cell(CellRichText("26", TextBlock(font, "1"))) == (text, codes)


def test_line_break_in_a_cell_separates_two_numbers() -> None:
    assert see_cell("214\n211") == ("214；211", ["extract.several"])


def test_hidden_lines_are_not_read() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["甲", "乙", "丙"], ["丁", 1, 2], ["戊", 3, 4]):
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    seen = see(read_bytes(saved(book)))
    assert [c.text for c in seen.document.grids[0].cells] == ["甲", "", "丙", "", "", "", "戊", "", "4"]


def see_old_cell(value: object, style: xlwt.XFStyle, hidden_row: bool = False) -> tuple[str, list[str]]:
    """Return the text of the last cell of an XLS as seen, and the codes of the doubts."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表")
    for row, pair in enumerate((("甲", "乙"), ("丙", value))):
        sheet.write(row, 0, pair[0])
        sheet.write(row, 1, pair[1], style if row else xlwt.XFStyle())
    sheet.row(1).hidden = hidden_row
    return _take_last(see(read_bytes(saved(book))))


@pytest.mark.parametrize("value", [26, 26.5, -26, 123456789012, 2600.25])
@pytest.mark.parametrize("code", ["#,##0,", ";;;", '"1"0', '0"万"', "0%"])
def test_old_workbook_that_shows_another_number_is_asked_about(value: float, code: str) -> None:
    assert see_old_cell(value, xlwt.easyxf(num_format_str=code)) == (str(value), ["extract.shown"])


def test_old_workbook_that_shows_the_same_number_is_no_doubt() -> None:
    assert see_old_cell(26, xlwt.easyxf(num_format_str="#,##0")) == ("26", [])
    assert see_old_cell(26, xlwt.easyxf("font: struck_out on")) == ("", ["extract.unread"])
    assert see_old_cell(26, xlwt.easyxf("font: colour white")) == ("", ["extract.unread"])
    white_on_blue = "font: colour white; pattern: pattern solid, fore_colour dark_blue"
    assert see_old_cell(26, xlwt.easyxf(white_on_blue)) == ("26", [])
    assert see_old_cell(26, xlwt.XFStyle(), hidden_row=True)[0] == ""


NUMBER_CELL = '<table:table-cell office:value-type="float" office:value="{}"><text:p>{}</text:p></table:table-cell>'


@pytest.mark.parametrize(
    ("stored", "shown", "codes"),
    [("26", "26万", ["extract.shown"]), ("26", "", ["extract.shown"]), ("1234", "1,234", []), ("0", "-", [])],
)
def test_shown_text_of_ods(stored: str, shown: str, codes: list[str]) -> None:
    rows = f"<table:table-row>{make_ods_cell('甲')}{NUMBER_CELL.format(stored, shown)}</table:table-row>"
    assert _take_last(see(read_bytes(make_ods(rows)))) == (stored, codes)


def test_hidden_lines_of_ods_are_not_read() -> None:
    column = '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>'
    cells = "".join(make_ods_cell(text) for text in "甲乙丙")
    rows = f'{column}<table:table-row table:visibility="filter">{cells}</table:table-row>'
    rows += f"<table:table-row>{cells}</table:table-row>"
    seen = see(read_bytes(make_ods(rows)))
    assert [c.text for c in seen.document.grids[0].cells] == ["", "", "", "甲", "", "丙"]
