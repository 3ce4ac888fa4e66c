"""Pictures of pages made even: read safely, background and contrast levelled, turned level by their ruling lines."""

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

Image = npt.NDArray[np.uint8]

# Pixels. Pages are brought to the long side of A4 at 200 dpi unless they are between these already.
LONG_SIDE, LEAST, MOST = 2339, 1700, 2700
MAX_PIXELS, MAX_SIDE, MIN_SIDE = 60_000_000, 20_000, 100
MAX_SKEW, STEP = 5.0, 0.05  # degrees
STROKE = 16  # pixels; a leaning line falls into level runs at least this long, most strokes of characters do not
NEARLY = 0.95  # lines with so many of the votes of the longest decide
WHITE = 255


def frames(data: bytes, limit: int) -> Iterator[Image]:
    """The pages of a picture file in grey, turned as the camera said. Raises DataFault for one broken or too large."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # other packages set it, and half a page would pass for a whole one
    try:
        with _opened(data) as picture:
            count = getattr(picture, "n_frames", 1)
            if count > limit:
                raise DataFault("read.pdf_pages", pages=count, limit=limit)
            for number in range(count):
                picture.seek(number)
                check_size(*picture.size)
                yield _grey(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Pillow.DecompressionBombError) as error:
        raise DataFault("read.image_broken") from error


def _opened(data: bytes) -> Pillow.Image:
    with warnings.catch_warnings(action="ignore"):  # of strange metadata, which is not used
        return Pillow.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF"))


def _grey(picture: Pillow.Image) -> Image:
    """Grey on white, where the picture is see-through; 16 bits are brought to 8."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I"):
        return np.asarray(np.asarray(upright) >> 8, dtype=np.uint8)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        upright = Pillow.alpha_composite(Pillow.new("RGBA", layer.size, "white"), layer)
    return np.asarray(upright.convert("L"), dtype=np.uint8)


def check_size(width: int, height: int) -> None:
    """Raise DataFault for a picture too large to be unpacked or too small to be read."""
    if min(width, height) < MIN_SIDE or max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise DataFault("read.image_size", width=width, height=height)


def even(grey: Image) -> Image:
    """The page at a usual size, its background white and its ink black, its lines level."""
    return _levelled(_contrasted(_sized(grey)))


def _sized(grey: Image) -> Image:
    longest = max(grey.shape)
    if LEAST <= longest <= MOST:
        return grey
    scale = LONG_SIDE / longest
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=way), dtype=np.uint8)


def _contrasted(grey: Image) -> Image:
    """The background divided out, as a scanner's lid leaves shadows, and the darkest ink stretched to black."""
    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    ground = cv2.medianBlur(cv2.dilate(small, np.ones((3, 3), np.uint8)), 21)
    ground = cv2.resize(ground, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    flat = np.minimum(grey.astype(np.float32) / np.maximum(ground, 1), 1.0)
    calm = cv2.GaussianBlur(flat, (0, 0), 1.0)
    dark = min(float(np.quantile(calm[::2, ::2], 0.005)), 0.9)
    return np.asarray(np.clip((flat - dark) / (1 - dark), 0, 1) * WHITE, dtype=np.uint8)


def _levelled(page: Image) -> Image:
    angle = skew(page)
    if abs(angle) < 2 * STEP:
        return page
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(WHITE,))
    return np.asarray(turned, dtype=np.uint8)


def skew(page: Image) -> float:
    """By how many degrees the long level lines of a page lean, downwards to the right; 0 where it has none."""
    ink = np.where(cv2.GaussianBlur(page, (0, 0), 1.0) < 150, 255, 0).astype(np.uint8)
    strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, STROKE), np.uint8))
    lowest, highest = (math.radians(90 + lean) for lean in (-MAX_SKEW, MAX_SKEW))
    votes = page.shape[1] // 5
    step = math.radians(STEP)
    found: Any  # None where there is no line, whatever the stubs say
    found = cv2.HoughLinesWithAccumulator(strokes, 1, step, votes, min_theta=lowest, max_theta=highest)
    if found is None:
        return 0.0
    lines = found.reshape(-1, 3)
    best = lines[lines[:, 2] >= NEARLY * lines[:, 2].max(), 1]  # short lines lean by chance
    return float(np.degrees(np.median(best))) - 90
