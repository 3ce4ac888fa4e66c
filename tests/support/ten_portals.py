"""Ten portals, each with its own habits, and the reports that a collection must take from each."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import docx

from support.portals import Route, Server, as_json, links, report_html, report_page, serve, title

NOISE = {
    "/tz.html": "关于做好2023年政府信息公开工作年度报告编制工作的通知",
    "/jd.html": "【图解】2023年政府信息公开工作年度报告",
    "/zn.html": "政府信息公开指南",
    "/news.html": "市政府召开常务会议",
}


@dataclass
class Expected:
    """The reports of a portal: (body, year) with the date of publication, and the address of each page."""

    published: dict[tuple[str, int], str] = field(default_factory=dict)
    urls: dict[tuple[str, int], str] = field(default_factory=dict)

    def add(self, body: str, year: int, published: str, url: str) -> None:
        self.published[body, year], self.urls[body, year] = published, url


def static_list(server: Server, expected: Expected) -> None:
    """A list of three pages whose numbers a script makes; dates in `meta` elements."""
    pages: list[dict[str, str]] = [{}, {}, {}]
    for number, (body, year) in enumerate((b, y) for b in ("渑池县", "卢氏县") for y in (2022, 2023, 2024)):
        path, day = f"/art/{number}.html", f"{year + 1}-01-{10 + number}"
        server.page(path, report_page(body, year), head=f"<meta name='PubDate' content='{day} 10:30'>")
        pages[number // 2][path.lstrip("/")] = title(f"{body}人民政府", year)
        expected.add(f"{body}人民政府", year, day, server.url + path)
    script = '<script>createPageHTML(3, 0, "list", "html");</script>'
    for number, entries in enumerate(pages):
        name = f"/list{f'_{number}' if number else ''}.html"
        server.page(name, links({**NOISE, **entries}) + script)


def frames_in_gbk(server: Server, expected: Expected) -> None:
    """A set of frames in GBK; the list is in one of them; the date follows a label."""
    head = "<meta charset='gb2312'>"
    frames = "<frameset cols='20%,80%'><frame src='menu.htm'><frame src='right.htm'></frameset>"
    server.routes["/list.html"] = Route(f"<html><head>{head}</head>{frames}</html>".encode("gbk"), "text/html")
    server.page("/menu.htm", "<a href='/'>首页</a>", "gbk", head)
    entries = {}
    for body in ("义马市", "灵宝市"):
        path = f"/{'ym' if body == '义马市' else 'lb'}.htm"
        server.page(path, report_page(body, 2023, published="2024年1月25日"), "gbk", head)
        entries[path] = title(f"{body}人民政府", 2023)
        expected.add(f"{body}人民政府", 2023, "2024-01-25", server.url + path)
    server.page("/right.htm", links(entries), "gbk", head)


def list_of_a_script(server: Server, expected: Expected) -> None:
    """A list that a script fills from JSON, page by page."""
    server.page("/list.html", '<div id=x></div><script>$.getJSON("/api/list?page=" + n, show)</script>')
    for page, year in enumerate((2022, 2023), start=1):
        path = f"/detail?id={year}"
        item = {"docId": year, "docTitle": title("湖滨区人民政府", year), "docUrl": path, "ext": {"hits": 3}}
        server.routes[f"/api/list?page={page}"] = as_json({"total": 2, "rows": [item | {"time": f"{year + 1}-01-20"}]})
        server.page(path, report_page("湖滨区", year))
        expected.add("湖滨区人民政府", year, f"{year + 1}-01-20", server.url + path)
    server.routes["/api/list?page=3"] = as_json({"total": 2, "rows": []})


def attachments_behind_redirects(server: Server, expected: Expected) -> None:
    """A page with a sentence, and the report in a Word file behind a redirect whose address names nothing."""
    body, path = "陕州区人民政府", "/content/1.html"
    server.page("/list.html", links({path: title(body, 2023)}))
    text = "<h1>年度报告</h1><p>发布日期：2024/01/29</p><a href='/download.jsp?id=7'>附件：年度报告</a>"
    server.page(path, text + "<a href='https://elsewhere.invalid/a.pdf'>附件2</a>")
    server.routes["/download.jsp?id=7"] = Route(b"", status=302, headers={"Location": "/get/7"})
    server.routes["/get/7"] = Route(b"", status=301, headers={"Location": f"{server.url}/files/7.bin"})
    name = {"Content-Disposition": 'attachment; filename="../../../../etc/7.docx"'}
    server.routes["/files/7.bin"] = Route(word_report("陕州区", 2023), "application/octet-stream", headers=name)
    expected.add(body, 2023, "2024-01-29", server.url + path)


def soft_404(server: Server, expected: Expected) -> None:
    """Pages that are gone: with status 404 or 200, with a way back to the list; one that robots.txt forbids."""
    server.routes["/robots.txt"] = Route(b"User-agent: *\nDisallow: /secret/\n", "text/plain")
    good = "/ok.html"
    server.page(good, report_page("新安县", 2023, published="2024-01-12"))
    entries = {f"/gone{n}.html": title("新安县人民政府", 2018 + n) for n in range(3)}
    entries |= {"/secret/a.html": title("新安县人民政府", 2017), good: title("新安县人民政府", 2023)}
    server.page("/list.html", links(entries))
    server.page("/gone1.html", "<h1>您访问的页面不存在</h1>" + links({"/list.html": "政府信息公开年报"}))
    server.page("/gone2.html", "<p>抱歉，页面已删除</p>")
    expected.add("新安县人民政府", 2023, "2024-01-12", server.url + good)


def slow_and_busy(server: Server, expected: Expected) -> None:
    """A server that is busy at first, and one page that comes in drops."""
    path = "/a.html"
    server.page("/list.html", links({path: title("孟津区人民政府", 2023)}), failures=2)
    server.page(path, report_page("孟津区", 2023, published="2024-01-31"))
    content = server.routes[path].content

    def drip(handler: object) -> None:
        out = handler.wfile  # type: ignore[attr-defined]
        out.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
        for start in range(0, len(content), 2000):
            out.write(content[start : start + 2000])
            out.flush()

    server.routes[path] = Route(writes=drip)
    expected.add("孟津区人民政府", 2023, "2024-01-31", server.url + path)


def endless(server: Server, expected: Expected) -> None:
    """A calendar of pages without end, which repeats its reports; the address of each next page is new."""
    path = "/r.html"
    server.page(path, report_page("偃师区", 2023, published="2024-01-30"))

    class Pages(dict[str, Route]):
        def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
            if not key.startswith("/list.html"):
                return super().get(key, default)
            number = int(key.partition("=")[2] or 1)
            body = links({path: title("偃师区人民政府", 2023)}) + f"<a href='/list.html?p={number + 1}'>下一页</a>"
            return Route(f"<html><body>{body}</body></html>".encode())

    server.routes = Pages(server.routes)
    expected.add("偃师区人民政府", 2023, "2024-01-30", server.url + path)


def records_in_cdata(server: Server, expected: Expected) -> None:
    """Records of a data store in a script, links that a script opens, and a base address."""
    path = "/zfxxgk/art/2.html"
    full = title("宜阳县人民政府", 2023)
    record = f"<li><a href='art/2.html' title='{full}'>宜阳县2023年政府信息公开…</a><b>2024-01-22</b></li>"
    store = f"<script type='text/xml'><datastore><record><![CDATA[{record}]]></record></datastore></script>"
    opened = f"<a href='javascript:void(0)' onclick=\"openDoc('art/3.html')\">{title('嵩县人民政府', 2023)}</a>"
    server.page("/list.html", store + opened, head="<base href='/zfxxgk/'>")
    server.page(path, report_page("宜阳县", 2023))
    server.page("/zfxxgk/art/3.html", report_page("嵩县", 2023, published="2024-01-23"))
    expected.add("宜阳县人民政府", 2023, "2024-01-22", server.url + path)
    expected.add("嵩县人民政府", 2023, "2024-01-23", server.url + "/zfxxgk/art/3.html")


def columns_by_year(server: Server, expected: Expected) -> None:
    """An entry that sends on, a column per year, and lists that only name the bodies."""
    server.page("/list.html", "", head="<meta http-equiv='refresh' content='0; url=nb/index.html'>")
    head = "<title>政府信息公开年报_某市政府</title>"
    server.page("/nb/index.html", links({"2022.html": "2022年", "2023.html": "2023年度"}), head=head)
    for year in (2022, 2023):
        entries = {f"/nb/{year}-{n}.html": name for n, name in enumerate(("洛宁县人民政府", "伊川县人民政府"))}
        server.page(f"/nb/{year}.html", links(entries), head=head)
        for url, name in entries.items():
            server.page(url, report_page(name.removesuffix("人民政府"), year, published=f"{year + 1}-01-15"))
            expected.add(name, year, f"{year + 1}-01-15", server.url + url)


def hostile(server: Server, expected: Expected) -> None:
    """Redirects to loopback, contents without end, wrong lengths, names with `../`, markup in titles."""
    victim = "http://127.0.0.1:1/"
    entries = {f"/h{n}.html": title("栾川县人民政府", 2010 + n) for n in range(9)}
    entries |= {"/good.html": "<b>栾川县</b>2023年政府信息公开工作年度报告<script>alert(1)</script>"}
    entries |= {
        "http://user:pass@127.0.0.1/x.html": title("栾川县人民政府", 2020),
        victim: title("栾川县人民政府", 2021),
    }
    server.page("/list.html", links(entries))
    for number, location in enumerate((victim, "file:///etc/passwd", "/h2.html", "http://[::ffff:127.0.0.1]:1/")):
        server.routes[f"/h{number}.html"] = Route(b"", status=302, headers={"Location": location})
    server.routes["/h4.html"] = Route(writes=lambda h: h.wfile.write(_head("Content-Length: 10737418240")))
    server.routes["/h5.html"] = Route(writes=_without_end)
    server.routes["/h6.html"] = Route(writes=lambda h: h.wfile.write(_head("Content-Length: 50") + b"<p>short"))
    server.routes["/h7.html"] = Route(b"<div>" * 200_000)
    server.routes["/h8.html"] = Route(writes=lambda h: h.wfile.write(b"no HTTP at all\r\n\r\n"))
    server.page("/good.html", report_page("栾川县", 2023, published="2024-01-18"))
    expected.add("栾川县人民政府", 2023, "2024-01-18", server.url + "/good.html")


def _head(*lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: text/html", "Connection: close", *lines, "", ""]).encode()


def _without_end(handler: object) -> None:
    out = handler.wfile  # type: ignore[attr-defined]
    out.write(_head())
    while True:
        out.write(b"<p>and so on</p>" * 4096)


def word_report(body: str, year: int) -> bytes:
    """Return a made report as a Word file, without its title: the portal's page gives it."""
    from lxml import html

    root = html.fromstring(f"<div>{report_html(body, year)}</div>")
    document = docx.Document()
    for element in root.iter("h1", "h2", "p", "table"):
        if element.tag != "table":
            document.add_paragraph(element.text_content())
            continue
        rows = [
            [(td, int(td.get("rowspan", 1)), int(td.get("colspan", 1))) for td in tr.iter("td")]
            for tr in element.iter("tr")
        ]
        _add_table(document, rows)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _add_table(document: docx.document.Document, rows: list[list[tuple[object, int, int]]]) -> None:
    width = sum(span for _, _, span in rows[0])
    table, taken = document.add_table(len(rows), width), set()
    for y, row in enumerate(rows):
        x = 0
        for td, height, span in row:
            while (y, x) in taken:
                x += 1
            taken |= {(y + i, x + j) for i in range(height) for j in range(span)}
            table.cell(y, x).merge(table.cell(y + height - 1, x + span - 1)).text = td.text_content()  # type: ignore[attr-defined]


PORTALS: tuple[Callable[[Server, Expected], None], ...] = (
    static_list, frames_in_gbk, list_of_a_script, attachments_behind_redirects, soft_404, slow_and_busy, endless,
    records_in_cdata, columns_by_year, hostile,
)  # fmt: skip


@contextmanager
def ten_portals(*chosen: Callable[[Server, Expected], None]) -> Iterator[list[tuple[Server, Expected]]]:
    """Yield the portals, or the chosen ones, each with what must be taken from it."""
    with ExitStack() as stack:
        portals = []
        for make in chosen or PORTALS:
            server, expected = stack.enter_context(serve()), Expected()
            make(server, expected)
            portals.append((server, expected))
        yield portals
