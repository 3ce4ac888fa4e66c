"""Correct the boxes of characters that pdfium makes too large or too small.

For vertical fonts pdfium ignores the text matrix: a character of 10 points may have a box of 200, and be taken for
part of another line.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from statistics import median

import pypdfium2.raw as pdfium

from pipeline.read.layout.page import Char

# A character is compared with its ink only if its box differs from the usual height by this factor, or is large.
MAX_USUAL_FACTOR, LARGE_SIZE = 1.6, 36.0  # the size in points
MAX_BOX_FACTOR, MAX_INK_FACTOR = 3.0, 1.5  # by which a box may exceed the largest ink of its size; and ink its box
Ink = tuple[float, float]  # width and height in points


def correct_boxes(text: pdfium.FPDF_TEXTPAGE, chars: Sequence[Char], indexes: Sequence[int]) -> list[Char]:
    """Return the characters with corrected boxes; `indexes` are their indexes in `text`."""
    if not chars:
        return []
    usual_size = median(char.size for char in chars)
    places_by_size: dict[float, list[int]] = {}
    for place, char in enumerate(chars):
        largest_size = min(usual_size * MAX_USUAL_FACTOR, LARGE_SIZE)
        if not usual_size / MAX_USUAL_FACTOR <= char.size <= largest_size:
            places_by_size.setdefault(round(char.size, 1), []).append(place)
    corrected_chars = list(chars)
    for size, places in places_by_size.items():
        # The largest ink of a type size tells: that of a comma is small in any box.
        inks = [_measure_ink(text, indexes[place]) for place in places]
        ink_size = max(max(ink) for ink in inks)
        if ink_size and not size / MAX_BOX_FACTOR <= ink_size <= size * MAX_INK_FACTOR:
            for place, (width, _) in zip(places, inks, strict=True):
                char = chars[place]
                corrected_chars[place] = char._replace(x1=char.x0 + max(width, ink_size / 2), size=ink_size)
    return corrected_chars


def _measure_ink(text: pdfium.FPDF_TEXTPAGE, index: int) -> Ink:
    """Return the size of a character's ink, (0, 0) if it has none."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top):
        return 0.0, 0.0
    return abs(right.value - left.value), abs(top.value - bottom.value)
