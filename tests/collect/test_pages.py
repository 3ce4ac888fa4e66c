"""Titles, dates, links, attachments and next pages, as portals write them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.collect.lists import read_list
from pipeline.collect.page import Page
from pipeline.collect.portals import read_portals
from pipeline.collect.titles import (
    find_date,
    find_labelled_date,
    find_published_date,
    is_correction,
    is_report_title,
    is_short_entry,
    names_another_body,
)
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


@pytest.mark.parametrize(
    "text", ["2023年年度报告", "渑池县教育局2023年年报", "渑池县2023年政府信…", "二〇二一年", "2023", "县教育局"]
)
def test_short_entries(text: str) -> None:
    assert is_short_entry(text)


def test_word_of_a_body_is_no_word_of_the_title() -> None:
    assert is_report_title("某县绩效考核办公室2023年政府信息公开工作年度报告")
    assert is_report_title("渑池县政府信息主动公开年度报告2013")
    assert not is_report_title("政府信息公开工作考核办法")


def test_link_that_names_another_body() -> None:
    assert names_another_body("县卫健委政府信息公开年报", "渑池县教育局")
    assert not names_another_body("县教育局政府信息公开年报", "渑池县教育局")
    assert not names_another_body("2023年政府信息公开年报", "渑池县教育局")


def test_entries_without_titles() -> None:
    assert all(is_short_entry(text) for text in ("2023年", "2019年度", "渑池县人民政府", "市教育局"))
    assert not any(is_short_entry(text) for text in ("更多", "首页", "下一页", "联系我们", "网站地图"))


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


@pytest.mark.parametrize(
    "text",
    [
        "索引号：001 截止2023-12-31的数字 发布日期：2024-01-29 来源：办公室 时间:2024-02-01", "发布时间：20240129",
        "成文日期：2024年01月20日 发布日期：2024年01月29日", "更新时间：2025-06-01 发布时间：2024-01-29",
        "发布于 2024/1/29",
        "系统时间：2026年5月3日 【公开日期】2024-1-29 统计时间：2023年1月1日",
    ],
)  # fmt: skip
def test_date_of_publication_comes_before_other_dates(text: str) -> None:
    assert find_published_date(text) == date(2024, 1, 29)


def test_date_with_a_general_label() -> None:
    assert find_labelled_date("来源：办公室 时间:2024-02-01") == date(2024, 2, 1)
    for text in (
        "全年（2023-01-01至2023-12-31）",
        "系统时间：2026-05-03",
        "统计时间：2023-01-01",
        "更新时间：2025-06-01",
    ):
        assert find_labelled_date(text) is None
    element = page("来源：政府办 <span id=pubtime>2024-01-30 10:22</span> 浏览：12")
    assert element.published_on == date(2024, 1, 30)


def test_date_is_that_of_the_same_line() -> None:
    links = page(
        f"<div><a href=1>{REPORT}</a> 2024-01-30<br><a href=2>{REPORT}</a> 2023-01-28<br><a href=3>{REPORT}</a></div>"
        f"<ul><li><a href=4>{REPORT}</a><b>01-27</b></li><li><a href=5>{REPORT}[2022-01-20]</a></li></ul>"
    ).links()
    assert [link.listed_on for link in links] == [
        date(2024, 1, 30), date(2023, 1, 28), None, None, date(2022, 1, 20)
    ]  # fmt: skip


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


@pytest.mark.parametrize(
    "text", ["下一页>", "下一页 »", "[下一页]", "下一页>>", "下 一 页", "第2页", "[2]", "下一页→", "Next >", ">>"]
)
def test_links_to_a_next_page(text: str) -> None:
    found = read_list(URL, f"<html><body><a href='l2.html'>{text}</a></body></html>".encode())
    assert found.next_pages == ("http://www.example.gov.cn/xxgk/l2.html",)


@pytest.mark.parametrize(
    "script",
    [
        "var countPage = 2; document.write('<a href=\"list_'+nextPage+'.html\">下一页')",
        '<datastore><nextgroup><![CDATA[<a href="list_1.html"></a>]]></nextgroup></datastore>',
    ],
)
def test_next_page_of_a_script(script: str) -> None:
    found = read_list(URL, f"<html><body><script>{script}</script></body></html>".encode())
    assert found.next_pages == ("http://www.example.gov.cn/xxgk/list_1.html",)


def test_page_that_speaks_of_further_pages_says_so() -> None:
    found = read_list(URL, "<html><body><a href='javascript:page(2)'>下一页</a> 共3页</body></html>".encode())
    assert (found.next_pages, found.has_more) == ((), True)
    assert not read_list(URL, "<html><body>共1页</body></html>".encode()).has_more


def test_object_with_several_addresses_and_dates() -> None:
    data = (
        f'[{{"title":"{REPORT}","cover":"/up/a.jpg","channel":"/nb/index.html","url":"/a.html",'
        '"createTime":"2023-12-31","publishTime":"2024-01-30"}]'
    )
    (link,) = read_list(URL, data.encode()).entries
    assert (link.url, link.listed_on) == ("http://www.example.gov.cn/a.html", date(2024, 1, 30))
    number = f'[{{"title":"{REPORT}","url":"content/12345","publishTime":1706580000000}}]'
    (link,) = read_list(URL, number.encode()).entries
    assert (link.url, link.listed_on) == ("http://www.example.gov.cn/xxgk/content/12345", date(2024, 1, 30))


def test_scripts_that_count_or_share_are_not_called() -> None:
    script = """$.ajax({type:"POST",url:"/visit/add?col=5"}); window.open("/so/search.html"); c={url:"/share/weibo"};
    $.ajax({url: "/api/list?page=1", type: "get"})"""
    found = read_list(URL, f"<html><body><script>{script}</script></body></html>".encode())
    assert found.data == ("http://www.example.gov.cn/api/list?page=1",)


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
    mobile = "<script>if(/Android/.test(navigator.userAgent)){location.href='/m/'}</script>"
    assert page(mobile).next_address is None
    assert page("<a href=1>x</a><script>location.href='/m/'</script>").next_address is None


def test_files_next_to_a_report_are_those_that_belong_to_it() -> None:
    table = "<table><tr><td>信息内容</td><td>本年制发件数</td></tr></table>"
    links = "<a href=1.pdf>指南</a><a href=2.jpg>大图</a><a href=3.docx>附件：统计表</a><a href=4.html>点击排行</a>"
    assert [link.text for link in page(table + links).attachments()] == ["附件：统计表"]
    assert [link.text for link in page(links).attachments()] == ["指南", "大图", "附件：统计表"]


def test_file_in_a_script_is_an_attachment() -> None:
    (link,) = page("<script>showVsbpdfIframe('/__local/A/1.pdf', '100%')</script>").attachments()
    assert link.url == "http://www.example.gov.cn/__local/A/1.pdf"


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
    assert [link.listed_on for link in found if link.listed_on] == [date(2024, 1, 30)]  # of the last one, before it
    (link,) = page(f"<li><a href='1.html'>{REPORT}</a> 2024-01-30</li>").links()
    assert link.listed_on == date(2024, 1, 30)
