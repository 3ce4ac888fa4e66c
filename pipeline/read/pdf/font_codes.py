"""Detect pages whose fonts do not say which characters they print: their text is garbage, their picture is sound."""

from __future__ import annotations

import pypdfium2.raw as pdfium

SAMPLE_CHARS = 600  # characters of a page that are tested
MAX_UNKNOWN_SHARE, MIN_UNKNOWN_CHARS = 0.05, 5  # more is no longer a few symbols of a picture font


def is_garbled(text: pdfium.FPDF_TEXTPAGE) -> bool:
    """Return whether more characters than a few symbols have no known Unicode value.

    A font without the table `ToUnicode` causes that. If it holds only the digits, cells would seem blank.
    """
    count = pdfium.FPDFText_CountChars(text)
    indexes = range(0, count, max(1, count // SAMPLE_CHARS))
    unknown_count = sum(pdfium.FPDFText_HasUnicodeMapError(text, i) == 1 for i in indexes)
    return bool(unknown_count >= max(MIN_UNKNOWN_CHARS, MAX_UNKNOWN_SHARE * len(indexes)))
