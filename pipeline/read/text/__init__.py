"""Plain text: tables told by tabs, bars, runs of spaces, or one cell a line; the other lines are prose.

Only bars tell columns for sure. For the rest the grids are not `exact`, and a row that lost a blank is left short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby

from pipeline.core.model import DataFault, Document, Grid, GridCell, Paragraph
from pipeline.read.heading import title_of
from pipeline.read.text import pipes as text_pipes
from pipeline.read.text import ragged as text_ragged
from pipeline.read.text import stacked as text_stacked
from pipeline.read.text.lines import Line, lines_of, numbered, prose, prose_lines, value
from pipeline.read.text.rows import has_figures

MAX_CELLS = 200_000
MAX_LINES, LONGEST_LINE = 200_000, 100_000
FEWEST = 5  # figures alone on their lines that make a table
HEADS = 60  # lines above the first figures in which their heads are looked for
_SEPARATORS = re.compile(r"[\t|｜│┃]")


def sniff(decoded: str) -> bool:
    """Text is what is left when nothing else fits, if it has lines that people write."""
    head = decoded[:4096]
    return sum(c.isprintable() or c in "\r\n\t\f\ufeff" for c in head) >= 0.95 * len(head)


def read(decoded: str) -> Document:
    """The Document of a text. Raises DataFault for one with more cells or lines than any report has."""
    if len(_SEPARATORS.findall(decoded)) > MAX_CELLS:
        raise DataFault("read.too_many_cells", limit=MAX_CELLS)
    raw = decoded.splitlines()
    if len(raw) > MAX_LINES or max(map(len, raw), default=0) > LONGEST_LINE:
        raise DataFault("read.too_long", lines=MAX_LINES, characters=LONGEST_LINE)
    lines = lines_of(decoded)
    blocks = tuple(_blocks(lines))
    return Document(blocks, "text", "text", title_of(blocks))


def _blocks(lines: Sequence[Line]) -> Iterator[Paragraph | Grid]:
    for kind, run in _runs(lines):
        if kind == "tabs":
            yield _tabbed([line for line in run if not line.blank])
        elif kind == "bars":
            yield from text_pipes.grids(run)
        else:
            yield from _free(run)


def _runs(lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Runs of lines of one kind; a blank line goes with what is before it."""
    kind = ""
    kinds = [kind := (_kind(line) if not line.blank else kind) for line in lines]
    for found, group in groupby(zip(kinds, lines, strict=True), key=lambda pair: pair[0]):
        yield found, [line for _, line in group]


def _kind(line: Line) -> str:
    if "\t" in line.text:
        return "tabs"
    return "bars" if text_pipes.is_row(line) else "free"


def _tabbed(lines: Sequence[Line]) -> Grid:
    fields = ((r, line.page, line.text.split("\t")) for r, line in enumerate(lines))
    cells = (GridCell(t.strip(), r, c, page=page) for r, page, row in fields for c, t in enumerate(row))
    return Grid(tuple(cells), exact=False)


def _free(lines: Sequence[Line]) -> Iterator[Paragraph | Grid]:
    """Prose, and the tables in it without separators."""
    alone = [value(line.text) for line in lines]
    ragged = [has_figures(line) for line in lines]
    stacked = sum(alone) >= FEWEST and sum(alone) > sum(ragged)
    at = 0
    for first, last in _regions(lines, alone if stacked else ragged, trailing=not stacked):
        yield from prose(lines[at:first])
        yield (text_stacked if stacked else text_ragged).grid(lines[first:last])
        at = last
    yield from prose(lines[at:])


def _regions(lines: Sequence[Line], figures: Sequence[bool], trailing: bool) -> Iterator[tuple[int, int]]:
    """Stretches around lines with figures, parted by prose: each from its heads to the end of its last label."""
    told = prose_lines(lines)
    before = list(accumulate(told))
    end = 0
    for _, group in groupby((i for i, f in enumerate(figures) if f), key=lambda i: before[i]):
        found = list(group)
        first = found[0]
        while first > end and found[0] - first < HEADS and not told[first - 1]:
            first -= 1
        end = found[-1] + 1
        goes_on = _label_goes_on if trailing else _cell_goes_on
        while end < len(lines) and not told[end] and goes_on(lines[end]):
            end += 1
        yield first, end


def _label_goes_on(line: Line) -> bool:
    return not line.blank and not numbered(line.text)


def _cell_goes_on(line: Line) -> bool:
    """Blank cells at the end of a table are part of it: without them its last figures would seem to be others."""
    return line.blank or text_pipes.is_bar(line)
