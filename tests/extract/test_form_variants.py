"""Read a report that prints one row where its form prescribes three, and one whose header lost its spans."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal

import pytest
from support.project import ROOT

from pipeline.core.form import forms
from pipeline.core.model import Entry, Extraction, Source
from pipeline.extract import extract
from pipeline.read import read_bytes
from pipeline.registry.load import load_register
from pipeline.report import ProcessedReport, apply_identities, process_report

PAGE = (ROOT / "data" / "raw" / "2024" / "321300.html").read_text(encoding="utf-8")
PARTS = tuple(row for row in forms()["2021"].tables["applications"].rows if row.startswith("other."))


def with_one_row(page: str) -> str:
    """Return the page with the three rows of 其他处理 as one, which prints their sums."""
    start = page.index('<tr><td rowspan="3">（六）其他处理')
    end = page.index("<tr>", page.index("3.其他</td>"))
    lines = [list(map(int, re.findall(r"<td>(\d+)</td>", line))) for line in page[start:end].splitlines()]
    sums = "".join(f"<td>{sum(column)}</td>" for column in zip(*lines, strict=True))
    page = page.replace('<td rowspan="22"', '<td rowspan="20"')
    return f'{page[:start]}<tr><td colspan="2">（六）其他处理</td>{sums}</tr>\n{page[end:]}'


def process(page: str, year: int = 2024) -> ProcessedReport:
    sha256 = hashlib.sha256(page.encode()).hexdigest()
    place = (f"{year}/321300.html", f"raw/{year}/321300.html", "宿迁市人民政府", "321300", "city", year)
    source = Source(*place, "transcribed", "", sha256, sha256)
    report = process_report(Entry(source), page.encode(), load_register(), ())
    apply_identities([report])
    return report


def read_page(page: str) -> Extraction:
    return extract(read_bytes(page.encode()), load_register())


def values(extraction: Extraction) -> dict[str, Decimal | None]:
    return {cell.address: cell.value for cell in extraction.cells}


def test_one_row_in_the_place_of_three_is_read() -> None:
    whole, merged = read_page(PAGE), read_page(with_one_row(PAGE))
    assert (merged.form, forms()[merged.form].extends) == ("2021-other", "2021")
    kept = {address: value for address, value in values(whole).items() if address.split("/")[1] not in PARTS}
    total = sum(values(whole)[f"applications/{row}/total"] or Decimal(0) for row in PARTS)
    own = {address: value for address, value in values(merged).items() if address.split("/")[1] == "other"}
    assert values(merged) == kept | own
    assert own["applications/other/total"] == total > 0
    assert [f.identity for f in merged.findings] == []


def test_identities_hold_with_one_row_and_find_its_wrong_number() -> None:
    merged = with_one_row(PAGE)
    report = process(merged)
    assert [f.identity for f in report.findings if f.status == "fail"] == ["source.rows"]
    assert not [f for f in report.findings if f.status == "unknown" and f.identity.startswith("app.")]
    wrong = process(re.sub(r"(（六）其他处理</td><td>)\d+", r"\g<1>999", merged))
    assert [p.cell for p in wrong.proposals] == ["applications/other/natural_person"]


def test_form_of_another_year_is_said_once() -> None:
    report = process(with_one_row(PAGE), 2019)
    assert [f.identity for f in report.findings if f.identity in ("source.form", "source.rows")] == ["source.form"]


HEAD_WITHOUT_SPANS = """收到和处理政府信息公开申请情况
(本列数据的勾稽关系) | 申请人情况 | ||||||||
自然人 | 法人或其他组织 | 总计 |||||||
商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | |||||
"""


@pytest.mark.parametrize("numbers", [(9, 1, 0, 2, 0, 0, 12), (0, 0, 0, 0, 0, 0, 0)])
def test_header_over_the_labels_does_not_name_the_columns(numbers: tuple[int, ...]) -> None:
    printed = " | ".join(map(str, numbers))
    line = f"一、本年新收政府信息公开申请数量 | {printed} | ||\n二、上年结转政府信息公开申请数量 | {printed} | ||\n"
    cells = values(read_page(f"洪湖市人民政府2022年政府信息公开工作年度报告\n{HEAD_WITHOUT_SPANS}{line}"))
    columns = forms()["2021"].tables["applications"].columns
    assert [cells[f"applications/new/{column}"] for column in columns] == list(numbers)


def test_line_without_a_number_at_its_end_is_doubted() -> None:
    lines = "一、本年新收政府信息公开申请数量 | 9 | 1 | 0 | 2 | 12 | | ||\n二、上年结转政府信息公开申请数量 | 1 |\n"
    extraction = read_page(f"洪湖市人民政府2022年政府信息公开工作年度报告\n{HEAD_WITHOUT_SPANS}{lines}")
    doubted = {address for finding in extraction.findings for address in finding.cells}
    assert {cell.address for cell in extraction.cells if cell.value is not None} <= doubted
