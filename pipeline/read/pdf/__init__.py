"""PDF, told by its bytes. What reads it is loaded only when a PDF is met, as that takes a tenth of a second."""

from __future__ import annotations

from pipeline.core.model import Document


def sniff(data: bytes) -> bool:
    """Whether the file is a PDF; some begin with other bytes, as a mail gateway may leave them."""
    return b"%PDF-" in data[:1024]


def read(data: bytes) -> Document:
    """The Document of a PDF, its scanned pages by OCR.

    pdfium cannot be interrupted, and forms that draw themselves keep it busy for ever: call it in a `guard.Guard`.
    Raises DataFault for one that is locked, broken, empty, too large, or scanned where OCR is not installed.
    """
    from pipeline.read.pdf import pages as pdf_pages

    return pdf_pages.read(data)
