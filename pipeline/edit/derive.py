"""Derive: what a variable without value must be, because the edits leave it no other (deductive imputation).

Bounds are narrowed edit by edit (a total of 0 makes its parts 0); what balances leave open is solved as a system; the
last few are projected one by one, which misses nothing. All exact, in fractions of integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pipeline.edit.edits import EditSet, Record
from pipeline.edit.elimination import Abandoned, System

# With more open variables than this, projecting each would cost more than it finds.
MOST_PROJECTED = 8
# Narrowing may go on for ever (x <= y/2, y <= x); what it has not found by then is left open.
MOST_ROUNDS = 50

Coefficients = Mapping[int, int | Fraction]
# sum of coef * x <= bound
AtMost = tuple[Coefficients, int | Fraction]
Bounds = dict[int, Fraction]


@dataclass(frozen=True)
class Derived:
    """The derived values by variable, and the variables that stay open. Where the values at hand break the edits
    (`feasible` is False) or the question is too large (None) nothing is derived.
    """

    feasible: bool | None
    values: dict[str, Decimal]
    undetermined: tuple[str, ...]


def derive(edit_set: EditSet, record: Record) -> Derived:
    """Values of the variables that have none, where the hard edits allow one value only.

    Edits that share no variable are taken apart: where one part is broken the others are still derived. A value that
    is no finite decimal stays open.
    """
    values: dict[str, Decimal] = {}
    states = [_derive_part(part, record, values) for part in edit_set.components]
    feasible = False if False in states else None if None in states else True
    left = tuple(v for v in edit_set.variables if record.get(v) is None and v not in values)
    return Derived(feasible, values, left)


def _derive_part(part: EditSet, record: Record, values: dict[str, Decimal]) -> bool | None:
    """Add what follows in one component to `values`; whether the values at hand are feasible."""
    bound = {v for e in part.edits if e.hard for v in e.coef}
    unknown = [j for j, name in enumerate(part.variables) if name in bound and record.get(name) is None]
    system = part.system(record)
    found = _solved(system, unknown)
    feasible = _feasible(system, unknown, found)
    if feasible:
        found |= _projected(system, unknown, [j for j in unknown if j not in found])
        for j, value in found.items():
            decimal = Decimal(value.numerator) / Decimal(value.denominator)
            if Fraction(decimal) == value:
                values[part.variables[j]] = decimal.scaleb(-part.places).normalize() + 0
    return feasible


def _feasible(system: System, unknown: Sequence[int], found: Bounds) -> bool | None:
    """Whether the unknown can be given values; None where that is too much to find out.

    What was found follows if anything does, so it is put in. Where the rest cannot be eliminated, a witness may still
    show that it can be done: the rest are 0, as they are where an office leaves its zeros blank.
    """
    whole = {j: int(value) for j, value in found.items() if value.denominator == 1}
    filled = system.moved(whole)
    try:
        return not filled.freed(j for j in unknown if j not in whole).violated()
    except Abandoned:
        return None if filled.violated() else True


def _solved(system: System, unknown: Sequence[int]) -> Bounds:
    """The values of the unknown that narrowing and solving find; in `system` they count as 0."""
    own = [({j: a}, gap) for j in unknown for a, gap in system.bounds[j]]
    atmost = [(_only(coef, unknown), gap) for coef, gap in (*system.atmost, *own)]
    equal = [(_only(coef, unknown), gap) for coef, gap in system.equal]
    found = _narrowed(equal, atmost)
    while True:
        solved = _narrowed(_echelon(_without(equal, found)), _without(atmost, found))
        if not solved:
            break
        found |= solved
    return found


def _only(coef: Mapping[int, int], unknown: Sequence[int]) -> Coefficients:
    return {j: coef[j] for j in unknown if j in coef}


def _without(rows: Iterable[AtMost], found: Bounds) -> list[AtMost]:
    """The rows with the found values put in; those that then name nothing are dropped."""
    put: list[AtMost] = []
    for coef, gap in rows:
        left = {j: a for j, a in coef.items() if j not in found}
        if left:
            put.append((left, gap - sum(a * found[j] for j, a in coef.items() if j in found)))
    return put


def _narrowed(equal: Sequence[AtMost], atmost: Sequence[AtMost]) -> Bounds:
    """The variables that interval arithmetic narrows to one value."""
    low: Bounds = {}
    high: Bounds = {}
    rows = [*atmost, *equal, *(({j: -a for j, a in coef.items()}, -gap) for coef, gap in equal)]
    for _ in range(MOST_ROUNDS):
        changed = [_tighten(coef, gap, low, high) for coef, gap in rows if coef]
        if not any(changed):
            break
    return {j: value for j, value in low.items() if high.get(j) == value}


def _tighten(coef: Coefficients, gap: int | Fraction, low: Bounds, high: Bounds) -> bool:
    """Narrow `low` and `high` by one row; whether anything changed."""
    # The least that each term can be; None where there is no bound.
    least = {j: _least(a, j, low, high) for j, a in coef.items()}
    open_ = [j for j, term in least.items() if term is None]
    if len(open_) > 1:
        return False
    total = sum(term for term in least.values() if term is not None)
    changed = False
    for j in open_ or coef:
        bound = Fraction(gap - total + (least[j] or 0)) / coef[j]
        side, better = (high, min) if coef[j] > 0 else (low, max)
        new = bound if j not in side else better(side[j], bound)
        changed = changed or side.get(j) != new
        side[j] = new
    return changed


def _least(a: int | Fraction, j: int, low: Bounds, high: Bounds) -> Fraction | None:
    bound = low.get(j) if a > 0 else high.get(j)
    return None if bound is None else a * bound


def _echelon(rows: Sequence[AtMost]) -> list[AtMost]:
    """Equalities in reduced row echelon form (Gauss-Jordan)."""
    # By pivot, each row without the pivots before it.
    done: dict[int, tuple[dict[int, Fraction], Fraction]] = {}
    order: dict[int, int] = {}
    for coef, gap in rows:
        row, rest = {j: Fraction(a) for j, a in coef.items()}, Fraction(gap)
        while pivots := row.keys() & done.keys():
            pivot = min(pivots, key=order.__getitem__)
            row, rest = _subtracted(row, rest, pivot, *done[pivot])
        if row:
            pivot = min(row)
            done[pivot] = {j: a / row[pivot] for j, a in row.items()}, rest / row[pivot]
            order[pivot] = len(order)
    solved: dict[int, tuple[dict[int, Fraction], Fraction]] = {}
    for pivot, (row, rest) in reversed(done.items()):
        for other in row.keys() & solved.keys():
            row, rest = _subtracted(row, rest, other, *solved[other])
        solved[pivot] = row, rest
    return list(solved.values())


def _subtracted(
    row: dict[int, Fraction], gap: Fraction, pivot: int, other: Mapping[int, Fraction], value: Fraction
) -> tuple[dict[int, Fraction], Fraction]:
    """A row without variable `pivot`, which stands with 1 in the other."""
    times = row[pivot]
    new = row | {j: row.get(j, Fraction(0)) - times * a for j, a in other.items()}
    return {j: a for j, a in new.items() if a}, gap - times * value


def _projected(system: System, unknown: Sequence[int], left: Sequence[int]) -> Bounds:
    """Those of `left` that have one value once every other unknown is eliminated, if they are few."""
    found: Bounds = {}
    for j in left if len(left) <= MOST_PROJECTED else ():
        try:
            alone = system.freed(other for other in unknown if other != j)
        except Abandoned:
            continue
        rows: list[AtMost] = [({j: a}, gap) for a, gap in alone.bounds[j]]
        rows += [({j: coef[j]}, gap) for coef, gap in alone.atmost if j in coef]
        found |= _narrowed([({j: coef[j]}, gap) for coef, gap in alone.equal if j in coef], rows)
    return found
