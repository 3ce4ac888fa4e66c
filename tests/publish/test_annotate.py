"""Copies of offices' files with comments in the wrong cells: readable by other programs, and otherwise unchanged."""

from __future__ import annotations

import io
import shutil
import zipfile
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook
from support.project import ROOT, ogi_here

from pipeline.core.form import forms
from pipeline.core.model import DataFault
from pipeline.publish.annotate import Note, annotate
from pipeline.publish.annotate.docx import comment_docx
from pipeline.publish.annotate.xlsx import comment_xlsx
from pipeline.publish.form.fill import FilledForm, FormCell
from pipeline.publish.form.report_template import compose, shipped_template
from pipeline.publish.form.xlsx import write_xlsx
from pipeline.report import read_report

WORD = ROOT / "docs" / "examples" / "hubin-2019.docx"
REAL = ROOT / "data" / "raw" / "2024" / "321300.html"
CELL = "applications/granted/natural_person"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Return a workbook with the numbers of a real report, in which one digit is wrong."""
    values = {c.address: c.value for c in read_report(REAL).cells}
    values[CELL] = Decimal(values[CELL] or 0) + 1
    form = forms()["2021"]
    cells = {a: FormCell(a, values.get(a)) for a in form.addresses()}
    filled = FilledForm(form, "321300", "宿迁市人民政府", 2024, "reported", cells)
    path = tmp_path / "年报.xlsx"
    path.write_bytes(write_xlsx(filled, compose(filled, shipped_template())))
    return path


def test_word_file_has_a_comment_at_the_wrong_cell(tmp_path: Path) -> None:
    shutil.copyfile(WORD, tmp_path / "年报.docx")
    result = ogi_here(tmp_path, "check", "--no-html", "--annotate", "批注", "年报.docx")
    assert result.returncode == 1
    copy = tmp_path / "批注" / "年报.docx"
    (comment,) = docx.Document(str(copy)).comments
    assert "应为 17" in comment.text
    assert "comment" in docx.Document(str(copy)).element.xml
    before, after = read_report(WORD), read_report(copy)
    assert before.cells == after.cells
    assert (tmp_path / "年报.docx").read_bytes() == WORD.read_bytes()


def test_workbook_has_comments_at_its_cells(workbook: Path, tmp_path: Path) -> None:
    result = ogi_here(tmp_path, "check", "--no-html", "--annotate", "批注", workbook.name)
    assert result.returncode == 1
    copy = tmp_path / "批注" / workbook.name
    sheet = load_workbook(copy)["三、依申请公开"]
    comments = {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}
    assert "应为 1,408" in comments["D8"]
    assert read_report(workbook).cells == read_report(copy).cells
    assert read_report(workbook).formulas == read_report(copy).formulas


def test_the_same_file_and_findings_give_the_same_bytes(workbook: Path) -> None:
    for path in (WORD, workbook):
        extraction = read_report(path)
        copies = {annotate(path.read_bytes(), extraction, {CELL: "应为 17"}) for _ in range(2)}
        assert len(copies) == 1


def test_text_of_a_comment_is_text(workbook: Path) -> None:
    hostile = '</t></text><x:y z="1">&amp;<script>'
    copy = annotate(workbook.read_bytes(), read_report(workbook), {CELL: hostile})
    workbook.write_bytes(copy)
    assert load_workbook(workbook)["三、依申请公开"]["D8"].comment.text == hostile


def test_sheet_with_comments_is_left_alone(workbook: Path) -> None:
    extraction = read_report(workbook)
    once = annotate(workbook.read_bytes(), extraction, {CELL: "1"})
    with pytest.raises(DataFault, match=r"annotate\.has_comments"):
        annotate(once, extraction, {CELL: "2"})


def test_note_at_another_text_goes_to_the_first_paragraph() -> None:
    copy = comment_docx(WORD.read_bytes(), [Note(0, "", 5, 3, "987654321", "看不到")])
    assert len(copy) > 1000


def test_unknown_sheet_is_refused(workbook: Path) -> None:
    with pytest.raises(DataFault):
        comment_xlsx(workbook.read_bytes(), [Note(0, "没有这张表", 1, 1, "1", "x")])


@pytest.mark.slow
def test_other_formats_are_named_and_the_own_folder_is_safe(tmp_path: Path) -> None:
    text = REAL.read_text(encoding="utf-8").replace("<td>1408</td>", "<td>1480</td>")
    (tmp_path / "年报.html").write_text(text, encoding="utf-8")
    result = ogi_here(tmp_path, "check", "--no-html", "--annotate", "批注", "年报.html")
    assert "不是 DOCX 或 XLSX" in result.stderr
    shutil.copyfile(WORD, tmp_path / "年报.docx")
    result = ogi_here(tmp_path, "check", "--no-html", "--annotate", ".", "年报.docx")
    assert "没有覆盖" in result.stderr
    assert (tmp_path / "年报.docx").read_bytes() == WORD.read_bytes()


def test_strict_files_are_refused_with_advice(tmp_path: Path) -> None:
    strict = tmp_path / "年报.docx"
    with zipfile.ZipFile(WORD) as source, zipfile.ZipFile(strict, "w") as target:
        for name in source.namelist():
            old, new = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"http://purl.oclc.org/ooxml/w"
            target.writestr(name, source.read(name).replace(old, new))
    with pytest.raises(DataFault, match=r"annotate\.strict"):
        annotate(strict.read_bytes(), read_report(WORD), {CELL: "应为 17"})


def test_document_without_a_paragraph_gets_its_comment() -> None:
    document = docx.Document()
    for paragraph in list(document.paragraphs):
        paragraph._element.getparent().remove(paragraph._element)
    document.add_table(1, 1)
    content = io.BytesIO()
    document.save(content)
    copy = comment_docx(content.getvalue(), [Note(0, "", 5, 5, "9", "看不到")])
    assert [c.text for c in docx.Document(io.BytesIO(copy)).comments] == ["看不到"]


@pytest.mark.slow
def test_two_files_with_one_name_give_two_copies(tmp_path: Path) -> None:
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
        shutil.copyfile(WORD, tmp_path / folder / "年报.docx")
    ogi_here(tmp_path, "check", "--no-html", "--annotate", "批注", "甲/年报.docx", "乙/年报.docx")
    assert {p.name for p in (tmp_path / "批注").iterdir()} == {"年报.docx", "年报 (2).docx"}
