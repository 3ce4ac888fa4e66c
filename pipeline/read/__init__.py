"""Read: a file's bytes to a Document. The format is told by the bytes, never by the name.

A new format is one module here with `sniff` and `read`, and one entry in `BINARY` (they take the bytes) or `TEXT` (they
take the decoded text).
"""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from pipeline.core.model import DataFault, Document
from pipeline.read import docx, html, mht, office, pdf, scan, sheet, text, zipped
from pipeline.read.encoding import decode

__all__ = ["MAX_BYTES", "contents", "decode", "read", "read_bytes"]

MAX_BYTES = 20 * 1024 * 1024
# Formats that are not read; naming them tells the clerk more than "unknown".
SIGNATURES = {b"Rar!": "RAR", b"7z\xbc\xaf": "7Z", b"\x1f\x8b": "GZIP"}
BINARY: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Document]], ...] = (
    (pdf.sniff, pdf.read),
    (scan.sniff, scan.read),
    (docx.sniff, docx.read),
    (sheet.sniff, sheet.read),
    (office.sniff, office.read),
    (mht.sniff, mht.read),
    (zipped.sniff, zipped.refuse),
)
TEXT: tuple[tuple[Callable[[str], bool], Callable[[str], Document]], ...] = (
    (html.sniff, html.read),
    (text.sniff, text.read),
)


def read(path: Path) -> Document:
    """The Document of a file. Raises DataFault for one that is missing, empty, too large, binary or not decodable."""
    return read_bytes(contents(path))


def contents(path: Path) -> bytes:
    """The bytes of a file. Raises DataFault for one that cannot be read or is too large."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe or a device might never end
            raise DataFault("read.no_file")
        size = found.st_size
        if size > MAX_BYTES:
            raise DataFault("read.too_large", megabytes=size // 2**20, limit=MAX_BYTES // 2**20)
        return path.read_bytes()
    except OSError as error:
        raise DataFault("read.unreadable", error=error.strerror) from error


def read_bytes(data: bytes) -> Document:
    """The Document of a file's content; see `read`."""
    for sniff, reader in BINARY:
        if sniff(data):
            return reader(data)
    for signature, name in SIGNATURES.items():
        if data.startswith(signature):
            raise DataFault("read.unsupported", format=name)
    decoded = decode(data)
    if not decoded.strip():
        raise DataFault("read.empty")
    for sniff_text, text_reader in TEXT:
        if sniff_text(decoded):
            return text_reader(decoded)
    raise DataFault("read.binary")
