"""Make an old binary workbook (XLS) safe before calamine opens it.

Its workbook stream is checked and copied into a new container (MS-CFB) without other streams. Nothing remains in it
that would make calamine reserve more memory than a report's cells need. Records are those of MS-XLS.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from pipeline.core.model import DataFault
from pipeline.read.office.ole import SIGNATURE, CompoundFile
from pipeline.read.sheet.extras import SheetExtras, collect_bounded
from pipeline.read.sheet.xls_styles import BookStyles, add_record, read_book_styles

MAX_SHEETS = 200
STREAM_NAMES = ("Workbook", "Book")
# Types of records.
_END_RECORD, _SHEET_RECORD, _DIMENSIONS_RECORD, _TEXTS_RECORD, _MULTI_CELL_RECORD = 0x0A, 0x85, 0x200, 0xFC, 0xBD
_CELL_RECORDS = frozenset((0x06, _MULTI_CELL_RECORD, 0xD6, 0xFD, 0x203, 0x204, 0x205, 0x27E))
_UNUSED_RECORD = 0x0FFF  # a type that no program writes, so calamine skips it
_SECTOR_BYTES = 4096
_TABLE_SECTORS_IN_HEADER = 109  # sectors of the sector table that the header lists
_FREE_MARK, _END_MARK, _TABLE_MARK = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def rebuild_workbook(data: bytes) -> tuple[bytes, Mapping[str, SheetExtras]]:
    """Return the workbook in a new container, and the extras of each sheet by its name.

    Raises DataFault if it is damaged or larger than any report.
    """
    stream = bytearray(CompoundFile(data).read_stream(*STREAM_NAMES))
    starts = list(_find_sheet_starts(stream))
    if not starts or len(starts) > MAX_SHEETS:
        raise DataFault("read.broken_sheet")
    book = read_book_styles((kind, bytes(stream[at : at + n])) for kind, at, n in _iterate_records(stream, 0))
    names = book.names if len(book.names) == len(starts) else [str(i) for i in range(len(starts))]
    sheets = ((name, _read_sheet(stream, start, book)) for name, start in zip(names, starts, strict=True))
    extras = collect_bounded(sheets)
    return pack_workbook(bytes(stream)), extras


def _iterate_records(stream: bytearray, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield (type, offset of the content, its length in bytes) of each record from `at` to the next end record."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, at + 4, length
        if kind == _END_RECORD:
            return
        at += 4 + length


def _find_sheet_starts(stream: bytearray) -> Iterator[int]:
    """Yield the offsets at which the sheets begin.

    Raises DataFault if one is outside of the stream, or if the list of texts declares an impossible length.
    """
    for kind, at, length in _iterate_records(stream, 0):
        if kind == _SHEET_RECORD and length >= 6:
            start = int.from_bytes(stream[at : at + 4], "little")
            if start >= len(stream):
                raise DataFault("read.broken_sheet")
            yield start
        elif kind == _TEXTS_RECORD and int.from_bytes(stream[at + 4 : at + 8], "little") > len(stream):
            raise DataFault("read.broken_sheet")


def _read_sheet(stream: bytearray, start: int, book: BookStyles) -> SheetExtras:
    """Return the extras of a sheet, and disable its declared size in the stream: calamine would trust it.

    Raises DataFault for a cell outside of the rows and columns that reports use.
    """
    extras = SheetExtras()
    for kind, at, length in _iterate_records(stream, start):
        if kind == _DIMENSIONS_RECORD:
            struct.pack_into("<H", stream, at - 4, _UNUSED_RECORD)
        add_record(extras, (kind, bytes(stream[at : at + length])), book.styles)
        if kind in _CELL_RECORDS and length >= 6 and at + length <= len(stream):
            row, column = struct.unpack_from("<HH", stream, at)
            is_multi_cell = kind == _MULTI_CELL_RECORD
            last_column = struct.unpack_from("<H", stream, at + length - 2)[0] if is_multi_cell else column
            extras.extend_to(row, max(column, last_column))
    return extras


def pack_workbook(stream: bytes) -> bytes:
    """Return a compound file that contains the stream `Workbook` and no other."""
    stream = stream.ljust(_SECTOR_BYTES, b"\0")  # a shorter stream would have to be stored in small sectors
    stream_sectors = -(-len(stream) // _SECTOR_BYTES)
    table_sectors = -(-(stream_sectors + 1 + _TABLE_SECTORS_IN_HEADER) // (_SECTOR_BYTES // 4))
    next_sectors = [_END_MARK, *range(2, stream_sectors + 1), _END_MARK, *[_TABLE_MARK] * table_sectors]
    table = struct.pack(f"<{len(next_sectors)}I", *next_sectors).ljust(table_sectors * _SECTOR_BYTES, b"\xff")
    header = SIGNATURE + b"\xa1\xb1\x1a\xe1" + struct.pack("<16xHHHHH6x", 62, 4, 0xFFFE, 12, 6)
    header += struct.pack("<9I", 1, table_sectors, 0, 0, _SECTOR_BYTES, _END_MARK, 0, _END_MARK, 0)
    table_places = range(stream_sectors + 1, stream_sectors + 1 + table_sectors)
    header += struct.pack(f"<{table_sectors}I", *table_places).ljust(4 * _TABLE_SECTORS_IN_HEADER, b"\xff")
    # Calamine requires a first sector of the root, although there are no small streams: it gets the directory's own.
    entries = _pack_entry("Root Entry", 5, 1, 0, 0) + _pack_entry("Workbook", 2, _FREE_MARK, 1, len(stream))
    parts = (header, entries, stream, table)
    return b"".join(part.ljust(-(-len(part) // _SECTOR_BYTES) * _SECTOR_BYTES, b"\0") for part in parts)


def _pack_entry(name: str, kind: int, child: int, first_sector: int, size: int) -> bytes:
    """Return a directory entry of 128 bytes; `child` is the number of the entry below it."""
    encoded_name = name.encode("utf-16-le").ljust(64, b"\0")
    name_bytes = 2 * len(name) + 2
    numbers = (name_bytes, kind, 1, _FREE_MARK, _FREE_MARK, child, first_sector, size)
    return encoded_name + struct.pack("<HBBIII36xIQ", *numbers)
