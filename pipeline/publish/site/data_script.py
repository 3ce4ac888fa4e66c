"""Data as classic scripts, because a page opened from a folder may load a script, but may not fetch a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

# Nothing in the data may end a script, begin a comment or break a line of the script.
ESCAPED = "<>&\u2028\u2029"


def js_literal(value: Any) -> str:
    """Return a value as JSON that is also valid JavaScript anywhere in a page. Raises ValueError for NaN."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in ESCAPED:  # `translate` takes twenty times as long
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def write_data_script(folder: Path, name: str, value: Any) -> None:
    """Write `data/<name>.js`, which passes the value to the page under its name."""
    script = f"ogi.load({js_literal(name)},{js_literal(value)});\n"
    (folder / "data" / f"{name}.js").write_text(script, encoding="utf-8", newline="\n")
