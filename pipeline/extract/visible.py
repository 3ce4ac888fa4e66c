"""Decide what of a document counts as printed, the same for all formats.

Struck, hidden and deleted text is not read. A raised or lowered mark next to a digit is a note and no digit. A break or
a gap inside a number is a doubt. The readers only describe the formatting (`Mark`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from pipeline.core.marked_text import BREAK, edit_text
from pipeline.core.model import Document, Grid, GridCell, Mark, MarkKind, Paragraph, Severity
from pipeline.core.text import is_number, parse_cell

UNREAD_KINDS: frozenset[MarkKind] = frozenset({"struck", "hidden", "deleted"})
NOTE_KINDS: frozenset[MarkKind] = frozenset({"raised", "lowered"})
UNSURE_KINDS: frozenset[MarkKind] = frozenset({"symbol", "turned", "unsure"})
_MULTIPLES = {"百万": 10**6, "千": 10**3, "万": 10**4, "亿": 10**8}
SEVERAL = "；"  # stands for a break between two numbers; no number contains it

_RAISED_DIGITS = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089"
_CIRCLED = "\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf"
_NOTE_CHARS = re.compile(rf"[\d\s{_RAISED_DIGITS}{_CIRCLED}a-zA-Z*＊†‡#\[\]()（）〔〕【】,，、.注]+")
_NOTE_DIGITS = re.compile(rf"(?<=[\d%])[{_RAISED_DIGITS}{_CIRCLED}]+")
_TURNED = re.compile("\u202e[^\u202c\n]*")
_NUMERAL = "[\\d零〇一二两三四五六七八九十百千]"
_NUMBER_BREAK = re.compile(rf"(?<={_NUMERAL}){BREAK}(?=[+-]?{_NUMERAL})")
_POINT_BREAK = re.compile(rf"(?<=\d[.,．，]){BREAK}(?=\d)|(?<=\d){BREAK}(?=[.,．，]\d)")
_GAP = re.compile(r"\d\s\d")
_LONG_GAP = re.compile(r"(?<!\d)\d{3}\s\d")  # `1 234` is one number, `214 211` may be two
_ONLY_NUMBERS = re.compile(r"[+-]?\d[\d.,]*(?:\s+[+-]?\d[\d.,]*)+")
_SUSPECT = re.compile(rf"[{BREAK}{_RAISED_DIGITS}{_CIRCLED}\u202e]|\d\s\d")


class Doubt(NamedTuple):
    """A doubt about a text: the code of its finding, the text to quote, and whether the value may still be used."""

    code: str
    note: str
    keeps_value: bool

    @property
    def severity(self) -> Severity:
        """A doubt without a value is an error, because a number is missing."""
        return "warning" if self.keeps_value else "error"


class Place(NamedTuple):
    """A place in a document: the 0-based number of the grid, and the row and column in it."""

    grid: int
    row: int
    column: int


class SeenDocument(NamedTuple):
    """A document as a reader of the page sees it, without marks; `doubts` are those about the texts of its cells."""

    document: Document
    doubts: dict[Place, tuple[Doubt, ...]]


def see(document: Document) -> SeenDocument:
    """Return the document without what its page does not show, and the doubts about the rest.

    Example:
        >>> cell = GridCell("3526", 0, 0, marks=(Mark("struck", 0, 2),))
        >>> see(Document((Grid((cell,)),), "html", "html")).document.grids[0].cells[0].text
        '26'
    """
    blocks: list[Paragraph | Grid] = []
    doubts: dict[Place, tuple[Doubt, ...]] = {}
    title, grid_number = document.title, 0
    for block in document.blocks:
        if isinstance(block, Grid):
            blocks.append(_see_grid(block, grid_number, doubts))
            grid_number += 1
            continue
        paragraph = _see_paragraph(block)
        blocks += [paragraph] if paragraph.text else []
        if paragraph is not block and title:  # readers make the title from the first paragraphs
            title = title.replace(block.text.replace(BREAK, " "), paragraph.text)
    return SeenDocument(replace(document, blocks=tuple(blocks), title=title), doubts)


def _see_grid(grid: Grid, number: int, doubts: dict[Place, tuple[Doubt, ...]]) -> Grid:
    """Return the grid as seen, and add the doubts about its cells."""
    cells: list[GridCell] = []
    for cell in grid.cells:
        if not cell.marks and not _SUSPECT.search(cell.text):
            cells.append(cell)
            continue
        text, cell_doubts = see_cell(cell.text, cell.marks)
        cells.append(replace(cell, text=text, marks=()))
        if cell_doubts:
            doubts |= {Place(number, cell.row + i, cell.column): cell_doubts for i in range(cell.rowspan)}
    return replace(grid, cells=tuple(cells))


def _see_paragraph(paragraph: Paragraph) -> Paragraph:
    """Return the paragraph as seen. Breaks become spaces: a figure with a gap in its number is not used."""
    if not paragraph.marks and not _SUSPECT.search(paragraph.text):
        return paragraph
    text, marks, _ = _drop(paragraph.text, paragraph.marks, UNREAD_KINDS)
    text, _, _ = _drop_notes(text, marks)
    return replace(paragraph, text=" ".join(text.split()), marks=())


def see_cell(text: str, marks: Sequence[Mark]) -> tuple[str, tuple[Doubt, ...]]:
    """Return the text of a cell as seen, and the doubts about it."""
    text, marks, unread_text = _drop(text, marks, UNREAD_KINDS)
    full_text = text
    text, marks, notes = _drop_notes(text, marks)
    doubts = [Doubt("extract.unread", unread_text, keeps_value=True)] if re.search(r"\w", unread_text) else []
    if notes and not text.startswith(full_text[: len(text)]) and not text.endswith(full_text[-len(text) :]):
        doubts.append(Doubt("extract.unsure", full_text, keeps_value=False))  # a mark between the digits
    elif notes:
        doubts.append(Doubt("extract.note", notes, keeps_value=True))
    doubts += _find_unsure(text, marks)
    whole_text = _NUMBER_BREAK.sub(SEVERAL, _POINT_BREAK.sub("", text)).replace(BREAK, " ").strip()
    return whole_text, (*doubts, *_find_gaps(text, whole_text))


def _find_unsure(text: str, marks: Iterable[Mark]) -> list[Doubt]:
    """Return the doubts about characters whose look differs from their code, and about another shown text."""
    doubts = [
        _doubt_shown(text, mark.text) for mark in marks if mark.kind == "shown" and not _is_equal(text, mark.text)
    ]
    is_unsure = any(mark.kind in UNSURE_KINDS for mark in marks) or bool(_TURNED.search(text))
    is_blank_or_number = not text or bool(re.search(rf"[\d{_CIRCLED}]", text))
    if (is_unsure and is_blank_or_number) or re.fullmatch(rf"\s*[{_RAISED_DIGITS}{_CIRCLED}]+\s*", text):
        doubts.append(Doubt("extract.unsure", text, keeps_value=False))
    return doubts


def _doubt_shown(stored: str, shown: str) -> Doubt:
    """Return the doubt about a stored number that the page shows as another text, or only rounded."""
    is_rounded = _is_rounded(shown.replace(",", ""), stored)
    code = "extract.rounded" if is_rounded else "extract.shown"
    return Doubt(code, f"{shown or '—'} | {stored}", keeps_value=is_rounded)


def _is_equal(stored: str, shown: str) -> bool:
    """Return whether a shown text says the stored number: with a counter, in 千 or 万, in brackets, or a dash for 0.

    A money unit says more than the number, so the text is not equal.
    """
    value, _ = parse_cell(stored, "件")
    if value is None or re.search("[元¥￥$]", shown):
        return False
    text = re.sub(r"^[(（](.*)[)）]$", r"-\1", shown)
    multiple = next((unit for unit in _MULTIPLES if text.endswith(unit)), "")
    shown_value, kind = parse_cell(text.removesuffix(multiple), "件")
    if shown_value is None:
        return kind == "na" and value == 0
    return shown_value * _MULTIPLES.get(multiple, 1) == value


def _is_rounded(shown: str, stored: str) -> bool:
    """Return whether both texts are the same number up to the rounding to the shown digits after the point."""
    places = len(shown.partition(".")[2])
    try:
        return places > 0 and abs(Decimal(shown) - Decimal(stored)) <= Decimal(5).scaleb(-places - 1)
    except InvalidOperation:
        return False


def _find_gaps(text: str, whole_text: str) -> list[Doubt]:
    """Return the doubt about a number with a break or gap in it, if there is one."""
    quoted_text = text.replace(BREAK, " ⏎ ")
    is_one_number = is_number(whole_text) and not _LONG_GAP.search(whole_text)
    if _NUMBER_BREAK.search(text) or (_ONLY_NUMBERS.fullmatch(whole_text) and not is_one_number):
        return [Doubt("extract.several", quoted_text, keeps_value=False)]
    if _POINT_BREAK.search(text) or (_GAP.search(whole_text) and is_one_number):
        return [Doubt("extract.gap", quoted_text, keeps_value=True)]
    return []


def _drop(text: str, marks: Sequence[Mark], kinds: frozenset[MarkKind]) -> tuple[str, tuple[Mark, ...], str]:
    """Return the text without the parts under marks of these kinds, the other marks, and the dropped text."""
    parts = _unite((m.start, m.end) for m in marks if m.kind in kinds)
    if not parts:
        return text, tuple(marks), ""
    kept_text, kept_marks = edit_text(text, [m for m in marks if m.kind not in kinds], ((a, b, "") for a, b in parts))
    dropped_text = " ".join(text[a:b].strip() for a, b in parts).strip()
    return kept_text, tuple(m for m in kept_marks if m.start < m.end or m.kind != "raised"), dropped_text


def _drop_notes(text: str, marks: Sequence[Mark]) -> tuple[str, tuple[Mark, ...], str]:
    """Return the text without raised and lowered note marks, the other marks, and the notes next to a digit.

    A text that is raised as a whole is no note, and neither is a raised unit.
    """
    parts = [(m.start, m.end) for m in marks if m.kind in NOTE_KINDS and _NOTE_CHARS.fullmatch(text[m.start : m.end])]
    parts += [m.span() for m in _NOTE_DIGITS.finditer(text)]
    parts = _unite(parts)
    kept_text, kept_marks = edit_text(text, marks, ((a, b, "") for a, b in parts))
    if not parts or not kept_text.strip():
        return text, tuple(marks), ""
    notes = [text[a:b] for a, b in parts if re.search(r"\d\s*$", text[:a]) or re.match(r"\s*\d", text[b:])]
    return kept_text, kept_marks, " ".join(notes)


def _unite(parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the parts in ascending order; those that overlap or touch become one."""
    united: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        elif start < end:
            united.append((start, end))
    return united
