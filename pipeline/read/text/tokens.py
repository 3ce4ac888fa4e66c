"""The cells of a table that came apart into one cell a line: between bars, or told by the gaps between lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.read.text.lines import Line, numbered, value
from pipeline.read.text.pipes import is_bar

GAP = 0.6  # how sure a row is with a gap that was taken for a blank


@dataclass(frozen=True)
class Token:
    """A cell of the stack; `lost` says that the gap before it fits no number of blank cells."""

    text: str
    page: int
    sure: float = 1.0
    lost: bool = False

    @property
    def label(self) -> bool:
        """Whether it is a text; figures, marks for none and blanks are not."""
        return bool(self.text) and not value(self.text)


def between_bars(lines: Sequence[Line]) -> Iterator[Token]:
    """Cells between bars. Two bars on consecutive lines may end a row where blank cells look otherwise."""
    found = list(_barred(lines))
    ends = _ends(found)
    for token, bare in found:
        yield Token("", token.page, lost=True) if not token.text and bare is ends else token


def _barred(lines: Sequence[Line]) -> Iterator[tuple[Token, bool]]:
    """Each cell, and whether there is not even a blank line between its bars."""
    parts: list[Line] = []
    bare = True
    for line in lines:
        if is_bar(line):
            yield Token("".join(p.text.strip() for p in parts), parts[0].page if parts else line.page), bare
            parts, bare = [], True
            continue
        bare = False
        if not line.blank:
            if parts and (value(parts[-1].text) or value(line.text)):
                yield Token(parts[0].text.strip(), parts[0].page), bare
                parts = []
            parts.append(line)
    if parts:
        yield Token("".join(p.text.strip() for p in parts), parts[0].page), bare


def _ends(found: Sequence[tuple[Token, bool]]) -> bool | None:
    """Which empty cells are ends of rows: those without (True) or with (False) a blank line between their bars, by
    what usually stands between a figure and the next label; None where all look the same.
    """
    empty = {bare for token, bare in found if not token.text}
    after = Counter(
        bare
        for (a, _), (token, bare), (b, _) in zip(found, found[1:], found[2:], strict=False)
        if not token.text and value(a.text) and b.label
    )
    return after.most_common(1)[0][0] if len(empty) == 2 and after else None


def by_gaps(lines: Sequence[Line]) -> Iterator[Token]:
    """Cells and the blanks that longer gaps stand for, by the gaps that are usual between two figures and so on."""
    steps = list(_steps(lines))
    usual = {kind: mode(gap for k, gap, cut, _ in steps if k == kind and not cut) for kind in ("ff", "ft", "tf")}
    between = usual["ff"]
    parts: list[Line] = []
    for kind, gap, cut, line in steps:
        if kind == "tt" and gap < between and not cut and parts and not numbered(line.text):
            parts.append(line)
            continue
        yield from _token(parts)
        parts = [line]
        extra = 0 if cut or kind in ("tt", "") else gap - usual[kind]
        blanks, rest = divmod(max(extra, 0), between + 1)
        yield from [Token("", line.page, GAP)] * blanks
        if kind == "ff" and (rest or extra < 0):
            yield Token("", line.page, lost=True)
    yield from _token(parts)


def _steps(lines: Sequence[Line]) -> Iterator[tuple[str, int, bool, Line]]:
    """(from text or figure to text or figure, blank lines between, whether a page ended there, line)."""
    last, gap, cut = "", 0, False
    for line in lines:
        cut = cut or line.after_break
        if line.blank:
            gap += 1
            continue
        now = "f" if value(line.text) else "t"
        yield (last + now if last else ""), gap, cut, line
        last, gap, cut = now, 0, False


def _token(parts: Sequence[Line]) -> Iterator[Token]:
    if parts:
        yield Token("".join(p.text.strip() for p in parts), parts[0].page)


def mode(gaps: Iterable[int]) -> int:
    """The most frequent number, the smaller of equals; 0 of none."""
    found = Counter(gaps)
    return max(sorted(found), key=lambda g: found[g]) if found else 0
