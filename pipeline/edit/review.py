"""Review: the editing of one report on its statutory form. What its failing identities point at becomes proposals, and
what its blanks must be becomes derivations; nothing is changed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from pipeline.core.form import Form, forms
from pipeline.core.identity import Instance
from pipeline.core.model import MIN_CONFIDENCE, Cell, Derivation, Proposal
from pipeline.core.text import PLACES
from pipeline.edit.derive import derive
from pipeline.edit.edits import Edit, EditSet
from pipeline.edit.explain import Explanation, explain
from pipeline.edit.hypotheses import Change, Hypothesis, Lines

Values = Mapping[str, Decimal | None]
MOST_ALTERNATIVES = 5


@cache
def edit_set(code: str) -> EditSet:
    """The identities of a form as linear edits: those of severity error are hard, those that compare with the prose
    soft. What they count is never negative.
    """
    instances = forms()[code].instances
    hard = dict.fromkeys(a for x in instances if x.identity.severity == "error" for a in (*x.left, *x.right))
    others = dict.fromkeys(a for x in instances for a in (*x.left, *x.right) if a not in hard)
    bounds = [Edit({a: -1}, "<=", 0, f"{a} >= 0") for a in hard]
    return EditSet((*hard, *others), [*map(_edit, instances), *bounds], PLACES)


def _edit(instance: Instance) -> Edit:
    sign = -1 if instance.identity.relation == ">=" else 1
    coef = dict.fromkeys(instance.left, sign) | dict.fromkeys(instance.right, -sign)
    hard = instance.identity.severity == "error"
    return Edit(coef, "==" if sign == 1 else "<=", 0, name(instance), hard)


def name(instance: Instance) -> str:
    """An identity at one place: `app.row_total@applications/new/total`."""
    return f"{instance.identity.id}@{instance.at}"


@cache
def _lines(code: str) -> tuple[Lines, Lines]:
    """The cells of the printed tables by row and by column."""
    tables = forms()[code].printed
    rows = [[f"{t.code}/{r}/{c}" for c in b.columns] for t in tables for b in t.blocks for r in b.rows]
    columns = [[f"{t.code}/{r}/{c}" for r in b.rows] for t in tables for b in t.blocks for c in b.columns]
    return rows, columns


def propose(form: Form, values: Values, cells: Sequence[Cell], fixed: frozenset[str]) -> tuple[Proposal, ...]:
    """A proposal for each cell that should be another number, or one for each group of failures that stays unresolved.

    `values` are what the report says, `cells` how it is printed; `fixed` are cells that a person has decided on.
    """
    rows, columns = _lines(form.code)
    doubted = frozenset(c.address for c in cells if c.confidence < MIN_CONFIDENCE)
    printed = {c.address: c.raw for c in cells}
    found = [
        e for part in edit_set(form.code).components for e in _explained(part, values, rows, columns, doubted, fixed)
    ]
    return tuple(p for e in found for p in _proposals(e, printed, values, form))


def _explained(
    part: EditSet, values: Values, rows: Lines, columns: Lines, doubted: frozenset[str], fixed: frozenset[str]
) -> tuple[Explanation, ...]:
    """Explanations of one component. With so many blanks that nothing can be said as it is, they are taken for zeros,
    as offices leave them; then nothing is certain.
    """
    found = explain(part, values, rows, columns, doubted, fixed)
    if all(e.status != "limit" for e in found):
        return found
    blanks = {v for e in part.edits if e.hard for v in e.coef if values.get(v) is None}
    again = explain(part, {**values, **dict.fromkeys(blanks, Decimal(0))}, rows, columns, doubted, fixed)
    return tuple(replace(e, level="explained") if e.level == "certified" else e for e in again) if blanks else found


def _proposals(explanation: Explanation, printed: Mapping[str, str], values: Values, form: Form) -> Iterator[Proposal]:
    identities = tuple(e.name for e in explanation.broken)
    order = {a: i for i, a in enumerate(form.addresses())}
    touched = explanation.hypotheses[:1] if explanation.level != "unresolved" else ()
    changes = [c for h in touched for c in h.changes]
    # What failed together is told together, under the first cell that is named.
    first = min([c.variable for c in changes] or [i.partition("@")[2] for i in identities], key=order.__getitem__)
    if not changes:
        alternatives = _told(explanation.hypotheses)
        yield Proposal(first, "unresolved", "", None, None, "", alternatives, explanation.margin, identities, first)
    for change in changes:
        # A blank that was taken for 0 to find the culprit has still no value.
        was = None if values.get(change.variable) is None else change.was
        yield Proposal(
            change.variable, explanation.level, printed.get(change.variable, ""), was, change.implied,
            change.mechanism, _told(explanation.hypotheses[1:]), explanation.margin, identities, first,
        )  # fmt: skip


def _told(hypotheses: Sequence[Hypothesis]) -> tuple[str, ...]:
    """Alternatives as text: `address=value`, several changes joined by `; `."""
    return tuple("; ".join(map(_change, h.changes)) for h in hypotheses[:MOST_ALTERNATIVES])


def _change(change: Change) -> str:
    return f"{change.variable}={'?' if change.implied is None else format(change.implied, 'f')}"


def derivations(form: Form, values: Values, cells: Sequence[Cell]) -> tuple[Derivation, ...]:
    """The values that follow for cells that are blank, unreadable or missing. One that prints a mark for "does not
    apply" is left as it is: its author has said something.
    """
    said = {c.address for c in cells if c.kind == "na"}
    edits, units = edit_set(form.code), {f"{t.code}/{r}/{c}": u for t in form.printed for (r, c), u in t.units.items()}
    found = derive(edits, values).values
    return tuple(
        Derivation(cell, value, units[cell], tuple(e.name for e in edits.touching[cell] if e.hard and len(e.coef) > 1))
        for cell, value in found.items()
        if cell in units and cell not in said
    )
