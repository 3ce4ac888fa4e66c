"""Microsoft's compound files (DOC, XLS, old WPS): which streams they hold tells which program wrote them.

A stream is taken out here, every chain of sectors counted: a library that follows a chain which bites its own tail
fills the memory.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.core.model import DataFault

SIGNATURE = b"\xd0\xcf\x11\xe0"
_ENTRY, _LENGTH_AT = 128, 64  # bytes of a directory entry, and where it says how long its name is
_STREAM, _ROOT = 2, 5  # types of entries
_HEADER = struct.Struct("<24xHHHHH6xIIIIIIIII")  # versions, order, sector sizes; then counts and first sectors
_IN_HEADER, _HEADER_LENGTH = 109, 512  # sectors of the table that the header itself names; bytes of the header
_LAST = 0xFFFFFFFA  # larger numbers are marks: free, end of chain


def has_stream(data: bytes, name: str) -> bool:
    """Whether the directory names a stream. Entries stand at multiples of their size; text in the file does not count
    because a name is followed by zeros and its length.
    """
    wanted = name.encode("utf-16-le") + b"\0\0"
    at = data.find(wanted)
    while at >= 0:
        length = int.from_bytes(data[at + _LENGTH_AT : at + _LENGTH_AT + 2], "little")
        if at % _ENTRY == 0 and length == len(wanted):
            return True
        at = data.find(wanted, at + 1)
    return False


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


class Compound:
    """A compound file taken apart. Raises DataFault where its tables contradict each other."""

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER_LENGTH:
            raise DataFault("read.broken_sheet")
        _, _, _, shift, small_shift, *counts = _HEADER.unpack_from(data)
        _, _, directory, _, self._cutoff, small, _, more, _ = counts
        if shift not in (9, 12) or small_shift != 6:
            raise DataFault("read.broken_sheet")
        self._data, self._size = data, 1 << shift
        self._table = self._sector_table(more)
        self._entries = list(_entries(self._content(directory)))
        root = next((e for e in self._entries if e.kind == _ROOT), None)
        self._small_table = _numbers(self._content(small))
        self._small = self._content(root.start) if root else b""

    def stream(self, *names: str) -> bytes:
        """The first stream of one of these names, in their order; b"" where there is none."""
        for name in names:
            for entry in self._entries:
                if entry.kind == _STREAM and entry.name == name:
                    return self._read(entry)[: entry.size]
        return b""

    def _read(self, entry: _Entry) -> bytes:
        if entry.size >= self._cutoff:
            return self._content(entry.start)
        return b"".join(self._small[64 * i : 64 * i + 64] for i in _chain(entry.start, self._small_table))

    def _sector_table(self, more: int) -> Sequence[int]:
        """Which sector follows which. The list of the table's own sectors is a chain too."""
        sectors = list(struct.unpack_from(f"<{_IN_HEADER}I", self._data, 76))
        most = len(self._data) // self._size
        for _ in range(most):
            if more >= _LAST:
                break
            *found, more = _numbers(self._sector(more)) or (_LAST,)
            sectors += found
        return _numbers(b"".join(self._sector(s) for s in dict.fromkeys(sectors) if s < _LAST))

    def _sector(self, number: int) -> bytes:
        return self._data[(number + 1) * self._size : (number + 2) * self._size]

    def _content(self, start: int) -> bytes:
        return b"".join(self._sector(s) for s in _chain(start, self._table))


def _chain(start: int, table: Sequence[int]) -> Iterator[int]:
    """The sectors from `start` on. Raises DataFault for one that is not there, or comes round again."""
    for _ in range(len(table) + 1):
        if start >= _LAST:
            return
        if start >= len(table):
            break
        yield start
        start = table[start]
    raise DataFault("read.broken_sheet")


def _numbers(data: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _entries(directory: bytes) -> Iterator[_Entry]:
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", directory, at + _LENGTH_AT)
        start, size = struct.unpack_from("<II", directory, at + 116)
        name = directory[at : at + max(0, min(length, _LENGTH_AT) - 2)].decode("utf-16-le", "replace")
        yield _Entry(name, kind, start, size)
