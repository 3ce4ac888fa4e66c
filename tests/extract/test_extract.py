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


def take(text: str) -> Extraction:
    return extract(read_bytes(text.encode()), load_register())


def values(extraction: Extraction) -> dict[str, Decimal | None]:
    return {c.address: c.value for c in extraction.cells}


def problems(extraction: Extraction) -> list[str]:
    return [f.identity for f in extraction.findings]


@pytest.fixture(scope="module")
def page() -> str:
    return CITY.read_text(encoding="utf-8")


def row_of(page: str, label: str) -> str:
    """The <tr> whose cells hold the label."""
    return next(m.group(0) for m in re.finditer(r"<tr>.*?</tr>", page, re.DOTALL) if label in m.group(0))


def test_real_text_report_is_read_whole(shared: Path) -> None:
    taken = extract(read(shared / "reports" / "sanmenxia-2019.txt"), load_register())
    truth = json.loads((shared / "truth" / "sanmenxia-2019.json").read_text(encoding="utf-8"))
    assert values(taken) == truth["cells"]
    assert (taken.body, taken.year, taken.form) == (truth["body"], truth["year"], truth["form"])
    (blank,) = [c for c in taken.cells if c.kind == "blank"]
    assert blank.address == "applications/carried_out/natural_person"
    assert blank.raw == ""
    assert not taken.findings
    said = {f.row: f.value for f in taken.figures if f.scope == "whole"}
    assert said == {
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
def test_transcriptions_carry_the_verified_figures(shared: Path, name: str, path: str) -> None:
    taken = extract(read(RAW / path), load_register())
    truth = json.loads((shared / "truth" / f"{name}.json").read_text(encoding="utf-8"))
    expected = {k: None if v is None else Decimal(str(v)) for k, v in truth["cells"].items()}
    assert values(taken) == expected
    assert (taken.body, taken.year, taken.form) == (truth["body"], truth["year"], truth["form"])
    assert not taken.findings


def test_every_shipped_report_is_read_whole_and_sure() -> None:
    for path in sorted(RAW.rglob("*.html")) + sorted(RAW.rglob("*.txt")):
        taken = extract(read(path), load_register())
        assert len(taken.cells) == len(forms()[taken.form].addresses(forms()[taken.form].printed)), path
        assert not taken.findings, path
        assert all(c.confidence >= 0.9 for c in taken.cells), path


def test_place_of_a_cell_leads_back_to_it(page: str) -> None:
    document = read_bytes(page.encode())
    for cell in extract(document, load_register()).cells:
        there = [c for c in document.grids[cell.grid].cells if (c.row, c.column) == (cell.grid_row, cell.grid_column)]
        assert [c.text for c in there] == [cell.raw], cell.address


def test_a_blank_moves_no_number(page: str) -> None:
    row = row_of(page, "一、本年新收")
    blanked = page.replace(row, row.replace("<td>8</td>", "<td></td>", 1))
    before, after = values(take(page)), values(take(blanked))
    assert {a for a in before if before[a] != after[a]} == {"applications/new/business"}
    assert after["applications/new/business"] is None


def test_a_cell_taken_away_is_told_and_moves_no_number(page: str) -> None:
    row = row_of(page, "一、本年新收")
    taken = take(page.replace(row, row.replace("<td>8</td>", "", 1)))
    right = values(take(page))
    (missing,) = [f for f in taken.findings if f.identity == "extract.missing"]
    assert set(missing.cells) == {a for a in right if a.startswith("applications/new/")}
    assert problems(taken).count("extract.unplaced") == 6  # the row's numbers that are left
    assert values(taken) == {a: v for a, v in right.items() if a not in missing.cells}


def test_rows_in_another_order(page: str) -> None:
    first, second = row_of(page, "4.保护第三方"), row_of(page, "7.属于行政执法案卷")
    swapped = page.replace(first, "@").replace(second, first).replace("@", second)
    assert swapped != page
    assert values(take(swapped)) == values(take(page))


def test_columns_in_another_order_follow_their_headers() -> None:
    head = "<tr><td>信息内容</td><td>对外公开总数量</td><td>本年新制作数量</td><td>本年新公开数量</td></tr>"
    rows = "".join(f"<tr><td>{r}</td><td>9</td><td>5</td><td>4</td></tr>" for r in ("规章", "规范性文件"))
    labels = "<tr><td>行政许可</td><td></td></tr><tr><td>行政处罚</td><td></td></tr>"
    found = values(take(f"<table>{head}{rows}{labels}</table>"))
    assert found["proactive/normative_documents/total_disclosed"] == 9
    assert found["proactive/normative_documents/issued"] == 5


def test_ragged_columns_follow_a_header_only_where_it_stands_over_them() -> None:
    head = "信息内容\t本年增/减\t上一年项目数量\n"
    over, beside = (
        f"{head}{line}\n规章\t\t\n行政许可\t1\t2\n行政处罚\t1\t2\n"
        for line in ("行政事业性收费\t7\t168", "行政事业性收费\t\t7\t168")
    )
    assert values(take(over))["proactive/fees/items_prior"] == 168
    found = values(take(beside))
    assert found.get("proactive/fees/items_prior") in (None, 7)


def test_text_that_is_no_number_is_unknown_and_told(page: str) -> None:
    row = row_of(page, "一、本年新收")
    taken = take(page.replace(row, row.replace("<td>8</td>", "<td>八?</td>", 1)))
    assert problems(taken) == ["extract.text"]
    assert values(taken)["applications/new/business"] is None


def test_only_the_mark_makes_a_report_simulated(page: str) -> None:
    assert not take(page).simulated
    assert not take(page.replace("据公开发布的", "开展模拟演练，据公开发布的")).simulated
    assert take(page.replace("<h1>", "<h1>（模拟）")).simulated
    assert take(page.replace("据公开发布的", "模拟数据：据公开发布的")).simulated


def test_traditional_characters(page: str) -> None:
    old = {
        "政府信息公开": "政府信息公開",
        "总计": "總計",
        "申请": "申請",
        "行政复议": "行政複議",
        "诉讼": "訴訟",
        "报告": "報告",
    }
    for simplified, traditional in old.items():
        page = page.replace(simplified, traditional)
    taken = take(page)
    assert len(taken.cells) == 198
    assert not taken.findings
    assert (taken.body, taken.year) == ("三门峡市人民政府", 2019)
    assert {c.raw for c in taken.cells} >= {"3,119"}
    assert "applications.received" in {f.row for f in taken.figures}


def test_a_table_printed_twice_with_another_figure_is_told(page: str) -> None:
    row = row_of(page, "一、本年新收")
    taken = take(page.replace(row, row + row.replace("<td>8</td>", "<td>9</td>", 1)))
    assert problems(taken) == ["extract.twice"]
    assert values(taken)["applications/new/business"] == 8


def test_a_misspelt_label_is_found_with_less_confidence(page: str) -> None:
    taken = take(page.replace("要求提供公开出版物", "要求提供公开出版"))
    cells = [c for c in taken.cells if c.row == "not_processed.public_publication"]
    assert len(cells) == 7
    assert all(0.8 < c.confidence < 1 for c in cells)


@pytest.mark.parametrize(
    ("line", "offset_is_told"),
    [
        ("四、结转下年度继续办理\t\t\t0\t0\t0\t0\t0\t0", True),  # a blank first value, as the real report prints it
        ("四、结转下年度继续办理\t\t\t8\t0\t0\t0\t0\t", False),  # blank at both ends: header and other rows disagree
    ],
)
def test_ragged_lines_are_read_only_where_one_reading_is_left(shared: Path, line: str, offset_is_told: bool) -> None:
    text = (shared / "reports" / "sanmenxia-2019.txt").read_text(encoding="utf-8")
    old = next(x for x in text.splitlines() if x.startswith("四、结转下年度"))
    taken = take(text.replace(old, line))
    found = [c for c in taken.cells if c.row == "carried_out"]
    assert bool(found) == offset_is_told
    assert ("extract.missing" in problems(taken)) != offset_is_told


@pytest.mark.parametrize(
    "content",
    ["<p>本年度没有表格。</p>", "<table><tr><td>姓名</td><td>3</td></tr></table>", "一段没有表格的文字", "a\tb\n1\t2"],
)
def test_without_a_statutory_table_there_is_no_report(content: str) -> None:
    with pytest.raises(DataFault) as fault:
        take(content)
    assert fault.value.code == "extract.no_table"


def test_marks_in_the_line_of_a_group_are_no_loose_numbers() -> None:
    page = (RAW / "2018" / "411202.html").read_text(encoding="utf-8")
    group = row_of(page, "一、主动公开情况")
    marked = page.replace(group, group.replace("<td></td>", "<td>——</td>"))
    assert marked.count("——") == 2
    assert not take(marked).findings
