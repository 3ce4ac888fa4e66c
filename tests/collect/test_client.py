"""Requests: no connection to private addresses, limits of time and size, retries, pace, robots.txt, conditions."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.portals import Route, Server, serve

from pipeline.collect import client
from pipeline.collect.archive import Archive, now
from pipeline.collect.client import Client
from pipeline.collect.portals import Portal
from pipeline.collect.visitor import Pace, Visitor
from pipeline.core.model import DataFault


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as made:
        yield made


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.time, self.pauses = 0.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        self.pauses.append(seconds)


def visitor(folder: Path, clock: Clock | None = None) -> Visitor:
    clock = clock or Clock()
    pace = Pace(clock.sleep, lambda: clock.time)
    return Visitor(Archive(folder), Client(allow_private=True, total_seconds=5), now(), pace)


def portal(server: Server, seconds: float = 1.0, *hosts: str) -> Portal:
    return Portal(f"{server.url}/list.html", "list", None, hosts, seconds, "")


def fault_of(made: Client, url: str) -> str:
    with pytest.raises(DataFault) as fault:
        made.get(url, {})
    return fault.value.code


def test_private_address_gets_no_connection(server: Server) -> None:
    for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]"):
        assert fault_of(Client(), f"http://{host}:{server.port}/") == "collect.private"
    assert server.requests == []


def test_second_answer_of_the_name_server_gets_no_request(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer is public, and the connection is made to loopback: nothing is sent over it."""
    monkeypatch.setattr(client, "resolve", lambda _host, _port: ["8.8.8.8"])
    assert fault_of(Client(), f"http://localhost:{server.port}/") == "collect.private"
    assert server.requests == []


def test_unknown_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert fault_of(Client(), "http://no-such-host.invalid/") == "collect.no_host"


@pytest.mark.parametrize("part", ["headers", "content"])
def test_answer_in_drops_ends_at_the_limit(server: Server, part: str) -> None:
    stop = threading.Event()

    def drip(handler: object) -> None:
        out = handler.wfile  # type: ignore[attr-defined]
        out.write(b"HTTP/1.1 200 OK\r\n" + (b"" if part == "headers" else b"Content-Type: text/html\r\n\r\n"))
        while not stop.wait(0.05):
            out.write(b"X: y\r\n" if part == "headers" else b"x")
            out.flush()

    server.routes["/"] = Route(writes=drip)
    start = time.monotonic()
    assert fault_of(Client(allow_private=True, total_seconds=0.5), f"{server.url}/") == "collect.slow"
    assert time.monotonic() - start < 10
    stop.set()


def test_content_is_limited(server: Server) -> None:
    server.routes["/"] = Route(b"x" * 1001)
    assert fault_of(Client(allow_private=True, max_bytes=1000), f"{server.url}/") == "collect.too_large"
    assert Client(allow_private=True, max_bytes=1001).get(f"{server.url}/", {}).content == b"x" * 1001


def test_compressed_content_is_kept_as_sent_and_limited_when_read(server: Server, tmp_path: Path) -> None:
    server.routes["/"] = Route(gzip.compress(b"0" * 10_000_000), headers={"Content-Encoding": "gzip"})
    way = visitor(tmp_path)
    visit = way.visit(f"{server.url}/", portal(server))
    assert way.archive.content(visit, 10_000_000) == b"0" * 10_000_000
    with pytest.raises(DataFault, match="too_large"):
        way.archive.content(visit, 9_999_999)


@pytest.mark.parametrize(
    ("encoding", "content", "code"),
    [
        ("br", b"x", "collect.encoding"), ("gzip", gzip.compress(b"<p>1</p>" * 99)[:30], "collect.cut"),
        ("gzip", b"\x1f\x8bnonsense", "collect.cut"), ("deflate", zlib.compress(b"<p>ok</p>"), ""),
        ("deflate", zlib.compress(b"<p>ok</p>")[2:-4], ""), ("gzip", b"<p>ok</p>", ""), ("deflate", b" <p>ok</p>", ""),
        ("deflate", zlib.compress(b"<p>ok</p>", 0), ""),  # stored: its bytes have a < of their own
    ],
)  # fmt: skip
def test_compressions(server: Server, tmp_path: Path, encoding: str, content: bytes, code: str) -> None:
    server.routes["/"] = Route(content, headers={"Content-Encoding": encoding})
    way = visitor(tmp_path)
    visit = way.visit(f"{server.url}/", portal(server))
    if code:
        with pytest.raises(DataFault) as fault:
            way.archive.content(visit, 1000)
        assert fault.value.code == code
    else:
        assert way.archive.content(visit, 1000).strip() == b"<p>ok</p>"


def test_host_that_is_always_busy_is_left_after_three_addresses(server: Server, tmp_path: Path) -> None:
    server.routes |= {f"/{n}": Route(b"", failures=99) for n in range(5)}
    way = visitor(tmp_path)
    for number in range(3):
        assert way.visit(f"{server.url}/{number}", portal(server)).status == 503
    with pytest.raises(DataFault, match="busy"):
        way.visit(f"{server.url}/4", portal(server))
    assert "/4" not in server.paths()


def test_fault_is_not_remembered_for_the_next_run(server: Server, tmp_path: Path) -> None:
    since = now()
    first = Visitor(Archive(tmp_path), Client(allow_private=False), since, Pace(lambda _: None))
    with pytest.raises(DataFault, match="private"):
        first.visit(f"{server.url}/a", portal(server))
    server.routes["/a"] = Route(b"a")
    second = Visitor(Archive(tmp_path), Client(allow_private=True), since, Pace(lambda _: None))
    assert second.visit(f"{server.url}/a", portal(server)).status == 200


def test_cookie_that_a_page_first_gives(server: Server, tmp_path: Path) -> None:
    def answer(handler: object) -> None:
        has_cookie = "a=1" in (handler.headers.get("Cookie") or "")  # type: ignore[attr-defined]
        lines = ["HTTP/1.1 200 OK", "Content-Length: 2", "", "ok"] if has_cookie else [
            "HTTP/1.1 302 Found", "Set-Cookie: a=1; Path=/", "Location: /a", "Content-Length: 0", "", ""
        ]  # fmt: skip
        handler.wfile.write("\r\n".join(lines).encode())  # type: ignore[attr-defined]

    server.routes["/a"] = Route(writes=answer)
    assert visitor(tmp_path).visit(f"{server.url}/a", portal(server)).status == 200
    assert server.paths().count("/a") == 2


def test_busy_server_is_asked_again_after_a_pause(server: Server, tmp_path: Path) -> None:
    server.routes["/"] = Route(b"ok", failures=2, headers={"Retry-After": "30"})
    clock = Clock()
    assert visitor(tmp_path, clock).visit(f"{server.url}/", portal(server)).status == 200
    assert server.paths() == ["/robots.txt", "/", "/", "/"]
    assert clock.pauses.count(30.0) == 2


def test_server_that_stays_busy_is_left(server: Server, tmp_path: Path) -> None:
    server.routes["/"] = Route(b"ok", failures=99)
    assert visitor(tmp_path).visit(f"{server.url}/", portal(server)).status == 503
    assert server.paths().count("/") == 4


def test_requests_to_one_host_keep_their_distance(server: Server, tmp_path: Path) -> None:
    clock = Clock()
    way = visitor(tmp_path, clock)
    for name in "abc":
        way.visit(f"{server.url}/{name}", portal(server, 1.5))
    assert clock.time == pytest.approx(4.5)  # robots.txt, then three addresses
    with serve() as other:
        way.visit(f"{other.url}/a", portal(other, 1.5))
    assert clock.time == pytest.approx(6.0), "another host has a pace of its own"


def test_robots_txt_is_respected(server: Server, tmp_path: Path) -> None:
    rules = b"User-agent: *\nDisallow: /a\nAllow: /a/b$\nCrawl-delay: 7\n\nUser-agent: other\nDisallow: /"
    server.routes |= {"/robots.txt": Route(rules, "text/plain"), "/a/b": Route(b"b"), "/c": Route(b"c")}
    clock = Clock()
    way = visitor(tmp_path, clock)
    assert way.visit(f"{server.url}/a/b", portal(server)).status == 200
    assert way.visit(f"{server.url}/c", portal(server)).status == 200
    with pytest.raises(DataFault, match="robots"):
        way.visit(f"{server.url}/a/c", portal(server))
    assert "/a/c" not in server.paths()
    assert clock.time >= 7


def test_host_without_working_robots_txt_is_left(server: Server, tmp_path: Path) -> None:
    server.routes |= {"/robots.txt": Route(b"", status=500), "/a": Route(b"a")}
    with pytest.raises(DataFault, match="status"):
        visitor(tmp_path).visit(f"{server.url}/a", portal(server))
    assert "/a" not in server.paths()


def test_redirect_to_a_listed_host_is_followed(server: Server, tmp_path: Path) -> None:
    with serve() as other:
        other.routes["/b"] = Route(b"b")
        server.routes["/a"] = Route(b"", status=302, headers={"Location": f"{other.url}/b"})
        with pytest.raises(DataFault, match="other_host"):
            visitor(tmp_path / "1").visit(f"{server.url}/a", portal(server))
        assert other.requests == []
        listed = portal(server, 1.0, f"127.0.0.1:{other.port}")
        assert visitor(tmp_path / "2").visit(f"{server.url}/a", listed).url == f"{other.url}/b"


def test_unchanged_content_is_not_kept_twice(server: Server, tmp_path: Path) -> None:
    server.routes["/"] = Route(b"one")
    first = visitor(tmp_path).visit(f"{server.url}/", portal(server))
    second = visitor(tmp_path).visit(f"{server.url}/", portal(server))
    assert (second.warc, second.is_unchanged, first.is_unchanged) == (first.warc, True, False)
    assert server.requests[-1][1] == first.etag
    server.routes["/"] = Route(b"two")
    third = visitor(tmp_path).visit(f"{server.url}/", portal(server))
    assert (third.is_unchanged, third.warc == first.warc) == (False, False)
    assert Archive(tmp_path).content(first, 10) == b"one"
    assert Archive(tmp_path).content(third, 10) == b"two"


def test_last_line_that_a_kill_cut_is_dropped(server: Server, tmp_path: Path) -> None:
    server.routes["/"] = Route(b"one")
    visitor(tmp_path).visit(f"{server.url}/", portal(server))
    visits = tmp_path / "visits.jsonl"
    whole = visits.read_bytes()
    visits.write_bytes(whole + whole.splitlines()[0][:40])
    assert len(Archive(tmp_path).visits) == 2
    assert visits.read_bytes() == whole


def test_damaged_archive_names_the_file(server: Server, tmp_path: Path) -> None:
    server.routes["/"] = Route(b"one")
    visit = visitor(tmp_path).visit(f"{server.url}/", portal(server))
    for content in (b"", b"no archive", (tmp_path / visit.warc).read_bytes()[:60]):
        (tmp_path / visit.warc).write_bytes(content)
        with pytest.raises(DataFault, match=r"collect\.archive"):
            Archive(tmp_path).content(visit, 10)


def test_other_programs_read_the_archive(server: Server, tmp_path: Path) -> None:
    from warcio.archiveiterator import ArchiveIterator

    server.routes["/"] = Route("正文".encode())
    visit = visitor(tmp_path).visit(f"{server.url}/", portal(server))
    with (tmp_path / visit.warc).open("rb") as file:
        (record,) = ArchiveIterator(file, check_digests="raise")
    assert record.rec_headers.get_header("WARC-Target-URI") == f"{server.url}/"
    assert record.rec_headers.get_header("WARC-Date") == visit.at
