"""Pictures of the pages of a PDF, for a person who compares them with what was read."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from pipeline.core.model import DataFault
from pipeline.read import load_bytes
from pipeline.read.pdf import is_pdf

POINTS_PER_INCH, DOTS_PER_INCH = 72, 110
MAX_PIXELS = 4_000  # of the longer side
# Pictures that a browser shows as they are.
SHOWN_AS_THEY_ARE = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def draw_page(path: Path, page: int) -> tuple[bytes, str]:
    """Return a page (from 1) of a PDF as PNG, or a picture as it is, with its media type.

    Call it in a `Guard`, as all of pdfium. Raises DataFault for another format, a damaged file, and a page that the
    file does not have.
    """
    data = load_bytes(path)
    for signature, kind in SHOWN_AS_THEY_ARE.items():
        if data.startswith(signature):
            return data, kind
    if not is_pdf(data):
        raise DataFault("read.no_picture")
    return _draw(data, page), "image/png"


def _draw(data: bytes, number: int) -> bytes:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
        if not 1 <= number <= len(document):
            raise DataFault("read.no_picture")
        page = document[number - 1]
        scale = min(DOTS_PER_INCH / POINTS_PER_INCH, MAX_PIXELS / max(*page.get_size(), 1))
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        pixels = bitmap.to_numpy()
    except pdfium.PdfiumError as error:
        raise DataFault("read.pdf_broken") from error
    return _png(pixels[:, :, :3].tobytes(), bitmap.width, bitmap.height)


def _png(pixels: bytes, width: int, height: int) -> bytes:
    """Return RGB pixels as a PNG file."""
    rows = b"".join(b"\0" + pixels[at : at + 3 * width] for at in range(0, 3 * width * height, 3 * width))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )
