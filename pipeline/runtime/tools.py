"""Optional programs that some file formats need. They decide which reports can be read, so a plan depends on them."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

_USUAL_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
)


def soffice() -> str | None:
    """Return the path of LibreOffice's program, or None."""
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    return on_path or next((place for place in _USUAL_PLACES if Path(place).is_file()), None)


def installed_tools() -> tuple[str, ...]:
    """Return the names of the optional tools that this machine has."""
    tools = {"ocr": find_spec("rapidocr"), "office": soffice()}
    return tuple(name for name, place in tools.items() if place)
