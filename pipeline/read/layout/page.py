"""Define the content of a drawn page before it becomes part of a Document; shared by text PDFs and scans.

Lengths are in points (1/72 inch); x runs to the right and y downwards from the top left corner of the upright page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pipeline.core.model import Mark, MarkKind


class Box(NamedTuple):
    """A rectangle; `top` is above `bottom`, so it is the smaller number."""

    x0: float
    top: float
    x1: float
    bottom: float

    def contains(self, x: float, y: float) -> bool:
        """Return whether the point lies in the rectangle or on its edge."""
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom


class Char(NamedTuple):
    """A character: its horizontal extent, the y of its base line, its type size, and the kinds of its formatting."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    kinds: frozenset[MarkKind] = frozenset()


@dataclass(frozen=True)
class Line:
    """A line of text outside of tables: its horizontal extent, the y of its base line, its type size, and its marks."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Field:
    """A table cell: its rectangle, its place in the table of its own page (0-based, with spans), and its text.

    `confidence` (0-1) is that of the text.
    """

    box: Box
    row: int
    column: int
    rowspan: int
    colspan: int
    text: str = ""
    confidence: float = 1.0
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Table:
    """A page's table or part of one: its column edges `xs` and row edges `ys`, ascending, and its cells."""

    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Page:
    """An upright page: its number from 1, its size, the lines outside of tables, and its tables from top to bottom.

    `chars` holds all characters of a page of a text PDF. `is_turned` means that the file shows the page lying on its
    side or upside down.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]
    chars: tuple[Char, ...] = ()
    is_turned: bool = False
