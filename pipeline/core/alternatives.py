"""The possible corrections of a report, as table `proposals` lists them: one text per alternative.

`applications/granted/research 31 -> 1 (digit_added); applications/granted/total 61 -> 31 (recomputed)`: for each cell
its address, the printed and the implied number, and the operation that made it wrong. `blank` is a cell without a
number, and `?` a number that does not follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

BLANK, UNKNOWN = "blank", "?"
_CHANGE = re.compile(r"(?P<cell>\S+) (?P<printed>\S+) -> (?P<implied>\S+) \((?P<operation>\w+)\)")


@dataclass(frozen=True)
class PossibleChange:
    """A cell that may be wrong: `printed` is None for a blank, `implied` None if it does not follow."""

    cell: str
    printed: Decimal | None
    implied: Decimal | None
    operation: str

    @property
    def excess(self) -> Decimal | None:
        """By how much the printed number is too large; None if that does not follow."""
        return None if self.implied is None else (self.printed or Decimal(0)) - self.implied


def write_alternative(changes: Iterable[PossibleChange]) -> str:
    """Return the text of an alternative."""
    return "; ".join(
        f"{c.cell} {_text(c.printed, BLANK)} -> {_text(c.implied, UNKNOWN)} ({c.operation})" for c in changes
    )


def read_alternative(text: str) -> tuple[PossibleChange, ...]:
    """Return the changes of an alternative. Raises ValueError for a text that `write_alternative` did not write."""
    changes = []
    for part in text.split("; "):
        match = _CHANGE.fullmatch(part)
        if match is None:
            raise ValueError(f"not a possible change: {part!r}")
        printed, implied = _value(match["printed"], BLANK), _value(match["implied"], UNKNOWN)
        changes.append(PossibleChange(match["cell"], printed, implied, match["operation"]))
    return tuple(changes)


def suspects(alternatives: Sequence[str]) -> list[str]:
    """Return the cells that any of the alternatives changes, the likeliest first."""
    return list(dict.fromkeys(c.cell for text in alternatives for c in read_alternative(text)))


def _text(value: Decimal | None, if_none: str) -> str:
    return if_none if value is None else format(value, "f")


def _value(text: str, none: str) -> Decimal | None:
    return None if text == none else Decimal(text)
