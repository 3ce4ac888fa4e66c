"""Turn pictures of pages into Pages: normalise, find the tables, read prose by the page and cells one by one."""

from __future__ import annotations

import time
from hashlib import sha256

import cv2
import numpy as np
import pypdfium2

from pipeline.core.model import DataFault, Document
from pipeline.read.layout.blocks import build_blocks
from pipeline.read.layout.page import Line, Page, Table
from pipeline.read.scan.cells import fill_table
from pipeline.read.scan.image import A4_LONG_SIDE, WHITE, Image, check_size, iterate_frames, normalise_page
from pipeline.read.scan.ocr import find_lines
from pipeline.read.scan.orientation import count_quarter_turns
from pipeline.read.scan.perspective import straighten
from pipeline.read.scan.ruled_tables import find_tables, remove_rules

MAX_FRAMES, MAX_SECONDS = 100, 280.0
A4_LONG_SIDE_POINTS = 842.0
MIN_PROSE_SCORE = 0.5  # prose with a lower score is noise
# Of a picture within a document: pixels, and cells of its table.
MIN_PICTURE_WIDTH, MIN_PICTURE_HEIGHT, MIN_PICTURE_FIELDS = 300, 100, 12
MAX_RECENT = 50  # pages of scans that are remembered
PROSE_INK_LEVEL = 160  # grey level; a blurred page without darker pixels has no prose
_recent: dict[tuple[bytes, tuple[int, ...], int], Page] = {}


def read(data: bytes) -> Document:
    """Return the Document of a picture file; see `pipeline.read.scan.read`."""
    start = time.monotonic()
    pages = []
    for number, grey in enumerate(iterate_frames(data, MAX_FRAMES), start=1):
        if time.monotonic() - start > MAX_SECONDS:
            raise DataFault("read.too_slow", seconds=int(MAX_SECONDS))
        pages.append(read_page(grey, number))
    return Document(tuple(build_blocks(pages)), "scan", "rapidocr")


def read_pdf_page(pdf_page: pypdfium2.PdfPage, number: int) -> Page:
    """Render a PDF page in grey at the size of a 200 dpi scan, and return the page read by OCR."""
    scale = A4_LONG_SIDE / max(pdf_page.get_size())
    width, height = (round(side * scale) for side in pdf_page.get_size())
    check_size(width, height)
    bitmap = pdf_page.render(scale=scale, grayscale=True)
    return read_page(np.asarray(bitmap.to_numpy(), dtype=np.uint8).reshape(bitmap.height, bitmap.width), number)


def read_picture(data: bytes, number: int, is_table_needed: bool) -> Page | None:
    """Return a picture within a document read by OCR; see `pipeline.read.scan.read_picture`."""
    grey = next(iterate_frames(data, MAX_FRAMES))
    height, width = grey.shape
    if width < MIN_PICTURE_WIDTH or height < MIN_PICTURE_HEIGHT:
        return None
    return read_page(grey, number) if not is_table_needed or _has_table(grey) else None


def _has_table(grey: Image) -> bool:
    """Return whether the ruling lines in a picture form a table of at least `MIN_PICTURE_FIELDS` cells."""
    _, tables, _ = _find_tables(grey)
    return any(len(table.fields) >= MIN_PICTURE_FIELDS for table in tables)


def read_page(grey: Image, number: int) -> Page:
    """Return the lines and tables in a grey picture of a page, in points of a page as long as A4.

    A page that lies on its side or upside down is turned, and mild perspective is removed. The last pages that were
    read are remembered: at the desk a scan is read when it comes, when it is accepted, and in the run.
    """
    key = (sha256(grey.tobytes()).digest(), grey.shape, number)
    if key not in _recent:
        _recent[key] = _read_page(grey, number)
        if len(_recent) > MAX_RECENT:
            del _recent[next(iter(_recent))]
    return _recent[key]


def _read_page(grey: Image, number: int) -> Page:
    picture, tables, cleaned_page = _find_tables(grey)
    points_per_pixel = A4_LONG_SIDE_POINTS / max(picture.shape)
    turns = count_quarter_turns(cleaned_page, points_per_pixel)
    if turns:
        picture, tables, cleaned_page = _find_tables(np.ascontiguousarray(np.rot90(grey, turns)))
    filled_tables = tuple(fill_table(cleaned_page, table, points_per_pixel) for table in tables)
    height, width = picture.shape
    lines = _read_prose(cleaned_page, filled_tables, points_per_pixel)
    size = (width * points_per_pixel, height * points_per_pixel)
    return Page(number, *size, lines, filled_tables, is_turned=turns != 0)


def _find_tables(grey: Image) -> tuple[Image, list[Table], Image]:
    """Return the normalised page, its empty tables, and the page without their ruling lines."""
    picture = straighten(normalise_page(grey))
    points_per_pixel = A4_LONG_SIDE_POINTS / max(picture.shape)
    tables = find_tables(picture, points_per_pixel)
    return picture, tables, remove_rules(picture, tables, points_per_pixel)


def _read_prose(page: Image, tables: tuple[Table, ...], points_per_pixel: float) -> tuple[Line, ...]:
    """Return the lines outside of the tables, which are painted over first."""
    prose_area = page.copy()
    for table in tables:
        x0, top, x1, bottom = (round(v / points_per_pixel) for v in table.box)
        cv2.rectangle(prose_area, (x0, top), (x1, bottom), WHITE, -1)
    if not (cv2.GaussianBlur(prose_area, (0, 0), 1.5) < PROSE_INK_LEVEL).any():
        return ()
    unit = points_per_pixel
    return tuple(
        Line(text, box.x0 * unit, box.x1 * unit, box.bottom * unit, (box.bottom - box.top) * unit)
        for box, text, score in find_lines(prose_area)
        if text and score >= MIN_PROSE_SCORE
    )
