"""Titles, dates, links, attachments and next pages, as portals write them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.collect.lists import read_list
from pipeline.collect.page import Page
from pipeline.collect.portals import read_portals
from pipeline.collect.titles import find_date, find_labelled_date, is_body_or_year, is_correction, is_report_title
from pipeline.core.model import ProjectFault

URL = "http://www.example.gov.cn/xxgk/list.html"
REPORT = "市教育局2023年政府信息公开工作年度报告"


def page(body: str, head: str = "") -> Page:
    return Page(URL, f"<html><head>{head}</head><body>{body}</body></html>")


def entries(text: str, url: str = URL) -> dict[str, str]:
    return {link.url: link.text for link in read_list(url, text.encode()).entries}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (REPORT, True), ("政府信息公开年报（2019年度）", True),
        ("2012年信息公开年度报告", True), ("政务公开工作年度报告", True),
        ("市教育局2023年政府信息公开工作…", True), ("市教育局2023年度政府信息公开工作年...", True),
        ("关于报送2023年政府信息公开年度报告的通知", False), ("2023年政府信息公开工作年度报告解读", False),
        ("政府信息公开指南", False), ("政府工作报告", False), ("2023年财政决算公开", False), ("", False),
    ],
)  # fmt: skip
def test_titles_of_reports(text: str, expected: bool) -> None:
    assert is_report_title(text) == expected


def test_entries_without_titles() -> None:
    assert all(is_body_or_year(text) for text in ("2023年", "2019年度", "渑池县人民政府", "市教育局"))
    assert not any(is_body_or_year(text) for text in ("更多", "首页", "下一页", "联系我们", "网站地图"))


def test_corrections() -> None:
    assert [is_correction(t) for t in (REPORT, f"{REPORT}（更正）", f"{REPORT}(修订版)", f"重新发布{REPORT}")] == [
        False, True, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-30", date(2024, 1, 30)), ("[2024年1月5日]", date(2024, 1, 5)), ("2024/1/5 10:30", date(2024, 1, 5)),
        ("２０２４．０１．０５", date(2024, 1, 5)), ("2024-13-01", None), ("12024-01-01", None),
        ("1999-01-01", None), ("", None),
    ],
)  # fmt: skip
def test_dates(text: str, expected: date | None) -> None:
    assert find_date(text) == expected


def test_date_after_a_label() -> None:
    text = "索引号：001 截止2023-12-31的数字 发布日期：2024-01-29 来源：办公室 时间:2024-02-01"
    assert find_labelled_date(text) == date(2024, 1, 29)
    assert find_labelled_date("全年（2023-01-01至2023-12-31）") is None


def test_date_of_a_page_comes_from_its_meta_element() -> None:
    assert page("发布时间：2024-02-02", "<meta name=PubDate content='2024-01-30 09:00'>").published_on == date(
        2024, 1, 30
    )
    assert page("发布时间：2024-02-02", "<meta name=PubDate content=''>").published_on == date(2024, 2, 2)
    assert page("正文").published_on is None


@pytest.mark.parametrize(
    "link",
    [
        f"<a href='a/1.html'>{REPORT}</a>",
        f"<a href='a/1.html' title='{REPORT}'>市教育局2023年…</a>",
        f"<a href='javascript:view(\"a/1.html\")'>{REPORT}</a>",
        f"<a href='#' onclick=\"window.open('a/1.html','_blank')\">{REPORT}</a>",
        f"<map><area href='a/1.html' title='{REPORT}'></map>",
        f"<select onchange='go(this.value)'><option value='a/1.html'>{REPORT}</option></select>",
        f"<li onclick=\"location.href='a/1.html'\"><span>{REPORT}</span></li>",
        f"<script>var list = [{{title: '{REPORT}', link: 'a/1.html'}}];</script>",
        f"<script>document.write('<a href=\\'a/1.html\\'>{REPORT}</a>')</script>",
        f"<script type='text/xml'><record><![CDATA[<a href='a/1.html'>{REPORT}</a>]]></record></script>",
    ],
)
def test_links_in_their_forms(link: str) -> None:
    assert entries(f"<html><body>{link}</body></html>") == {"http://www.example.gov.cn/xxgk/a/1.html": REPORT}


@pytest.mark.parametrize(
    "data",
    [
        f'[{{"title":"{REPORT}","url":"a/1.html"}}]',
        f'{{"data":{{"rows":[{{"id":1,"n":{{"t":2}},"DOCTITLE":"{REPORT}","DOCPUBURL":"./a/1.html"}}]}}}}',
        f'callback({{"list":[["x",{{"a":"{REPORT}","b":"/xxgk/a/1.html"}}]]}});',
        f'{{"html":"<li><a href=\\"a/1.html\\">{REPORT}</a></li>"}}',
    ],
)
def test_entries_of_data(data: str) -> None:
    assert entries(data) == {"http://www.example.gov.cn/xxgk/a/1.html": REPORT}


@pytest.mark.parametrize(
    "feed",
    [
        f"<rss><channel><item><title>{REPORT}</title><link>/xxgk/a/1.html</link></item></channel></rss>",
        f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>{REPORT}</title><link href='a/1.html'/></entry>"
        "</feed>",
        f"<rows><row><t><![CDATA[{REPORT}]]></t><u>a/1.html</u><d>2024-01-30</d></row></rows>",
    ],
)
def test_entries_of_feeds(feed: str) -> None:
    assert entries(f"<?xml version='1.0' encoding='utf-8'?>{feed}") == {
        "http://www.example.gov.cn/xxgk/a/1.html": REPORT
    }


def test_feed_loads_nothing_from_outside() -> None:
    bomb = "<!DOCTYPE r [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;'><!ENTITY c SYSTEM 'file:///etc/passwd'>]>"
    text = f"<?xml version='1.0'?>{bomb}<r><i><t>{REPORT}&b;&c;</t><u>a/1.html</u></i></r>"
    assert set(entries(text).values()) <= {REPORT}


def test_next_pages() -> None:
    links = "<a href='list_2.html'>2</a><a href='list_1.html'>下一页</a><a href='x.html'>更多</a>"
    script = "<script>createPageHTML(4, 0, 'list', 'html')</script>"
    found = read_list(URL, f"<html><body>{links}{script}</body></html>".encode())
    names = [url.rpartition("/")[2] for url in found.next_pages]
    assert names == ["list_2.html", "list_1.html", "list_3.html"]


def test_next_page_of_data() -> None:
    url = "http://www.example.gov.cn/api?pageNo=3&size=20"
    data = f'[{{"title":"{REPORT}","url":"/a/1.html"}}]'.encode()
    assert read_list(url, data).next_pages == ("http://www.example.gov.cn/api?pageNo=4&size=20",)
    assert read_list(url, b"[]").next_pages == ()


def test_attachments() -> None:
    body = """<a href='/f/1.pdf'>年度报告</a><a href='/down?id=2'>附件：统计表</a><a href='/zx.html'>下载中心</a>
    <iframe src='/viewer.html?file=%2Ff%2F3.pdf'></iframe><embed src='4.pdf'><a href='/f/1.pdf'>下载</a>
    <a href='/get?id=9'>市教育局2023年年度报告.docx</a>"""
    urls = [link.url.removeprefix("http://www.example.gov.cn") for link in page(body).attachments()]
    assert urls == ["/f/1.pdf", "/down?id=2", "/get?id=9", "/xxgk/4.pdf", "/f/3.pdf"]


def test_page_that_sends_on() -> None:
    assert (
        page("", "<meta http-equiv=Refresh content='0;URL=../a.html'>").next_address
        == "http://www.example.gov.cn/a.html"
    )
    assert (
        page("<script>window.location.href = 'b.html';</script>").next_address
        == "http://www.example.gov.cn/xxgk/b.html"
    )
    assert page("正文" * 200 + "<script>location.href='b.html'</script>").next_address is None


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("ftp://a.cn/,list,,,,", "source_url"), ("http://a.cn/,listt,,,,", "source_kind"),
        ("http://a.cn/,list,,http://b.cn/,,", "source_hosts"), ("http://a.cn/,list,,,x,", "source_seconds"),
        ("http://a.cn/,list,,,999,", "source_seconds"),
    ],
)  # fmt: skip
def test_line_that_is_not_valid_is_named(tmp_path: Path, line: str, code: str) -> None:
    path = tmp_path / "sources.csv"
    path.write_text(f"url,kind,body,hosts,seconds,note\n{line}\n", encoding="utf-8")
    with pytest.raises(ProjectFault, match=r"sources\.csv.*2") as fault:
        read_portals(path)
    assert fault.value.code == f"collect.{code}"


def test_hosts_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "sources.csv"
    path.write_text("url,hosts\nhttp://a.cn/x,B.cn | c.cn:8080\nhttp://d.cn:81/,\n", encoding="utf-8-sig")
    first, second = read_portals(path)
    assert first.hosts == {"a.cn:80", "a.cn:443", "b.cn:80", "b.cn:443", "c.cn:8080"}
    assert second.hosts == {"d.cn:81"}


def test_links_of_a_page_with_thousands_in_one_element() -> None:
    """The line of a list is short: the date of another line is not taken, and no link costs the whole page."""
    many = "<ul>" + f"<a href='1.html'>{REPORT}</a> " * 3_000 + "2024-01-30</ul>"
    found = list(page(many).links())
    assert len(found) == 3_000
    assert {link.listed_on for link in found} == {None}
    (link,) = page(f"<li><a href='1.html'>{REPORT}</a> 2024-01-30</li>").links()
    assert link.listed_on == date(2024, 1, 30)
