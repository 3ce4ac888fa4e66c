"""The characters of a PDF page into the cells of its tables, and how sure each cell's text is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import pypdfium2.raw as pdfium

from pipeline.core.text import is_number
from pipeline.read.layout.lines import DASHED_MARK, joined, rows, text_of
from pipeline.read.layout.page import Box, Char, Field, Table
from pipeline.read.pdf.chars import Point, within

DOUBTFUL = 0.5
TORN = 0.12  # in sizes of the type: digits nearer than this belong to one number
OVERHANG = 0.25  # the share of a digit's width that may lie outside of its cell
RISE = 0.3  # in sizes of the type: how far the middle of a character is above its base line
ROOM = 2.5  # in sizes of the type: a first line that leaves more was not wrapped for want of room
FOOT = 0.9  # a page mark inside a table stands in the last tenth of the page


def sorted_out(found: Sequence[Char], lattices: Sequence[Table]) -> tuple[list[dict[int, list[Char]]], list[Char]]:
    """For each table the characters of each field by its index, and the characters outside of all tables."""
    inside: list[dict[int, list[Char]]] = [{} for _ in lattices]
    outside: list[Char] = []
    owners = [_owners(table) for table in lattices]
    order = sorted(range(len(lattices)), key=lambda i: _area(lattices[i].box))  # the innermost first
    for char in found:
        x, y = (char.x0 + char.x1) / 2, char.base - RISE * char.size
        home = next((i for i in order if lattices[i].box.holds(x, y)), None)
        if home is None:
            outside.append(char)
        else:
            inside[home].setdefault(owners[home](x, y), []).append(char)
    return inside, outside


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)


def _owners(table: Table) -> Callable[[float, float], int]:
    """A look-up of the field that holds a point of the table."""
    places = {
        (c, r): i
        for i, f in enumerate(table.fields)
        for c in range(f.column, f.column + f.colspan)
        for r in range(f.row, f.row + f.rowspan)
    }

    def owner(x: float, y: float) -> int:
        column = min(max(bisect_right(table.xs, x) - 1, 0), len(table.xs) - 2)
        row = min(max(bisect_right(table.ys, y) - 1, 0), len(table.ys) - 2)
        return places[column, row]

    return owner


def filled(
    table: Table,
    cells: dict[int, list[Char]],
    text: pdfium.FPDF_TEXTPAGE,
    back: Callable[[float, float], Point],
    height: float,
) -> Table:
    """The table with the text of each field and how sure it is."""
    fields = [
        _read_field(field, rows(cells.get(i, [])), within(text, field.box, back), height)
        for i, field in enumerate(table.fields)
    ]
    for i in _crossed(table, cells):
        fields[i] = replace(fields[i], confidence=DOUBTFUL)
    return replace(table, fields=tuple(fields))


def _read_field(field: Field, lines: list[list[Char]], other: str, height: float) -> Field:
    same = "".join(char.text for line in lines for char in line) == other
    kept = [line for line in lines if not (line[0].base > FOOT * height and DASHED_MARK.match(text_of(line)))]
    text = joined(text_of(line) for line in kept)
    sure = same and not (is_number(text.replace(" ", "")) and _in_pieces(field.box, kept))
    return replace(field, text=text, confidence=1.0 if sure else DOUBTFUL)


def _crossed(table: Table, cells: dict[int, list[Char]]) -> set[int]:
    """The fields on both sides of an edge that a number runs across: each may hold a part of the other's number."""
    digits = sorted((round(c.base), c.x0, c, i) for i, inside in cells.items() for c in inside if c.text.isdigit())
    found: set[int] = set()
    for (level, _, one, home), (next_level, _, other, neighbour) in pairwise(digits):
        if home != neighbour and level == next_level and other.x0 - one.x1 < TORN * one.size:
            found |= {home, neighbour}
    return found | {i for _, _, c, i in digits if _overhangs(c, table.fields[i].box)}


def _overhangs(digit: Char, box: Box) -> bool:
    return max(box.x0 - digit.x0, digit.x1 - box.x1) > OVERHANG * (digit.x1 - digit.x0)


def _in_pieces(box: Box, lines: list[list[Char]]) -> bool:
    """Whether a number may be two: with a gap in a line, or on two lines although the first had room to spare."""
    wide = any(" " in text_of(line) for line in lines)
    room = [box.x1 - box.x0 - (line[-1].x1 - line[0].x0) for line in lines[:-1]]
    return wide or any(left > ROOM * line[0].size for left, line in zip(room, lines, strict=False))
