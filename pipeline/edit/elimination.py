"""Eliminate variables from linear rows in exact integers: Gauss for equalities, Fourier-Motzkin for inequalities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from fractions import Fraction
from math import gcd

# An elimination of inequalities that leaves more rows is given up, because it could run for ever.
MAX_ROWS = 2000

# Coefficients by variable index, and the gap: right side minus left side at the record's values.
Row = tuple[dict[int, int], int]
# The index that marks a strict inequality, `gap > 0`. Its coefficient is 1, and the gap of the row is reduced by 1:
# gaps are integers, so the row holds if that gap is not negative, as for all inequalities. No variable has this index.
STRICT = -1


class LimitExceeded(Exception):
    """An elimination left more than MAX_ROWS rows, or a search used more nodes than allowed."""


class System:
    """Linear rows over the variables that keep their values, with gaps at these values.

    To free a variable is to eliminate it from the rows. The kept values meet the remaining rows exactly if the freed
    variables can be given values that meet the original rows.

    Variables are indexes. An equality holds if its gap is 0, an inequality if its gap is not negative; see STRICT for
    strict ones. `bounds` holds, for each variable, coefficient and gap of the inequalities on that variable alone that
    are not strict. `pivots` holds each freed variable with the equality that eliminated it, None if there was none.
    Instances do not change: `free` and `shift` return new ones.
    """

    __slots__ = ("bounds", "broken_bounds", "equalities", "inequalities", "pivots")

    def __init__(self, equalities: list[Row], inequalities: list[Row], bounds: list[list[tuple[int, int]]]) -> None:
        self.equalities, self.inequalities, self.bounds = equalities, inequalities, bounds
        self.pivots: tuple[tuple[int, Row | None], ...] = ()
        self.broken_bounds = {j: a for j, rows in enumerate(bounds) for a, gap in rows if gap < 0}

    def violated_rows(self) -> list[dict[int, int]]:
        """Return the coefficients of every row that the kept values do not meet.

        A row without coefficients can never be met.
        """
        rows = [coef for coef, gap in self.equalities if gap]
        if self.inequalities:
            rows += [_without_mark(coef) for coef, gap in self.inequalities if gap < 0]
        if self.broken_bounds:
            rows += [{j: a} for j, a in self.broken_bounds.items()]
        return rows

    def free(self, j: int) -> System:
        """Return the system without variable `j`. Raises LimitExceeded if it grows too large."""
        new = System.__new__(System)
        rows_with_j = [row for row in self.equalities if j in row[0]]
        bounds_of_j: list[Row] = [({j: a}, gap) for a, gap in self.bounds[j]]
        pivot = min(rows_with_j, key=lambda row: len(row[0])) if rows_with_j else None
        if pivot is None:
            new.equalities = self.equalities
            new.inequalities = _eliminate_by_pairs(self.inequalities, bounds_of_j, j)
        else:
            equalities = [
                row if j not in row[0] else _eliminate_by_pivot(row, pivot, j)
                for row in self.equalities
                if row is not pivot
            ]
            new.equalities = [row for row in equalities if row[0] or row[1]]
            new.inequalities = [row for row in self.inequalities if j not in row[0]]
            with_j = [row for row in self.inequalities if j in row[0]] + bounds_of_j
            eliminated = [_eliminate_by_pivot(row, pivot, j) for row in with_j]
            new.inequalities += [row for row in eliminated if not self._follows_from_bounds(row)]
        new.bounds = self.bounds
        new.broken_bounds = (
            {k: a for k, a in self.broken_bounds.items() if k != j} if j in self.broken_bounds else self.broken_bounds
        )
        new.pivots = (*self.pivots, (j, pivot))
        return new

    def _follows_from_bounds(self, row: Row) -> bool:
        """Return whether an inequality holds wherever its variables are in their own bounds, so that it adds nothing.

        Only lower bounds of variables with negative coefficients are used, as of counts that are not negative.
        """
        coef, slack = row
        for j, a in coef.items():
            if a > 0:
                return False
            room = min((gap for b, gap in self.bounds[j] if b == -1), default=None) if j < len(self.bounds) else None
            if room is None:
                return False
            slack += a * room
        return slack >= 0

    def free_all(self, variables: Iterable[int]) -> System:
        """Return the system without these variables, freed in ascending order. Raises LimitExceeded."""
        system = self
        for j in sorted(variables):
            system = system.free(j)
        return system

    def shift(self, steps: Mapping[int, int]) -> System:
        """Return the system after kept variables changed by `steps`. No variable may have been freed before."""
        bounds = self.bounds.copy()
        for j, step in steps.items():
            bounds[j] = [(a, gap - a * step) for a, gap in bounds[j]]
        return System(_shift_rows(self.equalities, steps), _shift_rows(self.inequalities, steps), bounds)

    def solve_steps(self) -> dict[int, int]:
        """Return by how much each freed variable must change, where the equalities determine a whole number."""
        # Each freed variable as a constant plus coefficients of the freed variables that no equality determines.
        solutions: dict[int, tuple[Fraction, dict[int, Fraction]]] = {}
        for j, pivot in reversed(self.pivots):
            if pivot is None:
                solutions[j] = Fraction(0), {j: Fraction(1)}
                continue
            coef, gap = pivot
            constant, parameters = Fraction(gap, coef[j]), dict[int, Fraction]()
            for k in coef.keys() & solutions.keys():
                factor = Fraction(coef[k], coef[j])
                constant -= factor * solutions[k][0]
                for parameter, a in solutions[k][1].items():
                    parameters[parameter] = parameters.get(parameter, Fraction(0)) - factor * a
            solutions[j] = constant, {k: a for k, a in parameters.items() if a}
        return {j: int(x) for j, (x, parameters) in solutions.items() if not parameters and x.denominator == 1}


class BalanceTest:
    """A fast test of whether every equality holds after some variables change; most hypotheses fail it."""

    def __init__(self, equalities: Sequence[Row], rows_of: Sequence[Sequence[tuple[int, int]]]) -> None:
        """Take the equalities, and for each variable the indexes of those that name it, with its coefficient."""
        self._gaps, self._rows_of = [gap for _, gap in equalities], rows_of
        self._failing = [i for i, gap in enumerate(self._gaps) if gap]

    def holds_after(self, steps: Mapping[int, int], unknown: Set[int]) -> bool:
        """Return whether every equality without an unknown variable holds after `steps`."""
        changes: dict[int, int] = {}
        for j, step in steps.items():
            for i, a in self._rows_of[j]:
                changes[i] = changes.get(i, 0) + a * step
        open_rows = {i for j in unknown for i, _ in self._rows_of[j]}
        if any(self._gaps[i] != change and i not in open_rows for i, change in changes.items()):
            return False
        return all(i in changes or i in open_rows for i in self._failing)


def _shift_rows(rows: list[Row], steps: Mapping[int, int]) -> list[Row]:
    return [(coef, gap - sum([coef[j] * step for j, step in steps.items() if j in coef])) for coef, gap in rows]


def _eliminate_by_pivot(row: Row, pivot: Row, j: int) -> Row:
    """Return `row` without variable `j`: a positive multiple of it plus a multiple of the equality `pivot`."""
    (coef, gap), (pivot_coef, pivot_gap) = row, pivot
    a, p = coef[j], pivot_coef[j]
    row_factor, pivot_factor = (p, -a) if p > 0 else (-p, a)
    new = {k: v * row_factor for k, v in coef.items()} if row_factor != 1 else coef.copy()
    for k, v in pivot_coef.items():
        total = new.get(k, 0) + pivot_factor * v
        if total:
            new[k] = total
        else:
            new.pop(k, None)
    new_gap = gap * row_factor + pivot_gap * pivot_factor
    return _divide_by_gcd(new, new_gap) if row_factor != 1 else (new, new_gap)


def _without_mark(coef: dict[int, int]) -> dict[int, int]:
    """Return the coefficients of the variables of a row, without the mark of a strict one."""
    return {j: a for j, a in coef.items() if j != STRICT} if STRICT in coef else coef


def _divide_by_gcd(coef: dict[int, int], gap: int) -> Row:
    """Return the row divided by the greatest common divisor of its coefficients and gap.

    A strict row, whose mark has any positive coefficient, is divided without the mark.
    """
    if STRICT in coef:
        variables = _without_mark(coef)
        open_gap = gap + coef[STRICT]
        divisor = gcd(*variables.values(), open_gap) or 1
        return {k: v // divisor for k, v in variables.items()} | {STRICT: 1}, open_gap // divisor - 1
    divisor = gcd(*coef.values(), gap)
    return ({k: v // divisor for k, v in coef.items()}, gap // divisor) if divisor > 1 else (coef, gap)


def _eliminate_by_pairs(inequalities: list[Row], bounds_of_j: list[Row], j: int) -> list[Row]:
    """Eliminate `j` from inequalities (Fourier-Motzkin): add every upper bound on `j` to every lower bound.

    Raises LimitExceeded where more than MAX_ROWS rows would be left.
    """
    rows_with_j = [row for row in inequalities if j in row[0]] + bounds_of_j
    upper = [row for row in rows_with_j if row[0][j] > 0]
    lower = [row for row in rows_with_j if row[0][j] < 0]
    rows_without_j = [row for row in inequalities if j not in row[0]]
    if len(rows_without_j) + len(upper) * len(lower) > MAX_ROWS:
        raise LimitExceeded
    sums = [_add_bounds(high, low, j) for high in upper for low in lower]
    return _keep_tightest(rows_without_j + [row for row in sums if row[0] or row[1] < 0])


def _keep_tightest(rows: list[Row]) -> list[Row]:
    """Return, of rows with the same coefficients, the one with the least gap; otherwise the number of rows explodes."""
    tightest: dict[frozenset[tuple[int, int]], Row] = {}
    for row in rows:
        key = frozenset(row[0].items())
        if key not in tightest or row[1] < tightest[key][1]:
            tightest[key] = row
    return list(tightest.values())


def _add_bounds(high: Row, low: Row, j: int) -> Row:
    """Return the sum of positive multiples of an upper and a lower bound on `j` in which `j` cancels out."""
    a, b = -low[0][j], high[0][j]
    coef = {k: v * a for k, v in high[0].items() if k != j}
    for k, v in low[0].items():
        if k != j:
            total = coef.get(k, 0) + b * v
            if total:
                coef[k] = total
            else:
                coef.pop(k, None)
    return _divide_by_gcd(coef, high[1] * a + low[1] * b) if coef else (coef, high[1] * a + low[1] * b)
