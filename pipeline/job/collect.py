"""Collect: visit the portals of a data folder, decide what each found page is, and register the reports.

The stages are `crawl -> read -> decide -> register`. A preview registers nothing; the archive keeps its responses, and
the collection that follows continues from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock, Timeout

from pipeline.collect import session
from pipeline.collect.addresses import host_of
from pipeline.collect.archive import Archive
from pipeline.collect.client import open_client
from pipeline.collect.crawl import Crawler
from pipeline.collect.found import Crawled, FoundPage
from pipeline.collect.portals import SOURCES, Portal, read_portals
from pipeline.collect.titles import is_correction
from pipeline.collect.visitor import Pace, Visitor
from pipeline.core.model import DataFault, WebOrigin
from pipeline.core.paths import Data
from pipeline.job.accept import Acceptance, accept_each
from pipeline.job.collected import REPLACING, CollectedPage, day_in_china
from pipeline.job.page_reader import PageReader
from pipeline.raw.add import update_web_origins
from pipeline.raw.manifest import read_lines

PORTALS_AT_ONCE = 8
PAGES_AT_ONCE = 50  # read and registered together


@dataclass(frozen=True)
class Wish:
    """The user's wishes: only look (`is_preview`), visit hosts of the local network, replace other versions."""

    is_preview: bool = False
    allow_private: bool = False
    replace: bool = False


@dataclass
class Collection:
    """The outcome of a collection: a line per page, the vanished reports by path, and what each portal gave."""

    pages: list[CollectedPage] = field(default_factory=list)
    vanished: dict[str, WebOrigin] = field(default_factory=dict)
    portals: list[Crawled] = field(default_factory=list)
    requests: int = 0

    @property
    def notes(self) -> dict[str, DataFault]:
        """The notes on lists that may be incomplete, by address."""
        return {url: note for crawled in self.portals for url, note in crawled.notes.items()}

    @property
    def faults(self) -> dict[str, DataFault]:
        """The faults by address."""
        return {url: fault for crawled in self.portals for url, fault in crawled.faults.items()}


def collect(
    data: Data, wish: Wish, report_progress: Callable[[Crawled], None] = lambda _: None, pace: Pace | None = None
) -> Collection:
    """Collect the reports of the portals in `data/raw/sources.csv`.

    Raises ProjectFault for a file that is not valid, and DataFault if another collection of the folder is running.
    """
    portals = read_portals(data.raw / SOURCES)
    if not portals:
        raise DataFault("collect.no_sources", path=data.raw / SOURCES)
    data.archive.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(data.archive / ".lock").acquire(timeout=0):
            return _collect(data, portals, wish, report_progress, pace or Pace())
    except Timeout as error:
        raise DataFault("collect.running", path=data.archive) from error


def _collect(
    data: Data, portals: Sequence[Portal], wish: Wish, report_progress: Callable[[Crawled], None], pace: Pace
) -> Collection:
    archive, since = Archive(data.archive), session.begin(data.archive)
    registered = [line for line in _lines(data) if line["url"]]
    known = _known_addresses(portals, registered)
    with open_client(wish.allow_private) as client:
        visitor = Visitor(archive, client, since, pace)

        def crawl(portal: Portal) -> Crawled:
            return Crawler(portal, visitor, report_progress).run(known[portal])

        with ThreadPoolExecutor(PORTALS_AT_ONCE) as pool:
            crawled = list(pool.map(crawl, portals))
    collection = Collection(portals=crawled, requests=visitor.requests)
    with TemporaryDirectory(prefix="ogi-") as folder:
        reader = PageReader(data, archive, Path(folder), wish.replace, wish.is_preview)
        for pages in _batches(crawled, reader):
            collection.pages += pages if wish.is_preview else _register(data, pages)
    collection.vanished = _find_vanished(collection, registered, since)
    if not wish.is_preview:
        update_web_origins(data, collection.vanished | _find_dated(collection))
        session.end(data.archive)
    return collection


def _known_addresses(portals: Sequence[Portal], registered: Sequence[Mapping[str, str]]) -> dict[Portal, list[str]]:
    """Return the addresses of registered reports by the portal to which they belong: one for each address.

    Several portals can share a host. One with a `body` has only the reports of that body.
    """
    known: dict[Portal, list[str]] = {portal: [] for portal in portals}
    for line in registered:
        on_host = [portal for portal in portals if host_of(line["url"]) in portal.hosts]
        fitting = [p for p in on_host if p.body and (p.body in line["body"] or line["body"] in p.body)]
        for portal in (fitting or [p for p in on_host if not p.body])[:1]:
            known[portal].append(line["url"])
    return known


def _lines(data: Data) -> list[dict[str, str]]:
    return read_lines(data.manifest) if data.manifest.is_file() else []


def _batches(crawled: Sequence[Crawled], reader: PageReader) -> Iterator[list[CollectedPage]]:
    """Yield the pages as read, each once; corrections after all others and by date, because they replace them."""
    pages: dict[str, FoundPage] = {}
    for portal in crawled:
        for url, page in portal.pages.items():
            pages.setdefault(url, page)
    corrections = sorted(
        (p for p in pages.values() if is_correction(p.title)), key=lambda p: p.published_on or date.min
    )
    others = [page for page in pages.values() if not is_correction(page.title)]
    for start in range(0, len(others), PAGES_AT_ONCE):
        yield reader.read(others[start : start + PAGES_AT_ONCE])
    for page in corrections:  # one after the other: each may replace the one before
        yield reader.read([page])


def _register(data: Data, pages: Sequence[CollectedPage]) -> list[CollectedPage]:
    """Register the pages that are new reports or replace one; return all pages, with their paths."""
    wanted = [page for page in pages if page.receipt and (page.state == "new" or page.state in REPLACING)]
    ways = [
        (page.receipt, Acceptance(page.file_url, "published", page.state in REPLACING, page.web))
        for page in wanted
        if page.receipt
    ]
    outcomes = {id(p): o for p, o in zip(wanted, accept_each(ways, data), strict=True)}
    return [page.with_outcome(outcomes[id(page)]) if id(page) in outcomes else page for page in pages]


def _find_vanished(collection: Collection, registered: Sequence[Mapping[str, str]], since: str) -> dict[str, WebOrigin]:
    """Return the registered reports whose page is gone, or says so, with today's date."""
    gone = {url for crawled in collection.portals for url in crawled.gone}
    moved = {old: new for crawled in collection.portals for old, new in crawled.moved.items()}
    empty = {page.found.url for page in collection.pages if page.state == "no_report" and page.found.says_gone}
    today = day_in_china(since)
    return {
        line["path"]: web_origin(line)._replace(vanished_on=today)
        for line in registered
        if not line["vanished_on"] and (line["url"] in gone or moved.get(line["url"], line["url"]) in empty)
    }


def _find_dated(collection: Collection) -> dict[str, WebOrigin]:
    """Return the origin of registered reports that had none, or whose page is there again."""
    return {page.report_id: page.web for page in collection.pages if page.state == "known" and page.report_id}


def web_origin(line: Mapping[str, str]) -> WebOrigin:
    """Return the web origin of a line of the manifest."""
    return WebOrigin(*(line[name] for name in WebOrigin._fields))
