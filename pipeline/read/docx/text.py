"""Read the text of a Word paragraph as a reader of the page sees it, and look up XML elements by local name."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

PAGE_BREAK = "\f"
# Deleted or moved text, codes of fields, properties, other readings of the same words, drawings (`find_text_boxes`
# reads those).
INVISIBLE = frozenset(
    "del moveFrom delText instrText pPr rPr sdtPr rt drawing pict object txbxContent".split()  # noqa: SIM905
)
_TEXT_OF_MARK = {"tab": " ", "cr": " ", "noBreakHyphen": "-", "lastRenderedPageBreak": PAGE_BREAK}


def get_local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace, '' for comments and instructions.

    Strict and transitional files differ in their namespaces, and in nothing else that matters here.
    """
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def get_attribute(element: etree._Element | None, name: str) -> str:
    """Return an attribute by its name without namespace, '' if it or the element is missing."""
    if element is None:
        return ""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def find_child(element: etree._Element, *path: str) -> etree._Element | None:
    """Return the first descendant along a path of local names, or None."""
    current_element: etree._Element | None = element
    for name in path:
        if current_element is not None:
            current_element = next((child for child in current_element if get_local_name(child) == name), None)
    return current_element


def read_text(element: etree._Element) -> str:
    """Return the visible text of a paragraph; a page break is a form feed."""
    return "".join(_iterate_pieces(element))


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


def _iterate_pieces(element: etree._Element) -> Iterator[str]:
    """Yield the pieces of visible text below an element; of alternatives only the first with text counts."""
    for child in element:
        name = get_local_name(child)
        if name == "t":
            yield child.text or ""
        elif name == "br":
            yield PAGE_BREAK if get_attribute(child, "type") == "page" else " "
        elif name in _TEXT_OF_MARK:
            yield _TEXT_OF_MARK[name]
        elif name == "AlternateContent":
            yield next((text for branch in child if (text := read_text(branch))), "")
        elif name not in INVISIBLE and not (name == "r" and _is_hidden(child)):
            yield from _iterate_pieces(child)


def _is_hidden(run: etree._Element) -> bool:
    """Return whether a run of text is formatted as hidden."""
    mark = find_child(run, "rPr", "vanish")
    return mark is not None and get_attribute(mark, "val") not in ("0", "false", "off")
