"""Correct numbers where the kind of slip alone gives the answer; here typing slips, for any edits (Scholtus 2009).

`signs` corrects wrong signs and exchanged numbers, `rounding` rounding errors. A record is corrected only where the
slip repairs broken balances and breaks no edit that held. All numbers are exact. Where several corrections are equally
good, none is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Literal

from pipeline.edit.edits import Edit, EditSet, Number, Record
from pipeline.edit.mechanism import is_typing_slip
from pipeline.edit.string_distance import count_slips

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


@dataclass(frozen=True)
class TypingOptions:
    """The limits of a typing slip.

    The variables in `fixed` are never changed. A balance holds if its residual is at most `eps`. A number has at most
    `max_slips` slips.
    """

    fixed: frozenset[str] = frozenset()
    eps: Number = 0
    max_slips: int = 1


ONE_SLIP = TypingOptions()


def correct_typing(edit_set: EditSet, record: Record, options: TypingOptions = ONE_SLIP) -> Correction:
    """Correct numbers that typing slips turn into the value that a broken balance needs.

    As many balances as possible are repaired. A number in a balance that holds is never changed, and no balance is
    repaired twice. With several equally good sets of corrections, only those common to all sets are made.
    """
    if not broken_balances(edit_set, record, options.eps):
        return make_correction(edit_set, record, {}, options.eps)
    candidates = list(dict.fromkeys(_typing_candidates(edit_set, record, options)))
    if 2 ** len(candidates) * len(edit_set.edits) > MAX_EDIT_TESTS:
        return Correction("limit", {})
    best: list[tuple[_Candidate, ...]] = []
    max_repaired = 0
    for chosen in _compatible_sets(candidates, edit_set):
        repaired = _count_repaired(edit_set, record, dict(chosen), options.eps)
        if repaired > max_repaired:
            best, max_repaired = [chosen], repaired
        elif repaired == max_repaired and repaired:
            best.append(chosen)
    return _common_correction(edit_set, record, best, options.eps)


def _common_correction(
    edit_set: EditSet, record: Record, best: Sequence[Sequence[_Candidate]], eps: Number
) -> Correction:
    """Return the correction with the candidates common to all the best sets, and the sets where there are several."""
    common = set(best[0]).intersection(*best[1:]) if best else set()
    values = {v: x for v, x in (best[0] if best else ()) if (v, x) in common}
    result = make_correction(edit_set, record, values, eps)
    if len(best) < 2:
        return result
    ties = tuple(tuple(v for v, _ in chosen) for chosen in best)
    return Correction("partial" if common else "tied", result.values, ties)


def _typing_candidates(edit_set: EditSet, record: Record, options: TypingOptions) -> Iterator[_Candidate]:
    """Yield each variable with a value that repairs a broken balance and is few typing slips away from its number."""
    for variable in edit_set.variables:
        printed = record.get(variable)
        balances = [e for e in edit_set.edits_by_variable[variable] if e.op == "=="]
        if printed is None or variable in options.fixed or any(e.holds(record, options.eps) for e in balances):
            continue
        last_place = Decimal(1).scaleb(0 if variable in edit_set.whole else -edit_set.decimal_places)
        for edit in balances:
            if edit.hard and edit.holds(record, options.eps) is False:
                meant = Decimal(printed) - Decimal(edit.residual(record) or 0) / edit.coef[variable]
                if meant == meant.quantize(last_place) and _are_slips(Decimal(printed), meant, options.max_slips):
                    yield variable, meant.normalize() + 0


def _are_slips(printed: Decimal, meant: Decimal, max_slips: int) -> bool:
    """Return whether at most `max_slips` slips print `printed` for `meant`."""
    if is_typing_slip(printed, meant):
        return max_slips > 0
    return max_slips > 1 and count_slips(*(f"{x.normalize() + 0:f}" for x in (printed, meant))) <= max_slips


def _compatible_sets(candidates: Sequence[_Candidate], edit_set: EditSet) -> Iterator[tuple[_Candidate, ...]]:
    """Yield the sets of candidates that share no balance, larger sets first."""
    for size in range(len(candidates), 0, -1):
        for chosen in combinations(candidates, size):
            balances = [i for v, _ in chosen for i in edit_set.balance_indexes[v]]
            if len(set(balances)) == len(balances):
                yield chosen


def _count_repaired(edit_set: EditSet, record: Record, values: Values, eps: Number) -> int:
    """Return how many broken balances hold after these values are set; 0 where they break an edit that held.

    No two of the variables may share a balance.
    """
    after = {**record, **values}
    edits = [e for v in values for e in edit_set.edits_by_variable[v]]
    tests = [(e, e.holds(record, eps), e.holds(after, eps)) for e in edits]
    if any(held and holds is False for _, held, holds in tests):
        return 0
    return sum(e.hard and e.op == "==" and held is False and holds is True for e, held, holds in tests)


def broken_balances(edit_set: EditSet, record: Record, eps: Number = 0) -> list[Edit]:
    """Return the hard equalities whose residual is larger than `eps`."""
    return [e for e in edit_set.edits if e.hard and e.op == "==" and e.holds(record, eps) is False]


def make_correction(edit_set: EditSet, record: Record, values: Values, eps: Number = 0) -> Correction:
    """Return the correction with these values; its status says whether all hard edits hold afterwards."""
    after = {**record, **values}
    all_hold = all(e.holds(after, eps) is not False for e in edit_set.edits if e.hard)
    status: CorrectionStatus = "partial" if values else "invalid"
    if all_hold:
        status = "corrected" if values else "consistent"
    return Correction(status, values)
