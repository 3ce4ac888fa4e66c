"""The register of bodies: who may report, at which level, under which code, for which city."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.model import LEVELS, ProjectFault
from pipeline.paths import REFERENCE


@dataclass(frozen=True)
class Body:
    """A line of `bodies.csv`. `parent` is the city that compiles this body's figures; '' for a city itself."""

    body_id: str
    name: str
    aliases: tuple[str, ...]
    level: str
    region_code: str
    parent: str


@dataclass(frozen=True)
class Register:
    """All bodies, by id and by every name."""

    bodies: Mapping[str, Body]
    names: Mapping[str, Body]

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


@cache
def register(path: Path = REFERENCE / "bodies.csv") -> Register:
    """The register. Raises ProjectFault for a name or id that stands twice, an unknown level or parent."""
    with path.open(encoding="utf-8", newline="") as file:
        found = [_body(line) for line in csv.DictReader(file)]
    bodies = {b.body_id: b for b in found}
    names = {name: b for b in found for name in (b.name, *b.aliases)}
    if len(bodies) != len(found) or len(names) != sum(1 + len(b.aliases) for b in found):
        raise ProjectFault(f"{path.name}: an id or a name stands twice")
    for body in found:
        if body.level not in LEVELS or (body.parent and body.parent not in bodies):
            raise ProjectFault(f"{path.name}: {body.body_id}: unknown level {body.level!r} or parent {body.parent!r}")
    return Register(bodies, names)


def _body(line: Mapping[str, str]) -> Body:
    aliases = tuple(a for a in line["aliases"].split("|") if a)
    return Body(line["body_id"], line["name"], aliases, line["level"], line["region_code"], line["parent"])
