"""Explain a record with too many unknown cells for the exact search.

A blank is not a zero, although offices leave zeros blank. So zeros in the place of blanks may show that the record can
be right, but never that a number is wrong. What the printed numbers alone contradict is found on each edit by itself:
where all its blanks have the same sign, the printed numbers must leave room for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from pipeline.core.model import Level
from pipeline.edit.edits import Edit, EditSet, Record
from pipeline.edit.explain import Explanation, explain
from pipeline.edit.hypotheses import Hypothesis, RecordContext

ZERO = Decimal(0)


def explain_with_unknowns(component: EditSet, record: Record, context: RecordContext) -> tuple[Explanation, ...]:
    """Return the explanations that hold whatever the unknown cells are: none of them is ever certified.

    A first hypothesis whose changes do not repair the whole component, with some values of its unknown cells, is not
    known to be true; its explanation then names no cell.
    """
    unknown = frozenset(v for e in component.edits if e.hard for v in e.coef if record.get(v) is None)
    zeros = {**record, **dict.fromkeys(unknown, ZERO)}
    if not explain(component, zeros, context):
        return ()
    known = _project(component, unknown)
    return tuple(_verified(e, component, zeros, unknown, context) for e in explain(known, record, context))


def _project(component: EditSet, unknown: frozenset[str]) -> EditSet:
    """Return the edits on known variables that follow from each edit by itself, where unknown ones are not negative."""
    edits = [projected for e in component.edits if (projected := _project_edit(e, unknown))]
    named = {v for e in edits for v in e.coef}
    return EditSet([v for v in component.variables if v in named], edits, component.decimal_places)


def _project_edit(edit: Edit, unknown: frozenset[str]) -> Edit | None:
    """Return what an edit says about its known variables, None if it says nothing."""
    signs = {edit.coef[v] > 0 for v in edit.coef if v in unknown}
    if not signs:
        return edit
    known = {v: c for v, c in edit.coef.items() if v not in unknown}
    if not edit.hard or not known or len(signs) > 1 or (edit.op == "<=" and signs != {True}):
        return None
    # The unknown part is at least 0 if it is added, and at most 0 if it is subtracted.
    is_added = signs == {True}
    coef: Mapping[str, Decimal | int] = known if is_added else {v: -c for v, c in known.items()}
    return Edit(coef, "<=", edit.rhs if is_added else -edit.rhs, edit.name)


def _verified(
    explanation: Explanation, component: EditSet, zeros: Record, unknown: frozenset[str], context: RecordContext
) -> Explanation:
    """Return the explanation with the numbers that follow if as few blanks as possible are not 0."""
    for best in explanation.hypotheses[:1]:
        completed = _complete(best, component, zeros, unknown, context)
        if completed and explanation.level != "unresolved":
            level: Level = "explained" if completed.is_explained else "located"
            return replace(explanation, level=level, hypotheses=(completed, *explanation.hypotheses[1:]))
        if completed:
            return explanation
    return replace(explanation, level="unresolved", hypotheses=(), margin_decibans=None)


def _complete(
    hypothesis: Hypothesis, component: EditSet, zeros: Record, unknown: frozenset[str], context: RecordContext
) -> Hypothesis | None:
    """Return changes of the hypothesis' variables, and of as few blanks as possible, that repair the component."""
    free = unknown.union(c.variable for c in hypothesis.changes)
    confirmed = context.confirmed.union(v for v in component.variables if v not in free)
    for explanation in explain(component, zeros, replace(context, confirmed=confirmed, doubtful=unknown)):
        if explanation.hypotheses:
            return explanation.hypotheses[0]
    return None
