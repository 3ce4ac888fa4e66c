"""Programs that some formats need and a machine may lack. What is there decides what can be read, so a run asks."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
)


def soffice() -> str | None:
    """Where LibreOffice's program is, or None."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def present() -> tuple[str, ...]:
    """Which of the optional tools are there."""
    found = {"ocr": find_spec("rapidocr"), "office": soffice()}
    return tuple(name for name, where in found.items() if where)
