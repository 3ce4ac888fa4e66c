"""The review of a compiled form, tried on a simulated city with a missing member, a blank one, and one that errs."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.worksheet.properties import PageSetupProperties
from support.project import ogi_here, run_here

from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.extract import extract
from pipeline.publish.form.explanation import compose_explanation
from pipeline.publish.form.fill import FilledForm, fill_form
from pipeline.publish.form.report_files import write_report_files
from pipeline.publish.form.report_template import shipped_template
from pipeline.publish.form.review import review_compilation, review_form
from pipeline.publish.form.review_parts import CompilationReview
from pipeline.publish.form.review_text import review_sections, section_lines
from pipeline.read import read_bytes
from pipeline.registry.load import load_register
from pipeline.storage.database import connect

pytestmark = pytest.mark.slow

WRONG, WHOLE = "110000", "120000"  # the city with faults, and one without
YEAR = 2025
ERRING, ABSENT, QUARANTINED, BLANK = "110101", "110102", "110000-civil-affairs", "110000-commerce"
TABLES = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况")
NEW_APPLICATIONS = "一、本年新收政府信息公开申请数量"


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a published project of two simulated cities, the first one with faults."""
    project = tmp_path_factory.mktemp("cities")
    options = ["--cities", "2", "--members", "6", "--years", "2024-2025", "--formats", "xlsx", "--errors", "0"]
    assert ogi_here(project, "simulate", "data", *options).returncode == 0
    raw = project / "data" / "raw"
    _add_to_first_number(raw / f"{YEAR}/{ERRING}.xlsx", NEW_APPLICATIONS, 5)
    (raw / f"{YEAR}/{QUARANTINED}.xlsx").write_text("<p>关于放假的通知</p>", encoding="utf-8")
    _blank_table(raw / f"{YEAR}/{BLANK}.xlsx", *TABLES)
    _remove(raw, f"{YEAR}/{ABSENT}.xlsx")
    assert run_here(project) == 1
    return project


def _add_to_first_number(path: Path, label: str, amount: int) -> None:
    """Add an amount to the first number in the row of a label."""
    book = openpyxl.load_workbook(path)
    row = next(row for row in book.worksheets[0].iter_rows() if any(str(c.value or "") == label for c in row))
    cell = next(cell for cell in row if isinstance(cell.value, int))
    cell.value = int(str(cell.value)) + amount
    book.save(path)


def _blank_table(path: Path, heading: str, next_heading: str) -> None:
    """Remove the numbers between two headings."""
    book = openpyxl.load_workbook(path)
    rows = list(book.worksheets[0].iter_rows())
    first, last = (next(i for i, row in enumerate(rows) if row[0].value == text) for text in (heading, next_heading))
    for cell in (cell for row in rows[first:last] for cell in row):
        if isinstance(cell.value, int | float) or re.fullmatch(r"[\d.]+", str(cell.value or "")):
            cell.value = None
    book.save(path)


def _remove(raw: Path, name: str) -> None:
    """Remove a report and its line in the manifest."""
    lines = list(csv.DictReader((raw / "manifest.csv").open(encoding="utf-8", newline="")))
    with (raw / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(line for line in lines if line["path"] != name)
    (raw / name).unlink()


def review_of(project: Path, city: str, year: int = YEAR) -> CompilationReview:
    """Return the review of a city."""
    with connect(Data(project / "data")) as connection:
        return review_compilation(connection, city, year)


def filled_of(project: Path, city: str) -> tuple[FilledForm, CompilationReview]:
    """Return the compiled form of a city and its review."""
    with connect(Data(project / "data")) as connection:
        form = review_compilation(connection, city, YEAR).form
        body = {"body_id": city, "name": {WRONG: "北京市人民政府", WHOLE: "天津市人民政府"}[city]}
        filled = fill_form(connection, body, YEAR, form, "compiled")
        return filled, review_form(connection, filled)


def test_whole_city_is_not_held_back(cities: Path) -> None:
    review = review_of(cities, "天津市")
    assert (review.body_id, review.is_held_back, review.member_count) == (WHOLE, False, 6)
    assert (review.failures, review.gaps, review.doubts) == ((), (), ())
    assert review.rows
    assert {row.compiled == row.value for row in review.rows if row.compiled is not None} == {True}


def test_missing_and_blank_members_are_named(cities: Path) -> None:
    review = review_of(cities, WRONG)
    assert review.is_held_back
    assert {(gap.body_id, gap.state) for gap in review.missing_members} == {
        (ABSENT, "absent"), (QUARANTINED, "quarantined"), (BLANK, "blank_table"),
    }  # fmt: skip
    quarantined = next(gap for gap in review.gaps if gap.body_id == QUARANTINED)
    assert quarantined.path.endswith(f"{QUARANTINED}.xlsx")
    assert quarantined.reason
    assert all(quarantined.reason[lang] for lang in ("zh", "en"))
    blank = next(gap for gap in review.gaps if gap.body_id == BLANK)
    assert (blank.place, len(blank.cells)) == ("proactive", 10)


def test_failures_name_the_members_that_cause_them(cities: Path) -> None:
    review = review_of(cities, WRONG)
    failures = {(f.identity, f.place): f for f in review.blocking_failures}
    assert set(failures) == {
        ("app.row_total", "applications/new/total"), ("app.balance", "applications/new/natural_person"),
    }  # fmt: skip
    for failure in failures.values():
        assert sum((cause.difference for cause in failure.causes), Decimal(0)) == failure.difference != 0
        assert [(cause.body_id, abs(cause.difference)) for cause in failure.causes] == [(ERRING, Decimal(5))]
        assert failure.cells == failure.left_cells + failure.right_cells
    assert {doubt.body_id for doubt in review.doubts} == {ERRING}


def test_confirmed_finding_does_not_hold_back(cities: Path) -> None:
    review = review_of(cities, WRONG)
    with connect(Data(cities / "data")) as connection:
        connection.execute(
            "CREATE TEMP TABLE findings AS SELECT * REPLACE ("
            "CASE WHEN status = 'fail' THEN 'confirmed' ELSE answer END AS answer) FROM ogi.findings"
        )
        answered = review_compilation(connection, WRONG, YEAR)
    assert len(answered.failures) == len(review.failures) > 0
    assert not answered.blocking_failures
    assert answered.is_held_back, "members are still missing"


def test_changes_are_against_the_report_of_the_year_before(cities: Path) -> None:
    review = review_of(cities, WHOLE)
    with connect(Data(cities / "data")) as connection:
        prior = connection.execute(
            "SELECT reported FROM compiled WHERE body_id = ? AND year = ? AND indicator = 'applications.new'"
            " AND applicant = 'total'",
            [WHOLE, YEAR - 1],
        ).fetchone()
    row = next(row for row in review.rows if row.address == "applications/new/total")
    assert prior
    assert (row.prior, row.prior_basis) == (prior[0], "reported")
    assert row.change == (row.value or 0) - prior[0]
    assert list(review.changes) == [row for row in review.changes if abs(row.change or Decimal(0)) >= 10]
    assert not any(row.address.endswith(("natural_person", "growth/value")) for row in review.changes)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sentences_name_members_cells_and_amounts(cities: Path, lang: str) -> None:
    text = "\n".join(line for s in review_sections(review_of(cities, WRONG), lang) for line in section_lines(s, lang))
    for name in ("北京市东城区人民政府", "北京市西城区人民政府", "北京市民政局", "北京市商务局"):
        assert name in text
    assert ("多 5" in text or "少 5" in text) if lang == "zh" else "5 too" in text
    assert not re.search(r"[a-z_]+/[a-z_]+/[a-z_]+|None|\{", text)


def test_compile_stops_and_writes_only_by_force(cities: Path, tmp_path: Path) -> None:
    arguments = ["compile", "--city", "北京市", "--year", str(YEAR), "--format", "docx", "--format", "xlsx"]
    held = ogi_here(cities, *arguments, "--out", str(tmp_path / "out"))
    assert held.returncode == 1
    assert "2 条勾稽关系不成立，3 个机关没有数" in held.stderr
    assert not (tmp_path / "out").exists()
    forced = ogi_here(cities, *arguments, "--out", str(tmp_path / "out"), "--force", "--date", "2026-01-20")
    assert forced.returncode == 0, forced.stderr
    stem = "（模拟）北京市2025年政府信息公开工作年度报告（不完整）（勾稽不符）"
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {f"{stem}.docx", f"{stem}编制说明.docx", f"{stem}.xlsx"}
    last = docx.Document(str(tmp_path / "out" / f"{stem}.docx")).paragraphs[-2:]
    assert [paragraph.text for paragraph in last] == ["北京市人民政府", "2026年1月20日"]


def test_files_of_a_city_name_no_other_city(cities: Path) -> None:
    filled, review = filled_of(cities, WHOLE)
    files, faults = write_report_files(filled, review, shipped_template(), ["html"])
    assert not faults
    assert set(files) == {
        "（模拟）天津市2025年政府信息公开工作年度报告.html",
        "（模拟）天津市2025年政府信息公开工作年度报告编制说明.html",
    }
    for content in files.values():
        text = content.decode()
        assert "天津市" in text
        assert not re.search("三门峡|北京|宿迁|洛阳", text)


def test_workbook_with_all_its_sheets_is_read_without_a_warning(cities: Path) -> None:
    filled, review = filled_of(cities, WHOLE)
    files, _ = write_report_files(filled, review, shipped_template(), ["xlsx"])
    (data,) = files.values()
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert {"编制说明", "上年对比", "勾稽校验"} < set(book.sheetnames)
    assert {sheet.page_setup.paperSize for sheet in book.worksheets} == {9}
    assert all((s.sheet_properties.pageSetUpPr or PageSetupProperties()).fitToPage for s in book.worksheets)
    extraction = extract(read_bytes(data), load_register())
    assert extraction.findings == ()
    printed = filled.form.addresses(filled.form.printed_tables)
    assert {c.address: c.value for c in extraction.cells} == {a: filled.cells[a].value for a in printed}


def test_explanation_has_a_part_for_each_question(cities: Path) -> None:
    filled, review = filled_of(cities, WRONG)
    headings = [block.text for block in compose_explanation(filled, review) if block.kind == "heading"]
    assert [heading[:2] for heading in headings] == ["一、", "二、", "三、", "四、", "五、", "六、"]


def test_unknown_city_and_year_without_form_are_refused(cities: Path) -> None:
    with pytest.raises(DataFault, match=r"choose\.body"):
        review_of(cities, "无名市")
    with pytest.raises(DataFault, match=r"compile\.no_form"):
        review_of(cities, WHOLE, 2010)
