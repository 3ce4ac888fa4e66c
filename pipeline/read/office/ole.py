"""Read Microsoft's compound files (DOC, XLS, old WPS); the streams in one show which program wrote it.

The file is a chain of sectors per stream, and a table that names the sector after each (MS-CFB). Streams are read here
with every chain bounded: a library that follows a chain with a loop fills the memory.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.core.model import DataFault

SIGNATURE = b"\xd0\xcf\x11\xe0"
_ENTRY_BYTES, _NAME_LENGTH_AT = 128, 64  # size of a directory entry; offset in it of the name's length in bytes
_STREAM_KIND, _ROOT_KIND = 2, 5
# Versions, byte order and the exponents of the sector sizes; then counts and first sectors.
_HEADER = struct.Struct("<24xHHHHH6xIIIIIIIII")
_HEADER_BYTES = 512
_TABLE_SECTORS_IN_HEADER = 109  # sectors of the sector table that the header itself lists
_SMALL_SECTOR_BYTES = 64
_FIRST_MARK = 0xFFFFFFFA  # this and larger numbers are marks, such as "free" and "end of chain"


def has_stream(data: bytes, name: str) -> bool:
    """Return whether the directory of a compound file names a stream.

    The whole file is searched, without the sector table. The same word in the text of a document does not count: a
    directory entry lies at a multiple of its size, and zeros and the length follow its name.
    """
    encoded_name = name.encode("utf-16-le") + b"\0\0"
    at = data.find(encoded_name)
    while at >= 0:
        length = int.from_bytes(data[at + _NAME_LENGTH_AT : at + _NAME_LENGTH_AT + 2], "little")
        if at % _ENTRY_BYTES == 0 and length == len(encoded_name):
            return True
        at = data.find(encoded_name, at + 1)
    return False


@dataclass(frozen=True)
class _Entry:
    """A directory entry: a stream or storage, its first sector and its size in bytes."""

    name: str
    kind: int
    first_sector: int
    size: int


class CompoundFile:
    """A parsed compound file, whose streams can be read by name."""

    def __init__(self, data: bytes) -> None:
        """Parse header, sector table and directory. Raises DataFault if they are too short or contradictory."""
        if len(data) < _HEADER_BYTES:
            raise DataFault("read.broken_sheet")
        _, _, _, size_exponent, small_size_exponent, *numbers = _HEADER.unpack_from(data)
        _, _, directory, _, self._min_stream_bytes, small_table, _, next_table_list, _ = numbers
        if size_exponent not in (9, 12) or small_size_exponent != 6:
            raise DataFault("read.broken_sheet")
        self._data, self._sector_bytes = data, 1 << size_exponent
        self._next_sector = self._read_sector_table(next_table_list)
        self._entries = list(_parse_entries(self._read_chain(directory)))
        root = next((e for e in self._entries if e.kind == _ROOT_KIND), None)
        self._next_small_sector = _parse_numbers(self._read_chain(small_table))
        self._small_sectors = self._read_chain(root.first_sector) if root else b""

    def read_stream(self, *names: str) -> bytes:
        """Return the first stream that has one of the names, tried in their order; b"" if there is none."""
        for name in names:
            for entry in self._entries:
                if entry.kind == _STREAM_KIND and entry.name == name:
                    return self._read_entry(entry)[: entry.size]
        return b""

    def _read_entry(self, entry: _Entry) -> bytes:
        """Return the sectors of a stream; small streams share the sectors of the root entry."""
        if entry.size >= self._min_stream_bytes:
            return self._read_chain(entry.first_sector)
        size = _SMALL_SECTOR_BYTES
        numbers = _iterate_chain(entry.first_sector, self._next_small_sector)
        return b"".join(self._small_sectors[size * number : size * number + size] for number in numbers)

    def _read_sector_table(self, next_table_list: int) -> Sequence[int]:
        """Return the next sector of each sector.

        The table lies in sectors of its own. The header lists the first of them; a chain of sectors from
        `next_table_list` lists the others.
        """
        table_sectors = list(struct.unpack_from(f"<{_TABLE_SECTORS_IN_HEADER}I", self._data, 76))
        max_lists = len(self._data) // self._sector_bytes
        for _ in range(max_lists):
            if next_table_list >= _FIRST_MARK:
                break
            *numbers, next_table_list = _parse_numbers(self._read_sector(next_table_list)) or (_FIRST_MARK,)
            table_sectors += numbers
        sectors = (number for number in dict.fromkeys(table_sectors) if number < _FIRST_MARK)
        return _parse_numbers(b"".join(self._read_sector(number) for number in sectors))

    def _read_sector(self, number: int) -> bytes:
        return self._data[(number + 1) * self._sector_bytes : (number + 2) * self._sector_bytes]

    def _read_chain(self, first_sector: int) -> bytes:
        return b"".join(self._read_sector(number) for number in _iterate_chain(first_sector, self._next_sector))


def _iterate_chain(first_sector: int, next_sector: Sequence[int]) -> Iterator[int]:
    """Yield the sectors of a chain. Raises DataFault if it leads to a sector that does not exist, or has a loop."""
    sector = first_sector
    for _ in range(len(next_sector) + 1):
        if sector >= _FIRST_MARK:
            return
        if sector >= len(next_sector):
            break
        yield sector
        sector = next_sector[sector]
    raise DataFault("read.broken_sheet")


def _parse_numbers(data: bytes) -> Sequence[int]:
    """Return the 32-bit numbers in the data, without an incomplete last one."""
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _parse_entries(directory: bytes) -> Iterator[_Entry]:
    """Yield the entries of a directory."""
    for at in range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
        length, kind = struct.unpack_from("<HB", directory, at + _NAME_LENGTH_AT)
        first_sector, size = struct.unpack_from("<II", directory, at + 116)
        name = directory[at : at + max(0, min(length, _NAME_LENGTH_AT) - 2)].decode("utf-16-le", "replace")
        yield _Entry(name, kind, first_sector, size)
