"""Trace region codes over the years: successors, predecessors, and the codes that carried one territory.

`reference/lineage.csv` has one line per code, successor and year; `reference/regions.md` defines the kinds. Only
`renamed` and `replaced` hand on the whole territory and nothing else: a sum must stop at every other kind.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE
from pipeline.registry.regions import Regions, load_regions

KINDS = ("renamed", "replaced", "split", "merged", "land_moved")
SAME_TERRITORY_KINDS = ("renamed", "replaced")
COLUMNS = ["code", "successor", "year", "kind", "note"]
# Land that moved between codes is recorded from this year on; for the years before only names and codes are known.
FIRST_LAND_YEAR = 2002


@dataclass(frozen=True, slots=True)
class RegionSuccession:
    """A line of `lineage.csv`: in `year` the territory of `code` came to `successor`.

    The state is that at the end of the year. With `split` and `land_moved` only a part of the territory moved. `note`
    holds both names.
    """

    code: str
    successor: str
    year: int
    kind: str
    note: str


@dataclass(frozen=True)
class Lineage:
    """All successions of region codes, and the regions that they refer to."""

    successions: tuple[RegionSuccession, ...]
    regions: Regions

    def successors_of(self, code: str) -> tuple[RegionSuccession, ...]:
        """Return the successions from `code`, in the order of years."""
        return tuple(sorted((x for x in self.successions if x.code == code), key=_sort_key))

    def predecessors_of(self, code: str) -> tuple[RegionSuccession, ...]:
        """Return the successions to `code`, in the order of years."""
        return tuple(sorted((x for x in self.successions if x.successor == code), key=_sort_key))

    def trace(self, code: str, from_year: int, to_year: int) -> tuple[str, ...] | None:
        """Return the codes that carried, until the end of `to_year`, the territory of `code` at the end of `from_year`.

        The codes are in the order of the trace, starting with `code`: ('411222', '411203') for 陕县 from 2014 to 2019.
        `to_year` may be the earlier year. The result is None if the territory was split or merged, gained or lost
        land; where the code did not exist; where its origin is not recorded; and before 2002, because changes of land
        are not recorded for these years. Never sum over a None.
        """
        if min(from_year, to_year) < FIRST_LAND_YEAR - 1 or not self.regions.region_of(code, from_year):
            return None
        if from_year <= to_year:
            return self._trace_forward(code, from_year, to_year)
        start = code
        for year in range(from_year, to_year, -1):
            start = next((x.code for x in self._by_successor.get((start, year), ()) if x.kind == "replaced"), start)
        chain = self._trace_forward(start, to_year, from_year)
        return chain[::-1] if chain and chain[-1] == code else None

    def _trace_forward(self, code: str, from_year: int, to_year: int) -> tuple[str, ...] | None:
        """Trace a territory from an earlier to a later year; the result is as in `trace`."""
        codes = [code]
        for year in range(from_year + 1, to_year + 1):
            after = self._code_after(codes[-1], year)
            if after is None:
                return None
            codes.append(after)
        return tuple(dict.fromkeys(codes)) if self.regions.region_of(code, from_year) else None

    def _code_after(self, code: str, year: int) -> str | None:
        """Return the code that at the end of `year` carries exactly the territory that `code` carried a year before."""
        outgoing = self._by_code.get((code, year), ())
        after = outgoing[0].successor if outgoing else code
        changes = (*outgoing, *self._by_successor.get((after, year), ()))
        is_same = all(x.kind in SAME_TERRITORY_KINDS for x in changes) and self.regions.region_of(after, year)
        return after if is_same else None

    @cached_property
    def _by_code(self) -> Mapping[tuple[str, int], list[RegionSuccession]]:
        """The successions by code and year."""
        return _index(self.successions, successor=False)

    @cached_property
    def _by_successor(self) -> Mapping[tuple[str, int], list[RegionSuccession]]:
        """The successions by successor and year."""
        return _index(self.successions, successor=True)


@cache
def load_lineage(path: Path = REFERENCE / "lineage.csv") -> Lineage:
    """Return the lineage of the region codes. Raises ProjectFault for a malformed line, an unknown kind or code."""
    regions = load_regions()
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        if next(rows, None) != COLUMNS:
            raise ProjectFault("regions.columns", file=path.name, columns=",".join(COLUMNS))
        return Lineage(tuple(_parse_succession(row, regions, path.name) for row in rows), regions)


def _parse_succession(row: list[str], regions: Regions, where: str) -> RegionSuccession:
    """Return the succession of a row. Raises ProjectFault if it contradicts the regions."""
    try:
        code, successor, year, kind, note = row
        succession = RegionSuccession(code, successor, int(year), kind, note)
    except ValueError as error:
        raise ProjectFault("regions.line", file=where, line=",".join(row)) from error
    if kind not in KINDS or (kind == "renamed" and code != successor) or (kind == "replaced" and code == successor):
        raise ProjectFault("regions.kind", file=where, line=",".join(row))
    if not regions.region_of(code, succession.year - 1) or not regions.region_of(successor, succession.year):
        raise ProjectFault("regions.then", file=where, line=",".join(row))
    return succession


def _sort_key(succession: RegionSuccession) -> tuple[int, str, str]:
    return succession.year, succession.code, succession.successor


def _index(
    successions: tuple[RegionSuccession, ...], *, successor: bool
) -> Mapping[tuple[str, int], list[RegionSuccession]]:
    """Group the successions by year and by `successor`, or by `code` where `successor` is False."""
    index: dict[tuple[str, int], list[RegionSuccession]] = {}
    for x in successions:
        index.setdefault((x.successor if successor else x.code, x.year), []).append(x)
    return index
