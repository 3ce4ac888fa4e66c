"""The entries and the further pages of a list of reports: a page, a frame, or data that a script loads (JSON, XML)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from pipeline.collect.addresses import normalize
from pipeline.collect.page import Link, Page
from pipeline.collect.titles import find_date, is_body_or_year, is_report_title, tidy
from pipeline.core.model import DataFault
from pipeline.read import decode

MAX_DATA_ADDRESSES = 20
MAX_PAGES = 300  # that one call of a script may name
_NEXT = re.compile(r"(?:下一?页|后一?页|下一?頁|next(?: page)?|[>›»]{1,2}|[1-9]\d{0,2})", re.IGNORECASE)
# The function of a widespread content system: number of pages, current page, name and suffix of the first page.
_PAGES_OF_SCRIPT = re.compile(r"createPageHTML\(\s*(\d{1,4})\s*,\s*\d+\s*,\s*[\"'](\w+)[\"']\s*,\s*[\"'](\w+)[\"']")
_DATA_FILE = re.compile(r"""["']([^"'\s<>]{1,400}\.json(?:\?[^"'\s<>]*)?)["']""")
_DATA_CALL = re.compile(
    r"""(?:getJSON|fetch|ajax|\.get|\burl|open)\s*[(:=]\s*(?:["']GET["']\s*,\s*)?["']([^"'\s<>]{2,400})["']""",
    re.IGNORECASE,
)
_NO_DATA = re.compile(r"\.(?:js|css|png|gif|jpe?g|ico|svg|swf)(?:$|\?)", re.IGNORECASE)
_PAGE_NAMES = frozenset({"page", "pageno", "pagenum", "pageindex", "currentpage", "curpage", "pagenumber", "p"})
_FUNCTION_NAME = re.compile(r"[\w.$]{1,80}")  # of JSONP
_OBJECT = re.compile(r"\{[^{}]{5,4000}\}")
_STRING = re.compile(r"""\"((?:[^"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'""")
_ADDRESS = re.compile(r"(?:https?:/|\.{0,2})/\S+|[\w./%-]+\.(?:s?html?|jsp|aspx?|php|pdf|docx?|xlsx?)(?:\?\S*)?")


@dataclass(frozen=True)
class ListPage:
    """The content of a list at an address: links that may be reports, further pages of the list, and other parts.

    `parts` are frames and data addresses with entries of the same page.
    """

    entries: tuple[Link, ...]
    next_pages: tuple[str, ...]
    parts: tuple[str, ...]


def read_list(url: str, content: bytes) -> ListPage:
    """Return the list at an address. Raises DataFault for content that is neither a page nor data."""
    text = decode(content)
    if (data := _parse_json(text)) is not None:
        entries = _unique([*_entries_of_data(data, url), *_entries_of_markup(data, url)])
        return ListPage(entries, _next_of_data(url) if entries else (), ())
    page = Page(url, text)
    return read_list_page(page)


def read_list_page(page: Page) -> ListPage:
    """Return the list of a page."""
    links, scripts = list(page.links()), list(page.scripts())
    is_about_reports = page.is_about_reports
    entries = [link for link in links if is_report_title(link.text)]
    entries += [link for link in links if is_about_reports and is_body_or_year(link.text)]
    for script in scripts:
        entries += _entries_of_script(script, page)
    numbered = [link.url for link in links if _NEXT.fullmatch(link.text) and link.url != page.url]
    named = [url for script in scripts for url in _pages_of_script(script, page.url)]
    data = [url for script in scripts for url in _data_addresses(script, page)]
    parts = dict.fromkeys([*page.frames(), *data[:MAX_DATA_ADDRESSES]])
    return ListPage(_unique(entries), tuple(dict.fromkeys([*numbered, *named])), tuple(parts))


def _unique(links: list[Link]) -> tuple[Link, ...]:
    """Return a link per address: the one with a date, or the first."""
    found: dict[str, Link] = {}
    for link in links:
        if link.url not in found or (link.listed_on and not found[link.url].listed_on):
            found[link.url] = link
    return tuple(found.values())


def _parse_json(text: str) -> Any | None:
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


def _entries_of_data(data: Any, url: str) -> list[Link]:
    objects = (value for value in _walk(data) if isinstance(value, dict))
    found = (_entry([text for text in o.values() if isinstance(text, str)], url) for o in objects)
    return [link for link in found if link]


def _entry(texts: list[str], base: str) -> Link | None:
    """Return the entry that an object describes by a title and an address, None if it does not."""
    title = next((tidy(text) for text in texts if is_report_title(text) and not _ADDRESS.fullmatch(text)), None)
    address = next((url for text in texts if _ADDRESS.fullmatch(text.strip()) and (url := normalize(text, base))), None)
    if title is None or address is None:
        return None
    return Link(address, title, next((found for text in texts if len(text) < 30 and (found := find_date(text))), None))


def _entries_of_markup(data: Any, url: str) -> list[Link]:
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


def _entries_of_script(script: str, page: Page) -> list[Link]:
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


def _pages_of_script(script: str, url: str) -> Iterator[str]:
    for count, name, suffix in _PAGES_OF_SCRIPT.findall(script):
        for number in range(1, min(int(count), MAX_PAGES)):
            if address := normalize(f"{name}_{number}.{suffix}", url):
                yield address


def _data_addresses(script: str, page: Page) -> Iterator[str]:
    """Yield the addresses from which a script loads data. One that ends with `page=` gets the first page."""
    for address in (*_DATA_FILE.findall(script), *_DATA_CALL.findall(script)):
        name = address.rpartition("?")[2].rpartition("&")[2]
        complete = f"{address}1" if name.endswith("=") and name[:-1].lower() in _PAGE_NAMES else address
        url = normalize(complete.replace("\\/", "/"), page.base)
        if url and url != page.url and not _NO_DATA.search(url):
            yield url


def _next_of_data(url: str) -> tuple[str, ...]:
    """Return the address of the next page of data, if the address has the number of a page."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    if not any(name.lower() in _PAGE_NAMES and value.isdecimal() for name, value in query):
        return ()
    further = [
        (name, str(int(value) + 1) if name.lower() in _PAGE_NAMES and value.isdecimal() else value)
        for name, value in query
    ]
    return (urlunsplit(parts._replace(query=urlencode(further))),)
