"""Scans: PNG, JPEG and TIFF pictures, and PDF pages without text. OCR is loaded only when one is met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.core.model import DataFault, Document

if TYPE_CHECKING:
    import pypdfium2

    from pipeline.read.layout.page import Page

MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")


def sniff(data: bytes) -> bool:
    """Whether the file is a PNG, JPEG or TIFF picture."""
    return data.startswith(MAGIC)


def read(data: bytes) -> Document:
    """The Document of a picture, each frame of a TIFF a page.

    Raises DataFault for one that is broken or too large, and where OCR is not installed.
    """
    try:
        from pipeline.read.scan import pages as scan_pages
    except ImportError as error:
        raise DataFault("read.ocr_missing") from error
    return scan_pages.read(data)


def pdf_page(page: pypdfium2.PdfPage, number: int) -> Page:
    """A PDF page without text, read by OCR. Raises DataFault where OCR is not installed."""
    try:
        from pipeline.read.scan import pages as scan_pages
    except ImportError as error:
        raise DataFault("read.ocr_missing") from error
    return scan_pages.pdf_page(page, number)
