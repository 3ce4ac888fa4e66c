"""Test that the prose of inspections is read in the wordings that offices use. The numbers are made."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from pipeline.core.model import Paragraph
from pipeline.extract.kind.prose import read_prose
from pipeline.extract.kind.scope import Scope
from pipeline.registry.load import load_register

INSPECTION = load_register().kinds["inspection"]


def read(text: str, body: str | None = None) -> dict[str, Decimal]:
    """Return the values of a text of the second quarter of 2021 by row; those of regions have `regions:` in front."""
    cells, _ = read_prose([Paragraph(line) for line in text.split("\n")], Scope(INSPECTION, (2021, 2), body))
    names = {c.address: c.row if c.column == "own" else f"{c.column}:{c.row}" for c in cells}
    return {names[c.address]: c.value for c in cells if c.value is not None}


SITES = {"sites.running": 88, "sites.inspected": 88, "sites.inspected_share": 100}
MEDIA = {"new_media.inspected": 139, "new_media.departments": 22, "new_media.counties": 117}
WORDINGS: tuple[tuple[str, Mapping[str, int | Decimal]], ...] = (
    (
        "全市正在运行的政府网站88个，检查88个，检查率100%，其中：合格88个，合格率为100%。",
        SITES | {"sites.passed": 88, "sites.pass_rate": 100},
    ),
    (
        "本次检查56家政府网站，不合格网站2家，合格率96%。",
        {"sites.inspected": 56, "sites.failed": 2, "sites.pass_rate": 96},
    ),
    (
        "分批次对全市正在运行的139个政务新媒体进行了全面检查。其中，市直部门22家，地方各级政府及部门117家。"
        "抽查发现39家政务新媒体不合格。",
        MEDIA | {"new_media.failed": 39},
    ),
    ("检查政府网站12家，未发现不合格网站。", {"sites.inspected": 12, "sites.failed": 0}),
    (
        "今年以来累计检查政府网站156家，不合格5家。本季度检查39家，不合格1家。",
        {"sites.inspected": 39, "sites.failed": 1},
    ),
    ("关停整合政务新媒体12个，新开设3个。现有政务新媒体243个。", {"new_media.running": 243}),
    (
        "全市政务新媒体255个，其中市直单位政务新媒体60个，县（市、区）政务新媒体195个。",
        {"new_media.running": 255, "new_media.departments": 60, "new_media.counties": 195},
    ),
    (
        "各县（市、区）自查政府网站45家，合格45家；市政府办公室抽查10家，不合格1家。",
        {"regions:sites.inspected": 45, "regions:sites.passed": 45, "sites.inspected": 10, "sites.failed": 1},
    ),
    (
        "全市共有政府网站三十七家，其中市政府门户网站1家，县（市、区）政府门户网站9家，部门网站27家。",
        {"sites.running": 37, "sites.city_portals": 1, "sites.counties": 9, "sites.departments": 27},
    ),
    ("全市共有政府网站40家，其中正常运行38家。", {"sites.running": 38}),
    ("现有政务新媒体300个，其中，正在运行的280个。", {"new_media.running": 280}),
    ("政府网站、政务新媒体合格率均为100%。", {"sites.pass_rate": 100, "new_media.pass_rate": 100}),
    (
        "随机抽查政府网站和政务新媒体各20个，检查率和合格率均为100%。",
        {f"{topic}.{row}": 100 for topic in ("sites", "new_media") for row in ("inspected_share", "pass_rate")}
        | {"sites.inspected": 20, "new_media.inspected": 20},
    ),
    (
        "全省运行的政府网站160家，其中省政府部门网站52家、市级政府部门网站108家。",
        {"sites.running": 160, "sites.province_departments": 52, "sites.city_departments": 108},
    ),
    (
        "全市政府网站36家、政务新媒体198个参加检查，其中政府网站36家全部合格。",
        {"sites.inspected": 36, "new_media.inspected": 198, "sites.passed": 36, "sites.failed": 0},
    ),
    (
        "全市41家政府网站中，检查40家，不合格1家（卢氏县人民政府网站），合格率97.5%。",
        {"sites.running": 41, "sites.inspected": 40, "sites.failed": 1, "sites.pass_rate": Decimal("97.5")},
    ),
    (
        "共抽查政府网站33个次，抽查政务新媒体156个次，抽查率分别为100%和50%，合格率分别为100%和99.4%。",
        {
            "sites.inspected": 33,
            "new_media.inspected": 156,
            "sites.inspected_share": 100,
            "new_media.inspected_share": 50,
            "sites.pass_rate": 100,
            "new_media.pass_rate": Decimal("99.4"),
        },
    ),
    (
        "本次检查共涉及政府网站68家，政务新媒体734个。",
        {"sites.inspected": 68, "new_media.inspected": 734},
    ),
    (
        "对全市98家政府网站（含2家专题网站）、1012个政务新媒体实现检查全覆盖。",
        {"sites.inspected": 98, "new_media.inspected": 1012},
    ),
    (
        "对全市118个政务新媒体（微信公众号86个、微博14个、抖音号18个）进行了逐一检查。",
        {"new_media.inspected": 118, "new_media.wechat": 86, "new_media.weibo": 14, "new_media.douyin": 18},
    ),
    (
        "对全市44家政府网站及政务新媒体215个进行了抽查，占比分别为100%、41%。",
        {
            "sites.inspected": 44,
            "new_media.inspected": 215,
            "sites.inspected_share": 100,
            "new_media.inspected_share": 41,
        },
    ),
    (
        "全省政府网站1302家，对其中的131家开展抽查，合格124家。",
        {"sites.running": 1302, "sites.inspected": 131, "sites.passed": 124},
    ),
    (
        "全市运行的政府网站300家，比上季度减少20家，其中市级门户1家，市级部门299家。",
        {"sites.running": 300, "sites.city_portals": 1, "sites.city_departments": 299},
    ),
    (
        "检查政务新媒体213个，其中5个政务新媒体因两周未更新被判定为不达标，达标率97.7%。",
        {"new_media.inspected": 213, "new_media.failed": 5, "new_media.pass_rate": Decimal("97.7")},
    ),
    (
        "全市政务新媒体总数512个，检查数300个，合格数294个，不合格数6个。",
        {"new_media.running": 512, "new_media.inspected": 300, "new_media.passed": 294, "new_media.failed": 6},
    ),
    ("应检政府网站27家，实检26家，覆盖率96.3%。", {"sites.inspected": 26, "sites.inspected_share": Decimal("96.3")}),
    ("全区政府网站运行总数为893家。", {"sites.running": 893}),
    ("政府网站：共71家，检查70家，无单项否决网站。", {"sites.running": 71, "sites.inspected": 70, "sites.failed": 0}),
    (
        "抽查政府网站12家（市直8家，县区4家），不合格1家（县区1家）。",
        {
            "sites.inspected": 12,
            "sites.departments": 8,
            "sites.counties": 4,
            "sites.failed": 1,
            "sites.counties.failed": 1,
        },
    ),
    (
        "政务新媒体合格率91%，其中微信公众号合格率95%，微博合格率80%。",
        {"new_media.pass_rate": 91, "new_media.wechat.pass_rate": 95, "new_media.weibo.pass_rate": 80},
    ),
    (
        "检查政务新媒体100个，不合格3个（2个微信公众号、1个微博）。",
        {"new_media.inspected": 100, "new_media.failed": 3, "new_media.wechat.failed": 2, "new_media.weibo.failed": 1},
    ),
    (
        "检查政务新媒体100个，其中微信公众号60个，合格率95%；微博40个，合格率100%。",
        {
            "new_media.inspected": 100,
            "new_media.wechat": 60,
            "new_media.weibo": 40,
            "new_media.wechat.pass_rate": 95,
            "new_media.weibo.pass_rate": 100,
        },
    ),
    ("此次抽查共随机选取32家政府网站。", {"sites.inspected": 32}),
    (
        "各市、省直各部门检查政府网站633家；省政府办公厅抽查65家。",
        {"regions:sites.inspected": 633, "sites.inspected": 65},
    ),
    ("本次普查我市在信息报送系统登记的政府网站48家。", {"sites.inspected": 48}),
    ("检查正常运行的政府网站12家。", {"sites.inspected": 12}),
    (
        "政务新媒体255个（微信公众号182个，微博73个），不合格5个，合格率98%。",
        {
            "new_media.running": 255,
            "new_media.wechat": 182,
            "new_media.weibo": 73,
            "new_media.failed": 5,
            "new_media.pass_rate": 98,
        },
    ),
    ("共检查政务新媒体1,021个，全部合格。", {"new_media.inspected": 1021, "new_media.failed": 0}),
    (
        "政务新媒体共3个，其中抖音2个、视频号1个。",
        {"new_media.running": 3, "new_media.douyin": 2, "new_media.shipinhao": 1},
    ),
    ("随机抽查政府网站328个、政务新媒体300个。", {"sites.inspected": 328, "new_media.inspected": 300}),
    ("全市共有政府网站42家、政务新媒体126个。", {"sites.running": 42, "new_media.running": 126}),
    ("抽查政府网站9家，不合格政府网站：无。", {"sites.inspected": 9, "sites.failed": 0}),
    ("政府网站应检查50家，实际检查48家。", {"sites.inspected": 48}),
    ("检查政府网站39家，要求每季度抽查比例不低于30%，合格率达到95%以上的目标。", {"sites.inspected": 39}),
    ("政务新媒体256个。微信公众号抽查45个，不合格2个。", {"new_media.running": 256}),
    (
        "政务新媒体12个（微信公众号8个、微博4个），不合格2个（微信公众号1个，微博1个）。",
        {
            "new_media.running": 12,
            "new_media.wechat": 8,
            "new_media.weibo": 4,
            "new_media.failed": 2,
            "new_media.wechat.failed": 1,
            "new_media.weibo.failed": 1,
        },
    ),
    (
        "我省列入全国普查工作的正常运行政府网站共计730个；2021年第二季度新增永久下线政府网站60个。"
        "本次共抽查了全省500个政府网站，占网站总数的68.5%，合格率99%。抽查发现不合格网站5个。",
        {
            "sites.running": 730,
            "sites.inspected": 500,
            "sites.inspected_share": Decimal("68.5"),
            "sites.pass_rate": 99,
            "sites.failed": 5,
        },
    ),
    (
        "对全省220家政府网站进行了抽查，占全省正常运行网站总数的32.5%（含网站群网站100家），抽查范围包括门户网站以及"
        "一季度抽查不合格的14家部门网站，其中15家网站不合格，总体合格率为93.2%。\n"
        "甲州、乙州、丙州8市合格率达到100%，有6家县级政府门户网站不合格，一季度不合格的网站中仍有4家不合格。",
        {
            "sites.inspected": 220,
            "sites.inspected_share": Decimal("32.5"),
            "sites.failed": 15,
            "sites.pass_rate": Decimal("93.2"),
        },
    ),
    (
        "对全市正在运行的55个政府网站进行了全面抽查，包含甲市人民政府门户网站、13个县（市、区）政府门户网站和41个政府部门网站。",
        {"sites.inspected": 55, "sites.counties": 13, "sites.departments": 41},
    ),
    (
        "经过集中清理整顿，全市政务新媒体402个，包括334个微信公众号、42个新浪微博、26个其他平台账号。"
        "对280个政务新媒体账号进行了抽查，抽查比例70%。",
        {
            "new_media.running": 402,
            "new_media.wechat": 334,
            "new_media.weibo": 42,
            "new_media.other": 26,
            "new_media.inspected": 280,
            "new_media.inspected_share": 70,
        },
    ),
    (
        "对运行中的800家政府网站中的640家进行抽查，发现不合格网站16家。",
        {"sites.running": 800, "sites.inspected": 640, "sites.failed": 16},
    ),
    (
        "对全市正在运行的1060个政务新媒体中的170个进行了抽查，抽查比例为16.0%。",
        {"new_media.running": 1060, "new_media.inspected": 170, "new_media.inspected_share": 16},
    ),
    (
        "二季度，对全市134家政府网站、381家政务新媒体进行了全面检查，8家政府网站、63家政务新媒体不同程度存在问题。",
        {"sites.inspected": 134, "new_media.inspected": 381},
    ),
    (
        "全区在“全国政务新媒体信息报送系统”中登记在运行的政府系统政务新媒体有51个，检查发现不合格政务新媒体3个（附件2）。",
        {"new_media.running": 51, "new_media.failed": 3},
    ),
    (
        "全县在国务院政务新媒体登记备案系统中备案政务新媒体账号共计56个，其中微信公众号账号31个。二季度关停注销政务新媒体13个。",
        {"new_media.running": 56, "new_media.wechat": 31},
    ),
    (
        "截至目前，我县纳入《全国政务新媒体信息报送系统》的政务新媒体共38个，包括微信服务号4个、订阅号17个、微博3个。",
        {"new_media.running": 38, "new_media.weibo": 3},
    ),
    ("政府系统开办的政务新媒体账号31个。", {"new_media.running": 31}),
    ("全县政府系统现有政务新媒体5个，其中：微信公众号5个。", {"new_media.running": 5, "new_media.wechat": 5}),
    (
        "抽查对象为在全国政务新媒体信息报送系统备案的微博、微信、抖音短视频等政务新媒体账号，共计470个。",
        {"new_media.inspected": 470},
    ),
    ("随机抽查的53个“今日头条”账号中，16个超过2周未更新，合格率不足70%。", {}),
    ("二季度共抽查检查政务新媒体账号590个，不合格账号25个。", {"new_media.inspected": 590, "new_media.failed": 25}),
    ("对全市31个新媒体账号运行情况进行了12次抽查，共发现1个账号超期。", {"new_media.inspected": 31}),
    ("关停政务新媒体5个，其中微信公众号3个、微博2个。", {}),
    ("注销政务新媒体5个，包括3个微信公众号、2个微博。", {}),
    ("其中3个微信公众号、2个微博超过两周未更新。", {}),
    ("共有3家网站不合格，共有2个政务新媒体存在问题。", {"sites.failed": 3}),
    (
        "各地区和71个部门抽查本地区、本部门政府网站12000个，占运行政府网站总数的一半，总体合格率达96%。",
        {"regions:sites.inspected": 12000, "regions:sites.pass_rate": 96},
    ),
    (
        "抽查政府网站328个、政务新媒体300个，合格率分别为98.5%、97%。",
        {
            "sites.inspected": 328,
            "new_media.inspected": 300,
            "sites.pass_rate": Decimal("98.5"),
            "new_media.pass_rate": 97,
        },
    ),
    (
        "全市开设114个政务新媒体，包括71个微信公众号、43个新浪微博，合格率为100%。",
        {"new_media.running": 114, "new_media.wechat": 71, "new_media.weibo": 43, "new_media.pass_rate": 100},
    ),
    (
        "根据工作要求，区政府办于6月3日至7日对全区1个政府网站和27个政务新媒体进行了检查。",
        {"sites.inspected": 1, "new_media.inspected": 27},
    ),
    ("目前，我单位共运营政府门户网站1个，全市政务新媒体2个。", {"sites.running": 1, "new_media.running": 2}),
    (
        "北京、天津连续四个季度抽查合格率达100%。抽查政府网站303个，合格率95%。",
        {"sites.inspected": 303, "sites.pass_rate": 95},
    ),
    ("我局政府网站和政务新媒体达到检查标准要求，均为合格。", {"sites.failed": 0, "new_media.failed": 0}),
    (
        "全市政府网站38家（市直25家、县市区13家），检查38家，无不合格网站。",
        {"sites.running": 38, "sites.departments": 25, "sites.counties": 13, "sites.inspected": 38, "sites.failed": 0},
    ),
    (
        "全市在运行政府网站42家，政务新媒体505个。其中政务微信350个、政务微博91个、其它64个。",
        {
            "sites.running": 42,
            "new_media.running": 505,
            "new_media.wechat": 350,
            "new_media.weibo": 91,
            "new_media.other": 64,
        },
    ),
    (
        "检查政务新媒体645个，不合格15个。不合格政务新媒体中，微信公众号9个、微博6个。",
        {
            "new_media.inspected": 645,
            "new_media.failed": 15,
            "new_media.wechat.failed": 9,
            "new_media.weibo.failed": 6,
        },
    ),
    (
        "检查政府网站39家，不合格3家。其中市直部门2家，县区1家。",
        {"sites.inspected": 39, "sites.failed": 3, "sites.departments.failed": 2, "sites.counties.failed": 1},
    ),
    (
        "检查政府网站39家，不合格3家。其中市直部门27家，县区12家。",
        {"sites.inspected": 39, "sites.failed": 3, "sites.departments": 27, "sites.counties": 12},
    ),
    (
        "政府网站合格率为98%，其中市直部门合格率100%、县（市、区）合格率94%。",
        {"sites.pass_rate": 98, "sites.departments.pass_rate": 100, "sites.counties.pass_rate": 94},
    ),
    ("政府网站共39家，其中市级27家、县级12家。", {"sites.running": 39, "sites.departments": 27, "sites.counties": 12}),
    (
        "政府网站：正常运行31家，检查31家。政务新媒体275个中，合格269个。",
        {"sites.running": 31, "sites.inspected": 31, "new_media.inspected": 275, "new_media.passed": 269},
    ),
    (
        "检查政府网站5家，其中市政府门户网站1家、县（市、区）政府门户网站4家，全部合格。",
        {"sites.inspected": 5, "sites.city_portals": 1, "sites.counties": 4, "sites.failed": 0},
    ),
    ("不合格网站1家，是市教育局网站，合格率97.4%。", {"sites.failed": 1, "sites.pass_rate": Decimal("97.4")}),
    (
        "我市政府网站39家全部实现集约化，其中21家在省统一平台运行。",
        {"sites.running": 39, "sites.on_common_platform": 21},
    ),
    (
        "（一）政府网站。全市正常运行34家，本季度检查34家。（二）政务新媒体。全市正常运行228个，其中微信公众号160个。",
        {"sites.running": 34, "sites.inspected": 34, "new_media.running": 228, "new_media.wechat": 160},
    ),
    ("未发现不合格网站和不合格政务新媒体。", {"sites.failed": 0, "new_media.failed": 0}),
    ("纳入管理的政务新媒体5,717个，本次抽查100个。", {"new_media.running": 5717, "new_media.inspected": 100}),
    (
        "全市政府网站47家，其中市直部门（含经开区）网站38家，县市区9家。",
        {"sites.running": 47, "sites.departments": 38, "sites.counties": 9},
    ),
    (
        "全县有各类政务新媒体9个，其中政务微博2个、政务微信7个。",
        {"new_media.running": 9, "new_media.weibo": 2, "new_media.wechat": 7},
    ),
    (
        "政府网站合格率由一季度的92.3%提升至二季度的97%，政务新媒体合格率由88.5%提升至94%。",
        {"sites.pass_rate": 97, "new_media.pass_rate": 94},
    ),
    (
        "检查政府网站39家、政务新媒体221家，其中不合格网站1家、不合格政务新媒体13家。",
        {"sites.inspected": 39, "new_media.inspected": 221, "sites.failed": 1, "new_media.failed": 13},
    ),
    (
        "政府网站共有48个，政务新媒体共有79个。其中：县（市）级政府网站16个，州直部门政府网站32个；"
        "县（市）政务新媒体35个，州直部门政务新媒体44个。",
        {"sites.running": 48, "sites.counties": 16, "sites.departments": 32, "new_media.running": 79,
            "new_media.counties": 35, "new_media.departments": 44},
    ),
    ("全市39个政府网站、680个政务新媒体运行平稳。", {"sites.running": 39, "new_media.running": 680}),
    (
        "7家政府网站、85个政务新媒体存在单项否决情形，判定为不合格。",
        {"sites.failed": 7, "new_media.failed": 85},
    ),
    ("抽查政府网站8,592个，合格率91%，占运行总数的18.6%。",
        {"sites.inspected": 8592, "sites.pass_rate": 91, "sites.inspected_share": Decimal("18.6")}),
    ("政府网站合格率为百分之百，政务新媒体合格率为百分之九十七。", {"sites.pass_rate": 100, "new_media.pass_rate": 97}),
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WORDINGS)
def test_other_wordings_are_read(text: str, expected: Mapping[str, int | Decimal]) -> None:
    assert read(text) == expected
