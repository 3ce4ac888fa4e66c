"""Sentences for the clerk about possible corrections, none of them certain, grouped where only the cell differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipeline.core.alternatives import PossibleChange, read_alternative
from pipeline.core.cell_names import column_name, row_name
from pipeline.core.form import Form
from pipeline.core.messages import say
from pipeline.core.sentences import number, separator

RECOMPUTED = "recomputed"
# Slips that move numbers: their changes are one operation and stay together.
MOVES = frozenset({"swapped", "slid", "exchanged", "copied", "merged", "last_year"})
# Kinds of corrections in a sentence; the page and the table of proposals have all.
MAX_KINDS = 6

Changes = tuple[PossibleChange, ...]
# What an alternative has in common with others of its kind.
Kind = tuple[object, ...]


@dataclass(frozen=True)
class Wording:
    """How cells are named: in the language `lang`, and with their places in a workbook (`表三!D8`) by address."""

    form: Form
    lang: str
    places: Mapping[str, str] = field(default_factory=dict)

    def row(self, cell: str) -> str:
        """Return the label of a cell's row, without a long remark in brackets."""
        return row_name(self.form, cell, self.lang)

    def column(self, cell: str) -> str:
        """Return the label of a cell's column."""
        return column_name(self.form, cell, self.lang)

    def change(self, change: PossibleChange, code: str) -> str:
        """Return a cell with its printed and its implied number."""
        printed = say("proposal.blank", self.lang) if change.printed is None else number(change.printed)
        place = self.places.get(change.cell, "")
        words = {"row": self.row(change.cell), "column": self.column(change.cell)}
        return say(
            f"alternative.{code}", self.lang, was=printed, implied=number(change.implied),
            place=f" {place}" if place else "", **words,
        )  # fmt: skip

    def list(self, cells: Sequence[PossibleChange], code: str) -> str:
        """Return several cells with their numbers."""
        return separator(self.lang).join(self.change(c, code) for c in cells)


def alternatives_sentence(alternatives: Sequence[str], wording: Wording) -> str:
    """Return a sentence with the possible corrections, or the advice to check the cells where there are none."""
    groups: dict[Kind, list[Changes]] = {}
    for i, text in enumerate(alternatives):
        changes = read_alternative(text)
        groups.setdefault(_kind_of(changes) or (i,), []).append(changes)
    if not groups:
        return say("proposal.nothing", wording.lang)
    options = [_option(group, wording) for group in groups.values()]
    shown = say("proposal.or", wording.lang).join(options[:MAX_KINDS])
    if len(options) > MAX_KINDS:
        shown += say("alternative.more", wording.lang, count=sum(map(len, list(groups.values())[MAX_KINDS:])))
    return say("proposal.alternatives", wording.lang, list=shown)


def _wrong(changes: Changes) -> Changes:
    """Return the changes of numbers that are wrong by themselves, ordered by column and amount."""
    wrong = (c for c in changes if c.operation != RECOMPUTED)
    return tuple(sorted(wrong, key=lambda c: (c.cell.rpartition("/")[2], c.excess or Decimal(0), c.cell)))


def _kind_of(changes: Changes) -> Kind | None:
    """Return the kind of an alternative; None for one that has a part of the sentence of its own.

    Numbers with recomputed totals are of one kind if their columns and amounts are the same. A single wrong cell is of
    the same kind as the other cells of its row.
    """
    wrong = _wrong(changes)
    if any(c.operation in MOVES or c.excess is None for c in wrong):
        return None
    if len(wrong) < len(changes):
        return ("column", *((c.cell.split("/")[0], c.cell.rpartition("/")[2], c.excess) for c in wrong))
    return ("row", wrong[0].cell.rpartition("/")[0]) if len(wrong) == 1 else None


def _option(group: Sequence[Changes], wording: Wording) -> str:
    """Return one kind of correction: what is known about it, and its cells."""
    first, lang = group[0], wording.lang
    wrong = _wrong(first)
    if len(wrong) < len(first):
        cells_of_each = zip(*(_wrong(changes) for changes in group), strict=True)
        return say("proposal.and", lang).join(
            _in_column(tuple(dict.fromkeys(cells)), wording) for cells in cells_of_each
        )
    if len(group) > 1:
        cells = [changes[0] for changes in group]
        row = wording.row(cells[0].cell)
        return say("alternative.row", lang, row=row, count=len(cells), list=wording.list(cells, "in_row"))
    told = say("proposal.and", lang).join(wording.change(c, "cell") for c in wrong)
    moves = {c.operation for c in wrong} & MOVES
    return say("alternative.slip", lang, cells=told, slip=say(f"slip.{min(moves)}", lang)) if moves else told


def _in_column(cells: Changes, wording: Wording) -> str:
    """Return what is known about cells of one column that are wrong by the same amount, with their totals."""
    excess, lang = cells[0].excess or Decimal(0), wording.lang
    code = "alternative.too_large" if excess > 0 else "alternative.too_small"
    change = say(code, lang, amount=number(abs(excess)))
    if len(cells) == 1:
        return say("alternative.one", lang, cell=wording.change(cells[0], "cell"), change=change)
    words = {"column": wording.column(cells[0].cell), "list": wording.list(cells, "in_column")}
    return say("alternative.column", lang, change=change, count=len(cells), **words)
