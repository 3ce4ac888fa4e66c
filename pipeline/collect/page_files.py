"""The files of a found page: the page itself, its attachments, and the pictures and frames that may be the report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from pipeline.collect.archive import Visit
from pipeline.collect.found import Crawled, FoundPage, WebFile
from pipeline.collect.opened import visit_successfully
from pipeline.collect.page import Link, Page
from pipeline.collect.titles import is_report_title
from pipeline.collect.visitor import Visitor
from pipeline.core.model import DataFault

MAX_FILES, MAX_PARTS = 60, 20  # attachments of a page; its pictures and frames
_NEXT_PART = re.compile(r"[\[【]?下一?[页頁][\]】>»]*")
_ORNAMENTS = ("logo", "icon", "banner", "qr", "erweima", "btn", "button", "bg.", "arrow", ".svg", ".gif", ".ico")


@dataclass(frozen=True)
class PageFiles:
    """The way to the files of the pages of one portal."""

    visitor: Visitor
    outcome: Crawled
    is_allowed: Callable[[str], bool]

    def found_page(self, link: Link, visit: Visit, page: Page | None) -> FoundPage:
        """Return what an entry leads to, with the files that may be its report."""
        file = WebFile(visit.url, visit, link.text)
        if page is None:
            return FoundPage(visit.url, link.text, self.outcome.portal, link.listed_on, None, (file,))
        title = link.text if is_report_title(link.text) else page.title or link.text
        published = page.published_on or link.listed_on or page.other_date
        found = FoundPage(visit.url, title, self.outcome.portal, published, file, says_gone=page.says_gone)
        if any(_NEXT_PART.fullmatch("".join(other.text.split())) for other in page.links()):
            self.outcome.notes[visit.url] = DataFault("collect.next_part")
        attachments = tuple(self._attachments(page, visit.is_unchanged))
        if page.has_report_table or attachments:
            return replace(found, attachments=attachments)
        return replace(found, parts=tuple(self._parts(page, visit.is_unchanged)))

    def _attachments(self, page: Page, is_final: bool) -> Iterable[WebFile]:
        links = page.attachments()
        if len(links) > MAX_FILES:
            self.outcome.notes[page.url] = DataFault("collect.many_files", count=len(links), limit=MAX_FILES)
        for link in links[:MAX_FILES]:
            if self.is_allowed(link.url) and (visit := self._try(link.url, is_final)) and visit.url != page.url:
                yield WebFile(visit.url, visit, link.text)

    def _parts(self, page: Page, is_final: bool) -> Iterable[tuple[str, WebFile]]:
        """Yield the frames and pictures of a page without tables and attachments."""
        frames = [(e.get("src") or "").strip() for e in page.root.iter("iframe", "frame")]
        pictures = [src for src in page.pictures() if not any(word in src.lower() for word in _ORNAMENTS)]
        for source in [*frames, *pictures][:MAX_PARTS]:
            url = page.resolve(source)
            if url and self.is_allowed(url) and (visit := self._try(url, is_final)):
                yield source, WebFile(visit.url, visit)

    def _try(self, url: str, is_final: bool) -> Visit | None:
        """Return the visit of an attachment or part; its fault is kept, and the page counts without it.

        Portals give a file that is uploaded again another address, so the files of an unchanged page are final.
        """
        try:
            return visit_successfully(self.visitor, url, self.outcome.portal, is_final=is_final)
        except DataFault as fault:
            self.outcome.faults[url] = fault
            return None
