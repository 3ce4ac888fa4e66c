"""The data classes of the register of bodies: a body, a succession, and the register that holds all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.core.kind import Kind
from pipeline.core.model import LEVELS
from pipeline.core.project_csv import Note


@dataclass(frozen=True)
class Body:
    """A line of `bodies.csv`: an organisation that reports.

    `parent` is the id of the body that compiles this body's figures, '' for the nation and for a body outside the
    hierarchy of governments. `first_year` and `last_year` are report years; None if the period is open. `recognised` is
    true for a body that only its name gives away.
    """

    body_id: str
    name: str
    aliases: tuple[str, ...]
    level: str
    region_code: str
    parent: str
    first_year: int | None = None
    last_year: int | None = None
    recognised: bool = False

    def is_due(self, year: int) -> bool:
        """Return whether the body has to report on `year`."""
        return (self.first_year or year) <= year <= (self.last_year or year)

    @property
    def order(self) -> tuple[int, str]:
        """The place of the body among the members of its parent: by level, then by id."""
        return LEVELS.index(self.level), self.body_id


@dataclass(frozen=True)
class Succession:
    """A line of `successions.csv`: from report year `year` on, the body or a part of it continues as `successor`."""

    body_id: str
    successor: str
    year: int
    kind: str
    note: str


@dataclass(frozen=True)
class Population:
    """A line of `population.csv`: the inhabitants of a region at the end of a year, and where the number is from."""

    code: str
    year: int
    population: int
    source: str


@dataclass(frozen=True)
class Register:
    """All bodies, by id and by every name and alias, their successions, and the population of their regions.

    `notes` are about lines of the files that were left out because they repeat others. `sources` are
    the files, by path.
    """

    bodies: Mapping[str, Body]
    names: Mapping[str, Body]
    successions: tuple[Succession, ...]
    population: tuple[Population, ...] = ()
    notes: tuple[Note, ...] = ()
    sources: tuple[Mapping[str, str], ...] = field(default=(), compare=False, repr=False)

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds of report other than the annual one, by code. Raises ProjectFault as `parse_kinds` does."""
        from pipeline.core.kinds import parse_kinds

        return parse_kinds(self.sources)

    def find_above(self, body: Body, level: str) -> str | None:
        """Return the id of the body of a level that is, or lies above, this body; None if there is none.

        A municipality (直辖市) is a city and a province.
        """
        parent = self.bodies.get(body.parent)
        is_municipality = body.level == "city" and parent is not None and parent.level == "nation"
        if body.level == level or (level == "province" and is_municipality):
            return body.body_id
        return self.find_above(parent, level) if parent else None

    def find_lineages(self) -> dict[str, str]:
        """Return the lineage id of each body, by body id.

        A lineage holds all bodies that successions connect, whole or in parts; its id is their least body id. A city's
        figures of two years cover the same bodies if they cover the same lineages.
        """
        root = {b: b for b in self.bodies}

        def find_root(b: str) -> str:
            """Return the least body id that is connected with `b` so far."""
            while root[b] != b:
                b = root[b]
            return b

        for s in self.successions:
            first, second = sorted((find_root(s.body_id), find_root(s.successor)))
            root[second] = first
        return {b: find_root(b) for b in self.bodies}
