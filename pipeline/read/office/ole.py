"""Microsoft's compound files (DOC, XLS, old WPS): which streams they hold tells which program wrote them."""

from __future__ import annotations

SIGNATURE = b"\xd0\xcf\x11\xe0"
_ENTRY, _LENGTH_AT = 128, 64  # bytes of a directory entry, and where it says how long its name is


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
