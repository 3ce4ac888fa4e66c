from __future__ import annotations

import time
from decimal import Decimal

import pytest

from pipeline.core.form import forms
from pipeline.core.model import Cell, Figure, Paragraph, ProjectFault
from pipeline.core.text import normalize
from pipeline.extract.figure_phrases import load_phrases, parse_phrases
from pipeline.extract.figure_scopes import OPEN_SCOPES, SCOPES, ScopeRule, load_scope_rules, parse_scope_rules
from pipeline.extract.figure_totals import mark_taken_up
from pipeline.extract.figures import extract_figures

CITY, OFFICE = "三门峡市人民政府", "三门峡市民政局"
RECEIVED, HANDLED, GROWTH = "applications.received", "applications.handled", "applications.growth"
CARRIED_IN, CARRIED_OUT = "applications.carried_in", "applications.carried_out"
ITEMS, REVIEW, LAWSUITS = "disclosed.items", "review.total", "litigation.total"
DOCUMENTS, SHARE = "disclosed.normative_documents", "disclosed.normative_documents_share"
SITES, MEDIA, FEE = "websites_hosted", "new_media_accounts", "information_fee"


def read_figures(*texts: str, year: int | None = 2019, body: str | None = CITY) -> tuple[Figure, ...]:
    """Return the figures of paragraphs with these texts."""
    return extract_figures([Paragraph(text) for text in texts], year, body)


def read_values(*texts: str, year: int | None = 2019, body: str | None = CITY) -> list[tuple[str, float, str]]:
    """Return row, value and scope of each figure; `~` after the scope marks an approximate value."""
    figures = read_figures(*texts, year=year, body=body)
    return [(f.row, float(f.value), f.scope + "~" * f.approximate) for f in figures]


def test_phrases_cover_every_row_with_allowed_scopes() -> None:
    """Loading the phrases also checks that each reads its own example."""
    rows = set(forms()["2021"].tables["narrative"].rows)
    assert {phrase.row for phrase in load_phrases()} == rows
    assert {phrase.scope for phrase in load_phrases()} <= {*SCOPES, *OPEN_SCOPES}


@pytest.mark.parametrize("rule", load_scope_rules(), ids=lambda rule: rule.example)
def test_scope_rule_gives_its_example_its_scope(rule: ScopeRule) -> None:
    scopes = {(row, scope.strip("~")) for row, _, scope in read_values(rule.example, body=None)}
    expected_scope = "whole" if rule.scope in OPEN_SCOPES else rule.scope  # the example has no other figure of the row
    assert (rule.example_row, expected_scope) in scopes


CASES: list[tuple[str, list[tuple[str, float, str]]]] = [
    # received: words and word order of real reports
    ("全市共收到265件政府信息公开申请，上年结转2件，已全部办结", [(RECEIVED, 265, "whole"), (CARRIED_IN, 2, "whole")]),
    ("2019年新收政府信息公开申请265宗", [(RECEIVED, 265, "whole")]),
    ("共收到依申请公开265件", [(RECEIVED, 265, "whole")]),
    ("受理依申请公开事项5件次", [(RECEIVED, 5, "whole")]),
    ("收到公民、法人和其他组织提出的政府信息公开申请265件", [(RECEIVED, 265, "whole")]),
    ("收到依申请公开申请共计一百二十件", [(RECEIVED, 120, "whole")]),
    ("收到 政府信息公开申请 １２ 件", [(RECEIVED, 12, "whole")]),
    ("收到政府信息公开申请1,234件", [(RECEIVED, 1234, "whole")]),
    ("收到政府信息公开申请十余件", [(RECEIVED, 10, "whole~")]),
    ("本年度未收到政府信息公开申请", [(RECEIVED, 0, "whole")]),
    ("本年度未收到和处理政府信息公开申请事件", [(RECEIVED, 0, "whole")]),
    ("未收到任何单位或个人提出的政府信息公开申请", [(RECEIVED, 0, "whole")]),
    ("未接到书面方式申请的政府信息公开申请和网上申请件", [(RECEIVED, 0, "whole")]),
    ("没有公民申请政府信息公开", [(RECEIVED, 0, "whole")]),
    ("无政府信息公开申请、行政复议和行政诉讼",
     [(RECEIVED, 0, "whole"), (REVIEW, 0, "whole"), (LAWSUITS, 0, "whole")]),
    ("全市政府信息公开申请、行政复议、行政诉讼均为零",
     [(RECEIVED, 0, "whole"), (REVIEW, 0, "whole"), (LAWSUITS, 0, "whole")]),
    ("未收到對政府信息公開申請答復的投訴", []),
    ("全年未收到政府信息公開申請", [(RECEIVED, 0, "whole")]),
    ("收到依申请信息公开24件", [(RECEIVED, 24, "whole")]),
    ("受理政府信息依申请公开24件", [(RECEIVED, 24, "whole")]),
    ("受理依申请政府信息公开事项19例", [(RECEIVED, 19, "whole")]),
    ("收到并处理政府信息公开申请9项", [(RECEIVED, 9, "whole")]),
    ("主动公开政府信息12条，依申请公开0件", [(ITEMS, 12, "whole"), (RECEIVED, 0, "uncertain")]),
    ("2019年1月1日至12月31日，收到政府信息公开申请265件", [(RECEIVED, 265, "whole")]),
    ("截至2019年12月31日，收到政府信息公开申请265件", [(RECEIVED, 265, "whole")]),
    ("1月至10月，收到政府信息公开申请165件", [(RECEIVED, 165, "uncertain")]),
    ("未收到政府信息公开申请方面的投诉", []),
    ("收到265件政府信息公开申请行政复议", []),
    ("收到网民留言300条，答复290件", []),
    ("无正当理由大量反复申请16件", []),
    ("通过信函收到政府信息公开申请65件", [(RECEIVED, 65, "part")]),
    ("通过网络、信函等渠道收到政府信息公开申请265件", [(RECEIVED, 265, "uncertain")]),
    ("全年受理并答复政府信息公开申请30件", [(RECEIVED, 30, "uncertain")]),
    # 收办, and other words for it
    ("全年收办政府信息公开申请3607件", [(HANDLED, 3607, "taken_up")]),
    ("共收到政府信息公开申请267件（含上年结转2件）", [(HANDLED, 267, "taken_up"), (CARRIED_IN, 2, "whole")]),
    ("共收到政府信息公开申请267件（其中上年结转2件）", [(HANDLED, 267, "taken_up"), (CARRIED_IN, 2, "whole")]),
    ("收办政府信息公开申请案件267件（见附表），同比增长4.5%", [(HANDLED, 267, "taken_up"), (GROWTH, 4.5, "whole")]),
    # handled
    ("受理申请52件；共办理47件，结转下一年5件",
     [(RECEIVED, 52, "whole"), (HANDLED, 47, "whole"), (CARRIED_OUT, 5, "whole")]),
    ("收到申请40件，已经答复39件，顺延至下年度答复1件",
     [(RECEIVED, 40, "whole"), (HANDLED, 39, "whole"), (CARRIED_OUT, 1, "whole")]),
    ("收办政府信息公开申请案件40件，其中，予以公开30件、转下年度办理5件",
     [(HANDLED, 40, "taken_up"), (CARRIED_OUT, 5, "whole")]),
    ("收到政府信息公开申请12件，办结11件", [(RECEIVED, 12, "whole"), (HANDLED, 11, "whole")]),
    ("受理政府信息公开申请12件，已答复11件", [(RECEIVED, 12, "whole"), (HANDLED, 11, "whole")]),
    ("收到的申请中，260件已办结", [(HANDLED, 260, "whole")]),
    ("办结依申请公开260宗", [(HANDLED, 260, "whole")]),
    ("全年办理政府信息公开申请267件", [(HANDLED, 267, "uncertain")]),
    ("按时办结申请260件", [(HANDLED, 260, "uncertain")]),
    ("延期办结申请3件", [(HANDLED, 3, "part")]),
    ("同意公开答复174件，书面答复申请5件", []),
    ("收到政府信息公开申请12件，受理信访事项30件，办结30件", [(RECEIVED, 12, "whole"), (HANDLED, 30, "part")]),
    ("收到申请12件，引起行政复议5件，办结4件", [(RECEIVED, 12, "whole"), (REVIEW, 5, "whole"), (HANDLED, 4, "part")]),
    # carried
    ("收到申请265件，结转上年度申请2件", [(RECEIVED, 265, "whole"), (CARRIED_IN, 2, "whole")]),
    ("共办理申请267件，其中2件为上年结转", [(HANDLED, 267, "uncertain"), (CARRIED_IN, 2, "whole")]),
    ("新收申请265件和上年结转2件", [(RECEIVED, 265, "whole"), (CARRIED_IN, 2, "whole")]),
    ("收到申请265件，无上年结转申请", [(RECEIVED, 265, "whole"), (CARRIED_IN, 0, "whole")]),
    ("办结申请11件，结转下年度继续办理3件", [(HANDLED, 11, "whole"), (CARRIED_OUT, 3, "whole")]),
    ("办结申请11件、结转至2020年3件", [(HANDLED, 11, "whole"), (CARRIED_OUT, 3, "whole")]),
    ("办结申请11件，3件结转下一年度", [(HANDLED, 11, "whole"), (CARRIED_OUT, 3, "whole")]),
    ("申请均已办结，无结转下年度继续办理的申请", [(CARRIED_OUT, 0, "whole")]),
    # a change is no figure
    ("政府信息公开申请比上年减少5件", []),
    ("行政复议同比增加12件", []),
    ("收到政府信息公开申请265件，同比增加12件", [(RECEIVED, 265, "whole")]),
    ("收到政府信息公开申请265件，较去年的253件增加12件", [(RECEIVED, 265, "whole")]),
    ("收到政府信息公开申请265件，同比增加12件，增长4.7%", [(GROWTH, 4.7, "whole"), (RECEIVED, 265, "whole")]),
    ("收到政府信息公开申请265件，比2018年增长4.7%", [(GROWTH, 4.7, "whole"), (RECEIVED, 265, "whole")]),
    ("收到政府信息公开申请265件，比2015年增长40%", [(GROWTH, 40, "other_year"), (RECEIVED, 265, "whole")]),
    ("政府信息公开申请量较上年下降12%", [(GROWTH, -12, "whole")]),
    ("网上申请量同比增长12%", [(GROWTH, 12, "part")]),
    ("申请办结率同比提高12个百分点", []),
    # another year
    ("2018年收到申请200件，2019年收到申请265件", [(RECEIVED, 200, "other_year"), (RECEIVED, 265, "whole")]),
    ("去年收到申请200件，今年收到申请265件", [(RECEIVED, 200, "other_year"), (RECEIVED, 265, "whole")]),
    ("收到申请265件（2018年收到申请200件），办结260件",
     [(RECEIVED, 265, "whole"), (RECEIVED, 200, "other_year"), (HANDLED, 260, "whole")]),
    ("收到申请265件，上年为200件", [(RECEIVED, 265, "whole")]),
    ("与上年相比，收到政府信息公开申请265件", [(RECEIVED, 265, "whole")]),
    ("与2018年相比，收到政府信息公开申请265件", [(RECEIVED, 265, "whole")]),
    ("2018年主动公开政府信息72508条", [(ITEMS, 72508, "other_year")]),
    ("计划举办政务公开培训3次", [("trainings", 3, "other_year")]),
    ("2008年以来，累计主动公开政府信息5600条", [(ITEMS, 5600, "other_year")]),
    ("自条例施行以来，主动公开政府信息5600条", [(ITEMS, 5600, "uncertain")]),
    ("2019年以来，主动公开政府信息560条", [(ITEMS, 560, "whole")]),
    ("今年以来，主动公开政府信息560条", [(ITEMS, 560, "whole")]),
    ("截止2019年12月31日，主动公开政府信息560条", [(ITEMS, 560, "whole")]),
    ("新收申请26件，结转上年3件，办结28件，转下年1件",
     [(RECEIVED, 26, "whole"), (CARRIED_IN, 3, "whole"), (HANDLED, 28, "whole"), (CARRIED_OUT, 1, "whole")]),
    # a goal
    ("全年目标任务为主动公开政府信息1200条", [(ITEMS, 1200, "uncertain")]),
    ("应主动公开政府信息1200条", [(ITEMS, 1200, "uncertain")]),
    ("围绕年度目标任务，主动公开政府信息310条", [(ITEMS, 310, "whole")]),
    # a wider territory
    ("全省主动公开政府信息98000条", [(ITEMS, 98000, "part")]),
    ("全国共收到政府信息公开申请5000件", [(RECEIVED, 5000, "part")]),
    ("在全省率先公开政府信息，全市主动公开政府信息860条", [(ITEMS, 860, "whole")]),
    ("灵宝市共收到政府信息公开申请12件", [(RECEIVED, 12, "part")]),
    ("周边县市主动公开政府信息3000条", [(ITEMS, 3000, "part")]),
    # parts of an office
    ("局机关主动公开政府信息120条，下属单位主动公开政府信息80条", [(ITEMS, 120, "part"), (ITEMS, 80, "part")]),
    ("局机关及下属单位主动公开政府信息200条", [(ITEMS, 200, "whole")]),
    # a part
    ("收到申请265件，其中收到申请12件", [(RECEIVED, 265, "whole"), (RECEIVED, 12, "part")]),
    ("其中办结申请5件", [(HANDLED, 5, "uncertain")]),
    ("行政复议50件，其中行政复议维持20件", [(REVIEW, 50, "whole")]),
    ("收到申请265件，其中网上申请200件，办结260件", [(RECEIVED, 265, "whole"), (HANDLED, 260, "uncertain")]),
    ("其中174件为主动公开范围之内，同意公开174件，不属于本行政机关公开数55件，补正后内容仍不明确的2件", []),
    # the figure of another body, a website or an account
    ("其中市公安局收到政府信息公开申请12件", [(RECEIVED, 12, "part")]),
    ("收到申请265件，其中市公安局收到12件", [(RECEIVED, 265, "whole")]),
    ("市公安局共收到政府信息公开申请12件", [(RECEIVED, 12, "part")]),
    ("市教育局围绕群众关切，主动公开政府信息300条", [(ITEMS, 300, "uncertain")]),
    ("市政府收到政府信息公开申请100件", [(RECEIVED, 100, "uncertain")]),
    ("三门峡市收到政府信息公开申请265件", [(RECEIVED, 265, "whole")]),
    ("各县（市、区）、市直各部门收到政府信息公开申请265件", [(RECEIVED, 265, "whole")]),
    ("市政府网站主动公开各类政府信息5500余条", [(ITEMS, 5500, "part~")]),
    ("政务微信公众号主动公开政府信息300条", [(ITEMS, 300, "part")]),
    ("充分发挥政府网站作用，主动公开政府信息300条", [(ITEMS, 300, "whole")]),
    ("通过各种渠道主动公开政府信息1200条", [(ITEMS, 1200, "whole")]),
    # a channel or a weak word: the whole unless another figure is
    ("通过政府网站、公报等渠道，全市共向社会主动公开政府信息18万余条", [(ITEMS, 180000, "whole~")]),
    ("在门户网站主动公开政府信息300条", [(ITEMS, 300, "whole")]),
    ("主动公开政府信息420条，通过网站公开政府信息300条", [(ITEMS, 420, "whole"), (ITEMS, 300, "part")]),
    ("通过网站公开政府信息300条，通过微信公开政府信息120条", [(ITEMS, 300, "part"), (ITEMS, 120, "part")]),
    ("通过网站共公开政府信息300条，通过微信公开政府信息120条", [(ITEMS, 300, "whole"), (ITEMS, 120, "part")]),
    ("通过网站共公开政府信息300条，通过微信共公开政府信息420条", [(ITEMS, 300, "part"), (ITEMS, 420, "part")]),
    ("主动向居民公开人口、就业、物价等信息318条", [(ITEMS, 318, "whole")]),
    ("发布信息共计168条，其中公告22条", [(ITEMS, 168, "whole")]),
    ("发布信息168条", [(ITEMS, 168, "uncertain")]),
    ("主动公开县政府（含县政府办公室）各类信息640条", [(ITEMS, 640, "whole")]),
    ("主动公开本单位信息640条", [(ITEMS, 640, "whole")]),
    ("主动公开法定信息640条", [(ITEMS, 640, "whole")]),
    ("政府信息主动公开640条", [(ITEMS, 640, "whole")]),
    ("主动公开财政预决算信息30条，公开教育等领域信息20条", []),
    ("依申请公开政府信息3条，不予公开政府信息2条，同意公开政府信息1条", []),
    # items and documents
    ("全市主动公开政府信息18万余条", [(ITEMS, 180000, "whole~")]),
    ("主动公开政府信息18.5万条", [(ITEMS, 185000, "whole~")]),
    ("主动公开政府信息1.2979万条", [(ITEMS, 12979, "whole")]),
    ("主动公开政府信息5500条以上", [(ITEMS, 5500, "whole~")]),
    ("全年主动公开1200条政府信息", [(ITEMS, 1200, "whole")]),
    ("主动公开政府信息逾1200条", [(ITEMS, 1200, "whole~")]),
    ("主动公开政府信息数百条", []),
    ("全年公开政府信息1200条", [(ITEMS, 1200, "whole")]),
    ("截至年底，累计主动公开政府信息12000条", [(ITEMS, 12000, "uncertain")]),
    ("主动公开规范性文件178件，占制发规范性文件总数的100%", [(DOCUMENTS, 178, "whole"), (SHARE, 100, "whole")]),
    ("累计公开规范性文件646件", [(DOCUMENTS, 646, "uncertain")]),
    ("制发规范性文件252件", []),
    ("公开市政府规章3件、市政府及市政府办公室行政规范性文件14件", [(DOCUMENTS, 14, "whole")]),
    ("公开市政府及市政府办公室行政规范性文件14件", [(DOCUMENTS, 14, "whole")]),
    ("公开规章和规范性文件16件，公开规范性文件解读5件", []),
    # reviews and lawsuits
    ("引起行政复议50起和行政诉讼26起", [(REVIEW, 50, "whole"), (LAWSUITS, 26, "whole")]),
    ("引起2起行政复议和1起行政诉讼", [(REVIEW, 2, "whole"), (LAWSUITS, 1, "whole")]),
    ("被提起行政诉讼二十六宗", [(LAWSUITS, 26, "whole")]),
    ("因政府信息公开立案的行政复议134件、行政诉讼57件", [(REVIEW, 134, "filed"), (LAWSUITS, 57, "filed")]),
    ("备案的行政复议134件，行政诉讼57件", [(REVIEW, 134, "filed"), (LAWSUITS, 57, "filed")]),
    ("行政复议立案134件", [(REVIEW, 134, "filed")]),
    ("行政复议机构办理行政复议案件1200件", [(REVIEW, 1200, "uncertain")]),
    ("未经行政复议直接提起行政诉讼18件", [(LAWSUITS, 18, "part")]),
    ("行政复议、行政诉讼共5件", []),
    ("发生5起行政复议和行政诉讼案件", []),
    ("行政复议、行政诉讼各1件", [(LAWSUITS, 1, "whole"), (REVIEW, 1, "whole")]),
    ("行政复议和行政诉讼均为0", [(LAWSUITS, 0, "whole"), (REVIEW, 0, "whole")]),
    ("未发生行政复议、行政诉讼", [(LAWSUITS, 0, "whole"), (REVIEW, 0, "whole")]),
    ("无行政复议", [(REVIEW, 0, "whole")]),
    ("未发生因信息公开引起的行政复议和诉讼案件", [(LAWSUITS, 0, "whole"), (REVIEW, 0, "whole")]),
    ("没有因政府信息公开引发投诉、行政复议或行政诉讼等事件", [(LAWSUITS, 0, "whole"), (REVIEW, 0, "whole")]),
    ("因政府信息公开引起行政复议3件、诉讼1件", [(LAWSUITS, 1, "whole"), (REVIEW, 3, "whole")]),
    ("没有因政府信息公开被申请行政复议、提起行政诉讼的情况", [(LAWSUITS, 0, "whole"), (REVIEW, 0, "whole")]),
    ("发生行政复议1件，未发生行政诉讼", [(REVIEW, 1, "whole"), (LAWSUITS, 0, "whole")]),
    ("未发生行政复议被纠错的情况", []),
    ("没有败诉的行政诉讼", []),
    ("未发生泄密事件、收到行政复议1件", [(REVIEW, 1, "whole")]),
    ("有无行政复议", []),
    # trainings
    ("组织各类涉及政务公开培训24次，累计培训人员达1151人次", [("trainings", 24, "whole"), ("trained", 1151, "whole")]),
    ("举办政务公开培训班3期，培训人员260人", [("trainings", 3, "whole"), ("trained", 260, "whole")]),
    ("开展12场次政务公开业务培训，参训人员达500余人次", [("trainings", 12, "whole"), ("trained", 500, "whole~")]),
    ("举办安全生产培训3次", [("trainings", 3, "uncertain")]),
    ("参加上级政务公开培训3次", [("trainings", 3, "part")]),
    ("每年至少开展政务公开培训1次", [("trainings", 1, "part")]),
    ("创新开展调研式培训、过堂式培训", []),
    # platforms and fees
    ("政务云平台上集约的网站数量达到21家", [(SITES, 21, "whole")]),
    ("全市共有政府网站21家", [(SITES, 21, "uncertain")]),
    ("全市备案政务新媒体账号近80个", [(MEDIA, 80, "whole~")]),
    ("关停政务新媒体12个，现有政务新媒体95个", [(MEDIA, 12, "part"), (MEDIA, 95, "whole")]),
    ("检查政务新媒体80个次", []),
    ("启动政务新媒体三个“100”行动", []),
    ("收取信息处理费1200元", [(FEE, 1200, "whole")]),
    ("未收取政府信息公开信息处理费", [(FEE, 0, "whole")]),
    ("减免信息处理费1200元", [(FEE, 1200, "part")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_sentence_gives_expected_figures(text: str, expected: list[tuple[str, float, str]]) -> None:
    assert sorted(read_values(text)) == sorted(expected)


def test_decrease_is_negative() -> None:
    values = {row: value for row, value, _ in read_values("主动公开政府信息100条，同比下降12.5%")}
    assert values == {"disclosed.items": 100, "disclosed.items_growth": -12.5}


def test_raw_is_printed_text_at_its_offsets() -> None:
    text = "２０１９年， 收到 265 件 政府信息公开申请，上年结转２件。其中市 政府100件、沭阳县165件。"
    figures = read_figures(text)
    for figure in figures:
        assert text[figure.start : figure.end] == figure.raw
    assert [(int(f.value), f.raw) for f in figures[1:3]] == [(2, "上年结转２件"), (100, "市 政府100件")]


@pytest.mark.parametrize(
    ("body", "scope"), [(OFFICE, "whole"), (CITY, "part"), ("三门峡市公安局", "part"), (None, "whole")]
)
def test_named_body_counts_as_another_unless_it_is_own(body: str | None, scope: str) -> None:
    for name in ("市民政局", "三门峡市民政局"):
        assert read_values(f"2019年，{name}共收到政府信息公开申请12件", body=body) == [(RECEIVED, 12, scope)]
    assert read_values("我局共收到政府信息公开申请12件", body=body) == [(RECEIVED, 12, "whole")]
    (figure,) = read_figures("其中市教育局收到政府信息公开申请12件", body=body)
    assert (figure.scope, figure.named_body) == ("part", "市教育局")


@pytest.mark.parametrize(
    ("text", "body", "scope"),
    [
        ("全市主动公开政府信息98000条", "三门峡市渑池县人民政府", "part"),
        ("全县主动公开政府信息980条", "渑池县人民政府", "whole"),
        ("全县主动公开政府信息980条", "渑池县仰韶镇人民政府", "part"),
        ("全省主动公开政府信息98000条", "河南省人民政府", "whole"),
        ("全省主动公开政府信息98000条", "河南省三门峡市人民政府", "part"),
        ("全省主动公开政府信息98000条", None, "uncertain"),
        ("县发改局主动公开政府信息40条", "渑池县发展和改革委员会", "part"),
        ("县发改委主动公开政府信息40条", "渑池县发展和改革委员会", "whole"),
        ("渑池县市场监督管理局主动公开政府信息40条", "渑池县市场监管局", "whole"),
        ("景区主动公开政府信息40条", "渑池县仰韶景区管理委员会", "whole"),
        ("县政府办代表县政府主动公开政府信息40条", "渑池县人民政府", "uncertain"),
        ("我单位主动公开政府信息40条", "渑池县民政局", "whole"),
    ],
)
def test_scope_depends_on_the_body_of_the_report(text: str, body: str | None, scope: str) -> None:
    assert [s for _, _, s in read_values(text, body=body)] == [scope]


def test_several_named_bodies_are_uncertain_where_the_own_is_unknown() -> None:
    text = "市公安局收到政府信息公开申请12件，市教育局收到政府信息公开申请20件"
    assert [scope for *_, scope in read_values(text, body=None)] == ["uncertain", "uncertain"]


def test_figures_of_all_paragraphs_decide_whether_one_is_the_whole() -> None:
    sole, total = "通过网站公开政府信息300条", "全年主动公开政府信息420条"
    assert [scope for *_, scope in read_values(sole, "工作正常")] == ["whole"]
    assert [scope for *_, scope in read_values(sole, total)] == ["part", "whole"]


@pytest.mark.parametrize(
    ("received", "new", "carried_in", "scope"),
    [(40, 38, 2, "taken_up"), (38, 38, 2, "whole"), (38, 38, 0, "whole"), (41, 38, 2, "whole")],
)
def test_received_that_includes_the_carried_in_says_so(received: int, new: int, carried_in: int, scope: str) -> None:
    figures = read_figures(f"收到政府信息公开申请{received}件")
    values = {"new": Decimal(new), "carried_in": Decimal(carried_in)}
    cells = [
        Cell("applications", row, "total", str(value), value, "number", "件", 1, 0, 0, 0, 1.0)
        for row, value in values.items()
    ]
    assert [f.scope for f in mark_taken_up(figures, cells)] == [scope]


def test_uncertain_received_is_the_whole_if_the_table_has_it() -> None:
    cell = Cell("applications", "new", "total", "30", Decimal(30), "number", "件", 1, 0, 0, 0, 1.0)
    for count, scope in ((30, "whole"), (31, "uncertain")):
        figures = read_figures(f"全年受理并答复政府信息公开申请{count}件")
        assert [f.scope for f in mark_taken_up(figures, [cell])] == [scope]


def read_body_figures(*texts: str) -> list[tuple[str, str, float, str]]:
    """Return row, body, value and scope of each figure that counts for another body."""
    figures = read_figures(*texts, year=2023)
    return [(f.row, f.named_body, float(f.value), f.scope) for f in figures if f.named_body]


SUQIAN = (
    "市政府349件、市各有关部门933件、沭阳县477件、泗阳县301件、泗洪县874件、宿豫区216件、宿城区348件、"
    "宿迁经济技术开发区55件、市湖滨新区26件、苏州宿迁工业园区12件、市洋河新区16件"
)


def test_total_is_split_by_body() -> None:
    figures = read_body_figures(
        "收到政府信息公开申请3511件，上年结转96件。",
        "全年收办政府信息公开申请3607件，同比增长70.3%。",
        f"按单位分：{SUQIAN}。",
    )
    assert [(row, scope) for row, _, _, scope in figures] == [(HANDLED, "body")] * 11
    assert sum(value for _, _, value, _ in figures) == 3607
    assert [body for _, body, _, _ in figures][::5] == ["市政府", "宿豫区", "市洋河新区"]
    in_one_sentence = read_body_figures(f"收到申请3607件，其中{SUQIAN}，办结3500件。")
    assert in_one_sentence == [(RECEIVED, *rest) for _, *rest in figures]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收到申请300件（市政府100件、县区200件），办结290件", (RECEIVED, ["市政府", "县区"])),
        ("收到申请300件，办结290件，其中市公安局100件、市教育局190件", (HANDLED, ["市公安局", "市教育局"])),
        ("收到申请300件，办结290件，其中市公安局100件、市教育局200件", (RECEIVED, ["市公安局", "市教育局"])),
        ("收到申请3,607件，其中市政府1,349件；沭阳县2,258件", (RECEIVED, ["市政府", "沭阳县"])),
        ("收到申请3件，其中市文化广电和旅游局1件和市水利局2件", (RECEIVED, ["市文化广电和旅游局", "市水利局"])),
        ("收到申请3件，同比增加1件。其中：高新区管委会1件，城关街道2件", (RECEIVED, ["高新区管委会", "城关街道"])),
        ("主动公开政府信息1000条，其中市政府600条、各县区400条", (ITEMS, ["市政府", "各县区"])),
        ("行政复议50件，其中市政府20件、县区政府30件", (REVIEW, ["市政府", "县区政府"])),
    ],
)
def test_list_of_bodies_splits_its_total(text: str, expected: tuple[str, list[str]]) -> None:
    figures = read_body_figures(text)
    assert ({row for row, *_ in figures}, [body for _, body, *_ in figures]) == ({expected[0]}, expected[1])
    assert {scope for *_, scope in figures} == {"body"}


@pytest.mark.parametrize(
    "text",
    [
        "收到申请15件，其中网络提交12件、信函3件",
        "收到申请11件，其中予以公开5件、不予公开6件",
        "收到申请11件，其中商业企业5件、科研机构6件",
        "收到申请11件，其中法人单位5件、企业单位6件",
        "收到申请11件，其中已办5件、待办6件",
        "收到申请11件，涉及自然资源局5件、公安局6件",
        "收到申请11件，其中本市5件、外市6件",
        "收到申请11件，其中市政府11件",
        "收到申请11件，其中市政府5件、沭阳县3件、网络提交3件",
        "收到申请11件，其中网络提交3件、市政府5件、沭阳县3件",
        "收到申请11件，召开会议12件，其中市政府5件、沭阳县7件",
        "收到来信300件，其中市公安局100件、市教育局200件",
        "收到申请11件。市政府5件、沭阳县6件",
        "2022年收到申请11件，其中市政府5件、沭阳县6件",
        "主动公开政府信息11条，其中市政府5件、沭阳县6件",
    ],
)
def test_other_list_splits_no_total(text: str) -> None:
    assert read_body_figures(text) == []


def test_incomplete_list_gives_parts_only() -> None:
    for text in (
        "收到申请300件，其中市公安局100件、市教育局50件等",
        "收到申请300件，主要是市公安局100件、市教育局50件",
    ):
        assert [scope for *_, scope in read_body_figures(text)] == ["part", "part"]


@pytest.mark.parametrize(
    ("column", "text", "message"),
    [
        ("pattern", "收悉{n}件", "does not read its example"),
        ("pattern", "收到({n}件", "applications.received"),
        ("row", "applications.recieved", "recieved"),  # codespell:ignore recieved
        ("about", "培训", "does not read its example"),
    ],
)
def test_wrong_line_of_phrases_is_refused(column: str, text: str, message: str) -> None:
    line = {
        "row": RECEIVED,
        "scope": "whole",
        "about": "申请",
        "pattern": "收到申请{n}件",
        "example": "收到申请5件",
        "value": "5",
    }
    assert parse_phrases([line])
    with pytest.raises(ProjectFault, match=message):
        parse_phrases([line | {column: text}])


@pytest.mark.parametrize(
    ("column", "text", "message"),
    [("scope", "hole", "hole"), ("later", "x", "x"), ("pattern", "(", "scopes.csv"), ("pattern", "备", "example")],
)
def test_wrong_line_of_scopes_is_refused(column: str, text: str, message: str) -> None:
    line = {
        "scope": "filed",
        "later": "",
        "rows": "review.",
        "pattern": "立案",
        "example": "立案的行政复议1件",
        "row": REVIEW,
    }
    assert parse_scope_rules([line])
    with pytest.raises(ProjectFault, match=message):
        parse_scope_rules([line | {column: text}])


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "一",
        "行政复议1件，",
        "未发生收到被",
        "收到申请2件，其中市政府1件、县政府1件。",
        "市公安局1件、",
        "（其中",
        "培训1次",
        "申请",
        "比上年",
        "公开信息1条、",
        "公开市规章3件、",
        "公开等信息",
        "未收到公民、",
        "通过网站",
        "收到申请1件(",
        "行政复议1件、诉讼",
    ],
)
def test_time_is_linear_in_hostile_prose(unit: str) -> None:
    def measure_seconds(size: int) -> float:
        text = (unit * size)[:size]
        normalize(text)  # its cached answer is not part of the measurement
        start = time.perf_counter()
        read_figures(text)
        return time.perf_counter() - start

    long_seconds = min(measure_seconds(80_000) for _ in range(2))
    assert long_seconds < 0.05 + 12 * min(measure_seconds(20_000) for _ in range(3))
