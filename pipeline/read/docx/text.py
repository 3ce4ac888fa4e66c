"""The text of a Word paragraph as a reader of the page sees it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

PAGE = "\f"
# Deleted or moved text, codes of fields, properties, other readings of the same words, drawings (see `boxes`).
UNSEEN = frozenset("del moveFrom delText instrText pPr rPr sdtPr rt drawing pict object txbxContent".split())  # noqa: SIM905
_MARKS = {"tab": " ", "cr": " ", "noBreakHyphen": "-", "lastRenderedPageBreak": PAGE}


def name_of(element: etree._Element) -> str:
    """An element's name without its namespace: strict and transitional files differ in nothing else that matters."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element | None, name: str) -> str:
    """An attribute by its name without namespace, or ''."""
    if element is None:
        return ""
    return next((v for k, v in element.items() if k.rpartition("}")[2] == name), "")


def child(element: etree._Element, *path: str) -> etree._Element | None:
    """The first descendant along a path of names, or None."""
    found: etree._Element | None = element
    for name in path:
        if found is not None:
            found = next((c for c in found if name_of(c) == name), None)
    return found


def text_of(element: etree._Element) -> str:
    """The words of a paragraph; a page break is a form feed."""
    return "".join(_pieces(element))


def boxes(element: etree._Element) -> Iterator[etree._Element]:
    """The text boxes anchored in a paragraph, each once though Word writes it for new and for old programs."""
    for c in element:
        name = name_of(c)
        if name == "txbxContent":
            yield c
        elif name == "AlternateContent":
            yield from next((found for branch in c if (found := list(boxes(branch)))), [])
        elif name not in ("del", "moveFrom"):
            yield from boxes(c)


def _pieces(element: etree._Element) -> Iterator[str]:
    for c in element:
        name = name_of(c)
        if name == "t":
            yield c.text or ""
        elif name == "br":
            yield PAGE if attribute(c, "type") == "page" else " "
        elif name in _MARKS:
            yield _MARKS[name]
        elif name == "AlternateContent":
            yield next((text for branch in c if (text := text_of(branch))), "")
        elif name not in UNSEEN and not (name == "r" and _hidden(c)):
            yield from _pieces(c)


def _hidden(run: etree._Element) -> bool:
    mark = child(run, "rPr", "vanish")
    return mark is not None and attribute(mark, "val") not in ("0", "false", "off")
