"""Originals: the tables of a report's file as it was read, and pictures of its pages. The file is read in a child."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.model import Document, Grid, GridCell
from pipeline.read import read
from pipeline.read.page_picture import draw_page
from pipeline.runtime.child_process import kept_child

Position = tuple[int, int, int]  # number of the table in the file, row, column
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
class Original:
    """A file as a person sees it: its tables, and the marked places by page, in the order of the pages."""

    tables: Sequence[OriginalTable]
    pages: Mapping[int, Sequence[MarkedPlace]]


def draw_original(path: str, marked: Collection[Position]) -> Original:
    """Return a file with the marked cells. Raises DataFault."""
    with _one_at_a_time, kept_child() as child:
        document = child.call(read, Path(path))
    tables = [_draw(number, grid, marked) for number, grid in enumerate(document.grids)]
    return Original(tables, _find_places(document, marked))


def draw_picture(path: str, page: int) -> tuple[bytes, str]:
    """Return a page of a file as a picture, with its media type. Raises DataFault."""
    with _one_at_a_time, kept_child() as child:
        return child.call(draw_page, Path(path), page)


def _draw(number: int, grid: Grid, marked: Collection[Position]) -> OriginalTable:
    rows: dict[int, list[OriginalCell]] = {}
    for cell in sorted(grid.cells, key=lambda c: (c.row, c.column)):
        rows.setdefault(cell.row, []).append(_draw_cell(cell, (number, cell.row, cell.column) in marked))
    return OriginalTable(grid.sheet, [rows[row] for row in sorted(rows)])


def _find_places(document: Document, marked: Collection[Position]) -> dict[int, list[MarkedPlace]]:
    places: dict[int, list[MarkedPlace]] = {}
    for number, grid in enumerate(document.grids):
        for cell in grid.cells:
            on_page = places.setdefault(cell.page, [])
            if cell.box and (number, cell.row, cell.column) in marked:
                x0, top, x1, bottom = (100 * share for share in cell.box)
                on_page.append(MarkedPlace(x0, top, x1 - x0, bottom - top))
    return dict(sorted(places.items()))


def _draw_cell(cell: GridCell, is_marked: bool) -> OriginalCell:
    return OriginalCell(cell.text, cell.rowspan, cell.colspan, is_marked)
