"""The data classes of the register of bodies: a body, a succession, and the register that holds all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

# Number of leading characters by which names are indexed for the search in prose.
PREFIX_LENGTH = 2


@dataclass(frozen=True)
class Body:
    """A line of `bodies.csv`: an organisation that reports.

    `parent` is the id of the city that compiles this body's figures, '' for a city itself. `first_year` and `last_year`
    are report years; None if the period is open.
    """

    body_id: str
    name: str
    aliases: tuple[str, ...]
    level: str
    region_code: str
    parent: str
    first_year: int | None = None
    last_year: int | None = None

    def is_due(self, year: int) -> bool:
        """Return whether the body has to report on `year`."""
        return (self.first_year or year) <= year <= (self.last_year or year)


@dataclass(frozen=True)
class Succession:
    """A line of `successions.csv`: from report year `year` on, the body or a part of it continues as `successor`."""

    body_id: str
    successor: str
    year: int
    kind: str
    note: str


@dataclass(frozen=True)
class Register:
    """All bodies, by id and by every name and alias, and their successions."""

    bodies: Mapping[str, Body]
    names: Mapping[str, Body]
    successions: tuple[Succession, ...]

    def find(self, name: str) -> Body | None:
        """Return the body with this name or alias, None if there is none. Spaces at the ends are ignored."""
        return self.names.get(name.strip())

    def count_mentions(self, prose: str) -> dict[str, int]:
        """Count how often the prose names each body; keys are official names.

        A longer name hides the shorter names that it contains.
        """
        counts: dict[str, int] = {}
        for name in self._candidate_names(prose):
            count = prose.count(name)
            if count:
                official_name = self.names[name].name
                counts[official_name] = counts.get(official_name, 0) + count
                prose = prose.replace(name, " ")
        return counts

    def _candidate_names(self, prose: str) -> list[str]:
        """Return the names that the prose may contain, the longest first, equal lengths in the register's order."""
        order, lengths_by_prefix = self._name_order, self._lengths_by_prefix
        candidates = set(self._unindexed_names)
        for start in range(len(prose) - PREFIX_LENGTH + 1):
            for length in lengths_by_prefix.get(prose[start : start + PREFIX_LENGTH], ()):
                name = prose[start : start + length]
                if name in order:
                    candidates.add(name)
        return sorted(candidates, key=lambda name: (-len(name), order[name]))

    @cached_property
    def _name_order(self) -> dict[str, int]:
        """Each name with its position in the register."""
        return {name: position for position, name in enumerate(self.names)}

    @cached_property
    def _lengths_by_prefix(self) -> dict[str, tuple[int, ...]]:
        """The lengths of the names that start with each prefix.

        With this index a few lookups per character of prose test tens of thousands of names.
        """
        lengths: dict[str, set[int]] = {}
        for name in self.names:
            lengths.setdefault(name[:PREFIX_LENGTH], set()).add(len(name))
        return {prefix: tuple(values) for prefix, values in lengths.items()}

    @cached_property
    def _unindexed_names(self) -> tuple[str, ...]:
        """Names that the prefix index cannot serve.

        These are names shorter than a prefix, and names with a space: a space replaces each counted name, so such a
        name can come into being during the count.
        """
        return tuple(name for name in self.names if len(name) < PREFIX_LENGTH or " " in name)

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
