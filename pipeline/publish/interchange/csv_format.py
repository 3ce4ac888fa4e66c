"""CSV files for programs (RFC 4180, UTF-8, lines that end in LF), and for Excel."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.core.text import escape_formula

QUOTED_CHARACTERS = re.compile('[,"\r\n]')
BYTE_ORDER_MARK = "\ufeff"  # without it, Excel does not read a CSV file as UTF-8
# Texts that Excel would turn into a number, a date or a truth value: "411200", "1-2", "3月5日", "1e5", "5 May".
CONVERTED_TEXT = re.compile(
    r"\s*[-+(.$¥￥€£]*\d[-+\d\s.,:/%()eE年月日时分秒]*|true|false"
    r"|[\d\s,./-]*(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*[\d\s,./-]*",
    re.IGNORECASE,
)
MAX_EXCEL_DIGITS, MAX_FORMULA_TEXT_LENGTH = 15, 255


def csv_text(value: Any) -> str:
    """Return a value as the text of a field: empty for null, plain digits for a number, a JSON array for a list."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)


def excel_text(value: Any) -> str:
    """Return a value as the text of a field that Excel shows unchanged.

    A text that Excel would convert, such as a region code, becomes `="..."`. A text that would be a formula gets an
    apostrophe in front.
    """
    text = csv_text(value)
    is_number = isinstance(value, bool | int | float | Decimal)
    if is_number and len(text.strip("-").replace(".", "").strip("0")) <= MAX_EXCEL_DIGITS:
        return text
    if CONVERTED_TEXT.fullmatch(text) and len(text) <= MAX_FORMULA_TEXT_LENGTH:
        return f'="{text}"'
    return escape_formula(text)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], *, excel: bool = False) -> None:
    """Write a CSV file; for Excel with a byte order mark and lines that end in CR LF."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(header, rows, excel=excel))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[str]], *, excel: bool = False) -> Iterator[str]:
    """Yield the lines of a CSV file. A field with a comma, quote or line break is quoted (RFC 4180, section 2).

    The module `csv` is not used, because it leaves a carriage return unquoted if lines end in LF.
    """
    end = "\r\n" if excel else "\n"
    yield (BYTE_ORDER_MARK if excel else "") + _line(header) + end
    for row in rows:
        yield _line(row) + end


def _line(fields: Sequence[str]) -> str:
    """Return the fields as one line, quoted where needed."""
    return ",".join(map(quoted_field, fields))


def quoted_field(text: str) -> str:
    """Return a field of a line, in quotes if it has a comma, quote or line break."""
    return '"' + text.replace('"', '""') + '"' if QUOTED_CHARACTERS.search(text) else text
