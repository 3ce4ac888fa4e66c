"""Filled forms: each format has the cells of the published data, and a reader extracts the same cells from it."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import duckdb
import openpyxl
import pypdfium2
import pytest
from docx.oxml.ns import qn
from support import pdfs
from support.offices import needs_office, recalculate
from support.project import ogi_here

from pipeline.core.form import form_of, forms
from pipeline.core.form_grid import lay_out
from pipeline.core.model import DataFault, Extraction
from pipeline.core.own_sheets import IDENTITIES_SHEET, PROSE_SHEET
from pipeline.core.paths import Data
from pipeline.extract import extract
from pipeline.publish.form.docx import write_docx
from pipeline.publish.form.explanation import compose_explanation
from pipeline.publish.form.fill import FilledForm, FormCell, fill_form
from pipeline.publish.form.html import write_html, write_pdf
from pipeline.publish.form.report_template import MISSING_FIGURE, compose, shipped_template
from pipeline.publish.form.review import review_form
from pipeline.publish.form.workbook import FormWorkbook
from pipeline.publish.form.xlsx import TABLE_SHEETS, write_xlsx
from pipeline.read import read_bytes
from pipeline.registry.load import load_register
from pipeline.registry.lookup import find_body
from pipeline.report import prose_values
from pipeline.storage.database import ask, connect

pytestmark = pytest.mark.slow

WRITERS = {"docx": write_docx, "xlsx": write_xlsx, "html": write_html, "pdf": write_pdf}
CITY_BY_BASIS = {
    "compiled": {"body_id": "411200", "name": "三门峡市人民政府"},
    "reported": {"body_id": "321300", "name": "宿迁市人民政府"},
}
YEAR_BY_BASIS = {"compiled": 2019, "reported": 2024}
SANMENXIA_STEM = "（模拟）三门峡市2019年政府信息公开工作年度报告"


@pytest.fixture
def connection(built: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the published snapshot, in which a test may hide a view by a temporary table."""
    with connect(Data(built / "data")) as snapshot:
        yield snapshot


@pytest.fixture(scope="module")
def filled(built: Path) -> dict[str, FilledForm]:
    """The form of one city per basis."""
    with connect(Data(built / "data")) as snapshot:
        return {
            b: fill_form(snapshot, c, YEAR_BY_BASIS[b], form_of(YEAR_BY_BASIS[b]), b) for b, c in CITY_BY_BASIS.items()
        }


def write_form(form: FilledForm, file_format: str, template: str = "") -> bytes:
    """Return the file in one of the formats of WRITERS. Skips the test if this machine cannot write PDF files."""
    if file_format == "pdf" and (reason := pdfs.missing()):
        pytest.skip(reason)
    return WRITERS[file_format](form, compose(form, template or shipped_template()))


def extract_bytes(data: bytes) -> Extraction:
    """Read a file and extract the report from it."""
    return extract(read_bytes(data), load_register())


def printed_values(form: FilledForm) -> dict[str, Decimal | None]:
    """Return the values of the printed tables by address."""
    return {a: form.cells[a].value for a in form.form.addresses(form.form.printed_tables)}


def with_values(form: FilledForm, **values: Decimal | int | None) -> FilledForm:
    """Return the form with other values. The names are addresses with `__` in place of `/`."""
    new_cells = {
        a: replace(form.cells[a], value=None if v is None else Decimal(v))
        for a, v in ((k.replace("__", "/"), v) for k, v in values.items())
    }
    return replace(form, cells={**form.cells, **new_cells})


def run_compile(
    built: Path,
    tmp_path: Path,
    *,
    formats: Sequence[str] = ("html",),
    replace: bool = False,
    force: bool = False,
    **options: Any,
) -> int:
    """Run `ogi compile`, pass its output on, and return the exit code. Without options: 三门峡市, 2019."""
    options = {"city": "411200", "year": 2019, "out": tmp_path / "out"} | options
    arguments = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
    arguments += (
        [word for name in formats for word in ("--format", name)] + ["--replace"] * replace + ["--force"] * force
    )
    result = ogi_here(built, "compile", *arguments)
    sys.stdout.write(result.stdout)
    sys.stderr.write(result.stderr)
    return result.returncode


@pytest.mark.parametrize("file_format", WRITERS)
@pytest.mark.parametrize("basis", CITY_BY_BASIS)
def test_each_format_is_extracted_with_the_same_cells(
    filled: dict[str, FilledForm], basis: str, file_format: str
) -> None:
    form = filled[basis]
    extraction = extract_bytes(write_form(form, file_format))
    assert {c.address: c.value for c in extraction.cells} == printed_values(form)
    assert None not in printed_values(form).values()
    body = find_body(load_register(), extraction.body or "")
    assert body
    assert (body.name, extraction.year, extraction.form) == (form.body, form.year, form.form.code)
    assert extraction.titled
    assert extraction.simulated == (basis == "compiled")
    assert not extraction.findings
    prose = prose_values(extraction)
    assert prose
    assert prose == {a: form.cells[a].value for a in prose}


def test_cells_have_the_values_of_the_snapshot(filled: dict[str, FilledForm]) -> None:
    compiled, reported = (filled[b].cells for b in ("compiled", "reported"))
    assert compiled["applications/new/total"].value == 265
    assert compiled["review_litigation/litigation_direct/total"].value == 18
    assert compiled["narrative/litigation.total/value"].value == 26
    assert compiled["narrative/disclosed.items_growth/value"].value == 79
    assert compiled["narrative/websites_hosted/value"].value is None
    assert filled["compiled"].provenances == {"simulated"}
    assert reported["applications/other.no_correction/total"].provenance == "transcribed"
    assert reported["applications/handled/total"].value == 3521
    assert reported["narrative/applications.growth/value"].value == Decimal("1.05")
    # The prose of that report counts accepted cases; the filled form has the figure of the table.
    assert reported["narrative/review.total/value"].value == 170


def test_unknown_value_stays_blank(filled: dict[str, FilledForm]) -> None:
    address = "applications/granted/business"
    form = with_values(filled["compiled"], applications__granted__business=None, applications__handled__business=None)
    for file_format in WRITERS:
        cells = {c.address: c for c in extract_bytes(write_form(form, file_format)).cells}
        assert (cells[address].raw, cells[address].value) == ("", None), file_format
        assert cells["applications/handled/business"].value is None, file_format
    form = with_values(filled["compiled"], **{"narrative__disclosed.items__value": None})
    assert "主动公开政府信息" not in "".join(b.text for b in compose(form, shipped_template()) if b.kind == "text")
    template = "{scope}主动公开政府信息{disclosed_items}条。\n{proactive}\n{applications}\n{review_litigation}"
    assert f"全市主动公开政府信息{MISSING_FIGURE}条。" in write_form(form, "html", template).decode()


def test_notes_name_the_missing_members(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TEMP TABLE due AS SELECT * FROM ogi.due")
    connection.execute("UPDATE due SET status = 'absent' WHERE body_id = '411200-education' AND year = 2019")
    connection.execute("CREATE TEMP TABLE compiled AS SELECT * FROM ogi.compiled")
    connection.execute(
        "UPDATE compiled SET members_missing = '411200-education 411221' WHERE indicator = 'applications.granted'"
    )
    form = fill_form(connection, CITY_BY_BASIS["compiled"], 2019, form_of(2019), "compiled")
    assert form.notes[0].startswith("汇总说明：应报 28 个机关，计入 27 个；缺：三门峡市教育局。")
    assert form.banner.endswith("不完整 PARTIAL：应报 28 个机关，只计入 27 个，本表各数不是全部数。")
    page = write_form(form, "html").decode()
    assert 'content: "模拟数据 SIMULATED · 不完整 PARTIAL"' in page
    assert form.notes[1] == "另有 7 格未计入：渑池县人民政府（该机关没有报这些数）。"
    explanation = compose_explanation(form, review_form(connection, form))
    files = [write(form, explanation) for write in (write_docx, write_html)]
    files.append(write_xlsx(form, compose(form, shipped_template()), explanation))
    for file in files:
        texts = "".join("".join(p.text.split()) for p in read_bytes(file).paragraphs)
        assert "应报28个机关，计入27个；缺：三门峡市教育局" in texts


def test_approximate_figure_stays_approximate(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TEMP TABLE observations AS SELECT * FROM ogi.observations")
    connection.execute(
        "UPDATE observations SET obs_status = 'E' WHERE body_id = '411221' AND indicator = 'disclosed.items'"
    )
    form = fill_form(connection, CITY_BY_BASIS["compiled"], 2019, form_of(2019), "compiled")
    assert form.cells["narrative/disclosed.items/value"].approximate
    assert "主动公开政府信息约129790条" in write_form(form, "html").decode()


def test_form_without_figures_of_members_has_no_zero(connection: duckdb.DuckDBPyConnection) -> None:
    form = fill_form(connection, CITY_BY_BASIS["reported"], 2024, form_of(2024), "compiled")
    assert {c.value for c in form.cells.values()} == {None}
    assert not form.is_simulated


def test_other_form_has_the_comparable_values_only(connection: duckdb.DuckDBPyConnection) -> None:
    form = fill_form(connection, CITY_BY_BASIS["reported"], 2024, forms()["2019"], "reported")
    own_cells = fill_form(connection, CITY_BY_BASIS["reported"], 2024, forms()["2021"], "reported").cells
    parts = [own_cells[f"applications/other.{p}/total"].value or 0 for p in ("no_correction", "fee_unpaid", "other")]
    assert form.cells["applications/other/total"].value == sum(parts)
    assert form.cells["proactive/regulations/disclosed"].value is None


def test_reports_of_a_body_and_year_are_read_in_the_order_of_their_ids(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TEMP TABLE reports AS SELECT * FROM ogi.reports WHERE body_id = '321300' AND year = 2024"
        " UNION ALL SELECT * REPLACE ('2024/0.html' AS report_id) FROM ogi.reports"
        " WHERE body_id = '321300' AND year = 2024"
    )
    reports = ask(connection, "form_report", {"body": "321300", "year": 2024})
    assert [report["report_id"] for report in reports] == ["2024/0.html", "2024/321300.html"]


def test_simulated_figures_are_marked_in_every_format(filled: dict[str, FilledForm]) -> None:
    form = filled["compiled"]
    document = docx.Document(io.BytesIO(write_form(form, "docx")))
    assert all("模拟数据 SIMULATED" in s.header.paragraphs[0].text for s in document.sections)
    book = openpyxl.load_workbook(io.BytesIO(write_form(form, "xlsx")))
    assert len(book.worksheets) == 5
    for sheet in book.worksheets:
        assert "模拟数据 SIMULATED" in str(sheet.oddHeader and sheet.oddHeader.center.text)
        assert str(sheet["A1"].value).startswith("（模拟）三门峡市")
        assert "模拟数据 SIMULATED" in str(sheet["A2"].value)
        assert sheet["A2"].fill.fgColor.rgb == "FFC01010"
    page = write_form(form, "html").decode()
    assert '<div class="stamp"></div>' in page
    assert "<h1>（模拟）三门峡市" in page
    printed = pypdfium2.PdfDocument(write_form(form, "pdf"))
    assert all("SIMULATED" in p.get_textpage().get_text_range() for p in printed)
    assert all(len(list(p.get_objects(filter=[2], max_depth=5))) > 0 for p in printed)


def test_form_with_mixed_figures_is_marked_as_simulated(filled: dict[str, FilledForm]) -> None:
    form = filled["reported"]
    address = "applications/new/total"
    mixed = replace(form, cells={**form.cells, address: replace(form.cells[address], provenance="mixed")})
    assert mixed.title.startswith("（模拟）")
    assert mixed.banner.startswith("含模拟数据 SIMULATED")
    assert extract_bytes(
        write_form(mixed, "docx", "# 换了题目\n{proactive}\n{applications}\n{review_litigation}")
    ).simulated
    assert "SIMULATED" not in write_form(form, "html").decode()


def test_form_of_published_and_transcribed_figures_is_not_marked_as_simulated(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("CREATE TEMP TABLE compiled AS SELECT * FROM ogi.compiled")
    connection.execute("UPDATE compiled SET compiled_provenance = 'mixed'")
    assert fill_form(connection, CITY_BY_BASIS["compiled"], 2019, form_of(2019), "compiled").is_simulated
    connection.execute("CREATE TEMP TABLE reports AS SELECT * FROM ogi.reports WHERE provenance <> 'simulated'")
    form = fill_form(connection, CITY_BY_BASIS["compiled"], 2019, form_of(2019), "compiled")
    assert (form.is_simulated, form.banner, form.title[:1]) == (False, "", "三")


def test_docx_tables_have_the_spans_of_the_form(filled: dict[str, FilledForm]) -> None:
    document = read_bytes(write_form(filled["compiled"], "docx"))
    texts = {a: c.text for a, c in filled["compiled"].cells.items()}
    layouts = [lay_out(t, texts) for t in forms()["2019"].printed_tables]
    for grid, layout in zip(document.grids, layouts, strict=True):
        places = {(c.row, c.column, c.rowspan, c.colspan, c.text) for c in layout}
        assert {(c.row, c.column, c.rowspan, c.colspan, " ".join(c.text.split())) for c in grid.cells} == places
    parts = zipfile.ZipFile(io.BytesIO(write_form(filled["compiled"], "docx")))
    assert parts.read("word/document.xml").decode().count("<w:tblHeader/>") == 6


def test_docx_has_the_page_and_type_of_official_papers(filled: dict[str, FilledForm]) -> None:
    data = write_form(filled["compiled"], "docx")
    section = docx.Document(io.BytesIO(data)).sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    sizes = (section.page_width, section.page_height, *margins)
    assert [round(size.mm) for size in sizes if size is not None] == [210, 297, 37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), int(grid.get(qn("w:linePitch"))) * 22 <= 225 / 25.4 * 1440) == ("lines", True)
    parts = zipfile.ZipFile(io.BytesIO(data))
    styles = parts.read("word/styles.xml").decode()
    assert set(re.findall(r'<w:lang [^>]*w:eastAsia="([^"]*)"', styles)) == {"zh-CN"}
    fonts = {
        style.name: (style.element.rPr.rFonts.get(qn("w:eastAsia")), style.font.size and style.font.size.pt)
        for style in docx.Document(io.BytesIO(data)).styles
        if style.name in ("Title", "Heading 1", "Heading 2", "Body Text")
    }
    assert fonts == {
        "Title": ("方正小标宋简体", 22), "Heading 1": ("黑体", 16), "Heading 2": ("楷体_GB2312", 16),
        "Body Text": ("仿宋_GB2312", 16),
    }  # fmt: skip
    assert not re.search(r"asciiTheme|eastAsiaTheme", re.findall(r'w:styleId="Heading1".*?</w:style>', styles, re.S)[0])
    for footer in ("word/footer1.xml", "word/footer2.xml"):
        text = "".join(re.findall(r"<w:(?:t|instrText)[^>]*>([^<]*)", parts.read(footer).decode()))
        assert text == "— PAGE —"


def test_docx_has_the_sections_and_topics_of_the_form(filled: dict[str, FilledForm]) -> None:
    document = docx.Document(io.BytesIO(write_form(filled["compiled"], "docx")))
    headings = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"]
    assert [heading[:2] for heading in headings] == ["一、", "二、", "三、", "四、", "五、", "六、"]
    topics = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 2"]
    assert topics == [
        "（一）主动公开", "（二）依申请公开", "（三）政府信息管理", "（四）平台建设", "（五）监督保障",
    ]  # fmt: skip
    assert [p.text for p in document.paragraphs[-2:]] == ["三门峡市人民政府", "2020年　月　日"]
    text = "\n".join(p.text for p in document.paragraphs)
    assert "2019年，全市主动公开政府信息129790条，同比增长79%。" in text
    assert "收到政府信息公开申请265件，同比增长11.81%，其中自然人申请" in text
    assert "（四）平台建设\n（由填报人员填写）" in text
    assert MISSING_FIGURE not in text


def sheet_values(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """Return the stored values of a workbook by sheet and row."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {s.title: [tuple(c.value for c in row) for row in s.iter_rows()] for s in book.worksheets}


@needs_office
@pytest.mark.parametrize("basis", CITY_BY_BASIS)
def test_formulas_of_the_workbook_follow_an_edit(filled: dict[str, FilledForm], tmp_path: Path, basis: str) -> None:
    data = write_form(filled[basis], "xlsx")
    recalculated = recalculate(data, tmp_path / "same")
    assert {c.address: c.value for c in extract_bytes(recalculated).cells} == printed_values(filled[basis])
    assert [row[7] for row in sheet_values(recalculated)[IDENTITIES_SHEET]] == [
        row[7] for row in sheet_values(data)[IDENTITIES_SHEET]
    ]
    place = next(
        c.coordinate
        for c in number_cells(data, TABLE_SHEETS["applications"])
        if c.value == natural_persons(filled[basis])
    )
    edited = recalculate(data, tmp_path / "edited", {(TABLE_SHEETS["applications"], place): 9999})
    failures = [row for row in sheet_values(edited)[IDENTITIES_SHEET] if row[7] == "不符"]
    earlier_failures = [row for row in sheet_values(data)[IDENTITIES_SHEET] if row[7] == "不符"]
    new_failures = {row[1] for row in failures} - {row[1] for row in earlier_failures}
    assert new_failures == {"本年新收加上年结转应等于办理总计加结转下年", "正文的收到申请数应等于表中本年新收数量"}
    total = {c.address: c.value for c in extract_bytes(edited).cells}["applications/new/total"]
    assert (
        total == (printed_values(filled[basis])["applications/new/total"] or 0) - natural_persons(filled[basis]) + 9999
    )


def natural_persons(form: FilledForm) -> int:
    """Return the number of new applications by natural persons."""
    return int(form.cells["applications/new/natural_person"].text)


def number_cells(data: bytes, sheet: str) -> Iterator[Any]:
    """Yield the cells of a sheet that hold whole numbers."""
    rows = openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows()
    return (c for row in rows for c in row if isinstance(c.value, int))


def test_workbook_has_formulas_input_rules_and_conditional_formats(filled: dict[str, FilledForm]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_form(filled["compiled"], "xlsx")))
    assert book.sheetnames == [PROSE_SHEET, *TABLE_SHEETS.values(), IDENTITIES_SHEET]
    sheet = book[TABLE_SHEETS["applications"]]
    formulas = [c.value for row in sheet.iter_rows() for c in row if str(c.value).startswith("=")]
    assert len(formulas) == 23 + 6
    assert all("SUM(" in str(f) and "COUNT(" in str(f) for f in formulas)
    assert sheet.freeze_panes == "D7"
    assert sheet.page_setup.paperSize == 9
    inputs = sum(len(v.sqref.ranges) for v in sheet.data_validations.dataValidation)
    assert inputs == 23 * 7 - len(formulas)
    assert {v.type for v in sheet.data_validations.dataValidation} == {"whole"}
    rules = [r for s in book.worksheets for rs in s.conditional_formatting for r in rs.rules]
    assert rules
    assert all(r.type == "expression" for r in rules)
    money = book[TABLE_SHEETS["proactive"]].data_validations.dataValidation
    assert {(v.type, v.formula1) for v in money} == {("whole", "0"), ("whole", "-1000000000000"), ("decimal", "0")}


def test_total_that_its_terms_contradict_is_kept_and_shown_as_failure(filled: dict[str, FilledForm]) -> None:
    form = with_values(filled["compiled"], applications__new__total=266)
    data = write_form(form, "xlsx")
    assert {c.address: c.value for c in extract_bytes(data).cells} == printed_values(form)
    failures = [row for row in sheet_values(data)[IDENTITIES_SHEET] if row[7] == "不符"]
    assert [(row[3], row[4], row[5], row[6]) for row in failures] == [
        (266, "=", 265, 1), (268, "=", 267, 1), (265, "=", 266, -1),
    ]  # fmt: skip


@pytest.mark.parametrize("file_format", WRITERS)
def test_same_snapshot_gives_the_same_bytes(filled: dict[str, FilledForm], file_format: str) -> None:
    first, second = (write_form(filled["compiled"], file_format) for _ in range(2))
    assert first == second
    if file_format in ("docx", "xlsx"):
        assert {i.date_time[0] for i in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {1980}
        properties = zipfile.ZipFile(io.BytesIO(first)).read("docProps/core.xml")
        years = {int(year) for year in re.findall(rb"([0-9]{4})-[0-9]{2}-[0-9]{2}T", properties)}
        assert years, "the file has no time, so this test checks nothing"
        assert max(years) < datetime.now(UTC).year - 1, "the file contains the time at which it was written"


HOSTILE = '=HYPERLINK("x")<script>alert(1)</script>&{{7*7}}\x07\u202e]]>'


@pytest.mark.parametrize("file_format", WRITERS)
def test_hostile_text_is_written_as_text(filled: dict[str, FilledForm], file_format: str) -> None:
    form = replace(filled["reported"], body=HOSTILE)
    data = write_form(form, file_format, shipped_template() + "\n=1+1\n" + HOSTILE.replace("{{7*7}}", "") + "\n")
    document = read_bytes(data)
    texts = ["".join(p.text.split()) for p in document.paragraphs]
    assert any("<script>alert(1)</script>" in text for text in texts)
    if file_format == "html":
        assert "<script" not in data.decode()
    if file_format == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        assert all(c.data_type != "f" for row in book[PROSE_SHEET].iter_rows() for c in row)
        assert "=1+1" in texts
    assert {c.address: c.value for c in extract(document, load_register()).cells} == printed_values(form)


def test_braces_in_a_value_are_not_a_placeholder(filled: dict[str, FilledForm]) -> None:
    form = replace(filled["reported"], body="{year}")
    assert compose(form, shipped_template())[0].text.startswith("{year}2024年")


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{proactive}\n{applications}\n{review_litigation}\n共{disclosed_item}条", "compile.placeholder"),
        ("{proactive}\n{applications}\n{review_litigation}\n{}", "compile.placeholder"),
        # A control character is a line break for Python, but is removed from the document.
        ("{proactive}\n{applications}\n{review_litigation}\n{foo\x0bbar}", "compile.placeholder"),
        ("{proactive}\n{applications}", "compile.template_table"),
        ("{proactive}\n{applications}\n{review_litigation}\n{proactive}", "compile.template_table"),
        ("表 {proactive}\n{applications}\n{review_litigation}", "compile.template_table"),
    ],
)
def test_template_with_unknown_placeholder_or_lost_table_is_refused(
    filled: dict[str, FilledForm], template: str, message: str
) -> None:
    with pytest.raises(DataFault) as fault:
        compose(filled["compiled"], template)
    assert fault.value.code == message


def test_template_of_the_user_is_filled_or_refused_with_the_reason(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "模板.md"
    path.write_text(
        "\ufeff# {body}{year}年政府信息公开工作年度报告\r\n<!-- {不印} -->\r\n予以公开{applications/granted/total}件，"
        "申请{applications_growth}，网站{websites_hosted}家。\r\n{proactive}\r\n{applications}\r\n{review_litigation}\r\n",
        encoding="utf-8",
    )
    assert run_compile(built, tmp_path, template=path) == 0
    text = (tmp_path / "out" / f"{SANMENXIA_STEM}.html").read_text(encoding="utf-8")
    assert f"予以公开174件，申请增长11.81%，网站{MISSING_FIGURE}家。" in text
    assert "不印" not in text
    path.write_text("{applications}{没有}", encoding="utf-8")
    assert run_compile(built, tmp_path, template=path) == 2
    assert "模板中有不认识的名称：{没有}" in capsys.readouterr().err
    path.write_bytes(b"\xff\xfe\x00")
    assert run_compile(built, tmp_path, template=path) == 2
    assert "读不出" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"city": "三门峡"}, "没有名为“三门峡”的机关。相近的有：三门峡市人民政府"),
        ({"city": "渑池县人民政府"}, "渑池县人民政府 2019 年没有成员机关的数据可汇总（有汇总数的年度：—）"),
        ({"year": 2018}, "2018 年适用 2014 年版统计表"),
        ({"year": 2010}, "2010 年没有规定的统计表"),
        ({"year": 2018, "form": "2019"}, "2018 年适用 2014 年版统计表"),
        ({"year": 2023}, "三门峡市人民政府 2023 年没有成员机关的数据可汇总（有汇总数的年度：2018、2019）"),
        ({"city": "321300", "year": 2024}, "请加 --basis reported"),
        ({"year": 2020, "basis": "reported"}, "没有三门峡市人民政府 2020 年的报告（有报告的年度：2019）"),
    ],
)
def test_request_that_cannot_be_compiled_is_refused_with_the_reason(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: dict[str, Any], message: str
) -> None:
    assert run_compile(built, tmp_path, **options) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("city", ["411200", "三门峡市人民政府", "三门峡市"])
def test_city_is_identified_by_code_name_or_alias(built: Path, tmp_path: Path, city: str) -> None:
    assert run_compile(built, tmp_path, city=city) == 0
    names = {p.name for p in (tmp_path / "out").iterdir()}
    assert names == {f"{SANMENXIA_STEM}.html", f"{SANMENXIA_STEM}编制说明.html"}


def test_name_of_a_file_says_that_members_are_missing(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options: dict[str, Any] = {"city": "321300", "year": 2025, "formats": ["html", "xlsx"]}
    assert run_compile(built, tmp_path, **options) == 1
    assert "0 条勾稽关系不成立，4 个机关没有数" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert run_compile(built, tmp_path, force=True, **options) == 0
    stem = "宿迁市2025年政府信息公开工作年度报告（不完整）"
    names = {p.name for p in (tmp_path / "out").iterdir()}
    assert names == {f"{stem}.html", f"{stem}.xlsx", f"{stem}编制说明.html"}
    warning = "不完整 PARTIAL：应报 5 个机关，只计入 1 个，本表各数不是全部数。"
    assert warning in capsys.readouterr().err
    assert f'<p class="banner">{warning}</p>' in (tmp_path / "out" / f"{stem}.html").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(tmp_path / "out" / f"{stem}.xlsx")
    assert {sheet["A2"].value for sheet in book.worksheets} == {warning}


def test_edited_file_is_overwritten_only_with_replace(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_compile(built, tmp_path) == run_compile(built, tmp_path) == 0
    page = tmp_path / "out" / f"{SANMENXIA_STEM}.html"
    original = page.read_bytes()
    page.write_text("改过", encoding="utf-8")
    assert run_compile(built, tmp_path) == 2
    assert "--replace" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8") == "改过"
    assert run_compile(built, tmp_path, replace=True) == 0
    assert page.read_bytes() == original
    assert run_compile(built, tmp_path, out=built / "data" / "raw") == 2
    assert run_compile(built, tmp_path, out=page) == 2


def test_other_formats_are_written_without_weasyprint(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    assert run_compile(built, tmp_path, formats=[]) == 0
    assert {p.suffix for p in (tmp_path / "out").iterdir()} == {".docx", ".xlsx", ".html"}
    assert "没有生成 PDF" in capsys.readouterr().err
    assert run_compile(built, tmp_path, formats=["pdf"]) == 2


def test_compile_command_writes_files_and_a_summary(built: Path, tmp_path: Path) -> None:
    arguments = ("compile", "--city", "411200", "--year", "2019", "--data", str(built / "data"), "--out", "编制")
    result = ogi_here(tmp_path, *arguments, "--format", "docx", "--format", "xlsx")
    assert result.returncode == 0, result.stderr
    assert {p.suffix for p in (tmp_path / "编制").iterdir()} == {".docx", ".xlsx"}
    assert "198 格中有数 198 格" in result.stdout
    assert "应报 28 个机关，计入 28 个" in result.stdout
    assert "模拟数据 SIMULATED" in result.stderr
    assert ogi_here(tmp_path, *arguments, "--format", "wps").returncode == 2
    (tmp_path / "data" / "raw").mkdir(parents=True)
    unpublished = ogi_here(tmp_path, "compile", "--city", "411200", "--year", "2019")
    assert unpublished.returncode == 3
    assert not re.search("Traceback", unpublished.stderr)


def test_sheet_names_cover_all_tables_and_fit_into_31_characters(filled: dict[str, FilledForm]) -> None:
    assert set(TABLE_SHEETS) == {t.code for f in ("2019", "2021") for t in forms()[f].printed_tables}
    assert all(len(name) <= 31 for name in (PROSE_SHEET, IDENTITIES_SHEET, *TABLE_SHEETS.values()))
    assert FormWorkbook(filled["compiled"], compose(filled["compiled"], shipped_template())).top_row_count == 2
    assert FormCell("a").text == ""
