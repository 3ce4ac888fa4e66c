"""Explain a broken record: which slip made it inconsistent, how certain that is, and what the numbers should be.

Hypotheses (`hypothesis_search`) are least sets of wrong cells, each change by its cheapest mechanism, and operations of
the writer that changed several numbers at once. Their costs in decibans are compared: the lead of the first is its odds
against all others together, so that many weak rivals count as much as one strong rival. The levels of an explanation:

- certified: explained, at odds of at least 100 to 1, and each change alone meets every edit on its variable, at least
  two of which were broken. Two cells of one edit are therefore never certified together: a wrong cell whose total was
  computed from it looks the same wherever in the line the cell is.
- explained: one hypothesis, made by known slips, leads by 10 to 1.
- located: one hypothesis leads by 10 to 1, but no known slip makes the number.
- unresolved: several hypotheses are about equally good, or there is none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.core.model import Level
from pipeline.edit.edits import Edit, EditSet, Record
from pipeline.edit.hypotheses import SOFT_EDIT_DECIBANS, Change, Hypothesis, RecordContext
from pipeline.edit.hypothesis_search import HypothesisSearch
from pipeline.edit.localise import LocalisationStatus

# A lead of 20 decibans is odds of 100 to 1. A broken soft edit costs as much, so that nothing is certified against the
# prose.
CERTAIN_DECIBANS = SOFT_EDIT_DECIBANS
LEADING_DECIBANS = 10
# The lead where there is no rival.
NO_RIVAL_DECIBANS = 1000

NO_CONTEXT = RecordContext()


@dataclass(frozen=True)
class Explanation:
    """The explanation of one component with broken edits.

    `status` is that of the localisation; `hypotheses` are in the order of their cost; `margin_decibans` is the lead of
    the first over all others together, None if there is no hypothesis.
    """

    level: Level
    status: LocalisationStatus
    hypotheses: tuple[Hypothesis, ...]
    margin_decibans: int | None
    broken_edits: tuple[Edit, ...] = field(compare=False)


def explain(edit_set: EditSet, record: Record, context: RecordContext = NO_CONTEXT) -> tuple[Explanation, ...]:
    """Return one explanation per component whose hard edits the record breaks."""
    searches = (HypothesisSearch(component, record, context) for component in edit_set.components)
    explanations = (_explain_component(search) for search in searches)
    return tuple(e for e in explanations if e is not None)


def _explain_component(search: HypothesisSearch) -> Explanation | None:
    """Return the explanation of one component, None if the record can meet its edits."""
    result = search.run(CERTAIN_DECIBANS)
    if result.status == "consistent":
        return None
    broken_edits = search.broken_edits()
    hypotheses = sorted(
        _keep_cheapest(result.hypotheses),
        key=lambda h: (h.cautious_decibans, h.cost_decibans, len(h.changes), search.changed_indexes(h)),
    )
    if not hypotheses:
        return Explanation("unresolved", result.status, (), None, broken_edits)
    margin = _lead(hypotheses, result.min_unsearched_decibans)
    return Explanation(_level_of(search, hypotheses[0], margin), result.status, tuple(hypotheses), margin, broken_edits)


def _lead(hypotheses: Sequence[Hypothesis], min_unsearched_decibans: int) -> int:
    """Return by how many decibans the first hypothesis leads all others together; the least that the costs allow."""
    best, *others = hypotheses
    odds = _odds_decibans([h.cautious_decibans - best.cautious_decibans for h in others])
    return max(0, min(odds, min_unsearched_decibans - best.cost_decibans))


def _odds_decibans(leads: Sequence[int]) -> int:
    """Return the odds, in whole decibans, against rivals that are each behind by a lead in decibans."""
    if not leads:
        return NO_RIVAL_DECIBANS
    return math.floor(round(-10 * math.log10(sum(10 ** (-lead / 10) for lead in leads)), 6))


def _level_of(search: HypothesisSearch, best: Hypothesis, margin: int) -> Level:
    """Return the level of the best hypothesis, which leads by `margin` decibans."""
    if margin < LEADING_DECIBANS:
        return "unresolved"
    if not best.is_explained:
        return "located"
    is_certain = margin >= CERTAIN_DECIBANS and all(_is_supported_alone(search, c) for c in best.changes)
    return "certified" if is_certain else "explained"


def _is_supported_alone(search: HypothesisSearch, change: Change) -> bool:
    """Return whether this change by itself meets every edit on its variable, two of which were broken before.

    A variable that an edit makes the total of others has no support: its value may have been computed from a wrong
    cell.
    """
    after = {**search.record, change.variable: change.implied_value}
    edits = search.component.edits_by_variable[change.variable]
    if any(e.hard and _is_total_in(change.variable, e) for e in edits):
        return False
    if any(e.holds(after) is False or (e.hard and e.holds(after) is None) for e in edits):
        return False
    return sum(e.holds(search.record) is False for e in edits if len(e.coef) > 1) >= 2


def _is_total_in(variable: str, edit: Edit) -> bool:
    """Return whether the edit makes the variable the total of others: it is the only one with its sign."""
    sign = edit.coef[variable] > 0
    return edit.op == "==" and len(edit.coef) > 2 and sum((c > 0) == sign for c in edit.coef.values()) == 1


def _keep_cheapest(hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
    """Return, of hypotheses with the same numbers, the cheapest.

    Changes of blanks are not compared, because their values follow from the others.
    """
    cheapest: dict[object, Hypothesis] = {}
    for h in hypotheses:
        key = frozenset((c.variable, c.implied_value) for c in h.changes if c.printed_value is not None)
        if key not in cheapest or h.cost_decibans < cheapest[key].cost_decibans:
            cheapest[key] = h
    return list(cheapest.values())
