"""A comment on one cell of an office's file."""

from __future__ import annotations

from dataclasses import dataclass

AUTHOR = "ogi"


@dataclass(frozen=True)
class Note:
    """A comment: `grid` is the number of the table from 0 and `sheet` its name in a workbook; row and column from 0.

    `printed` is the text of the cell, by which its place is verified.
    """

    grid: int
    sheet: str
    row: int
    column: int
    printed: str
    text: str
