"""The register of bodies: who may report in which years, at which level, under which code, for which city, and what
became of it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.model import LEVELS, ProjectFault
from pipeline.paths import REFERENCE

# renamed: the same body under another name and id; replaced: another body in its place; merged: all of it went into the
# successor; split, land_moved: a part of it did.
KINDS = ("renamed", "replaced", "merged", "split", "land_moved")


@dataclass(frozen=True)
class Body:
    """A line of `bodies.csv`. `parent` is the city that compiles this body's figures; '' for a city itself. The years
    are the first and last report year; None where open.
    """

    body_id: str
    name: str
    aliases: tuple[str, ...]
    level: str
    region_code: str
    parent: str
    first_year: int | None = None
    last_year: int | None = None

    def reports(self, year: int) -> bool:
        """Whether it is due to report on that year."""
        return (self.first_year or year) <= year <= (self.last_year or year)


@dataclass(frozen=True)
class Succession:
    """A line of `successions.csv`: from report year `year` on the body or a part of it is the successor."""

    body_id: str
    successor: str
    year: int
    kind: str
    note: str


@dataclass(frozen=True)
class Register:
    """All bodies, by id and by every name, and their successions."""

    bodies: Mapping[str, Body]
    names: Mapping[str, Body]
    successions: tuple[Succession, ...]

    def find(self, name: str) -> Body | None:
        """The body of that name or alias."""
        return self.names.get(name.strip())

    def mentions(self, prose: str) -> dict[str, int]:
        """How often the prose names each body, by official name; a longer name hides the shorter ones in it."""
        found: dict[str, int] = {}
        for name in sorted(self.names, key=len, reverse=True):
            count = prose.count(name)
            if count:
                body = self.names[name].name
                found[body] = found.get(body, 0) + count
                prose = prose.replace(name, " ")
        return found

    def lineages(self) -> dict[str, str]:
        """Each body's line of descent: the least id of all that are joined by successions. What a body became, whole or
        in parts, belongs to one lineage, so a city's figures of two years stand for the same bodies if its lineages do.
        """
        root = {b: b for b in self.bodies}

        def find(b: str) -> str:
            while root[b] != b:
                b = root[b]
            return b

        for s in self.successions:
            first, second = sorted((find(s.body_id), find(s.successor)))
            root[second] = first
        return {b: find(b) for b in self.bodies}


@cache
def register(path: Path = REFERENCE / "bodies.csv", successions: Path = REFERENCE / "successions.csv") -> Register:
    """The register. Raises ProjectFault for a name or id that stands twice, an unknown level, parent, kind or body, and
    years that do not fit together.
    """
    with path.open(encoding="utf-8", newline="") as file:
        found = [_body(line, path.name) for line in csv.DictReader(file)]
    bodies = {b.body_id: b for b in found}
    names = {name: b for b in found for name in (b.name, *b.aliases)}
    if len(bodies) != len(found) or len(names) != sum(1 + len(b.aliases) for b in found):
        raise ProjectFault(f"{path.name}: an id or a name stands twice")
    for body in found:
        if body.level not in LEVELS or (body.parent and body.parent not in bodies):
            raise ProjectFault(f"{path.name}: {body.body_id}: unknown level {body.level!r} or parent {body.parent!r}")
    with successions.open(encoding="utf-8", newline="") as file:
        lines = tuple(_succession(line, bodies, successions.name) for line in csv.DictReader(file))
    _refuse_loose_ends(found, lines, path.name)
    return Register(bodies, names, lines)


def _body(line: Mapping[str, str], where: str) -> Body:
    aliases = tuple(a for a in line["aliases"].split("|") if a)
    try:
        first, last = (int(line[y]) if line[y] else None for y in ("first_year", "last_year"))
    except ValueError as error:
        raise ProjectFault(f"{where}: {line['body_id']}: {error}") from error
    if first and last and first > last:
        raise ProjectFault(f"{where}: {line['body_id']}: ends before it begins")
    return Body(line["body_id"], line["name"], aliases, line["level"], line["region_code"], line["parent"], first, last)


def _succession(line: Mapping[str, str], bodies: Mapping[str, Body], where: str) -> Succession:
    said = ",".join(line.values())
    if line["kind"] not in KINDS or not {line["body_id"], line["successor"]} <= bodies.keys():
        raise ProjectFault(f"{where}: {said}: an unknown kind or body")
    try:
        found = Succession(line["body_id"], line["successor"], int(line["year"]), line["kind"], line["note"])
    except ValueError as error:
        raise ProjectFault(f"{where}: {said}: {error}") from error
    before, after = bodies[found.body_id], bodies[found.successor]
    if not before.reports(found.year - 1) or not after.reports(found.year):
        raise ProjectFault(f"{where}: {said}: one of the two does not report then")
    whole = found.kind in ("renamed", "replaced", "merged")
    if whole and before.last_year != found.year - 1:
        raise ProjectFault(f"{where}: {said}: the body must end in {found.year - 1} in bodies.csv")
    return found


def _refuse_loose_ends(bodies: Iterable[Body], lines: Iterable[Succession], where: str) -> None:
    """A body that is renamed or replaced twice would be counted twice."""
    whole = [s.body_id for s in lines if s.kind in ("renamed", "replaced", "merged")]
    twice = sorted({b for b in whole if whole.count(b) > 1})
    known = {b.body_id for b in bodies}
    if twice or not set(whole) <= known:
        raise ProjectFault(f"{where}: {', '.join(twice)}: went whole into two bodies")
