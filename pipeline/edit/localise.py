"""Localise: the least set of variables that must be wrong (Fellegi and Holt 1976), exactly, with all ties.

At each step the values that are kept break some row; every solution frees one of its variables, so the search
branches on the row with fewest and eliminates. It deepens by weight, with a lower bound from broken rows that share no
variable, and never draws one of several equal answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Literal

from pipeline.edit.edits import EditSet, Record
from pipeline.edit.elimination import Abandoned, System

Status = Literal["consistent", "unique", "tied", "infeasible", "limit"]
NODES = 6000
MOST_TIES = 1000


@dataclass(frozen=True)
class Located:
    """The outcome: `errors` are the ties, each a set of variables in the set's order, all of the same least `weight`.

    `infeasible`: no change of values meets the edits; `limit`: given up, nothing is said.
    """

    status: Status
    weight: int | None = None
    errors: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Weights:
    """What it costs to call a variable wrong: whole numbers above 0, `usual` where none is given. Raises ValueError."""

    given: Mapping[str, int] = field(default_factory=dict)
    usual: int = 1

    def __post_init__(self) -> None:
        """Refuse what would make an answer meaningless."""
        if min([self.usual, *self.given.values()]) < 1:
            raise ValueError("weights must be whole numbers above 0")


EQUAL = Weights()


def localise(
    edit_set: EditSet, record: Record, weights: Weights = EQUAL, cap: int | None = None, nodes: int = NODES
) -> Located:
    """The least weighted sets of variables whose values must change so that all hard edits can hold.

    A variable without value is free at no weight and never named. No part of the set (edits that share variables) is
    searched beyond weight `cap` or `nodes` eliminations.
    """
    parts = [_localise_part(part, record, weights, cap, nodes) for part in edit_set.components]
    worst = next((s for s in ("infeasible", "limit") if any(p.status == s for p in parts)), None)
    broken = [p for p in parts if p.errors]
    ties = 1
    for part in broken:
        ties *= len(part.errors)
    if worst or ties > MOST_TIES:
        return Located("infeasible" if worst == "infeasible" else "limit")
    if not broken:
        return Located("consistent", 0)
    place = {v: i for i, v in enumerate(edit_set.variables)}
    errors = tuple(
        tuple(sorted((v for part in choice for v in part), key=place.__getitem__))
        for choice in product(*(p.errors for p in broken))
    )
    return Located("unique" if ties == 1 else "tied", sum(p.weight or 0 for p in broken), errors)


@dataclass(frozen=True)
class Part:
    """The outcome for edits that hang together; each tie with the system in which its variables are freed."""

    located: Located
    solved: tuple[System, ...] = ()


def _localise_part(part: EditSet, record: Record, weights: Weights, cap: int | None, nodes: int) -> Located:
    try:
        return search(part, blank(part, record), record, weights, cap, nodes).located
    except Abandoned:
        return Located("limit")


def blank(part: EditSet, record: Record) -> System:
    """The system with every variable that has no value freed. Raises Abandoned."""
    values = part.integers(record)
    return part.system_of(values).freed(j for j, value in enumerate(values) if value is None)


# A variable to free, and those that must not be freed after it: they were tried before.
Branch = tuple[int, frozenset[int]]


@dataclass
class _Search:
    """One deepening: solutions of weight up to `limit`; `beyond` is the least weight that a longer one may have."""

    weights: list[int]
    lightest: int
    nodes: int
    limit: int = 0
    beyond: int | None = None
    found: list[tuple[frozenset[int], System]] = field(default_factory=list)

    def go(self, system: System, freed: frozenset[int], excluded: frozenset[int], spent: int) -> None:
        broken = [[j for j in coef if j not in excluded] for coef in system.violated()]
        if not broken:
            self.found.append((freed, system))
            return
        if not all(broken):
            return
        least = spent + self._least(broken)
        if least > self.limit:
            self.beyond = least if self.beyond is None else min(self.beyond, least)
            return
        for j, barred in self._branches(broken, excluded, spent):
            self._spend()
            self.go(system.free(j), freed | {j}, barred, spent + self.weights[j])

    def _least(self, broken: list[list[int]]) -> int:
        """A lower bound of the weight still needed: rows that share no variable each need one of theirs."""
        used: set[int] = set()
        total = 0
        for row in sorted(broken, key=len):
            if used.isdisjoint(row):
                used.update(row)
                total += min([self.weights[j] for j in row])
        return total

    def _branches(self, broken: list[list[int]], excluded: frozenset[int], spent: int) -> Iterator[Branch]:
        """The variables of the shortest broken row, each without those tried before it."""
        row = sorted(sorted(broken, key=len)[0])
        left = self.limit - spent
        last = left < 2 * self.lightest  # only one more can be freed: it must stand in every broken row
        common = set(row).intersection(*broken) if last else set(row)
        barred = excluded
        for j in row:
            if self.weights[j] > left:
                self._further(spent + self.weights[j])
            elif j in common:
                yield j, barred
            else:
                self._further(spent + self.weights[j] + self.lightest)
            barred = barred | {j}

    def _further(self, weight: int) -> None:
        self.beyond = weight if self.beyond is None else min(self.beyond, weight)

    def _spend(self) -> None:
        self.nodes -= 1
        if self.nodes < 0:
            raise Abandoned


def search(
    part: EditSet, system: System, record: Record, weights: Weights, cap: int | None, nodes: int = NODES
) -> Part:
    """`localise` for one component, on its system with the variables freed that have no value."""
    if not system.violated():
        return Part(Located("consistent", 0))
    weight = [weights.given.get(v, weights.usual) for v in part.variables]
    unknown = frozenset(j for j, name in enumerate(part.variables) if record.get(name) is None)
    deepening = _Search(weight, min(weight), nodes)
    try:
        while cap is None or deepening.limit <= cap:
            deepening.go(system, frozenset(), unknown, 0)
            if deepening.found:
                return _ties(part, deepening)
            if deepening.beyond is None:
                return Part(Located("infeasible"))
            deepening.limit, deepening.beyond = deepening.beyond, None
    except Abandoned:
        pass
    return Part(Located("limit"))


def _ties(part: EditSet, done: _Search) -> Part:
    best = min(sum(done.weights[j] for j in freed) for freed, _ in done.found)
    order = sorted(
        ((tuple(sorted(freed)), system) for freed, system in done.found
         if sum(done.weights[j] for j in freed) == best),
        key=lambda tie: tie[0],
    )  # fmt: skip
    errors = tuple(tuple(part.variables[j] for j in tie) for tie, _ in order)
    return Part(Located("unique" if len(errors) == 1 else "tied", best, errors), tuple(system for _, system in order))
