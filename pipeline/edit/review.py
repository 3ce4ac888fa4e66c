"""Review one report on its statutory form: failing identities become proposals, missing values become derivations.

No number of the report is changed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from pipeline.core.alternatives import PossibleChange, suspects, write_alternative
from pipeline.core.form import Form
from pipeline.core.identity import Instance
from pipeline.core.kinds import get_form
from pipeline.core.model import MIN_CONFIDENCE, Cell, Derivation, Proposal
from pipeline.core.text import DECIMAL_PLACES
from pipeline.edit.derive import derive
from pipeline.edit.edits import Edit, EditSet
from pipeline.edit.explain import CERTAIN_DECIBANS, Explanation, explain
from pipeline.edit.hypotheses import Hypothesis, PrintedLines, RecordContext
from pipeline.edit.unknown_cells import explain_with_unknowns

Values = Mapping[str, Decimal | None]
# More are possible only where several errors may each be in any of many cells.
MAX_ALTERNATIVES = 200


@dataclass(frozen=True)
class Evidence:
    """Knowledge about a report besides its own numbers.

    `computed` are the totals that its workbook computes. `last_year` are the values of the body's report of the year
    before, on the same form, and `stated` what other reports state that a cell is.
    """

    computed: frozenset[str] = frozenset()
    last_year: Mapping[str, Decimal] = field(default_factory=dict)
    stated: Mapping[str, Decimal] = field(default_factory=dict)


NO_EVIDENCE = Evidence()


@cache
def form_edit_set(form_code: str) -> EditSet:
    """Return the identities of a form as linear edits, plus an edit per counted cell that it is not negative.

    Identities of severity error are hard; those that compare the tables with the prose are soft.
    """
    return make_edit_set(get_form(form_code).instances)


def make_edit_set(instances: Sequence[Instance]) -> EditSet:
    """Return identities at their places as linear edits, plus an edit per counted cell that it is not negative."""
    hard = dict.fromkeys(a for x in instances if x.identity.severity == "error" for a in (*x.left, *x.right))
    others = dict.fromkeys(a for x in instances for a in (*x.left, *x.right) if a not in hard)
    bounds = [Edit({a: -1}, "<=", 0, f"{a} >= 0") for a in hard]
    return EditSet((*hard, *others), [*map(_to_edit, instances), *bounds], DECIMAL_PLACES)


def _to_edit(instance: Instance) -> Edit:
    """Return an identity at one place as an edit: left side minus right side == 0, or the reverse <= 0."""
    sign = -1 if instance.identity.relation == ">=" else 1
    coef = dict.fromkeys(instance.left, sign) | dict.fromkeys(instance.right, -sign)
    hard = instance.identity.severity == "error"
    return Edit(coef, "==" if sign == 1 else "<=", 0, edit_name(instance), hard, instance.computed)


def edit_name(instance: Instance) -> str:
    """Return the name of an identity at one place: `app.row_total@applications/new/total`."""
    return f"{instance.identity.id}@{instance.place}"


@cache
def _printed_lines(form_code: str) -> tuple[PrintedLines, PrintedLines]:
    """Return the addresses of the printed tables by row and by column."""
    tables = get_form(form_code).printed_tables
    rows = [[f"{t.code}/{r}/{c}" for c in b.columns] for t in tables for b in t.blocks for r in b.rows]
    columns = [[f"{t.code}/{r}/{c}" for r in b.rows] for t in tables for b in t.blocks for c in b.columns]
    return rows, columns


def propose_corrections(
    form: Form, values: Values, cells: Sequence[Cell], confirmed: frozenset[str], evidence: Evidence = NO_EVIDENCE,
    edits: EditSet | None = None,
) -> tuple[Proposal, ...]:  # fmt: skip
    """Return a proposal per cell that should be another number, and one per group of failures without explanation.

    `values` are the values by address, with the corrections that a person made, and `cells` the cells as printed.
    `confirmed` are the addresses that a person confirmed or corrected; no proposal changes them. `edits` are those of
    the form, if no others are given.
    """
    rows, columns = _printed_lines(form.code)
    doubtful = frozenset(c.address for c in cells if c.confidence < MIN_CONFIDENCE)
    context = RecordContext(rows, columns, doubtful, confirmed, evidence.computed, evidence.last_year, evidence.stated)
    texts = {c.address: c.raw for c in cells}
    explanations = [
        e
        for component in (edits or form_edit_set(form.code)).components
        for e in _explain_component(component, values, context)
    ]
    return tuple(p for e in explanations for p in _make_proposals(e, texts, values, form))


def _explain_component(component: EditSet, values: Values, context: RecordContext) -> tuple[Explanation, ...]:
    """Return the explanations of one component; where the search gives up, those that no unknown cell can change."""
    explanations = explain(component, values, context)
    if all(e.status != "limit" for e in explanations) or all(values.get(v) is not None for v in component.variables):
        return explanations
    return explain_with_unknowns(component, values, context)


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
        alternatives = _write_alternatives(explanation.hypotheses, values)
        suspected = tuple(suspects(_write_alternatives(_likely(explanation.hypotheses), values)))
        yield Proposal(anchor, "unresolved", "", None, None, "", alternatives, suspected, margin, identities, anchor)
    others = _write_alternatives(explanation.hypotheses[1:], values)
    for change in changes:
        # A blank that was assumed to be 0 to find the wrong cell still has no printed value.
        printed_value = None if values.get(change.variable) is None else change.printed_value
        yield Proposal(
            change.variable, explanation.level, texts.get(change.variable, ""), printed_value, change.implied_value,
            change.mechanism, others, (), margin, identities, anchor,
        )  # fmt: skip


def _likely(hypotheses: Sequence[Hypothesis]) -> Sequence[Hypothesis]:
    """Return the hypotheses that are not certainly worse than the first."""
    limit = hypotheses[0].cautious_decibans + CERTAIN_DECIBANS if hypotheses else 0
    return [h for h in hypotheses if h.cautious_decibans < limit]


def _write_alternatives(hypotheses: Sequence[Hypothesis], values: Values) -> tuple[str, ...]:
    """Return one text per hypothesis, at most MAX_ALTERNATIVES; the first is the likeliest."""
    return tuple(
        write_alternative(
            PossibleChange(
                c.variable, None if values.get(c.variable) is None else c.printed_value, c.implied_value, c.mechanism
            )
            for c in h.changes
        )
        for h in hypotheses[:MAX_ALTERNATIVES]
    )


def derive_missing_cells(
    form: Form, values: Values, cells: Sequence[Cell], edits: EditSet | None = None
) -> tuple[Derivation, ...]:
    """Return the values that follow for cells that are blank, unreadable or missing.

    A cell with a mark for "does not apply" is left as it is: the mark is a statement of its author.
    """
    not_applicable = {c.address for c in cells if c.kind == "na"}
    edits = edits or form_edit_set(form.code)
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
