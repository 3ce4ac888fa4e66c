"""Test what one cell, head or heading says by itself: units, whole counts, turned labels, another year."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from support.project import ROOT

from pipeline.core.model import Extraction
from pipeline.extract import extract
from pipeline.extract.labels import get_label_index
from pipeline.read import read_bytes
from pipeline.registry.load import load_register

PAGE = (ROOT / "data" / "raw" / "2024" / "320800.html").read_text(encoding="utf-8")
FEES, LICENCES, NEW = "proactive/fees/amount", "proactive/licensing/decisions", "applications/new/natural_person"


def read_page(page: str) -> Extraction:
    return extract(read_bytes(page.encode()), load_register())


def values(extraction: Extraction) -> dict[str, Decimal | None]:
    return {cell.address: cell.value for cell in extraction.cells}


def identities(extraction: Extraction, place: str) -> list[str]:
    return [finding.identity for finding in extraction.findings if finding.place == place or place in finding.cells]


@pytest.mark.parametrize(
    ("printed", "identity"),
    [("1.234", "extract.not_whole"), ("3000元", "extract.unit"), ("12%", "extract.unit")],
)
def test_number_outside_the_domain_of_a_count_has_no_value(printed: str, identity: str) -> None:
    extraction = read_page(PAGE.replace(">3001<", f">{printed}<", 1))
    assert values(extraction)[NEW] is None
    assert identities(extraction, NEW) == [identity]


def test_negative_count_is_an_error_with_its_value() -> None:
    extraction = read_page(PAGE.replace(">3001<", ">-3001<", 1))
    assert values(extraction)[NEW] == -3001
    assert identities(extraction, NEW) == ["extract.negative"]


def with_fees(header: str, above: str = "") -> Extraction:
    """Return the extraction of the sample with another head over the fees, and a line above the first table."""
    page, count = re.subn("本年收费金额（单位：万元）", header, PAGE, count=1)
    assert count == 1
    return read_page(page.replace("<table", f"{above}<table", 1))


def test_unit_of_the_head_or_of_the_line_above_counts() -> None:
    plain = values(with_fees("本年收费金额（单位：万元）"))[FEES]
    assert plain is not None
    assert values(with_fees("本年收费金额（千元）"))[FEES] == plain / 10
    assert values(with_fees("本年收费金额", "<p>金额单位：元</p>"))[FEES] == plain / 10000
    for other in ("单位：件", "单位：洪泽区教育局", "填报单位：洪泽区教育局"):
        assert values(with_fees("本年收费金额（单位：万元）", f"<p>{other}</p>"))[FEES] == plain
    assert values(with_fees("本年收费金额", "<p>金额单位：美元</p>"))[FEES] is None
    contradiction = with_fees("本年收费金额（单位：万元）", "<p>金额单位：元</p>")
    assert values(contradiction)[FEES] is None
    assert identities(contradiction, FEES) == ["extract.unit"]
    assert values(with_fees("本年收费金额（单位：贯）"))[FEES] is None


def test_blank_table_is_an_error() -> None:
    start = PAGE.index("一、本年新收")
    page = PAGE[:start] + re.sub(r"(<td[^>]*>)[\d.]+(</td>)", r"\1\2", PAGE[start:])
    found = {f.place: (f.identity, f.severity) for f in read_page(page).findings}
    assert found["applications"] == ("extract.blank_table", "error")
    assert found["review_litigation"] == ("extract.blank_table", "error")


def test_blank_line_above_the_numbers_of_a_flat_table_takes_nothing_from_them() -> None:
    numbers = PAGE[PAGE.rindex("<tr", 0, PAGE.rindex("</tr>")) : PAGE.rindex("</tr>")]
    blank = re.sub(r">[\d.]+<", "><", numbers) + "</tr>"
    assert blank.count("<td") == 15
    assert blank != numbers + "</tr>"
    with_blank_line = read_page(PAGE.replace(numbers, blank + numbers))
    assert values(with_blank_line) == values(read_page(PAGE))
    assert identities(with_blank_line, "review_litigation") == []


@pytest.mark.parametrize(
    ("label", "turned"),
    [
        ("一、本年新收政府信息公开申请数量", "一、上年新收政府信息公开申请数量"),
        ("二、上年结转政府信息公开申请数量", "二、本年结转政府信息公开申请数量"),
        ("1.属于国家秘密", "1.不属于国家秘密"),
        ("四、结转下年度继续办理", "四、结转本年度继续办理"),
    ],
)
def test_turned_label_is_not_that_row(label: str, turned: str) -> None:
    index = get_label_index("2021")
    assert index.find_row(label).codes
    assert index.find_row(turned).codes == ()
    extraction = read_page(PAGE.replace(label, turned))
    assert any(finding.identity == "extract.lost" and len(finding.cells) == 7 for finding in extraction.findings)


def test_head_of_another_year_places_no_number_below() -> None:
    extraction = read_page(PAGE.replace("本年处理决定数量", "上年处理决定数量"))
    assert LICENCES not in values(extraction)
    assert "extract.lost" in identities(extraction, LICENCES)


def test_table_below_a_heading_of_another_year_is_not_read() -> None:
    start, end = PAGE.index("<table"), PAGE.index("</table>") + len("</table>")
    annex = f"<p>附件：2023年主动公开政府信息情况表</p>{PAGE[start:end]}"
    extraction = read_page(PAGE[:start] + PAGE[end:].replace("</body>", f"{annex}</body>"))
    assert LICENCES not in values(extraction)
    assert [f.identity for f in extraction.findings] == ["extract.missing", "extract.other_year"]


def test_second_report_in_a_file_is_not_mixed_in() -> None:
    other = PAGE[PAGE.index("<body>") + 6 : PAGE.index("</body>")].replace("2024", "2023").replace(">3001<", ">9<")
    extraction = read_page(PAGE.replace("</body>", f"{other}</body>"))
    assert values(extraction) == values(read_page(PAGE))
    assert [f.identity for f in extraction.findings] == ["who.several"]


def test_text_table_without_a_column_keeps_the_others_in_place() -> None:
    columns = ["自然人", "商业企业", "科研机构", "社会公益组织", "其他", "总计"]
    lines = [
        "\t".join(["", *columns, ""]),
        "\t".join(["一、本年新收政府信息公开申请数量", "5", "1", "0", "0", "2", "8", ""]),
    ]
    lines += ["\t".join(["二、上年结转政府信息公开申请数量", "1", "0", "0", "0", "0", "1", ""])]
    lines += ["\t".join(["四、结转下年度继续办理", "0", "0", "0", "0", "0", "0", ""])]
    found = values(
        read_page("某县2024年政府信息公开工作年度报告\n\n三、收到和处理政府信息公开申请情况\n" + "\n".join(lines))
    )
    assert found["applications/new/other_org"] == 2
    assert found["applications/new/total"] == 8
    assert "applications/new/legal_service" not in found
