"""Test regions and their lineage: real cases, invariants of every line, and the refusal of malformed files."""

from collections.abc import Callable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.model import ProjectFault
from pipeline.registry.lineage import FIRST_LAND_YEAR, KINDS, RegionSuccession, load_lineage
from pipeline.registry.regions import AmbiguousName, Region, load_regions, strip_ending

LAST_YEAR = 2025
# Codes were renumbered until this year, and some were exchanged (肥东县, 肥西县), so successions have cycles before it.
RENUMBERED_BEFORE = 1984
REGION_HEADER = "code,name,level,parent,first_year,last_year\n"
LINEAGE_HEADER = "code,successor,year,kind,note\n"
# Regions whose land has no recorded previous region (`reference/regions.md`).
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


def names_by_code(regions: tuple[Region, ...]) -> dict[str, str]:
    return {r.code: r.name for r in regions}


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
    assert names_by_code(load_regions().children_of("411200", 2014)) == before
    assert (
        names_by_code(load_regions().children_of("411200", 2015))
        == names_by_code(load_regions().children_of("411200", 2019))
        == after
    )


def test_code_means_another_region_in_another_year() -> None:
    assert [r.name for y in (2009, 2010) if (r := load_regions().region_of("420600", y))] == ["襄樊市", "襄阳市"]
    assert [r.name for y in (2002, 2006, 2007) if (r := load_regions().region_of("530800", y))] == ["思茅市", "普洱市"]
    assert load_regions().region_of("411203", 2014) is None
    assert load_regions().region_of("411203", 1980) is None


@pytest.mark.parametrize(
    ("code", "year", "parent"),
    [
        ("411281", 2019, "411200"),  # 义马市
        ("419001", 1990, "410000"),  # the same city under an earlier code of the province
        ("419001", 2019, "410000"),  # 济源市, which has no prefecture
        ("410881", 1996, "410800"),  # 济源市 while it belonged to 焦作市
        ("110105", 2019, "110000"),
        ("340422", 2015, "340400"),  # 寿县
        ("411200", 2019, "410000"),
    ],
)
def test_parent_of_a_region(code: str, year: int, parent: str) -> None:
    region = load_regions().parent_of(code, year)
    assert region
    assert region.code == parent


def test_province_and_code_before_its_first_year_have_no_parent() -> None:
    assert load_regions().parent_of("410000", 2019) is None
    assert load_regions().parent_of("411203", 2014) is None


def test_ambiguous_name_lists_all_candidates() -> None:
    with pytest.raises(AmbiguousName, match=r"110105 朝阳区.*220104 朝阳区") as raised:
        load_regions().find("朝阳区", 2019)
    assert names_by_code(raised.value.candidates) == {"110105": "朝阳区", "220104": "朝阳区"}
    assert {r.parent for r in load_regions().find_candidates("鼓楼区", 2019)} == {
        "320100",
        "320300",
        "350100",
        "410200",
    }


@pytest.mark.parametrize("parent", ["长春市", "长春", "220100", "吉林省", "吉林", "220000"])
def test_parent_of_any_depth_resolves_an_ambiguous_name(parent: str) -> None:
    region = load_regions().find("朝阳区", 2019, parent)
    assert region
    assert region.code == "220104"


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
def test_region_is_found_by_full_or_short_name(name: str, year: int, code: str | None) -> None:
    region = load_regions().find(name, year)
    assert (region.code if region else None) == code


def test_full_name_precedes_short_name_and_short_name_must_be_unique() -> None:
    assert names_by_code(load_regions().find_candidates("朝阳市", 2019)) == {"211300": "朝阳市"}
    with pytest.raises(AmbiguousName, match="211321"):
        load_regions().find("朝阳", 2019)


def test_ending_is_stripped_unless_one_character_remains() -> None:
    assert [strip_ending(n) for n in ("陕州区", "陕县", "浦东新区", "新区", "内蒙古自治区")] == [
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
        ("500110", 2011, [("500110", "merged")]),  # 万盛区 and 綦江县 became 綦江区 under the code of 万盛区
        ("421302", 2009, [("421303", "split"), ("421321", "split")]),  # 曾都区
        ("130521", 2020, [("130502", "split"), ("130503", "split")]),  # 邢台县
        ("440113", 2012, [("440115", "land_moved")]),  # 番禺区
        ("341400", 2011, [("340100", "split"), ("340200", "split"), ("340500", "split")]),  # 巢湖市
        ("371200", 2018, [("370100", "merged")]),  # 莱芜市
        ("542100", 2014, [("540300", "replaced")]),  # 昌都地区
        ("469003", 2015, [("460400", "replaced")]),  # 儋州市
    ],
)
def test_successors_of_a_code(code: str, year: int, line: list[tuple[str, str]]) -> None:
    successions = [(x.successor, x.kind) for x in load_lineage().successors_of(code) if x.year == year]
    assert successions == line
    assert all(x in load_lineage().predecessors_of(x.successor) for x in load_lineage().successors_of(code))


def test_merged_district_has_two_predecessors() -> None:
    successions = load_lineage().predecessors_of("320812")  # 清江浦区 of 淮安市
    assert [(x.code, x.year, x.kind) for x in successions] == [("320802", 2016, "merged"), ("320811", 2016, "merged")]


@pytest.mark.parametrize(
    ("code", "first", "last", "codes"),
    [
        ("411222", 2014, 2019, ("411222", "411203")),
        ("411203", 2019, 2014, ("411203", "411222")),
        ("411203", 2015, 2019, ("411203",)),
        ("411222", 2014, 2014, ("411222",)),
        ("420600", 2008, 2012, ("420600",)),
        ("411200", 2008, 2024, ("411200",)),  # a change of one of its counties leaves its own territory unchanged
        ("542100", 2010, 2020, ("542100", "540300")),
        ("411222", 2015, 2019, None),  # the code no longer existed
        ("411203", 2014, 2019, None),  # the code did not exist yet
        ("110101", 2009, 2010, None),  # 崇文区 was merged into 东城区
        ("110103", 2009, 2010, None),
        ("110101", 2010, 2009, None),
        ("341400", 2010, 2011, None),  # split
        ("130521", 2019, 2020, None),  # split
        ("440113", 2011, 2012, None),  # lost land
        ("440115", 2011, 2012, None),  # gained land
        ("320812", 2016, 2015, None),
        ("640303", 2010, 2008, None),  # 红寺堡区, of unknown origin
        ("411222", 2000, 2014, None),  # land moves before 2002 are not recorded
    ],
)
def test_trace_follows_a_territory_or_returns_none(
    code: str, first: int, last: int, codes: tuple[str, ...] | None
) -> None:
    assert load_lineage().trace(code, first, last) == codes


@pytest.mark.parametrize(
    ("year", "prefectures", "counties"),
    [(2010, 333, 2856), (2014, 333, 2854), (2018, 333, 2851), (2019, 333, 2846), (2020, 333, 2844), (2023, 333, 2844)],
)
def test_counts_match_the_statistical_yearbook(year: int, prefectures: int, counties: int) -> None:
    levels = [r.level for r in load_regions().periods if r.is_valid_in(year)]
    assert (levels.count("prefecture"), levels.count("county")) == (prefectures, counties)


def each_region_and_year() -> Iterator[tuple[Region, int]]:
    """Yield each period of a region with each year in which it is valid."""
    return ((r, y) for r in load_regions().periods for y in range(r.first_year, (r.last_year or LAST_YEAR) + 1))


def test_every_parent_exists_in_the_same_years_one_level_up() -> None:
    parent_levels = {"province": (None,), "prefecture": ("province",), "county": ("prefecture", "province")}
    regions = load_regions()
    for r, year in each_region_and_year():
        parent = regions.region_of(r.parent, year)
        assert (parent.level if parent else None) in parent_levels[r.level], (r, year)


def test_code_implies_its_parent_and_is_unique_per_year() -> None:
    codes_and_years = [(r.code, y) for r, y in each_region_and_year()]
    assert len(codes_and_years) == len(set(codes_and_years))
    for r in load_regions().periods:
        assert r.parent in {"province": ("",), "prefecture": (r.code[:2] + "0000",)}.get(
            r.level, (r.code[:4] + "00", r.code[:2] + "0000")
        ), r


def test_period_ends_only_where_name_parent_or_code_changes() -> None:
    for r in load_regions().periods:
        after = load_regions().region_of(r.code, r.last_year + 1) if r.last_year else None
        assert not after or (after.name, after.parent) != (r.name, r.parent), r


def test_every_end_and_beginning_since_2002_has_a_lineage_line() -> None:
    outgoing, incoming = (
        {(x.code, x.year) for x in load_lineage().successions},
        {(x.successor, x.year) for x in load_lineage().successions},
    )
    names_of_unknown_origin = set()
    for r in load_regions().periods:
        before, after = (
            load_regions().region_of(r.code, y) for y in (r.first_year - 1, (r.last_year or LAST_YEAR) + 1)
        )
        if r.last_year and r.last_year + 1 >= FIRST_LAND_YEAR and (not after or after.name != r.name):
            assert (r.code, r.last_year + 1) in outgoing, r
        is_new = r.first_year >= FIRST_LAND_YEAR and (not before or before.name != r.name)
        names_of_unknown_origin |= {r.name} if is_new and (r.code, r.first_year) not in incoming else set()
    assert names_of_unknown_origin == UNKNOWN_ORIGIN


def test_successions_of_a_year_have_no_cycle() -> None:
    graphs: dict[int, dict[str, list[str]]] = {}
    for x in load_lineage().successions:
        if x.kind in ("replaced", "merged") and x.code != x.successor and x.year > RENUMBERED_BEFORE:
            graphs.setdefault(x.year, {}).setdefault(x.code, []).append(x.successor)
    for graph in graphs.values():
        TopologicalSorter(graph).prepare()  # raises CycleError


def has_correct_kind(x: RegionSuccession) -> bool:
    """Check the definition of the kind in `reference/regions.md` against all lines and regions of the year."""
    outgoing = [y for y in load_lineage().successors_of(x.code) if y.year == x.year]
    incoming = [y for y in load_lineage().predecessors_of(x.successor) if y.year == x.year]
    still_exists = bool(load_regions().region_of(x.code, x.year))
    return {
        "renamed": x.code == x.successor,
        "replaced": len(outgoing) == len(incoming) == 1 and x.code != x.successor,
        "merged": len(outgoing) == 1 and (len(incoming) > 1 or bool(load_regions().region_of(x.successor, x.year - 1))),
        "split": len(outgoing) > 1 or still_exists,
        "land_moved": still_exists and bool(load_regions().region_of(x.successor, x.year - 1)),
    }[x.kind]


def test_every_line_since_2002_has_the_correct_kind() -> None:
    recent = [x for x in load_lineage().successions if x.year >= FIRST_LAND_YEAR]
    assert {x.kind for x in recent} == set(KINDS)
    assert [x for x in recent if not has_correct_kind(x)] == []


def test_loading_is_cached_and_lineage_lines_are_in_order() -> None:
    assert load_regions() is load_regions()
    assert load_lineage() is load_lineage()
    lines = [(x.code, x.year, x.successor) for x in load_lineage().successions]
    assert lines == sorted(set(lines))


def fault_text(load: Callable[[Path], Any], path: Path, text: str) -> str:
    """Write `text` into a file, load it and return the text of the ProjectFault."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProjectFault) as raised:
        load(path)
    return str(raised.value)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("410000,河南省,land,,1981,\n", "unknown level 'land'"),
        ("41000,河南省,province,,1981,\n", "'41000' is not a code"),
        ("４１００００,河南省,province,,1981,\n", "is not a code"),
        ("410000,,province,,1981,\n", "no name"),
        ("410000,河南省,province,100000,1981,\n", "parent '100000'"),
        ("410000,河南省,province,,1981,\n411200,三门峡市,prefecture,,1986,\n", "parent ''"),
        ("410000,河南省,province,,1981,\n411200,三门峡市,prefecture,420000,1986,\n", "parent '420000'"),
        ("410000,河南省,province,,1990,1981\n", "order"),
        ("410000,河南省,province,,1981,1990\n410000,豫省,province,,1990,\n", "two periods"),
        ("410000,河南省,province,,1981,\n410000,豫省,province,,1990,\n", "two periods"),
        ("420000,湖北省,province,,1981,\n410000,河南省,province,,1981,\n", "not in the order"),
        ("410000,河南省,province,,now,\n", "now"),
        ("410000,河南省,province\n", "410000,河南省,province"),
    ],
)
def test_malformed_regions_file_is_refused(tmp_path: Path, lines: str, message: str) -> None:
    assert message in fault_text(load_regions, tmp_path / "regions.csv", REGION_HEADER + lines)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("411222,411203,2015,moved,\n", "unknown kind"),
        ("411222,411203,2016,replaced,\n", "did not exist"),
        ("411222,999999,2015,replaced,\n", "did not exist"),
        ("999999,411203,2015,replaced,\n", "did not exist"),
        ("411222,411203,2015,renamed,\n", "does not fit"),
        ("420600,420600,2010,replaced,\n", "does not fit"),
        ("411222,411203,then,replaced,\n", "then"),
        ("411222,411203,2015\n", "411222,411203,2015"),
    ],
)
def test_malformed_lineage_file_is_refused(tmp_path: Path, line: str, message: str) -> None:
    assert message in fault_text(load_lineage, tmp_path / "lineage.csv", LINEAGE_HEADER + line)


@pytest.mark.parametrize(("load", "name"), [(load_regions, "regions.csv"), (load_lineage, "lineage.csv")])
def test_wrong_columns_are_refused(tmp_path: Path, load: Callable[[Path], Any], name: str) -> None:
    assert "columns" in fault_text(load, tmp_path / name, "code,name\n410000,河南省\n")
    assert "columns" in fault_text(load, tmp_path / f"empty-{name}", "")
