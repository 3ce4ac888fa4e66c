"""Names of files that Windows, macOS and Linux all accept."""

from __future__ import annotations

import re
import unicodedata

MAX_NAME_CHARS = 80  # 240 bytes of Chinese: Linux allows 255 with the suffix, Windows 260 with the folders
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
_UNPRINTABLE_CATEGORIES = ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp")


def safe_file_name(name: str) -> str:
    """Return a name without suffix that every system accepts; `_` replaces what one of them refuses.

    Example::

        safe_file_name("a:b")  # "a_b"
    """
    printable = "".join(c for c in name if unicodedata.category(c) not in _UNPRINTABLE_CATEGORIES)
    safe = _FORBIDDEN.sub("_", printable)[:MAX_NAME_CHARS].strip(" .")
    return f"_{safe}" if not safe or _RESERVED.match(safe) else safe
