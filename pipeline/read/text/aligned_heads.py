"""Read the heads of columns in an aligned table: wrapped over lines, and grouped under wider heads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.core.model import GridCell
from pipeline.read.text.aligned_rows import Piece, Row

LEFT_OF_VALUES = -1  # the column of texts that end before the first column of values


class Column(NamedTuple):
    """A column of values, as offsets of characters in its lines."""

    start: int
    end: int


class _Head(NamedTuple):
    """A text above the values: its line (0-based), its place in the line, and the column it names."""

    line: int
    piece: Piece
    column: int


def read_heads(rows: Sequence[Row], columns: Sequence[Column], first_column: int) -> Iterator[GridCell]:
    """Yield the heads above columns: a grid row for each line of groups, and one for the heads themselves.

    Grid rows count from 0. `first_column` is the grid column of the first value; texts left of the values are placed in
    column 0.
    """
    heads = [_Head(i, piece, _find_column(piece, columns)) for i, row in enumerate(rows) for piece in row.texts]
    group_lines = _find_group_lines(heads)
    last_line_by_column = {head.column: head.line for head in heads}
    groups = [h for h in heads if h.line in group_lines and h.column >= 0 and h.line < last_line_by_column[h.column]]
    if any("单位" in group.piece.text for group in groups):
        groups = []  # a head with a unit is never a group's; better no groups than a lost unit
    column_texts = [
        "".join(head.piece.text for head in heads if head.column == column and head not in groups)
        for column in range(LEFT_OF_VALUES, len(columns))
    ]
    lines = sorted({group.line for group in groups})
    page = rows[0].page if rows else 1
    for top, line in enumerate(lines):
        line_groups = [group for group in groups if group.line == line]
        for column, text in _place_groups(line_groups, column_texts[1:], columns):
            yield GridCell(text, top, first_column + column if column >= 0 else 0, page=page)
    for i, text in enumerate(column_texts):
        if text:
            yield GridCell(text, len(lines), first_column + i - 1 if i else 0, page=page)


def _find_column(piece: Piece, columns: Sequence[Column]) -> int:
    """Return the column nearest to the middle of a head, `LEFT_OF_VALUES` for a text that ends before the first."""
    if not columns or piece.end <= columns[0].start:
        return LEFT_OF_VALUES
    middle = piece.start + piece.end
    return min(range(len(columns)), key=lambda c: abs(columns[c].start + columns[c].end - middle))


def _find_group_lines(heads: Sequence[_Head]) -> set[int]:
    """Return the lines of groups: every head that has heads below it extends over more than one column.

    A head without one below it, such as one that is merged downwards, may be on such a line too.
    """
    last_column = max((h.column for h in heads), default=0)
    group_lines = set()
    for line in {h.line for h in heads}:
        line_columns = sorted({h.column for h in heads if h.line == line and h.column >= 0})
        columns_below = {h.column for h in heads if h.line > line}
        upper_columns = [c for c in line_columns if c in columns_below]
        widths = [min((d for d in line_columns if d > c), default=c + 2) - c for c in upper_columns]
        if upper_columns and min(widths) > 1 and last_column > 0:
            group_lines.add(line)
    return group_lines


def _place_groups(
    groups: Sequence[_Head], column_texts: Sequence[str], columns: Sequence[Column]
) -> Iterator[tuple[int, str]]:
    """Yield each group's first column and text.

    A group begins where the heads below it start again with the first head's text, else above its own middle.
    """
    restarts = [c for c, text in enumerate(column_texts) if text and _is_same_text(text, column_texts[0])]
    for group in groups:
        earlier_restarts = [c for c in restarts if columns[c].start <= (group.piece.start + group.piece.end) / 2]
        column = earlier_restarts[-1] if len(restarts) > 1 and earlier_restarts else group.column
        yield column, group.piece.text


def _is_same_text(text: str, other_text: str) -> bool:
    return text.replace(" ", "") == other_text.replace(" ", "")
