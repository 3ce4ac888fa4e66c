"""Originals: the tables of a report's file as it was read, and pictures of its pages. The file is read in a child.

Of reports of other kinds than the annual one, whose numbers are in the prose too, also the paragraphs.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.model import Document, Grid, GridCell, Paragraph
from pipeline.extract.kind.percent import show_percentages
from pipeline.extract.kind.report import list_paragraphs
from pipeline.extract.visible import see
from pipeline.read import read
from pipeline.read.page_picture import draw_page
from pipeline.runtime.child_process import kept_child

Position = tuple[int, int, int]  # number of the table in the file, row, column
Spans = Mapping[int, Sequence[tuple[int, int]]]  # offsets in the text of paragraphs, by their number
_one_at_a_time = threading.Lock()  # a browser asks for all pages at once


@dataclass(frozen=True)
class OriginalCell:
    """A cell of an original table, with its spans."""

    text: str
    rowspan: int
    colspan: int
    is_marked: bool


@dataclass(frozen=True)
class MarkedPlace:
    """Where a marked cell is on the picture of its page, in percent of the page."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class OriginalTable:
    """An original table: the name of its sheet, '' without one, and its rows."""

    sheet: str
    rows: Sequence[Sequence[OriginalCell]]


@dataclass(frozen=True)
class OriginalText:
    """An original paragraph in pieces, each with whether it is marked."""

    pieces: Sequence[tuple[str, bool]]


@dataclass(frozen=True)
class Original:
    """A file as a person sees it: tables and paragraphs, and the marked places by page, in the order of the pages."""

    parts: Sequence[OriginalTable | OriginalText]
    pages: Mapping[int, Sequence[MarkedPlace]]

    @property
    def has_text(self) -> bool:
        """Whether paragraphs are shown."""
        return any(isinstance(part, OriginalText) for part in self.parts)


def draw_original(path: str, marked: Collection[Position], spans: Spans | None = None) -> Original:
    """Return a file with the marked cells, and with marked `spans` of its paragraphs; None leaves the prose out.

    Raises DataFault.
    """
    with _one_at_a_time, kept_child() as child:
        document = child.call(read, Path(path))
    if spans is None:
        tables = [_draw(number, grid, marked) for number, grid in enumerate(document.grids)]
        return Original(tables, _find_places(document, marked))
    seen = see(show_percentages(document)).document
    return Original(list(_draw_all(seen, marked, spans)), _find_places(document, marked, with_text=True))


def draw_picture(path: str, page: int) -> tuple[bytes, str]:
    """Return a page of a file as a picture, with its media type. Raises DataFault."""
    with _one_at_a_time, kept_child() as child:
        return child.call(draw_page, Path(path), page)


def _draw(number: int, grid: Grid, marked: Collection[Position]) -> OriginalTable:
    rows: dict[int, list[OriginalCell]] = {}
    for cell in sorted(grid.cells, key=lambda c: (c.row, c.column)):
        rows.setdefault(cell.row, []).append(_draw_cell(cell, (number, cell.row, cell.column) in marked))
    return OriginalTable(grid.sheet, [rows[row] for row in sorted(rows)])


def _draw_all(document: Document, marked: Collection[Position], spans: Spans) -> Iterator[OriginalTable | OriginalText]:
    """Yield the paragraphs and tables; a table of one cell is a paragraph too, as the reader of prose numbers them."""
    number = paragraph = 0
    for block in document.blocks:
        if isinstance(block, Grid) and len(block.cells) != 1:
            yield _draw(number, block, marked)
        for text in list_paragraphs([block]):
            own = spans.get(paragraph, ())
            is_table = isinstance(block, Grid) and (number, block.cells[0].row, block.cells[0].column) in marked
            yield OriginalText([(text.text, True)]) if is_table else _draw_text(text, own)
            paragraph += 1
        number += isinstance(block, Grid)


def _draw_text(paragraph: Paragraph, spans: Sequence[tuple[int, int]]) -> OriginalText:
    pieces: list[tuple[str, bool]] = []
    position = 0
    for start, end in sorted(spans):
        if start >= position:
            pieces += [(paragraph.text[position:start], False), (paragraph.text[start:end], True)]
            position = end
    return OriginalText([*pieces, (paragraph.text[position:], False)])


def _find_places(
    document: Document, marked: Collection[Position], *, with_text: bool = False
) -> dict[int, list[MarkedPlace]]:
    places: dict[int, list[MarkedPlace]] = {p.page: [] for p in document.paragraphs} if with_text else {}
    for number, grid in enumerate(document.grids):
        for cell in grid.cells:
            on_page = places.setdefault(cell.page, [])
            if cell.box and (number, cell.row, cell.column) in marked:
                x0, top, x1, bottom = (100 * share for share in cell.box)
                on_page.append(MarkedPlace(x0, top, x1 - x0, bottom - top))
    return dict(sorted(places.items()))


def _draw_cell(cell: GridCell, is_marked: bool) -> OriginalCell:
    return OriginalCell(cell.text, cell.rowspan, cell.colspan, is_marked)
