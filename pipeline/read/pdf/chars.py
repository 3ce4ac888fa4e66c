"""Read the characters of a PDF page with their places, find which way the text runs, and read rectangles with pdfium.

Page space is PDF's own: y runs upwards, and the page may be turned. Upright space is in points from the top left corner
of the page as it is read, with y downwards.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable
from itertools import compress

import pypdfium2.raw as pdfium

from pipeline.core.model import DataFault
from pipeline.read.layout.page import Box, Char
from pipeline.read.pdf.loose_boxes import correct_boxes

MAX_CHARS = 200_000
SAMPLE_CHARS = 400  # characters whose angle is read
HYPHEN_CODE = 2  # pdfium's code for a hyphen at the end of a line
_SPACE_CODES = (0xA0, 0x3000, 0xFFFE, 0xFEFF)  # besides 0 to 32

Point = tuple[float, float]
Transform = Callable[[float, float], Point]
Frame = tuple[float, float, float, float]  # left, bottom, right, top in page space


def count_quarter_turns(text: pdfium.FPDF_TEXTPAGE, page_turns: int) -> int:
    """Return how many quarter turns to the right make the page readable.

    Most of its text decides. A page without text is turned as it declares (`page_turns`).
    """
    count = pdfium.FPDFText_CountChars(text)
    # pdfium counts angles clockwise: text that runs upwards has three quarters, and one turn right makes it readable.
    angles = (pdfium.FPDFText_GetCharAngle(text, i) for i in range(0, count, max(1, count // SAMPLE_CHARS)))
    turns = Counter(-round(angle / (math.pi / 2)) % 4 for angle in angles if angle >= 0)
    return turns.most_common(1)[0][0] if turns else page_turns


def make_transform_to_upright(turns: int, frame: Frame) -> Transform:
    """Return the transform from page space to upright space for a page turned right by `turns` quarters."""
    left, bottom, right, top = frame
    return (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )[turns]


def make_transform_to_page(turns: int, frame: Frame) -> Transform:
    """Return the inverse of `make_transform_to_upright`."""
    left, bottom, right, top = frame
    return (
        lambda x, y: (x + left, top - y),
        lambda x, y: (y + left, x + bottom),
        lambda x, y: (right - x, y + bottom),
        lambda x, y: (right - y, top - x),
    )[turns]


def read_chars(text: pdfium.FPDF_TEXTPAGE, to_upright: Transform, page: Box) -> tuple[list[Char], list[int]]:
    """Return the characters on the page, in the order of the file and in upright space, and their indexes in `text`.

    Raises DataFault for more characters than any page has.
    """
    count = pdfium.FPDFText_CountChars(text)
    if count > MAX_CHARS:
        raise DataFault("read.too_many_lines")
    rectangle, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    chars: list[Char] = []
    indexes: list[int] = []
    for i in range(count):
        code = pdfium.FPDFText_GetUnicode(text, i)
        if code == HYPHEN_CODE:
            code = ord("-")
        if code <= 32 or code in _SPACE_CODES or not pdfium.FPDFText_GetLooseCharBox(text, i, rectangle):
            continue
        pdfium.FPDFText_GetCharOrigin(text, i, x, y)
        x0, y0 = to_upright(rectangle.left, rectangle.bottom)
        x1, y1 = to_upright(rectangle.right, rectangle.top)
        base = to_upright(x.value, y.value)[1]
        chars.append(Char(chr(code), min(x0, x1), max(x0, x1), base, abs(y1 - y0)))
        indexes.append(i)
    chars = correct_boxes(text, chars, indexes)
    on_page = [page.contains((char.x0 + char.x1) / 2, char.base) for char in chars]
    return list(compress(chars, on_page)), list(compress(indexes, on_page))


def read_box_text(text: pdfium.FPDF_TEXTPAGE, box: Box, to_page: Transform) -> str:
    """Return the text that pdfium itself reads in a rectangle of upright space, without spaces."""
    (x0, y0), (x1, y1) = to_page(box.x0, box.top), to_page(box.x1, box.bottom)
    place = (min(x0, x1), max(y0, y1), max(x0, x1), min(y0, y1))
    length = pdfium.FPDFText_GetBoundedText(text, *place, None, 0)
    if length <= 0:
        return ""
    buffer = (ctypes.c_ushort * (length + 1))()
    pdfium.FPDFText_GetBoundedText(text, *place, buffer, length)
    decoded_text = bytes(buffer)[: 2 * length].decode("utf-16-le", errors="replace").rstrip("\0")
    return "".join(decoded_text.replace("\x02", "-").replace("\ufffe", "-").split())
