"""Correct wrong signs and exchanged numbers, for any edits (Scholtus 2008; van der Loo, de Jonge, Scholtus 2011).

A record is corrected only where the changes make every edit hold. Where several corrections are equally good, none is
made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from pipeline.edit.correct import MAX_EDIT_TESTS, Correction, broken_balances, make_correction
from pipeline.edit.edits import EditSet, Number, Record
from pipeline.edit.localise import EQUAL_WEIGHTS, Weights

# One variable whose sign changes, or two that exchange their numbers.
_Action = tuple[str, ...]


@dataclass(frozen=True)
class SignOptions:
    """The changes that may be tried.

    `flip` are the variables whose sign may change (None: all), `swap` the pairs that may exchange their numbers. The
    variables in `fixed` are never changed. A balance holds if its residual is at most `eps`.
    """

    flip: frozenset[str] | None = None
    swap: tuple[tuple[str, str], ...] = ()
    fixed: frozenset[str] = frozenset()
    eps: Number = 0


ALL_SIGNS = SignOptions()


def correct_signs(
    edit_set: EditSet, record: Record, weights: Weights = EQUAL_WEIGHTS, options: SignOptions = ALL_SIGNS
) -> Correction:
    """Make the least weighted set of changes after which every hard edit holds.

    A change of a sign has the weight of its variable. An exchange is one change, with the larger weight of its two
    variables. Signs change before numbers are exchanged. Only a broken balance starts the search.
    """
    if not broken_balances(edit_set, record, options.eps):
        return make_correction(edit_set, record, {}, options.eps)
    actions = list(_possible_actions(edit_set, record, options))
    if 2 ** len(actions) * len(edit_set.edits) > MAX_EDIT_TESTS:
        return Correction("limit", {})
    best = _lightest_corrections(edit_set, record, _by_weight(actions, weights), options.eps)
    if len(best) > 1:
        return Correction("tied", {}, tuple(tuple(v for v in edit_set.variables if v in values) for values in best))
    return make_correction(edit_set, record, best[0] if best else {}, options.eps)


def _possible_actions(edit_set: EditSet, record: Record, options: SignOptions) -> Iterator[_Action]:
    """Yield the changes that may be tried and that have an effect, in the order of the variables."""
    variables_in_edits = {v for e in edit_set.edits for v in e.coef} - options.fixed
    for variable in edit_set.variables:
        may_flip = options.flip is None or variable in options.flip
        if may_flip and variable in variables_in_edits and record.get(variable):
            yield (variable,)
    for a, b in options.swap:
        if variables_in_edits.issuperset((a, b)) and None not in (x := record.get(a), y := record.get(b)) and x != y:
            yield a, b


def _by_weight(actions: Sequence[_Action], weights: Weights) -> Iterator[tuple[int, tuple[_Action, ...]]]:
    """Yield the sets of changes with their weight, lighter sets first and smaller ones before larger."""
    weight_of = {action: max(map(weights.of, action)) for action in actions}
    sets = (c for size in range(1, len(actions) + 1) for c in combinations(actions, size))
    yield from sorted(((sum(weight_of[a] for a in c), c) for c in sets), key=lambda pair: pair[0])


def _lightest_corrections(
    edit_set: EditSet, record: Record, sets: Iterator[tuple[int, tuple[_Action, ...]]], eps: Number
) -> list[dict[str, Decimal]]:
    """Return the different corrections of least weight after which every hard edit holds."""
    best: list[dict[str, Decimal]] = []
    least: int | None = None
    for weight, actions in sets:
        if least is not None and weight > least:
            break
        values = _values_after(record, actions)
        after = {**record, **values}
        if values not in best and all(e.holds(after, eps) is not False for e in edit_set.edits if e.hard):
            least = weight
            best.append(values)
    return best


def _values_after(record: Record, actions: Sequence[_Action]) -> dict[str, Decimal]:
    """Return the numbers that changed."""
    before = {v: Decimal(record[v] or 0) for action in actions for v in action}
    after = before.copy()
    for action in actions:
        if len(action) == 1:
            after[action[0]] = -after[action[0]]
        else:
            a, b = action
            after[a], after[b] = after[b], after[a]
    return {v: x for v, x in after.items() if x != before[v]}
