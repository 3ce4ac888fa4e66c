"""Corrections that follow from the kind of slip alone, for any edits: typing, signs, rounding.

Typing after Scholtus (2009), signs and rounding after Scholtus (2008): a record is corrected only where the slip mends
broken balances and breaks nothing that held. All in exact integers; where several answers do as well none is taken,
but for rounding, where any will do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Literal

from pipeline.edit.edits import Edit, EditSet, Record
from pipeline.edit.elimination import Abandoned
from pipeline.edit.localise import EQUAL, NODES, Weights, blank, search
from pipeline.edit.mechanism import typed

# consistent: nothing to correct; corrected: every edit holds now; partial: some still fail; tied: several corrections
# do as well; invalid: no such slip mends anything; limit: too many to try.
Outcome = Literal["consistent", "corrected", "partial", "tied", "invalid", "limit"]
Values = Mapping[str, Decimal]
# Sums of rounded numbers are off by this many units of the last place at most.
ROUNDING = 2
# Edits tested, over all combinations that may have to be tried.
MOST_TRIED = 5_000_000


@dataclass(frozen=True)
class Corrected:
    """The outcome, the corrected values by variable, and the ties (sets of variables) where none was taken."""

    status: Outcome
    values: Values
    ties: tuple[tuple[str, ...], ...] = ()


def typos(edit_set: EditSet, record: Record) -> Corrected:
    """Numbers that one slip of typing turns into what a broken balance needs, as many balances as can be mended.

    A number in a balance that holds is never touched, and no balance is mended twice.
    """
    broken = _broken_equalities(edit_set, record)
    if not broken:
        return _outcome(edit_set, record, {})
    offers = list(dict.fromkeys(_offers(edit_set, record)))
    if 2 ** len(offers) * len(edit_set.edits) > MOST_TRIED:
        return Corrected("limit", {})
    best: list[tuple[tuple[str, Decimal], ...]] = []
    most = 0
    for chosen in _compatible(offers, edit_set):
        mended = _mended(edit_set, record, dict(chosen))
        if mended > most:
            best, most = [chosen], mended
        elif mended == most and mended:
            best.append(chosen)
    shared = set(best[0]).intersection(*best[1:]) if best else set()
    result = _outcome(edit_set, record, {v: x for v, x in (best[0] if best else ()) if (v, x) in shared})
    if len(best) > 1:
        return Corrected("partial" if shared else "tied", result.values, tuple(tuple(v for v, _ in c) for c in best))
    return result


def _offers(edit_set: EditSet, record: Record) -> Iterator[tuple[str, Decimal]]:
    """(variable, value) that mends a broken balance and is one slip of typing away from the printed number."""
    for variable in edit_set.variables:
        was = record.get(variable)
        touched = [e for e in edit_set.touching[variable] if e.op == "=="]
        if was is None or any(e.holds(record) for e in touched):
            continue
        for edit in touched:
            if edit.hard and edit.holds(record) is False:
                meant = Decimal(was) - Decimal(edit.residual(record) or 0) / edit.coef[variable]
                if meant == meant.quantize(Decimal(1).scaleb(-edit_set.places)) and typed(Decimal(was), meant):
                    yield variable, meant.normalize() + 0


def _compatible(offers: Sequence[tuple[str, Decimal]], edit_set: EditSet) -> Iterator[tuple[tuple[str, Decimal], ...]]:
    """The sets of offers of which no two stand in one balance, larger ones first."""
    for size in range(len(offers), 0, -1):
        for chosen in combinations(offers, size):
            balances = [e for v, _ in chosen for e in edit_set.balances[v]]
            if len(set(balances)) == len(balances):
                yield chosen


def _mended(edit_set: EditSet, record: Record, values: Values) -> int:
    """How many broken balances hold after changes of which no two touch one; 0 where they break an edit that held."""
    after = {**record, **values}
    touched = [(e, e.holds(record), e.holds(after)) for v in values for e in edit_set.touching[v]]
    if any(before and now is False for _, before, now in touched):
        return 0
    return sum(e.hard and e.op == "==" and before is False and now is True for e, before, now in touched)


def signs(edit_set: EditSet, record: Record, weights: Weights = EQUAL) -> Corrected:
    """The least weighted set of numbers whose signs are turned so that every edit holds."""
    if not _broken_equalities(edit_set, record):
        return _outcome(edit_set, record, {})
    named = {v for e in edit_set.edits for v in e.coef}
    turned = [v for v in edit_set.variables if v in named and record.get(v)]
    if 2 ** len(turned) * len(edit_set.edits) > MOST_TRIED:
        return Corrected("limit", {})
    sets = (c for size in range(1, len(turned) + 1) for c in combinations(turned, size))
    for_weight = sorted(sets, key=lambda c: sum(weights.given.get(v, weights.usual) for v in c))
    found: list[tuple[str, ...]] = []
    for chosen in for_weight:
        weight = sum(weights.given.get(v, weights.usual) for v in chosen)
        if found and weight > sum(weights.given.get(v, weights.usual) for v in found[0]):
            break
        if all(e.holds({**record, **_turned(record, chosen)}) is not False for e in edit_set.edits if e.hard):
            found.append(chosen)
    if len(found) > 1:
        return Corrected("tied", {}, tuple(found))
    return _outcome(edit_set, record, _turned(record, found[0]) if found else {})


def _turned(record: Record, chosen: Sequence[str]) -> dict[str, Decimal]:
    return {v: -Decimal(record[v] or 0) for v in chosen}


def rounding(edit_set: EditSet, record: Record, nodes: int = NODES) -> Corrected:
    """Balances that are off by no more than rounding makes them are mended by the fewest and smallest changes.

    Any of the numbers may have been the rounded one; the largest is taken, where the change matters least.
    """
    unit = Decimal(1).scaleb(-edit_set.places)
    # What is broken for another reason stays so, and binds nothing here.
    kept = [e for e in edit_set.edits if e.holds(record) is not False or (e.op == "==" and _slightly(e, record, unit))]
    changes: dict[str, Decimal] = {}
    ties: list[tuple[str, ...]] = []
    given_up = False
    for part in EditSet(edit_set.variables, kept, edit_set.places).components:
        try:
            found = search(part, blank(part, record), record, EQUAL, None, nodes)
        except Abandoned:
            given_up = True
            continue
        given_up = given_up or found.located.status == "limit"
        solved = zip(found.located.errors, found.solved, strict=True)
        options = [o for o in (_small(part, record, wrong, system.steps()) for wrong, system in solved) if o]
        harm = [_harm(o, record) for o in options]
        if options:
            changes |= options[harm.index(min(harm))]
        ties += found.located.errors if len(found.located.errors) > 1 else ()
    result = _outcome(edit_set, record, changes)
    status: Outcome = "limit" if given_up and result.status == "invalid" else result.status
    return Corrected(status, result.values, tuple(ties))


def _slightly(edit: Edit, record: Record, unit: Decimal) -> bool:
    """Whether an edit is off by no more than rounding makes it."""
    return abs(Decimal(edit.residual(record) or 0)) <= ROUNDING * unit


def _small(part: EditSet, record: Record, wrong: Sequence[str], steps: Mapping[int, int]) -> dict[str, Decimal]:
    """The changed values, if each follows from the balances and no step is larger than rounding makes it."""
    moved = {v: steps.get(part.variables.index(v)) for v in wrong}
    if any(d is None or abs(d) > ROUNDING for d in moved.values()):
        return {}
    return {v: part.plain(part.scaled(record[v] or 0) + (d or 0)) for v, d in moved.items()}


def _harm(values: Values, record: Record) -> tuple[Decimal, Decimal, tuple[str, ...]]:
    change = sum((abs(x - Decimal(record[v] or 0)) for v, x in values.items()), Decimal(0))
    size = sum((abs(x) for x in values.values()), Decimal(0))
    return change, -size, tuple(values)


def _broken_equalities(edit_set: EditSet, record: Record) -> list[Edit]:
    return [e for e in edit_set.edits if e.hard and e.op == "==" and e.holds(record) is False]


def _outcome(edit_set: EditSet, record: Record, values: Values) -> Corrected:
    after = {**record, **values}
    holds = all(e.holds(after) is not False for e in edit_set.edits if e.hard)
    status: Outcome = "partial" if values else "invalid"
    if holds:
        status = "corrected" if values else "consistent"
    return Corrected(status, values)
