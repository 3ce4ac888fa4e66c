from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.core.model import Document, Paragraph
from pipeline.extract.body_and_year import recognise_body_and_year
from pipeline.registry.load import load_register


def recognise(*paragraphs: str, path: str = "", title: str = "") -> tuple[str | None, int | None, list[str]]:
    """Return body, year and the identities of the questions for a text document."""
    document = Document(tuple(Paragraph(p) for p in paragraphs), "text", "text", title)
    body_and_year = recognise_body_and_year(document, load_register(), Path(path) if path else None)
    return body_and_year.body, body_and_year.year, [question.identity for question in body_and_year.questions]


@pytest.mark.parametrize(
    ("paragraphs", "path", "expected"),
    [
        (["三门峡市教育局2019年政府信息公开工作年度报告"], "", ("三门峡市教育局", 2019, [])),
        (["三门峡市教育局", "2019年政府信息公开工作年度报告"], "", ("三门峡市教育局", 2019, [])),
        (
            ["某某局２０１９年度政府信息公开年报告", "统计期限自2018年1月1日至12月31日"],
            "",
            ("某某局", 2019, ["who.year"]),
        ),
        (
            ["本报告由三门峡市人民政府办公室编制。", "时限自2019年1月1日至2019年12月31日。"],
            "",
            ("三门峡市人民政府办公室", 2019, ["who.body"]),
        ),
        (
            [
                "本报告由三门峡市人民政府办公室编制。",
                "2019年，三门峡市人民政府深入贯彻条例。时限自2019年1月1日至2019年12月31日。",
            ],
            "",
            ("三门峡市人民政府", 2019, []),
        ),
        (["没有任何线索"], "", (None, None, ["who.body", "who.year"])),
        (["没有任何线索"], "data/raw/2019/411202.html", ("湖滨区人民政府", 2019, [])),
        (["没有任何线索"], "raw/2019/411200-education.html", ("三门峡市教育局", 2019, [])),
        (["没有任何线索"], "宿迁市人民政府2023年报.pdf", ("宿迁市人民政府", 2023, [])),
        (["时限自2019年1月1日起"], "2018/411202.html", ("湖滨区人民政府", None, ["who.year"])),
        (["本报告由湖滨区人民政府编制。"], "2019/411203.html", (None, 2019, ["who.body"])),
        (["宿迁市人民政府2023年政府信息公开工作年度报告"], "2022/321300.html", ("宿迁市人民政府", 2023, ["who.year"])),
        (["淮安市人民政府和宿迁市人民政府，2019年和2018年"], "", (None, None, ["who.body", "who.year"])),
    ],
)
def test_title_prose_and_path_give_body_and_year(
    paragraphs: list[str], path: str, expected: tuple[str | None, int | None, list[str]]
) -> None:
    assert recognise(*paragraphs, path=path) == expected


def test_document_title_gives_body_and_year() -> None:
    assert recognise("正文", title="三门峡市财政局2018年政府信息公开工作年度报告")[:2] == ("三门峡市财政局", 2018)


@pytest.mark.parametrize(
    ("title", "body", "year"),
    [
        ("2022年栾川县民政局政府信息公开工作年度报告", "栾川县民政局", 2022),
        ("栾川县人民政府政府信息公开工作年度报告（2022年度）", "栾川县人民政府", 2022),
        ("栾川县人民政府政府信息公开工作2022年度报告", "栾川县人民政府", 2022),
        ("栾川县二〇二二年政府信息公开工作年度报告", "栾川县", 2022),
        ("栾川县二○二二年政府信息公开工作年度报告", "栾川县", 2022),
        ("栾川县人民政府22年政府信息公开工作年度报告", "栾川县人民政府", 2022),
        ("栾川县 2022 年政府信息公开工作年度报告", "栾川县", 2022),
        ("【图文】栾川县民政局2022年度政府信息公开工作年度报告", "栾川县民政局", 2022),
        ("当前位置：首页 > 年报 > 栾川县民政局2022年政府信息公开年报", "栾川县民政局", 2022),
        ("标题：栾川县民政局2022年政府信息公开年报", "栾川县民政局", 2022),
        ("栾川县人民政府信息公开工作年度报告（2022年）", "栾川县人民政府", 2022),
        ("栾川县民政局关于2022年政府信息公开工作的报告", "栾川县民政局", 2022),
        ("栾川縣民政局2022年政府信息公開工作年度報告", "栾川县民政局", 2022),
    ],
)
def test_title_in_any_form_gives_body_and_year(title: str, body: str, year: int) -> None:
    assert recognise("2023年3月5日", title, "一、总体情况") == (body, year, [])


@pytest.mark.parametrize(
    "prose",
    [
        "根据《条例》规定，现公布《栾川县民政局2022年政府信息公开工作年度报告》。",
        "现向社会公布2022年栾川县民政局政府信息公开工作年度报告。",
        "本报告由栾川县民政局根据《条例》编制，统计期限自2022年1月1日起至12月31日止。",
    ],
)
def test_sentence_about_the_report_gives_body_and_year(prose: str) -> None:
    assert recognise(prose, "地址：洛阳市洛龙区某路1号，请与洛阳市民政局联系。") == ("栾川县民政局", 2022, [])


@pytest.mark.parametrize(
    "prose",
    [
        "可在洛阳市人民政府网站下载，地址：洛阳市西工区。",
        "在洛阳市委、市政府领导下，我局认真贯彻《洛阳市人民政府关于信息公开的意见》。",
        "现公布区统计局政府信息公开工作年度报告。",
    ],
)
def test_address_site_and_superior_are_no_evidence(prose: str) -> None:
    assert recognise(prose, prose)[0] is None


@pytest.mark.parametrize(
    "date", ["2023年1月28日", "发布日期：2023-01-28", "2023年，将进一步加强。", "2023年计划培训3次。"]
)
def test_dates_and_plans_are_no_report_year(date: str) -> None:
    assert recognise("栾川县民政局政府信息公开工作年度报告", date)[1] is None


def test_two_years_in_the_title_are_asked() -> None:
    assert recognise("栾川县2021-2022年政府信息公开工作年度报告") == ("栾川县", None, ["who.year"])


def test_name_of_several_counties_is_told_apart_by_its_city_or_asked() -> None:
    title = "鼓楼区人民政府2022年政府信息公开工作年度报告"
    assert recognise(title) == ("鼓楼区人民政府", 2022, ["who.body"])
    assert recognise(title, "在开封市委领导下") == ("开封市鼓楼区人民政府", 2022, [])
    assert recognise(title, path="福州市/鼓楼区2022.pdf")[0] == "福州市鼓楼区人民政府"


@pytest.mark.parametrize(
    "period",
    [
        "统计期限自2022年1月1日起至2022年12月31日止",
        "统计期限为2022年1月至12月",
        "统计期限从2022.1.1-2022.12.31",
        "统计期限自二〇二二年1月1日至12月31日",
        "统计期限为20221月1日到12月31日",
        "统计期限为202211日至20221231日",
    ],
)
def test_stated_period_gives_the_year(period: str) -> None:
    assert recognise("栾川县民政局政府信息公开工作年度报告", period, "2023年3月1日") == ("栾川县民政局", 2022, [])
