"""Read: a file's bytes to a Document. The format is told by the bytes, never by the name.

A new format is one module here with `sniff` and `read`, and one entry in `BINARY` (they take the bytes) or `TEXT` (they
take the decoded text).
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

from pipeline.model import DataFault, Document
from pipeline.read import html, text

MAX_BYTES = 20 * 1024 * 1024
# Formats that cannot be read yet; naming them tells the clerk more than "unknown".
SIGNATURES = {b"%PDF": "PDF", b"PK\x03\x04": "DOCX/XLSX/ZIP", b"\xd0\xcf\x11\xe0": "DOC/XLS/WPS", b"{\\rtf": "RTF"}
BINARY: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Document]], ...] = ()
TEXT: tuple[tuple[Callable[[str], bool], Callable[[str], Document]], ...] = (
    (html.sniff, html.read),
    (text.sniff, text.read),
)


def read(path: Path) -> Document:
    """The Document of a file. Raises DataFault for one that is missing, empty, too large, binary or not decodable."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise DataFault("read.too_large", megabytes=size // 2**20, limit=MAX_BYTES // 2**20)
        data = path.read_bytes()
    except OSError as error:
        raise DataFault("read.unreadable", error=error.strerror) from error
    return read_bytes(data)


def read_bytes(data: bytes) -> Document:
    """The Document of a file's content; see `read`."""
    for sniff, reader in BINARY:
        if sniff(data):
            return reader(data)
    decoded = decode(data)
    if not decoded.strip():
        raise DataFault("read.empty")
    for sniff_text, text_reader in TEXT:
        if sniff_text(decoded):
            return text_reader(decoded)
    raise DataFault("read.binary")


def decode(data: bytes) -> str:
    """Bytes to text: byte order mark, then strict UTF-8, then GB 18030. The meta tag of a page is often wrong, so it
    is not asked. Raises DataFault for what is no text.
    """
    for signature, name in SIGNATURES.items():
        if data.startswith(signature):
            raise DataFault("read.unsupported", format=name)
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            decoded = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in decoded:
            return decoded
    raise DataFault("read.binary")
