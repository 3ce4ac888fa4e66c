"""Tables whose columns are told by runs of spaces, as `pdftotext -layout` and people write them.

A figure is put in a column only where every column has one, or where it stands under exactly one of them; else the line
is left short, so that it becomes a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.core.model import Grid, GridCell
from pipeline.core.text import is_unit
from pipeline.read.text.heads import Column, heads_of
from pipeline.read.text.labels import tie
from pipeline.read.text.lines import Line, doubtful_unit
from pipeline.read.text.rows import Piece, Row, rows_of

FIRST = 2  # column of the first figure; the label stands in 0, a unit in 1
# How sure a figure is that was put in its column by where it stands, and one under heads with another money unit.
STANDING, UNIT = 0.7, 0.3


def grid(lines: Sequence[Line]) -> Grid:
    """The rows of a run of lines as a grid with guessed columns."""
    rows = rows_of(lines)
    tie(rows)
    cells: list[GridCell] = []
    top = 0
    for section in _sections(rows):
        placed = list(_section(section))
        cells += [GridCell(c.text, top + c.row, c.column, page=c.page, confidence=c.confidence) for c in placed]
        top += 1 + max((c.row for c in placed), default=-1)
    return Grid(tuple(cells), exact=False)


def _sections(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Runs of rows with the same columns: they end where heads follow figures, or a page does."""
    section: list[Row] = []
    for row in rows:
        if any(r.figures for r in section) and (row.head or row.page != section[-1].page):
            yield section
            section = []
        section.append(row)
    yield section


def _section(rows: Sequence[Row]) -> Iterator[GridCell]:
    """The cells of a section, lines counted from 0: heads, then a line for each label and each row of figures."""
    heads, columns = [r for r in rows if r.head], _columns(rows)
    top, first, sure = 0, FIRST, 1.0
    if columns and columns[0].start < 0:
        above = list(_words(heads))
        sure = UNIT if doubtful_unit([w for r in rows if not r.figures for w in r.words]) and not above else 1.0
    else:
        above = list(heads_of(heads, columns, FIRST))
    yield from above
    top = 1 + max((c.row for c in above), default=-1)
    for row in (r for r in rows if not r.head):
        if len(row.alone) > 1:
            # Heads without columns: the figures below go to the right of them all.
            yield from (GridCell(text, top, c, page=row.page) for c, text in enumerate(row.alone))
            first = len(row.alone) + FIRST
        elif row.alone:
            yield GridCell(row.alone[0], top, 0, page=row.page)
        top += bool(row.alone)
        if row.figures:
            yield from _figures(row, columns, top, first, sure)
            top += 1


def _words(heads: Sequence[Row]) -> Iterator[GridCell]:
    """Heads with a word for each figure."""
    for top, row in enumerate(heads):
        places = (0, *range(FIRST, FIRST + len(row.words)))
        yield from (GridCell(w, top, c, page=row.page) for w, c in zip(row.words, places, strict=False))


def _columns(rows: Sequence[Row]) -> list[Column]:
    """Where the figures of the fullest rows stand; without wide gaps they stand nowhere in particular (-1)."""
    data = [r for r in rows if r.figures]
    most = max((len(r.figures) for r in data), default=0)
    full = [r.figures for r in data if len(r.figures) == most]
    if not all(r.wide or len(r.texts) + len(r.figures) == 1 for r in data):
        return [Column(-1, -1)] * most
    return [Column(min(f[i].start for f in full), max(f[i].end for f in full)) for i in range(most)]


def _figures(row: Row, columns: Sequence[Column], top: int, first: int, sure: float) -> Iterator[GridCell]:
    if row.label:
        yield GridCell(row.label, top, 0, page=row.page)
    yield from (GridCell(p.text, top, 1, page=row.page) for p in row.texts[-1:] if is_unit(p.text))
    places = _places(row.figures, columns)
    if not places:
        # Left short: which column each figure belongs to is not known, only their order.
        places, columns = list(range(len(row.figures))), columns[: len(row.figures)]
    elif len(places) < len(columns):
        sure = min(sure, STANDING)
    texts = {place: figure.text for place, figure in zip(places, row.figures, strict=True)}
    for i in range(len(columns)):
        yield GridCell(texts.get(i, ""), top, first + i, page=row.page, confidence=sure)


def _places(figures: Sequence[Piece], columns: Sequence[Column]) -> list[int]:
    """The column of each figure; none where one of them cannot be told."""
    if len(figures) == len(columns):
        return list(range(len(columns)))
    under = [[i for i, c in enumerate(columns) if f.start < c.end and c.start < f.end] for f in figures]
    places = [found[0] for found in under if len(found) == 1]
    return places if len(set(places)) == len(figures) else []
