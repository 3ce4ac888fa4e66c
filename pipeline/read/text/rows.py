"""Lines of ragged text taken apart: texts, then figures, with the places where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.read.text.lines import Line, is_sentence, value

LONGEST_LABEL = 60
_WIDE = re.compile(r" *[\u3000\t][\s\u3000]*| {2,}")
_NUMBER_WITHIN = re.compile(r" (?=(?:[（(][一二三四五六七八九十][）)]|\d{1,2}[.、．](?!\d)))")


class Piece(NamedTuple):
    """A text of a line and where it stands, in characters."""

    text: str
    start: int
    end: int


@dataclass
class Row:
    """A line taken apart. `wide`: spaces show its columns; `near`: no blank line above; `head`: it names columns.

    `label` names its figures; `alone` are labels that begin on it and name no figures.
    """

    texts: list[Piece]
    figures: list[Piece]
    page: int
    wide: bool
    near: bool = True
    head: bool = False
    label: str = ""
    alone: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """The texts, split at single spaces too where these are all that parts them."""
        return [w for p in self.texts for w in ([p.text] if self.wide else p.text.split(" "))]


def take_apart(line: Line, near: bool = True) -> Row:
    """A line's texts and the figures at its end."""
    pieces = list(_pieces(line.text))
    at = len(pieces)
    while at and value(pieces[at - 1].text):
        at -= 1
    return Row(pieces[:at], pieces[at:], line.page, bool(_WIDE.search(line.text.strip())), near)


def rows_of(lines: Sequence[Line]) -> list[Row]:
    """The rows of a run of lines, with what stands over columns marked as heads."""
    rows = [take_apart(x, not (i and lines[i - 1].blank)) for i, x in enumerate(lines) if not x.blank]
    following: Row | None = None
    for row in reversed(rows):
        if row.figures:
            following = row
        elif following is not None:
            row.head = _is_head(row, following)
    return rows


def has_figures(line: Line) -> bool:
    """Whether a line is a row of a table: a short text and figures, or several figures; not prose."""
    row = take_apart(line)
    if not row.figures or is_sentence(line.text) or sum(len(p.text) for p in row.texts) > LONGEST_LABEL:
        return False
    return len(row.figures) > 1 or (bool(row.texts) and row.wide)


def _is_head(row: Row, following: Row) -> bool:
    """Whether some text reaches over the next figures; without columns, whether there is a word for each of them."""
    if row.wide or following.wide:
        return any(p.end > following.figures[0].start for p in row.texts)
    return len(row.words) == len(following.figures) + 1


def _pieces(text: str) -> Iterator[Piece]:
    at = 0
    for gap in [*_WIDE.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if text[at:end].strip():
            yield from _split(text[at:end], at)
        at = gap.end() if gap else end


def _split(text: str, at: int) -> Iterator[Piece]:
    """One text, but for figures at its end with single spaces between, and for a label after another one."""
    words = text.split(" ")
    count = next((i for i, word in enumerate(reversed(words)) if not value(word)), len(words))
    head = " ".join(words[: len(words) - count])
    parts = [*(_NUMBER_WITHIN.split(head) if head else ()), *words[len(words) - count :]]
    for part in parts:
        if part:
            yield Piece(part.strip(), at, at + len(part))
        at += len(part) + 1
