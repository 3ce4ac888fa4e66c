"""One cause is one finding, however many numbers and cells it concerns."""

from __future__ import annotations

import re

import pytest
from support.offices import excel, saved, shipped
from support.project import ROOT

from pipeline.core.model import Extraction, Finding
from pipeline.extract import extract
from pipeline.read import read_bytes
from pipeline.registry.load import load_register

PAGE = (ROOT / "data" / "raw" / "2024" / "320800.html").read_text(encoding="utf-8")
ROWS = ("new", "carried_in", "granted", "partly_granted")


def read_page(page: str) -> Extraction:
    return extract(read_bytes(page.encode()), load_register())


def blurred(page: str, count: int) -> str:
    """Return the page with the labels of the first rows of the applications in letters that name nothing."""
    for label in ("一、本年新收", "二、上年结转", "（一）予以公开", "（二）部分公开")[:count]:
        assert label in page
        page = re.sub(f"{label}[^<]*", f"某类{label[2:4]}", page, count=1)
    return page


@pytest.mark.parametrize("count", [1, 2, 4])
def test_lines_without_a_readable_label_are_one_finding(count: int) -> None:
    # The first lines have no labelled line above them, so arithmetic does not place them.
    (finding,) = read_page(blurred(PAGE, count)).findings
    assert finding.identity == "extract.lost"
    assert set(finding.cells) == {a for a in addresses() if a.split("/")[1] in ROWS[:count]}
    assert finding.note.startswith("“某类")
    assert ("(×28)" in finding.note) == (count == 4)


def addresses() -> list[str]:
    return [cell.address for cell in read_page(PAGE).cells]


def test_line_in_a_workbook_has_its_address() -> None:
    report = shipped("2024/320800.html")
    book = excel(report, sheets=True)
    sheet = next(s for s in book.worksheets if "收到" in s.title or "三" in s.title)
    row = next(r for r in range(1, sheet.max_row + 1) if str(sheet.cell(r, 1).value or "").startswith("一、本年新收"))
    sheet.cell(row, 1).value = "某类新收"
    finding = find_lost(extract(read_bytes(saved(book)), load_register()))
    assert re.fullmatch(rf"{re.escape(sheet.title)}![A-Z]{row}:[A-Z]{row}", finding.place)


def find_lost(extraction: Extraction) -> Finding:
    (finding,) = (f for f in extraction.findings if f.identity == "extract.lost")
    return finding


def test_column_in_a_wrong_unit_is_one_finding() -> None:
    start = PAGE.index("一、本年新收")
    page = PAGE[:start] + re.sub(r"(<td>)(\d+)(</td></tr>)", r"\1\2元\3", PAGE[start:])
    findings = [f for f in read_page(page).findings if f.identity == "extract.unit" and f.place == "applications"]
    assert len(findings) == 1
    assert len(findings[0].cells) == 25
    assert "(×25)" in findings[0].note


def test_few_wrong_units_are_named_one_by_one() -> None:
    start = PAGE.index("一、本年新收")
    page = PAGE[:start] + re.sub(r"(<td>)(\d+)(</td></tr>)", r"\1\2元\3", PAGE[start:], count=3)
    places = [f.place for f in read_page(page).findings if f.identity == "extract.unit"]
    assert len(places) == 3
    assert all(place.endswith("/total") for place in places)
