"""Read text PDFs with pdfium: placed characters, ruling lines and the tables that they form; OCR reads scanned pages.

The characters collected for each cell are compared with the text that pdfium reads in the cell's rectangle. It is a
second reader, which finds lines and order by itself. Where both differ, the cell's confidence is `DOUBTED_CONFIDENCE`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import pypdfium2 as pdf
import pypdfium2.raw as pdfium

from pipeline.core.model import DataFault, Document, Finding
from pipeline.read.layout.blocks import build_blocks
from pipeline.read.layout.lattice import build_tables
from pipeline.read.layout.lines import group_into_lines, make_line
from pipeline.read.layout.page import Box, Char, Page, Table
from pipeline.read.left_out import has_data_table, join_names
from pipeline.read.pdf.aligned_text import read_aligned_tables
from pipeline.read.pdf.annotations import read_annotations, strike_chars
from pipeline.read.pdf.cells import assign_chars, fill_table
from pipeline.read.pdf.chars import (
    Frame,
    count_quarter_turns,
    make_transform_to_page,
    make_transform_to_upright,
    read_box_text,
    read_chars,
)
from pipeline.read.pdf.font_codes import is_garbled
from pipeline.read.pdf.ruling_lines import Drawing, read_drawing
from pipeline.read.pdf.unpacked_size import check_unpacked_size
from pipeline.read.pdf.visibility import InkReader, mark_chars
from pipeline.read.scan import read_pdf_page

MAX_PAGES = 300
MAX_SECONDS, MAX_SCAN_SECONDS = 60.0, 280.0  # for a file with only text pages, and for one with scanned pages
MIN_SIDE, MAX_SIDE = 20.0, 14_400.0  # points; the maximum is the PDF standard's
# A page without visible text is a scan if pictures cover more than this share of it, or if it has more paths.
MIN_VISIBLE_SHARE = 0.2  # of the characters of a page with text
MIN_PICTURE_SHARE, MAX_EMPTY_PAGE_PATHS = 0.3, 50


def read(data: bytes) -> Document:
    """Return the Document of a PDF; see `pipeline.read.pdf.read`."""
    check_unpacked_size(data)
    try:
        document = pdf.PdfDocument(data)
    except pdf.PdfiumError as error:
        raise DataFault("read.pdf_locked" if _needs_password(data) else "read.pdf_broken") from error
    try:
        return _read_document(document)
    except pdf.PdfiumError as error:
        raise DataFault("read.pdf_broken") from error
    finally:
        document.close()


def _needs_password(data: bytes) -> bool:
    """Return whether a PDF that cannot be opened is locked.

    pdfium opens one without pages, and its last error is then that of an earlier file.
    """
    if handle := pdfium.FPDF_LoadMemDocument64(data, len(data), None):
        pdfium.FPDF_CloseDocument(handle)
        return False
    return bool(pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD)


def _read_document(document: pdf.PdfDocument) -> Document:
    """Return the Document of an open PDF. Raises DataFault for too many pages, or if reading takes too long."""
    if not 0 < len(document) <= MAX_PAGES:  # pdfium itself ends loops in the page tree
        raise DataFault("read.pdf_pages", pages=len(document), limit=MAX_PAGES)
    document.init_forms()  # before the pages are loaded
    start = time.monotonic()
    pages: list[Page] = []
    garbled_pages: list[str] = []
    scan_count = 0
    for index in range(len(document)):
        pdf_page = document[index]
        page = _read_text_page(pdf_page, index + 1, document.formenv.raw if document.formenv else None)
        if page is None:
            scan_count += 1
            garbled_pages += [str(index + 1)] if _has_garbled_text(pdf_page) else []
            page = read_pdf_page(pdf_page, index + 1)
        if time.monotonic() - start > (MAX_SCAN_SECONDS if scan_count else MAX_SECONDS):
            raise DataFault("read.too_slow", seconds=int(time.monotonic() - start))
        pages.append(page)
        pdf_page.close()
    file_format = "scan" if scan_count == len(pages) else "pdf"
    reader = "rapidocr" if scan_count else "pdfium"
    blocks, findings = build_blocks(pages), _report_garbled(garbled_pages)
    if not scan_count and not has_data_table(blocks):
        blocks, findings = read_aligned_tables([page.chars for page in pages]) or (blocks, findings)
    return Document(tuple(blocks), file_format, reader, findings=findings)


def _has_garbled_text(pdf_page: pdf.PdfPage) -> bool:
    """Return whether a page that is read by OCR has text, but of unknown characters."""
    text = pdf_page.get_textpage()
    try:
        return is_garbled(text.raw)
    finally:
        text.close()


def _report_garbled(pages: Sequence[str]) -> tuple[Finding, ...]:
    """Return the finding for pages whose text is garbage, if there are any."""
    return (Finding("extract.garbled", "document", "fail", "warning", note=join_names(pages)),) if pages else ()


def _read_text_page(pdf_page: pdf.PdfPage, number: int, form: pdfium.FPDF_FORMHANDLE | None) -> Page | None:
    """Return a page's lines and tables, None for a scan. Raises DataFault for a page of a size no report has."""
    width, height = pdf_page.get_size()
    if min(width, height) < MIN_SIDE or max(width, height) > MAX_SIDE:
        raise DataFault("read.pdf_size", page=number)
    text = pdf_page.get_textpage()
    try:
        return _lay_out_page(pdf_page, text, number, form)
    finally:
        text.close()


def _lay_out_page(
    pdf_page: pdf.PdfPage, text: pdf.PdfTextPage, number: int, form: pdfium.FPDF_FORMHANDLE | None
) -> Page | None:
    """Return the page with its characters assigned to tables and lines, None for a scan."""
    if is_garbled(text.raw):
        return None
    turns = count_quarter_turns(text.raw, pdf_page.get_rotation() // 90)
    frame = _find_frame(pdf_page)
    to_upright, to_page = make_transform_to_upright(turns, frame), make_transform_to_page(turns, frame)
    width, height = _get_upright_size(frame, turns)
    chars, indexes = read_chars(text.raw, to_upright, Box(0, 0, width, height))
    drawing = read_drawing(pdf_page.raw, to_upright)
    ink_reader = InkReader(text.raw)
    chars = mark_chars(chars, [ink_reader.read_ink(i) for i in indexes], drawing)
    annotations = read_annotations(pdf_page.raw, form, to_upright)
    chars = [*strike_chars(chars, annotations.struck), *annotations.chars]
    if not _has_visible_text(chars, drawing) and _is_scan(drawing, width * height):
        return None
    empty_tables = _find_tables(drawing)
    chars_in_tables, chars_outside = assign_chars(chars, empty_tables)

    def read_box(box: Box) -> str:
        return read_box_text(text.raw, box, to_page)

    tables = tuple(
        fill_table(t, cells, read_box, height) for t, cells in zip(empty_tables, chars_in_tables, strict=True)
    )
    lines = tuple(make_line(line) for line in group_into_lines(chars_outside))
    return Page(number, width, height, lines, tables, tuple(chars), is_turned=turns != 0)


def _has_visible_text(chars: Sequence[Char], drawing: Drawing) -> bool:
    """Return whether a page has text that is seen; below a scan there is only an invisible copy of its text."""
    visible_count = sum("hidden" not in char.kinds for char in chars)
    return drawing.has_visible_text and visible_count > MIN_VISIBLE_SHARE * len(chars)


def _find_tables(drawing: Drawing) -> list[Table]:
    """Return the tables that the page's lines form; without any, those that its filled areas form."""
    tables = build_tables(drawing.horizontal, drawing.vertical)
    if not tables and drawing.filled_areas:
        drawing.add_area_edges()
        tables = build_tables(drawing.horizontal, drawing.vertical)
    return tables


def _find_frame(pdf_page: pdf.PdfPage) -> Frame:
    """Return the visible part of the page in page space, as pdfium takes it: also where the file turns a box over."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(pdf_page.raw, box)
    return box.left, box.bottom, box.right, box.top


def _get_upright_size(frame: Frame, turns: int) -> tuple[float, float]:
    """Return width and height of the upright page."""
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    return (height, width) if turns % 2 else (width, height)


def _is_scan(drawing: Drawing, page_area: float) -> bool:
    return drawing.picture_area > MIN_PICTURE_SHARE * page_area or drawing.path_count > MAX_EMPTY_PAGE_PATHS
