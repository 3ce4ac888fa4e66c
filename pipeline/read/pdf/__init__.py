"""Read PDFs: collect characters and lines, from which `layout` builds tables.

The libraries are loaded only when a PDF is read, because loading them takes a tenth of a second.
"""

from __future__ import annotations

from pipeline.core.model import Document


def is_pdf(data: bytes) -> bool:
    """Return whether the bytes are a PDF; a mail gateway may have left other bytes before its signature."""
    return b"%PDF-" in data[:1024]


def read(data: bytes) -> Document:
    """Return the Document of a PDF, its scanned pages read by OCR.

    Call it in a `Guard` (a child process with limits): pdfium cannot be interrupted, and form objects that draw
    themselves keep it busy for ever. Raises DataFault if the file is encrypted, damaged, empty or too large, or has
    scanned pages and OCR is not installed.
    """
    from pipeline.read.pdf import pages as pdf_pages

    return pdf_pages.read(data)
