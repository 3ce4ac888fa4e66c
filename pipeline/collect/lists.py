"""The entries and the further pages of a list of reports: a page, a frame, or data that a script loads (JSON, XML)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pipeline.collect.addresses import normalize
from pipeline.collect.list_data import entries_of_data, entries_of_markup, entries_of_script, entries_of_xml, parse_data
from pipeline.collect.page import Link, Page
from pipeline.collect.titles import is_report_title, is_short_entry
from pipeline.read import decode

MAX_DATA_ADDRESSES = 20
MAX_PAGES = 300  # that one call of a script may name
_NEXT = re.compile(r"下一?[页頁]|后一?页|next(?:page)?|第?[1-9]\d{0,2}页?", re.IGNORECASE)
_ARROWS = re.compile(r"[>›»→]{1,2}")
_COUNT_OF_PAGES = re.compile(r"countPage\s*=\s*(\d{1,3})")
_NEXT_GROUP = re.compile(r"<nextgroup>.{0,80}?href=[\\\"']+([^\\\"']{2,400})", re.DOTALL)
_MORE_PAGES = re.compile(r"下一?[页頁]|共\s*(?:[2-9]|[1-9]\d+)\s*页")
# The function of a widespread content system: number of pages, current page, name and suffix of the first page.
_PAGES_OF_SCRIPT = re.compile(r"createPageHTML\(\s*(\d{1,4})\s*,\s*\d+\s*,\s*[\"'](\w+)[\"']\s*,\s*[\"'](\w+)[\"']")
_DATA_FILE = re.compile(r"""["']([^"'\s<>]{1,400}\.json(?:\?[^"'\s<>]*)?)["']""")
_DATA_CALL = re.compile(
    r"""(?:getJSON|fetch|axios(?:\.get)?|\$\.get)\s*\(\s*["']([^"'\s<>]{2,400})["']""", re.IGNORECASE
)
_AJAX = re.compile(r"""ajax\s*\(\s*\{[^{}]{0,400}?\burl\s*:\s*["']([^"'\s<>]{2,400})["'][^{}]{0,400}""", re.IGNORECASE)
_NO_DATA = re.compile(r"\.(?:js|css|png|gif|jpe?g|ico|svg|swf)(?:$|\?)", re.IGNORECASE)
_PAGE_NAMES = frozenset({"page", "pageno", "pagenum", "pageindex", "currentpage", "curpage", "pagenumber", "p"})


@dataclass(frozen=True)
class ListPage:
    """The content of a list at an address: links that may be reports, and further pages of the list.

    `frames` and `data` have entries of the same page; a data address is a guess. `has_more` means that the page speaks
    of further pages, also if none was found.
    """

    entries: tuple[Link, ...]
    next_pages: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    has_more: bool = False


def read_list(url: str, content: bytes) -> ListPage:
    """Return the list at an address. Raises DataFault for content that is neither a page nor data."""
    text = decode(content)
    if (data := parse_data(text)) is not None:
        entries = _unique([*entries_of_data(data, url), *entries_of_markup(data, url)])
        return ListPage(entries, _next_of_data(url) if entries else ())
    if (of_xml := entries_of_xml(content, url)) is not None:
        return ListPage(_unique(of_xml))
    return read_list_page(Page(url, text))


def read_list_page(page: Page) -> ListPage:
    """Return the list of a page."""
    links, scripts = list(page.links()), list(page.scripts())
    is_about_reports = page.is_about_reports
    entries = [link for link in links if is_report_title(link.text)]
    entries += [link for link in links if is_about_reports and is_short_entry(link.text)]
    for script in scripts:
        entries += entries_of_script(script, page)
    numbered = [link.url for link in links if _is_next(link.text) and link.url != page.url]
    named = [url for script in scripts for url in _pages_of_script(script, page.url)]
    data = [url for script in scripts for url in _data_addresses(script, page)]
    further = tuple(dict.fromkeys([*numbered, *named]))
    frames, loaded = tuple(page.frames()), tuple(dict.fromkeys(data[:MAX_DATA_ADDRESSES]))
    return ListPage(_unique(entries), further, frames, loaded, bool(_MORE_PAGES.search(page.text)))


def _is_next(text: str) -> bool:
    """Return whether the text of a link is that of a further page: 下一页 », [2], 第 2 页."""
    compact = "".join(text.split())
    bare = re.sub(r"[\[\]【】()（）>›»→]", "", compact)
    return bool(_NEXT.fullmatch(bare) or _ARROWS.fullmatch(compact))


def _unique(links: list[Link]) -> tuple[Link, ...]:
    """Return a link per address: the one with a date, or the first."""
    found: dict[str, Link] = {}
    for link in links:
        if link.url not in found or (link.listed_on and not found[link.url].listed_on):
            found[link.url] = link
    return tuple(found.values())


def _pages_of_script(script: str, url: str) -> Iterator[str]:
    """Yield the further pages that a script would link."""
    calls = _PAGES_OF_SCRIPT.findall(script)
    if not calls and (match := _COUNT_OF_PAGES.search(script)):
        name, _, suffix = urlsplit(url).path.rpartition("/")[2].rpartition(".")
        calls = [] if re.search(r"_\d+$", name) else [(match[1], name or "index", suffix or "html")]
    for count, name, suffix in calls:
        for number in range(1, min(int(count), MAX_PAGES)):
            if address := normalize(f"{name}_{number}.{suffix}", url):
                yield address
    yield from (address for found in _NEXT_GROUP.findall(script) if (address := normalize(found, url)))


def _data_addresses(script: str, page: Page) -> Iterator[str]:
    """Yield the addresses from which a script loads data. One that ends with `page=` gets the first page."""
    ajax = [match[1] for match in _AJAX.finditer(script) if "post" not in match[0].lower()]
    for address in (*_DATA_FILE.findall(script), *_DATA_CALL.findall(script), *ajax):
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
