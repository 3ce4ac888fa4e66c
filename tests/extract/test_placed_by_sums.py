"""Place numbers whose labels are lost, where order and arithmetic leave one place."""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random

import pytest
from support.project import ROOT

from pipeline.core.form import forms
from pipeline.core.model import Document, Extraction, Grid, GridCell, Paragraph
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
    assert "extract.unplaced" in identities(extraction)


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
