"""Define hypotheses about a record whose edits are broken: changes of variables, and their cost in decibans.

The costs are judgements of how rare an error is (`mechanism`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.edit.mechanism import UNEXPLAINED

# Variables in the order in which they are printed along rows or columns.
PrintedLines = Sequence[Sequence[str]]

# Decibans: one cell in a thousand is wrong; one cell in a hundred of those that were read with doubt.
WRONG_DECIBANS, DOUBTFUL_DECIBANS = 30, 20
# Decibans that a broken soft edit adds to a hypothesis, and that a soft edit subtracts if the hypothesis repairs it.
SOFT_EDIT_DECIBANS = 20


@dataclass(frozen=True)
class RecordContext:
    """Knowledge about a record in addition to its values.

    `rows` and `columns` are the variables in printed order, along which numbers may be displaced. `doubtful` variables
    were read with doubt. `confirmed` variables are known to be right and are never changed.
    """

    rows: PrintedLines = ()
    columns: PrintedLines = ()
    doubtful: frozenset[str] = frozenset()
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Change:
    """A variable's value as printed and as it should be: None if it is blank, or not determined."""

    variable: str
    printed_value: Decimal | None
    implied_value: Decimal | None
    mechanism: str


@dataclass(frozen=True)
class Hypothesis:
    """Changes that together meet all hard edits."""

    changes: tuple[Change, ...]
    cost_decibans: int

    @property
    def is_explained(self) -> bool:
        """Whether known slips make all of its changes."""
        return all(c.mechanism != UNEXPLAINED[0] and c.implied_value is not None for c in self.changes)
