"""Normalise pictures of pages: open them safely, even out background and contrast, and level their ruling lines."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL import ImageFile, ImageOps, UnidentifiedImageError

from pipeline.core.model import DataFault

Image = npt.NDArray[np.uint8]  # grey, 0 black to 255 white; rows from the top

# Pixels of the long side. Pages outside the range are resized to A4 at 200 dpi.
A4_LONG_SIDE, MIN_LONG_SIDE, MAX_LONG_SIDE = 2339, 1700, 2700
MAX_PIXELS, MAX_SIDE, MIN_SIDE = 60_000_000, 20_000, 100
MAX_SKEW, SKEW_STEP = 5.0, 0.05  # degrees
# Pixels. A leaning line breaks into horizontal runs of at least this length; most strokes of characters do not.
MIN_RUN_LENGTH = 16
MIN_VOTE_SHARE = 0.95  # lines with at least this share of the longest line's votes decide the skew
WHITE = 255
INK_LEVEL = 150  # grey level; a darker pixel of the blurred page may be part of a line


def iterate_frames(data: bytes, max_frames: int) -> Iterator[Image]:
    """Yield the pages of a picture file in grey, turned as the camera recorded.

    Raises DataFault if the file is damaged, has more than `max_frames` pages, or has a page too large or too small.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # other packages set it, and half a page would pass for a complete one
    try:
        with _open(data) as picture:
            count = getattr(picture, "n_frames", 1)
            if count > max_frames:
                raise DataFault("read.pdf_pages", pages=count, limit=max_frames)
            for number in range(count):
                picture.seek(number)
                check_size(*picture.size)
                yield _convert_to_grey(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Pillow.DecompressionBombError) as error:
        raise DataFault("read.image_broken") from error


def _open(data: bytes) -> Pillow.Image:
    """Return the opened picture, without Pillow's warnings about odd metadata, which is not used."""
    with warnings.catch_warnings(action="ignore"):
        return Pillow.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF"))


def _convert_to_grey(picture: Pillow.Image) -> Image:
    """Return a picture in 8-bit grey; transparent parts become white."""
    upright_picture = ImageOps.exif_transpose(picture)
    if upright_picture.mode.startswith("I"):
        return np.asarray(np.asarray(upright_picture) >> 8, dtype=np.uint8)
    if upright_picture.mode in ("RGBA", "LA", "PA") or "transparency" in upright_picture.info:
        layer = upright_picture.convert("RGBA")
        upright_picture = Pillow.alpha_composite(Pillow.new("RGBA", layer.size, "white"), layer)
    return np.asarray(upright_picture.convert("L"), dtype=np.uint8)


def check_size(width: int, height: int) -> None:
    """Raise DataFault for a picture, in pixels, that is too large to be unpacked or too small to be read."""
    if min(width, height) < MIN_SIDE or max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise DataFault("read.image_size", width=width, height=height)


def normalise_page(grey: Image) -> Image:
    """Return the page at a usual size, with a white background, black ink and level ruling lines."""
    return _level(_stretch_contrast(_resize(grey)))


def _resize(grey: Image) -> Image:
    """Return a page whose long side is outside the usual range resized to A4 at 200 dpi, others unchanged."""
    long_side = max(grey.shape)
    if MIN_LONG_SIDE <= long_side <= MAX_LONG_SIDE:
        return grey
    scale = A4_LONG_SIDE / long_side
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=interpolation), dtype=np.uint8)


def _stretch_contrast(grey: Image) -> Image:
    """Return the page divided by its background, because a scanner's lid leaves shadows, with its darkest ink black."""
    small_page = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    background = cv2.medianBlur(cv2.dilate(small_page, np.ones((3, 3), np.uint8)), 21)
    background = cv2.resize(background, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    flat_page = np.minimum(grey.astype(np.float32) / np.maximum(background, 1), 1.0)
    blurred_page = cv2.GaussianBlur(flat_page, (0, 0), 1.0)
    darkest_level = min(float(np.quantile(blurred_page[::2, ::2], 0.005)), 0.9)
    return np.asarray(np.clip((flat_page - darkest_level) / (1 - darkest_level), 0, 1) * WHITE, dtype=np.uint8)


def _level(page: Image) -> Image:
    """Return the page turned so that its long horizontal lines are level."""
    angle = measure_skew(page)
    if abs(angle) < 2 * SKEW_STEP:
        return page
    height, width = page.shape
    rotation = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    levelled_page = cv2.warpAffine(page, rotation, (width, height), flags=cv2.INTER_CUBIC, borderValue=(WHITE,))
    return np.asarray(levelled_page, dtype=np.uint8)


def measure_skew(page: Image) -> float:
    """Return by how many degrees the long horizontal lines fall to the right; 0 for a page without such lines."""
    ink = np.where(cv2.GaussianBlur(page, (0, 0), 1.0) < INK_LEVEL, 255, 0).astype(np.uint8)
    runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, MIN_RUN_LENGTH), np.uint8))
    min_angle, max_angle = (math.radians(90 + lean) for lean in (-MAX_SKEW, MAX_SKEW))
    min_votes = page.shape[1] // 5
    step = math.radians(SKEW_STEP)
    hough_lines: Any  # None if there is no line, although the stubs exclude it
    hough_lines = cv2.HoughLinesWithAccumulator(runs, 1, step, min_votes, min_theta=min_angle, max_theta=max_angle)
    if hough_lines is None:
        return 0.0
    lines = hough_lines.reshape(-1, 3)  # distance, angle, votes
    angles = lines[lines[:, 2] >= MIN_VOTE_SHARE * lines[:, 2].max(), 1]  # the angles of short lines vary by chance
    return float(np.degrees(np.median(angles))) - 90
