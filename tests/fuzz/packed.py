"""Zipped documents as flat text and back, so that the fuzzer changes what is in them instead of their checksums.

A flat document is its members one after the other, each below a line `==> name`.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile

_HEAD = re.compile(rb"^==> ([^\n]{1,200})\n", re.MULTILINE)
MOST = 40  # members


def pack(flat: bytes) -> bytes:
    """The archive whose members a flat text holds; a name may stand twice, or lead out of the archive."""
    parts = _HEAD.split(flat)
    buffer = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(buffer, "w") as archive:
        for name, content in list(zip(parts[1::2], parts[2::2], strict=True))[:MOST]:
            member = zipfile.ZipInfo(name.decode("utf-8", "replace"))
            archive.writestr(member, content.removesuffix(b"\n"))
    return buffer.getvalue()


def flatten(data: bytes, kept: re.Pattern[str]) -> bytes:
    """An archive's members whose names fit, as flat text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [n for n in archive.namelist() if kept.fullmatch(n)]
        return b"".join(b"==> %s\n%s\n" % (n.encode(), archive.read(n)) for n in names)
