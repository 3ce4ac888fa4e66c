"""Read tables that a document shows only as pictures: by OCR, as a scan, if its text has no data table.

A picture must have ruling lines that form a table. In a document of hardly any text every large picture is a page.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.core.model import DataFault, Grid, Paragraph
from pipeline.read import scan
from pipeline.read.layout.blocks import build_blocks
from pipeline.read.layout.page import Page
from pipeline.read.left_out import LeftOut, has_data_table

MAX_PICTURES, MAX_SECONDS = 30, 280.0  # read by OCR in one document; a slower one is refused, as a scan is
MAX_PAGE_TEXT = 100  # characters of a document whose pages are pictures
MIN_BYTES = 2_000  # of a picture of a table; icons are smaller

Blocks = list[Paragraph | Grid]


@dataclass(frozen=True)
class Picture:
    """A picture of a document: the number of blocks above it, its name in messages, and a function that loads it."""

    blocks_above: int
    name: str
    load: Callable[[], bytes]


def add_picture_tables(blocks: Blocks, pictures: Sequence[Picture], left_out: LeftOut) -> Blocks:
    """Return the blocks with those of the pictures of tables; `left_out` receives the names of all pictures.

    Raises DataFault if OCR takes too long.
    """
    if not pictures or has_data_table(blocks):
        left_out.pictures += (picture.name for picture in pictures)
        return blocks
    text_length = sum(len(block.text) for block in blocks if isinstance(block, Paragraph))
    pages = _read_pages(pictures, is_table_needed=text_length > MAX_PAGE_TEXT)
    all_blocks = list(blocks)
    # Pictures without text between them may be the parts of one table.
    for at, group in reversed([(at, list(group)) for at, group in groupby(pages, key=lambda p: p[0].blocks_above)]):
        all_blocks[at:at] = build_blocks([page for _, page in group])
    left_out.read_pictures += (picture.name for picture, page in pages if page.tables)
    read_names = {picture.name for picture, _ in pages}
    left_out.pictures += (picture.name for picture in pictures if picture.name not in read_names)
    return all_blocks


def _read_pages(pictures: Iterable[Picture], is_table_needed: bool) -> list[tuple[Picture, Page]]:
    """Return the pictures that are pages, read by OCR, at most `MAX_PICTURES`; all others are left out.

    Raises DataFault after `MAX_SECONDS`: what is read must not depend on the speed of the machine.
    """
    start, pages = time.monotonic(), list[tuple[Picture, Page]]()
    for picture in pictures:
        if len(pages) == MAX_PICTURES:
            break
        if time.monotonic() - start > MAX_SECONDS:
            raise DataFault("read.too_slow", seconds=int(MAX_SECONDS))
        try:
            page = _read_page(picture.load(), len(pages) + 1, is_table_needed)
        except DataFault:  # damaged, too large, or OCR is not installed: the picture is named as not read
            continue
        if page is not None:
            pages.append((picture, page))
    return pages


def _read_page(data: bytes, number: int, is_table_needed: bool) -> Page | None:
    """Return a picture as page `number`, None if it is an icon, of another format, or without a table."""
    if len(data) < MIN_BYTES or not scan.is_image(data):
        return None
    return scan.read_picture(data, number, is_table_needed)
