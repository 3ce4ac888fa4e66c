"""Read from an XLSX how its cell styles and text runs change what a reader of the sheet sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from pipeline.core.marked_text import MarkedText
from pipeline.core.model import Mark, MarkKind
from pipeline.read.docx.xml import find_child, get_attribute, get_local_name
from pipeline.read.sheet.number_formats import BUILT_IN_FORMATS, GENERAL, show_number, show_text

MIN_WHITE = 0xFA  # value from which each colour component counts as white
_CHINESE = re.compile("[\u4e00-\u9fff]")
_OFF = ("0", "false")


@dataclass(frozen=True)
class CellStyle:
    """The style of a cell: its number format, the marks of its font, and whether its text looks like its paper."""

    code: str = GENERAL
    kinds: frozenset[MarkKind] = frozenset()
    is_white: bool = False

    def mark_number(self, stored: str, text: str) -> tuple[Mark, ...]:
        """Return the marks of a stored number that the sheet prints as `text` where its format changes nothing."""
        shown = None if self.code == GENERAL else show_number(stored, self.code)
        return (*self._mark_font(text), *_mark_shown(text, shown))

    def mark_text(self, text: str) -> tuple[Mark, ...]:
        """Return the marks of a stored text."""
        shown = None if self.code == GENERAL else show_text(text, self.code)
        return (*self._mark_font(text), *_mark_shown(text, shown))

    def _mark_font(self, text: str) -> tuple[Mark, ...]:
        """Return the marks of the font. White Chinese is a head on a background that is not known here."""
        is_hidden = self.is_white and not _CHINESE.search(text)
        hidden = (Mark("hidden", 0, len(text)),) if is_hidden else ()
        return (*(Mark(kind, 0, len(text)) for kind in sorted(self.kinds)), *hidden)


def _mark_shown(text: str, shown: str | None) -> tuple[Mark, ...]:
    if shown is None:
        return ()
    # A label with another text around it is only a label: its own words name the row.
    is_plain = bool(shown.strip()) and not any(char.isdigit() for char in text)
    return () if is_plain else (Mark("shown", 0, len(text), shown.strip()),)


PLAIN_STYLE = CellStyle()


def read_cell_styles(root: etree._Element) -> Sequence[CellStyle]:
    """Return the cell styles of a workbook, in the order in which cells name them."""
    codes = {get_attribute(e, "numFmtId"): get_attribute(e, "formatCode") for e in _list_children(root, "numFmts")}
    fonts = [_read_font(font) for font in _list_children(root, "fonts")]
    papers = [_has_paper(fill) for fill in _list_children(root, "fills")]
    return [_read_style(xf, codes, fonts, papers) for xf in _list_children(root, "cellXfs")]


def _list_children(root: etree._Element, name: str) -> Iterable[etree._Element]:
    child = find_child(root, name)
    return () if child is None else child


def _read_style(
    xf: etree._Element, codes: dict[str, str], fonts: Sequence[tuple[frozenset[MarkKind], bool]], papers: Sequence[bool]
) -> CellStyle:
    number = get_attribute(xf, "numFmtId") or "0"
    code = codes.get(number) or BUILT_IN_FORMATS.get(int(number) if number.isdigit() else 0, GENERAL)
    font, fill = _read_index(xf, "fontId"), _read_index(xf, "fillId")
    kinds, is_white = fonts[font] if font < len(fonts) else (frozenset[MarkKind](), False)
    has_paper = fill < len(papers) and papers[fill]
    return CellStyle(code, kinds, is_white and not has_paper)


def _read_index(element: etree._Element, name: str) -> int:
    value = get_attribute(element, name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else 0


def _read_font(font: etree._Element) -> tuple[frozenset[MarkKind], bool]:
    """Return the marks of a font's properties, and whether it is white."""
    kinds: set[MarkKind] = set()
    strike = find_child(font, "strike")
    if strike is not None and get_attribute(strike, "val") not in _OFF:
        kinds.add("struck")
    align = get_attribute(find_child(font, "vertAlign"), "val")
    if align == "superscript":
        kinds.add("raised")
    if align == "subscript":
        kinds.add("lowered")
    return frozenset(kinds), _is_white(find_child(font, "color"))


def _is_white(color: etree._Element | None) -> bool:
    """Return whether a colour is white: by its value, as theme colour 0, or as indexed colour 1 or 9."""
    value = get_attribute(color, "rgb")[-6:]
    try:
        is_near_white = len(value) == 6 and min(bytes.fromhex(value)) >= MIN_WHITE
    except ValueError:
        is_near_white = False
    is_tinted = get_attribute(color, "tint") not in ("", "0")
    is_theme_white = get_attribute(color, "theme") == "0" and not is_tinted
    return is_near_white or is_theme_white or get_attribute(color, "indexed") in ("1", "9")


def _has_paper(fill: etree._Element) -> bool:
    """Return whether a fill is a colour other than white."""
    pattern = find_child(fill, "patternFill")
    if pattern is None:
        return len(fill) > 0  # a gradient
    is_filled = get_attribute(pattern, "patternType") not in ("", "none")
    return is_filled and not _is_white(find_child(pattern, "fgColor"))


def read_rich_text(element: etree._Element) -> MarkedText:
    """Return the text of a shared or inline string with the marks of its runs, without phonetic readings."""
    marked_text = MarkedText()
    for child in element:
        name = get_local_name(child)
        if name == "t":
            marked_text.add(child.text or "")
        elif name == "r":
            properties = find_child(child, "rPr")
            kinds, is_white = _read_font(properties) if properties is not None else (frozenset[MarkKind](), False)
            text = "".join(t.text or "" for t in child if get_local_name(t) == "t")
            is_hidden = is_white and not _CHINESE.search(text)
            marked_text.add(text, kinds | {"hidden"} if is_hidden else kinds)
    return marked_text
