"""The register of regions: which GB/T 2260 code stood for which county, prefecture or province in which year.

`reference/regions.csv` has a line for each spell of years in which a code had one name and one parent, by the state at
the year's end; `reference/regions.md` says where it comes from. A county without a prefecture belongs to its province.
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
ENDINGS = (
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
OPEN = 9999


class Ambiguous(LookupError):
    """A name that stands for several regions; `candidates` are all of them, by code."""

    def __init__(self, name: str, candidates: tuple[Region, ...]) -> None:
        super().__init__(f"{name}: {', '.join(f'{c.code} {c.name} ({c.parent})' for c in candidates)}")
        self.candidates = candidates


@dataclass(frozen=True, slots=True)
class Region:
    """A spell of a code: from `first_year` to `last_year` (None: still so in the last year covered) it had this name
    and parent. A spell that begins in the first year covered, 1981, may be older."""

    code: str
    name: str
    level: str
    parent: str
    first_year: int
    last_year: int | None

    def stands(self, year: int) -> bool:
        """Whether the code had this name and parent at the end of that year."""
        return self.first_year <= year <= (self.last_year or OPEN)


@dataclass(frozen=True)
class Regions:
    """All spells in the order of code and first year."""

    spells: tuple[Region, ...]

    def at(self, code: str, year: int) -> Region | None:
        """What the code stood for at the end of that year; None where it did not stand, or before 1981."""
        return next((r for r in self._by_code.get(code, ()) if r.stands(year)), None)

    def parent(self, code: str, year: int) -> Region | None:
        """The prefecture, or for a prefecture or a county without one the province, that it belonged to."""
        region = self.at(code, year)
        return self.at(region.parent, year) if region else None

    def children(self, code: str, year: int) -> tuple[Region, ...]:
        """The regions one level down at the end of that year, by code."""
        return tuple(r for r in self._by_parent.get(code, ()) if r.stands(year))

    def candidates(self, name: str, year: int, parent: str = "") -> tuple[Region, ...]:
        """All regions of that name at the end of that year, by code; with `parent`, a code or a name, only those that
        lie in it, at whatever depth. Where none has the full name, those that have it without their ending (陕州 for
        陕州区); no short name has less than two characters."""
        name = name.strip()
        found = self._standing(self._by_name, name, year, parent)
        return found or self._standing(self._by_stem, name, year, parent)

    def find(self, name: str, year: int, parent: str = "") -> Region | None:
        """The one region of that name, None if there is none. Raises Ambiguous if `candidates` has several: 朝阳区 is
        one of 北京市 and one of 长春市, and nothing here chooses between them."""
        found = self.candidates(name, year, parent)
        if len(found) > 1:
            raise Ambiguous(name, found)
        return found[0] if found else None

    def above(self, region: Region, year: int) -> tuple[Region, ...]:
        """The regions that it lies in at the end of that year, the nearest first."""
        parent = self.at(region.parent, year)
        return (parent, *self.above(parent, year)) if parent else ()

    def _standing(self, index: Mapping[str, list[Region]], name: str, year: int, parent: str) -> tuple[Region, ...]:
        standing = (r for r in index.get(name, ()) if r.stands(year))
        return tuple(r for r in standing if not parent or any(_is(p, parent) for p in self.above(r, year)))

    @cached_property
    def _by_code(self) -> Mapping[str, list[Region]]:
        return _index(self.spells, lambda r: r.code)

    @cached_property
    def _by_parent(self) -> Mapping[str, list[Region]]:
        return _index(self.spells, lambda r: r.parent)

    @cached_property
    def _by_name(self) -> Mapping[str, list[Region]]:
        return _index(self.spells, lambda r: r.name)

    @cached_property
    def _by_stem(self) -> Mapping[str, list[Region]]:
        return _index(self.spells, lambda r: stem(r.name))


def stem(name: str) -> str:
    """A name without its ending: 陕州 of 陕州区, 浦东 of 浦东新区. One character and an ending stay whole (陕县)."""
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


@cache
def regions(path: Path = REFERENCE / "regions.csv") -> Regions:
    """The register. Raises ProjectFault for a malformed line, an unknown level or parent, or lines out of order."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        if next(lines, None) != COLUMNS:
            raise ProjectFault(f"{path.name}: the columns are not {','.join(COLUMNS)}")
        spells = tuple(_region(line, path.name) for line in lines)
    _check_codes(spells, path.name)
    _check_order(spells, path.name)
    return Regions(spells)


def _region(line: list[str], where: str) -> Region:
    try:
        code, name, level, parent, first, last = line
        return Region(code, name, level, parent, int(first), int(last) if last else None)
    except ValueError as error:
        raise ProjectFault(f"{where}: {','.join(line)}: {error}") from error


def _check_codes(spells: tuple[Region, ...], where: str) -> None:
    codes = {r.code for r in spells}
    for code in codes:
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            raise ProjectFault(f"{where}: {code!r} is not a code")
    for r in spells:
        placed = r.parent in codes if r.level in LEVELS[1:] else r.level == LEVELS[0] and not r.parent
        if not placed or not r.name:
            raise ProjectFault(f"{where}: {r.code}: no name, unknown level {r.level!r} or parent {r.parent!r}")


def _check_order(spells: tuple[Region, ...], where: str) -> None:
    end = ("", 0)
    for r in spells:
        if end >= (r.code, r.first_year) or r.first_year > (r.last_year or OPEN):
            raise ProjectFault(f"{where}: {r.code}: not in the order of codes and years, or two spells at once")
        end = (r.code, r.last_year or OPEN)


def _index(spells: Iterable[Region], key: Callable[[Region], str]) -> Mapping[str, list[Region]]:
    found: dict[str, list[Region]] = {}
    for region in spells:
        found.setdefault(key(region), []).append(region)
    return found


def _is(region: Region, wanted: str) -> bool:
    return wanted in (region.code, region.name, stem(region.name))
