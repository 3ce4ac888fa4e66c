"""Find how a scanned page lies: upright, on a side or upside down.

A few lines of text are read in each direction; only in the right one does the recogniser read Chinese with certainty.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.read.scan.image import Image
from pipeline.read.scan.ocr import Reading, read_lines

SAMPLE_LINES = 8  # read in each direction
# Points. A line of text is between these heights; at least `MIN_ASPECT` times as long as high.
MIN_LINE_HEIGHT, MAX_LINE_HEIGHT, CHAR_GAP = 5.0, 32.0, 6.0
MIN_ASPECT, MAX_ASPECT = 5, 8  # the rest of a longer line is not read
MARGIN = 1.6  # points around a line
INK_LEVEL = 150  # grey level; darker pixels are ink
MIN_CHINESE_CHARS, FULL_LINE_CHARS = 2, 4  # of a line that counts, and that counts fully
CLEAR_SCORE, MIN_SCORE = 0.8, 0.5  # of the mean over the lines of one direction
MIN_LEAD = 1.5  # lines with the best score by which a direction must exceed the one in which the page came


def count_quarter_turns(page: Image, points_per_pixel: float) -> int:
    """Return how many quarter turns to the left make a page upright; 0 if its text does not tell.

    `page` has its ruling lines removed.
    """
    level_lines, side_lines = _cut_lines(page, points_per_pixel), _cut_lines(_turn(page, 1), points_per_pixel)
    upright_scores = _rate_lines(level_lines)
    # The heads of narrow columns run down the page: on an upright page they are fewer than the level lines.
    if len(level_lines) >= len(side_lines) and sum(upright_scores) >= CLEAR_SCORE * len(level_lines):
        return 0
    scores = {
        0: upright_scores,
        1: _rate_lines(side_lines),
        2: _rate_lines([_turn(line, 2) for line in level_lines]),
        3: _rate_lines([_turn(line, 2) for line in side_lines]),
    }
    best = max(scores, key=lambda turns: sum(scores[turns]))
    is_certain = sum(scores[best]) >= max(MIN_SCORE * len(scores[best]), sum(upright_scores) + MIN_LEAD)
    return best if is_certain else 0


def _turn(picture: Image, turns: int) -> Image:
    return np.ascontiguousarray(np.rot90(picture, turns))


def _cut_lines(page: Image, points_per_pixel: float) -> list[Image]:
    """Return pictures of the longest level lines of text on a page, at most `SAMPLE_LINES`."""
    ink = np.where(page < INK_LEVEL, 255, 0).astype(np.uint8)
    gap, margin = round(CHAR_GAP / points_per_pixel), round(MARGIN / points_per_pixel)
    joined_ink = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined_ink, connectivity=8)
    low, high = MIN_LINE_HEIGHT / points_per_pixel, MAX_LINE_HEIGHT / points_per_pixel
    boxes = [(w, x, y, h) for x, y, w, h, _ in stats[1:] if low <= h <= high and w >= MIN_ASPECT * h]
    longest = sorted(boxes, reverse=True)[:SAMPLE_LINES]
    return [
        page[max(y - margin, 0) : y + h + margin, max(x - margin, 0) : x + min(w, MAX_ASPECT * h) + margin]
        for w, x, y, h in longest
    ]


def _rate_lines(lines: Sequence[Image]) -> list[float]:
    """Return the score of each line multiplied by the share of Chinese in a full line."""
    return [_rate_reading(reading) for reading in read_lines(lines)]


def _rate_reading(reading: Reading) -> float:
    text, score = reading
    chinese_count = sum("\u4e00" <= c <= "\u9fff" for c in text)
    return score * min(chinese_count, FULL_LINE_CHARS) / FULL_LINE_CHARS if chinese_count >= MIN_CHINESE_CHARS else 0.0
