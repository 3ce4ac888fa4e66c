"""Test that a title gives the kind of a report, its body and its period, and that annual reports have no kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.core.model import Document, Paragraph
from pipeline.extract.kind.title import parse_kind_title, questions, recognise_kind
from pipeline.registry.load import load_register

KINDS = load_register().kinds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三门峡市2020年第二季度全市政府网站与政务新媒体检查情况", ("inspection", "三门峡市", 2020, 2)),
        ("2017年第一季度全国政府网站抽查情况", ("inspection", "国务院", 2017, 1)),
        ("2017年第一季度全国政府网站抽查情况的通报", ("inspection", "国务院", 2017, 1)),
        (
            "甲市人民政府办公室关于2022年第三季度全市政府网站和政务新媒体检查情况的通报",
            ("inspection", "甲市人民政府", 2022, 3),
        ),
        (
            "甲市人民政府办公室关于2020年三季度政府网站及政务新媒体抽查情况的通报",
            ("inspection", "甲市人民政府", 2020, 3),
        ),
        (
            "甲市人民政府办公室关于2022年全市政府网站和政务新媒体第三季度检查情况的通报",
            ("inspection", "甲市人民政府", 2022, 3),
        ),
        ("甲市审计局2023年第２季度政府网站与政务新媒体工作自查报告", ("inspection", "甲市审计局", 2023, 2)),
        ("全市政府网站检查情况", ("inspection", "", None, 0)),
        ("甲市2024年上半年政府网站检查情况通报", ("inspection", "甲市", 2024, 0)),
        ("甲市2024年5月政府网站检查情况通报", ("inspection", "甲市", 2024, 0)),
        ("甲市2024年第一、二季度政府网站检查情况通报", ("inspection", "甲市", 2024, 0)),
        ("甲市2024年1—2季度政府网站检查情况通报", ("inspection", "甲市", 2024, 0)),
        ("甲市2024年前三季度政府网站检查情况通报", ("inspection", "甲市", 2024, 0)),
        ("甲市2024年4-6月政府网站检查情况通报", ("inspection", "甲市", 2024, 2)),
        ("甲市2024年10月至12月政府网站检查情况通报", ("inspection", "甲市", 2024, 4)),
        ("甲市二〇二四年第二季度政府网站检查情况通报", ("inspection", "甲市", 2024, 2)),
        ("甲市2024年度第三季度政府网站检查情况通报（甲政办函〔2024〕15号）", ("inspection", "甲市", 2024, 3)),
        ("甲市教育局关于转发《2024年第二季度全市政府网站检查情况通报》的通知", ("inspection", "", 2024, 2)),
        ("关于印发《甲市2024年第二季度政府网站检查情况》的通知", ("inspection", "甲市", 2024, 2)),
        (
            "乙县政府办公室转发甲市政府办公室关于2024年二季度政府网站检查情况通报的通知",
            ("inspection", "甲市政府", 2024, 2),
        ),
        ("乙县人民政府办公室关于转发甲市2024年第二季度政府网站检查情况通报的通知", ("inspection", "甲市", 2024, 2)),
        ("关于更正《甲市2024年第二季度政府网站检查情况通报》的通知", ("inspection", "甲市", 2024, 2)),
        ("甲省教育厅办公室关于2024年第二季度政府网站检查情况的通报", ("inspection", "甲省教育厅", 2024, 2)),
        ("第二季度甲市政府网站与政务新媒体检查情况通报（2024年）", ("inspection", "甲市", 2024, 2)),
        ("甲市2023年第四季度、2024年第一季度政府网站检查情况通报", ("inspection", "甲市", None, 0)),
        ("甲市人民政府办公室关于印发《2024年第二季度政府网站检查情况》的通知", ("inspection", "甲市人民政府", 2024, 2)),
        ("国务院办公厅秘书局关于2024年第二季度全国政府网站检查情况的通报", ("inspection", "国务院", 2024, 2)),
        ("政府网站工作年度报表（2023年度）", ("website_annual", "", 2023, 0)),
        ("甲省政府网站监管年度报表（2019年度）", ("website_supervision", "甲省", 2019, 0)),
    ],
)
def test_title_gives_kind_body_and_period(text: str, expected: tuple[str, str, int | None, int]) -> None:
    title = parse_kind_title(text, KINDS.values())
    assert title is not None
    assert (title.kind.code, title.body, title.year, title.quarter) == expected


@pytest.mark.parametrize(
    "text",
    [
        "三门峡市2020年政府信息公开工作年度报告",
        "全市共有政府网站39家。",
        "关于印发政府网站检查指标的通知",
        "政府网站",
        "",
    ],
)
def test_other_texts_are_no_titles(text: str) -> None:
    assert parse_kind_title(text, KINDS.values()) is None


def document(*lines: str) -> Document:
    """Return a document with these paragraphs and without a title."""
    return Document(tuple(map(Paragraph, lines)), "text", "text")


def test_title_of_two_lines_and_period_in_the_beginning() -> None:
    title = recognise_kind(document("2017年第一季度", "全国政府网站抽查情况的通报"), KINDS)
    assert title is not None
    assert (title.year, title.quarter) == (2017, 1)
    title = recognise_kind(document("甲市政府网站检查情况通报", "2022年第四季度，我市检查了政府网站。"), KINDS)
    assert title is not None
    assert (title.body, title.year, title.quarter, questions(title)) == ("甲市", 2022, 4, ())


def test_title_of_three_lines_with_its_body_and_year_beside_a_table() -> None:
    lines = ("甲政办〔2024〕12号", "甲市人民政府办公室", "关于2024年第二季度政府网站与政务新媒体", "检查情况的通报")
    title = recognise_kind(document(*lines), KINDS)
    assert title is not None
    assert (title.body, title.year, title.quarter) == ("甲市人民政府", 2024, 2)
    title = recognise_kind(document("甲市人民政府门户网站", "2024年第二季度政府网站检查情况"), KINDS)
    assert title is not None
    assert title.body == ""
    title = recognise_kind(document("甲市政府网站工作年度报表", "（2023年度）"), KINDS)
    assert title is not None
    assert (title.body, title.year, questions(title, "3208000001")) == ("甲市", 2023, ())


@pytest.mark.parametrize("span", ["上半年", "5月", "第一、二季度", "1-2季度", "年度"])
def test_other_span_takes_no_quarter_from_the_text_or_the_file(span: str) -> None:
    lines = (f"甲市2024年{span}政府网站检查情况通报", "2024年第二季度检查政府网站39家。")
    title = recognise_kind(document(*lines), KINDS, Path("2024年第2季度.txt"))
    assert title is not None
    (question,) = questions(title)
    assert (title.quarter, question.identity) == (0, "who.quarter")
    assert question.note in span


def test_period_of_another_year_is_not_mixed_with_that_of_the_title() -> None:
    lines = ("甲市2024年政府网站检查情况通报", "2023年第四季度检查政府网站39家。")
    title = recognise_kind(document(*lines), KINDS, Path("2023年第1季度.txt"))
    assert title is not None
    assert (title.year, title.quarter) == (2024, 0)


@pytest.mark.parametrize(
    "text",
    [
        "2021年第一季度通报的不合格政府网站均已整改。",
        "根据2020年四季度国务院办公厅通报要求，检查政府网站38家。",
        "2021年第三季度将继续抽查。",
    ],
)
def test_period_of_an_earlier_or_later_bulletin_is_not_taken(text: str) -> None:
    title = recognise_kind(document("甲市政府网站检查情况通报", text), KINDS)
    assert title is not None
    assert (title.year, title.quarter) == (None, 0)


def test_file_name_helps_and_what_is_not_stated_is_asked() -> None:
    untitled = document("全市政府网站检查情况", "检查39家。")
    title = recognise_kind(untitled, KINDS, Path("2021年第3季度.txt"))
    assert title is not None
    assert (title.year, title.quarter) == (2021, 3)
    title = recognise_kind(untitled, KINDS)
    assert title is not None
    assert [finding.identity for finding in questions(title)] == ["who.body", "who.year", "who.quarter"]


def test_annual_report_that_speaks_of_inspections_is_annual() -> None:
    lines = ("三门峡市2020年政府信息公开工作年度报告", "2020年第二季度政府网站检查情况", "检查39家。")
    assert recognise_kind(document(*lines), KINDS) is None
