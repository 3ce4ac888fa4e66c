"""The ruling lines of a levelled page picture, found by morphology: what is long and thin is a line."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.read.layout.lattice import Rule, tables
from pipeline.read.layout.page import Table
from pipeline.read.scan.image import Image

# Points. Shorter level and upright runs of ink are strokes of characters, thicker ones are pictures.
LEVEL, UPRIGHT, THICKEST = 16.0, 12.0, 5.0
NARROWEST, LOWEST = 80.0, 14.0  # points; what looks like a smaller table is a large character
INK = 170  # a blurred pixel darker than this may be part of a line
MAX_RULES = 5_000


def lattice(page: Image, scale: float) -> list[Table]:
    """The tables of a page, still empty; `scale` is points a pixel. Raises DataFault for too many lines."""
    ink = np.where(cv2.GaussianBlur(page, (0, 0), 0.8) < INK, 255, 0).astype(np.uint8)
    level, upright = _opened(ink, scale)
    thick = THICKEST / scale
    across = [Rule((y + h / 2) * scale, x * scale, (x + w) * scale) for x, y, w, h in _boxes(level) if h <= thick]
    down = [Rule((x + w / 2) * scale, y * scale, (y + h) * scale) for x, y, w, h in _boxes(upright) if w <= thick]
    found = tables(across, down)
    return [t for t in found if t.box.x1 - t.box.x0 >= NARROWEST and t.box.bottom - t.box.top >= LOWEST]


def _opened(ink: Image, scale: float) -> tuple[Image, Image]:
    """The level runs of ink and the upright ones, as pictures."""
    wide, tall = round(LEVEL / scale), round(UPRIGHT / scale)
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, wide), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((tall, 1), np.uint8))
    return np.asarray(level, dtype=np.uint8), np.asarray(upright, dtype=np.uint8)


def _boxes(runs: Image) -> list[tuple[int, int, int, int]]:
    """The place of each run as (x, y, width, height)."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h, _ in stats[1 : min(count, MAX_RULES)]]


def without_rules(page: Image, found: list[Table], scale: float) -> Image:
    """The page with the lines of its tables painted white, so that they are not read as 1 or a dash."""
    ink = np.where(page < 220, 255, 0).astype(np.uint8)
    near = np.zeros_like(page)
    for table in found:
        for field in table.fields:
            corners = [round(v / scale) for v in field.box]
            cv2.rectangle(near, (corners[0], corners[1]), (corners[2], corners[3]), 255, 13)
    lines = cv2.dilate(cv2.bitwise_or(*_opened(ink, scale)), np.ones((5, 5), np.uint8))
    clean = page.copy()
    clean[(lines > 0) & (near > 0)] = 255
    return clean
