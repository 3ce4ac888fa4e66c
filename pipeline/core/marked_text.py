"""Build a text from pieces with formatting, and collapse its white space without losing the place of the formatting."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pipeline.core.model import Mark, MarkKind

BREAK = "\n"
_SPACE = re.compile(r"\s+")


@dataclass
class MarkedText:
    """A text that grows by pieces; `kinds` of a piece become marks. Newlines in it are breaks that the writer made."""

    pieces: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, kinds: Iterable[MarkKind] = ()) -> None:
        """Add a piece of text with the kinds of its formatting."""
        end = self.length + len(text)
        self.marks += [Mark(kind, self.length, end) for kind in kinds]
        self.pieces.append(text)
        self.length = end

    def append(self, other: MarkedText) -> None:
        """Add another text with its marks."""
        self.marks += [replace(m, start=m.start + self.length, end=m.end + self.length) for m in other.marks]
        self.pieces += other.pieces
        self.length += other.length

    def collapse(self) -> tuple[str, tuple[Mark, ...]]:
        """Return the text with its white space collapsed, and the marks with their new places."""
        return collapse("".join(self.pieces), self.marks)


def collapse(text: str, marks: Iterable[Mark]) -> tuple[str, tuple[Mark, ...]]:
    """Return the text without white space at its ends, each other run of it as one newline or space, and the marks."""
    moved_marks = tuple(marks)
    if not moved_marks or not _SPACE.search(text):
        return (text, moved_marks) if moved_marks else (_collapse_plain(text), ())
    edits = [(m.start(), m.end(), _shorten(m, len(text))) for m in _SPACE.finditer(text)]
    return edit_text(text, moved_marks, edits)


def _collapse_plain(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split(BREAK))
    return BREAK.join(line for line in lines if line)


def _shorten(space: re.Match[str], length: int) -> str:
    """Return what replaces a run of white space in a text of this length."""
    if space.start() == 0 or space.end() == length:
        return ""
    return BREAK if BREAK in space.group() else " "


def edit_text(text: str, marks: Iterable[Mark], edits: Iterable[tuple[int, int, str]]) -> tuple[str, tuple[Mark, ...]]:
    """Return the text with parts replaced, and its marks; `edits` are (start, end, replacement) in ascending order."""
    parts: list[str] = []
    places: list[int] = []  # new place of each old place
    at, length = 0, 0
    for start, end, replacement in edits:
        places += range(length, length + start - at)
        parts += [text[at:start], replacement]
        length += start - at
        places += [min(length + i, length + len(replacement)) for i in range(end - start)]
        length += len(replacement)
        at = end
    places += range(length, length + len(text) - at + 1)
    parts.append(text[at:])
    return "".join(parts), tuple(replace(m, start=places[m.start], end=places[m.end]) for m in marks)
