"""Read tables without ruling lines, or with lines only at head and foot, by the columns of their texts.

The page becomes text in which spaces keep each text in its column; the reader of text files finds the tables in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from pipeline.core.model import Finding, Grid, Paragraph
from pipeline.read import text
from pipeline.read.layout.lines import group_into_lines, join_chars
from pipeline.read.layout.page import Char
from pipeline.read.left_out import has_data_table
from pipeline.read.text.lines import count_display_columns

COLUMN_WIDTH = 0.36  # of a display column, in type sizes: narrower than half a character, so that columns stay apart
MIN_GAP = 1.0  # type sizes between two texts of a line
MAX_COLUMNS = 2_000  # of a line
ALIGNED_CONFIDENCE = 0.75  # below the limit from which a cell counts as certain
DOUBTFUL = "□"  # in place of struck, raised and other characters that are no plain text: the number is asked about
PLAIN_KINDS = frozenset({"field", "inserted", "shown"})

Blocks = list[Paragraph | Grid]


def read_aligned_tables(pages: Sequence[Sequence[Char]]) -> tuple[Blocks, tuple[Finding, ...]] | None:
    """Return the blocks of pages without ruled tables, and the finding that asks to compare them.

    `pages` holds the characters of each page. Return None if their columns form no data table either.
    """
    blocks = list(text.read("\f".join("\n".join(_align_lines(chars)) for chars in pages)).blocks)
    if not has_data_table(blocks):
        return None
    blocks = [_doubt(block) if isinstance(block, Grid) else block for block in blocks]
    tables = [grid for grid in blocks if isinstance(grid, Grid)]
    place = f"page {min(cell.page for cell in tables[0].cells)}"
    return blocks, (Finding("extract.unruled", place, "fail", "warning", note=str(len(tables))),)


def _doubt(grid: Grid) -> Grid:
    """Return the grid with low confidence: next to a blank, a text may belong one column further."""
    return replace(grid, cells=tuple(replace(c, confidence=min(c.confidence, ALIGNED_CONFIDENCE)) for c in grid.cells))


def _align_lines(chars: Sequence[Char]) -> Iterator[str]:
    """Yield the lines of a page, those of tables with spaces that keep their texts in their columns."""
    seen_chars = [char for char in chars if "hidden" not in char.kinds]
    unit = COLUMN_WIDTH * max(median([char.size for char in seen_chars] or [1.0]), 0.1)
    for line in group_into_lines(seen_chars):
        pieces = list(
            _split_line([char if char.kinds <= PLAIN_KINDS else char._replace(text=DOUBTFUL) for char in line])
        )
        yield _align(pieces, unit) if len(pieces) > 1 else join_chars(pieces[0])


def _split_line(line: Sequence[Char]) -> Iterator[list[Char]]:
    """Yield the texts of a line that wide gaps separate."""
    starts = [0, *(i for i, (a, b) in enumerate(pairwise(line), start=1) if b.x0 - a.x1 > MIN_GAP * b.size), len(line)]
    for start, end in pairwise(starts):
        yield list(line[start:end])


def _align(pieces: Sequence[Sequence[Char]], unit: float) -> str:
    """Return the texts of a line, each in its column, with at least two spaces between them."""
    line = ""
    for piece in pieces:
        column = min(max(round(piece[0].x0 / unit), 0), MAX_COLUMNS)
        gap = max(column - count_display_columns(line), 2 if line else 0)
        line += " " * gap + join_chars(piece)
    return line
