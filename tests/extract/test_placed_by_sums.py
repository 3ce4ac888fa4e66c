"""Place numbers whose labels are lost, where order and arithmetic leave one place."""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random

import pytest
from support.project import ROOT

from pipeline.core.form import forms
from pipeline.core.model import Document, Extraction, Grid, GridCell, Paragraph
from pipeline.core.text import is_number
from pipeline.extract import extract
from pipeline.extract.placed_by_sums import place_by_sums
from pipeline.read import read_bytes
from pipeline.registry.load import load_register

PAGE = (ROOT / "data" / "raw" / "2024" / "320800.html").read_text(encoding="utf-8")
LABELS = ("2.其他法律行政法规禁止公开", "3.危及“三安全一稳定”", "1.信访举报投诉类申请")


def read_page(page: str) -> Extraction:
    return extract(read_bytes(page.encode()), load_register())


def values(extraction: Extraction) -> dict[str, Decimal | None]:
    return {cell.address: cell.value for cell in extraction.cells}


def identities(extraction: Extraction) -> list[str]:
    return sorted({finding.identity for finding in extraction.findings})


@pytest.mark.parametrize("labels", [LABELS[:1], LABELS[:2], LABELS])
def test_line_without_a_label_is_placed_between_its_neighbours(labels: tuple[str, ...]) -> None:
    page = PAGE
    for label in labels:
        assert label in page
        page = page.replace(label, "▯▯▯")
    extraction = read_page(page)
    assert values(extraction) == values(read_page(PAGE))
    assert identities(extraction) == ["extract.by_sums"]
    placed = [cell for cell in extraction.cells if cell.confidence == 0.7]
    assert len(placed) == 7 * len(labels)


def test_line_that_breaks_an_identity_is_not_placed() -> None:
    page = PAGE.replace("1.信访举报投诉类申请", "▯▯▯")
    row = page[page.index("▯▯▯") :]
    number = re.search(r"<td[^>]*>([1-9]\d*)</td>", row)
    assert number is not None
    start = page.index("▯▯▯") + number.start(1)
    extraction = read_page(page[:start] + "9" + page[start:])
    assert "applications/not_processed.petition/total" not in values(extraction)
    assert "extract.lost" in identities(extraction)


@pytest.mark.parametrize("heads", [("总计",), ("商业企业",), ("自然人", "法律服务机构")])
def test_column_without_a_readable_head_is_placed(heads: tuple[str, ...]) -> None:
    page = PAGE
    for head in heads:
        page = re.sub(rf">{head}</t", ">▯▯</t", page, count=1)
    extraction = read_page(page)
    assert values(extraction) == values(read_page(PAGE))
    assert identities(extraction) == ["extract.by_sums"]
    assert len([cell for cell in extraction.cells if cell.confidence == 0.7]) == 25 * len(heads)


@pytest.mark.parametrize("head", ["申请编号", "上年总计"])
def test_column_that_does_not_add_up_or_is_turned_is_not_placed(head: str) -> None:
    page = re.sub(r">总计</t", f">{head}</t", PAGE, count=1)
    if head == "申请编号":
        start = page.index("一、本年新收")
        page = page[:start] + re.sub(r"<td>(\d+)</td></tr>", r"<td>7\1</td></tr>", page[start:], count=1)
    extraction = read_page(page)
    assert "applications/new/total" not in values(extraction)
    assert "extract.lost" in identities(extraction)


def test_two_lines_for_one_missing_row_are_not_placed() -> None:
    row = re.search(r"<tr>(?:(?!</tr>).)*2\.其他法律行政法规禁止公开.*?</tr>", PAGE, re.DOTALL)
    assert row is not None
    unlabelled = row.group(0).replace("2.其他法律行政法规禁止公开", "▯▯▯")
    extraction = read_page(PAGE.replace(row.group(0), unlabelled * 2))
    assert "applications/refused.law_forbids/total" not in values(extraction)


def review_document(*lines: list[int], heading: str = "四、政府信息公开行政复议、行政诉讼情况") -> Document:
    """Return a document with a heading and a grid per line."""
    grids = (Grid(tuple(GridCell(str(n), 0, i) for i, n in enumerate(line))) for line in lines)
    return Document((Paragraph(heading), *grids), "text", "text")


REVIEW = [[2, 0, 1, 0, 3], [4, 1, 0, 0, 5], [0, 0, 1, 1, 2]]
NUMBERS = [number for line in REVIEW for number in line]


@pytest.mark.parametrize("lines", [REVIEW, [NUMBERS]])
def test_numbers_alone_below_their_heading_are_placed_in_statutory_order(lines: list[list[int]]) -> None:
    cells, findings = place_by_sums(review_document(*lines), forms()["2021"], [])
    assert [int(cell.value or 0) for cell in cells] == NUMBERS
    assert [finding.identity for finding in findings] == ["extract.by_sums"]


@pytest.mark.parametrize(
    "document",
    [
        review_document(*REVIEW, heading="五、存在的主要问题"),
        review_document([2, 0, 1, 0, 4], *REVIEW[1:]),
        review_document(*([0, 0, 0, 0, 0] for _ in range(3))),
        review_document(*REVIEW, *REVIEW),
    ],
    ids=["other heading", "wrong sum", "only zeros", "two readings"],
)
def test_numbers_alone_are_not_placed_without_evidence(document: Document) -> None:
    assert place_by_sums(document, forms()["2021"], [])[0] == []


def test_numbers_that_are_not_the_table_add_up_by_chance_rarely() -> None:
    random, form, accepted = Random(18), forms()["2021"], 0
    for _ in range(2000):
        numbers = [random.randrange(100) for _ in range(15)]
        accepted += bool(place_by_sums(review_document(numbers), form, [])[0])
    assert accepted == 0


@pytest.mark.parametrize("name", ["2019/411200.html", "2024/320800.html", "2024/321300.html"])
def test_any_lost_label_loses_a_row_at_most_and_moves_no_number(name: str) -> None:
    page = (ROOT / "data" / "raw" / name).read_text(encoding="utf-8")
    printed = values(read_page(page))
    labels = {cell.text for grid in read_bytes(page.encode()).grids for cell in grid.cells if not is_number(cell.text)}
    assert len(labels) > 30
    for label in sorted(labels):
        found = values(read_page(page.replace(f">{label}<", ">▯▯▯<")))
        assert found.items() <= printed.items(), label


def test_low_confidence_of_a_reader_is_reported_whatever_its_number() -> None:
    cells = tuple(GridCell(text, 1, i, confidence=0.7) for i, text in enumerate(["规章", "0", "0", "0"]))
    heads = tuple(
        GridCell(text, 0, i) for i, text in enumerate(["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"])
    )
    more = tuple(GridCell(text, 2, i) for i, text in enumerate(["行政规范性文件", "1", "0", "1"]))
    document = Document((Paragraph("某县2024年政府信息公开工作年度报告"), Grid(heads + cells + more)), "pdf", "scan")
    doubted = [f.cells for f in extract(document, load_register()).findings if f.identity == "extract.doubtful"]
    assert any("proactive/regulations/issued" in addresses for addresses in doubted)


def test_hidden_title_begins_no_second_report() -> None:
    hidden = "<p style='display:none'>淮安市人民政府2023年政府信息公开工作年度报告</p>"
    second_table = PAGE.index("<table", PAGE.index("</table>"))
    extraction = read_page(PAGE[:second_table] + hidden + PAGE[second_table:])
    assert values(extraction) == values(read_page(PAGE))
    assert "who.several" not in identities(extraction)
