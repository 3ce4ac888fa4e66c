"""Every government of China as a body, without a line in `bodies.csv`.

`reference/regions.csv` gives its code, name, parent and years. Only regions since the first report year count: the
first Regulation on disclosure came into force on 1 May 2008.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from pipeline.registry.bodies import Body, Succession
from pipeline.registry.lineage import load_lineage
from pipeline.registry.regions import OPEN_END_YEAR, Region, Regions, load_regions, strip_ending

FIRST_REPORT_YEAR = 2008
# Provinces whose districts they compile themselves, as a city does.
MUNICIPALITIES = ("110000", "120000", "310000", "500000")
# The Regulation does not apply to Taiwan, Hong Kong and Macao.
OUTSIDE_THE_REGULATION = ("710000", "810000", "820000")
# GB/T 2260 has no code for the whole country; maps commonly use this one.
NATION = Body("100000", "全国", ("国务院", "中华人民共和国国务院"), "nation", "100000", "")


@dataclass(frozen=True)
class Governments:
    """The governments of the regions since the first report year, by code."""

    regions: Regions

    @cached_property
    def by_code(self) -> Mapping[str, Body]:
        """The government of each code, in the order of codes. Its name is that of the code's last period."""
        return {NATION.body_id: NATION, **{code: self._government(code) for code in self.periods}}

    def members_of(self, code: str) -> tuple[Body, ...]:
        """Return the governments whose figures a government compiles, of all years, by code."""
        return tuple(self.by_code[child] for child in self._children.get(code, ()))

    def is_within(self, code: str, ancestor: str) -> bool:
        """Return whether a region lies in another one, at any depth and in any year."""
        parents = {r.parent for r in self.periods.get(code, ()) if r.parent}
        return ancestor in parents or any(self.is_within(parent, ancestor) for parent in parents)

    @cached_property
    def periods(self) -> Mapping[str, tuple[Region, ...]]:
        """The periods of each code, since the first report year."""
        return _group(self._recent, lambda r: r.code)

    @cached_property
    def codes_by_name(self) -> Mapping[str, tuple[str, ...]]:
        """The codes of the regions with each name."""
        return {name: _codes(regions) for name, regions in _group(self._recent, lambda r: r.name).items()}

    @cached_property
    def codes_by_short_name(self) -> Mapping[str, tuple[str, ...]]:
        """The codes of the regions with each name without its ending (三门峡)."""
        return {name: _codes(regions) for name, regions in _group(self._recent, lambda r: strip_ending(r.name)).items()}

    @cached_property
    def _recent(self) -> tuple[Region, ...]:
        return tuple(r for r in self.regions.periods if (r.last_year or OPEN_END_YEAR) >= FIRST_REPORT_YEAR)

    @cached_property
    def _children(self) -> Mapping[str, list[str]]:
        children: dict[str, list[str]] = defaultdict(list)
        for code, body in self.by_code.items():
            if body.parent:
                children[body.parent].append(code)
        return children

    def _government(self, code: str) -> Body:
        periods = self.periods[code]
        first, last = periods[0], periods[-1]
        regions = tuple(dict.fromkeys(r.name for r in reversed(periods) if len(self.codes_by_name[r.name]) == 1))
        names = tuple(dict.fromkeys((*(self._name(region) for region in reversed(periods)), *regions)))
        first_year = first.first_year if first.first_year > FIRST_REPORT_YEAR else None
        return Body(code, names[0], names[1:], _level(last), code, _parent(last), first_year, last.last_year)

    def _name(self, region: Region) -> str:
        """Return the name of a government; that of its city comes first where another region has the same name."""
        ending = "行政公署" if region.name.endswith(("地区", "盟")) else "人民政府"
        shared = len(self.codes_by_name[region.name]) > 1 and region.parent in self.periods
        return f"{self.periods[region.parent][-1].name if shared else ''}{region.name}{ending}"


@cache
def governments() -> Governments:
    """Return all governments, built once per process."""
    return Governments(load_regions())


def successions_between(bodies: Mapping[str, Body]) -> tuple[Succession, ...]:
    """Return the successions between the governments among `bodies` since the first report year, by `lineage.csv`.

    A government that keeps its code under another name is the same body.
    """
    recent = (s for s in load_lineage().successions if s.year > FIRST_REPORT_YEAR and s.code != s.successor)
    found = (s for s in recent if s.code in bodies and s.successor in bodies)
    return tuple(
        Succession(s.code, s.successor, s.year, s.kind, s.note)
        for s in found
        if bodies[s.code].is_due(s.year - 1) and bodies[s.successor].is_due(s.year)
    )


def _level(region: Region) -> str:
    if region.code in MUNICIPALITIES or region.level == "prefecture":
        return "city"
    return region.level


def _parent(region: Region) -> str:
    """Return the code of the government that compiles the figures: of the city, the province or the nation."""
    return region.parent or ("" if region.code in OUTSIDE_THE_REGULATION else NATION.body_id)


def _codes(regions: Iterable[Region]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r.code for r in regions))


def _group(regions: Iterable[Region], key: Callable[[Region], str]) -> Mapping[str, tuple[Region, ...]]:
    groups: dict[str, list[Region]] = defaultdict(list)
    for region in regions:
        groups[key(region)].append(region)
    return {name: tuple(group) for name, group in groups.items()}
