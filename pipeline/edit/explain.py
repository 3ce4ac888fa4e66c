"""Explain: which slip made a record inconsistent, how sure that is, and what the numbers should be.

Hypotheses are the least sets of wrong cells (`localise`), each change by its cheapest mechanism, and numbers that were
moved along a printed line. They are compared by their costs in decibans. Levels:

- certified: explained, at odds of 100 to 1 or more, and each change alone meets every edit it touches, at least two of
  which were broken. So two cells of one edit are never certified together: a wrong cell whose total was computed from
  it looks the same wherever it stands.
- explained: one hypothesis, made by known slips, leads by 10 to 1.
- located: one hypothesis leads by 10 to 1, but no known slip makes the number.
- unresolved: several do as well, or none was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.core.model import Level
from pipeline.edit.edits import Edit, EditSet, Record
from pipeline.edit.hypotheses import CONTRADICTED, Case, Change, Hypothesis, Lines
from pipeline.edit.localise import Status

# Decibans. A soft edit that stays broken costs as much as certainty asks, so nothing is certified against the prose.
CERTAIN, LEADING = CONTRADICTED, 10


@dataclass(frozen=True)
class Explanation:
    """What became of one component whose edits are broken: hypotheses by cost, and the lead of the first in decibans
    (None where it has no rival). `status` is that of the localisation.
    """

    level: Level
    status: Status
    hypotheses: tuple[Hypothesis, ...]
    margin: int | None
    broken: tuple[Edit, ...] = field(compare=False)


def explain(
    edit_set: EditSet,
    record: Record,
    rows: Lines = (),
    columns: Lines = (),
    doubted: frozenset[str] = frozenset(),
    fixed: frozenset[str] = frozenset(),
) -> tuple[Explanation, ...]:
    """One explanation for each component whose hard edits the record breaks.

    `rows` and `columns` are the variables in printed order, along which numbers may have been moved; `doubted` were
    read with doubt, `fixed` are known to be right.
    """
    found = (_explain(Case(part, record, rows, columns, doubted, fixed)) for part in edit_set.components)
    return tuple(e for e in found if e is not None)


def _explain(case: Case) -> Explanation | None:
    search = case.search(CERTAIN)
    if search.status == "consistent":
        return None
    broken = case.broken()
    order = sorted(_distinct(search.found), key=lambda h: (h.cost, len(h.changes), case.places(h)))
    if not order:
        return Explanation("unresolved", search.status, (), None, broken)
    margin = max(0, min([*(h.cost for h in order[1:]), search.least_further]) - order[0].cost)
    return Explanation(_level(case, order[0], margin), search.status, tuple(order), margin, broken)


def _level(case: Case, best: Hypothesis, margin: int) -> Level:
    if margin < LEADING:
        return "unresolved"
    if not best.explained:
        return "located"
    return "certified" if margin >= CERTAIN and all(_alone(case, c) for c in best.changes) else "explained"


def _alone(case: Case, change: Change) -> bool:
    """Whether this change by itself meets every edit that it touches, two of them broken before."""
    after = {**case.record, change.variable: change.implied}
    touched = case.part.touching[change.variable]
    if any(e.hard and _computed(change.variable, e) for e in touched):
        return False
    if any(e.holds(after) is False or (e.hard and e.holds(after) is None) for e in touched):
        return False
    return sum(e.holds(case.record) is False for e in touched if len(e.coef) > 1) >= 2


def _computed(variable: str, edit: Edit) -> bool:
    """Whether the edit makes the variable of several others: it stands alone against them."""
    sign = edit.coef[variable] > 0
    return edit.op == "==" and len(edit.coef) > 2 and sum((c > 0) == sign for c in edit.coef.values()) == 1


def _distinct(found: Sequence[Hypothesis]) -> list[Hypothesis]:
    """Of hypotheses that end in the same numbers the cheapest; what was blank follows from the rest."""
    best: dict[object, Hypothesis] = {}
    for h in found:
        key = frozenset((c.variable, c.implied) for c in h.changes if c.was is not None)
        if key not in best or h.cost < best[key].cost:
            best[key] = h
    return list(best.values())
