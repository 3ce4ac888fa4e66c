"""CSV files for programs: fields by RFC 4180, UTF-8, lines that end in LF."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

QUOTED_CHARACTERS = re.compile('[,"\r\n]')


def csv_text(value: Any) -> str:
    """Return a value as the text of a field: empty for null, plain digits for a number, a JSON array for a list."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file. A field with a comma, quote or line break is quoted (RFC 4180, section 2).

    The module `csv` is not used, because it leaves a carriage return unquoted if lines end in LF.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in chain([header], rows):
            file.write(_line(row))


def _line(fields: Sequence[str]) -> str:
    """Return the fields as one line, quoted where needed."""
    quoted = ('"' + f.replace('"', '""') + '"' if QUOTED_CHARACTERS.search(f) else f for f in fields)
    return ",".join(quoted) + "\n"
