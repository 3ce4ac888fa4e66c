"""Sentences for the clerk about possible corrections of which none is certain, grouped where only the cell differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipeline.core.alternatives import PossibleChange, read_alternative
from pipeline.core.form import Form, forms
from pipeline.core.messages import say
from pipeline.core.sentences import label, number, separator

RECOMPUTED = "recomputed"
# Slips that move numbers: their changes are one operation and are never told apart.
MOVES = frozenset({"swapped", "slid", "exchanged", "copied", "merged", "last_year"})
# Kinds of corrections in a sentence; the page and the table of proposals have all.
MAX_KINDS = 6

Changes = tuple[PossibleChange, ...]
# What the wrong numbers of an alternative have in common with those of others: a column and an amount, or a row.
Kind = tuple[tuple[str, str], ...]


def alternatives_sentence(proposal: Mapping[str, Any], form_code: str | None, lang: str) -> str:
    """Return a sentence with the possible corrections of an unresolved proposal, or the advice to check its cells."""
    alternatives = [read_alternative(text) for text in proposal["alternatives"]]
    form = forms().get(form_code or "")
    if not alternatives or form is None:
        return say("proposal.nothing", lang)
    groups: dict[object, list[Changes]] = {}
    for i, changes in enumerate(alternatives):
        groups.setdefault(_kind_of(changes) or i, []).append(changes)
    options = [_option(group, form, lang) for group in groups.values()]
    shown = say("proposal.or", lang).join(options[:MAX_KINDS])
    if len(options) > MAX_KINDS:
        shown += say("alternative.more", lang, count=sum(map(len, list(groups.values())[MAX_KINDS:])))
    return say("proposal.alternatives", lang, list=shown)


def _wrong(changes: Changes) -> Changes:
    """Return the changes of numbers that are wrong by themselves, in the order of their cells."""
    return tuple(sorted((c for c in changes if c.operation != RECOMPUTED), key=lambda c: c.cell))


def _kind_of(changes: Changes) -> Kind | None:
    """Return the kind of an alternative; None for one that is told by itself.

    Numbers with recomputed totals are of one kind if their columns and amounts are the same, and the tables' rows of
    their totals. A single wrong cell is of the same kind as the other cells of its row.
    """
    wrong = _wrong(changes)
    if any(c.operation in MOVES or c.excess is None for c in wrong):
        return None
    if len(wrong) < len(changes):
        totals = sorted(c.cell for c in changes if c.operation == RECOMPUTED)
        rows = {c.cell.rpartition("/")[0] for c in wrong}
        shape = ((t if t.rpartition("/")[0] not in rows else "", "") for t in totals)
        return (*((_column(c), str(c.excess)) for c in wrong), *shape)
    return ((wrong[0].cell.rpartition("/")[0], ""),) if len(wrong) == 1 else None


def _column(change: PossibleChange) -> str:
    table, _, column = change.cell.split("/")
    return f"{table}/{column}"


def _option(group: Sequence[Changes], form: Form, lang: str) -> str:
    """Return one kind of correction: what is known about it, and its cells."""
    first = group[0]
    if len(group) == 1:
        return _single(first, form, lang)
    if any(c.operation == RECOMPUTED for c in first):
        wrong = zip(*(_wrong(changes) for changes in group), strict=True)
        return say("proposal.and", lang).join(_in_column(tuple(dict.fromkeys(cells)), form, lang) for cells in wrong)
    cells = [changes[0] for changes in group]
    table, row, _ = cells[0].cell.split("/")
    name = form.tables[table].rows[row]
    return say(
        "alternative.row",
        lang,
        row=name.zh if lang == "zh" else name.en,
        count=len(cells),
        list=_list(cells, form, lang),
    )


def _in_column(cells: Changes, form: Form, lang: str) -> str:
    """Return what is known about cells of one column that are wrong by the same amount, with their totals."""
    table, _, column = cells[0].cell.split("/")
    name = form.tables[table].columns[column]
    change = _excess(cells[0], lang)
    if len(cells) == 1:
        return say("alternative.one", lang, cell=_cell(cells[0], form, lang), change=change)
    words = {"column": name.zh if lang == "zh" else name.en, "list": _list(cells, form, lang)}
    return say("alternative.column", lang, change=change, count=len(cells), **words)


def _single(changes: Changes, form: Form, lang: str) -> str:
    """Return an alternative by itself: each wrong cell, and the slip if it moved numbers."""
    wrong = _wrong(changes)
    if len(wrong) < len(changes):
        return say("proposal.and", lang).join(_in_column((c,), form, lang) for c in wrong)
    cells = say("proposal.and", lang).join(_cell(c, form, lang) for c in wrong)
    moves = {c.operation for c in wrong} & MOVES
    return say("alternative.slip", lang, cells=cells, slip=say(f"slip.{min(moves)}", lang)) if moves else cells


def _cell(change: PossibleChange, form: Form, lang: str) -> str:
    printed = say("proposal.blank", lang) if change.printed is None else number(change.printed)
    where = label(change.cell, form.code, lang)
    return say("alternative.cell", lang, label=where, was=printed, implied=number(change.implied))


def _list(cells: Sequence[PossibleChange], form: Form, lang: str) -> str:
    return separator(lang).join(_cell(c, form, lang) for c in cells)


def _excess(change: PossibleChange, lang: str) -> str:
    """Return by how much a number is too large or too small."""
    excess = change.excess or Decimal(0)
    return say("alternative.too_large" if excess > 0 else "alternative.too_small", lang, amount=number(abs(excess)))
