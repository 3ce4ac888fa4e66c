"""Group placed characters into lines of text, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from pipeline.core.marked_text import MarkedText
from pipeline.read.layout.page import Char, Line

# In multiples of the type size.
MAX_BASE_DIFFERENCE = 0.45  # between the base lines of characters in one line
MAX_ASCII_GAP, MAX_WIDE_GAP = 0.3, 1.0  # between ASCII characters and between others; a larger gap is a space
MAX_DIGIT_GAP = 0.15  # between two digits of one number
MIN_RAISE, MAX_RAISE = 0.15, 0.75  # of a note mark above its line
MIN_NOTE_SIZE, MAX_NOTE_SIZE = 0.35, 0.86  # of a note mark's type
MAX_OVERPRINT = 0.5  # between the left edges of two digits over each other, in widths
MAX_BOLD_SHIFT = 0.2  # between the two prints of a character in fake bold type
_PAGE_NUMBER = re.compile(r"^(?:第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}|\d{1,4})$")
MAX_PAGE_MARK_CHARS = 10
_NOTE = re.compile(r"[\w*＊†‡#\[\]()（）〔〕【】](?<![\u3400-\u9fff])")  # characters of note marks
_DECORATION = re.compile(r"[\s\-－—–―─·•一~_=.,、:|]+")
DASHED_PAGE_NUMBER = re.compile(r"^[-－—–―─·•]+\s*\d{1,4}\s*[-－—–―─·•]+$")


def group_into_lines(chars: Iterable[Char]) -> list[list[Char]]:
    """Return the characters by line, from top to bottom and left to right, without the doubles of fake bold type."""
    lines: list[list[Char]] = []
    for char in sorted(chars, key=lambda c: (c.base, c.x0)):
        if lines and char.base - lines[-1][0].base <= _find_reach(lines[-1][0], char):
            lines[-1].append(char)
        else:
            lines.append([char])
    return [_finish_line(line) for line in lines]


def _finish_line(line: list[Char]) -> list[Char]:
    """Return a line from left to right, without doubles, and with marks of notes and of numbers printed over others."""
    ordered_line = _mark_raised(_remove_bold_doubles(sorted(line, key=lambda c: c.x0)))
    overprinted = {
        i + k for i, (left, right) in enumerate(pairwise(ordered_line)) for k in (0, 1) if _is_overprinted(left, right)
    }
    if not overprinted:
        return ordered_line
    return [c._replace(kinds=c.kinds | {"unsure"}) if i in overprinted else c for i, c in enumerate(ordered_line)]


def _is_overprinted(left: Char, right: Char) -> bool:
    """Return whether two seen digits share most of their place, as two numbers printed over each other do."""
    if not (left.text.isdigit() and right.text.isdigit()) or "hidden" in left.kinds | right.kinds:
        return False
    return right.x0 - left.x0 < MAX_OVERPRINT * (left.x1 - left.x0)


def _find_reach(first: Char, char: Char) -> float:
    """Return the largest distance from the first base line to another of the same line; a small mark may be raised."""
    size = max(char.size, first.size)
    is_note = MIN_NOTE_SIZE * char.size < first.size < MAX_NOTE_SIZE * char.size and bool(_NOTE.match(first.text))
    return (MAX_RAISE if is_note else MAX_BASE_DIFFERENCE) * size


def _mark_raised(line: list[Char]) -> list[Char]:
    """Return the line, its note marks above or below the base line of the other characters marked."""
    base, size = line[0].base, line[0].size
    if all(c.base == base and c.size == size for c in line) or not any(_NOTE.match(c.text) for c in line):
        return line
    size = max(c.size for c in line)
    large_chars = [c for c in line if c.size > MAX_NOTE_SIZE * size]
    if not all(_NOTE.match(c.text) and c.size > MIN_NOTE_SIZE * size for c in line if c.size <= MAX_NOTE_SIZE * size):
        return line
    base = median(c.base for c in large_chars)
    return [_mark_shift(c, (base - c.base) / max(size, 1e-6), c.size < MAX_NOTE_SIZE * size) for c in line]


def _mark_shift(char: Char, shift: float, is_small: bool) -> Char:
    """Return a character, marked if it is `shift` type sizes above or below its line; a small one needs less."""
    if abs(shift) < (MIN_RAISE if is_small else 2 * MIN_RAISE) or not _NOTE.match(char.text):
        return char
    return char._replace(kinds=char.kinds | {"raised" if shift > 0 else "lowered"})


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
    return "".join(_iterate_pieces(line))


def mark_line(line: Sequence[Char]) -> MarkedText:
    """Return the text of a line with its formatting."""
    marked_text = MarkedText()
    for piece, char in zip(_iterate_pieces(line), line, strict=True):
        if len(piece) > 1:
            marked_text.add(" ")
        marked_text.add(char.text, char.kinds)
    return marked_text


def _iterate_pieces(line: Sequence[Char]) -> Iterator[str]:
    """Yield each character, with a space in front where a gap separates it from the one before."""
    for i, char in enumerate(line):
        yield (" " if i and _is_gap(line[i - 1], char) else "") + char.text


def _is_gap(left: Char, right: Char) -> bool:
    gap = (right.x0 - left.x1) / max(right.size, 1e-6)
    if left.text.isdigit() and right.text.isdigit():
        return gap > MAX_DIGIT_GAP
    is_ascii = right.text.isascii() and left.text.isascii()
    return gap > (MAX_ASCII_GAP if is_ascii else MAX_WIDE_GAP)


def make_line(chars: Sequence[Char]) -> Line:
    """Return the characters of one line as a line of prose."""
    base, size = median(c.base for c in chars), median(c.size for c in chars)
    marks = tuple(mark_line(chars).marks) if any(c.kinds for c in chars) else ()
    return Line(join_chars(chars), chars[0].x0, chars[-1].x1, base, size, marks)


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
