from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from support.project import ROOT

from pipeline.core.form import forms
from pipeline.core.model import DataFault, Extraction
from pipeline.extract import extract
from pipeline.read import read, read_bytes
from pipeline.registry.load import load_register

RAW = ROOT / "data" / "raw"
CITY = RAW / "2019" / "411200.html"


def extract_text(text: str) -> Extraction:
    """Return the extraction of a file with this content."""
    return extract(read_bytes(text.encode()), load_register())


def get_values(extraction: Extraction) -> dict[str, Decimal | None]:
    return {c.address: c.value for c in extraction.cells}


def list_identities(extraction: Extraction) -> list[str]:
    return [f.identity for f in extraction.findings]


@pytest.fixture(scope="module")
def page() -> str:
    return CITY.read_text(encoding="utf-8")


def find_row_html(page: str, label: str) -> str:
    """Return the <tr> that contains the label."""
    return next(m.group(0) for m in re.finditer(r"<tr>.*?</tr>", page, re.DOTALL) if label in m.group(0))


def test_real_text_report_is_read_completely(shared: Path) -> None:
    extraction = extract(read(shared / "reports" / "sanmenxia-2019.txt"), load_register())
    truth = json.loads((shared / "truth" / "sanmenxia-2019.json").read_text(encoding="utf-8"))
    assert get_values(extraction) == truth["cells"]
    assert (extraction.body, extraction.year, extraction.form) == (truth["body"], truth["year"], truth["form"])
    (blank,) = [c for c in extraction.cells if c.kind == "blank"]
    assert blank.address == "applications/carried_out/natural_person"
    assert blank.raw == ""
    assert not extraction.findings
    figures = {f.row: f.value for f in extraction.figures if f.scope == "whole"}
    assert figures == {
        "disclosed.items": 129790,
        "disclosed.items_growth": 79,
        "disclosed.normative_documents": 178,
        "disclosed.normative_documents_share": 100,
        "applications.received": 265,
        "applications.carried_in": 2,
        "review.total": 50,
        "litigation.total": 26,
        "websites_hosted": 21,
        "trainings": 24,
        "trained": 1151,
    }


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("sanmenxia-2019", "2019/411200.html"),
        ("suqian-2023", "2023/321300.html"),
        ("suqian-2024", "2024/321300.html"),
        ("huaian-2024", "2024/320800.html"),
    ],
)
def test_transcription_has_the_verified_values(shared: Path, name: str, path: str) -> None:
    extraction = extract(read(RAW / path), load_register())
    truth = json.loads((shared / "truth" / f"{name}.json").read_text(encoding="utf-8"))
    expected = {k: None if v is None else Decimal(str(v)) for k, v in truth["cells"].items()}
    assert get_values(extraction) == expected
    assert (extraction.body, extraction.year, extraction.form) == (truth["body"], truth["year"], truth["form"])
    assert not extraction.findings


def test_every_shipped_report_is_read_completely_and_confidently() -> None:
    for path in sorted(RAW.rglob("*.html")) + sorted(RAW.rglob("*.txt")):
        extraction = extract(read(path), load_register())
        form = forms()[extraction.form]
        assert len(extraction.cells) == len(form.addresses(form.printed_tables)), path
        assert not extraction.findings, path
        assert all(c.confidence >= 0.9 for c in extraction.cells), path


def test_cell_place_leads_back_to_the_grid_cell(page: str) -> None:
    document = read_bytes(page.encode())
    for cell in extract(document, load_register()).cells:
        grid = document.grids[cell.grid]
        texts = [c.text for c in grid.cells if (c.row, c.column) == (cell.grid_row, cell.grid_column)]
        assert texts == [cell.raw], cell.address


def test_blank_moves_no_number(page: str) -> None:
    row = find_row_html(page, "一、本年新收")
    blanked_page = page.replace(row, row.replace("<td>8</td>", "<td></td>", 1))
    before, after = get_values(extract_text(page)), get_values(extract_text(blanked_page))
    assert {address for address in before if before[address] != after[address]} == {"applications/new/business"}
    assert after["applications/new/business"] is None


def test_removed_cell_is_reported_and_moves_no_number(page: str) -> None:
    row = find_row_html(page, "一、本年新收")
    extraction = extract_text(page.replace(row, row.replace("<td>8</td>", "", 1)))
    expected = get_values(extract_text(page))
    (lost,) = extraction.findings  # one cause, one finding
    assert (lost.identity, lost.place) == ("extract.lost", "page 1, table 2, line 4")
    assert lost.note.startswith("“一、本年新收政府信息公开申请数量” ")
    assert len(lost.note.split()) == 1 + 6  # the label and the other numbers of the row
    assert set(lost.cells) == {address for address in expected if address.startswith("applications/new/")}
    assert get_values(extraction) == {a: v for a, v in expected.items() if a not in lost.cells}


def test_rows_in_another_order_keep_their_values(page: str) -> None:
    first, second = find_row_html(page, "4.保护第三方"), find_row_html(page, "7.属于行政执法案卷")
    swapped_page = page.replace(first, "@").replace(second, first).replace("@", second)
    assert swapped_page != page
    assert get_values(extract_text(swapped_page)) == get_values(extract_text(page))


def test_columns_in_another_order_follow_their_headers() -> None:
    head = "<tr><td>信息内容</td><td>对外公开总数量</td><td>本年新制作数量</td><td>本年新公开数量</td></tr>"
    rows = "".join(f"<tr><td>{r}</td><td>9</td><td>5</td><td>4</td></tr>" for r in ("规章", "规范性文件"))
    labels = "<tr><td>行政许可</td><td></td></tr><tr><td>行政处罚</td><td></td></tr>"
    values = get_values(extract_text(f"<table>{head}{rows}{labels}</table>"))
    assert values["proactive/normative_documents/total_disclosed"] == 9
    assert values["proactive/normative_documents/issued"] == 5


def test_guessed_columns_follow_a_header_only_directly_below_it() -> None:
    head = "信息内容\t本年增/减\t上一年项目数量\n"
    aligned_text, shifted_text = (
        f"{head}{line}\n规章\t\t\n行政许可\t1\t2\n行政处罚\t1\t2\n"
        for line in ("行政事业性收费\t7\t168", "行政事业性收费\t\t7\t168")
    )
    assert get_values(extract_text(aligned_text))["proactive/fees/items_prior"] == 168
    values = get_values(extract_text(shifted_text))
    assert values.get("proactive/fees/items_prior") in (None, 7)


def test_text_instead_of_a_number_is_unknown_and_reported(page: str) -> None:
    row = find_row_html(page, "一、本年新收")
    extraction = extract_text(page.replace(row, row.replace("<td>8</td>", "<td>八?</td>", 1)))
    assert list_identities(extraction) == ["extract.text"]
    assert get_values(extraction)["applications/new/business"] is None


def test_only_the_mark_makes_a_report_simulated(page: str) -> None:
    assert not extract_text(page).simulated
    assert not extract_text(page.replace("据公开发布的", "开展模拟演练，据公开发布的")).simulated
    assert extract_text(page.replace("<h1>", "<h1>（模拟）")).simulated
    assert extract_text(page.replace("据公开发布的", "模拟数据：据公开发布的")).simulated


def test_traditional_characters_are_read_like_simplified_ones(page: str) -> None:
    traditional_words = {
        "政府信息公开": "政府信息公開",
        "总计": "總計",
        "申请": "申請",
        "行政复议": "行政複議",
        "诉讼": "訴訟",
        "报告": "報告",
    }
    for simplified_word, traditional_word in traditional_words.items():
        page = page.replace(simplified_word, traditional_word)
    extraction = extract_text(page)
    assert len(extraction.cells) == 198
    assert not extraction.findings
    assert (extraction.body, extraction.year) == ("三门峡市人民政府", 2019)
    assert {c.raw for c in extraction.cells} >= {"3,119"}
    assert "applications.received" in {f.row for f in extraction.figures}


def test_row_printed_twice_with_different_values_is_reported(page: str) -> None:
    row = find_row_html(page, "一、本年新收")
    extraction = extract_text(page.replace(row, row + row.replace("<td>8</td>", "<td>9</td>", 1)))
    assert list_identities(extraction) == ["extract.twice"]
    assert get_values(extraction)["applications/new/business"] == 8


def test_misspelt_label_matches_with_less_confidence(page: str) -> None:
    extraction = extract_text(page.replace("要求提供公开出版物", "要求提供公开出版"))
    cells = [c for c in extraction.cells if c.row == "not_processed.public_publication"]
    assert len(cells) == 7
    assert all(0.8 < c.confidence < 1 for c in cells)


@pytest.mark.parametrize(
    ("line", "is_unambiguous"),
    [
        ("四、结转下年度继续办理\t\t\t0\t0\t0\t0\t0\t0", True),  # a blank first value, as the real report prints it
        ("四、结转下年度继续办理\t\t\t8\t0\t0\t0\t0\t", False),  # blank at both ends: header and other rows disagree
    ],
)
def test_line_with_guessed_columns_is_read_only_if_unambiguous(shared: Path, line: str, is_unambiguous: bool) -> None:
    text = (shared / "reports" / "sanmenxia-2019.txt").read_text(encoding="utf-8")
    printed_line = next(x for x in text.splitlines() if x.startswith("四、结转下年度"))
    extraction = extract_text(text.replace(printed_line, line))
    cells = [c for c in extraction.cells if c.row == "carried_out"]
    assert bool(cells) == is_unambiguous
    assert ("extract.lost" in list_identities(extraction)) != is_unambiguous


@pytest.mark.parametrize(
    "content",
    ["<p>本年度没有表格。</p>", "<table><tr><td>姓名</td><td>3</td></tr></table>", "一段没有表格的文字", "a\tb\n1\t2"],
)
def test_document_without_a_statutory_table_is_a_fault(content: str) -> None:
    with pytest.raises(DataFault) as fault:
        extract_text(content)
    assert fault.value.code == "extract.no_table"


def test_marks_in_a_group_line_are_not_unplaced_numbers() -> None:
    page = (RAW / "2018" / "411202.html").read_text(encoding="utf-8")
    group = find_row_html(page, "一、主动公开情况")
    marked_page = page.replace(group, group.replace("<td></td>", "<td>——</td>"))
    assert marked_page.count("——") == 2
    assert not extract_text(marked_page).findings
