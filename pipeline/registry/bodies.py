"""The nouns of the register: bodies, their successions, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

HEAD = 2  # by so many first characters the names are found in prose


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
        for name in self._standing_in(prose):
            count = prose.count(name)
            if count:
                body = self.names[name].name
                found[body] = found.get(body, 0) + count
                prose = prose.replace(name, " ")
        return found

    def _standing_in(self, prose: str) -> list[str]:
        """The names that may stand in the prose, the longest first, in the register's order among equals."""
        places, by_head = self._places, self._lengths
        found = set(self._unindexed)
        for at in range(len(prose) - HEAD + 1):
            for length in by_head.get(prose[at : at + HEAD], ()):
                name = prose[at : at + length]
                if name in places:
                    found.add(name)
        return sorted(found, key=lambda name: (-len(name), places[name]))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def _lengths(self) -> dict[str, tuple[int, ...]]:
        """How long the names are that begin with each head: tens of thousands of names are told by a few lookups."""
        found: dict[str, set[int]] = {}
        for name in self.names:
            found.setdefault(name[:HEAD], set()).add(len(name))
        return {head: tuple(lengths) for head, lengths in found.items()}

    @cached_property
    def _unindexed(self) -> tuple[str, ...]:
        """Names too short for a head, and those with a space, which may come to stand where a name was taken out."""
        return tuple(name for name in self.names if len(name) < HEAD or " " in name)

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
