"""The ruling lines of a PDF page: strokes, thin filled rectangles, the edges of stroked ones, inside of forms too."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2.raw as pdfium

from pipeline.core.model import DataFault
from pipeline.read.layout.lattice import Rule

# Points. A filled rectangle no thicker than this is a line; a stroke that leans no more than this is straight.
THIN, LEAN = 3.0, 1.0
MAX_OBJECTS, MAX_SEGMENTS, MAX_DEPTH = 100_000, 4_000, 6
WHITE = 250

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass
class Drawing:
    """What a page draws besides visible text: lines, the edges of filled areas, the area of its pictures (square
    points), and whether it has any text that is seen and any path at all.
    """

    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    filled: list[tuple[Point, Point]] = field(default_factory=list)
    pictures: float = 0.0
    paths: int = 0
    seen_text: bool = False

    def add(self, start: Point, end: Point) -> None:
        """Keep a straight level or upright stroke; others are drawings."""
        (x0, y0), (x1, y1) = start, end
        if abs(y1 - y0) <= LEAN < abs(x1 - x0):
            self.across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= LEAN < abs(y1 - y0):
            self.down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))

    def add_filled(self) -> None:
        """Take the edges of filled areas for lines: for tables that are drawn as coloured cells without strokes."""
        for (x0, y0), (x1, y1) in self.filled:
            for corner in ((x0, y1), (x1, y0)):
                self.add((x0, y0), corner)
                self.add(corner, (x1, y1))


def drawing(page: pdfium.FPDF_PAGE, upright: Callable[[float, float], Point]) -> Drawing:
    """What the page draws; `upright` turns page space to points from the top left of the upright page.

    Raises DataFault for a page of more objects than any report has.
    """
    found = Drawing()
    for count, (item, matrix) in enumerate(_objects(page)):
        if count >= MAX_OBJECTS:
            raise DataFault("read.too_many_lines")
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT and not found.seen_text:
            found.seen_text = pdfium.FPDFTextObj_GetTextRenderMode(item) != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            _picture(found, item, matrix, upright)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            found.paths += 1
            _path(found, item, _times(_matrix(item), matrix), upright)
    return found


def _objects(page: pdfium.FPDF_PAGE) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, Matrix]]:
    """All objects of the page in drawing order, those of forms with the matrix of their form."""
    for i in range(pdfium.FPDFPage_CountObjects(page)):
        yield from _inside(pdfium.FPDFPage_GetObject(page, i), IDENTITY, 0)


def _inside(
    item: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, depth: int
) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, Matrix]]:
    if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_FORM:
        yield item, matrix
    elif depth < MAX_DEPTH:
        within = _times(_matrix(item), matrix)
        for i in range(pdfium.FPDFFormObj_CountObjects(item)):
            yield from _inside(pdfium.FPDFFormObj_GetObject(item, i), within, depth + 1)


def _matrix(item: pdfium.FPDF_PAGEOBJECT) -> Matrix:
    m = pdfium.FS_MATRIX()
    return (m.a, m.b, m.c, m.d, m.e, m.f) if pdfium.FPDFPageObj_GetMatrix(item, m) else IDENTITY


def _times(first: Matrix, then: Matrix) -> Matrix:
    if then == IDENTITY:
        return first
    (a, b, c, d, e, f), (p, q, r, s, t, u) = first, then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _picture(
    found: Drawing, item: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, upright: Callable[[float, float], Point]
) -> None:
    """A picture fills the unit square under its matrix; a thin one is a line."""
    a, b, c, d, e, f = _times(_matrix(item), matrix)
    start, end = upright(e, f), upright(a + c + e, b + d + f)
    width, height = abs(end[0] - start[0]), abs(end[1] - start[1])
    found.pictures += width * height
    if min(width, height) <= THIN:
        _thin(found, start, end)


def _path(
    found: Drawing, item: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, upright: Callable[[float, float], Point]
) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    if not (fill.value or stroke.value):
        return
    for corners in _subpaths(item, matrix, upright):
        if stroke.value:
            for start, end in pairwise(corners):
                found.add(start, end)
        else:
            _fill(found, corners, item)


def _fill(found: Drawing, corners: list[Point], item: pdfium.FPDF_PAGEOBJECT) -> None:
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    start, end = (min(xs), min(ys)), (max(xs), max(ys))
    if min(end[0] - start[0], end[1] - start[1]) <= THIN:
        _thin(found, start, end)
    elif len(corners) in (4, 5) and not _is_white(item):
        found.filled.append((start, end))


def _thin(found: Drawing, start: Point, end: Point) -> None:
    """The middle line of a thin rectangle."""
    if abs(end[0] - start[0]) >= abs(end[1] - start[1]):
        middle = (start[1] + end[1]) / 2
        found.add((start[0], middle), (end[0], middle))
    else:
        middle = (start[0] + end[0]) / 2
        found.add((middle, start[1]), (middle, end[1]))


def _is_white(item: pdfium.FPDF_PAGEOBJECT) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
    return bool(known) and (min(red.value, green.value, blue.value) >= WHITE or alpha.value == 0)


def _subpaths(
    item: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, upright: Callable[[float, float], Point]
) -> Iterator[list[Point]]:
    """The corners of each part of a path made of straight lines alone, upright; a closed part ends where it began."""
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    corners: list[Point] = []
    for i in range(min(pdfium.FPDFPath_CountSegments(item), MAX_SEGMENTS)):
        segment = pdfium.FPDFPath_GetPathSegment(item, i)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO and corners:
            yield corners
            corners = []
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            return
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        corners.append(upright(a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if pdfium.FPDFPathSegment_GetClose(segment):
            corners.append(corners[0])
    if corners:
        yield corners
