"""Look up XML elements and attributes by their names without namespace."""

from __future__ import annotations

from lxml import etree


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
            current_element = next(current_element.iterchildren(f"{{*}}{name}"), None)  # {*}: any namespace
    return current_element
