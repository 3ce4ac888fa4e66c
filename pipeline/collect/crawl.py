"""Follow the lists of a portal to the pages and files that may be reports. What they are is decided by reading them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pipeline.collect.addresses import host_of
from pipeline.collect.client import MAX_BYTES
from pipeline.collect.found import Crawled
from pipeline.collect.lists import ListPage, read_list, read_list_page
from pipeline.collect.opened import open_page
from pipeline.collect.page import MAX_LINKS, Link, Page
from pipeline.collect.page_files import PageFiles
from pipeline.collect.portals import Portal
from pipeline.collect.titles import names_another_body
from pipeline.collect.visitor import Visitor
from pipeline.core.model import DataFault
from pipeline.extract.titles import parse_title

MAX_LIST_PAGES, MAX_DEPTH = 300, 3  # of one portal; of lists within lists
MAX_REPORTS = 20_000
MAX_STALE_PAGES = 5  # pages without a new entry, one after the other
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
    _guessed: set[str] = field(default_factory=set)  # addresses of data that a script may load
    _stale_pages: int = 0
    _files: PageFiles = field(init=False)

    def run(self, known: Iterable[str] = ()) -> Crawled:
        """Return what the portal has."""
        self.outcome = Crawled(self.portal)
        self._files = PageFiles(self.visitor, self.outcome, self._is_allowed)
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
        if not self.outcome.pages and not self.outcome.faults:
            self.outcome.notes[self.portal.url] = DataFault("collect.nothing")
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
            if url not in self._guessed:
                self.outcome.faults[url] = fault
            return
        if page and page.has_too_many_links:
            self.outcome.notes[url] = DataFault("collect.many_links", limit=MAX_LINKS)
        self._take(found, url, depth)

    def _take(self, found: ListPage, url: str, depth: int) -> None:
        """Visit the entries of a list. Its further pages follow until several pages have no entry that is new."""
        self._guessed |= {address for address in found.data if address not in self._seen}
        self._add_lists((*found.frames, *found.data), depth)
        fresh = [link for link in found.entries if link.url not in self._seen]
        self._stale_pages = 0 if fresh else self._stale_pages + 1
        if self._stale_pages <= MAX_STALE_PAGES:
            self._add_lists((further for further in found.next_pages if host_of(further) in self.portal.hosts), depth)
        if found.has_more and not found.next_pages and not found.data:
            self.outcome.notes[url] = DataFault("collect.no_next")
        for link in fresh:
            self._look_at(link, depth + 1)
        self.report_progress(self.outcome)

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
            if page and depth < MAX_DEPTH and (listed := self._as_list(link, page)):
                self._take(listed, visit.url, depth)
                return
            self.outcome.pages[visit.url] = self._files.found_page(link, visit, page)
        except DataFault as fault:
            self.outcome.faults[link.url] = fault
            if fault.code == "collect.status" and fault.values["status"] in GONE:
                self.outcome.gone.add(link.url)

    def _as_list(self, link: Link, page: Page) -> ListPage | None:
        """Return the list that an entry leads to, a column; None for a report and for the list of another body.

        A title with body and year is that of a report, and so is a page with a statutory table.
        """
        title = parse_title(link.text)
        is_of_report = title is not None and bool(title.body) and title.year is not None
        if is_of_report or page.has_report_table:
            return None
        if self.portal.body and names_another_body(link.text, self.portal.body):
            return None
        listed = read_list_page(page)
        others = [entry for entry in listed.entries if entry.url not in (link.url, page.url) and not entry.is_file]
        return listed if others and (len(others) > 1 or not page.attachments()) else None
