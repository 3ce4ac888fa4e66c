"""Collect from ten portals on loopback: every report once, with its date; follow what changes; survive a kill."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from support.killed_collection import count_moments, start
from support.portals import Route, Server, links, report_page, title, write_sources
from support.project import ROOT
from support.ten_portals import (
    attachments_behind_redirects,
    frames_in_gbk,
    list_of_a_script,
    static_list,
    ten_portals,
    word_report,
)

from pipeline.collect.visitor import Pace
from pipeline.core.paths import Data
from pipeline.job.collect import Collection, Wish, collect
from pipeline.raw.file_state import sha256
from pipeline.raw.manifest import read_lines

pytestmark = pytest.mark.slow  # each collection starts processes that read the files


def run(folder: Path, *, is_preview: bool = False, replace: bool = False) -> Collection:
    """Collect from servers on loopback without pauses."""
    return collect(Data(folder / "data"), Wish(is_preview, True, replace), pace=Pace(sleep=lambda _seconds: None))


def states(collection: Collection) -> dict[str, str]:
    """Return the state of each page by the path of its address."""
    return {
        page.found.url.partition("/")[2].partition("/")[2].partition("/")[2]: page.state for page in collection.pages
    }


def lines(folder: Path) -> dict[tuple[str, int], dict[str, str]]:
    return {(line["body"], int(line["year"])): line for line in read_lines(folder / "data" / "raw" / "manifest.csv")}


def sources(folder: Path, *servers: Server) -> None:
    write_sources(folder, [{"url": f"{server.url}/list.html", "kind": "list"} for server in servers])


def test_ten_portals_give_every_report_once_and_nothing_else(tmp_path: Path) -> None:
    with ten_portals() as portals:
        sources(tmp_path, *(server for server, _ in portals))
        preview = run(tmp_path, is_preview=True)
        assert lines(tmp_path) == {}
        for server, _ in portals:
            server.requests.clear()
        first = run(tmp_path)
        asked = {server.url + path for server, _ in portals for path in server.paths()}
        assert asked <= set(preview.faults), "the preview's responses are used; what failed is asked again"
        wanted = {key: date for _, expected in portals for key, date in expected.published.items()}
        urls = {key: url for _, expected in portals for key, url in expected.urls.items()}
        found = lines(tmp_path)
        assert {key: line["published_on"] for key, line in found.items()} == wanted
        assert {key: line["url"] for key, line in found.items()} == urls
        assert all(line["collected_on"] and line["provenance"] == "simulated" for line in found.values())
        assert sorted(states(preview).items()) == sorted(states(first).items())
        reports = [p for p in (tmp_path / "data" / "raw").rglob("*") if p.is_file() and p.parent.name.isdecimal()]
        assert len(reports) == len(found)
        assert not list(tmp_path.parent.rglob("7.docx"))
        again = run(tmp_path)
    assert {page.state for page in again.pages} == {"unchanged", "no_report"}
    assert lines(tmp_path) == found


def test_second_collection_asks_only_for_what_may_have_changed(tmp_path: Path) -> None:
    with ten_portals(static_list, attachments_behind_redirects) as ((server, _), (office, _)):
        sources(tmp_path, server, office)
        run(tmp_path)
        server.requests.clear()
        office.requests.clear()
        run(tmp_path)
        assert all(conditions for path, conditions in server.requests if path != "/robots.txt")
        assert len(server.paths()) == len(set(server.paths()))
        assert set(office.paths()) == {"/robots.txt", "/list.html", "/content/1.html"}, "the attachment is final"


def test_changed_page_is_a_revision_and_a_correction_supersedes(tmp_path: Path) -> None:
    with ten_portals(frames_in_gbk) as ((server, _),):
        sources(tmp_path, server)
        run(tmp_path)
        old = sha256(tmp_path / "data" / "raw" / lines(tmp_path)["义马市人民政府", 2023]["path"])
        server.page("/ym.htm", report_page("义马市", 2023, 7, "2024年1月25日"), "gbk")
        entries = {
            "/ym.htm": title("义马市人民政府", 2023), "/lb.htm": title("灵宝市人民政府", 2023),
            "/lb2.htm": title("灵宝市人民政府", 2023) + "（更正）",
        }  # fmt: skip
        server.page("/right.htm", links(entries), "gbk")
        server.page("/lb2.htm", report_page("灵宝市", 2023, 9, "2024-03-02"), "gbk")
        changed = run(tmp_path)
        assert states(changed) == {"ym.htm": "revised", "lb.htm": "unchanged", "lb2.htm": "corrected"}
        revised = next(page for page in changed.pages if page.state == "revised")
        assert revised.receipt
        assert len(revised.receipt.differences) == 6
        line = lines(tmp_path)["灵宝市人民政府", 2023]
        assert (line["url"], line["supersedes"]) == (f"{server.url}/lb2.htm", f"{server.url}/lb.htm")
        assert line["published_on"] == "2024-03-02"
        kept = list((tmp_path / "data" / "replaced").rglob("*.html"))
        assert len(kept) == 2
        assert old in {sha256(path) for path in kept}
        assert states(run(tmp_path)) == {"ym.htm": "unchanged", "lb.htm": "superseded", "lb2.htm": "unchanged"}


def test_corrections_follow_one_another_by_date(tmp_path: Path) -> None:
    """The list has the newest first; each correction replaces the one before, and later runs change nothing."""
    with ten_portals(frames_in_gbk) as ((server, _),):
        pages = {
            "/c2.htm": ("2024-05-01", 9, "（更正）"),
            "/c1.htm": ("2024-03-01", 8, "（更正）"),
            "/a.htm": ("2024-01-20", 5, ""),
        }
        server.page(
            "/right.htm", links({url: title("灵宝市人民政府", 2023) + end for url, (_, _, end) in pages.items()})
        )
        for url, (day, count, _) in pages.items():
            server.page(url, report_page("灵宝市", 2023, count, day))
        sources(tmp_path, server)
        run(tmp_path)
        line = lines(tmp_path)["灵宝市人民政府", 2023]
        assert line["url"] == f"{server.url}/c2.htm"
        assert line["supersedes"].split() == [f"{server.url}/c1.htm", f"{server.url}/a.htm"]
        assert states(run(tmp_path)) == {"c2.htm": "unchanged", "c1.htm": "superseded", "a.htm": "superseded"}
        assert lines(tmp_path)["灵宝市人民政府", 2023] == line


def test_replaced_version_does_not_come_back(tmp_path: Path) -> None:
    with ten_portals(frames_in_gbk) as ((server, _),):
        server.page(
            "/right.htm", links({"/a.htm": title("灵宝市人民政府", 2023), "/b.htm": title("灵宝市人民政府", 2023)})
        )
        server.page("/a.htm", report_page("灵宝市", 2023, 5))
        server.page("/b.htm", report_page("灵宝市", 2023, 6))
        sources(tmp_path, server)
        run(tmp_path)
        assert states(run(tmp_path, replace=True)) == {"a.htm": "unchanged", "b.htm": "replaced"}
        assert states(run(tmp_path, replace=True)) == {"a.htm": "superseded", "b.htm": "unchanged"}


def test_sources_of_two_bodies_on_one_host(tmp_path: Path) -> None:
    """The pages do not name their body: each belongs to the source that lists it, also when it is no longer listed."""
    text = report_page("渑池县", 2023).replace("渑池县人民政府", "").replace("渑池县", "")
    with ten_portals(frames_in_gbk) as ((server, _),):
        bodies = {"/jyj.html": "渑池县教育局", "/wjw.html": "渑池县卫生健康委员会"}
        for number, path in enumerate(bodies):
            server.page(path, links({f"/{number}.html": "2023年政府信息公开工作年度报告"}))
            server.page(f"/{number}.html", text.replace(">5<", f">{6 + number}<"))
        write_sources(tmp_path, [{"url": server.url + path, "body": body} for path, body in bodies.items()])
        run(tmp_path)
        found = {key: line["url"] for key, line in lines(tmp_path).items()}
        assert found == {(body, 2023): f"{server.url}/{n}.html" for n, body in enumerate(bodies.values())}
        server.page("/jyj.html", "")
        server.page("/0.html", text.replace(">5<", ">9<"))
        assert states(run(tmp_path)) == {"0.html": "revised", "1.html": "unchanged"}
        assert {key: line["url"] for key, line in lines(tmp_path).items()} == found


def test_list_of_another_body_is_not_that_of_the_source(tmp_path: Path) -> None:
    text = report_page("渑池县", 2022).replace("渑池县人民政府", "").replace("渑池县", "")
    with ten_portals(frames_in_gbk) as ((server, _),):
        server.page("/jyj.html", links({"/wjw/": "县卫健委政府信息公开年报"}))
        server.page("/wjw/", links({"/w.html": "2022年政府信息公开年度报告"}))
        server.page("/w.html", text)
        write_sources(tmp_path, [{"url": f"{server.url}/jyj.html", "body": "渑池县教育局"}])
        run(tmp_path)
    assert lines(tmp_path) == {}
    assert "/w.html" not in server.paths()


def test_page_under_maintenance_has_not_vanished(tmp_path: Path) -> None:
    with ten_portals(frames_in_gbk) as ((server, _),):
        sources(tmp_path, server)
        run(tmp_path)
        server.page("/ym.htm", "<h1>网站升级维护中，请稍后访问</h1>")
        found = run(tmp_path)
        assert (states(found)["ym.htm"], found.vanished) == ("no_report", {})


def test_later_date_of_an_unchanged_report_is_recorded(tmp_path: Path) -> None:
    with ten_portals(frames_in_gbk) as ((server, _),):
        sources(tmp_path, server)
        run(tmp_path)
        server.page("/ym.htm", report_page("义马市", 2023, 5, "2024-03-30"), "gbk")
        assert states(run(tmp_path))["ym.htm"] == "known"
        assert lines(tmp_path)["义马市人民政府", 2023]["published_on"] == "2024-03-30"


def test_files_of_a_sidebar_are_not_reports_of_the_page(tmp_path: Path) -> None:
    with ten_portals(frames_in_gbk) as ((server, _),):
        other = f"<a href='/o.docx'>{title('卢氏县人民政府', 2022)}</a>"
        server.page("/lb.htm", report_page("灵宝市", 2023, 5, "2024-01-25", other))
        server.routes["/o.docx"] = Route(word_report("卢氏县", 2022), "application/octet-stream")
        sources(tmp_path, server)
        run(tmp_path)
    assert set(lines(tmp_path)) == {("义马市人民政府", 2023), ("灵宝市人民政府", 2023)}


def test_columns_with_a_picture_or_in_a_table_are_lists(tmp_path: Path) -> None:
    with ten_portals(frames_in_gbk) as ((server, _),):
        rows = f"<tr><td><a href='/lb.htm'>{title('灵宝市人民政府', 2023)}</a></td><td>2024-01-25</td></tr>" * 2
        server.page("/list.html", links({"/1.html": "2023年政府信息公开年报", "/2.html": "政府信息公开年报（2023年）"}))
        server.page("/1.html", f"<img src='/images/top.jpg'>{links({'/ym.htm': title('义马市人民政府', 2023)})}")
        server.page("/2.html", f"<table>{rows}</table>")
        sources(tmp_path, server)
        run(tmp_path)
    assert set(lines(tmp_path)) == {("义马市人民政府", 2023), ("灵宝市人民政府", 2023)}
    assert "/images/top.jpg" not in server.paths()


def test_second_report_and_second_part_of_a_page_are_noted(tmp_path: Path) -> None:
    with ten_portals(frames_in_gbk) as ((server, _),):
        server.page("/ym.htm", report_page("义马市", 2023) + report_page("卢氏县", 2023))
        server.page("/lb.htm", report_page("灵宝市", 2023) + "<a href='lb_2.htm'>下一页</a>")
        sources(tmp_path, server)
        found = run(tmp_path)
    notes = {page.found.url.rpartition("/")[2]: page.note.code for page in found.pages if page.note}
    assert notes == {"ym.htm": "collect.several"}
    assert {url.rpartition("/")[2]: note.code for url, note in found.notes.items()} == {"lb.htm": "collect.next_part"}


def test_source_without_reports_and_pages_without_address_are_noted(tmp_path: Path) -> None:
    with ten_portals(frames_in_gbk) as ((server, _),):
        server.page("/list.html", "<div id=app></div><a href='javascript:page(2)'>下一页</a>")
        sources(tmp_path, server)
        notes = {note.code for note in run(tmp_path).notes.values()}
    assert notes <= {"collect.nothing", "collect.no_next"}
    assert notes


def test_vanished_page_leaves_its_report_marked_until_it_is_back(tmp_path: Path) -> None:
    with ten_portals(frames_in_gbk) as ((server, _),):
        sources(tmp_path, server)
        run(tmp_path)
        page = server.routes.pop("/ym.htm")
        server.page("/lb.htm", "<h1>页面不存在</h1>", "gbk")
        server.page("/right.htm", "", "gbk")  # and the list no longer names them
        gone = run(tmp_path)
        assert len(gone.vanished) == 2
        found = lines(tmp_path)
        assert all(
            line["vanished_on"] and (tmp_path / "data" / "raw" / line["path"]).is_file() for line in found.values()
        )
        marked = found["义马市人民政府", 2023]["vanished_on"]
        assert run(tmp_path).vanished == {}, "the day on which it vanished stays"
        server.routes["/ym.htm"] = page
        assert states(run(tmp_path))["ym.htm"] == "known"
        assert lines(tmp_path)["义马市人民政府", 2023]["vanished_on"] == ""
        assert lines(tmp_path)["灵宝市人民政府", 2023]["vanished_on"] == marked


def test_other_version_on_another_page_needs_a_person(tmp_path: Path) -> None:
    with ten_portals(frames_in_gbk) as ((server, _),):
        sources(tmp_path, server)
        run(tmp_path)
        server.page("/right.htm", links({"/x.htm": title("灵宝市人民政府", 2023)}), "gbk")
        server.page("/x.htm", report_page("灵宝市", 2023, 9, "2024-03-02"), "gbk")
        assert states(run(tmp_path))["x.htm"] == "other"
        assert lines(tmp_path)["灵宝市人民政府", 2023]["url"] == f"{server.url}/lb.htm"
        assert states(run(tmp_path, replace=True))["x.htm"] == "replaced"
        assert lines(tmp_path)["灵宝市人民政府", 2023]["url"] == f"{server.url}/x.htm"


def test_registered_file_gets_its_address_and_date(tmp_path: Path) -> None:
    with ten_portals(frames_in_gbk) as ((server, _),):
        sources(tmp_path, server)
        run(tmp_path)
        manifest = tmp_path / "data" / "raw" / "manifest.csv"
        bare = [",".join(line.split(",")[:8]) for line in manifest.read_text(encoding="utf-8").splitlines()]
        manifest.write_text("\n".join(bare) + "\n", encoding="utf-8")
        assert set(states(run(tmp_path)).values()) == {"known"}
        assert lines(tmp_path)["义马市人民政府", 2023]["published_on"] == "2024-01-25"


def test_page_and_attachment_are_one_report(tmp_path: Path) -> None:
    """The attachment with the tables counts; if both have tables and differ, the page counts and a note says so."""
    with ten_portals(attachments_behind_redirects) as ((server, _),):
        page = report_page("陕州区", 2023, 6, "2024-01-29") + "<a href='/download.jsp?id=7'>附件：年度报告</a>"
        server.page("/content/1.html", page)
        sources(tmp_path, server)
        (found,) = run(tmp_path).pages
    assert found.note
    assert (found.note.code, found.note.values["count"]) == ("collect.differs", 6)
    assert found.file_url.endswith("/content/1.html")


def test_attachments_of_several_bodies_are_several_reports(tmp_path: Path) -> None:
    """A page with the reports of three bodies, two of them in an archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("湖滨区", "陕州区"):
            archive.writestr(f"{name}人民政府2023年政府信息公开工作年度报告.docx", word_report(name, 2023))
    with ten_portals(frames_in_gbk) as ((server, _),):
        server.page("/list.html", links({"/all.html": "2023年各县区政府信息公开年度报告汇总"}))
        named = f"<a href='/a.docx'>附件1：{title('义马市人民政府', 2023)}</a><a href='/b.zip'>附件2：其他.zip</a>"
        server.page("/all.html", f"<h1>各县区年度报告</h1><p>发布日期：2024-01-30</p>{named}")
        server.routes["/a.docx"] = Route(word_report("义马市", 2023), "application/octet-stream")
        server.routes["/b.zip"] = Route(buffer.getvalue(), "application/zip")
        sources(tmp_path, server)
        first = run(tmp_path)
        assert sorted(page.state for page in first.pages) == ["new", "new", "new"]
        found = lines(tmp_path)
        assert set(found) == {(f"{name}人民政府", 2023) for name in ("义马市", "湖滨区", "陕州区")}
        assert {line["url"] for line in found.values()} == {f"{server.url}/all.html"}
        assert {page.state for page in run(tmp_path).pages} == {"unchanged"}
        assert lines(tmp_path) == found
        del server.routes["/all.html"]
        assert len(run(tmp_path).vanished) == 3


def test_page_that_leads_to_an_error_page_has_vanished(tmp_path: Path) -> None:
    with ten_portals(frames_in_gbk) as ((server, _),):
        sources(tmp_path, server)
        run(tmp_path)
        server.routes["/ym.htm"] = Route(b"", status=302, headers={"Location": "/404.html"})
        server.page("/404.html", "<h1>您访问的页面不存在</h1><a href='/list.html'>政府信息公开年报</a>")
        assert list(run(tmp_path).vanished) == [lines(tmp_path)["义马市人民政府", 2023]["path"]]


def test_file_of_the_list_and_body_of_the_source(tmp_path: Path) -> None:
    with ten_portals(frames_in_gbk) as ((server, _),):
        server.routes["/list.html"] = Route(links({"/f.docx": "2023年政府信息公开年度报告"}).encode())
        server.routes["/f.docx"] = Route(word_report("陕州区", 2023), "application/octet-stream")
        write_sources(tmp_path, [{"url": f"{server.url}/list.html", "kind": "list", "body": "陕州区人民政府"}])
        (found,) = run(tmp_path).pages
    assert (found.state, found.certainty) == ("new", "stated")
    assert list(lines(tmp_path)) == [("陕州区人民政府", 2023)]


def test_command_prints_the_preview_and_asks_for_a_source(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipeline.cli", "collect", "--lang", "en", "--quiet"]
    (tmp_path / "data" / "raw").mkdir(parents=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    nothing = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (nothing.returncode, "sources.csv" in nothing.stderr) == (3, True)
    with ten_portals(frames_in_gbk) as ((server, _),):
        write_sources(tmp_path, [{"url": f"{server.url}/list.html", "kind": "list", "seconds": "0"}])
        refused = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert refused.returncode == 1
        assert "--allow-private" in refused.stdout
        assert server.requests == []
        (tmp_path / "data" / "archive" / "collection.json").unlink(missing_ok=True)
        options = ["--allow-private", "--json", "--dry-run"]
        done = subprocess.run(
            [*command, *options], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert {(row["body"], row["state"], row["certainty"]) for row in rows} == {
        ("义马市人民政府", "new", "titled"), ("灵宝市人民政府", "new", "titled")
    }  # fmt: skip
    assert "Preview only" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_collection_that_is_killed_continues(tmp_path: Path) -> None:
    with ten_portals(static_list, list_of_a_script, attachments_behind_redirects) as portals:
        servers = [server for server, _ in portals]
        sources(tmp_path, *servers)
        assert start(tmp_path) == 0
        steps, wanted = count_moments(tmp_path), lines(tmp_path)
        requests = sum(len(server.requests) for server in servers)
        moments = sorted({1 + number * (steps - 1) // 19 for number in range(20)})
        assert len(moments) == 20
        for moment in moments:
            folder = tmp_path / str(moment)
            sources(folder, *servers)
            for server in servers:
                server.requests.clear()
            assert start(folder, moment) == -signal.SIGKILL, moment
            assert start(folder) == 0, moment
            assert lines(folder) == wanted, moment
            assert sum(len(server.requests) for server in servers) <= requests + len(servers), moment
            files = [
                p.relative_to(folder / "data" / "raw").as_posix() for p in (folder / "data" / "raw").glob("2*/[!.]*")
            ]
            assert sorted(files) == sorted(line["path"] for line in wanted.values()), moment


def test_hostile_portal_reaches_no_other_server(tmp_path: Path) -> None:
    """A redirect and a link to another port of loopback, which is allowed here, make no connection."""
    with socket.create_server(("127.0.0.1", 0)) as victim, ten_portals(frames_in_gbk) as ((server, _),):
        victim.settimeout(0.2)
        address = f"http://127.0.0.1:{victim.getsockname()[1]}/x.html"
        server.routes["/to.htm"] = Route(b"", status=302, headers={"Location": address})
        entries = {"/to.htm": title("义马市人民政府", 2023), address: title("义马市人民政府", 2022)}
        picture = f"<h1>{title('灵宝市人民政府', 2021)}</h1><img src='{address}'><iframe src='{address}'></iframe>"
        server.page("/p.htm", picture)
        server.page("/right.htm", links(entries | {"/p.htm": title("灵宝市人民政府", 2021)}))
        sources(tmp_path, server)
        run(tmp_path)
        with pytest.raises(TimeoutError):
            victim.accept()
