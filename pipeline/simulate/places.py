"""The bodies of a simulated country: real cities and counties of the code table, departments and zones invented, and
what became of some of them over the years.
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
from pipeline.simulate.chance import draw
from pipeline.simulate.members import DEPARTMENTS, ZONES

MUNICIPALITIES = ("110000", "120000", "310000", "500000")
MORE = (
    "审计局", "统计局", "医疗保障局", "退役军人事务局", "林业局", "城市管理局", "体育局", "信访局", "外事办公室",
    "国有资产监督管理委员会", "民族宗教事务局", "粮食和物资储备局", "地方金融监督管理局", "机关事务管理局",
    "人民防空办公室",
    "行政审批服务局", "税务局", "气象局", "烟草专卖局", "邮政管理局", "园林局", "档案局", "大数据管理局", "乡村振兴局",
    "投资促进局", "港航管理局", "知识产权局", "地震局", "海关", "通信管理局",
)  # fmt: skip
COUNTIES_IN_TEN = 4
EVENTS_IN_TEN = 4  # a city sees a reorganisation in so many of ten years


@dataclass(frozen=True)
class City:
    """A city with all bodies that it ever compiles, and what became of them."""

    body: Body
    members: tuple[Body, ...]
    successions: tuple[Succession, ...]


def codes(last: int) -> list[str]:
    """The codes of the cities to choose from, one of each province in turn; those of the shipped register are left to
    the reports that are real.
    """
    by_province = [
        _of_province(p, last) for p in load_regions().periods if p.level == "province" and p.is_valid_in(last)
    ]
    turns = zip_longest(*by_province)
    return [code for turn in turns for code in turn if code and code not in load_register().bodies]


def _of_province(province: Region, last: int) -> list[str]:
    if province.code in MUNICIPALITIES:
        return [province.code]
    below = load_regions().children_of(province.code, last)
    return [r.code for r in below if r.level == "prefecture"]


def city(code: str, members: int, first: int, last: int, rng: Random) -> City:
    """A city with about so many members. It reports from the year that it has its name."""
    region = load_regions().region_of(code, last)
    if region is None:
        raise ValueError(f"{code} did not stand in {last}")
    begun = region.first_year if region.first_year > first else None
    first = max(first, region.first_year)
    counties = list(_counties(code, first, last))[: max(1, members * COUNTIES_IN_TEN // 10)]
    zones = _zones(region, members // 10)
    departments = _departments(region, max(0, members - len(counties) - len(zones)))
    kept, events = _reorganised(departments, region.name, first, last, rng)
    below = [replace(b, name=region.name + b.name) for bodies, _ in counties for b in bodies]
    links = [s for _, lines in counties for s in lines]
    body = Body(code, _government(region.name), (region.name,), "city", code, "", begun)
    return City(body, (*below, *zones, *kept), (*links, *events))


def _government(name: str) -> str:
    return name + ("行政公署" if name.endswith(("地区", "盟")) else "人民政府")


def _counties(code: str, first: int, last: int) -> Iterator[tuple[list[Body], list[Succession]]]:
    """Each county that had one name all the years, or that one other handed everything on to."""
    for now in load_regions().children_of(code, last):
        if now.level != "county":
            continue
        if now.first_year <= first:
            yield [_county(now, code)], []
            continue
        line = next(
            (
                x
                for x in load_lineage().predecessors_of(now.code)
                if x.year == now.first_year and x.kind in SAME_TERRITORY_KINDS
            ),
            None,
        )
        before = load_regions().region_of(line.code, line.year - 1) if line else None
        if line and before and before.parent == code and before.first_year <= first < line.year:
            old = replace(_county(before, code), body_id=f"{before.code}-{before.first_year}", last_year=line.year - 1)
            new = replace(_county(now, code), first_year=line.year)
            kind = "renamed" if line.kind == "renamed" else "replaced"
            yield [old, new], [Succession(old.body_id, new.body_id, line.year, kind, line.note)]


def _county(region: Region, city_code: str) -> Body:
    return Body(region.code, _government(region.name), (), "county", region.code, city_code)


def _zones(region: Region, count: int) -> list[Body]:
    names = [(code, name.replace("三门峡市", "").replace("三门峡", "")) for code, name in ZONES.items()]
    names += [(f"zone-{n}", f"第{n}产业园区") for n in range(3, count + 1)]
    return [
        Body(f"{region.code}-{code}", f"{region.name}{name}管理委员会", (), "zone", region.code, region.code)
        for code, name in names[:count]
    ]


def _departments(region: Region, count: int) -> list[Body]:
    kinds = [*DEPARTMENTS.items(), *((f"office-{i}", name) for i, name in enumerate(MORE, start=1))]
    kinds += [(f"branch-{n}", f"第{n}政务服务中心") for n in range(1, count - len(kinds) + 1)]
    return [
        Body(f"{region.code}-{code}", region.name + name, (), "department", region.code, region.code)
        for code, name in kinds[:count]
    ]


def _reorganised(
    bodies: Sequence[Body], city_name: str, first: int, last: int, rng: Random
) -> tuple[list[Body], list[Succession]]:
    """The bodies after some years' reorganisations; each takes part in one."""
    found = {b.body_id: b for b in bodies}
    free = list(bodies)
    links: list[Succession] = []
    for year in range(first + 1, last + 1):
        if len(free) < 2 or draw(9, rng) >= EVENTS_IN_TEN:
            continue
        one, other = (free.pop(draw(len(free) - 1, rng)) for _ in range(2))
        kind = ("renamed", "merged", "split")[draw(2, rng)]
        gone = {"renamed": [one], "merged": [one, other], "split": []}[kind]
        fresh = replace(one, body_id=f"{one.body_id}-{year}", name=_name(one, other, kind, city_name), first_year=year)
        found |= {b.body_id: replace(b, last_year=year - 1) for b in gone} | {fresh.body_id: fresh}
        links += [Succession(b.body_id, fresh.body_id, year, kind, "模拟") for b in gone or [one]]
    return list(found.values()), links


def _name(one: Body, other: Body, kind: str, city_name: str) -> str:
    stem = one.name.removesuffix("局").removesuffix("委员会").removesuffix("办公室")
    if kind == "merged":
        return f"{stem}和{other.name.removeprefix(city_name)}"
    return stem + ("事务中心" if kind == "renamed" else "综合行政执法局")
