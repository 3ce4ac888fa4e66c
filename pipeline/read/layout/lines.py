"""Characters to lines and texts, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from statistics import median

from pipeline.read.layout.page import Char, Line

# In sizes of the type: base lines this near are one line, a gap this wide is a space, so near a twin is fake bold.
LEVEL, SPACE, WIDE, TWIN = 0.45, 0.3, 1.0, 0.2
PAGE_MARK = re.compile(r"^(?:第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}|\d{1,4})$")
LONGEST_MARK = 10
_SIGNS = re.compile(r"[\s\-－—–―─·•一~_=.,、:|]+")
DASHED_MARK = re.compile(r"^[-－—–―─·•]+\s*\d{1,4}\s*[-－—–―─·•]+$")


def rows(chars: Iterable[Char]) -> list[list[Char]]:
    """The characters line by line from top to bottom, each line from left to right, doubled ones once."""
    found: list[list[Char]] = []
    for char in sorted(chars, key=lambda c: (c.base, c.x0)):
        if found and char.base - found[-1][0].base <= LEVEL * max(char.size, found[-1][0].size):
            found[-1].append(char)
        else:
            found.append([char])
    return [_single(sorted(row, key=lambda c: c.x0)) for row in found]


def _single(row: list[Char]) -> list[Char]:
    """The row without the second copies that fake bold type prints over the first."""
    kept: list[Char] = []
    for char in row:
        if not (kept and char.text == kept[-1].text and char.x0 - kept[-1].x0 < TWIN * char.size):
            kept.append(char)
    return kept


def text_of(row: Sequence[Char]) -> str:
    """The text of a line. Chinese needs no spaces: they are kept between Latin words, numbers, and wide gaps."""
    parts: list[str] = []
    for i, char in enumerate(row):
        if i:
            gap = (char.x0 - row[i - 1].x1) / max(char.size, 1e-6)
            plain = char.text.isascii() and row[i - 1].text.isascii()
            parts.append(" " if gap > (SPACE if plain else WIDE) else "")
        parts.append(char.text)
    return "".join(parts)


def line_of(row: Sequence[Char]) -> Line:
    """A row of characters as a line of prose."""
    return Line(text_of(row), row[0].x0, row[-1].x1, median(c.base for c in row), median(c.size for c in row))


def joined(texts: Iterable[str]) -> str:
    """Lines of one paragraph or label as one text; a space only between Latin words."""
    whole = ""
    for text in texts:
        apart = whole[-1:].isascii() and whole[-1:].isalpha() and text[:1].isascii() and text[:1].isalpha()
        whole += (" " if apart else "") + text
    return whole


def is_page_mark(text: str) -> bool:
    """Whether a line at a page's edge is nothing but a page number, be it between dashes or what OCR takes for them."""
    return bool(PAGE_MARK.match(text.strip())) or bool(_SIGNS.sub("", text).isdigit() and len(text) <= LONGEST_MARK)
