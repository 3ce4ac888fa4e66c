"""Write out the formulas that a workbook stores once for several cells (ECMA-376, part 1, 18.3.1.40).

Excel and WPS store a formula that was filled down or to the right with its first cell only; the others name its number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.core.places import column_number, sheet_address
from pipeline.read.sheet.extras import Place

UNKNOWN, _OUTSIDE = "?", "#REF!"
# Texts in quotes and names of sheets stay as they are; a reference has no letter, digit or bracket next to it.
_PARTS = re.compile(
    r"""(?P<quoted>"[^"]*"|'[^']*')|(?<![\w.$])(?P<c>\$?)(?P<column>[A-Z]{1,3})(?P<r>\$?)(?P<row>[1-9][0-9]{0,6})(?![\w(.!])"""
)


@dataclass
class SharedFormulas:
    """The shared formulas of a sheet by number, each with the place of its first cell."""

    first: dict[str, tuple[Place, str]] = field(default_factory=dict)

    def write_out(self, number: str, place: Place, text: str) -> str:
        """Return the formula of a cell; `?` for one whose first cell did not come before it.

        `text` is the text that is stored with the cell, which only the first cell has.
        """
        if text:
            self.first[number] = place, text
            return text
        if number not in self.first:
            return UNKNOWN
        (row, column), formula = self.first[number]
        return shift_references(formula, place[0] - row, place[1] - column)


def shift_references(formula: str, rows: int, columns: int) -> str:
    """Return a formula for a cell that lies `rows` below and `columns` to the right; `?` if it leaves the sheet.

    References with `$` are absolute in that direction.
    """
    shifted = _PARTS.sub(lambda match: _shift(match, rows, columns), formula)
    return UNKNOWN if _OUTSIDE in shifted else shifted


def _shift(match: re.Match[str], rows: int, columns: int) -> str:
    if match["quoted"]:
        return match["quoted"]
    column = column_number(match["column"]) + (0 if match["c"] else columns)
    row = int(match["row"]) - 1 + (0 if match["r"] else rows)
    if column < 0 or row < 0:
        return _OUTSIDE
    letters = sheet_address(0, column)[:-1]
    return f"{match['c']}{letters}{match['r']}{row + 1}"
