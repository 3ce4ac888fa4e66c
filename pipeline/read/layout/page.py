"""What a page holds before it is a Document: lines of text and tables by place. Shared by text PDFs and scans.

Lengths are in points (1/72 inch); x runs to the right and y downwards from the top left corner of the upright page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle; `top` is above `bottom`."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies in the rectangle."""
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom


class Char(NamedTuple):
    """A character: its horizontal extent, its base line and its size."""

    text: str
    x0: float
    x1: float
    base: float
    size: float


@dataclass(frozen=True)
class Line:
    """A line of text outside of tables."""

    text: str
    x0: float
    x1: float
    base: float
    size: float


@dataclass(frozen=True)
class Field:
    """A table cell: its rectangle, the edges it lies between (rows and columns of its own page's table), its text."""

    box: Box
    row: int
    column: int
    rowspan: int
    colspan: int
    text: str = ""
    confidence: float = 1.0


@dataclass(frozen=True)
class Table:
    """A page's table or its part of one: the places of the column edges and row edges, and the cells."""

    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Page:
    """A page upright: its number from 1, its size, its tables from top to bottom, and the lines outside of them."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]
