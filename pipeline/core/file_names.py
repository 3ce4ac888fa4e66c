"""Names of files that Windows, macOS and Linux all accept."""

from __future__ import annotations

import unicodedata

MAX_NAME_CHARS = 80  # 240 bytes of Chinese: Linux allows 255 with the suffix, Windows 260 with the folders
UNPRINTABLE_CATEGORIES = ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp")
RESERVED_NAMES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{digit}" for port in ("com", "lpt") for digit in (*"123456789", *"¹²³")}
)
FORBIDDEN_CHARACTERS = frozenset('<>:"/\\|?*')


def is_portable_name(name: str) -> bool:
    """Return whether every system can have a file of this name: no `aux`, no `a:b`, no dot or blank at the end."""
    stem = name.split(".")[0].rstrip().lower()
    readable = name.isprintable() and not FORBIDDEN_CHARACTERS.intersection(name)
    return readable and name not in ("", ".", "..") and name[-1] not in ". " and stem not in RESERVED_NAMES


def portable_name(name: str) -> str:
    """Return a name that every system can have, as similar as possible: `_` in the place of what is forbidden."""
    kept = "".join(c if c.isprintable() and c not in FORBIDDEN_CHARACTERS else "_" for c in name)
    kept = kept.rstrip(". ") or "_"
    return kept if is_portable_name(kept) else f"_{kept}"


def safe_file_name(name: str) -> str:
    """Return a portable name without suffix, of at most `MAX_NAME_CHARS`, for a text that people wrote.

    Example::

        safe_file_name("a:b")  # "a_b"
    """
    printable = "".join(c for c in name if unicodedata.category(c) not in UNPRINTABLE_CATEGORIES)
    return portable_name(printable[:MAX_NAME_CHARS].strip(" ."))
