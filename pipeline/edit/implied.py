"""Find equalities that follow from others and are worth knowing, and variables that have only one value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from pipeline.edit.derive import reduce_rows
from pipeline.edit.linear_edit import Edit

# Of implied equalities, shorter ones first.
MAX_IMPLIED = 20
# A pair of edits is combined only if one of them has at most this many variables; the number of pairs is limited too.
MAX_LENGTH, MAX_PAIRS = 200, 20_000

Row = Mapping[str, Fraction]


@dataclass(frozen=True)
class ImpliedEquality:
    """An equality that follows from others: the sum of `coef` times variable is `rhs`.

    `edits` are the names of the two edits that give it; empty where more of them do.
    """

    coef: Mapping[str, Fraction]
    rhs: Fraction
    edits: tuple[str, ...] = ()


def find_fixed_values(equalities: Sequence[Edit]) -> dict[str, Fraction]:
    """Return the variables that have one value where the equalities hold."""
    return {pivot: rhs for pivot, coef, rhs in _reduced(equalities) if not coef}


def find_implied_equalities(equalities: Sequence[Edit], fixed: Mapping[str, Fraction]) -> tuple[ImpliedEquality, ...]:
    """Return equalities that no edit states: of two variables, or shorter than both edits that give it.

    Variables that have one value are left out.
    """
    known = {_key(*_row(e, fixed)) for e in equalities}
    found: dict[object, ImpliedEquality] = {}
    for implied in (*_pairs(equalities), *_shorter_combinations(equalities, fixed)):
        key = _key(implied.coef, implied.rhs)
        if key not in known:
            found.setdefault(key, implied)
    return tuple(sorted(found.values(), key=lambda e: len(e.coef))[:MAX_IMPLIED])


def _reduced(equalities: Sequence[Edit]) -> list[tuple[str, Row, Fraction]]:
    """Return the equalities solved: `variable == sum of coef * free variable + constant`."""
    names = list(dict.fromkeys(v for e in equalities for v in e.coef))
    index = {v: i for i, v in enumerate(names)}
    rows = [({index[v]: Fraction(c) for v, c in e.coef.items()}, Fraction(e.rhs)) for e in equalities]
    return [
        (names[min(coef)], {names[j]: -Fraction(a) for j, a in coef.items() if j != min(coef)}, Fraction(rhs))
        for coef, rhs in reduce_rows(rows)
    ]


def _row(edit: Edit, fixed: Mapping[str, Fraction]) -> tuple[Row, Fraction]:
    """Return coefficients and right side of an edit with the fixed values filled in."""
    coef = {v: Fraction(c) for v, c in edit.coef.items() if v not in fixed}
    return coef, Fraction(edit.rhs) - sum(Fraction(c) * fixed[v] for v, c in edit.coef.items() if v in fixed)


def _key(coef: Row, rhs: Fraction) -> object:
    """Return the same key for equal equalities."""
    if not coef:
        return None
    lead = coef[min(coef)]
    return frozenset((v, c / lead) for v, c in coef.items()), rhs / lead


def _pairs(equalities: Sequence[Edit]) -> Iterator[ImpliedEquality]:
    """Yield an equality for each variable that depends on one other variable only."""
    # The first variable of each direction, with its multiple of it and its constant.
    first: dict[object, tuple[str, Fraction, Fraction]] = {}
    solved = [(pivot, coef, rhs) for pivot, coef, rhs in _reduced(equalities) if coef]
    free = dict.fromkeys(v for _, coef, _ in solved for v in coef)
    for variable, form, constant in [*((v, {v: Fraction(1)}, Fraction(0)) for v in free), *solved]:
        lead = form[min(form)]
        key = frozenset((v, a / lead) for v, a in form.items())
        if key not in first:
            first[key] = variable, lead, constant
            continue
        other, other_lead, other_constant = first[key]
        ratio = lead / other_lead
        yield ImpliedEquality({variable: Fraction(1), other: -ratio}, constant - ratio * other_constant)


def _shorter_combinations(equalities: Sequence[Edit], fixed: Mapping[str, Fraction]) -> Iterator[ImpliedEquality]:
    """Yield sums of multiples of two equalities that have fewer variables than either."""
    rows = [(e, *_row(e, fixed)) for e in equalities]
    rows = [row for row in rows if 1 < len(row[1]) <= MAX_LENGTH]
    for number, ((a, coef, rhs), (b, other, other_rhs)) in enumerate(combinations(rows, 2)):
        if number > MAX_PAIRS:
            return
        shared = [v for v in coef if v in other]
        if len(shared) < 2:
            continue
        for ratio in dict.fromkeys(coef[v] / other[v] for v in shared):
            total = {v: coef.get(v, Fraction(0)) - ratio * other.get(v, Fraction(0)) for v in (*coef, *other)}
            short = {v: c for v, c in total.items() if c}
            if 1 < len(short) < min(len(coef), len(other)):
                yield ImpliedEquality(short, rhs - ratio * other_rhs, (a.name, b.name))
