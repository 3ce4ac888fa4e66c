"""Find the ruling lines of a levelled page picture by morphology: a long, thin run of ink is a line."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.read.layout.lattice import Rule, build_tables
from pipeline.read.layout.page import Table
from pipeline.read.scan.image import Image

# Points. Shorter horizontal and vertical runs of ink are strokes of characters; thicker ones are pictures.
MIN_HORIZONTAL_LENGTH, MIN_VERTICAL_LENGTH, MAX_THICKNESS = 16.0, 12.0, 5.0
MIN_TABLE_WIDTH, MIN_TABLE_HEIGHT = 80.0, 14.0  # points; a smaller "table" is a large character
# Grey levels: a darker pixel of the blurred page may be part of a line; a lighter edge of a line is removed with it.
LINE_INK_LEVEL, REMOVED_INK_LEVEL = 170, 220
MAX_RULES = 5_000


def find_tables(page: Image, points_per_pixel: float) -> list[Table]:
    """Return the tables of a page with empty cells. Raises DataFault for too many lines."""
    ink = np.where(cv2.GaussianBlur(page, (0, 0), 0.8) < LINE_INK_LEVEL, 255, 0).astype(np.uint8)
    horizontal, vertical = _find_long_runs(ink, points_per_pixel)
    max_pixels, unit = MAX_THICKNESS / points_per_pixel, points_per_pixel
    tables = build_tables(
        [
            Rule((y + h / 2) * unit, x * unit, (x + w) * unit)
            for x, y, w, h in _list_boxes(horizontal)
            if h <= max_pixels
        ],
        [Rule((x + w / 2) * unit, y * unit, (y + h) * unit) for x, y, w, h in _list_boxes(vertical) if w <= max_pixels],
    )
    return [table for table in tables if _is_large_enough(table)]


def _is_large_enough(table: Table) -> bool:
    x0, top, x1, bottom = table.box
    return x1 - x0 >= MIN_TABLE_WIDTH and bottom - top >= MIN_TABLE_HEIGHT


def _find_long_runs(ink: Image, points_per_pixel: float) -> tuple[Image, Image]:
    """Return two pictures: of the long horizontal runs of ink, and of the long vertical ones."""
    width, height = round(MIN_HORIZONTAL_LENGTH / points_per_pixel), round(MIN_VERTICAL_LENGTH / points_per_pixel)
    horizontal = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, width), np.uint8))
    vertical = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((height, 1), np.uint8))
    return np.asarray(horizontal, dtype=np.uint8), np.asarray(vertical, dtype=np.uint8)


def _list_boxes(runs: Image) -> list[tuple[int, int, int, int]]:
    """Return the box of each run as (x, y, width, height) in pixels."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h, _ in stats[1 : min(count, MAX_RULES)]]


def remove_rules(page: Image, tables: list[Table], points_per_pixel: float) -> Image:
    """Return the page with the lines of its tables painted white, so that OCR does not read them as 1 or a dash."""
    ink = np.where(page < REMOVED_INK_LEVEL, 255, 0).astype(np.uint8)
    border_area = np.zeros_like(page)
    for table in tables:
        for field in table.fields:
            x0, top, x1, bottom = (round(v / points_per_pixel) for v in field.box)
            cv2.rectangle(border_area, (x0, top), (x1, bottom), 255, 13)
    rules = cv2.dilate(cv2.bitwise_or(*_find_long_runs(ink, points_per_pixel)), np.ones((5, 5), np.uint8))
    cleaned_page = page.copy()
    cleaned_page[(rules > 0) & (border_area > 0)] = 255
    return cleaned_page
