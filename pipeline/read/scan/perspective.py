"""Straighten a page that was photographed from an angle, by the outer edges of its largest ruled table."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.read.scan.image import WHITE, Image

RULE_INK_LEVEL = 170  # grey level; a darker pixel of the blurred page may be part of a line
MIN_RUN_LENGTH = 25  # pixels; shorter runs of ink are strokes of characters
MIN_TABLE_SHARE = 0.1  # of the page's area; a smaller table tells too little
# Shares of the page's width: a smaller shift of a corner needs no correction; a larger one is no mild perspective.
MIN_SHIFT, MAX_SHIFT = 0.004, 0.2
EDGE_SAMPLES, MIN_EDGE_SHARE = 200, 0.9  # points tested along an edge of the table; share of them with ink
EDGE_REACH = 7  # pixels around such a point

Points = npt.NDArray[np.float32]  # rows of (x, y)


class Outline(NamedTuple):
    """The corners of a table, clockwise from the top left, and the picture of its lines."""

    corners: Points
    rules: Image


def straighten(page: Image) -> Image:
    """Return the page with its largest table made rectangular; unchanged if that is not needed or not certain."""
    outline = _find_outline(page)
    if outline is None:
        return page
    target = _make_rectangle(outline.corners)
    shift = float(np.abs(outline.corners - target).max()) / page.shape[1]
    if not MIN_SHIFT < shift < MAX_SHIFT or not _has_edges(outline):
        return page
    transform = cv2.getPerspectiveTransform(outline.corners, target)
    size = (page.shape[1], page.shape[0])
    straight_page = cv2.warpPerspective(page, transform, size, flags=cv2.INTER_CUBIC, borderValue=(WHITE,))
    return np.asarray(straight_page, dtype=np.uint8)


def _find_outline(page: Image) -> Outline | None:
    """Return the outline of the largest connected group of ruling lines, None if it is no large table."""
    ink = np.where(cv2.GaussianBlur(page, (0, 0), 0.8) < RULE_INK_LEVEL, 255, 0).astype(np.uint8)
    runs = [
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(s, np.uint8)) for s in ((1, MIN_RUN_LENGTH), (MIN_RUN_LENGTH, 1))
    ]
    rules = cv2.dilate(cv2.bitwise_or(runs[0], runs[1]), np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rules, connectivity=8)
    if count < 2:
        return None
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_WIDTH] * stats[1:, cv2.CC_STAT_HEIGHT]))
    if stats[largest, cv2.CC_STAT_WIDTH] * stats[largest, cv2.CC_STAT_HEIGHT] < MIN_TABLE_SHARE * page.size:
        return None
    own_rules = np.where(labels == largest, 255, 0).astype(np.uint8)
    return Outline(_find_corners(own_rules), own_rules)


def _find_corners(rules: Image) -> Points:
    """Return the four extreme points of a table's lines in the diagonal directions."""
    ys, xs = np.nonzero(rules)
    total, difference = xs + ys, xs - ys
    extremes = (total.argmin(), difference.argmax(), total.argmax(), difference.argmin())
    return np.array([(xs[i], ys[i]) for i in extremes], dtype=np.float32)


def _make_rectangle(corners: Points) -> Points:
    """Return the corners of the level rectangle in the middle between opposite corners."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    left, right, top, bottom = (x0 + x3) / 2, (x1 + x2) / 2, (y0 + y1) / 2, (y2 + y3) / 2
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float32)


def _has_edges(outline: Outline) -> bool:
    """Return whether ruling lines run along all four edges: a table with a ragged side is no trapezoid."""
    near_rules = cv2.dilate(outline.rules, np.ones((EDGE_REACH, EDGE_REACH), np.uint8))
    steps = np.linspace(0, 1, EDGE_SAMPLES)[:, None]
    for start, end in zip(outline.corners, np.roll(outline.corners, -1, axis=0), strict=True):
        xs, ys = np.rint(start + steps * (end - start)).astype(int).T
        if np.mean(near_rules[ys, xs] > 0) < MIN_EDGE_SHARE:
            return False
    return True
