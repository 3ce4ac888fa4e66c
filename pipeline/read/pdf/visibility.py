"""Find the characters of a PDF page that its reader does not see or sees as notes: struck, covered, white or raised."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import pypdfium2.raw as pdfium

from pipeline.core.model import MarkKind
from pipeline.read.layout.lattice import Rule
from pipeline.read.layout.page import Char
from pipeline.read.pdf.ruling_lines import Drawing, get_address, read_fill

# In multiples of the type size, above the base line.
MIN_STRIKE_HEIGHT, MAX_STRIKE_HEIGHT = 0.12, 0.6
MAX_STRIKE_OVERHANG = 1.0  # of a strike beyond the struck characters; a longer line is a ruling
MIN_STRUCK_SHARE = 0.6  # of a character's width
MIN_WHITE = 250  # value (0-255) from which each colour component counts as white
_CHINESE = re.compile("[\u4e00-\u9fff]")
_INVISIBLE_MODES = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)


class InkReader:
    """Read whether text is drawn with visible ink; each text object is looked up once."""

    def __init__(self, text: pdfium.FPDF_TEXTPAGE) -> None:
        """Prepare for the text of one page."""
        self._text = text
        self._inks: dict[int, str] = {}

    def read_ink(self, index: int) -> tuple[int, str]:
        """Return the address of a character's text object, and its ink: `none`, `white` or `dark`."""
        item = pdfium.FPDFText_GetTextObject(self._text, index)
        if not item:
            return 0, "dark"
        address = get_address(item)
        if address not in self._inks:
            self._inks[address] = _classify_ink(item)
        return address, self._inks[address]


def _classify_ink(item: pdfium.FPDF_PAGEOBJECT) -> str:
    mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
    if mode in _INVISIBLE_MODES:
        return "none"
    fill = read_fill(item)
    if fill is None or mode == pdfium.FPDF_TEXTRENDERMODE_STROKE:
        return "dark"
    if fill[3] == 0:
        return "none"
    return "white" if min(fill[:3]) >= MIN_WHITE else "dark"


def mark_chars(chars: Sequence[Char], inks: Sequence[tuple[int, str]], drawing: Drawing) -> list[Char]:
    """Return the characters with the kinds of formatting that strokes, surfaces and inks give them."""
    kinds: dict[int, set[MarkKind]] = {}
    order = sorted(range(len(chars)), key=lambda i: chars[i].base)
    bases = [chars[i].base for i in order]
    on_paper: set[int] = set()
    for surface in drawing.surfaces:
        for i in _slice(order, bases, surface.box.top, surface.box.bottom + 3):
            char = chars[i]
            if surface.box.contains((char.x0 + char.x1) / 2, char.base - 0.3 * char.size):
                is_below = surface.order < drawing.text_orders.get(inks[i][0], 1 << 30)
                if is_below and not surface.is_white:
                    on_paper.add(i)
                elif not is_below and surface.is_opaque:
                    kinds.setdefault(i, set()).add("hidden")
    for i, (_, ink) in enumerate(inks):
        is_white = ink == "white" and i not in on_paper and not _CHINESE.search(chars[i].text)
        if ink == "none" or is_white:
            kinds.setdefault(i, set()).add("hidden")
    for i in _find_struck(chars, order, bases, drawing.horizontal):
        kinds.setdefault(i, set()).add("struck")
    return [c._replace(kinds=frozenset(kinds[i])) if i in kinds else c for i, c in enumerate(chars)]


def _slice(order: Sequence[int], bases: Sequence[float], low: float, high: float) -> Sequence[int]:
    """Return the characters whose base line is between two heights."""
    return order[bisect_left(bases, low) : bisect_right(bases, high)]


def _find_struck(
    chars: Sequence[Char], order: Sequence[int], bases: Sequence[float], rules: Sequence[Rule]
) -> Iterator[int]:
    """Yield the characters through whose middle a line runs that is hardly longer than they are."""
    largest = max((char.size for char in chars), default=0.0)
    for rule in rules:
        near = _slice(order, bases, rule.at, rule.at + MAX_STRIKE_HEIGHT * largest)
        struck = [i for i in near if _is_crossed(chars[i], rule)]
        if struck:
            size = max(chars[i].size for i in struck)
            left, right = min(chars[i].x0 for i in struck), max(chars[i].x1 for i in struck)
            if left - rule.start <= MAX_STRIKE_OVERHANG * size and rule.end - right <= MAX_STRIKE_OVERHANG * size:
                yield from struck


def _is_crossed(char: Char, rule: Rule) -> bool:
    """Return whether a line crosses the middle of a character."""
    height = (char.base - rule.at) / max(char.size, 1e-6)
    covered = min(char.x1, rule.end) - max(char.x0, rule.start)
    is_in_the_middle = MIN_STRIKE_HEIGHT <= height <= MAX_STRIKE_HEIGHT
    return is_in_the_middle and covered >= MIN_STRUCK_SHARE * (char.x1 - char.x0)
