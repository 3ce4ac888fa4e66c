"""The statutory identities (勾稽关系): written once per form as an equation, expanded to the cells they bind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pipeline.core.model import ProjectFault, Severity

RELATIONS = ("=", ">=")


@dataclass(frozen=True)
class Identity:
    """A line of a form's `identities`.

    `is` reads `left = right` or `left >= right`, sides being sums. With `each: row` the terms are columns of `table`,
    tested in every row (or in `rows`); with `each: column` they are rows (`refused.*` takes all of a group); with
    neither they are whole addresses.
    """

    id: str
    left: tuple[str, ...]
    relation: str
    right: tuple[str, ...]
    severity: Severity
    zh: str
    en: str
    source: str
    table: str = ""
    each: str = ""
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Instance:
    """An identity at one place: the addresses of both sides. `at` is the first cell of the left side."""

    identity: Identity
    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def at(self) -> str:
        """The address that a message names."""
        return self.left[0]


def parse(equation: str, where: str) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Split `a + b = c` into sides and relation. Raises ProjectFault where it is no equation."""
    sides = re.split(r"\s*(>=|=)\s*", equation.strip())
    if len(sides) != 3:
        raise ProjectFault(f"{where}: not an equation with one of {', '.join(RELATIONS)}: {equation!r}")
    left, relation, right = sides
    terms = [tuple(t.strip() for t in side.split("+")) for side in (left, right)]
    if any(not t for side in terms for t in side):
        raise ProjectFault(f"{where}: an empty term in {equation!r}")
    return terms[0], relation, terms[1]


def expand(identity: Identity, cells: Mapping[str, Sequence[tuple[str, str]]]) -> list[Instance]:
    """All instances of an identity over `cells` (table -> its (row, column) pairs).

    Raises ProjectFault for an identity that cannot bite: a term that names no cell, no place to test, a cell on both
    sides or twice on one.
    """
    where = f"identity {identity.id}"
    sides = list(_sides(identity, cells, where))
    if not sides:
        raise ProjectFault(f"{where}: binds no cell")
    for left, right in sides:
        named = left + right
        if len(set(named)) != len(named):
            raise ProjectFault(f"{where}: a cell stands twice, so the equation says nothing of it: {named}")
    return [Instance(identity, left, right) for left, right in sides]


def _sides(
    identity: Identity, cells: Mapping[str, Sequence[tuple[str, str]]], where: str
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    if not identity.each:
        known = {f"{t}/{r}/{c}" for t, pairs in cells.items() for r, c in pairs}
        return [(_known(identity.left, known, where), _known(identity.right, known, where))]
    place, term = (0, 1) if identity.each == "row" else (1, 0)
    found = []
    for at in dict.fromkeys(pair[place] for pair in cells[identity.table]):
        here = {pair[term]: f"{identity.table}/{'/'.join(pair)}" for pair in cells[identity.table] if pair[place] == at}
        if not identity.rows or at in identity.rows:
            found.append((_matching(identity.left, here, where), _matching(identity.right, here, where)))
    return found


def _known(side: Sequence[str], known: set[str], where: str) -> tuple[str, ...]:
    for address in side:
        if address not in known:
            raise ProjectFault(f"{where}: no cell {address}")
    return tuple(side)


def _matching(side: Sequence[str], here: Mapping[str, str], where: str) -> tuple[str, ...]:
    """The addresses in `here` (code -> address) of the terms of a side."""
    found: list[str] = []
    for term in side:
        hits = [address for code, address in here.items() if fnmatchcase(code, term)]
        if not hits:
            raise ProjectFault(f"{where}: no cell {term}")
        found += hits
    return tuple(found)
