"""Follow the lists of a portal to the pages and files that may be reports. What they are is decided by reading them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.collect.addresses import host_of
from pipeline.collect.archive import Visit
from pipeline.collect.client import MAX_BYTES
from pipeline.collect.found import Crawled, FoundPage, WebFile
from pipeline.collect.lists import ListPage, read_list, read_list_page
from pipeline.collect.opened import open_page, visit_successfully
from pipeline.collect.page import Link, Page
from pipeline.collect.portals import Portal
from pipeline.collect.titles import is_report_title
from pipeline.collect.visitor import Visitor
from pipeline.core.model import DataFault
from pipeline.extract.titles import parse_title

MAX_LIST_PAGES, MAX_DEPTH = 300, 3  # of one portal; of lists within lists
MAX_REPORTS = 20_000
MAX_PAGES_WITHOUT_ENTRIES = 5  # one after the other
MAX_FILES, MAX_PARTS = 10, 20  # attachments of a page; its pictures and frames
_ORNAMENTS = ("logo", "icon", "banner", "qr", "erweima", "btn", "button", "bg.", "arrow", ".svg", ".gif", ".ico")
GONE = frozenset({404, 410})  # statuses of a page that is no longer there


@dataclass
class Crawler:
    """The way through one portal. `known` are addresses of reports that an earlier collection took from it."""

    portal: Portal
    visitor: Visitor
    report_progress: Callable[[Crawled], None] = lambda _: None
    outcome: Crawled = field(init=False)
    _lists: deque[tuple[str, int]] = field(default_factory=deque)
    _seen: set[str] = field(default_factory=set)
    _pages_without_entries: int = 0

    def run(self, known: Iterable[str] = ()) -> Crawled:
        """Return what the portal has."""
        self.outcome = Crawled(self.portal)
        if self.portal.kind == "report":
            self._look_at(Link(self.portal.url, ""), MAX_DEPTH)
        else:
            self._add_lists([self.portal.url], 0)
        while self._lists:
            if self.outcome.list_count >= MAX_LIST_PAGES or len(self.outcome.pages) >= MAX_REPORTS:
                self.outcome.faults[self.portal.url] = DataFault("collect.endless", limit=MAX_LIST_PAGES)
                break
            self._read_list(*self._lists.popleft())
        for url in known:  # a report that is no longer listed may still be there, or be gone
            self._look_at(Link(url, ""), MAX_DEPTH)
        return self.outcome

    def _add_lists(self, urls: Iterable[str], depth: int) -> None:
        for url in urls:
            if url not in self._seen and self._is_allowed(url):
                self._seen.add(url)
                self._lists.append((url, depth))

    def _is_allowed(self, url: str) -> bool:
        """Return whether an address is on a listed host; count the others."""
        if host_of(url) in self.portal.hosts:
            return True
        self.outcome.other_hosts[host_of(url).removesuffix(":80").removesuffix(":443")] += 1
        return False

    def _read_list(self, url: str, depth: int) -> None:
        self.outcome.list_count += 1
        try:
            visit, page = open_page(self.visitor, url, self.portal)
            content = None if page else self.visitor.archive.content(visit, MAX_BYTES)
            found = read_list_page(page) if page else read_list(visit.url, content or b"")
        except DataFault as fault:
            self.outcome.faults[url] = fault
            return
        self._take(found, depth)

    def _take(self, found: ListPage, depth: int) -> None:
        """Visit the entries of a list. Its further pages follow only if it had an entry that is new."""
        self._add_lists(found.parts, depth)
        fresh = [link for link in found.entries if link.url not in self._seen]
        self._pages_without_entries = 0 if found.entries else self._pages_without_entries + 1
        if fresh or (not found.entries and self._pages_without_entries < MAX_PAGES_WITHOUT_ENTRIES):
            self._add_lists(self._same_site(found.next_pages), depth)
        for link in fresh:
            self._look_at(link, depth + 1)
        self.report_progress(self.outcome)

    def _same_site(self, urls: Sequence[str]) -> list[str]:
        """Return the further pages of a list; they are on the same host as a listed address."""
        return [url for url in urls if host_of(url) in self.portal.hosts]

    def _look_at(self, link: Link, depth: int) -> None:
        """Visit an entry of a list, and keep it unless it is a list itself."""
        if link.url in self._seen or not self._is_allowed(link.url) or len(self.outcome.pages) >= MAX_REPORTS:
            return
        self._seen.add(link.url)
        try:
            visit, page = open_page(self.visitor, link.url, self.portal)
            if visit.url != link.url:
                self.outcome.moved[link.url] = visit.url
            if visit.url in self.outcome.pages:
                return
            found = self._found_page(link, visit, page)
        except DataFault as fault:
            self.outcome.faults[link.url] = fault
            if fault.code == "collect.status" and fault.values["status"] in GONE:
                self.outcome.gone.add(link.url)
            return
        if page and depth < MAX_DEPTH and _may_be_list(link, page, found):
            listed = read_list_page(page)
            if listed.entries:
                self._take(listed, depth)
                return
        self.outcome.pages[visit.url] = found

    def _found_page(self, link: Link, visit: Visit, page: Page | None) -> FoundPage:
        file = WebFile(visit.url, visit, link.text)
        if page is None:
            return FoundPage(visit.url, link.text, self.portal, link.listed_on, None, (file,))
        title = link.text if is_report_title(link.text) else page.title or link.text
        found = FoundPage(visit.url, title, self.portal, page.published_on or link.listed_on, file)
        attachments = tuple(self._attachments(page, visit.is_unchanged))
        if page.has_data or attachments:
            return replace(found, attachments=attachments)
        return replace(found, parts=tuple(self._parts(page, visit.is_unchanged)))

    def _attachments(self, page: Page, is_final: bool) -> Iterable[WebFile]:
        for link in page.attachments()[:MAX_FILES]:
            if self._is_allowed(link.url) and (visit := self._try(link.url, is_final)) and visit.url != page.url:
                yield WebFile(visit.url, visit, link.text)

    def _parts(self, page: Page, is_final: bool) -> Iterable[tuple[str, WebFile]]:
        """Yield the frames and pictures of a page without tables and attachments."""
        frames = [(e.get("src") or "").strip() for e in page.root.iter("iframe", "frame")]
        pictures = [src for src in page.pictures() if not any(word in src.lower() for word in _ORNAMENTS)]
        for source in [*frames, *pictures][:MAX_PARTS]:
            url = page.resolve(source)
            if url and self._is_allowed(url) and (visit := self._try(url, is_final)):
                yield source, WebFile(visit.url, visit)

    def _try(self, url: str, is_final: bool) -> Visit | None:
        """Return the visit of an attachment or part; its fault is kept, and the page counts without it.

        Portals give a file that is uploaded again another address, so the files of an unchanged page are final.
        """
        try:
            return visit_successfully(self.visitor, url, self.portal, is_final=is_final)
        except DataFault as fault:
            self.outcome.faults[url] = fault
            return None


def _may_be_list(link: Link, page: Page, found: FoundPage) -> bool:
    """Return whether an entry of a list may be a list itself: a column. A title with body and year is a report's."""
    title = parse_title(link.text)
    is_of_report = title is not None and bool(title.body) and title.year is not None
    return not (is_of_report or page.has_data or found.attachments or found.parts)
