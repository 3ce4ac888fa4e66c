"""Read the cells of a scanned table: find the cells with ink and their lines of text, and read each value twice.

A cell with ink but without readable text becomes `?` with confidence 0: it must not pass for a blank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from pipeline.core.text import NOT_APPLICABLE, is_value, normalize
from pipeline.read.layout.lines import join_texts
from pipeline.read.layout.page import Field, Table
from pipeline.read.scan.image import WHITE, Image
from pipeline.read.scan.ocr import Reading, read_lines

UNREADABLE = "?"
UNCONFIRMED_CONFIDENCE = 0.5  # at most this, if a second reading does not confirm the first
REPAIRED_CONFIDENCE = 0.7  # at most this, if a letter was replaced by the digit that it looks like
MIN_LABEL_SCORE = 0.9  # a label with a lower score is read again
# Points: smaller ink is a speck; a lower line of text belongs to its neighbour; width of the margin around a line.
MIN_INK_SIZE, MIN_LINE_HEIGHT, MARGIN = 2.2, 4.0, 1.6
# Grey levels (0 black, 255 white): darker pixels are ink, however faint; darker ones are certainly text.
FAINT_INK_LEVEL, TEXT_INK_LEVEL = 205, 165
_DIGIT_BY_LOOKALIKE = str.maketrans(
    {"O": "0", "o": "0", "〇": "0", "Q": "0", "D": "0", "l": "1", "I": "1", "|": "1", "丨": "1"}
)
# A point before three digits may be a misread thousands separator: 8.947 for 8,947.
_AMBIGUOUS_POINT = re.compile(r"^\d{1,3}(?:[.,]\d{3})*\.\d{3}(?:[.,]\d{3})*$")
_LOOKS_LIKE_NUMBER = re.compile(r"^[\dOo〇QDlI|丨.,，]+$")

PixelBox = tuple[int, int, int, int]  # x0, top, x1, bottom


@dataclass(frozen=True)
class LinePicture:
    """A line of text in a field: the field's index, its close-cut picture, and an enlarged one with more margin."""

    field_index: int
    close_picture: Image
    enlarged_picture: Image


def fill_table(page: Image, table: Table, points_per_pixel: float) -> Table:
    """Return the table with the text and confidence of each field; `page` has its ruling lines removed.

    Every line of text is read once. Values, and labels with a low score, are read again from an enlarged picture.
    """
    lines: list[LinePicture] = []
    inked_fields: set[int] = set()
    for i, field in enumerate(table.fields):
        picture = _cut_field(page, field, points_per_pixel)
        if picture is not None and _has_ink(picture, points_per_pixel):
            inked_fields.add(i)
            boxes = _find_lines(picture, points_per_pixel)
            lines += [LinePicture(i, *_cut_line_twice(picture, box, points_per_pixel)) for box in boxes]
    first_readings = read_lines([line.close_picture for line in lines])
    unsure_lines = [
        n for n, (text, score) in enumerate(first_readings) if score < MIN_LABEL_SCORE or _can_be_value(text)
    ]
    second_readings = dict(
        zip(unsure_lines, read_lines([lines[n].enlarged_picture for n in unsure_lines]), strict=True)
    )
    readings: dict[int, list[Reading]] = {}
    for n, (line, first) in enumerate(zip(lines, first_readings, strict=True)):
        readings.setdefault(line.field_index, []).append(
            _combine_readings(first, second_readings.get(n), line.close_picture)
        )
    fields = [_fill_field(f, readings.get(i, []), i in inked_fields) for i, f in enumerate(table.fields)]
    return replace(table, fields=tuple(fields))


def _cut_field(page: Image, field: Field, points_per_pixel: float) -> Image | None:
    """Return the picture of a field without its borders, None if it is too small for text."""
    x0, top, x1, bottom = (round(v / points_per_pixel) for v in field.box)
    picture = page[max(top + 2, 0) : bottom - 1, max(x0 + 2, 0) : x1 - 1]
    return picture if min(picture.shape) >= 6 else None


def _has_ink(picture: Image, points_per_pixel: float) -> bool:
    """Return whether anything larger than a speck is printed, however faint."""
    ink = np.where(cv2.GaussianBlur(picture, (0, 0), 1.0) < FAINT_INK_LEVEL, 255, 0).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return count > 1 and bool(stats[1:, 2:4].max() * points_per_pixel >= MIN_INK_SIZE)


def _find_lines(picture: Image, points_per_pixel: float) -> list[PixelBox]:
    """Return the boxes of the lines of text in a field, from top to bottom."""
    ink = cv2.GaussianBlur(picture, (0, 0), 0.8) < TEXT_INK_LEVEL
    if not ink.any():
        ink = cv2.GaussianBlur(picture, (0, 0), 1.0) < FAINT_INK_LEVEL
    boxes = []
    for top, bottom in _find_bands(ink, MIN_LINE_HEIGHT / points_per_pixel):
        columns = np.flatnonzero(ink[top:bottom].any(axis=0))
        box = (int(columns[0]), top, int(columns[-1]) + 1, bottom)
        if max(box[2] - box[0], bottom - top) * points_per_pixel >= MIN_INK_SIZE:
            boxes.append(box)
    return boxes


def _find_bands(ink: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], min_height: float) -> list[tuple[int, int]]:
    """Return (top, bottom) of the bands of pixel rows with ink; a band too low for a line joins its neighbour."""
    bands: list[tuple[int, int]] = []
    for top, bottom in _find_runs(ink.sum(axis=1) > 0):
        is_low = min(bottom - top, bands[-1][1] - bands[-1][0]) < min_height if bands else False
        if is_low and top - bands[-1][1] < min_height:
            bands[-1] = (bands[-1][0], bottom)
        else:
            bands.append((top, bottom))
    return bands


def _find_runs(flags: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    """Return the runs of true values as (start, end)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in list(pairwise(edges))[::2]]


def _cut_line_twice(picture: Image, box: PixelBox, points_per_pixel: float) -> tuple[Image, Image]:
    """Return a line cut out closely, and again with more margin, enlarged and smoothed.

    The second picture differs enough from the first for an independent reading.
    """
    narrow_margin, wide_margin = round(MARGIN / points_per_pixel), round(2 * MARGIN / points_per_pixel)
    enlarged_picture = cv2.resize(_cut(picture, box, wide_margin), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return _cut(picture, box, narrow_margin), np.asarray(
        cv2.GaussianBlur(enlarged_picture, (0, 0), 1.2), dtype=np.uint8
    )


def _cut(picture: Image, box: PixelBox, margin: int) -> Image:
    """Return the box with a white margin in pixels, without the ink around it."""
    x0, top, x1, bottom = box
    line = picture[top:bottom, x0:x1]
    framed_line = cv2.copyMakeBorder(line, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(WHITE,))
    return np.asarray(framed_line, dtype=np.uint8)


def _can_be_value(text: str) -> bool:
    """Return whether a line may be a value: a number, a mark for "none", or at most one character."""
    return len(text) < 2 or is_value(text) or bool(_LOOKS_LIKE_NUMBER.match(text))


def _combine_readings(first: Reading, second: Reading | None, picture: Image) -> Reading:
    """Return one reading from two: the first if both agree, else the one with the higher score and low confidence.

    `picture` shows the line. Without a second reading, the first is returned unchanged.
    """
    if second is None:
        return first
    (text, score), (second_text, second_score) = _repair_digits(first), _repair_digits(second)
    if not (text and second_text):
        only_text, only_score = (text, score) if text else (second_text, second_score)
        return only_text, min(only_score, UNCONFIRMED_CONFIDENCE)
    if normalize(text) != normalize(second_text):
        best_text, best_score = (text, score) if score >= second_score else (second_text, second_score)
        return best_text, min(best_score, UNCONFIRMED_CONFIDENCE)
    is_clear = _has_expected_shape(text, picture) and not _AMBIGUOUS_POINT.match(normalize(text))
    return text, min(score, second_score) if is_clear else min(score, UNCONFIRMED_CONFIDENCE)


def _repair_digits(reading: Reading) -> Reading:
    """Return a number with its lookalike letters replaced by digits and less confidence; other text unchanged."""
    text, score = reading
    if _LOOKS_LIKE_NUMBER.match(text) and not is_value(text):
        return text.translate(_DIGIT_BY_LOOKALIKE), min(score, REPAIRED_CONFIDENCE)
    return reading


def _has_expected_shape(text: str, picture: Image) -> bool:
    """Return whether a mark for "none" has its shape: a dash is flat, a slash leans; an upright stroke may be a 1.

    Return true for any other text.
    """
    if normalize(text) not in NOT_APPLICABLE or text in ("无", "不适用"):
        return True
    rows, columns = np.nonzero(picture < TEXT_INK_LEVEL)
    if rows.size < 3:
        return False
    height, width = np.ptp(rows), np.ptp(columns)
    if normalize(text) == "/":
        return bool(height > 0 and width > 0.3 * height and np.corrcoef(rows, columns)[0, 1] < -0.8)
    return bool(width > 2.5 * (height + 1))


def _fill_field(field: Field, readings: Sequence[Reading], has_ink: bool) -> Field:
    """Return the field with the readings of its lines; its confidence is the lowest of theirs."""
    text = join_texts(text for text, _ in readings if text)
    if not text:
        return replace(field, text=UNREADABLE, confidence=0.0) if has_ink else field
    return replace(field, text=text, confidence=round(min(score for _, score in readings), 4))
