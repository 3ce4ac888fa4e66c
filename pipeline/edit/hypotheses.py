"""What may have gone wrong in a record whose edits are broken: hypotheses, the numbers they imply, their costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from pipeline.edit.edits import Edit, EditSet, Record
from pipeline.edit.elimination import Abandoned, Row, System, mended
from pipeline.edit.localise import Status, Weights, search
from pipeline.edit.mechanism import CHEAPEST, UNEXPLAINED, mechanism
from pipeline.edit.rearranged import rearrangements

Lines = Sequence[Sequence[str]]

# Decibans: one cell in a thousand is wrong; one read with doubt in a hundred; a soft edit that
# fails (and, to the credit of a hypothesis, one that it mends).
WRONG, DOUBTED, CONTRADICTED = 30, 20, 20
# Weights: two cells read with doubt weigh as much as one read surely.
SURE, DOUBTFUL = 2, 1
MOST_WRONG = 4


@dataclass(frozen=True)
class Change:
    """A variable's value as printed and as it should be; None where it has none, or none that is determined."""

    variable: str
    was: Decimal | None
    implied: Decimal | None
    mechanism: str


@dataclass(frozen=True)
class Hypothesis:
    """Changes that together meet all hard edits; `cost` in decibans."""

    changes: tuple[Change, ...]
    cost: int

    @property
    def explained(self) -> bool:
        """Whether known slips make all of it."""
        return all(c.mechanism != UNEXPLAINED[0] and c.implied is not None for c in self.changes)


@dataclass(frozen=True)
class Search:
    """The status of the localisation, the hypotheses, and the least cost of one that was not searched for."""

    status: Status
    found: tuple[Hypothesis, ...] = ()
    least_further: int = 0


@lru_cache(maxsize=64)
def _inside(part: EditSet, lines: tuple[tuple[str, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """The lines that lie wholly in the part, by the numbers of their variables."""
    place = {v: i for i, v in enumerate(part.variables)}
    return tuple(tuple(place[v] for v in line) for line in lines if all(v in place for v in line))


class Case:
    """One component of an edit set and a record; `rows`, `columns`, `doubted`, `fixed` as in `explain`."""

    def __init__(
        self, part: EditSet, record: Record, rows: Lines, columns: Lines, doubted: frozenset[str], fixed: frozenset[str]
    ) -> None:
        self.part, self.record = part, record
        self.doubted, self.fixed = (names.intersection(part.variables) for names in (doubted, fixed))
        self.rows, self.columns = (tuple(map(tuple, lines)) for lines in (rows, columns))

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Variable to its number in the part."""
        return {v: i for i, v in enumerate(self.part.variables)}

    @cached_property
    def base(self) -> System:
        """The system on the record's values; a missing one counts as 0."""
        return self.part.system_of(self.values)

    @cached_property
    def values(self) -> list[int | None]:
        """The scaled values by number."""
        return self.part.integers(self.record)

    @cached_property
    def missing(self) -> frozenset[int]:
        """The numbers of the variables without value."""
        return frozenset(j for j, value in enumerate(self.values) if value is None)

    def broken(self) -> tuple[Edit, ...]:
        """The edits that fail; where none does by itself, those that miss a value, for they fail together."""
        (equal, atmost), missing = self.part.joint, self.missing
        rows = [*zip(equal, self.base.equal, strict=True), *zip(atmost, self.base.atmost, strict=True)]
        failing = [
            edit
            for edit, (coef, gap) in rows
            if (gap if edit.op == "==" else gap < 0) and (not missing or missing.isdisjoint(coef))
        ]
        failing += [edit for edit in self.part.soft if edit.holds(self.record) is False]
        return tuple(failing) or tuple(edit for edit, (coef, _) in rows if not missing.isdisjoint(coef))

    def places(self, hypothesis: Hypothesis) -> list[int]:
        """The numbers of the variables that a hypothesis changes."""
        return [self.place[c.variable] for c in hypothesis.changes]

    def search(self, within: int) -> Search:
        """All hypotheses that cost up to `within` decibans more than the cheapest, if the search gets so far."""
        try:
            system = self.base.freed(self.missing)
        except Abandoned:
            return Search("limit")
        broken = system.violated()
        if not broken:
            return Search("consistent")
        moved = tuple(self._rearranged(broken))
        cap = self._cap(min(h.cost for h in moved) + within) if moved else MOST_WRONG * SURE
        fixed = dict.fromkeys(self.fixed, cap + 1)
        part = search(self.part, system, self.record, Weights(dict.fromkeys(self.doubted, DOUBTFUL) | fixed, SURE), cap)
        located = part.located
        found = tuple(self._wrong(e, s) for e, s in zip(located.errors, part.solved, strict=True))
        searched = cap if located.weight is None else located.weight
        further = self._least_cost(searched + 1) if moved or found else 0
        return Search(located.status, moved + found, further)

    def _cap(self, cost: int) -> int:
        """The weight up to which wrong cells may cost as little as this."""
        return max(w for w in range(MOST_WRONG * SURE + 1) if self._least_cost(w) <= cost)

    def _least_cost(self, weight: int) -> int:
        """The least that wrong cells of this weight in all can cost; an odd weight needs a doubted one."""
        sure, odd = divmod(weight, SURE)
        one_more = DOUBTED if self.doubted else WRONG
        return sure * (WRONG + CHEAPEST) + odd * (one_more + CHEAPEST)

    def _wrong(self, errors: Sequence[str], system: System) -> Hypothesis:
        """Cells that are wrong each by itself: a tie of the localisation, with what its numbers must be."""
        steps = system.steps()
        changes = []
        cost = 0
        for name in errors:
            was, j = Decimal(self.record[name] or 0), self.place[name]
            implied = self._moved_by(j, steps)
            slip, price = UNEXPLAINED if implied is None else mechanism(was, implied)
            changes.append(Change(name, was, implied, slip))
            cost += price + (DOUBTED if name in self.doubted else WRONG)
        return self._weighed(changes, cost)

    def _moved_by(self, j: int, steps: Mapping[int, int]) -> Decimal | None:
        return self.part.plain((self.values[j] or 0) + steps[j]) if j in steps else None

    def _weighed(self, changes: Sequence[Change], cost: int) -> Hypothesis:
        """With what soft edits say of the changed variables: for it where one is mended, against it where one fails."""
        after = {**self.record, **{c.variable: c.implied for c in changes}}
        changed = {c.variable for c in changes}
        for edit in self.part.soft:
            if changed & edit.coef.keys():
                fails, failed = edit.holds(after) is False, edit.holds(self.record) is False
                cost += CONTRADICTED * (fails - (failed and edit.holds(after) is True))
        return Hypothesis(tuple(changes), cost)

    def _lines(self, broken: Sequence[Mapping[int, int]]) -> Iterator[tuple[tuple[int, ...], bool]]:
        """The printed lines that lie in this part and meet every broken row, and whether they are typed along."""
        for lines, typed in ((self.rows, True), (self.columns, False)):
            for places in _inside(self.part, lines):
                if not any(row.keys().isdisjoint(places) for row in broken):
                    yield places, typed

    def _rearranged(self, broken: Sequence[Mapping[int, int]]) -> Iterator[Hypothesis]:
        """Numbers that were moved along a printed line, where moving them back makes all edits hold."""
        for line, typed in self._lines(broken):
            for slip, cost, changes in rearrangements(line, [self.values[j] for j in line], typed):
                # Whatever mends a broken row changes one of its numbers.
                if any(row.keys().isdisjoint(changes) for row in broken):
                    continue
                system = self._applied(changes)
                if system is not None:
                    yield self._moved(slip, cost, changes, system)

    @cached_property
    def _failing_first(self) -> list[Row]:
        """The equalities, those first that fail: most slips that are tried do not mend these."""
        return sorted(self.base.equal, key=lambda row: row[1] == 0)

    def _applied(self, changes: Mapping[int, int | None]) -> System | None:
        """The system with the numbers moved back and what is lost freed; None where it does not hold."""
        if any(self.part.variables[j] in self.fixed for j in changes):
            return None
        steps = {j: new - (self.values[j] or 0) for j, new in changes.items() if new is not None}
        unknown = (self.missing - changes.keys()) | {j for j, new in changes.items() if new is None}
        if not mended(self._failing_first, steps, unknown):
            return None
        try:
            system = self.base.moved(steps).freed(unknown)
        except Abandoned:
            return None
        return None if system.violated() else system

    def _moved(self, slip: str, cost: int, changes: Mapping[int, int | None], system: System) -> Hypothesis:
        steps = system.steps()
        found = []
        for j, new in sorted(changes.items()):
            name, was = self.part.variables[j], self.values[j]
            implied = self._moved_by(j, steps) if new is None else self.part.plain(new)
            if implied is None or was is None or implied != self.part.plain(was):
                found.append(Change(name, None if was is None else self.part.plain(was), implied, slip))
        return self._weighed(found, WRONG + cost)
