"""List the bodies whose figures 三门峡市 compiles, for the simulation.

This list is separate from the register of bodies: a body added there must not change documents that are already
committed.
"""

from __future__ import annotations

from dataclasses import dataclass

CITY = "411200"
CITY_NAME = "三门峡市"
COUNTIES = {
    "411202": "湖滨区",
    "411203": "陕州区",
    "411221": "渑池县",
    "411224": "卢氏县",
    "411281": "义马市",
    "411282": "灵宝市",
}
ZONES = {
    "zone-economic": "三门峡经济开发区",
    "zone-urban-rural": "三门峡市城乡一体化示范区",
}
DEPARTMENTS = {
    "agriculture": "农业农村局",
    "civil-affairs": "民政局",
    "commerce": "商务局",
    "culture-tourism": "文化广电和旅游局",
    "development-reform": "发展和改革委员会",
    "ecology": "生态环境局",
    "education": "教育局",
    "emergency": "应急管理局",
    "finance": "财政局",
    "health": "卫生健康委员会",
    "housing": "住房和城乡建设局",
    "human-resources": "人力资源和社会保障局",
    "industry": "工业和信息化局",
    "justice": "司法局",
    "market-regulation": "市场监督管理局",
    "natural-resources": "自然资源和规划局",
    "public-security": "公安局",
    "science": "科学技术局",
    "transport": "交通运输局",
    "water": "水利局",
}
# The share of the city's work per body of a level. A guess by level alone: nothing is known about any body.
LEVEL_WEIGHTS = {"county": 90, "zone": 40, "department": 20}


@dataclass(frozen=True)
class Member:
    """A body that reports for itself and is compiled into the city's figures."""

    body_id: str
    name: str
    level: str
    region_code: str

    @property
    def weight(self) -> int:
        """The body's amount of work compared with other members, before random variation."""
        return LEVEL_WEIGHTS[self.level]


MEMBERS = (
    *(Member(code, f"{name}人民政府", "county", code) for code, name in COUNTIES.items()),
    *(Member(f"{CITY}-{code}", f"{name}管理委员会", "zone", CITY) for code, name in ZONES.items()),
    *(Member(f"{CITY}-{code}", CITY_NAME + name, "department", CITY) for code, name in DEPARTMENTS.items()),
)
