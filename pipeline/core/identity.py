"""The statutory identities (勾稽关系): an equation in the YAML of a form, expanded to the cells that it binds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pipeline.core.model import ProjectFault, Severity

RELATIONS = ("=", ">=")


@dataclass(frozen=True)
class Identity:
    """An entry under `identities` of a form.

    Its equation `is` reads `left = right` or `left >= right`; each side is a sum of terms. With `each: row` the terms
    are columns of `table`, and the equation holds in every row (or in `rows`). With `each: column` they are rows;
    `refused.*` means all rows of a group, and `other*` all rows that begin so. Otherwise they are complete addresses.
    `computed` is the term that offices compute from the others, where it is not the only one on its side.
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
    computed: str = ""


@dataclass(frozen=True)
class Instance:
    """An identity at one place of a form: the addresses of the cells on both sides."""

    identity: Identity
    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def place(self) -> str:
        """The address that messages name: the first cell of the left side."""
        return self.left[0]

    @property
    def computed(self) -> str:
        """The address that offices compute from the others, where the identity names one; otherwise empty."""
        position = {"row": 2, "column": 1}.get(self.identity.each)
        addresses = (*self.left, *self.right)
        if not self.identity.computed or position is None:
            return self.identity.computed
        return next(a for a in addresses if a.split("/")[position] == self.identity.computed)


def parse(equation: str, where: str) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Return the left side, the relation and the right side of `a + b = c`. Raises ProjectFault for anything else."""
    sides = re.split(r"\s*(>=|=)\s*", equation.strip())
    if len(sides) != 3:
        raise ProjectFault("form.equation", where=where, relations=", ".join(RELATIONS), equation=equation)
    left, relation, right = sides
    terms = [tuple(t.strip() for t in side.split("+")) for side in (left, right)]
    if any(not t for side in terms for t in side):
        raise ProjectFault("form.empty_term", where=where, equation=equation)
    return terms[0], relation, terms[1]


def expand(identity: Identity, cells: Mapping[str, Sequence[tuple[str, str]]]) -> list[Instance]:
    """Return the instances of an identity over `cells`, the (row, column) pairs by table.

    Raises ProjectFault for an identity that tests nothing: a term without a cell, no place where it holds, or a cell
    that occurs twice in one instance.
    """
    where = f"identity {identity.id}"
    sides = list(_sides(identity, cells, where))
    if not sides:
        raise ProjectFault("form.no_place", where=where)
    for left, right in sides:
        addresses = left + right
        if len(set(addresses)) != len(addresses):
            raise ProjectFault("form.cell_twice", where=where, cells=", ".join(map(str, addresses)))
    return [Instance(identity, left, right) for left, right in sides]


def _sides(
    identity: Identity, cells: Mapping[str, Sequence[tuple[str, str]]], where: str
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the addresses of both sides for each place where the identity holds."""
    if not identity.each:
        existing = {f"{t}/{r}/{c}" for t, pairs in cells.items() for r, c in pairs}
        return [(_checked(identity.left, existing, where), _checked(identity.right, existing, where))]
    place, term = (0, 1) if identity.each == "row" else (1, 0)
    pairs = cells[identity.table]
    sides = []
    for line in dict.fromkeys(pair[place] for pair in pairs):
        by_term = {pair[term]: f"{identity.table}/{'/'.join(pair)}" for pair in pairs if pair[place] == line}
        if not identity.rows or line in identity.rows:
            sides.append((_addresses(identity.left, by_term, where), _addresses(identity.right, by_term, where)))
    return sides


def _checked(side: Sequence[str], existing: set[str], where: str) -> tuple[str, ...]:
    """Return the addresses of a side. Raises ProjectFault for one that the form does not have."""
    for address in side:
        if address not in existing:
            raise ProjectFault("form.no_cell", where=where, cell=str(address))
    return tuple(side)


def _addresses(side: Sequence[str], by_term: Mapping[str, str], where: str) -> tuple[str, ...]:
    """Return the addresses of the terms of a side; a term may be a pattern. Raises ProjectFault if none fits."""
    addresses: list[str] = []
    for term in side:
        matches = [address for code, address in by_term.items() if fnmatchcase(code, term)]
        if not matches:
            raise ProjectFault("form.no_cell", where=where, cell=term)
        addresses += matches
    return tuple(addresses)
