"""Correct balances that fail only because their numbers were rounded, for any edits (Scholtus 2008).

A record is corrected only where the changes repair broken balances and break no edit that held. All numbers are exact.
Where several corrections are equally good, one of them is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.edit.correct import Correction, CorrectionStatus, Values, make_correction
from pipeline.edit.edits import Edit, EditSet, Number, Record
from pipeline.edit.elimination import LimitExceeded
from pipeline.edit.localise import (
    MAX_NODES,
    ComponentLocalisation,
    SearchLimits,
    Weights,
    free_missing,
    localise_component,
)

# Sums of rounded numbers differ from the rounded sum by at most this many units of the last place.
MAX_ROUNDING_UNITS = 2


@dataclass(frozen=True)
class RoundingOptions:
    """The limits of a rounding error.

    The variables in `fixed` are never changed. `eps` is the largest residual of a balance, and the largest change of a
    number, that rounding explains (None: MAX_ROUNDING_UNITS). `max_nodes` limits the search, per component.
    """

    fixed: frozenset[str] = frozenset()
    eps: Number | None = None
    max_nodes: int = MAX_NODES


DEFAULT_ROUNDING = RoundingOptions()


def correct_rounding(edit_set: EditSet, record: Record, options: RoundingOptions = DEFAULT_ROUNDING) -> Correction:
    """Repair balances whose residual is no larger than rounding makes it, by the fewest and smallest changes.

    Any number of the balance may have been rounded; the largest is changed, where the change matters least. `ties` are
    all sets that could have been changed.
    """
    unit = Decimal(1).scaleb(-edit_set.decimal_places)
    largest = MAX_ROUNDING_UNITS * unit if options.eps is None else Decimal(options.eps)
    # An edit that is broken for another reason stays broken and constrains nothing here.
    edits = [
        e
        for e in edit_set.edits
        if e.holds(record) is not False or (e.op == "==" and _is_rounding_residual(e, record, largest))
    ]
    changes: dict[str, Decimal] = {}
    ties: list[tuple[str, ...]] = []
    is_limited = False
    weights, limits = Weights(fixed=options.fixed), SearchLimits(max_nodes=options.max_nodes)
    for component in EditSet(edit_set.variables, edits, edit_set.decimal_places, edit_set.whole).components:
        try:
            system = free_missing(component, record)
        except LimitExceeded:
            is_limited = True
            continue
        result = localise_component(component, system, record, weights, limits)
        is_limited = is_limited or result.localisation.status == "limit"
        changes |= _smallest_change(component, record, result, largest)
        ties += result.localisation.error_sets if len(result.localisation.error_sets) > 1 else ()
    correction = make_correction(edit_set, record, changes)
    status: CorrectionStatus = "limit" if is_limited and correction.status == "invalid" else correction.status
    return Correction(status, correction.values, tuple(ties))


def _is_rounding_residual(edit: Edit, record: Record, largest: Decimal) -> bool:
    """Return whether an edit's residual is no larger than rounding makes it."""
    return abs(Decimal(edit.residual(record) or 0)) <= largest


def _smallest_change(
    component: EditSet, record: Record, result: ComponentLocalisation, largest: Decimal
) -> dict[str, Decimal]:
    """Return the new values of the error set that changes the record least; empty where none is a rounding change."""
    changes = [
        change
        for error_set, system in zip(result.localisation.error_sets, result.systems, strict=True)
        if (change := _rounding_change(component, record, error_set, system.solve_steps()))
    ]
    changes = [c for c in changes if all(abs(x - Decimal(record[v] or 0)) <= largest for v, x in c.items())]
    sizes = [_size_of_change(change, record) for change in changes]
    return changes[sizes.index(min(sizes))] if changes else {}


def _rounding_change(
    component: EditSet, record: Record, error_set: Sequence[str], steps: Mapping[int, int]
) -> dict[str, Decimal]:
    """Return the new values of an error set; empty unless each step follows from the balances."""
    step_of = {v: steps.get(component.variables.index(v)) for v in error_set}
    if None in step_of.values():
        return {}
    return {v: component.to_decimal(component.to_integer(record[v] or 0) + (step or 0)) for v, step in step_of.items()}


def _size_of_change(values: Values, record: Record) -> tuple[Decimal, Decimal, tuple[str, ...]]:
    """Return a sort key: the total change, then larger numbers before smaller ones, then the names."""
    change = sum((abs(x - Decimal(record[v] or 0)) for v, x in values.items()), Decimal(0))
    size = sum((abs(x) for x in values.values()), Decimal(0))
    return change, -size, tuple(values)
