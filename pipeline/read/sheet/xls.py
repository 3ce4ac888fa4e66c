"""The old binary workbook (XLS) before calamine opens it: its one stream alone in a container of our own, and nothing
in it that would have calamine set aside more memory than a report's cells need.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pipeline.core.model import DataFault
from pipeline.read.office.ole import SIGNATURE, Compound
from pipeline.read.sheet.check import Extra, bounded

MAX_SHEETS = 200
STREAMS = ("Workbook", "Book")
_END, _SHEET, _SIZE, _TEXTS, _MANY, _CONTINUED = 0x0A, 0x85, 0x200, 0xFC, 0xBD, 0x3C
_CELLS = frozenset((0x06, _MANY, 0xD6, 0xFD, 0x203, 0x204, 0x205, 0x27E))
_IGNORED = 0x0FFF  # a type that no program writes
_SECTOR, _ENTRIES_AHEAD = 4096, 109  # bytes; sectors of the table that the header names
_FREE, _LAST, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def sound(data: bytes) -> bytes:
    """The workbook in a fresh container. Raises DataFault for a damaged one, or one larger than any report."""
    stream = bytearray(Compound(data).stream(*STREAMS))
    starts = list(_starts(stream))
    if not starts or len(starts) > MAX_SHEETS:
        raise DataFault("read.broken_sheet")
    bounded((str(i), _sheet(stream, start)) for i, start in enumerate(starts))
    return contained(bytes(stream))


def _records(stream: bytearray, at: int) -> Iterator[tuple[int, int, int]]:
    """(type, place of the content, its length) of each record up to the end of its part."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, at + 4, length
        if kind == _END:
            return
        at += 4 + length


def _starts(stream: bytearray) -> Iterator[int]:
    """Where the sheets begin. What the list of texts says of its own length is checked on the way."""
    for kind, at, length in _records(stream, 0):
        if kind == _SHEET and length >= 6:
            start = int.from_bytes(stream[at : at + 4], "little")
            if start >= len(stream):
                raise DataFault("read.broken_sheet")
            yield start
        elif kind == _TEXTS and int.from_bytes(stream[at + 4 : at + 8], "little") > len(stream):
            raise DataFault("read.broken_sheet")


def _sheet(stream: bytearray, start: int) -> Extra:
    """How far a sheet's cells reach. What it says of its own size is taken out: calamine would believe it."""
    extra = Extra()
    for kind, at, length in _records(stream, start):
        if kind == _SIZE:
            struct.pack_into("<H", stream, at - 4, _IGNORED)
        elif kind in _CELLS and length >= 6 and at + length <= len(stream):
            row, column = struct.unpack_from("<HH", stream, at)
            last = struct.unpack_from("<H", stream, at + length - 2)[0] if kind == _MANY else column
            extra.reach(row, max(column, last))
    return extra


def contained(stream: bytes) -> bytes:
    """A compound file that holds the stream `Workbook` and nothing else."""
    stream = stream.ljust(_SECTOR, b"\0")  # a shorter one would have to go among the small ones
    body = -(-len(stream) // _SECTOR)
    tables = -(-(body + 1 + _ENTRIES_AHEAD) // (_SECTOR // 4))
    chain = [_LAST, *range(2, body + 1), _LAST, *[_TABLE] * tables]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(tables * _SECTOR, b"\xff")
    header = SIGNATURE + b"\xa1\xb1\x1a\xe1" + struct.pack("<16xHHHHH6x", 62, 4, 0xFFFE, 12, 6)
    header += struct.pack("<9I", 1, tables, 0, 0, _SECTOR, _LAST, 0, _LAST, 0)
    header += struct.pack(f"<{tables}I", *range(body + 1, body + 1 + tables)).ljust(4 * _ENTRIES_AHEAD, b"\xff")
    # Calamine wants the root to begin somewhere, though nothing small is there: it gets the directory's own sector.
    entries = _entry("Root Entry", 5, 1, 0, 0) + _entry("Workbook", 2, _FREE, 1, len(stream))
    parts = (header, entries, stream, table)
    return b"".join(part.ljust(-(-len(part) // _SECTOR) * _SECTOR, b"\0") for part in parts)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    printed = name.encode("utf-16-le").ljust(64, b"\0")
    return printed + struct.pack("<HBBIII36xIQ", 2 * len(name) + 2, kind, 1, _FREE, _FREE, child, start, size)
