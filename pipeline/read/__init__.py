"""Turn a file's bytes into a Document. The format is detected from the content, never from the name.

A new format is one module with a predicate and a function `read`, and one entry in a list of readers. Those in
`BINARY_READERS` take the bytes, those in `TEXT_READERS` the decoded text.
"""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from pipeline.core.model import DataFault, Document
from pipeline.read import docx, html, mht, office, pdf, scan, sheet, text, zip_archive
from pipeline.read.encoding import decode

__all__ = ["MAX_BYTES", "decode", "is_archive", "load_bytes", "read", "read_bytes"]

MAX_BYTES = 20 * 1024 * 1024
# Formats that ogi does not read: their name tells the clerk more than "unknown format".
UNSUPPORTED_SIGNATURES = {b"Rar!": "RAR", b"7z\xbc\xaf": "7Z", b"\x1f\x8b": "GZIP"}
# Tried in this order: each predicate with the reader of its format.
BINARY_READERS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Document]], ...] = (
    (pdf.is_pdf, pdf.read),
    (scan.is_image, scan.read),
    (docx.is_docx, docx.read),
    (sheet.is_workbook, sheet.read),
    (office.is_office_file, office.read),
    (mht.is_web_archive, mht.read),
    (zip_archive.is_zip, zip_archive.refuse_zip),
)
TEXT_READERS: tuple[tuple[Callable[[str], bool], Callable[[str], Document]], ...] = (
    (html.is_html, html.read),
    (text.is_text, text.read),
)


def read(path: Path) -> Document:
    """Return the Document of a file.

    Raises DataFault if the file is missing, empty or too large, if its format is unsupported or its content damaged.

    Example:
        >>> document = read(Path("data/raw/2019/411200.html"))
        >>> document.format, len(document.grids)
        ('html', 3)
    """
    return read_bytes(load_bytes(path))


def load_bytes(path: Path) -> bytes:
    """Return the bytes of a regular file. Raises DataFault if it cannot be read or has more than `MAX_BYTES`."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe or a device might never end
            raise DataFault("read.no_file")
        size = status.st_size
        if size > MAX_BYTES:
            raise DataFault("read.too_large", megabytes=size // 2**20, limit=MAX_BYTES // 2**20)
        return path.read_bytes()
    except OSError as error:
        raise DataFault("read.unreadable", error=OSError(error.errno, error.strerror)) from error


def is_archive(path: Path) -> bool:
    """Return whether a file is a ZIP archive that is no document of another format."""
    with path.open("rb") as file:
        if not zip_archive.is_zip(file.read(len(zip_archive.SIGNATURE))):
            return False
    if path.stat().st_size > MAX_BYTES:  # no document is that large
        return True
    data = path.read_bytes()
    return next(is_format for is_format, _ in BINARY_READERS if is_format(data)) is zip_archive.is_zip


def read_bytes(data: bytes) -> Document:
    """Return the Document of a file's content. Raises DataFault if it is empty, unsupported or damaged."""
    for is_format, read_format in BINARY_READERS:
        if is_format(data):
            return read_format(data)
    for signature, name in UNSUPPORTED_SIGNATURES.items():
        if data.startswith(signature):
            raise DataFault("read.unsupported", format=name)
    decoded_text = decode(data)
    if not decoded_text.strip():
        raise DataFault("read.empty")
    for is_text_format, read_text_format in TEXT_READERS:
        if is_text_format(decoded_text):
            return read_text_format(decoded_text)
    raise DataFault("read.binary")
