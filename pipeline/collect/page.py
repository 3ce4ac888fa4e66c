"""The parts of a web page that a collection needs: its title, links, frames, pictures and date of publication."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from urllib.parse import unquote

from lxml import etree

from pipeline.collect.addresses import normalize
from pipeline.collect.titles import (
    find_compact_date,
    find_date,
    find_labelled_date,
    find_published_date,
    is_report_title,
    says_gone,
    tidy,
    without_date,
)
from pipeline.read.html import parse_page

MAX_LINKS = 20_000
MAX_ENTRY_CHARS, MAX_ENTRY_STEPS = 300, 120  # of the line of a list in which the date of a link is searched
# A table with one of these is a statutory one. Old portals also arrange their pages and lists in tables.
_REPORT_TABLE = re.compile(
    r"制发件数|制作数量|本年新收|申请人情况|结果维持|信息内容|处理决定数量|统计指标|主动公开.{0,6}数"
)
_PATH = re.compile(r"位置.{0,80}?(?:信息|政务)公开.{0,12}?(?:年报|年度报告)")
_TIME_NAME = re.compile(r"pub|publish|issue|release|fbsj|fbrq|fwrq", re.IGNORECASE)
_FILE_IN_SCRIPT = re.compile(r"""["']([^"'\s<>]{2,300}\.(?:pdf|docx?|xlsx?|wps|et))["']""", re.IGNORECASE)
MAX_SHELL_CHARS = 200  # a page with less text may only send the reader on
FILES = r"pdf|docx?|xlsx?|wps|et|ofd|rtf|zip|rar|jpe?g|png|bmp|tiff?"
_FILE_NAME = re.compile(rf"\.(?:{FILES})(?=$|[?#&])", re.IGNORECASE)
_FILE_PARAMETER = re.compile(rf"[?&](?:file|url|src)=([^&#]+\.(?:{FILES}))", re.IGNORECASE)
_QUOTED_ADDRESS = re.compile(r"""["']((?=[^"']*[/.])[^"'\s<>]{2,500})["']""")
_REFRESH = re.compile(r"""url\s*=\s*["']?([^"'\s;]+)""", re.IGNORECASE)
_GO_ON = re.compile(r"""location(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*["']([^"']{1,500})["']""")
_ATTACHMENT = re.compile(
    rf"^附件|^点击(?:下载|查看|打开)|^(?:下载|全文|原文)$|下载(?:附件|全文|文件|原文)|(?:附件|全文|原文)下载|\.(?:{FILES})$",
    re.IGNORECASE,
)
_DATE_NAMES = frozenset({"pubdate", "publishdate", "publish_date", "article:published_time", "dc.date", "publishtime"})
_TITLE_NAMES = ("articletitle", "og:title", "title")


@dataclass(frozen=True)
class Link:
    """A link: its address, its text (the longer one of the text and the title), and the date next to it."""

    url: str
    text: str
    listed_on: date | None = None

    @property
    def is_file(self) -> bool:
        """Whether the address is that of a file of a format of reports."""
        return bool(_FILE_NAME.search(self.url))


class Page:
    """A web page at an address. Raises DataFault if it cannot be parsed."""

    def __init__(self, url: str, text: str) -> None:
        self.url = url
        self.root = parse_page(text)
        base = self.root.xpath("string(//base/@href)")
        self.base = normalize(str(base), url) or url

    @cached_property
    def meta(self) -> dict[str, str]:
        """The content of the page's `meta` elements by their names in small letters; the first of a name counts."""
        found: dict[str, str] = {}
        for element in self.root.iter("meta"):
            name = (element.get("name") or element.get("property") or "").strip().lower()
            found.setdefault(name, (element.get("content") or "").strip())
        return found

    @cached_property
    def text(self) -> str:
        """The text of the page without scripts."""
        return tidy(" ".join(self.root.xpath("//body//text()[not(parent::script or parent::style)]")))

    @cached_property
    def title(self) -> str:
        """The title of the page: what its `meta` elements say, else the first heading, else that of the window."""
        named = next((self.meta[name] for name in _TITLE_NAMES if self.meta.get(name)), "")
        heading = next((tidy("".join(h.itertext())) for h in self.root.iter("h1", "h2")), "")
        return tidy(named) or heading or tidy(str(self.root.xpath("string(//title)")))

    @property
    def published_on(self) -> date | None:
        """The date of publication: of a `meta` element, after a label such as 发布日期, or in an element for it."""
        named = (find_compact_date(self.meta[name]) for name in self.meta if name in _DATE_NAMES)
        return next((found for found in named if found), None) or find_published_date(self.text) or self._time_element()

    @property
    def other_date(self) -> date | None:
        """A date with a general label, for a page whose list has no date either."""
        return find_labelled_date(self.text)

    def _time_element(self) -> date | None:
        """Return the date in an element whose name says that it is for the time of publication."""
        for element in self.root.iter("time", "span", "td", "em", "i", "p", "div", "font"):
            name = f"{element.get('id') or ''} {element.get('class') or ''}"
            if element.tag == "time" or _TIME_NAME.search(name):
                text = f"{element.get('datetime') or ''} {_text_of(element) or ''}"
                if found := find_compact_date(text):
                    return found
        return None

    @property
    def is_about_reports(self) -> bool:
        """Whether the page is a list of reports: its title or the path to it (当前位置) says so."""
        headings = [self.title, str(self.root.xpath("string(//title)")), self.meta.get("columnname", "")]
        return any(is_report_title(text) for text in headings) or bool(_PATH.search(self.text[:1_000]))

    @property
    def has_report_table(self) -> bool:
        """Whether the page has a statutory table."""
        texts: list[str] = self.root.xpath("//table//text()")
        return bool(_REPORT_TABLE.search("".join("".join(texts).split())))

    @property
    def says_gone(self) -> bool:
        """Whether the page says that it is no longer there (soft 404)."""
        return says_gone(f"{self.title} {self.text}")

    @property
    def has_too_many_links(self) -> bool:
        """Whether some links are not read."""
        return len(self._opened()) > MAX_LINKS

    @property
    def next_address(self) -> str | None:
        """The address to which the page sends its reader on, None if it does not."""
        for element in self.root.iter("meta"):
            match = _REFRESH.search(element.get("content") or "")
            if (element.get("http-equiv") or "").lower() == "refresh" and match:
                return normalize(match[1], self.base)
        script = " ".join(self.scripts())
        is_shell = len(self.text) < MAX_SHELL_CHARS and not self.frames() and next(self.root.iter("a"), None) is None
        match = _GO_ON.search(script) if is_shell and not re.search(r"\bfunction\b|\bif\s*\(", script) else None
        return normalize(match[1], self.base) if match else None

    def resolve(self, address: str) -> str | None:
        """Return an address of the page in its normal spelling, None if it cannot be visited."""
        return normalize(address, self.base)

    def scripts(self) -> Iterator[str]:
        """Yield the texts of scripts."""
        yield from ("".join(element.itertext()) for element in self.root.iter("script"))

    def links(self) -> Iterator[Link]:
        """Yield the links, at most `MAX_LINKS`."""
        for element in self._opened()[:MAX_LINKS]:
            if url := self._address_of(element):
                text, title = tidy(_text_of(element) or ""), tidy(element.get("title") or "")
                yield Link(url, without_date(max(text, title, key=len)), find_date(text) or _date_near(element))

    def _opened(self) -> list[etree._Element]:
        """Return the elements that lead to another page."""
        found: list[etree._Element] = self.root.xpath("//a | //area | //option[@value] | //*[@onclick][not(self::a)]")
        return found

    def frames(self) -> list[str]:
        """Return the addresses of the pages of frames."""
        frames = self.root.iter("frame", "iframe")
        return [url for f in frames if (url := normalize(f.get("src") or "", self.base)) and url != self.url]

    def attachments(self) -> list[Link]:
        """Return the links to files, and the files that the page shows within itself, each once."""
        shown = [(e.get("src") or e.get("data") or "", "") for e in self.root.iter("iframe", "embed", "object")]
        named = [(link.url, link.text) for link in self.links() if self._is_attachment(link)]
        viewed = [(unquote(m[1]), text) for url, text in (*shown, *named) if (m := _FILE_PARAMETER.search(url))]
        files = [(url, text) for url, text in shown if _FILE_NAME.search(url) and not _FILE_PARAMETER.search(url)]
        scripted = [(match, "") for script in self.scripts() for match in _FILE_IN_SCRIPT.findall(script)]
        found = ((normalize(url, self.base), text) for url, text in (*named, *files, *viewed, *scripted))
        return list({url: Link(url, text) for url, text in found if url and url != self.url}.values())

    def _is_attachment(self, link: Link) -> bool:
        """Return whether a link leads to an attachment; next to a report, only to one that belongs to it."""
        is_named, is_titled = bool(_ATTACHMENT.search(link.text)), is_report_title(link.text)
        if not self.has_report_table:
            return link.is_file or is_named
        return (is_named or is_titled) and (link.is_file or not is_titled)

    def pictures(self) -> list[str]:
        """Return the addresses of pictures, as the page writes them."""
        return list(dict.fromkeys(src for e in self.root.iter("img") if (src := (e.get("src") or "").strip())))

    def _address_of(self, element: etree._Element) -> str | None:
        """Return the address of a link, also if a script opens it."""
        address = (element.get("href") or "").strip()
        if element.tag == "option" and re.search(r"[/.]", element.get("value") or ""):
            address = (element.get("value") or "").strip()
        if not address or address.startswith("#") or address.lower().startswith("javascript:"):
            match = _QUOTED_ADDRESS.search(f"{address} {element.get('onclick') or ''}")
            address = match[1] if match else ""
        return normalize(address, self.base) if address else None


def _date_near(element: etree._Element) -> date | None:
    """Return the date in the line of a list that has the link: after it, else in the part that has no other link."""
    for _ in range(3):
        if found := find_date(_text_after(element)):
            return found
        element = element.getparent()
        text = None if element is None or len(element.xpath(".//a[@href]")) > 1 else _text_of(element)
        if text is None:
            return None
        if found := find_date(text):
            return found
    return None


def _text_after(element: etree._Element) -> str:
    """Return the text between an element and the next link in the same parent."""
    pieces = [element.tail or ""]
    for sibling in islice(element.itersiblings(), 4):
        if sibling.tag in ("a", "br") or sibling.find(".//a") is not None:
            break
        pieces += [_text_of(sibling) or "", sibling.tail or ""]
    return " ".join(pieces)


def _text_of(element: etree._Element) -> str | None:
    """Return the text of a small element, None for one that is no line of a list.

    The size is limited while walking: a hostile page has thousands of links in one element.
    """
    pieces: list[str] = []
    steps = etree.iterwalk(element, events=("start", "end"))
    for step, node in islice(steps, MAX_ENTRY_STEPS + 1):
        if step == "start":
            pieces.append(node.text or "")
        elif node is not element:
            pieces.append(node.tail or "")
    is_small = len(pieces) < MAX_ENTRY_STEPS and sum(map(len, pieces)) <= MAX_ENTRY_CHARS
    return "".join(pieces) if is_small else None
