"""Correct numbers where the kind of slip alone gives the answer: typing slips and wrong signs, for any edits.

Typing follows Scholtus (2009), signs follow Scholtus (2008); `rounding` corrects rounding errors. A record is corrected
only where the slip repairs broken balances and breaks no edit that held. All numbers are exact. Where several
corrections are equally good, none is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Literal

from pipeline.edit.edits import Edit, EditSet, Record
from pipeline.edit.localise import EQUAL_WEIGHTS, Weights
from pipeline.edit.mechanism import is_typing_slip

# consistent: nothing to correct; corrected: every edit holds now; partial: some edits still fail; tied: several
# corrections are equally good; invalid: no such slip repairs anything; limit: too many combinations to try.
CorrectionStatus = Literal["consistent", "corrected", "partial", "tied", "invalid", "limit"]
Values = Mapping[str, Decimal]
# A correction of one variable: its name and its corrected value.
_Candidate = tuple[str, Decimal]
# Tests of single edits, over all combinations that may have to be tried.
MAX_EDIT_TESTS = 5_000_000


@dataclass(frozen=True)
class Correction:
    """The status, the corrected values by variable, and the equally good alternatives as sets of variables."""

    status: CorrectionStatus
    values: Values
    ties: tuple[tuple[str, ...], ...] = ()


def correct_typing(edit_set: EditSet, record: Record) -> Correction:
    """Correct numbers that one typing slip turns into the value that a broken balance needs.

    As many balances as possible are repaired. A number in a balance that holds is never changed, and no balance is
    repaired twice. With several equally good sets of corrections, only those common to all sets are made.
    """
    if not _broken_balances(edit_set, record):
        return make_correction(edit_set, record, {})
    candidates = list(dict.fromkeys(_typing_candidates(edit_set, record)))
    if 2 ** len(candidates) * len(edit_set.edits) > MAX_EDIT_TESTS:
        return Correction("limit", {})
    best: list[tuple[_Candidate, ...]] = []
    max_repaired = 0
    for chosen in _compatible_sets(candidates, edit_set):
        repaired = _count_repaired(edit_set, record, dict(chosen))
        if repaired > max_repaired:
            best, max_repaired = [chosen], repaired
        elif repaired == max_repaired and repaired:
            best.append(chosen)
    common = set(best[0]).intersection(*best[1:]) if best else set()
    result = make_correction(edit_set, record, {v: x for v, x in (best[0] if best else ()) if (v, x) in common})
    if len(best) > 1:
        ties = tuple(tuple(v for v, _ in chosen) for chosen in best)
        return Correction("partial" if common else "tied", result.values, ties)
    return result


def _typing_candidates(edit_set: EditSet, record: Record) -> Iterator[_Candidate]:
    """Yield each variable with a value that repairs a broken balance and is one typing slip away from its number."""
    for variable in edit_set.variables:
        printed = record.get(variable)
        balances = [e for e in edit_set.edits_by_variable[variable] if e.op == "=="]
        if printed is None or any(e.holds(record) for e in balances):
            continue
        for edit in balances:
            if edit.hard and edit.holds(record) is False:
                meant = Decimal(printed) - Decimal(edit.residual(record) or 0) / edit.coef[variable]
                last_place = Decimal(1).scaleb(-edit_set.decimal_places)
                if meant == meant.quantize(last_place) and is_typing_slip(Decimal(printed), meant):
                    yield variable, meant.normalize() + 0


def _compatible_sets(candidates: Sequence[_Candidate], edit_set: EditSet) -> Iterator[tuple[_Candidate, ...]]:
    """Yield the sets of candidates that share no balance, larger sets first."""
    for size in range(len(candidates), 0, -1):
        for chosen in combinations(candidates, size):
            balances = [i for v, _ in chosen for i in edit_set.balance_indexes[v]]
            if len(set(balances)) == len(balances):
                yield chosen


def _count_repaired(edit_set: EditSet, record: Record, values: Values) -> int:
    """Return how many broken balances hold after these values are set; 0 where they break an edit that held.

    No two of the variables may share a balance.
    """
    after = {**record, **values}
    tests = [(e, e.holds(record), e.holds(after)) for v in values for e in edit_set.edits_by_variable[v]]
    if any(held and holds is False for _, held, holds in tests):
        return 0
    return sum(e.hard and e.op == "==" and held is False and holds is True for e, held, holds in tests)


def correct_signs(edit_set: EditSet, record: Record, weights: Weights = EQUAL_WEIGHTS) -> Correction:
    """Change the signs of the least weighted set of numbers, so that every edit holds."""
    if not _broken_balances(edit_set, record):
        return make_correction(edit_set, record, {})
    variables_in_edits = {v for e in edit_set.edits for v in e.coef}
    candidates = [v for v in edit_set.variables if v in variables_in_edits and record.get(v)]
    if 2 ** len(candidates) * len(edit_set.edits) > MAX_EDIT_TESTS:
        return Correction("limit", {})
    sets = (c for size in range(1, len(candidates) + 1) for c in combinations(candidates, size))
    best: list[tuple[str, ...]] = []
    for chosen in sorted(sets, key=lambda c: _total_weight(weights, c)):
        if best and _total_weight(weights, chosen) > _total_weight(weights, best[0]):
            break
        after = {**record, **_negate(record, chosen)}
        if all(e.holds(after) is not False for e in edit_set.edits if e.hard):
            best.append(chosen)
    if len(best) > 1:
        return Correction("tied", {}, tuple(best))
    return make_correction(edit_set, record, _negate(record, best[0]) if best else {})


def _total_weight(weights: Weights, variables: Sequence[str]) -> int:
    return sum(weights.of(v) for v in variables)


def _negate(record: Record, variables: Sequence[str]) -> dict[str, Decimal]:
    return {v: -Decimal(record[v] or 0) for v in variables}


def _broken_balances(edit_set: EditSet, record: Record) -> list[Edit]:
    return [e for e in edit_set.edits if e.hard and e.op == "==" and e.holds(record) is False]


def make_correction(edit_set: EditSet, record: Record, values: Values) -> Correction:
    """Return the correction with these values; its status says whether all hard edits hold afterwards."""
    after = {**record, **values}
    all_hold = all(e.holds(after) is not False for e in edit_set.edits if e.hard)
    status: CorrectionStatus = "partial" if values else "invalid"
    if all_hold:
        status = "corrected" if values else "consistent"
    return Correction(status, values)
