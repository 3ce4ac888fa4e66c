"""Plain text: lines with tabs are rows of a table, the other lines are prose."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pipeline.model import DataFault, Document, Grid, GridCell, Paragraph

MAX_CELLS = 200_000


def sniff(decoded: str) -> bool:
    """Text is what is left when nothing else fits, if it has lines that people write."""
    head = decoded[:4096]
    return sum(c.isprintable() or c in "\r\n\t\f\ufeff" for c in head) >= 0.95 * len(head)


def read(decoded: str) -> Document:
    """The Document of a text. Columns are only guessed from tabs, so the grids are not `exact`."""
    lines = [line for line in decoded.splitlines() if line.strip(" \t\u3000")]
    if decoded.count("\t") > MAX_CELLS:
        raise DataFault("read.too_many_cells", limit=MAX_CELLS)
    return Document(tuple(_blocks(lines)), "text", "text")


def _blocks(lines: list[str]) -> Iterator[Paragraph | Grid]:
    for tabbed, group in groupby(lines, key=lambda line: "\t" in line):
        if tabbed:
            yield _grid(list(group))
        else:
            yield from (Paragraph(line.strip()) for line in group)


def _grid(lines: list[str]) -> Grid:
    fields = ((r, line.split("\t")) for r, line in enumerate(lines))
    return Grid(tuple(GridCell(t.strip(), r, c) for r, row in fields for c, t in enumerate(row)), exact=False)
