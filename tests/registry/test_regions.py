"""The register of regions and their lineage: real cases, what must hold of every line, refusal of bad files."""

from collections.abc import Callable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.model import ProjectFault
from pipeline.registry.lineage import KINDS, LAND_FROM, Succession, lineage
from pipeline.registry.regions import Ambiguous, Region, regions, stem

LAST = 2025
RENUMBERED = 1984  # by then codes had been given anew, some of them in exchange (肥东县, 肥西县)
HEADER = "code,name,level,parent,first_year,last_year\n"
LINES = "code,successor,year,kind,note\n"
# Made from land whose region before is not recorded (`reference/regions.md`).
UNKNOWN_ORIGIN = {
    *(
        "阿拉尔市",
        "图木舒克市",
        "吴兴区",
        "南浔区",
        "红寺堡区",
        "北屯市",
        "三沙市",
        "阿拉山口市",
        "铁门关市",
        "扎赉诺尔区",
    ),
    *(
        "海棠区",
        "吉阳区",
        "天涯区",
        "崖州区",
        "双河市",
        "可克达拉市",
        "昆玉市",
        "茫崖市",
        "胡杨河市",
        "西沙区",
        "南沙区",
    ),
    *("新星市", "白杨市"),
}


def names(found: tuple[Region, ...]) -> dict[str, str]:
    return {r.code: r.name for r in found}


def test_children_of_sanmenxia_before_and_after_shanzhou() -> None:
    before = {
        "411202": "湖滨区",
        "411221": "渑池县",
        "411222": "陕县",
        "411224": "卢氏县",
        "411281": "义马市",
        "411282": "灵宝市",
    }
    after = {c: n for c, n in before.items() if c != "411222"} | {"411203": "陕州区"}
    assert names(regions().children("411200", 2014)) == before
    assert names(regions().children("411200", 2015)) == names(regions().children("411200", 2019)) == after


def test_what_a_code_stood_for() -> None:
    assert [r.name for y in (2009, 2010) if (r := regions().at("420600", y))] == ["襄樊市", "襄阳市"]
    assert [r.name for y in (2002, 2006, 2007) if (r := regions().at("530800", y))] == ["思茅市", "普洱市"]
    assert regions().at("411203", 2014) is None
    assert regions().at("411203", 1980) is None


@pytest.mark.parametrize(
    ("code", "year", "parent"),
    [
        ("411281", 2019, "411200"),  # 义马市
        ("419001", 1990, "410000"),  # the same city, then with a code of the province
        ("419001", 2019, "410000"),  # 济源市, which has no prefecture
        ("410881", 1996, "410800"),  # 济源市 while it was 焦作市's
        ("110105", 2019, "110000"),
        ("340422", 2015, "340400"),  # 寿县
        ("411200", 2019, "410000"),
    ],
)
def test_parent(code: str, year: int, parent: str) -> None:
    found = regions().parent(code, year)
    assert found
    assert found.code == parent


def test_a_province_has_no_parent_and_no_region_has_one_in_a_year_it_did_not_stand() -> None:
    assert regions().parent("410000", 2019) is None
    assert regions().parent("411203", 2014) is None


def test_an_ambiguous_name_lists_all_candidates() -> None:
    with pytest.raises(Ambiguous, match=r"110105 朝阳区.*220104 朝阳区") as raised:
        regions().find("朝阳区", 2019)
    assert names(raised.value.candidates) == {"110105": "朝阳区", "220104": "朝阳区"}
    assert {r.parent for r in regions().candidates("鼓楼区", 2019)} == {"320100", "320300", "350100", "410200"}


@pytest.mark.parametrize("parent", ["长春市", "长春", "220100", "吉林省", "吉林", "220000"])
def test_a_parent_of_any_depth_decides(parent: str) -> None:
    found = regions().find("朝阳区", 2019, parent)
    assert found
    assert found.code == "220104"


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("陕州区", 2019, "411203"),
        ("陕州", 2019, "411203"),
        ("陕州", 2014, None),
        ("陕县", 2014, "411222"),
        ("陕", 2014, None),
        (" 三门峡市 ", 2019, "411200"),
        ("济源", 2019, "419001"),
        ("浦东", 2019, "310115"),
        ("吉林省", 2019, "220000"),
        ("无此县", 2019, None),
    ],
)
def test_find(name: str, year: int, code: str | None) -> None:
    found = regions().find(name, year)
    assert (found.code if found else None) == code


def test_a_full_name_comes_before_a_short_one_and_a_short_one_must_be_unique() -> None:
    assert names(regions().candidates("朝阳市", 2019)) == {"211300": "朝阳市"}
    with pytest.raises(Ambiguous, match="211321"):
        regions().find("朝阳", 2019)


def test_stem() -> None:
    assert [stem(n) for n in ("陕州区", "陕县", "浦东新区", "新区", "内蒙古自治区")] == [
        "陕州",
        "陕县",
        "浦东",
        "新区",
        "内蒙古",
    ]


@pytest.mark.parametrize(
    ("code", "year", "line"),
    [
        ("411222", 2015, [("411203", "replaced")]),  # 陕县
        ("420600", 2010, [("420600", "renamed")]),  # 襄樊市
        ("530800", 2007, [("530800", "renamed")]),  # 思茅市
        ("110103", 2010, [("110101", "merged")]),  # 崇文区
        ("500110", 2011, [("500110", "merged")]),  # 万盛区: with 綦江县 it became 綦江区, under its own code
        ("421302", 2009, [("421303", "split"), ("421321", "split")]),  # 曾都区
        ("130521", 2020, [("130502", "split"), ("130503", "split")]),  # 邢台县
        ("440113", 2012, [("440115", "land_moved")]),  # 番禺区
        ("341400", 2011, [("340100", "split"), ("340200", "split"), ("340500", "split")]),  # 巢湖市
        ("371200", 2018, [("370100", "merged")]),  # 莱芜市
        ("542100", 2014, [("540300", "replaced")]),  # 昌都地区
        ("469003", 2015, [("460400", "replaced")]),  # 儋州市
    ],
)
def test_successors(code: str, year: int, line: list[tuple[str, str]]) -> None:
    found = [(x.successor, x.kind) for x in lineage().successors(code) if x.year == year]
    assert found == line
    assert all(x in lineage().predecessors(x.successor) for x in lineage().successors(code))


def test_predecessors_of_two_districts_made_one() -> None:
    found = lineage().predecessors("320812")  # 清江浦区 of 淮安市
    assert [(x.code, x.year, x.kind) for x in found] == [("320802", 2016, "merged"), ("320811", 2016, "merged")]


@pytest.mark.parametrize(
    ("code", "first", "last", "codes"),
    [
        ("411222", 2014, 2019, ("411222", "411203")),
        ("411203", 2019, 2014, ("411203", "411222")),
        ("411203", 2015, 2019, ("411203",)),
        ("411222", 2014, 2014, ("411222",)),
        ("420600", 2008, 2012, ("420600",)),
        ("411200", 2008, 2024, ("411200",)),  # the change of one of its counties is not one of its land
        ("542100", 2010, 2020, ("542100", "540300")),
        ("411222", 2015, 2019, None),  # it no longer stood
        ("411203", 2014, 2019, None),  # it did not yet stand
        ("110101", 2009, 2010, None),  # 东城区 took in 崇文区
        ("110103", 2009, 2010, None),
        ("110101", 2010, 2009, None),
        ("341400", 2010, 2011, None),  # split
        ("130521", 2019, 2020, None),  # split
        ("440113", 2011, 2012, None),  # lost land
        ("440115", 2011, 2012, None),  # gained land
        ("320812", 2016, 2015, None),
        ("640303", 2010, 2008, None),  # 红寺堡区, of unknown origin
        ("411222", 2000, 2014, None),  # land that moved before 2002 is not recorded
    ],
)
def test_traced(code: str, first: int, last: int, codes: tuple[str, ...] | None) -> None:
    assert lineage().traced(code, first, last) == codes


@pytest.mark.parametrize(
    ("year", "prefectures", "counties"),
    [(2010, 333, 2856), (2014, 333, 2854), (2018, 333, 2851), (2019, 333, 2846), (2020, 333, 2844), (2023, 333, 2844)],
)
def test_as_many_as_the_statistical_yearbook_counts(year: int, prefectures: int, counties: int) -> None:
    standing = [r.level for r in regions().spells if r.stands(year)]
    assert (standing.count("prefecture"), standing.count("county")) == (prefectures, counties)


def each_year() -> Iterator[tuple[Region, int]]:
    return ((r, y) for r in regions().spells for y in range(r.first_year, (r.last_year or LAST) + 1))


def test_every_parent_stands_in_the_same_years_one_level_up() -> None:
    above = {"province": (None,), "prefecture": ("province",), "county": ("prefecture", "province")}
    register = regions()
    for r, year in each_year():
        parent = register.at(r.parent, year)
        assert (parent.level if parent else None) in above[r.level], (r, year)


def test_a_code_says_its_parent_and_stands_once_a_year() -> None:
    seen = [(r.code, y) for r, y in each_year()]
    assert len(seen) == len(set(seen))
    for r in regions().spells:
        assert r.parent in {"province": ("",), "prefecture": (r.code[:2] + "0000",)}.get(
            r.level, (r.code[:4] + "00", r.code[:2] + "0000")
        ), r


def test_a_spell_ends_only_where_name_or_parent_change_or_the_code_does() -> None:
    for r in regions().spells:
        after = regions().at(r.code, r.last_year + 1) if r.last_year else None
        assert not after or (after.name, after.parent) != (r.name, r.parent), r


def test_from_2002_on_every_end_and_every_beginning_has_a_line() -> None:
    out, into = {(x.code, x.year) for x in lineage().lines}, {(x.successor, x.year) for x in lineage().lines}
    unknown = set()
    for r in regions().spells:
        before, after = (regions().at(r.code, y) for y in (r.first_year - 1, (r.last_year or LAST) + 1))
        if r.last_year and r.last_year + 1 >= LAND_FROM and (not after or after.name != r.name):
            assert (r.code, r.last_year + 1) in out, r
        begun = r.first_year >= LAND_FROM and (not before or before.name != r.name)
        unknown |= {r.name} if begun and (r.code, r.first_year) not in into else set()
    assert unknown == UNKNOWN_ORIGIN


def test_no_year_hands_a_territory_round_in_a_circle() -> None:
    graphs: dict[int, dict[str, list[str]]] = {}
    for x in lineage().lines:
        if x.kind in ("replaced", "merged") and x.code != x.successor and x.year > RENUMBERED:
            graphs.setdefault(x.year, {}).setdefault(x.code, []).append(x.successor)
    for graph in graphs.values():
        TopologicalSorter(graph).prepare()  # raises CycleError


def kinds_hold(x: Succession) -> bool:
    """What `reference/regions.md` says of each kind, by the other lines of the year and what stands at its end."""
    out = [y for y in lineage().successors(x.code) if y.year == x.year]
    into = [y for y in lineage().predecessors(x.successor) if y.year == x.year]
    stays = bool(regions().at(x.code, x.year))
    return {
        "renamed": x.code == x.successor,
        "replaced": len(out) == len(into) == 1 and x.code != x.successor,
        "merged": len(out) == 1 and (len(into) > 1 or bool(regions().at(x.successor, x.year - 1))),
        "split": len(out) > 1 or stays,
        "land_moved": stays and bool(regions().at(x.successor, x.year - 1)),
    }[x.kind]


def test_every_line_is_of_the_kind_it_says() -> None:
    recent = [x for x in lineage().lines if x.year >= LAND_FROM]
    assert {x.kind for x in recent} == set(KINDS)
    assert [x for x in recent if not kinds_hold(x)] == []


def test_loading_is_cached_and_both_files_are_in_order() -> None:
    assert regions() is regions()
    assert lineage() is lineage()
    lines = [(x.code, x.year, x.successor) for x in lineage().lines]
    assert lines == sorted(set(lines))


def fault(load: Callable[[Path], Any], path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProjectFault) as raised:
        load(path)
    return str(raised.value)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("410000,河南省,land,,1981,\n", "unknown level 'land'"),
        ("41000,河南省,province,,1981,\n", "'41000' is not a code"),
        ("４１００００,河南省,province,,1981,\n", "is not a code"),
        ("410000,,province,,1981,\n", "no name"),
        ("410000,河南省,province,100000,1981,\n", "parent '100000'"),
        ("410000,河南省,province,,1981,\n411200,三门峡市,prefecture,,1986,\n", "parent ''"),
        ("410000,河南省,province,,1981,\n411200,三门峡市,prefecture,420000,1986,\n", "parent '420000'"),
        ("410000,河南省,province,,1990,1981\n", "order"),
        ("410000,河南省,province,,1981,1990\n410000,豫省,province,,1990,\n", "two spells"),
        ("410000,河南省,province,,1981,\n410000,豫省,province,,1990,\n", "two spells"),
        ("420000,湖北省,province,,1981,\n410000,河南省,province,,1981,\n", "not in the order"),
        ("410000,河南省,province,,now,\n", "now"),
        ("410000,河南省,province\n", "410000,河南省,province"),
    ],
)
def test_a_bad_register_is_refused(tmp_path: Path, lines: str, said: str) -> None:
    assert said in fault(regions, tmp_path / "regions.csv", HEADER + lines)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("411222,411203,2015,moved,\n", "unknown kind"),
        ("411222,411203,2016,replaced,\n", "did not stand"),
        ("411222,999999,2015,replaced,\n", "did not stand"),
        ("999999,411203,2015,replaced,\n", "did not stand"),
        ("411222,411203,2015,renamed,\n", "does not fit"),
        ("420600,420600,2010,replaced,\n", "does not fit"),
        ("411222,411203,then,replaced,\n", "then"),
        ("411222,411203,2015\n", "411222,411203,2015"),
    ],
)
def test_a_bad_lineage_is_refused(tmp_path: Path, line: str, said: str) -> None:
    assert said in fault(lineage, tmp_path / "lineage.csv", LINES + line)


@pytest.mark.parametrize(("load", "name"), [(regions, "regions.csv"), (lineage, "lineage.csv")])
def test_other_columns_are_refused(tmp_path: Path, load: Callable[[Path], Any], name: str) -> None:
    assert "columns" in fault(load, tmp_path / name, "code,name\n410000,河南省\n")
    assert "columns" in fault(load, tmp_path / f"empty-{name}", "")
