"""The outcome of a crawl: the pages and files of a portal that may be reports."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from pipeline.collect.archive import Visit
from pipeline.collect.portals import Portal
from pipeline.core.model import DataFault


@dataclass(frozen=True)
class WebFile:
    """A file of the archive: its address, its visit, and the text of the link to it."""

    url: str
    visit: Visit
    text: str = ""


@dataclass(frozen=True)
class FoundPage:
    """A page or file that may be a report. `page` is the page itself, None if the list leads to a file.

    `attachments` are the files that it offers, `parts` the pictures and frames by their addresses as the page has them.
    `says_gone` means that the page says that it is no longer there.
    """

    url: str
    title: str
    portal: Portal
    published_on: date | None
    page: WebFile | None
    attachments: tuple[WebFile, ...] = ()
    parts: tuple[tuple[str, WebFile], ...] = ()
    says_gone: bool = False

    @property
    def files(self) -> tuple[WebFile, ...]:
        """All files, the page first."""
        own = (self.page,) if self.page else ()
        return (*own, *self.attachments, *(file for _, file in self.parts))


@dataclass
class Crawled:
    """The outcome of a portal: pages by address, faults by address, and links to hosts that are not listed.

    `gone` are the addresses of missing pages, `moved` the last addresses of those that lead to other ones.
    `notes` are about lists that may be incomplete.
    """

    portal: Portal
    pages: dict[str, FoundPage] = field(default_factory=dict)
    faults: dict[str, DataFault] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    notes: dict[str, DataFault] = field(default_factory=dict)
    other_hosts: Counter[str] = field(default_factory=Counter)
    list_count: int = 0
