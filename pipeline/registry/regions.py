"""Look up regions: which county, prefecture or province a GB/T 2260 code meant in which year.

`reference/regions.csv` has one line per period of years in which a code had one name and one parent, by the state at
the end of each year. `reference/regions.md` gives the sources. A county without a prefecture belongs to its province.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE

LEVELS = ("province", "prefecture", "county")
COLUMNS = ["code", "name", "level", "parent", "first_year", "last_year"]
# The longest first: 玉树藏族自治州 ends in 自治州, not in 州.
NAME_ENDINGS = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "林区",
    "矿区",
    "特区",
    "新区",
    *"省市区县州盟旗",
)
# Used as the last year of a region that still exists.
OPEN_END_YEAR = 9999


class AmbiguousName(LookupError):
    """Several regions share a name; `candidates` are all of them, by code."""

    def __init__(self, name: str, candidates: tuple[Region, ...]) -> None:
        super().__init__(f"{name}: {', '.join(f'{c.code} {c.name} ({c.parent})' for c in candidates)}")
        self.candidates = candidates


@dataclass(frozen=True, slots=True)
class Region:
    """A period of years in which a code had one name and one parent.

    `last_year` is None for a region that still existed in the last year of the table. A region with the table's first
    year, 1981, may be older.
    """

    code: str
    name: str
    level: str
    parent: str
    first_year: int
    last_year: int | None

    def is_valid_in(self, year: int) -> bool:
        """Return whether the code had this name and parent at the end of `year`."""
        return self.first_year <= year <= (self.last_year or OPEN_END_YEAR)


@dataclass(frozen=True)
class Regions:
    """All regions, in the order of code and first year. A year always means its end."""

    periods: tuple[Region, ...]

    def region_of(self, code: str, year: int) -> Region | None:
        """Return the region of a code in a year; None if the code did not exist, and before 1981."""
        return next((r for r in self._by_code.get(code, ()) if r.is_valid_in(year)), None)

    def parent_of(self, code: str, year: int) -> Region | None:
        """Return the prefecture of a county, or the province of a prefecture or of a county without a prefecture."""
        region = self.region_of(code, year)
        return self.region_of(region.parent, year) if region else None

    def children_of(self, code: str, year: int) -> tuple[Region, ...]:
        """Return the regions one level down, by code."""
        return tuple(r for r in self._by_parent.get(code, ()) if r.is_valid_in(year))

    def find_candidates(self, name: str, year: int, parent: str = "") -> tuple[Region, ...]:
        """Return all regions with this name in this year, by code.

        With `parent`, a code or a name, only the regions that lie in it at any depth are returned. Where no region has
        the full name, the name is compared without the regions' endings (陕州 finds 陕州区); a name without its ending
        has at least two characters.
        """
        name = name.strip()
        candidates = self._select(self._by_name, name, year, parent)
        return candidates or self._select(self._by_short_name, name, year, parent)

    def find(self, name: str, year: int, parent: str = "") -> Region | None:
        """Return the only region with this name, None if there is none; arguments as in `find_candidates`.

        Raises AmbiguousName if there are several: 北京市 and 长春市 each have a 朝阳区, and this function does not
        choose between them.
        """
        candidates = self.find_candidates(name, year, parent)
        if len(candidates) > 1:
            raise AmbiguousName(name, candidates)
        return candidates[0] if candidates else None

    def ancestors_of(self, region: Region, year: int) -> tuple[Region, ...]:
        """Return the regions that contain this one, the nearest first."""
        parent = self.region_of(region.parent, year)
        return (parent, *self.ancestors_of(parent, year)) if parent else ()

    def _select(self, index: Mapping[str, list[Region]], name: str, year: int, parent: str) -> tuple[Region, ...]:
        """Return the regions of an index entry that are valid in `year` and lie in `parent`, if that is not ''."""
        valid = (r for r in index.get(name, ()) if r.is_valid_in(year))
        return tuple(r for r in valid if not parent or any(_is_called(p, parent) for p in self.ancestors_of(r, year)))

    @cached_property
    def _by_code(self) -> Mapping[str, list[Region]]:
        return _index(self.periods, lambda r: r.code)

    @cached_property
    def _by_parent(self) -> Mapping[str, list[Region]]:
        return _index(self.periods, lambda r: r.parent)

    @cached_property
    def _by_name(self) -> Mapping[str, list[Region]]:
        return _index(self.periods, lambda r: r.name)

    @cached_property
    def _by_short_name(self) -> Mapping[str, list[Region]]:
        return _index(self.periods, lambda r: strip_ending(r.name))


def strip_ending(name: str) -> str:
    """Return a region's name without its ending: 陕州 for 陕州区, 浦东 for 浦东新区.

    A name of one character and an ending is returned unchanged (陕县).
    """
    for ending in NAME_ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


@cache
def load_regions(path: Path = REFERENCE / "regions.csv") -> Regions:
    """Return all regions. Raises ProjectFault for a malformed line, an unknown level or parent, or unordered lines."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        if next(lines, None) != COLUMNS:
            raise ProjectFault("regions.columns", file=path.name, columns=",".join(COLUMNS))
        periods = tuple(_parse_region(line, path.name) for line in lines)
    _check_codes(periods, path.name)
    _check_order(periods, path.name)
    return Regions(periods)


def _parse_region(line: list[str], where: str) -> Region:
    """Return the region of a line. Raises ProjectFault for a wrong number of fields or a malformed year."""
    try:
        code, name, level, parent, first, last = line
        return Region(code, name, level, parent, int(first), int(last) if last else None)
    except ValueError as error:
        raise ProjectFault("regions.line", file=where, line=",".join(line)) from error


def _check_codes(periods: tuple[Region, ...], where: str) -> None:
    """Raise ProjectFault for a malformed code, a missing name, an unknown level, or a parent that has no line."""
    codes = {r.code for r in periods}
    for code in codes:
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            raise ProjectFault("regions.code", file=where, region=code)
    for r in periods:
        has_place = r.parent in codes if r.level in LEVELS[1:] else r.level == LEVELS[0] and not r.parent
        if not has_place or not r.name:
            raise ProjectFault("regions.place", file=where, region=r.code, level=r.level, parent=r.parent)


def _check_order(periods: tuple[Region, ...], where: str) -> None:
    """Raise ProjectFault unless the lines are in the order of code and year, and no two periods of a code overlap."""
    previous = ("", 0)
    for r in periods:
        if previous >= (r.code, r.first_year) or r.first_year > (r.last_year or OPEN_END_YEAR):
            raise ProjectFault("regions.order", file=where, region=r.code)
        previous = (r.code, r.last_year or OPEN_END_YEAR)


def _index(periods: Iterable[Region], key: Callable[[Region], str]) -> Mapping[str, list[Region]]:
    """Group the regions by a key, keeping their order."""
    index: dict[str, list[Region]] = {}
    for region in periods:
        index.setdefault(key(region), []).append(region)
    return index


def _is_called(region: Region, name_or_code: str) -> bool:
    """Return whether a code, a full name or a name without its ending means this region."""
    return name_or_code in (region.code, region.name, strip_ending(region.name))
