"""Split the lines of an aligned table into labels and values, with their offsets in the line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.read.text.lines import Line, is_sentence, is_single_value

MAX_LABEL_CHARS = 60
_WIDE_GAP = re.compile(r" *[\u3000\t][\s\u3000]*| {2,}")
_LABEL_START = re.compile(r" (?=(?:[（(][一二三四五六七八九十][）)]|\d{1,2}[.、．](?!\d)))")


class Piece(NamedTuple):
    """A text of a line and its offsets in characters."""

    text: str
    start: int
    end: int


@dataclass
class Row:
    """A line split into texts and the values at its end.

    `has_wide_gaps` is true if runs of spaces show its columns. `follows_directly` is true if no blank line is above it.
    `is_head` is true if it names columns. `label` names its values. `other_labels` begin on this line and name no
    values.
    """

    texts: list[Piece]
    values: list[Piece]
    page: int
    has_wide_gaps: bool
    follows_directly: bool = True
    is_head: bool = False
    label: str = ""
    other_labels: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """The texts, also split at single spaces if nothing wider separates them."""
        return [w for piece in self.texts for w in ([piece.text] if self.has_wide_gaps else piece.text.split(" "))]


def split_row(line: Line, follows_directly: bool = True) -> Row:
    """Return a line's texts and the values at its end as a row."""
    pieces = list(_split_pieces(line.text))
    first_value = len(pieces)
    while first_value and is_single_value(pieces[first_value - 1].text):
        first_value -= 1
    has_wide_gaps = bool(_WIDE_GAP.search(line.text.strip()))
    return Row(pieces[:first_value], pieces[first_value:], line.page, has_wide_gaps, follows_directly)


def split_rows(lines: Sequence[Line]) -> list[Row]:
    """Return the rows of a run of lines, with the heads of columns marked; blank lines are dropped."""
    rows = [split_row(x, not (i and lines[i - 1].is_blank)) for i, x in enumerate(lines) if not x.is_blank]
    value_row: Row | None = None
    for row in reversed(rows):
        if row.values:
            value_row = row
        elif value_row is not None:
            row.is_head = _is_head(row, value_row)
    return rows


def is_table_row(line: Line) -> bool:
    """Return whether a line is a row of a table and not prose: it has a short text and a value, or several values."""
    row = split_row(line)
    text_chars = sum(len(piece.text) for piece in row.texts)
    if not row.values or is_sentence(line.text) or text_chars > MAX_LABEL_CHARS:
        return False
    return len(row.values) > 1 or (bool(row.texts) and row.has_wide_gaps)


def _is_head(row: Row, value_row: Row) -> bool:
    """Return whether a row names the columns of the next row with values.

    With wide gaps, one of its texts must extend over the values. Without them, it must have a word for the label and
    one for each value.
    """
    if row.has_wide_gaps or value_row.has_wide_gaps:
        return any(piece.end > value_row.values[0].start for piece in row.texts)
    return len(row.words) == len(value_row.values) + 1


def _split_pieces(text: str) -> Iterator[Piece]:
    """Yield the texts between wide gaps, each split further where it holds several texts."""
    at = 0
    for gap in [*_WIDE_GAP.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if text[at:end].strip():
            yield from _split_text(text[at:end], at)
        at = gap.end() if gap else end


def _split_text(text: str, at: int) -> Iterator[Piece]:
    """Yield a text that begins at offset `at`, split before numbered labels, and each value at its end."""
    words = text.split(" ")
    value_count = next((i for i, word in enumerate(reversed(words)) if not is_single_value(word)), len(words))
    head = " ".join(words[: len(words) - value_count])
    parts = [*(_LABEL_START.split(head) if head else ()), *words[len(words) - value_count :]]
    for part in parts:
        if part:
            yield Piece(part.strip(), at, at + len(part))
        at += len(part) + 1
