"""Lines of a text as its readers see them: with their pages, without page marks; and prose put together again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.core.model import Paragraph
from pipeline.core.text import MONEY, header_unit, is_value

# 「- 4 -」「— 4 —」「第 4 页 共 6 页」; a bare number is a page number only where every page ends with the next one.
_MARK = re.compile(r"[-—–－]+\s*\d{1,4}\s*[-—–－]+|第\s*\d{1,4}\s*页(?:[\s/,，]*共\s*\d{1,4}\s*页)?")
_BARE = re.compile(r"\d{1,4}")
_SPLIT = re.compile(r"\r\n|\r|\n|\v|\x85|\u2028|\u2029")
_NUMBERED = re.compile(
    r"\s*(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[）)]|\d{1,2}[.、．](?!\d))"
)
_HEADING = re.compile(r"#{1,6}\s+")
_GAP = re.compile(r" {2,}")
SHORT, SLACK = 10, 6  # characters of a line too short to tell the margin; columns that lines stay behind it
WIDEST = 110  # display columns; a text whose lines are longer has one paragraph a line


@dataclass(frozen=True)
class Line:
    """A line, its page, and whether a page ended between it and the line before."""

    text: str
    page: int = 1
    after_break: bool = False

    @property
    def blank(self) -> bool:
        """Whether the line holds nothing but spaces."""
        return not self.text.strip()


def lines_of(decoded: str) -> list[Line]:
    """The lines, page marks taken out; what follows a mark or form feed is `after_break`."""
    pages = [_SPLIT.split(page) for page in decoded.replace("\ufeff", "").split("\f")]
    if _counts_up([_last(page) for page in pages if any(line.strip() for line in page)]):
        pages = [_without_last(page) for page in pages]
    lines: list[Line] = []
    broken = False
    for number, page in enumerate(pages, start=1):
        broken = broken or number > 1
        for text in page:
            if _MARK.fullmatch(text.strip()):
                broken = True
                continue
            lines.append(Line(text, number, broken))
            broken = broken and not text.strip()
    return lines


def _last(page: Sequence[str]) -> str:
    return next((line.strip() for line in reversed(page) if line.strip()), "")


def _counts_up(marks: Sequence[str]) -> bool:
    numbers = [int(m) for m in marks if _BARE.fullmatch(m)]
    return len(marks) > 1 and len(numbers) == len(marks) and all(b - a == 1 for a, b in pairwise(numbers))


def _without_last(page: Sequence[str]) -> list[str]:
    at = max((i for i, line in enumerate(page) if line.strip()), default=-1)
    return [*page[:at], *page[at + 1 :]] if at >= 0 else list(page)


def numbered(text: str) -> bool:
    """Whether a text opens with a number of a list, as labels and headings do."""
    return bool(_NUMBERED.match(text))


def is_sentence(text: str) -> bool:
    """Whether a line is prose; no label has a full stop."""
    return "。" in text or "；" in text


def width(text: str) -> int:
    """Display columns: an ideograph takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def doubtful_unit(texts: Sequence[str]) -> bool:
    """Whether heads that cannot be tied to their columns name a money unit other than the statutory 万元."""
    return any(header_unit(text) in MONEY and header_unit(text) != "万元" for text in texts)


def value(text: str) -> bool:
    """Whether a text is a number or a mark for none, and not several of them."""
    return is_value(text) and len(text.split()) == 1


def paragraphs(lines: Sequence[Line]) -> list[list[int]]:
    """The numbers of the lines of each paragraph; a line that runs to the margin goes on in the next one."""
    margin = _margin(lines)
    found: list[list[int]] = []
    open_ = False
    for i, line in enumerate(lines):
        if line.blank:
            # A page may end within a paragraph: the blank lines around its mark do not.
            open_ = open_ and (line.after_break or _breaks_next(lines, i))
        elif open_ and _reaches(lines[found[-1][-1]], margin) and not line.text.startswith((" ", "\u3000")):
            found[-1].append(i)
        else:
            found.append([i])
            open_ = True
    return found


def prose(lines: Sequence[Line]) -> Iterator[Paragraph]:
    """The paragraphs of a run of lines."""
    for numbers in paragraphs(lines):
        text = _HEADING.sub("", "".join(lines[i].text.strip() for i in numbers), count=1).strip("*")
        if text.strip():
            yield Paragraph(text, lines[numbers[0]].page)


def prose_lines(lines: Sequence[Line]) -> list[bool]:
    """For each line, whether it belongs to a paragraph with a full sentence."""
    flags = [False] * len(lines)
    for numbers in paragraphs(lines):
        sentence = any(is_sentence(lines[i].text) for i in numbers)
        for i in numbers:
            flags[i] = sentence
    return flags


def _breaks_next(lines: Sequence[Line], at: int) -> bool:
    following = next((line for line in lines[at:] if not line.blank), None)
    return following is not None and following.after_break


def _margin(lines: Sequence[Line]) -> int:
    """How wide the lines of a wrapped text usually are: digits and punctuation let them differ a little."""
    widths = sorted(
        width(line.text) for line in lines if len(line.text.strip()) > SHORT and not _GAP.search(line.text.strip())
    )
    return widths[len(widths) * 2 // 3] if widths else 0


def _reaches(line: Line, margin: int) -> bool:
    return margin <= WIDEST and width(line.text) >= margin - SLACK
