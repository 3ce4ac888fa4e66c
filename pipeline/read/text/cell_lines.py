"""Join rows that stored page text shows with one cell a line, each ended by a bar, into rows of a bar table.

Two shapes exist. A line with a bare bar begins each row, and bars at the end of the row fill the missing columns::

    |
    规章 |
    0 |
    3 | ||

Without such a line, a bare bar is a blank cell, and a line of several bars fills a row. Its cells are then stacked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.read.text.lines import Line

MIN_CELL_LINES = 10  # in a text, before its bars are taken for the ends of cells
_CELL = re.compile(r"(?P<text>[^|]*[^|\s])\s*\|[\s|]*")
_FILL = re.compile(r"\|[|\s]*\|")


def join_cell_lines(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with rows of cell lines joined; other texts are returned unchanged."""
    cells = [i for i, line in enumerate(lines) if _CELL.fullmatch(line.text.strip())]
    if len(cells) < MIN_CELL_LINES:
        return list(lines)
    first = cells[0]
    has_row_bars = first > 0 and _is_bare(lines[first - 1])
    return list(_join_rows(lines) if has_row_bars else _stack(lines))


def _is_bare(line: Line) -> bool:
    return line.text.strip() == "|" and line.text.startswith("|")


def _join_rows(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield each run of lines after a bare bar, up to the last one that ends with a bar, as one line."""
    run: list[Line] | None = None
    for line in lines:
        if _is_bare(line):
            yield from _row(run or [])
            run = []
        elif run is None:
            yield line
        else:
            run.append(line)
    yield from _row(run or [])


def _row(run: Sequence[Line]) -> Iterator[Line]:
    """Yield the row of a run, then the lines after it."""
    end = max((i + 1 for i, line in enumerate(run) if line.text.rstrip().endswith("|")), default=0)
    if end:
        texts = (line.text.strip() for line in run[:end] if line.text.strip())
        yield replace(run[0], text="| " + " ".join(text if text.endswith("|") else f"{text} |" for text in texts))
    yield from run[end:]


def _stack(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines with each cell on a line of its own and a bar after it; fill lines are dropped."""
    for line in lines:
        text = line.text.strip()
        if match := _CELL.fullmatch(text):
            yield from (replace(line, text=match["text"]), replace(line, text="|"))
        elif text == "|":
            yield from (replace(line, text=" "), replace(line, text="|"))
        elif not _FILL.fullmatch(text):
            yield line
