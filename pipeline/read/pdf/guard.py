"""What a PDF may cost, seen before pdfium opens it: a few bytes can unpack to gigabytes that cannot be interrupted."""

from __future__ import annotations

import re
import zlib

from pipeline.core.model import DataFault

MAX_UNPACKED = 64 * 1024 * 1024  # of all that is no picture; a report has less than 1 MB
CHUNK = 1024 * 1024
_STREAM = re.compile(rb"stream\r?\n")
_HEAD = 600  # bytes before a stream in which its dictionary stands


def check(data: bytes) -> None:
    """Raise DataFault for a PDF whose packed streams, pictures aside, unpack to more than any report needs."""
    left = MAX_UNPACKED
    for found in _STREAM.finditer(data):
        head = data[max(0, found.start() - _HEAD) : found.start()]
        head = head[head.rfind(b" obj") + 1 :]
        if head.count(b"FlateDecode") + head.count(b"/Fl ") > 1:
            raise DataFault("read.pdf_bomb", limit=MAX_UNPACKED // 2**20)
        if b"FlateDecode" in head and not (b"/Image" in head and b"/Width" in head):
            left -= _unpacked(data, found.end(), left)
            if left < 0:
                raise DataFault("read.pdf_bomb", limit=MAX_UNPACKED // 2**20)


def _unpacked(data: bytes, start: int, limit: int) -> int:
    """The unpacked size of the stream that starts there, counted no further than just past the limit."""
    unpacker = zlib.decompressobj()
    view = memoryview(data)
    size, at = 0, start
    while at < len(data) and not unpacker.eof and size <= limit:
        piece = bytes(view[at : at + CHUNK])
        at += CHUNK
        try:
            while piece and size <= limit:
                size += len(unpacker.decompress(piece, CHUNK))
                piece = unpacker.unconsumed_tail
        except zlib.error:
            break
    return size
