"""Split a text into lines with their pages, without page marks, and join wrapped lines of prose into paragraphs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.core.model import Paragraph
from pipeline.core.text import header_unit, is_value
from pipeline.core.units import MONEY

# 「- 4 -」「— 4 —」「第 4 页 共 6 页」. A bare number is a page number only if every page ends with the next one.
_PAGE_MARK = re.compile(r"[-—–－]+\s*\d{1,4}\s*[-—–－]+|第\s*\d{1,4}\s*页(?:[\s/,，]*共\s*\d{1,4}\s*页)?")
_BARE_NUMBER = re.compile(r"\d{1,4}")
_LINE_END = re.compile(r"\r\n|\r|\n|\v|\x85|\u2028|\u2029")
_LIST_NUMBER = re.compile(
    r"\s*(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[）)]|\d{1,2}[.、．](?!\d))"
)
# The name of a document: a first line with it is the title, and no line of a paragraph.
_NAME_OF_DOCUMENT = re.compile(
    r"[^，。；：,;:]*(?:报告|年报|通报|通告|公告|公示|情况|报表|统计表)(?:[（(][^（()）]*[）)])?"
)
_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+")
_COLUMN_GAP = re.compile(r" {2,}")
MIN_MEASURED_CHARS = 10  # a shorter line does not show the margin of a text
# Display columns.
MAX_SHORTFALL = 6  # from the end of a wrapped line to the margin
MAX_MARGIN = 110  # a text with a wider margin is not wrapped


@dataclass(frozen=True)
class Line:
    """A line and its page (from 1). `is_after_break` is true if a page ended between it and the line before."""

    text: str
    page: int = 1
    is_after_break: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether the line holds only spaces."""
        return not self.text.strip()


def split_lines(decoded_text: str) -> list[Line]:
    """Return the lines of a text without page marks.

    `is_after_break` is true from a page mark or form feed to the next line with text.
    """
    pages = [_LINE_END.split(page) for page in decoded_text.replace("\ufeff", "").split("\f")]
    if _is_page_numbering([_find_last_text(page) for page in pages if any(line.strip() for line in page)]):
        pages = [_remove_last_text(page) for page in pages]
    lines: list[Line] = []
    is_after_break = False
    for number, page in enumerate(pages, start=1):
        is_after_break = is_after_break or number > 1
        for text in page:
            if _PAGE_MARK.fullmatch(text.strip()):
                is_after_break = True
                continue
            lines.append(Line(text, number, is_after_break))
            is_after_break = is_after_break and not text.strip()
    return lines


def _find_last_text(page: Sequence[str]) -> str:
    """Return the last line of a page that is not blank, or ''."""
    return next((line.strip() for line in reversed(page) if line.strip()), "")


def _is_page_numbering(texts: Sequence[str]) -> bool:
    """Return whether the last texts of the pages are bare numbers that count up by one."""
    numbers = [int(text) for text in texts if _BARE_NUMBER.fullmatch(text)]
    return len(texts) > 1 and len(numbers) == len(texts) and all(b - a == 1 for a, b in pairwise(numbers))


def _remove_last_text(page: Sequence[str]) -> list[str]:
    """Return the lines of a page without the last one that is not blank."""
    at = max((i for i, line in enumerate(page) if line.strip()), default=-1)
    return [*page[:at], *page[at + 1 :]] if at >= 0 else list(page)


def has_list_number(text: str) -> bool:
    """Return whether a text begins with a list number, as labels and headings do."""
    return bool(_LIST_NUMBER.match(text))


def is_sentence(text: str) -> bool:
    """Return whether a line is prose; no label has a full stop or a semicolon."""
    return "。" in text or "；" in text


def count_display_columns(text: str) -> int:
    """Return the width of a text in display columns; an ideograph takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def has_other_money_unit(heads: Sequence[str]) -> bool:
    """Return whether one of the heads names a money unit other than the statutory 万元.

    If the columns of the heads are unknown, the unit of every amount below them is then in doubt.
    """
    return any(header_unit(head) in MONEY and header_unit(head) != "万元" for head in heads)


def is_single_value(text: str) -> bool:
    """Return whether a text is one number or one mark for "none"."""
    return is_value(text) and len(text.split()) == 1


def group_paragraphs(lines: Sequence[Line]) -> list[list[int]]:
    """Return the line numbers of each paragraph; a line that reaches the margin continues on the next line.

    The title does not, also where it is as wide as the few lines below it.
    """
    margin = _measure_margin(lines)
    first = next((i for i, line in enumerate(lines) if not line.is_blank), -1)
    title = first if first >= 0 and _NAME_OF_DOCUMENT.fullmatch(lines[first].text.strip()) else -1
    paragraphs: list[list[int]] = []
    is_open = False
    for i, line in enumerate(lines):
        if line.is_blank:
            # A page may end within a paragraph: the blank lines around its mark do not end the paragraph.
            is_open = is_open and (line.is_after_break or _has_break_before_next(lines, i))
        elif is_open and _is_full(lines[paragraphs[-1][-1]], margin) and not line.text.startswith((" ", "\u3000")):
            paragraphs[-1].append(i)
        else:
            paragraphs.append([i])
            is_open = i != title
    return paragraphs


def read_paragraphs(lines: Sequence[Line]) -> Iterator[Paragraph]:
    """Yield the paragraphs of a run of lines, without Markdown's marks for headings and bold type."""
    for numbers in group_paragraphs(lines):
        text = _MARKDOWN_HEADING.sub("", "".join(lines[i].text.strip() for i in numbers), count=1).strip("*")
        if text.strip():
            yield Paragraph(text, lines[numbers[0]].page)


def flag_prose(lines: Sequence[Line]) -> list[bool]:
    """Return for each line whether it belongs to a paragraph with a full sentence."""
    flags = [False] * len(lines)
    for numbers in group_paragraphs(lines):
        has_sentence = any(is_sentence(lines[i].text) for i in numbers)
        for i in numbers:
            flags[i] = has_sentence
    return flags


def _has_break_before_next(lines: Sequence[Line], at: int) -> bool:
    """Return whether a page ends before the next line that is not blank."""
    next_line = next((line for line in lines[at:] if not line.is_blank), None)
    return next_line is not None and next_line.is_after_break


def _measure_margin(lines: Sequence[Line]) -> int:
    """Return the usual width of the lines in display columns, which a third of them reach or exceed.

    Digits and punctuation make the lines of a wrapped text differ a little.
    """
    widths = sorted(
        count_display_columns(line.text)
        for line in lines
        if len(line.text.strip()) > MIN_MEASURED_CHARS and not _COLUMN_GAP.search(line.text.strip())
    )
    return widths[len(widths) * 2 // 3] if widths else 0


def _is_full(line: Line, margin: int) -> bool:
    return margin <= MAX_MARGIN and count_display_columns(line.text) >= margin - MAX_SHORTFALL
