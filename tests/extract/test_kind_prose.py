"""Test that the prose of inspections is read in its context: the given bulletins, and made sentences."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.core.model import MIN_CONFIDENCE, Paragraph, ProseCell
from pipeline.extract.kind.prose import read_prose
from pipeline.extract.kind.scope import Scope
from pipeline.registry.load import load_register

INSPECTION = load_register().kinds["inspection"]


def read(*texts: str, period: tuple[int | None, int] = (2021, 2), body: str | None = None) -> dict[str, Decimal]:
    """Return the values of a text by row; those of regions and departments have `regions:` in front."""
    cells, _ = read_prose([Paragraph(text) for text in texts], Scope(INSPECTION, period, body))
    names = {c.address: c.row if c.column == "own" else f"{c.column}:{c.row}" for c in cells}
    return {names[c.address]: c.value for c in cells if c.value is not None}


def test_given_bulletins_are_read_exactly(shared: Path) -> None:
    cases = json.loads((shared / "inspections" / "cases.json").read_text(encoding="utf-8"))
    assert len(cases) == 3
    for case in cases:
        values = read(case["text"], period=(case["year"], case["quarter"]))
        expected = {row: Decimal(str(value)) for row, value in case["expect"].items()}
        assert expected.items() <= values.items(), case["id"]


def test_sample_of_the_superior_and_inspections_of_regions_are_two_series() -> None:
    values = read(
        "全省运行政府网站900家。省政府办公厅随机抽查90个，合格率90%。各市各部门共抽查450个，占运行总数的50%，合格率96%。"
    )
    assert values == {
        "sites.running": 900, "sites.inspected": 90, "sites.pass_rate": 90, "regions:sites.inspected": 450,
        "regions:sites.inspected_share": 50, "regions:sites.pass_rate": 96,
    }  # fmt: skip


def test_object_of_an_inspection_is_not_who_inspects() -> None:
    assert read("办公室随机人工抽查各地区和部门政府网站52个，总体合格率94%。") == {
        "sites.inspected": 52,
        "sites.pass_rate": 94,
    }


@pytest.mark.parametrize(
    "text",
    [
        "政府网站合格率比上季度提高3个百分点。",
        "2020年第四季度政府网站不合格3家，已整改。",
        "其中，甲市等14个地区政府网站抽查合格率为100%。",
        "存在突出问题的政务新媒体4个。",
        "关停的政府网站5家。",
        "微信公众号全年推送文章1200条。",
        "收到网民留言12条，办结率100%。",
        "发现问题网站5家。",
        "注销政府网站2家，新开设政府网站1家。",
        "上半年，全市检查政府网站78家，不合格5家。",
        "经复查，政府网站不合格2家。",
        "拟检查政府网站39家；下季度检查政府网站50家。",
    ],
)
def test_numbers_of_other_periods_bodies_and_things_are_not_read(text: str) -> None:
    assert read(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "除甲局网站外，其余政府网站全部合格。",
        "政府网站首次检查有不合格，经整改复查后全部合格。",
        "力争政府网站全部合格。",
        "一、政府网站。全部合格的单位有教育局。",
        "全部合格。",
    ],
)
def test_exceptions_aims_and_unnamed_things_are_not_zero(text: str) -> None:
    assert read(text) == {}


OWN = "全市检查政府网站39家"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{OWN}，其中义马市政府网站不合格1家，灵宝市不合格2家。", {"sites.inspected": 39}),
        (f"{OWN}。义马市检查政府网站3家，合格率90%。", {"sites.inspected": 39}),
        (f"全省抽查政府网站200家，合格率98%。{OWN}。", {"sites.inspected": 39}),
        (f"省政府办公厅抽查我市政府网站3家，不合格1家。{OWN}。", {"sites.inspected": 39}),
        (f"2019年第二季度检查政府网站35家，不合格3家。本季度{OWN}。", {"sites.inspected": 39}),
        (f"第一季度检查政府网站35家，不合格3家；第二季度{OWN}。", {"sites.inspected": 39}),
        (f"义马市检查政府网站3家；{OWN}，不合格1家。", {"sites.inspected": 39, "sites.failed": 1}),
        ("三门峡市检查政府网站39家，其中市直27家。", {"sites.inspected": 39, "sites.departments": 27}),
    ],
)
def test_numbers_of_other_governments_and_quarters_are_not_read(text: str, expected: dict[str, int]) -> None:
    assert read(text, body="三门峡市人民政府") == expected


def test_context_lasts_over_paragraphs_and_ends_with_the_next_topic() -> None:
    values = read("一、政府网站", "本季度检查30家，不合格1家。", "二、政务新媒体", "本季度检查50个，不合格2个。")
    assert values == {"sites.inspected": 30, "sites.failed": 1, "new_media.inspected": 50, "new_media.failed": 2}


def test_two_values_of_a_cell_are_in_doubt_and_unread_numbers_are_named() -> None:
    text = "政府网站检查30家。政府网站共检查31家，30家网站有错别字。"
    cells, findings = read_prose([Paragraph(text)], Scope(INSPECTION))
    (cell,) = cells
    assert isinstance(cell, ProseCell)
    assert cell.value == 30
    assert cell.confidence < MIN_CONFIDENCE
    assert {f.identity for f in findings} == {"kind.conflict", "kind.unread"}
    assert text[cell.start : cell.end] == cell.raw == "30"


def test_phrase_reads_full_width_digits_with_the_place_as_printed() -> None:
    text = "正常运行的政府网站 ３９ 家"
    (cell,), _ = read_prose([Paragraph(text, page=2)], Scope(INSPECTION))
    assert cell.value == 39
    assert (text[cell.start : cell.end], cell.page) == ("３９", 2)
