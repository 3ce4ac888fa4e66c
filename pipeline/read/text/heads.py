"""Heads of columns in ragged text: wrapped over lines, and grouped under wider heads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.core.model import GridCell
from pipeline.read.text.rows import Piece, Row


class Column(NamedTuple):
    """Where a column's figures stand, in characters."""

    start: int
    end: int


class _Head(NamedTuple):
    line: int
    piece: Piece
    column: int


def heads_of(rows: Sequence[Row], columns: Sequence[Column], first: int) -> Iterator[GridCell]:
    """The heads over columns, a line for each line of groups and one for the heads themselves; lines count from 0.

    `first` is the grid column of the first figure; what stands left of the figures goes to column 0.
    """
    heads = [_Head(i, p, _column(p, columns)) for i, row in enumerate(rows) for p in row.texts]
    wide = _group_lines(heads)
    below = {h.column: h.line for h in heads}  # the last line of each column
    groups = [h for h in heads if h.line in wide and h.column >= 0 and h.line < below[h.column]]
    if any("单位" in h.piece.text for h in groups):
        groups = []  # a head with its unit is never a group's; rather no groups than a lost unit
    own = ["".join(h.piece.text for h in heads if h.column == c and h not in groups) for c in range(-1, len(columns))]
    lines = sorted({h.line for h in groups})
    page = rows[0].page if rows else 1
    for top, line in enumerate(lines):
        for c, text in _spread([h for h in groups if h.line == line], own[1:], columns):
            yield GridCell(text, top, first + c if c >= 0 else 0, page=page)
    yield from (GridCell(t, len(lines), first + c - 1 if c else 0, page=page) for c, t in enumerate(own) if t)


def _column(piece: Piece, columns: Sequence[Column]) -> int:
    """The column nearest to the middle of a head; -1 for what ends before the first one."""
    if not columns or piece.end <= columns[0].start:
        return -1
    middle = piece.start + piece.end
    return min(range(len(columns)), key=lambda c: abs(columns[c].start + columns[c].end - middle))


def _group_lines(heads: Sequence[_Head]) -> set[int]:
    """The lines whose every head has heads below and reaches over more than one column; a head that ends its column,
    as one that is merged downwards, may stand among them.
    """
    found = set()
    for line in {h.line for h in heads}:
        beside = sorted({h.column for h in heads if h.line == line and h.column >= 0})
        below = {h.column for h in heads if h.line > line}
        inner = [c for c in beside if c in below]
        reach = [min((d for d in beside if d > c), default=c + 2) - c for c in inner]
        last = max((h.column for h in heads), default=0)
        if inner and min(reach) > 1 and last > 0:
            found.add(line)
    return found


def _spread(groups: Sequence[_Head], own: Sequence[str], columns: Sequence[Column]) -> Iterator[tuple[int, str]]:
    """Each group with its first column: where the heads below start over again, else where it stands."""
    starts = [c for c, text in enumerate(own) if text and _same(text, own[0])]
    for group in groups:
        before = [c for c in starts if columns[c].start <= (group.piece.start + group.piece.end) / 2]
        restart = before[-1] if len(starts) > 1 and before else None
        yield (group.column if restart is None else restart), group.piece.text


def _same(one: str, other: str) -> bool:
    return one.replace(" ", "") == other.replace(" ", "")
