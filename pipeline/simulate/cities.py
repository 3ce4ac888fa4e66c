"""Build the bodies of a simulated country: real cities and counties, invented departments and zones.

Some of the bodies are renamed, merged, split or replaced over the years.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from random import Random

from pipeline.registry.bodies import Body, Succession
from pipeline.registry.lineage import SAME_TERRITORY_KINDS, load_lineage
from pipeline.registry.load import load_register
from pipeline.registry.regions import Region, load_regions
from pipeline.simulate.members import DEPARTMENTS, ZONES
from pipeline.simulate.random_integers import draw

MUNICIPALITIES = ("110000", "120000", "310000", "500000")
MORE_DEPARTMENTS = (
    "审计局", "统计局", "医疗保障局", "退役军人事务局", "林业局", "城市管理局", "体育局", "信访局", "外事办公室",
    "国有资产监督管理委员会", "民族宗教事务局", "粮食和物资储备局", "地方金融监督管理局", "机关事务管理局",
    "人民防空办公室",
    "行政审批服务局", "税务局", "气象局", "烟草专卖局", "邮政管理局", "园林局", "档案局", "大数据管理局", "乡村振兴局",
    "投资促进局", "港航管理局", "知识产权局", "地震局", "海关", "通信管理局",
)  # fmt: skip
# At most this many of ten members are counties, and one of ten is a zone.
COUNTIES_PER_TEN_MEMBERS = 4
# A city has a reorganisation in this many of ten years.
REORGANISATIONS_PER_TEN_YEARS = 4


@dataclass(frozen=True)
class City:
    """A city with all bodies that it compiles in any year, and their successions."""

    body: Body
    members: tuple[Body, ...]
    successions: tuple[Succession, ...]


def list_city_codes(year: int) -> list[str]:
    """Return the codes of the cities of a year, one of each province in turn.

    Cities whose departments are in the shipped register are left out, because some of their reports are real.
    """
    provinces = [p for p in load_regions().periods if p.level == "province" and p.is_valid_in(year)]
    turns = zip_longest(*(_city_codes_of(province, year) for province in provinces))
    taken = {body.parent for body in load_register().bodies.values()}
    return [code for turn in turns for code in turn if code and code not in taken]


def _city_codes_of(province: Region, year: int) -> list[str]:
    """Return the codes of a province's prefectures; a municipality is its own city."""
    if province.code in MUNICIPALITIES:
        return [province.code]
    children = load_regions().children_of(province.code, year)
    return [r.code for r in children if r.level == "prefecture"]


def build_city(code: str, member_count: int, first_year: int, last_year: int, rng: Random) -> City:
    """Return a city with about `member_count` members, for reports of `first_year` to `last_year`.

    The city reports from the year on in which it has its name. Raises ValueError for a code that does not exist in
    `last_year`.
    """
    region = load_regions().region_of(code, last_year)
    if region is None:
        raise ValueError(f"{code} did not exist in {last_year}")
    city_first_year = region.first_year if region.first_year > first_year else None
    first_year = max(first_year, region.first_year)
    counties = list(_build_counties(code, first_year, last_year))
    counties = counties[: max(1, member_count * COUNTIES_PER_TEN_MEMBERS // 10)]
    zones = _build_zones(region, member_count // 10)
    departments = _build_departments(region, max(0, member_count - len(counties) - len(zones)))
    departments, events = _reorganise(departments, region.name, first_year, last_year, rng)
    county_bodies = [replace(b, name=region.name + b.name) for bodies, _ in counties for b in bodies]
    county_successions = [s for _, successions in counties for s in successions]
    body = Body(
        code, _government_name(region.name), (region.name,), "city", code, "", city_first_year, region.last_year
    )
    return City(body, (*county_bodies, *zones, *departments), (*county_successions, *events))


def _government_name(region_name: str) -> str:
    return region_name + ("行政公署" if region_name.endswith(("地区", "盟")) else "人民政府")


def _build_counties(city_code: str, first_year: int, last_year: int) -> Iterator[tuple[list[Body], list[Succession]]]:
    """Yield the bodies and successions of each county of a city.

    A county is included if it had one name in all years, or if one other region handed on its whole territory to it.
    """
    for current in load_regions().children_of(city_code, last_year):
        if current.level != "county":
            continue
        if current.first_year <= first_year:
            yield [_county_body(current, city_code)], []
            continue
        successions = load_lineage().predecessors_of(current.code)
        change = next((x for x in successions if x.year == current.first_year and x.kind in SAME_TERRITORY_KINDS), None)
        previous = load_regions().region_of(change.code, change.year - 1) if change else None
        if change and previous and previous.parent == city_code and previous.first_year <= first_year < change.year:
            old_id = f"{previous.code}-{previous.first_year}"
            old = replace(_county_body(previous, city_code), body_id=old_id, last_year=change.year - 1)
            new = replace(_county_body(current, city_code), first_year=change.year)
            kind = "renamed" if change.kind == "renamed" else "replaced"
            yield [old, new], [Succession(old.body_id, new.body_id, change.year, kind, change.note)]


def _county_body(region: Region, city_code: str) -> Body:
    return Body(
        region.code, _government_name(region.name), (), "county", region.code, city_code, last_year=region.last_year
    )


def _build_zones(region: Region, count: int) -> list[Body]:
    """Return the zones of a city, first those with the names of 三门峡市's zones."""
    names = [(code, name.replace("三门峡市", "").replace("三门峡", "")) for code, name in ZONES.items()]
    names += [(f"zone-{n}", f"第{n}产业园区") for n in range(3, count + 1)]
    return [
        Body(f"{region.code}-{code}", f"{region.name}{name}管理委员会", (), "zone", region.code, region.code)
        for code, name in names[:count]
    ]


def _build_departments(region: Region, count: int) -> list[Body]:
    """Return the departments of a city; service centres fill up where there are more than names."""
    names = [*DEPARTMENTS.items(), *((f"office-{i}", name) for i, name in enumerate(MORE_DEPARTMENTS, start=1))]
    names += [(f"branch-{n}", f"第{n}政务服务中心") for n in range(1, count - len(names) + 1)]
    return [
        Body(f"{region.code}-{code}", region.name + name, (), "department", region.code, region.code)
        for code, name in names[:count]
    ]


def _reorganise(
    bodies: Sequence[Body], city_name: str, first_year: int, last_year: int, rng: Random
) -> tuple[list[Body], list[Succession]]:
    """Return the bodies before and after random reorganisations, and the successions; each body takes part in one."""
    bodies_by_id = {b.body_id: b for b in bodies}
    candidates = list(bodies)
    successions: list[Succession] = []
    for year in range(first_year + 1, last_year + 1):
        if len(candidates) < 2 or draw(9, rng) >= REORGANISATIONS_PER_TEN_YEARS:
            continue
        first, second = (candidates.pop(draw(len(candidates) - 1, rng)) for _ in range(2))
        kind = ("renamed", "merged", "split")[draw(2, rng)]
        ended = {"renamed": [first], "merged": [first, second], "split": []}[kind]
        successor_name = _successor_name(first, second, kind, city_name)
        successor = replace(first, body_id=f"{first.body_id}-{year}", name=successor_name, first_year=year)
        bodies_by_id |= {b.body_id: replace(b, last_year=year - 1) for b in ended} | {successor.body_id: successor}
        successions += [Succession(b.body_id, successor.body_id, year, kind, "模拟") for b in ended or [first]]
    return list(bodies_by_id.values()), successions


def _successor_name(first: Body, second: Body, kind: str, city_name: str) -> str:
    """Return the name of a body that succeeds `first`; only a merger also has the name of `second`."""
    stem = first.name.removesuffix("局").removesuffix("委员会").removesuffix("办公室")
    if kind == "merged":
        return f"{stem}和{second.name.removeprefix(city_name)}"
    return stem + ("事务中心" if kind == "renamed" else "综合行政执法局")
