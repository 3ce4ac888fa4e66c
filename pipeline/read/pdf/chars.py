"""The characters of a PDF page by place, which way up they stand, and pdfium's own reading of a rectangle."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable

import pypdfium2.raw as pdfium

from pipeline.core.model import DataFault
from pipeline.read.layout.page import Box, Char

MAX_CHARS = 200_000
SAMPLE = 400  # characters asked for their angle
HYPHEN = 2  # pdfium's code for a hyphen at the end of a line

Point = tuple[float, float]


def quarter_turns(text: pdfium.FPDF_TEXTPAGE, rotation: int) -> int:
    """How often the page must be turned right to read: as most of its text stands, else as the page says."""
    count = pdfium.FPDFText_CountChars(text)
    # pdfium counts the angle clockwise: text that runs upwards has three quarters, and is read after one turn right.
    angles = (pdfium.FPDFText_GetCharAngle(text, i) for i in range(0, count, max(1, count // SAMPLE)))
    turns = Counter(-round(angle / (math.pi / 2)) % 4 for angle in angles if angle >= 0)
    return turns.most_common(1)[0][0] if turns else rotation


def turned(turns: int, box: tuple[float, float, float, float]) -> Callable[[float, float], Point]:
    """Page space (y upwards; `box` is left, bottom, right, top) to points from the upright page's top left corner."""
    left, bottom, right, top = box
    return (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )[turns]


def turned_back(turns: int, box: tuple[float, float, float, float]) -> Callable[[float, float], Point]:
    """The inverse of `turned`."""
    left, bottom, right, top = box
    return (
        lambda x, y: (x + left, top - y),
        lambda x, y: (y + left, x + bottom),
        lambda x, y: (right - x, y + bottom),
        lambda x, y: (right - y, top - x),
    )[turns]


def chars(text: pdfium.FPDF_TEXTPAGE, upright: Callable[[float, float], Point], page: Box) -> list[Char]:
    """The visible characters on the page, in the order of the file. Raises DataFault for more than any page has."""
    count = pdfium.FPDFText_CountChars(text)
    if count > MAX_CHARS:
        raise DataFault("read.too_many_lines")
    rectangle, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    found: list[Char] = []
    for i in range(count):
        code = pdfium.FPDFText_GetUnicode(text, i)
        if code == HYPHEN:
            code = ord("-")
        if (
            code <= 32
            or code in (0xA0, 0x3000, 0xFFFE, 0xFEFF)
            or not pdfium.FPDFText_GetLooseCharBox(text, i, rectangle)
        ):
            continue
        pdfium.FPDFText_GetCharOrigin(text, i, x, y)
        x0, y0 = upright(rectangle.left, rectangle.bottom)
        x1, y1 = upright(rectangle.right, rectangle.top)
        base = upright(x.value, y.value)[1]
        if page.holds((x0 + x1) / 2, base):
            found.append(Char(chr(code), min(x0, x1), max(x0, x1), base, abs(y1 - y0)))
    return found


def within(text: pdfium.FPDF_TEXTPAGE, box: Box, back: Callable[[float, float], Point]) -> str:
    """What pdfium itself reads in a rectangle of the upright page, without spaces."""
    (x0, y0), (x1, y1) = back(box.x0, box.top), back(box.x1, box.bottom)
    place = (min(x0, x1), max(y0, y1), max(x0, x1), min(y0, y1))
    length = pdfium.FPDFText_GetBoundedText(text, *place, None, 0)
    if length <= 0:
        return ""
    buffer = (ctypes.c_ushort * (length + 1))()
    pdfium.FPDFText_GetBoundedText(text, *place, buffer, length)
    read = bytes(buffer)[: 2 * length].decode("utf-16-le", errors="replace").rstrip("\0")
    return "".join(read.replace("\x02", "-").replace("\ufffe", "-").split())
