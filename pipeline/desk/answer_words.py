"""The headings and values of an answer of a query in the clerk's words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pipeline.core.messages import message_lines, say
from pipeline.core.sentences import number
from pipeline.storage.dictionary import chinese_headings

CODES = ("code", "site.level")  # whose messages are the words for codes in tables
HEADING = "column."  # begins the codes of the headings that only queries have


def headings(lang: str) -> Mapping[str, str]:
    """Return the headings of columns in a language; English ones are the names themselves."""
    if lang != "zh":
        return {}
    own = [code for code in message_lines() if code.startswith(HEADING)]
    return {code.removeprefix(HEADING): say(code, lang) for code in own} | dict(chinese_headings())


def show_value(value: Any) -> str:
    """Return a value as text: numbers with separators, but not years."""
    if value is None:
        return ""
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return number(value) if is_number and not (isinstance(value, int) and 1900 < value < 2100) else str(value)


def show_in(lang: str, value: Any) -> str:
    """Return a value of a table; the codes of levels, states and grades, truth values and lists as words."""
    if isinstance(value, list):
        return say("cells.next", lang).join(show_in(lang, one) for one in value)
    if isinstance(value, bool):
        return say(f"code.{value}".lower(), lang)
    if isinstance(value, str) and value.isascii():
        known = message_lines()
        return next((say(code, lang) for prefix in CODES if (code := f"{prefix}.{value}") in known), value)
    return show_value(value)
