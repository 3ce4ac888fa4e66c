"""Portals on loopback that imitate those of offices: frames, GBK, lists of scripts, redirects, soft 404, hostile ones.

Each portal is a server on a port of its own. Its reports are made, and marked as simulated.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pipeline.core.form import forms
from pipeline.registry.body_names import recognise
from pipeline.simulate.render import DocumentText, render_html
from support.made_reports import FORM, applications

TITLE = "{body}{year}年政府信息公开工作年度报告"
HTML = "text/html; charset=utf-8"
Answer = Callable[[BaseHTTPRequestHandler], object]


@dataclass
class Route:
    """The answer to a path. With `writes`, the handler itself is written to, whatever the protocol says."""

    content: bytes = b""
    media_type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    writes: Answer | None = None
    failures: int = 0  # of the first requests, with status 503


@dataclass
class Server:
    """A portal: its routes by path, and the requests that it got, each with its conditions."""

    port: int
    routes: dict[str, Route] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def page(self, path: str, body: str, encoding: str = "utf-8", head: str = "", **more: object) -> None:
        """Add a page."""
        text = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
        self.routes[path] = Route(text.encode(encoding), "text/html", **more)  # type: ignore[arg-type]

    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]


@contextmanager
def serve() -> Iterator[Server]:
    """Yield a portal without routes, and stop it at the end."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            conditions = self.headers.get("If-None-Match", "")
            server.requests.append((self.path, conditions))
            route = server.routes.get(self.path)
            try:
                _answer(self, route or Route(b"404", status=404), conditions)
            except OSError:  # the client went away, as it may
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    server = Server(httpd.server_address[1])
    threading.Thread(target=httpd.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()


def _answer(handler: BaseHTTPRequestHandler, route: Route, conditions: str) -> None:
    handler.close_connection = True
    if route.writes:
        route.writes(handler)
        return
    tag = f'"{hashlib.sha256(route.content).hexdigest()[:16]}"'
    status, content = route.status, route.content
    if route.failures:
        route.failures -= 1
        status, content = 503, b"busy"
    elif status == 200 and conditions == tag:
        status, content = 304, b""
    handler.send_response(status)
    handler.send_header("Connection", "close")
    handler.send_header("Content-Type", route.media_type)
    if status != 304:
        handler.send_header("Content-Length", str(len(content)))
    if status == 200:
        handler.send_header("ETag", tag)
    for name, value in route.headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(content)


@cache
def report_html(body: str, year: int, count: int = 5) -> str:
    """Return the table and text of a made report with `count` applications."""
    (found,) = recognise(body)
    cells = dict.fromkeys(forms()[FORM].addresses(), "0") | applications(count)
    title = TITLE.format(body=found.name, year=year)
    page = render_html(forms()[FORM], cells, DocumentText(f"（模拟）{title}", "模拟数据"), encoding="utf-8").decode()
    return page.partition("<body>")[2].partition("</body>")[0]


def report_page(body: str, year: int, count: int = 5, published: str = "", chrome: str = "") -> str:
    """Return a page with a report as portals publish it: a path, a title, a date, the report, and other links."""
    date = f"<p class='info'>发布时间：{published}　来源：政府办</p>" if published else ""
    path = "<div class='nav'><a href='/'>首页</a> &gt; <a href='/list.html'>政府信息公开年报</a></div>"
    return f"{path}{date}{report_html(body, year, count)}{chrome}<div>主办：某某市人民政府办公室</div>"


def links(entries: Mapping[str, str], dates: Mapping[str, str] | None = None) -> str:
    """Return a list of links by address, with dates."""
    lines = (
        f"<li><a href='{url}'>{text}</a><span>{(dates or {}).get(url, '')}</span></li>" for url, text in entries.items()
    )
    return f"<ul>{''.join(lines)}</ul>"


def title(body: str, year: int) -> str:
    """Return the title of a report."""
    return TITLE.format(body=body, year=year)


def write_sources(folder: Path, lines: list[Mapping[str, str]]) -> None:
    """Write `data/raw/sources.csv` and an empty manifest, if there is none."""
    raw = folder / "data" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    names = ("url", "kind", "body", "hosts", "seconds", "note")
    text = "\n".join([",".join(names), *(",".join(line.get(name, "") for name in names) for line in lines)])
    (raw / "sources.csv").write_text(f"{text}\n", encoding="utf-8")
    if not (raw / "manifest.csv").exists():
        (raw / "manifest.csv").write_text(
            "path,body,region_code,level,year,provenance,source,sha256\n", encoding="utf-8"
        )


def as_json(data: object) -> Route:
    """Return a route with data as JSON."""
    return Route(json.dumps(data, ensure_ascii=False).encode(), "application/json")
