"""Group placed characters into lines of text, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from statistics import median

from pipeline.read.layout.page import Char, Line

# In multiples of the type size.
MAX_BASE_DIFFERENCE = 0.45  # between the base lines of characters in one line
MAX_ASCII_GAP, MAX_WIDE_GAP = 0.3, 1.0  # between ASCII characters and between others; a larger gap is a space
MAX_BOLD_SHIFT = 0.2  # between the two prints of a character in fake bold type
_PAGE_NUMBER = re.compile(r"^(?:第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}|\d{1,4})$")
MAX_PAGE_MARK_CHARS = 10
_DECORATION = re.compile(r"[\s\-－—–―─·•一~_=.,、:|]+")
DASHED_PAGE_NUMBER = re.compile(r"^[-－—–―─·•]+\s*\d{1,4}\s*[-－—–―─·•]+$")


def group_into_lines(chars: Iterable[Char]) -> list[list[Char]]:
    """Return the characters by line, from top to bottom and left to right, without the doubles of fake bold type."""
    lines: list[list[Char]] = []
    for char in sorted(chars, key=lambda c: (c.base, c.x0)):
        size = max(char.size, lines[-1][0].size) if lines else 0.0
        if lines and char.base - lines[-1][0].base <= MAX_BASE_DIFFERENCE * size:
            lines[-1].append(char)
        else:
            lines.append([char])
    return [_remove_bold_doubles(sorted(line, key=lambda c: c.x0)) for line in lines]


def _remove_bold_doubles(line: list[Char]) -> list[Char]:
    """Return the line without the second copies that fake bold type prints over the first."""
    unique_chars: list[Char] = []
    for char in line:
        if not (
            unique_chars
            and char.text == unique_chars[-1].text
            and char.x0 - unique_chars[-1].x0 < MAX_BOLD_SHIFT * char.size
        ):
            unique_chars.append(char)
    return unique_chars


def join_chars(line: Sequence[Char]) -> str:
    """Return the text of a line. Chinese needs no spaces: only Latin words, numbers and wide gaps get one."""
    parts: list[str] = []
    for i, char in enumerate(line):
        if i:
            gap = (char.x0 - line[i - 1].x1) / max(char.size, 1e-6)
            is_ascii = char.text.isascii() and line[i - 1].text.isascii()
            parts.append(" " if gap > (MAX_ASCII_GAP if is_ascii else MAX_WIDE_GAP) else "")
        parts.append(char.text)
    return "".join(parts)


def make_line(chars: Sequence[Char]) -> Line:
    """Return the characters of one line as a line of prose."""
    base, size = median(c.base for c in chars), median(c.size for c in chars)
    return Line(join_chars(chars), chars[0].x0, chars[-1].x1, base, size)


def join_texts(texts: Iterable[str]) -> str:
    """Return the lines of one paragraph or label as one text, with a space only between Latin words."""
    joined_text = ""
    for text in texts:
        last, first = joined_text[-1:], text[:1]
        needs_space = last.isascii() and last.isalpha() and first.isascii() and first.isalpha()
        joined_text += (" " if needs_space else "") + text
    return joined_text


def is_page_mark(text: str) -> bool:
    """Return whether a line at a page's edge is only a page number, perhaps between dashes or misread dashes."""
    has_only_digits = _DECORATION.sub("", text).isdigit() and len(text) <= MAX_PAGE_MARK_CHARS
    return bool(_PAGE_NUMBER.match(text.strip())) or has_only_digits
