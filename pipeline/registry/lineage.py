"""What became of a region code: its successors and predecessors, and whether two codes carry the same territory.

`reference/lineage.csv` has a line for each code, successor and year; `reference/regions.md` says what each kind means.
Only `renamed` and `replaced` hand the whole territory on and nothing else: a sum must stop at every other kind.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE
from pipeline.registry.regions import Regions, regions

KINDS = ("renamed", "replaced", "split", "merged", "land_moved")
SAME = ("renamed", "replaced")
COLUMNS = ["code", "successor", "year", "kind", "note"]
# Land that moved between codes is recorded from this year on; for the years before only names and codes are known.
LAND_FROM = 2002


@dataclass(frozen=True, slots=True)
class Succession:
    """In `year`, by the state at its end, the territory of `code`, or with `split` and `land_moved` a part of it, came
    to `successor`. `note` has both names."""

    code: str
    successor: str
    year: int
    kind: str
    note: str


@dataclass(frozen=True)
class Lineage:
    """All successions, and the register that they are about."""

    lines: tuple[Succession, ...]
    register: Regions

    def successors(self, code: str) -> tuple[Succession, ...]:
        """What the code's territory or parts of it became, in the order of years."""
        return tuple(sorted((x for x in self.lines if x.code == code), key=_when))

    def predecessors(self, code: str) -> tuple[Succession, ...]:
        """What came to the code, in the order of years."""
        return tuple(sorted((x for x in self.lines if x.successor == code), key=_when))

    def traced(self, code: str, from_year: int, to_year: int) -> tuple[str, ...] | None:
        """The codes that carried the territory that `code` had at the end of `from_year`, in turn until the end of
        `to_year`, which may be the earlier one; ('411222', '411203') for 陕县 from 2014 to 2019.

        None where it was split, merged, gained or lost land, where the code did not stand, where its origin is not
        recorded, and for years whose changes of land are not recorded (before 2002). Never sum over a None.
        """
        if min(from_year, to_year) < LAND_FROM - 1 or not self.register.at(code, from_year):
            return None
        if from_year <= to_year:
            return self._forward(code, from_year, to_year)
        start = code
        for year in range(from_year, to_year, -1):
            start = next((x.code for x in self._into.get((start, year), ()) if x.kind == "replaced"), start)
        chain = self._forward(start, to_year, from_year)
        return chain[::-1] if chain and chain[-1] == code else None

    def _forward(self, code: str, from_year: int, to_year: int) -> tuple[str, ...] | None:
        codes = [code]
        for year in range(from_year + 1, to_year + 1):
            after = self._a_year_on(codes[-1], year)
            if after is None:
                return None
            codes.append(after)
        return tuple(dict.fromkeys(codes)) if self.register.at(code, from_year) else None

    def _a_year_on(self, code: str, year: int) -> str | None:
        """The code that at the end of the year carries what `code` carried before, no more and no less."""
        out = self._out.get((code, year), ())
        after = out[0].successor if out else code
        changes = (*out, *self._into.get((after, year), ()))
        whole = all(x.kind in SAME for x in changes) and self.register.at(after, year)
        return after if whole else None

    @cached_property
    def _out(self) -> Mapping[tuple[str, int], list[Succession]]:
        return _index(self.lines, successor=False)

    @cached_property
    def _into(self) -> Mapping[tuple[str, int], list[Succession]]:
        return _index(self.lines, successor=True)


@cache
def lineage(path: Path = REFERENCE / "lineage.csv") -> Lineage:
    """The lineage of the register's codes. Raises ProjectFault for a malformed line, an unknown kind or code."""
    register = regions()
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        if next(rows, None) != COLUMNS:
            raise ProjectFault(f"{path.name}: the columns are not {','.join(COLUMNS)}")
        return Lineage(tuple(_succession(row, register, path.name) for row in rows), register)


def _succession(row: list[str], register: Regions, where: str) -> Succession:
    try:
        code, successor, year, kind, note = row
        line = Succession(code, successor, int(year), kind, note)
    except ValueError as error:
        raise ProjectFault(f"{where}: {','.join(row)}: {error}") from error
    if kind not in KINDS or (kind == "renamed" and code != successor) or (kind == "replaced" and code == successor):
        raise ProjectFault(f"{where}: {','.join(row)}: an unknown kind, or one that does not fit the codes")
    if not register.at(code, line.year - 1) or not register.at(successor, line.year):
        raise ProjectFault(f"{where}: {','.join(row)}: a code that did not stand then")
    return line


def _when(line: Succession) -> tuple[int, str, str]:
    return line.year, line.code, line.successor


def _index(lines: tuple[Succession, ...], *, successor: bool) -> Mapping[tuple[str, int], list[Succession]]:
    found: dict[tuple[str, int], list[Succession]] = {}
    for line in lines:
        found.setdefault((line.successor if successor else line.code, line.year), []).append(line)
    return found
