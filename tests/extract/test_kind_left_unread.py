"""Test that a number of something else is left unread, and named. All texts are made."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from pipeline.core.model import Paragraph
from pipeline.extract.kind.prose import read_prose
from pipeline.extract.kind.scope import Scope
from pipeline.registry.load import load_register

INSPECTION = load_register().kinds["inspection"]
CITY = "三门峡市"
Values = Mapping[str, int | Decimal]


def read(text: str, body: str = CITY) -> tuple[dict[str, Decimal], str]:
    """Return the values of a text of the second quarter of 2021 by row, and the clauses that were not read."""
    paragraphs = [Paragraph(line) for line in text.split("\n")]
    cells, findings = read_prose(paragraphs, Scope(INSPECTION, (2021, 2), body))
    names = {c.address: c.row if c.column == "own" else f"{c.column}:{c.row}" for c in cells}
    note = next((finding.note for finding in findings if finding.identity == "kind.unread"), "")
    return {names[c.address]: c.value for c in cells if c.value is not None}, note


OBJECTS: tuple[tuple[str, Values, str], ...] = (
    ("检查政府网站38家、栏目1260个，不合格12个。", {"sites.inspected": 38}, "1260 12"),
    ("检查政府网站38家。抽查信息公开栏目200个，合格196个，合格率98%。", {"sites.inspected": 38}, "200 196 98"),
    ("网民留言答复27条，不合格2个，留言答复合格率100%。", {}, "2 100"),
    ("举办政务新媒体培训班2期，考核合格率98%。", {}, "98"),
    ("政务新媒体方面，抽查12个单位的45个账号。", {}, "12 45"),
    ("检查政府网站38家。检查党群部门网站5家，不合格1家。", {"sites.inspected": 38}, "5 1"),
    ("抽查县级政府网站8家、乡镇政府网站2家。", {}, "8 2"),
    ("抽查政府网站和政务新媒体共293个，不合格8个，合格率97.3%。", {}, "293 8 97.3"),
    ("县（市、区）政府网站、政务新媒体合格率均为100%。", {}, "100"),
    ("市直部门政府网站和政务新媒体检查率均为100%。", {}, "100"),
    ("抽查地方政府网站180家、国务院部门网站60家。", {}, "180 60"),
    ("对市直部门27家政府网站进行了检查。", {}, "27"),
    (
        "政府网站39家、政务新媒体255个，其中微信公众号、微博合格率分别为97%、98%。",
        {"sites.running": 39, "new_media.running": 255},
        "97 98",
    ),
    ("政府网站39家，其中正常运行的市直部门网站26家。", {"sites.running": 39, "sites.departments": 26}, ""),
    ("政府网站检查情况良好。以上情况已在“甲发布”微信公众号公布，合格率97.4%。", {}, "97.4"),
    ("政府网站合格率为100%的县（市、区）有4个。", {}, "100 4"),
    ("政府网站合格率95%-100%。", {}, "95 100"),
    ("政府网站38家，未检查3家。", {"sites.running": 38}, "3"),
    (
        "检查政府网站28个、政务新媒体312个，总体合格率为99.1%。",
        {"sites.inspected": 28, "new_media.inspected": 312},
        "99.1",
    ),
    ("12个县区政府网站合格率为100%。", {}, "12 100"),
    (
        "共抽查政府网站和政务新媒体56个，其中政府网站12个，政务新媒体44个，合格54个，不合格2个，合格率96.4%。",
        {"sites.inspected": 12, "new_media.inspected": 44},
        "56 54 2 96.4",
    ),
    ("检查市直部门网站24家，合格23家，不合格1家；检查县（区）政府门户网站13家，全部合格。", {}, "24 23 1 13 全部合格"),
    ("检查市直部门政务新媒体76个，不合格5个，合格率93.4%。", {}, "76 5 93.4"),
    (
        "抽查政府网站472个，合格率90.5%。其中国务院部门网站抽查59个，合格率100%；地方政府网站抽查413个，合格率89.1%。",
        {"sites.inspected": 472, "sites.pass_rate": Decimal("90.5")},
        "59 100 413 89.1",
    ),
)
PARTS: tuple[tuple[str, Values, str], ...] = (
    ("检查政府网站38家，不合格3家，其中市直部门2家，县（市、区）1家。",
        {"sites.inspected": 38, "sites.failed": 3, "sites.departments.failed": 2, "sites.counties.failed": 1}, ""),
    ("关停政府网站3家，其中市直部门2家，县（市、区）1家。", {}, "3 2 1"),
    ("检查政务新媒体185个，其中微信公众号121个，合格118个；微博38个，合格38个；抖音26个，合格25个。",
        {"new_media.inspected": 185, "new_media.wechat": 121, "new_media.weibo": 38, "new_media.douyin": 26,
            "new_media.wechat.passed": 118, "new_media.weibo.passed": 38, "new_media.douyin.passed": 25}, ""),
    ("检查政府网站24家，其中优秀10家、良好12家、合格1家、不合格1家。", {"sites.inspected": 24}, "10 12 1"),
    ("检查政府网站24家，第一轮不合格2家。", {"sites.inspected": 24}, "2"),
    ("检查政务新媒体100个，不合格的微信公众号2个。", {"new_media.inspected": 100}, "2"),
    ("检查政务新媒体100个，其中微信公众号60个，粉丝5万个；微博40个。",
        {"new_media.inspected": 100, "new_media.wechat": 60, "new_media.weibo": 40}, "5"),
    ("检查政务新媒体100个，合格97个，其中微信公众号58个、微博39个。",
        {"new_media.inspected": 100, "new_media.passed": 97}, "58 39"),
    ("停用微博3个。新开通微信公众号5个。", {}, "3 5"),
    ("政务新媒体共255个，未备案的微信公众号5个，僵尸微博2个。", {"new_media.running": 255}, "5 2"),
    ("“甲发布”微信公众号2个栏目未更新，微博3个链接失效。", {}, "2 3"),
    ("检查政府网站38家，其中不合格的卢氏县1家、灵宝市2家。", {"sites.inspected": 38}, "1 2"),
    ("其中县（市、区）11家，全部合格；市直部门27家，不合格2家。", {}, "11 27 2"),
    ("全市政务新媒体255个，其中市直部门95个，县（市、区）160个。",
        {"new_media.running": 255, "new_media.departments": 95, "new_media.counties": 160}, ""),
    ("县（市、区）政府网站全部合格。", {}, "全部合格"),
    ("本季度检查微信公众号100个；抖音号5个，全部合格。", {}, "100 5 全部合格"),
    ("检查微信公众号182个。不合格3个，合格率98.4%。", {}, "182 3 98.4"),
)  # fmt: skip
PERIODS: tuple[tuple[str, Values, str], ...] = (
    ("2021年，全市共检查政务新媒体1020个次，不合格20个。", {}, "1020 20"),
    ("1—6月，全市检查政务新媒体510个，不合格12个。", {}, "510 12"),
    ("4—6月，全市检查政务新媒体510个。", {"new_media.inspected": 510}, ""),
    ("4月份，政府网站合格率91%。", {}, "91"),
    ("2020年底，全市共有政府网站41家。", {}, "41"),
    ("上期通报的不合格政府网站2家已整改。", {}, "2"),
    ("连续两次不合格的2家政府网站予以约谈。", {}, "2"),
    ("对上季度问题网站开展“回头看”。检查政府网站9家，不合格1家。", {}, "9 1"),
    ("疑似不合格政府网站5家。", {}, "5"),
    ("到2021年底，政府网站合格率达到100%。", {}, "100"),
    ("检查政府网站38家（一季度35家），不合格1家。", {"sites.inspected": 38, "sites.failed": 1}, "35"),
)
BODIES: tuple[tuple[str, Values, str], ...] = (
    ("在省政府办公厅二季度通报中，我市政府网站合格率100%。", {}, "100"),
    ("卢氏县检查政府网站2家。合格率50%，不合格1家。", {}, "2 50 1"),
    ("对卢氏县2家政府网站进行检查，不合格1家。", {}, "2 1"),
    ("该县检查政府网站3家。", {}, "3"),
    ("市教育局网站检查1家，不合格1家。", {}, "1"),
    ("城乡一体化示范区检查政府网站2家，不合格1家。", {}, "2 1"),
    ("灵宝、渑池、卢氏政府网站合格率50%。", {}, "50"),
    ("各县（市、区）检查政府网站11家，合格率90.9%。",
        {"regions:sites.inspected": 11, "regions:sites.pass_rate": Decimal("90.9")}, ""),
    ("各县（市、区）共自查政府网站11家；共自查政务新媒体81个，自查比例85%。",
        {"regions:sites.inspected": 11, "regions:new_media.inspected": 81,
            "regions:new_media.inspected_share": 85}, ""),
)  # fmt: skip
SECTIONS: tuple[tuple[str, Values, str], ...] = (
    ("二、上季度通报问题整改情况\n不合格政府网站3家。", {}, "3"),
    ("三、复查情况\n检查政府网站3家，合格3家。\n四、检查情况\n检查政府网站9家。", {"sites.inspected": 9}, "3"),
    ("四、下一步工作目标\n政府网站合格率100%。", {}, "100"),
    ("（一）灵宝市\n检查政府网站3家，不合格1家。\n（二）全市\n不合格政府网站2家。", {"sites.failed": 2}, "3 1"),
    ("（二）各县（市、区）自查情况\n检查政府网站11家，不合格1家。",
        {"regions:sites.inspected": 11, "regions:sites.failed": 1}, ""),
    ("（一）各县自查情况。二季度共检查政府网站11家，合格率90%。",
        {"regions:sites.inspected": 11, "regions:sites.pass_rate": 90}, ""),
    ("各地各部门共检查政府网站38家。\n其中，合格37家，不合格1家。",
        {"regions:sites.inspected": 38, "regions:sites.passed": 37, "regions:sites.failed": 1}, ""),
    ("（一）微信公众号\n检查182个，不合格3个。", {}, "182 3"),
    ("政府网站与政务新媒体检查情况通报\n本季度共检查88家，不合格2家，合格率97%。", {}, "88 2 97"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "named"), [*OBJECTS, *PARTS, *PERIODS, *BODIES, *SECTIONS])
def test_number_of_something_else_is_named_and_not_read(text: str, expected: Values, named: str) -> None:
    values, note = read(text)
    assert values == expected
    assert all(number in note for number in named.split()), note


@pytest.mark.parametrize("body", ["某省", "某市", "某县", "某省某厅"])
def test_body_whose_name_is_withheld_counts_its_own(body: str) -> None:
    whole = "我厅" if body.endswith("厅") else f"全{body[-1]}"
    values, note = read(f"{whole}运行的政府网站12家，检查12家。", body)
    assert values == {"sites.running": 12, "sites.inspected": 12}
    assert note == ""


def test_whole_province_is_that_of_its_bulletin_and_an_unknown_part_ends_no_enumeration() -> None:
    text = "全省运行的政府网站430家。其中，省级门户1家，省级其他机构网站90家，市级门户9家。"
    values, note = read(text, "贵州省人民政府")
    assert values == {"sites.running": 430, "sites.province_portals": 1, "sites.city_portals": 9}
    assert note == "省级其他机构网站90家"


def test_note_on_a_long_text_is_short() -> None:
    values, note = read("甲乙1家、丙丁2个、" * 3000)
    assert values == {}
    assert len(note) < 3000


def test_each_number_is_named_once_from_where_the_one_before_ends() -> None:
    _, note = read("微信公众号612个、微博201个，共发布信息2,316条。")
    assert note == "微信公众号612个; 微博201个"


def test_superior_of_a_county_inspects_it() -> None:
    text = "市政府办公室对我县3家政府网站进行了抽查，合格率100%。"
    assert read(text, "卢氏县人民政府") == ({}, "市政府办公室对我县3家; 合格率100%")


@pytest.mark.parametrize("number", ["微信182", "检查政府网站38（家）", "合格率百分之九十七点四", "达标37家"])
def test_number_without_a_known_unit_or_word_is_named(number: str) -> None:
    values, note = read(f"{number}。")
    assert values == {}
    assert number.replace("（家）", "") in note
