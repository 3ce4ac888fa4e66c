"""Variables eliminated from linear rows, in exact integers: Gauss for equalities, Fourier-Motzkin for bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from fractions import Fraction
from math import gcd

# Rows that an elimination of inequalities may leave; beyond it is given up rather than run for ever.
MOST_ROWS = 2000


class Abandoned(Exception):
    """An elimination grew beyond MOST_ROWS, or a search beyond its nodes."""


# Coefficients by variable, and the gap: right side minus left side at the record's values.
Row = tuple[dict[int, int], int]


class System:
    """Rows over the variables that keep their values.

    To free a variable is to eliminate it: the rows that are left can be met by the kept values exactly if the freed
    ones can be given values that meet the rows before. `bounds` holds, for each variable, the coefficient and gap of
    the rows on it alone. Instances are not changed; `free` and `moved` make new ones.
    """

    __slots__ = ("atmost", "beyond", "bounds", "equal", "pivots")

    def __init__(self, equal: list[Row], atmost: list[Row], bounds: list[list[tuple[int, int]]]) -> None:
        self.equal, self.atmost, self.bounds = equal, atmost, bounds
        self.pivots: tuple[tuple[int, Row | None], ...] = ()
        self.beyond = {j: a for j, rows in enumerate(bounds) for a, gap in rows if gap < 0}

    def violated(self) -> list[dict[int, int]]:
        """The coefficients of every row that the kept values do not meet; one without variables can never be met."""
        found = [coef for coef, gap in self.equal if gap]
        if self.atmost:
            found += [coef for coef, gap in self.atmost if gap < 0]
        if self.beyond:
            found += [{j: a} for j, a in self.beyond.items()]
        return found

    def free(self, j: int) -> System:
        """The system without variable `j`. Raises Abandoned where it grows too large."""
        new = System.__new__(System)
        holding = [row for row in self.equal if j in row[0]]
        own: list[Row] = [({j: a}, gap) for a, gap in self.bounds[j]]
        pivot = min(holding, key=lambda row: len(row[0])) if holding else None
        if pivot is None:
            new.equal, new.atmost = self.equal, _paired(self.atmost, own, j)
        else:
            kept = [row if j not in row[0] else _combined(row, pivot, j) for row in self.equal if row is not pivot]
            new.equal = [row for row in kept if row[0] or row[1]]
            new.atmost = [row if j not in row[0] else _combined(row, pivot, j) for row in (*self.atmost, *own)]
        new.bounds = self.bounds
        new.beyond = {k: a for k, a in self.beyond.items() if k != j} if j in self.beyond else self.beyond
        new.pivots = (*self.pivots, (j, pivot))
        return new

    def freed(self, variables: Iterable[int]) -> System:
        """The system with all of these freed, in their order. Raises Abandoned."""
        system = self
        for j in sorted(variables):
            system = system.free(j)
        return system

    def moved(self, steps: Mapping[int, int]) -> System:
        """The system after kept variables have changed by `steps`; none may have been freed before."""
        bounds = self.bounds.copy()
        for j, d in steps.items():
            bounds[j] = [(a, gap - a * d) for a, gap in bounds[j]]
        return System(_shifted(self.equal, steps), _shifted(self.atmost, steps), bounds)

    def steps(self) -> dict[int, int]:
        """By how much the freed variables must change, those that equalities determine and that stay integers."""
        # Each as a constant and coefficients of the freed variables that no equality determines.
        free: dict[int, tuple[Fraction, dict[int, Fraction]]] = {}
        for j, pivot in reversed(self.pivots):
            if pivot is None:
                free[j] = Fraction(0), {j: Fraction(1)}
                continue
            coef, gap = pivot
            constant, open_ = Fraction(gap, coef[j]), dict[int, Fraction]()
            for k in coef.keys() & free.keys():
                times = Fraction(coef[k], coef[j])
                constant -= times * free[k][0]
                for parameter, a in free[k][1].items():
                    open_[parameter] = open_.get(parameter, Fraction(0)) - times * a
            free[j] = constant, {k: a for k, a in open_.items() if a}
        return {j: int(x) for j, (x, open_) in free.items() if not open_ and x.denominator == 1}


def mended(equal: Sequence[Row], steps: Mapping[int, int], unknown: Set[int]) -> bool:
    """Whether every one of these equalities that names no unknown holds after `steps`: a quick look before `moved`."""
    return all(
        gap == sum([coef[j] * d for j, d in steps.items() if j in coef])
        for coef, gap in equal
        if not unknown or unknown.isdisjoint(coef)
    )


def _shifted(rows: list[Row], steps: Mapping[int, int]) -> list[Row]:
    return [(coef, gap - sum([coef[j] * d for j, d in steps.items() if j in coef])) for coef, gap in rows]


def _combined(row: Row, pivot: Row, j: int) -> Row:
    """`row` without variable `j`: a positive multiple of it plus a multiple of the equality `pivot`."""
    (coef, gap), (pivot_coef, pivot_gap) = row, pivot
    a, p = coef[j], pivot_coef[j]
    keep, take = (p, -a) if p > 0 else (-p, a)
    new = {k: v * keep for k, v in coef.items()} if keep != 1 else coef.copy()
    for k, v in pivot_coef.items():
        total = new.get(k, 0) + take * v
        if total:
            new[k] = total
        else:
            new.pop(k, None)
    result = gap * keep + pivot_gap * take
    return _reduced(new, result) if keep != 1 else (new, result)


def _reduced(coef: dict[int, int], gap: int) -> Row:
    divisor = gcd(*coef.values(), gap)
    return ({k: v // divisor for k, v in coef.items()}, gap // divisor) if divisor > 1 else (coef, gap)


def _paired(atmost: list[Row], own: list[Row], j: int) -> list[Row]:
    """Fourier-Motzkin: every upper bound on `j` joined with every lower one."""
    holding = [row for row in atmost if j in row[0]] + own
    above = [row for row in holding if row[0][j] > 0]
    below = [row for row in holding if row[0][j] < 0]
    kept = [row for row in atmost if j not in row[0]]
    if len(kept) + len(above) * len(below) > MOST_ROWS:
        raise Abandoned
    joined = [_joined(high, low, j) for high in above for low in below]
    return _tightest(kept + [row for row in joined if row[0] or row[1] < 0])


def _tightest(rows: list[Row]) -> list[Row]:
    """Of rows with the same coefficients the one with the least gap; without it their number would explode."""
    best: dict[frozenset[tuple[int, int]], Row] = {}
    for row in rows:
        key = frozenset(row[0].items())
        if key not in best or row[1] < best[key][1]:
            best[key] = row
    return list(best.values())


def _joined(high: Row, low: Row, j: int) -> Row:
    a, b = -low[0][j], high[0][j]
    coef = {k: v * a for k, v in high[0].items() if k != j}
    for k, v in low[0].items():
        if k != j:
            total = coef.get(k, 0) + b * v
            if total:
                coef[k] = total
            else:
                coef.pop(k, None)
    return _reduced(coef, high[1] * a + low[1] * b) if coef else (coef, high[1] * a + low[1] * b)
