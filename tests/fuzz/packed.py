"""Convert zipped documents to flat text and back, so that the fuzzer changes their members instead of their checksums.

Flat text has the members one after the other, each below a line `==> name`.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile

_MEMBER_LINE = re.compile(rb"^==> ([^\n]{1,200})\n", re.MULTILINE)
MAX_MEMBERS = 40


def pack(flat: bytes) -> bytes:
    """Return the ZIP with the members of a flat text. Names may be repeated or lead out of the archive."""
    parts = _MEMBER_LINE.split(flat)
    buffer = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(buffer, "w") as archive:
        for name, content in list(zip(parts[1::2], parts[2::2], strict=True))[:MAX_MEMBERS]:
            member = zipfile.ZipInfo(name.decode("utf-8", "replace"))
            archive.writestr(member, content.removesuffix(b"\n"))
    return buffer.getvalue()


def flatten(data: bytes, name_pattern: re.Pattern[str]) -> bytes:
    """Return the members of a ZIP whose names match a pattern, as flat text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [n for n in archive.namelist() if name_pattern.fullmatch(n)]
        return b"".join(b"==> %s\n%s\n" % (n.encode(), archive.read(n)) for n in names)
