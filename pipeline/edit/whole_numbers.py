"""Decide whether freed variables can be given whole numbers that meet all edits, exactly.

Variables that need not be whole are eliminated first. The others are eliminated one by one, and every row is rounded to
whole numbers on the way (cf. Pugh 1992, The Omega test). A search then assigns the numbers in the reverse order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count, takewhile
from math import ceil, floor, gcd

from pipeline.edit.edits import EditSet
from pipeline.edit.elimination import STRICT, LimitExceeded, Row, System

# Numbers that the search assigns before it is given up.
MAX_ASSIGNMENTS = 5000
# A variable, with the equalities and inequalities that bound it by the variables of later steps.
Step = tuple[int, list[Row], list[Row]]


def have_whole_solution(edit_set: EditSet, values: Sequence[int | None], freed: Set[int]) -> bool:
    """Return whether the freed variables have values that meet all hard edits, whole where the set says so.

    `values` are the record's, from `EditSet.to_integers`; `freed` are indexes and include all variables without value.
    A kept value that should be whole must be. Raises LimitExceeded where the question is too large.
    """
    unit = edit_set.to_integer(1)
    whole = {j for j, v in enumerate(edit_set.variables) if v in edit_set.whole}
    if any((values[j] or 0) % unit for j in whole - freed):
        return False
    system = edit_set.build_system_at([None if j in freed else x for j, x in enumerate(values)])
    system = system.free_all(freed - whole)
    if any(freed.isdisjoint(coef) for coef in system.violated_rows()):
        return False
    search = WholeSearch.of(system, sorted(freed & whole), unit)
    return search is not None and search.find_solution()


@dataclass
class WholeSearch:
    """The steps of an elimination."""

    steps: list[Step] = field(default_factory=list)
    assignments_left: int = MAX_ASSIGNMENTS

    @classmethod
    def of(cls, system: System, variables: Sequence[int], unit: int) -> WholeSearch | None:
        """Return the search for whole multiples of `unit`, None where the elimination shows that there are none."""
        search, inside = cls(), set(variables)
        bounds: list[Row] = [({j: a}, gap) for j in variables for a, gap in system.bounds[j]]
        equalities = _restrict(system.equalities, inside, unit)
        inequalities = _restrict([*system.inequalities, *bounds], inside, unit)
        for j in variables:
            rounded = _round_rows(equalities, inequalities)
            if rounded is None:
                return None
            equalities, inequalities = rounded
            search.steps.append((j, _naming(equalities, j), _naming(inequalities, j)))
            no_bounds: list[list[tuple[int, int]]] = [[] for _ in range(j + 1)]
            left = System(equalities, inequalities, no_bounds).free(j)
            equalities, inequalities = left.equalities, left.inequalities
        return None if System(equalities, inequalities, []).violated_rows() else search

    def find_solution(self) -> bool:
        """Return whether all variables have whole numbers. Raises LimitExceeded."""
        order, values = self.steps[::-1], dict[int, int]()
        choices = [self._choices(order[0], values)] if order else []
        while choices:
            j = order[len(choices) - 1][0]
            values.pop(j, None)
            value = next(choices[-1], None)
            if value is None:
                choices.pop()
                continue
            values[j] = value
            if len(choices) == len(order):
                return True
            choices.append(self._choices(order[len(choices)], values))
        return not order

    def _choices(self, step: Step, values: Mapping[int, int]) -> Iterator[int]:
        """Yield the numbers that a variable may have. Raises LimitExceeded after too many of all variables."""
        for value in _whole_numbers_between(*_interval(*step, values)):
            self.assignments_left -= 1
            if self.assignments_left < 0:
                raise LimitExceeded
            yield value


def _restrict(rows: Iterable[Row], variables: Set[int], unit: int) -> list[Row]:
    """Return the rows that name one of the variables, in multiples of `unit`; other variables have their values."""
    return [
        ({j: a * unit if j >= 0 else a for j, a in coef.items() if j in variables or j == STRICT}, gap)
        for coef, gap in rows
        if not variables.isdisjoint(coef)
    ]


def _naming(rows: Sequence[Row], j: int) -> list[Row]:
    return [row for row in rows if j in row[0]]


def _round_rows(equalities: Sequence[Row], inequalities: Sequence[Row]) -> tuple[list[Row], list[Row]] | None:
    """Return the rows divided by the divisor of their coefficients; None if an equality has no whole solution."""
    divisors = [gcd(*coef.values()) for coef, _ in equalities]
    if any(gap % divisor if divisor else gap for divisor, (_, gap) in zip(divisors, equalities, strict=True)):
        return None
    divided = [
        ({j: a // d for j, a in coef.items()}, gap // d)
        for d, (coef, gap) in zip(divisors, equalities, strict=True)
        if d
    ]
    return divided, [_round_inequality(row) for row in inequalities]


def _round_inequality(row: Row) -> Row:
    """Return an inequality of whole numbers in smaller integers; a strict one becomes one that is not."""
    coef = {j: a for j, a in row[0].items() if j != STRICT}
    divisor = gcd(*coef.values())
    return ({j: a // divisor for j, a in coef.items()}, row[1] // divisor) if divisor else (coef, row[1])


def _interval(
    j: int, equalities: Sequence[Row], inequalities: Sequence[Row], values: Mapping[int, int]
) -> tuple[int | None, int | None]:
    """Return the least and the greatest whole number of variable `j`; None for no limit."""
    lows: list[Fraction] = []
    highs: list[Fraction] = []
    for rows, are_equalities in ((equalities, True), (inequalities, False)):
        for coef, gap in rows:
            bound = Fraction(gap - sum(a * values[k] for k, a in coef.items() if k != j), coef[j])
            lows += [bound] if are_equalities or coef[j] < 0 else []
            highs += [bound] if are_equalities or coef[j] > 0 else []
    return max(map(ceil, lows), default=None), min(map(floor, highs), default=None)


def _whole_numbers_between(low: int | None, high: int | None) -> Iterator[int]:
    """Yield the whole numbers of an interval, those next to a limit or to 0 first; it may never end."""
    if low is not None:
        yield from takewhile(lambda x: high is None or x <= high, count(low))
    elif high is not None:
        yield from count(high, -1)
    else:
        for x in count():
            yield from (x, -x) if x else (0,)
