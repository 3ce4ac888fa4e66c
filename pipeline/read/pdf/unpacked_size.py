"""Check the unpacked size of a PDF before pdfium opens it.

A few bytes can unpack to gigabytes, and pdfium cannot be interrupted while it unpacks them.
"""

from __future__ import annotations

import re
import zlib

from pipeline.core.model import DataFault

MAX_UNPACKED_BYTES = 64 * 1024 * 1024  # of all streams except pictures; a report has less than 1 MB
CHUNK_BYTES = 1024 * 1024
_STREAM_START = re.compile(rb"stream\r?\n")
_MAX_DICTIONARY_BYTES = 600  # bytes before a stream in which its dictionary is searched


def check_unpacked_size(data: bytes) -> None:
    """Check that the packed streams of a PDF, pictures aside, unpack to at most `MAX_UNPACKED_BYTES`.

    Raises DataFault if they are larger, or if a stream is packed twice.
    """
    bytes_left = MAX_UNPACKED_BYTES
    for match in _STREAM_START.finditer(data):
        dictionary = data[max(0, match.start() - _MAX_DICTIONARY_BYTES) : match.start()]
        dictionary = dictionary[dictionary.rfind(b" obj") + 1 :]
        if dictionary.count(b"FlateDecode") + dictionary.count(b"/Fl ") > 1:
            raise DataFault("read.pdf_bomb", limit=MAX_UNPACKED_BYTES // 2**20)
        if b"FlateDecode" in dictionary and not (b"/Image" in dictionary and b"/Width" in dictionary):
            bytes_left -= _measure_unpacked(data, match.end(), bytes_left)
            if bytes_left < 0:
                raise DataFault("read.pdf_bomb", limit=MAX_UNPACKED_BYTES // 2**20)


def _measure_unpacked(data: bytes, start: int, limit: int) -> int:
    """Return the unpacked size in bytes of the stream at `start`; counting stops just past `limit`."""
    unpacker = zlib.decompressobj()
    view = memoryview(data)
    size, at = 0, start
    while at < len(data) and not unpacker.eof and size <= limit:
        chunk = bytes(view[at : at + CHUNK_BYTES])
        at += CHUNK_BYTES
        try:
            while chunk and size <= limit:
                size += len(unpacker.decompress(chunk, CHUNK_BYTES))
                chunk = unpacker.unconsumed_tail
        except zlib.error:
            break
    return size
