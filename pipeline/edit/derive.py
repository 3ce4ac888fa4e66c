"""Derive missing values that the edits determine (deductive imputation).

Three steps find a value, all in exact fractions. Interval narrowing goes through the rows one by one: a total of 0
makes its parts 0. Gauss-Jordan elimination solves the equalities that remain. The last few open variables are
projected: every other unknown is eliminated, so no determined value is missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pipeline.edit.edits import EditSet, Record
from pipeline.edit.elimination import STRICT, LimitExceeded, System
from pipeline.edit.whole_numbers import have_whole_solution

# With more open variables than this, the projections cost more than they are worth.
MAX_PROJECTED_VARIABLES = 8
# Narrowing may never end (x <= y/2, y <= x); variables that are open after this many rounds stay open.
MAX_NARROWING_ROUNDS = 50

Coefficients = Mapping[int, int | Fraction]
# Coefficients by variable index, and a bound: sum of coef * x <= bound, or == bound for an equality.
LinearRow = tuple[Coefficients, int | Fraction]
# Bounds or values by variable index.
Fractions = dict[int, Fraction]


@dataclass(frozen=True)
class Imputation:
    """The derived values by variable, and the variables that stay without value.

    `feasible` is False if the given values break the edits, and None if the question is too large; nothing is
    derived in such a component.
    """

    feasible: bool | None
    values: dict[str, Decimal]
    undetermined: tuple[str, ...]


def derive(edit_set: EditSet, record: Record) -> Imputation:
    """Return the values of the variables without value, where the hard edits allow only one.

    Components are derived separately: a broken component does not affect the others. A variable stays undetermined if
    its value is not a finite decimal.
    """
    values: dict[str, Decimal] = {}
    states = [_derive_component(component, record, values) for component in edit_set.components]
    feasible = False if False in states else None if None in states else True
    undetermined = tuple(v for v in edit_set.variables if record.get(v) is None and v not in values)
    return Imputation(feasible, values, undetermined)


def _derive_component(component: EditSet, record: Record, values: dict[str, Decimal]) -> bool | None:
    """Add the derived values of one component to `values`; return its feasibility as in `Imputation`."""
    bound = {v for e in component.edits if e.hard for v in e.coef}
    unknown = [j for j, name in enumerate(component.variables) if name in bound and record.get(name) is None]
    system = component.build_system(record)
    solution = _solve(system, unknown)
    feasible = _is_feasible(system, unknown, solution)
    if feasible and component.whole:
        feasible = _has_whole_solution(component, record)
    if feasible:
        solution |= _project(system, unknown, [j for j in unknown if j not in solution])
        for j, value in solution.items():
            decimal = Decimal(value.numerator) / Decimal(value.denominator)
            if Fraction(decimal) == value:
                values[component.variables[j]] = decimal.scaleb(-component.decimal_places).normalize() + 0
    return feasible


def _is_feasible(system: System, unknown: Sequence[int], solution: Fractions) -> bool | None:
    """Return whether the unknown variables can be given values; None if the question is too large.

    The solution is filled in first: it holds in every feasible record. Where the other unknowns cannot be eliminated, a
    record in which they are 0 may still prove feasibility; offices leave zeros blank.
    """
    integer_values = {j: int(value) for j, value in solution.items() if value.denominator == 1}
    filled = system.shift(integer_values)
    try:
        return not filled.free_all(j for j in unknown if j not in integer_values).violated_rows()
    except LimitExceeded:
        return None if filled.violated_rows() else True


def _has_whole_solution(component: EditSet, record: Record) -> bool | None:
    """Return whether the missing values can be whole where they must be; None if the question is too large."""
    values = component.to_integers(record)
    try:
        return have_whole_solution(component, values, {j for j, x in enumerate(values) if x is None})
    except LimitExceeded:
        return None


def _solve(system: System, unknown: Sequence[int]) -> Fractions:
    """Return the values of unknown variables that narrowing and Gauss-Jordan find; `system` counts unknowns as 0."""
    bounds = [({j: a}, gap) for j in unknown for a, gap in system.bounds[j]]
    inequalities = [(_restrict(coef, unknown), _limit(coef, gap)) for coef, gap in (*system.inequalities, *bounds)]
    equalities = [(_restrict(coef, unknown), gap) for coef, gap in system.equalities]
    solution = _narrow(equalities, inequalities)
    while True:
        new = _narrow(reduce_rows(_substitute(equalities, solution)), _substitute(inequalities, solution))
        if not new:
            break
        solution |= new
    return solution


def _restrict(coef: Mapping[int, int], unknown: Sequence[int]) -> Coefficients:
    """Return the coefficients of the unknown variables."""
    return {j: coef[j] for j in unknown if j in coef}


def _limit(coef: Mapping[int, int], gap: int) -> int:
    """Return the gap of an inequality; a strict one is treated as if its limit could be reached.

    No value is derived wrongly: if the limit were the only value, the component would be infeasible.
    """
    return gap + coef.get(STRICT, 0)


def _substitute(rows: Iterable[LinearRow], solution: Fractions) -> list[LinearRow]:
    """Return the rows with the solved variables filled in; rows without a variable are dropped."""
    filled: list[LinearRow] = []
    for coef, gap in rows:
        open_coef = {j: a for j, a in coef.items() if j not in solution}
        if open_coef:
            filled.append((open_coef, gap - sum(a * solution[j] for j, a in coef.items() if j in solution)))
    return filled


def _narrow(equalities: Sequence[LinearRow], inequalities: Sequence[LinearRow]) -> Fractions:
    """Return the variables whose lower and upper bound are equal, with that value, after interval arithmetic."""
    low: Fractions = {}
    high: Fractions = {}
    rows = [*inequalities, *equalities, *(({j: -a for j, a in coef.items()}, -gap) for coef, gap in equalities)]
    for _ in range(MAX_NARROWING_ROUNDS):
        changes = [_tighten(coef, gap, low, high) for coef, gap in rows if coef]
        if not any(changes):
            break
    return {j: value for j, value in low.items() if high.get(j) == value}


def _tighten(coef: Coefficients, gap: int | Fraction, low: Fractions, high: Fractions) -> bool:
    """Narrow the bounds `low` and `high` by one row, in place; return whether one changed."""
    # The minimum of each term; None if the variable has no bound on that side.
    minimums = {j: _minimum_term(a, j, low, high) for j, a in coef.items()}
    unbounded = [j for j, term in minimums.items() if term is None]
    if len(unbounded) > 1:
        return False
    total = sum(term for term in minimums.values() if term is not None)
    changed = False
    for j in unbounded or coef:
        bound = Fraction(gap - total + (minimums[j] or 0)) / coef[j]
        side, tighter = (high, min) if coef[j] > 0 else (low, max)
        new = bound if j not in side else tighter(side[j], bound)
        changed = changed or side.get(j) != new
        side[j] = new
    return changed


def _minimum_term(a: int | Fraction, j: int, low: Fractions, high: Fractions) -> Fraction | None:
    """Return the least value of `a` times variable `j`; None if the bound that it depends on is missing.

    This is the lower bound for a positive `a`, else the upper bound.
    """
    bound = low.get(j) if a > 0 else high.get(j)
    return None if bound is None else a * bound


def reduce_rows(rows: Sequence[LinearRow]) -> list[LinearRow]:
    """Return equalities in reduced row echelon form (Gauss-Jordan)."""
    # Each row by its pivot, without the pivots of earlier rows.
    rows_by_pivot: dict[int, tuple[dict[int, Fraction], Fraction]] = {}
    order: dict[int, int] = {}
    for coef, gap in rows:
        row, rest = {j: Fraction(a) for j, a in coef.items()}, Fraction(gap)
        while pivots := row.keys() & rows_by_pivot.keys():
            pivot = min(pivots, key=order.__getitem__)
            row, rest = _eliminate(row, rest, pivot, *rows_by_pivot[pivot])
        if row:
            pivot = min(row)
            rows_by_pivot[pivot] = {j: a / row[pivot] for j, a in row.items()}, rest / row[pivot]
            order[pivot] = len(order)
    reduced: dict[int, tuple[dict[int, Fraction], Fraction]] = {}
    for pivot, (row, rest) in reversed(rows_by_pivot.items()):
        for other in row.keys() & reduced.keys():
            row, rest = _eliminate(row, rest, other, *reduced[other])
        reduced[pivot] = row, rest
    return list(reduced.values())


def _eliminate(
    row: dict[int, Fraction], gap: Fraction, pivot: int, pivot_row: Mapping[int, Fraction], pivot_gap: Fraction
) -> tuple[dict[int, Fraction], Fraction]:
    """Return a row without variable `pivot`, by means of a row in which `pivot` has the coefficient 1."""
    factor = row[pivot]
    new = row | {j: row.get(j, Fraction(0)) - factor * a for j, a in pivot_row.items()}
    return {j: a for j, a in new.items() if a}, gap - factor * pivot_gap


def _project(system: System, unknown: Sequence[int], open_variables: Sequence[int]) -> Fractions:
    """Return the open variables that have one value once every other unknown is eliminated.

    Returns nothing where more than MAX_PROJECTED_VARIABLES are open.
    """
    solution: Fractions = {}
    for j in open_variables if len(open_variables) <= MAX_PROJECTED_VARIABLES else ():
        try:
            projection = system.free_all(other for other in unknown if other != j)
        except LimitExceeded:
            continue
        rows: list[LinearRow] = [({j: a}, gap) for a, gap in projection.bounds[j]]
        rows += [({j: coef[j]}, _limit(coef, gap)) for coef, gap in projection.inequalities if j in coef]
        solution |= _narrow([({j: coef[j]}, gap) for coef, gap in projection.equalities if j in coef], rows)
    return solution
