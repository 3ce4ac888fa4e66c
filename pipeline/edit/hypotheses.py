"""Define hypotheses about a record whose edits are broken: changes of variables, and their cost in decibans.

The costs are judgements of how rare an error is (`mechanism`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipeline.edit.mechanism import UNEXPLAINED

# Variables in the order in which they are printed along rows or columns.
PrintedLines = Sequence[Sequence[str]]

# Decibans: one cell in a thousand is wrong; one cell in a hundred of those that were read with doubt.
WRONG_DECIBANS, DOUBTFUL_DECIBANS = 30, 20
# Decibans that other evidence adds to a hypothesis which contradicts it, and subtracts from one which agrees with it: a
# soft edit, or a number that another report gives.
SOFT_EDIT_DECIBANS = 20
# The mechanism of a total that was computed from a wrong number.
RECOMPUTED = "recomputed"


@dataclass(frozen=True)
class RecordContext:
    """Knowledge about a record in addition to its values.

    `rows` and `columns` are the variables in printed order, along which numbers may be displaced. `doubtful` variables
    were read with doubt. `confirmed` variables are known to be right and are never changed. `computed` variables are
    formulas in the office's own file: none is wrong unless a number that it was computed from is. `last_year` holds the
    values of the year before, and `stated` what other reports state that a variable is.
    """

    rows: PrintedLines = ()
    columns: PrintedLines = ()
    doubtful: frozenset[str] = frozenset()
    confirmed: frozenset[str] = frozenset()
    computed: frozenset[str] = frozenset()
    last_year: Mapping[str, Decimal] = field(default_factory=dict)
    stated: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """A variable's value as printed and as it should be: None if it is blank, or not determined."""

    variable: str
    printed_value: Decimal | None
    implied_value: Decimal | None
    mechanism: str


@dataclass(frozen=True)
class Hypothesis:
    """Changes that together meet all hard edits: one operation of the writer, or several wrong cells.

    `cautious_decibans` is the cost if a slip counts only as far as it cannot fit by chance.
    """

    changes: tuple[Change, ...]
    cost_decibans: int
    cautious_decibans: int

    @property
    def is_explained(self) -> bool:
        """Whether known slips make all of its changes."""
        return all(c.mechanism != UNEXPLAINED[0] and c.implied_value is not None for c in self.changes)

    @property
    def is_recomputed(self) -> bool:
        """Whether it is one wrong number with totals that were computed from it."""
        return any(c.mechanism == RECOMPUTED for c in self.changes)
