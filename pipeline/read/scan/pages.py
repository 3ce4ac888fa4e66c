"""Pictures of pages to Pages: levelled, the lattice found, prose read by the page, cells read one by one."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pypdfium2

from pipeline.core.model import DataFault, Document
from pipeline.read.layout.flow import blocks
from pipeline.read.layout.page import Line, Page, Table
from pipeline.read.scan.cells import fill
from pipeline.read.scan.image import LONG_SIDE, WHITE, Image, check_size, even, frames
from pipeline.read.scan.lattice import lattice, without_rules
from pipeline.read.scan.ocr import find_lines

MAX_FRAMES, MAX_SECONDS = 100, 280.0
A4 = 842.0  # points of the long side
LEAST_SCORE = 0.5  # prose read with less is noise


def read(data: bytes) -> Document:
    """The Document of a picture file; see `scan.read`."""
    started = time.monotonic()
    pages = []
    for number, grey in enumerate(frames(data, MAX_FRAMES), start=1):
        if time.monotonic() - started > MAX_SECONDS:
            raise DataFault("read.too_slow", seconds=int(MAX_SECONDS))
        pages.append(page_of(grey, number))
    return Document(tuple(blocks(pages)), "scan", "rapidocr")


def pdf_page(page: pypdfium2.PdfPage, number: int) -> Page:
    """A PDF page rendered in grey at the size of a 200 dpi scan, and read."""
    scale = LONG_SIDE / max(page.get_size())
    width, height = (round(side * scale) for side in page.get_size())
    check_size(width, height)
    bitmap = page.render(scale=scale, grayscale=True)
    return page_of(np.asarray(bitmap.to_numpy(), dtype=np.uint8).reshape(bitmap.height, bitmap.width), number)


def page_of(grey: Image, number: int) -> Page:
    """What a grey picture of a page holds, in points of a page as long as A4."""
    picture = even(grey)
    scale = A4 / max(picture.shape)
    found = lattice(picture, scale)
    clean = without_rules(picture, found, scale)
    tables = tuple(fill(clean, table, scale) for table in found)
    height, width = picture.shape
    return Page(number, width * scale, height * scale, _prose(clean, tables, scale), tables)


def _prose(clean: Image, tables: tuple[Table, ...], scale: float) -> tuple[Line, ...]:
    """The lines outside of the tables, which are painted over before."""
    rest = clean.copy()
    for table in tables:
        x0, top, x1, bottom = (round(v / scale) for v in table.box)
        cv2.rectangle(rest, (x0, top), (x1, bottom), WHITE, -1)
    if not (cv2.GaussianBlur(rest, (0, 0), 1.5) < 160).any():
        return ()
    return tuple(
        Line(text, box.x0 * scale, box.x1 * scale, box.bottom * scale, (box.bottom - box.top) * scale)
        for box, text, score in find_lines(rest)
        if text and score >= LEAST_SCORE
    )
