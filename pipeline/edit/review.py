"""Review one report on its statutory form: failing identities become proposals, missing values become derivations.

No number of the report is changed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from pipeline.core.form import Form, forms
from pipeline.core.identity import Instance
from pipeline.core.model import MIN_CONFIDENCE, Cell, Derivation, Proposal
from pipeline.core.text import DECIMAL_PLACES
from pipeline.edit.derive import derive
from pipeline.edit.edits import Edit, EditSet
from pipeline.edit.explain import Explanation, explain
from pipeline.edit.hypotheses import Change, Hypothesis, PrintedLines, RecordContext

Values = Mapping[str, Decimal | None]
MAX_ALTERNATIVES = 5


@cache
def form_edit_set(form_code: str) -> EditSet:
    """Return the identities of a form as linear edits, plus an edit per counted cell that it is not negative.

    Identities of severity error are hard; those that compare the tables with the prose are soft.
    """
    instances = forms()[form_code].instances
    hard = dict.fromkeys(a for x in instances if x.identity.severity == "error" for a in (*x.left, *x.right))
    others = dict.fromkeys(a for x in instances for a in (*x.left, *x.right) if a not in hard)
    bounds = [Edit({a: -1}, "<=", 0, f"{a} >= 0") for a in hard]
    return EditSet((*hard, *others), [*map(_to_edit, instances), *bounds], DECIMAL_PLACES)


def _to_edit(instance: Instance) -> Edit:
    """Return an identity at one place as an edit: left side minus right side == 0, or the reverse <= 0."""
    sign = -1 if instance.identity.relation == ">=" else 1
    coef = dict.fromkeys(instance.left, sign) | dict.fromkeys(instance.right, -sign)
    hard = instance.identity.severity == "error"
    return Edit(coef, "==" if sign == 1 else "<=", 0, edit_name(instance), hard)


def edit_name(instance: Instance) -> str:
    """Return the name of an identity at one place: `app.row_total@applications/new/total`."""
    return f"{instance.identity.id}@{instance.place}"


@cache
def _printed_lines(form_code: str) -> tuple[PrintedLines, PrintedLines]:
    """Return the addresses of the printed tables by row and by column."""
    tables = forms()[form_code].printed_tables
    rows = [[f"{t.code}/{r}/{c}" for c in b.columns] for t in tables for b in t.blocks for r in b.rows]
    columns = [[f"{t.code}/{r}/{c}" for r in b.rows] for t in tables for b in t.blocks for c in b.columns]
    return rows, columns


def propose_corrections(
    form: Form, values: Values, cells: Sequence[Cell], confirmed: frozenset[str]
) -> tuple[Proposal, ...]:
    """Return a proposal per cell that should be another number, and one per group of failures without explanation.

    `values` are the values by address, with the corrections that a person made, and `cells` the cells as printed.
    `confirmed` are the addresses that a person confirmed or corrected; no proposal changes them.
    """
    rows, columns = _printed_lines(form.code)
    doubtful = frozenset(c.address for c in cells if c.confidence < MIN_CONFIDENCE)
    context = RecordContext(rows, columns, doubtful, confirmed)
    texts = {c.address: c.raw for c in cells}
    explanations = [
        e for component in form_edit_set(form.code).components for e in _explain_component(component, values, context)
    ]
    return tuple(p for e in explanations for p in _make_proposals(e, texts, values, form))


def _explain_component(component: EditSet, values: Values, context: RecordContext) -> tuple[Explanation, ...]:
    """Return the explanations of one component.

    Where the search gives up because of too many blanks, it runs again with the blanks as zeros: offices leave zeros
    blank. An explanation that rests on this assumption is never certified.
    """
    explanations = explain(component, values, context)
    if all(e.status != "limit" for e in explanations):
        return explanations
    blanks = {v for e in component.edits if e.hard for v in e.coef if values.get(v) is None}
    if not blanks:
        return explanations
    assumed = explain(component, {**values, **dict.fromkeys(blanks, Decimal(0))}, context)
    return tuple(replace(e, level="explained") if e.level == "certified" else e for e in assumed)


def _make_proposals(
    explanation: Explanation, texts: Mapping[str, str], values: Values, form: Form
) -> Iterator[Proposal]:
    """Yield the proposals of one explanation: one per change, or one `unresolved` proposal without a change.

    `texts` are the printed texts by address. All proposals of an explanation share an anchor, the first cell in printed
    order, so that failures with one cause are shown together.
    """
    identities = tuple(e.name for e in explanation.broken_edits)
    order = {a: i for i, a in enumerate(form.addresses())}
    best = explanation.hypotheses[:1] if explanation.level != "unresolved" else ()
    changes = [c for h in best for c in h.changes]
    margin = explanation.margin_decibans
    anchor = min([c.variable for c in changes] or [i.partition("@")[2] for i in identities], key=order.__getitem__)
    if not changes:
        alternatives = _format_alternatives(explanation.hypotheses)
        yield Proposal(anchor, "unresolved", "", None, None, "", alternatives, margin, identities, anchor)
    for change in changes:
        # A blank that was assumed to be 0 to find the wrong cell still has no printed value.
        printed_value = None if values.get(change.variable) is None else change.printed_value
        yield Proposal(
            change.variable, explanation.level, texts.get(change.variable, ""), printed_value, change.implied_value,
            change.mechanism, _format_alternatives(explanation.hypotheses[1:]), margin, identities, anchor,
        )  # fmt: skip


def _format_alternatives(hypotheses: Sequence[Hypothesis]) -> tuple[str, ...]:
    """Return one text per hypothesis, at most MAX_ALTERNATIVES: `address=value`, several changes joined by `; `."""
    return tuple("; ".join(map(_format_change, h.changes)) for h in hypotheses[:MAX_ALTERNATIVES])


def _format_change(change: Change) -> str:
    """Return `address=value`, or `address=?` where the value is not determined."""
    return f"{change.variable}={'?' if change.implied_value is None else format(change.implied_value, 'f')}"


def derive_missing_cells(form: Form, values: Values, cells: Sequence[Cell]) -> tuple[Derivation, ...]:
    """Return the values that follow for cells that are blank, unreadable or missing.

    A cell with a mark for "does not apply" is left as it is: the mark is a statement of its author.
    """
    not_applicable = {c.address for c in cells if c.kind == "na"}
    edits = form_edit_set(form.code)
    units = {f"{t.code}/{r}/{c}": u for t in form.printed_tables for (r, c), u in t.units.items()}
    derived = derive(edits, values).values
    return tuple(
        Derivation(
            cell,
            value,
            units[cell],
            tuple(e.name for e in edits.edits_by_variable[cell] if e.hard and len(e.coef) > 1),
        )
        for cell, value in derived.items()
        if cell in units and cell not in not_applicable
    )
