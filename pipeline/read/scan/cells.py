"""The cells of a scanned table: which have ink, their lines of text, two readings of each number, and how sure.

A cell with ink but no text reads `?` with confidence 0: it must not pass for a blank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from pipeline.core.text import NOT_APPLICABLE, is_value, normalize
from pipeline.read.layout.lines import joined
from pipeline.read.layout.page import Field, Table
from pipeline.read.scan.image import WHITE, Image
from pipeline.read.scan.ocr import Reading, read_lines

UNREAD = "?"
DOUBTFUL = 0.5  # two readings differ
REPAIRED = 0.7  # a letter was taken for the digit it looks like
SURE = 0.9  # labels read with less are read again
# Points. Ink smaller than this is a speck; a lower line of text is part of its neighbour; the margin round a line.
SPECK, LOWEST, MARGIN = 2.2, 4.0, 1.6
FAINT, DARK = 205, 165  # grey levels of ink that counts, and of ink that is text
_LOOKALIKES = str.maketrans(
    {"O": "0", "o": "0", "〇": "0", "Q": "0", "D": "0", "l": "1", "I": "1", "|": "1", "丨": "1"}
)
# A point before three digits may be a thousands mark that was misread: 8.947 for 8,947.
_AMBIGUOUS = re.compile(r"^\d{1,3}(?:[.,]\d{3})*\.\d{3}(?:[.,]\d{3})*$")
_NUMBERLIKE = re.compile(r"^[\dOo〇QDlI|丨.,，]+$")


@dataclass(frozen=True)
class Crop:
    """A line of text in a field: its picture, and the same enlarged with more room."""

    field: int
    first: Image
    second: Image


def fill(page: Image, table: Table, scale: float) -> Table:
    """The table with the text and confidence of each field. `page` is without ruling lines; `scale` points a pixel."""
    crops: list[Crop] = []
    inked: set[int] = set()
    for i, field in enumerate(table.fields):
        part = _inside(page, field, scale)
        if part is not None and _has_ink(part, scale):
            inked.add(i)
            crops += [Crop(i, *_twice(part, line, scale)) for line in _lines(part, scale)]
    firsts = read_lines([c.first for c in crops])
    doubtful = [n for n, (text, score) in enumerate(firsts) if score < SURE or _matters(text)]
    seconds = dict(zip(doubtful, read_lines([crops[n].second for n in doubtful]), strict=True))
    readings: dict[int, list[Reading]] = {}
    for n, (crop, first) in enumerate(zip(crops, firsts, strict=True)):
        readings.setdefault(crop.field, []).append(_settled(first, seconds.get(n), crop.first))
    fields = [_with_text(f, readings.get(i, []), i in inked) for i, f in enumerate(table.fields)]
    return replace(table, fields=tuple(fields))


def _inside(page: Image, field: Field, scale: float) -> Image | None:
    x0, top, x1, bottom = (round(v / scale) for v in field.box)
    part = page[max(top + 2, 0) : bottom - 1, max(x0 + 2, 0) : x1 - 1]
    return part if min(part.shape) >= 6 else None


def _has_ink(part: Image, scale: float) -> bool:
    """Whether anything larger than a speck is printed, however faint."""
    ink = np.where(cv2.GaussianBlur(part, (0, 0), 1.0) < FAINT, 255, 0).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return count > 1 and bool(stats[1:, 2:4].max() * scale >= SPECK)


def _lines(part: Image, scale: float) -> list[tuple[int, int, int, int]]:
    """The boxes (x0, top, x1, bottom) of the lines of text, from top to bottom."""
    ink = cv2.GaussianBlur(part, (0, 0), 0.8) < DARK
    if not ink.any():
        ink = cv2.GaussianBlur(part, (0, 0), 1.0) < FAINT
    lowest = LOWEST / scale
    bands: list[tuple[int, int]] = []
    for top, bottom in _stretches(ink.sum(axis=1) > 0):
        low = min(bottom - top, bands[-1][1] - bands[-1][0]) < lowest if bands else False
        if low and top - bands[-1][1] < lowest:
            bands[-1] = (bands[-1][0], bottom)
        else:
            bands.append((top, bottom))
    boxes = []
    for top, bottom in bands:
        columns = np.flatnonzero(ink[top:bottom].any(axis=0))
        box = (int(columns[0]), top, int(columns[-1]) + 1, bottom)
        if max(box[2] - box[0], bottom - top) * scale >= SPECK:
            boxes.append(box)
    return boxes


def _stretches(marks: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    """The runs of true values as (start, end)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], marks.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in list(pairwise(edges))[::2]]


def _twice(part: Image, box: tuple[int, int, int, int], scale: float) -> tuple[Image, Image]:
    """The line cut out closely, and again with more room, enlarged and smoothed: a view apart for a second reading."""
    near, far = round(MARGIN / scale), round(2 * MARGIN / scale)
    wide = _cut(part, box, far)
    large = cv2.resize(wide, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return _cut(part, box, near), np.asarray(cv2.GaussianBlur(large, (0, 0), 1.2), dtype=np.uint8)


def _cut(part: Image, box: tuple[int, int, int, int], margin: int) -> Image:
    """The box with a white margin; what stands next to it is not let in."""
    x0, top, x1, bottom = box
    line = part[top:bottom, x0:x1]
    framed = cv2.copyMakeBorder(line, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(WHITE,))
    return np.asarray(framed, dtype=np.uint8)


def _matters(text: str) -> bool:
    """Whether a line may be a value, to be read twice: a number, a mark for none, or next to nothing."""
    return len(text) < 2 or is_value(text) or bool(_NUMBERLIKE.match(text))


def _settled(first: Reading, second: Reading | None, picture: Image) -> Reading:
    """One reading of the two: the first if both agree, else the surer one, in doubt."""
    if second is None:
        return first
    (one, sure_one), (two, sure_two) = _repaired(first), _repaired(second)
    if not (one and two):
        text, sure = (one, sure_one) if one else (two, sure_two)
        return text, min(sure, DOUBTFUL)
    best = (one, sure_one) if sure_one >= sure_two else (two, sure_two)
    if normalize(one) != normalize(two):
        return best[0], min(best[1], DOUBTFUL)
    clear = _fits(one, picture) and not _AMBIGUOUS.match(normalize(one))
    return one, min(sure_one, sure_two) if clear else min(sure_one, DOUBTFUL)


def _repaired(reading: Reading) -> Reading:
    """A plain number with a letter in it that looks like a digit gets the digit, and less confidence."""
    text, score = reading
    if _NUMBERLIKE.match(text) and not is_value(text):
        return text.translate(_LOOKALIKES), min(score, REPAIRED)
    return reading


def _fits(text: str, picture: Image) -> bool:
    """Whether a mark for none has its shape: a dash lies, a stroke leans; an upright stroke may be a 1."""
    if normalize(text) not in NOT_APPLICABLE or text in ("无", "不适用"):
        return True
    rows, columns = np.nonzero(picture < DARK)
    if rows.size < 3:
        return False
    if normalize(text) == "/":
        return bool(
            np.ptp(rows) > 0 and np.ptp(columns) > 0.3 * np.ptp(rows) and np.corrcoef(rows, columns)[0, 1] < -0.8
        )
    return bool(np.ptp(columns) > 2.5 * (np.ptp(rows) + 1))


def _with_text(field: Field, readings: Sequence[Reading], inked: bool) -> Field:
    text = joined(text for text, _ in readings if text)
    if not text:
        return replace(field, text=UNREAD, confidence=0.0) if inked else field
    return replace(field, text=text, confidence=round(min(score for _, score in readings), 4))
