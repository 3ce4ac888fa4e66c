"""Visit addresses politely: what robots.txt allows, one request per host and second, with retries and conditions.

Every visit is recorded. An address that was visited in the same collection is not requested again, so a collection that
was interrupted continues.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from urllib.parse import urlsplit

from protego import Protego

from pipeline.collect.addresses import host_of, normalize
from pipeline.collect.archive import Archive, Reply, Visit, now
from pipeline.collect.client import MAX_BYTES, USER_AGENT, Client
from pipeline.collect.portals import MAX_SECONDS, Portal
from pipeline.core.model import DataFault

MAX_REDIRECTS = 5
REDIRECTS, UNCHANGED = frozenset({301, 302, 303, 307, 308}), 304
WAITS = (2.0, 4.0, 8.0)  # seconds before each further try
TRY_AGAIN = frozenset({429, 500, 502, 503, 504})
FAULTS_TO_TRY_AGAIN = frozenset({"collect.broken", "collect.slow"})
MAX_BUSY = 3
MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5


@dataclass
class Pace:
    """The times at which the next request to each host may begin. `sleep` and `clock` are those of the machine."""

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _next: dict[str, float] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, host: str, seconds: float) -> None:
        """Wait for the turn of a host, and give the following request its turn `seconds` later."""
        with self._lock:
            start = max(self.clock(), self._next.get(host, 0.0))
            self._next[host] = start + seconds
        self.sleep(max(0.0, start - self.clock()))


@dataclass
class Visitor:
    """A collection's way to the web. `since` is the time at which the collection began, as visits record it."""

    archive: Archive
    client: Client
    since: str
    pace: Pace = field(default_factory=Pace)
    requests: int = 0
    _robots: dict[str, tuple[Protego | None, DataFault | None]] = field(default_factory=dict)
    _busy: dict[str, int] = field(default_factory=dict)  # addresses of a host that failed one after the other
    _hosts: dict[str, Lock] = field(default_factory=dict)
    _done: set[str] = field(default_factory=set)  # addresses that this process visited
    _lock: Lock = field(default_factory=Lock)

    def visit(self, url: str, portal: Portal, is_final: bool = False) -> Visit:
        """Return the last visit of an address after its redirects. Raises DataFault if it may not be visited or failed.

        The result can have any status that is no redirect. With `is_final`, an address whose content the archive has is
        not requested again.
        """
        for _ in range(MAX_REDIRECTS + 1):
            self._require_allowed(url, portal)
            stored = self.archive.visits.get(url) if is_final else None
            has_content = stored is not None and bool(stored.warc) and stored.status < 400
            visit = stored if stored and has_content else self._visit_once(url, self._delay(url, portal))
            if visit.location == url:  # a portal that first gives a cookie
                visit = self._visit_once(url, self._delay(url, portal), is_again=True)
                if visit.location == url:
                    raise DataFault("collect.redirects", limit=1)
            if visit.data_fault:
                raise visit.data_fault
            if visit.status not in REDIRECTS:
                return visit
            if not visit.location:
                raise DataFault("collect.bad_redirect", status=visit.status)
            if host_of(visit.location) not in portal.hosts:
                raise DataFault("collect.other_host", host=host_of(visit.location))
            url = visit.location
        raise DataFault("collect.redirects", limit=MAX_REDIRECTS)

    def _require_allowed(self, url: str, portal: Portal) -> None:
        if host_of(url) not in portal.hosts:
            raise DataFault("collect.other_host", host=host_of(url))
        robots, fault = self._robots_of(url, portal)
        if fault:
            raise fault
        if robots and not robots.can_fetch(url, USER_AGENT):
            raise DataFault("collect.robots", host=host_of(url))

    def _delay(self, url: str, portal: Portal) -> float:
        """Return the seconds between two requests to a host: those of the portal, or more if robots.txt asks for it."""
        robots, _ = self._robots_of(url, portal)
        asked = float(robots.crawl_delay(USER_AGENT) or 0) if robots else 0.0
        return max(portal.seconds, min(asked, MAX_SECONDS))

    def _robots_of(self, url: str, portal: Portal) -> tuple[Protego | None, DataFault | None]:
        """Return the rules of a host, None if it has none, and the fault of a host that cannot give them (RFC 9309)."""
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            known = self._robots.get(root)
        if known is None:
            known = self._read_robots(f"{root}/robots.txt", portal)
            with self._lock:
                self._robots[root] = known
        return known

    def _read_robots(self, url: str, portal: Portal) -> tuple[Protego | None, DataFault | None]:
        visit = self._visit_once(url, portal.seconds)
        for _ in range(MAX_REDIRECTS):
            if visit.status not in REDIRECTS or host_of(visit.location or url) not in portal.hosts:
                break
            visit = self._visit_once(visit.location, portal.seconds)
        if visit.data_fault:
            return None, visit.data_fault
        if visit.status >= 500:
            return None, DataFault("collect.status", status=visit.status)
        if visit.status != 200:
            return None, None
        text = self.archive.content(visit, MAX_BYTES)[:MAX_ROBOTS_BYTES].decode("utf-8", "replace")
        return Protego.parse(text), None

    def _visit_once(self, url: str, delay: float, *, is_again: bool = False) -> Visit:
        """Return the visit of an address in this collection; request it if there is none that succeeded.

        A host gets one request at a time. Raises DataFault for a host that is busy at every address.
        """
        host = host_of(url)
        with self._lock:
            lock = self._hosts.setdefault(host, Lock())
        with lock:
            earlier = self.archive.visits.get(url)
            # A host without rules stays without them; a page that is missing may be there again.
            worst = 500 if url.endswith("/robots.txt") else 400
            has_content = earlier is not None and bool(earlier.warc) and earlier.status < worst
            if earlier and earlier.at >= self.since and (has_content or url in self._done) and not is_again:
                return earlier
            if self._busy.get(host, 0) >= MAX_BUSY:
                raise DataFault("collect.busy", host=host)
            attempt = self._try_until_it_helps(url, earlier, delay)
            is_busy = attempt.reply is not None and attempt.reply.status in TRY_AGAIN
            self._busy[host] = self._busy.get(host, 0) + 1 if is_busy else 0
            self._done.add(url)
            return self.archive.add(attempt.visit, attempt.reply)

    def _try_until_it_helps(self, url: str, earlier: Visit | None, delay: float) -> _Attempt:
        for wait in (*WAITS, None):
            self.pace.wait(host_of(url), delay)
            attempt = self._try(url, earlier)
            if wait is None or not attempt.may_help:
                break
            self.pace.sleep(max(wait, attempt.asked_wait))
        return attempt

    def _try(self, url: str, earlier: Visit | None) -> _Attempt:
        """Request an address once; with the conditions of an earlier visit, if its content is in the archive."""
        with self._lock:
            self.requests += 1
        visit = Visit(url, now())
        try:
            reply = self.client.get(url, _conditions(earlier))
        except DataFault as fault:
            values = tuple((key, str(value)) for key, value in fault.values.items())
            return _Attempt(replace(visit, fault=fault.code, values=values), may_help=fault.code in FAULTS_TO_TRY_AGAIN)
        if reply.status == UNCHANGED and earlier:
            return _Attempt(replace(earlier, at=visit.at, is_unchanged=True))
        location = normalize(reply.header("location"), url) if reply.status in REDIRECTS else None
        asked = reply.header("retry-after")
        wait = min(float(asked), MAX_SECONDS) if asked.isdecimal() and len(asked) < 6 else 0.0
        return _Attempt(replace(visit, location=location or ""), reply, wait, reply.status in TRY_AGAIN)


@dataclass(frozen=True)
class _Attempt:
    """The outcome of one request: whether another one may help, and how long the server asks to wait for it."""

    visit: Visit
    reply: Reply | None = None
    asked_wait: float = 0.0
    may_help: bool = False


def _conditions(earlier: Visit | None) -> Mapping[str, str]:
    """Return the headers that ask for a content only if it changed."""
    if earlier is None or not earlier.warc or earlier.status != 200:
        return {}
    known = {"If-None-Match": earlier.etag, "If-Modified-Since": earlier.last_modified}
    return {name: value for name, value in known.items() if value}
