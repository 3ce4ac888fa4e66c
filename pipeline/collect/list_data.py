"""The entries of a list that are data: JSON that a script loads, and objects and markup within a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lxml import etree

from pipeline.collect.addresses import normalize
from pipeline.collect.page import Link, Page
from pipeline.collect.titles import find_date, is_report_title, tidy
from pipeline.core.model import DataFault

FIRST_MILLISECOND, LAST_MILLISECOND = 1_199_145_600_000, 4_102_444_800_000  # of 2008 and of 2100
# Fields of an entry's own address and publication, before those of its cover, its channel and its creation.
_MEANT = re.compile(r"^(?:doc)?(?:pub)?(?:url|link|href)$|docpuburl|pub|issue|release|title")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|svg|webp)$", re.IGNORECASE)
_FUNCTION_NAME = re.compile(r"[\w.$]{1,80}")  # of JSONP
_OBJECT = re.compile(r"\{[^{}]{5,4000}\}")
_STRING = re.compile(r"""\"((?:[^"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'""")
_ADDRESS = re.compile(r"(?:https?:/|\.{0,2})/\S+|[\w./%-]+\.(?:s?html?|jsp|aspx?|php|pdf|docx?|xlsx?)(?:\?\S*)?")


def parse_data(text: str) -> Any | None:
    """Return the data of JSON or JSONP, None if the text is neither."""
    compact = text.strip("\ufeff \t\r\n;")
    if not compact.startswith(("{", "[")):
        name, _, rest = compact.partition("(")
        if not _FUNCTION_NAME.fullmatch(name) or not rest.endswith(")"):
            return None
        compact = rest[:-1]
    try:
        return json.loads(compact)
    except (ValueError, RecursionError):
        return None


def _walk(data: Any) -> Iterator[Any]:
    """Yield every value within data, also the containers."""
    waiting = [data]
    while waiting:
        value = waiting.pop()
        yield value
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting.extend(reversed(list(children)))


def entries_of_data(data: Any, url: str) -> list[Link]:
    """Return the entries of data from an address: each object that has a title and an address."""
    objects = (value for value in _walk(data) if isinstance(value, dict))
    return [link for o in objects if (link := _entry_of_object(o, url))]


def _entry_of_object(fields: Mapping[str, Any], url: str) -> Link | None:
    """Return the entry of an object. The names of its fields say which address and which date are meant."""
    named = [(str(name).lower(), value) for name, value in fields.items()]
    named.sort(key=lambda field: 0 if _MEANT.search(field[0]) else 1)
    texts = [value for name, value in named if isinstance(value, str) and not _PICTURE.search(value)]
    addresses = [v for n, v in named if "url" in n and isinstance(v, str) and re.fullmatch(r"[\w./?=&%:-]{2,500}", v)]
    times = [_day_of(value) for name, value in named if "time" in name or "date" in name]
    entry = _entry([*texts, *(f"./{a}" for a in addresses if not _ADDRESS.fullmatch(a))], url)
    return replace(entry, listed_on=entry.listed_on or next(filter(None, times), None)) if entry else None


def _day_of(value: object) -> date | None:
    """Return the day in China of a number of milliseconds since 1970, None for anything else."""
    if not isinstance(value, int) or not FIRST_MILLISECOND <= value < LAST_MILLISECOND:
        return None
    return (datetime.fromtimestamp(value / 1000, UTC) + timedelta(hours=8)).date()


def entries_of_xml(content: bytes, url: str) -> list[Link] | None:
    """Return the entries of XML such as a feed, None for a page or for content that is no XML."""
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
    if root is None or etree.QName(root).localname.lower() == "html":
        return None
    groups = ([text for child in element for text in _texts_of(child)] for element in root.iter("{*}*"))
    return [link for texts in groups if (link := _entry(texts, url))]


def _texts_of(element: etree._Element) -> list[str]:
    """Return the text and the attributes of an element: a feed has an address as text or as `href`."""
    return [text for text in (element.text or "", *element.attrib.values()) if text.strip()]


def _entry(texts: list[str], base: str) -> Link | None:
    """Return the entry that an object describes by a title and an address, None if it does not."""
    title = next((tidy(text) for text in texts if is_report_title(text) and not _ADDRESS.fullmatch(text)), None)
    address = next((url for text in texts if _ADDRESS.fullmatch(text.strip()) and (url := normalize(text, base))), None)
    if title is None or address is None:
        return None
    return Link(address, title, next((found for text in texts if len(text) < 30 and (found := find_date(text))), None))


def entries_of_markup(data: Any, url: str) -> list[Link]:
    """Return the entries of pages within the texts of data."""
    return [link for text in _walk(data) if isinstance(text, str) for link in _links_of_markup(text, url)]


def _links_of_markup(text: str, url: str) -> list[Link]:
    if "<a" not in text and "<A" not in text:
        return []
    try:
        links = list(Page(url, f"<html><body>{text}</body></html>").links())
    except (DataFault, etree.LxmlError):
        return []
    return [link for link in links if is_report_title(link.text)]


def entries_of_script(script: str, page: Page) -> list[Link]:
    """Return the entries of a script: objects with a title and an address, and markup, also within CDATA."""
    if "公开" not in script and "\\u516c" not in script.lower():
        return []
    objects = (_entry(_strings(match[0]), page.base) for match in _OBJECT.finditer(script))
    markup = script.replace("<![CDATA[", " ").replace("]]>", " ")
    markup = markup.replace('\\"', '"').replace("\\'", "'").replace("\\/", "/")
    return [*(link for link in objects if link), *_links_of_markup(markup, page.base)]


def _strings(text: str) -> list[str]:
    return [_unescape(match[1] if match[1] is not None else match[2]) for match in _STRING.finditer(text)]


def _unescape(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text
