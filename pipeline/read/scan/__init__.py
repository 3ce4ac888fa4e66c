"""Read scans by OCR: PNG, JPEG and TIFF pictures, and PDF pages without text. OCR is loaded only when one is met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.core.model import DataFault, Document

if TYPE_CHECKING:
    import pypdfium2

    from pipeline.read.layout.page import Page

SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")


def is_image(data: bytes) -> bool:
    """Return whether the bytes are a PNG, JPEG or TIFF picture."""
    return data.startswith(SIGNATURES)


def read(data: bytes) -> Document:
    """Return the Document of a picture file; each frame of a TIFF is a page.

    Raises DataFault if the file is damaged or too large, or if OCR is not installed.
    """
    try:
        from pipeline.read.scan import pages as scan_pages
    except ImportError as error:
        raise DataFault("read.ocr_missing") from error
    return scan_pages.read(data)


def read_pdf_page(pdf_page: pypdfium2.PdfPage, number: int) -> Page:
    """Return a PDF page without text, read by OCR; `number` counts from 1. Raises DataFault if OCR is not installed."""
    try:
        from pipeline.read.scan import pages as scan_pages
    except ImportError as error:
        raise DataFault("read.ocr_missing") from error
    return scan_pages.read_pdf_page(pdf_page, number)


def read_picture(data: bytes, number: int, is_table_needed: bool) -> Page | None:
    """Return the first frame of a picture within a document, read by OCR as page `number`.

    Return None if it is too small for a table or, where `is_table_needed`, has no ruled table. Raises DataFault as
    `read` does.
    """
    try:
        from pipeline.read.scan import pages as scan_pages
    except ImportError as error:
        raise DataFault("read.ocr_missing") from error
    return scan_pages.read_picture(data, number, is_table_needed)
