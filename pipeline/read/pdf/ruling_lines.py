"""Collect the ruling lines of a PDF page: strokes, thin filled rectangles, and edges of stroked ones, also in forms.

A form here is PDF's form object: a drawing that a page places with a matrix.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import pypdfium2.raw as pdfium

from pipeline.core.model import DataFault
from pipeline.read.layout.lattice import Rule
from pipeline.read.layout.page import Box
from pipeline.read.pdf.chars import Point, Transform

# Points.
MAX_LINE_THICKNESS = 3.0  # of a filled rectangle or picture that counts as a line
MAX_LEAN = 1.0  # between the ends of a horizontal or vertical stroke
MAX_OBJECTS, MAX_SEGMENTS, MAX_FORM_DEPTH = 100_000, 4_000, 6
MIN_WHITE = 250  # value (0-255) from which each colour component counts as white

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Surface(NamedTuple):
    """A filled rectangle or picture: its place in drawing order, and its box."""

    order: int
    box: Box
    is_white: bool
    is_opaque: bool


@dataclass
class Drawing:
    """Everything that a page draws except the text itself; lengths are in points of upright space.

    `horizontal` and `vertical` are lines. `filled_areas` are coloured rectangles as (top left, bottom right) corners.
    `surfaces` are all areas and pictures, and `text_orders` the places of text objects in drawing order, by address.
    `picture_area` is the area of all pictures in square points, and `path_count` the number of paths.
    """

    horizontal: list[Rule] = field(default_factory=list)
    vertical: list[Rule] = field(default_factory=list)
    filled_areas: list[tuple[Point, Point]] = field(default_factory=list)
    surfaces: list[Surface] = field(default_factory=list)
    text_orders: dict[int, int] = field(default_factory=dict)
    picture_area: float = 0.0
    path_count: int = 0
    has_visible_text: bool = False

    def add_stroke(self, start: Point, end: Point) -> None:
        """Add a stroke if it is straight and horizontal or vertical."""
        (x0, y0), (x1, y1) = start, end
        if abs(y1 - y0) <= MAX_LEAN < abs(x1 - x0):
            self.horizontal.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= MAX_LEAN < abs(y1 - y0):
            self.vertical.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))

    def add_thin_rectangle(self, start: Point, end: Point) -> None:
        """Add the middle line of a thin rectangle, given by two opposite corners."""
        if abs(end[0] - start[0]) >= abs(end[1] - start[1]):
            middle = (start[1] + end[1]) / 2
            self.add_stroke((start[0], middle), (end[0], middle))
        else:
            middle = (start[0] + end[0]) / 2
            self.add_stroke((middle, start[1]), (middle, end[1]))

    def add_area_edges(self) -> None:
        """Add the edges of filled areas as lines: some tables are drawn as coloured cells without strokes."""
        for (x0, y0), (x1, y1) in self.filled_areas:
            for corner in ((x0, y1), (x1, y0)):
                self.add_stroke((x0, y0), corner)
                self.add_stroke(corner, (x1, y1))


def read_drawing(page: pdfium.FPDF_PAGE, to_upright: Transform) -> Drawing:
    """Return the drawing of a page. Raises DataFault for more objects than any report has."""
    drawing = Drawing()
    for count, (item, matrix) in enumerate(_iterate_objects(page)):
        if count >= MAX_OBJECTS:
            raise DataFault("read.too_many_lines")
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            drawing.text_orders[get_address(item)] = count
            if not drawing.has_visible_text:
                mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
                drawing.has_visible_text = mode != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            box = _add_picture(drawing, _multiply(_read_matrix(item), matrix), to_upright)
            drawing.surfaces.append(Surface(count, box, False, not pdfium.FPDFPageObj_HasTransparency(item)))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            drawing.path_count += 1
            _add_path(drawing, item, _multiply(_read_matrix(item), matrix), to_upright, count)
    return drawing


def get_address(item: pdfium.FPDF_PAGEOBJECT) -> int:
    """Return the address of an object of pdfium, by which it is the same object."""
    return ctypes.addressof(item.contents)


def read_fill(item: pdfium.FPDF_PAGEOBJECT) -> tuple[int, int, int, int] | None:
    """Return red, green, blue and opacity (0-255) of an object's fill, None if pdfium gives none."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        return None
    return red.value, green.value, blue.value, alpha.value


def _iterate_objects(page: pdfium.FPDF_PAGE) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, Matrix]]:
    """Yield all objects of the page in drawing order, each with the matrix of the form that contains it."""
    for i in range(pdfium.FPDFPage_CountObjects(page)):
        yield from _iterate_form(pdfium.FPDFPage_GetObject(page, i), IDENTITY, 0)


def _iterate_form(
    item: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, depth: int
) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, Matrix]]:
    """Yield the object itself, or the objects inside it if it is a form; forms nested too deeply are skipped."""
    if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_FORM:
        yield item, matrix
    elif depth < MAX_FORM_DEPTH:
        inner_matrix = _multiply(_read_matrix(item), matrix)
        for i in range(pdfium.FPDFFormObj_CountObjects(item)):
            yield from _iterate_form(pdfium.FPDFFormObj_GetObject(item, i), inner_matrix, depth + 1)


def _read_matrix(item: pdfium.FPDF_PAGEOBJECT) -> Matrix:
    m = pdfium.FS_MATRIX()
    return (m.a, m.b, m.c, m.d, m.e, m.f) if pdfium.FPDFPageObj_GetMatrix(item, m) else IDENTITY


def _multiply(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that applies `first` and then `second`."""
    if second == IDENTITY:
        return first
    (a, b, c, d, e, f), (p, q, r, s, t, u) = first, second
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _add_picture(drawing: Drawing, matrix: Matrix, to_upright: Transform) -> Box:
    """Add the area of a picture, which fills the unit square under its matrix, and return its box.

    A thin picture is also a line.
    """
    a, b, c, d, e, f = matrix
    start, end = to_upright(e, f), to_upright(a + c + e, b + d + f)
    width, height = abs(end[0] - start[0]), abs(end[1] - start[1])
    drawing.picture_area += width * height
    if min(width, height) <= MAX_LINE_THICKNESS:
        drawing.add_thin_rectangle(start, end)
    return Box(min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1]))


def _add_path(
    drawing: Drawing, item: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, to_upright: Transform, order: int
) -> None:
    """Add the strokes of a stroked path, or the areas of a path that is only filled."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    if not (fill.value or stroke.value):
        return
    for corners in _iterate_subpaths(item, matrix, to_upright):
        if stroke.value:
            for start, end in pairwise(corners):
                drawing.add_stroke(start, end)
        else:
            _add_filled_area(drawing, corners, item, order)


def _add_filled_area(drawing: Drawing, corners: list[Point], item: pdfium.FPDF_PAGEOBJECT, order: int) -> None:
    """Add a filled shape: a thin one as a line, a coloured rectangle as an area."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    start, end = (min(xs), min(ys)), (max(xs), max(ys))
    if min(end[0] - start[0], end[1] - start[1]) <= MAX_LINE_THICKNESS:
        drawing.add_thin_rectangle(start, end)
    elif _is_rectangle(corners):
        fill = read_fill(item)
        is_white = fill is not None and (min(fill[:3]) >= MIN_WHITE or fill[3] == 0)
        is_opaque = fill is not None and fill[3] == 255 and not pdfium.FPDFPageObj_HasTransparency(item)
        drawing.surfaces.append(Surface(order, Box(*start, *end), is_white, is_opaque))
        if not is_white and len(corners) in (4, 5):
            drawing.filled_areas.append((start, end))


def _is_rectangle(corners: list[Point]) -> bool:
    """Return whether all corners are the four corners of one upright rectangle."""
    xs, ys = {round(x, 1) for x, _ in corners}, {round(y, 1) for _, y in corners}
    return 4 <= len(corners) <= 6 and len(xs) == len(ys) == 2


def _iterate_subpaths(item: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, to_upright: Transform) -> Iterator[list[Point]]:
    """Yield the corners of each part of a path, in upright space, up to the first curve.

    A closed part ends where it began. The part with the curve, and those after it, are left out.
    """
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
        corners.append(to_upright(a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if pdfium.FPDFPathSegment_GetClose(segment):
            corners.append(corners[0])
    if corners:
        yield corners
