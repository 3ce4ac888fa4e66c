"""Read the text of a Word paragraph with the formatting that decides what a reader of the page sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from pipeline.core.marked_text import BREAK, MarkedText
from pipeline.core.model import MarkKind
from pipeline.read.docx.formats import Format, StyleTable, list_kinds
from pipeline.read.docx.xml import find_child, get_attribute, get_local_name

PAGE_BREAK = "\f"
# Codes of fields, properties, other readings of the same words, drawings (`find_text_boxes` reads those).
INVISIBLE = frozenset("instrText pPr rPr sdtPr rt drawing pict object txbxContent".split())  # noqa: SIM905
_TEXT_OF_MARK = {"tab": " ", "ptab": " ", "cr": BREAK, "noBreakHyphen": "-", "lastRenderedPageBreak": PAGE_BREAK}
# Elements that mark all text inside them: tracked changes, and the raised and lowered parts of formulas.
_KIND_OF_ELEMENT: dict[str, MarkKind] = {
    "del": "deleted", "moveFrom": "deleted", "ins": "inserted", "moveTo": "inserted", "sup": "raised", "sub": "lowered",
}  # fmt: skip
_RAISED: frozenset[MarkKind] = frozenset({"raised"})
_FRACTION_PARTS = ("num", "den")
_PICTURES = ("pic", "imagedata", "OLEObject")
SYMBOL = "□"
_CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Context:
    """The surroundings of a piece of text: the styles, the paragraph's format, and the kinds that it inherits.

    `is_on_dark` is true in a shaded cell, and `is_cell` in any cell.
    """

    styles: StyleTable = field(default_factory=StyleTable)
    text_format: Format = field(default_factory=dict)
    kinds: frozenset[MarkKind] = frozenset()
    is_on_dark: bool = False
    is_cell: bool = False

    def list_kinds(self, text: str) -> Iterable[MarkKind]:
        """Return the kinds of formatting of a piece of text; in a table white Chinese counts as a head on a picture."""
        if not self.text_format:
            return self.kinds
        is_on_dark = self.is_on_dark or (self.is_cell and bool(_CHINESE.search(text)))
        return self.kinds | list_kinds(self.text_format, is_on_dark)


def read_text(paragraph: etree._Element, context: Context) -> MarkedText:
    """Return the text of a paragraph with its formatting; a page break is a form feed."""
    marked_text = MarkedText()
    inner_context = replace(context, text_format=context.styles.read_paragraph(paragraph))
    _add_pieces(marked_text, paragraph, inner_context)
    is_blank = not "".join(marked_text.pieces).strip()
    if is_blank and (_has_list_number(paragraph) or (context.is_cell and _has_picture(paragraph))):
        marked_text.add("", ("unsure",))
    return marked_text


def _has_list_number(paragraph: etree._Element) -> bool:
    """Return whether Word prints a list number before a paragraph, which is not part of its text."""
    number = find_child(paragraph, "pPr", "numPr", "numId")
    return number is not None and get_attribute(number, "val") not in ("", "0")


def _has_picture(paragraph: etree._Element) -> bool:
    """Return whether a paragraph shows a picture, which may be that of a number."""
    return any(get_local_name(e) in _PICTURES for e in paragraph.iterdescendants())


def find_text_boxes(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the text boxes anchored in a paragraph, each once.

    Word writes a box twice, for new and for old programs; the first alternative with a box counts.
    """
    for child in element:
        name = get_local_name(child)
        if name == "txbxContent":
            yield child
        elif name == "AlternateContent":
            yield from next((boxes for branch in child if (boxes := list(find_text_boxes(branch)))), [])
        elif name not in ("del", "moveFrom"):
            yield from find_text_boxes(child)


def _add_pieces(marked_text: MarkedText, element: etree._Element, context: Context) -> None:
    """Add the text below an element; of alternatives only the first with text counts."""
    for child in element:
        name = get_local_name(child)
        if name in ("t", "delText"):
            text = child.text or ""
            marked_text.add(text.replace(BREAK, " "), context.list_kinds(text))
        elif name == "br":
            marked_text.add(PAGE_BREAK if get_attribute(child, "type") == "page" else BREAK)
        elif name in _TEXT_OF_MARK:
            marked_text.add(_TEXT_OF_MARK[name])
        elif name == "sym":
            _add_symbol(marked_text, child, context)
        elif name == "AlternateContent":
            _add_first_alternative(marked_text, child, context)
        elif name == "fldChar":
            _add_choice(marked_text, child, context)
        elif name in _FRACTION_PARTS:
            marked_text.add(BREAK)
            _add_pieces(marked_text, child, context)
        elif name not in INVISIBLE:
            _add_pieces(marked_text, child, _enter(child, name, context))


def _enter(element: etree._Element, name: str, context: Context) -> Context:
    """Return the context inside an element."""
    if name == "r":
        text_format = context.styles.read_run(element, context.text_format)
        # The mark of a note that the writer typed follows its reference in the same run.
        note = find_child(element, "footnoteReference")
        note = find_child(element, "endnoteReference") if note is None else note
        is_note = get_attribute(note, "customMarkFollows") in ("1", "true", "on")
        kinds = context.kinds | _RAISED if is_note else context.kinds
        same = text_format is context.text_format and kinds is context.kinds
        return context if same else replace(context, text_format=text_format, kinds=kinds)
    kind = _KIND_OF_ELEMENT.get(name)
    is_turned = name == "bdo" and get_attribute(element, "val") == "rtl"
    kind = "turned" if is_turned else kind
    return replace(context, kinds=context.kinds | {kind}) if kind else context


def _add_first_alternative(marked_text: MarkedText, element: etree._Element, context: Context) -> None:
    """Add the text of the first branch of an `AlternateContent` that has any."""
    for branch in element:
        own_text = MarkedText()
        _add_pieces(own_text, branch, context)
        if own_text.length:
            _add_pieces(marked_text, branch, context)
            return


def _add_symbol(marked_text: MarkedText, element: etree._Element, context: Context) -> None:
    """Add a character of a picture font: as itself if it is a digit there, else as a box."""
    try:
        code = int(get_attribute(element, "char") or "0", 16) & 0xFF
    except ValueError:
        code = 0
    text = chr(code) if chr(code).isascii() and chr(code).isdigit() else SYMBOL
    marked_text.add(text, {"symbol", *context.list_kinds(text)})


def _add_choice(marked_text: MarkedText, element: etree._Element, context: Context) -> None:
    """Add the chosen entry of a drop-down field, which is no text of the document."""
    choices = find_child(element, "ffData", "ddList")
    if choices is None:
        return
    entries = [get_attribute(e, "val") for e in choices if get_local_name(e) == "listEntry"]
    number = get_attribute(find_child(choices, "result"), "val") or get_attribute(find_child(choices, "default"), "val")
    index = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0
    if index < len(entries):
        marked_text.add(entries[index], {"field", *context.list_kinds(entries[index])})
