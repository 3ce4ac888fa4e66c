"""Text PDFs by pdfium: characters with their places, ruling lines, the lattice they make. Scanned pages go to OCR.

The characters collected for each cell are compared with what pdfium itself reads in the cell's rectangle, a second
reader that finds its lines and order by itself; where both differ the cell's confidence is `pdf_cells.DOUBTFUL`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import pypdfium2 as pdf
import pypdfium2.raw as pdfium

from pipeline.core.model import DataFault, Document
from pipeline.read.layout.flow import blocks
from pipeline.read.layout.lattice import tables
from pipeline.read.layout.lines import line_of, rows
from pipeline.read.layout.page import Box, Page, Table
from pipeline.read.pdf.cells import filled, sorted_out
from pipeline.read.pdf.chars import chars, quarter_turns, turned, turned_back
from pipeline.read.pdf.guard import check
from pipeline.read.pdf.lines import Drawing, drawing
from pipeline.read.scan import pdf_page

MAX_PAGES = 300
MAX_SECONDS, MAX_SCAN_SECONDS = 60.0, 280.0  # of a file with text, and of one with scanned pages
SMALLEST, LARGEST = 20.0, 14_400.0  # points; the largest is the PDF standard's
PICTURE, DRAWN = 0.3, 50  # a page without text that has such a share of picture, or so many paths, is a scan


def read(data: bytes) -> Document:
    """The Document of a PDF; see `pdf.read`."""
    check(data)
    try:
        document = pdf.PdfDocument(data)
    except pdf.PdfiumError as error:
        locked = pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD
        raise DataFault("read.pdf_locked" if locked else "read.pdf_broken") from error
    try:
        return _read(document)
    except pdf.PdfiumError as error:
        raise DataFault("read.pdf_broken") from error
    finally:
        document.close()


def _read(document: pdf.PdfDocument) -> Document:
    if not 0 < len(document) <= MAX_PAGES:  # pdfium itself ends loops in the tree of pages
        raise DataFault("read.pdf_pages", pages=len(document), limit=MAX_PAGES)
    started = time.monotonic()
    pages: list[Page] = []
    scanned = 0
    for index in range(len(document)):
        page = document[index]
        found = _page(page, index + 1)
        if found is None:
            scanned += 1
            found = pdf_page(page, index + 1)
        if time.monotonic() - started > (MAX_SCAN_SECONDS if scanned else MAX_SECONDS):
            raise DataFault("read.too_slow", seconds=int(time.monotonic() - started))
        pages.append(found)
        page.close()
    return Document(
        tuple(blocks(pages)), "scan" if scanned == len(pages) else "pdf", "rapidocr" if scanned else "pdfium"
    )


def _page(page: pdf.PdfPage, number: int) -> Page | None:
    """The page's lines and tables, or None for a scan."""
    width, height = page.get_size()
    if min(width, height) < SMALLEST or max(width, height) > LARGEST:
        raise DataFault("read.pdf_size", page=number)
    text = page.get_textpage()
    try:
        return _laid_out(page, text, number)
    finally:
        text.close()


def _laid_out(page: pdf.PdfPage, text: pdf.PdfTextPage, number: int) -> Page | None:
    turns = quarter_turns(text.raw, page.get_rotation() // 90)
    frame = _frame(page)
    upright, back = turned(turns, frame), turned_back(turns, frame)
    width, height = _size(frame, turns)
    found = chars(text.raw, upright, Box(0, 0, width, height))
    drawn = drawing(page.raw, upright)
    if not (found and drawn.seen_text) and _is_scan(drawn, width * height):
        return None
    lattices = _lattices(drawn)
    inside, outside = sorted_out(found, lattices)
    read = (filled(table, cells, text.raw, back, height) for table, cells in zip(lattices, inside, strict=True))
    return Page(number, width, height, tuple(line_of(row) for row in rows(outside)), tuple(read))


def _lattices(drawn: Drawing) -> list[Table]:
    found = tables(drawn.across, drawn.down)
    if not found and drawn.filled:
        drawn.add_filled()
        found = tables(drawn.across, drawn.down)
    return found


def _frame(page: pdf.PdfPage) -> tuple[float, float, float, float]:
    """The shown part of the page in page space: left, bottom, right, top."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    shown = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    return shown if shown[0] < shown[2] and shown[1] < shown[3] else media


def _size(frame: Sequence[float], turns: int) -> tuple[float, float]:
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    return (height, width) if turns % 2 else (width, height)


def _is_scan(drawn: Drawing, area: float) -> bool:
    return drawn.pictures > PICTURE * area or drawn.paths > DRAWN
