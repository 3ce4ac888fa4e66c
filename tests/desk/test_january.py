"""The January of `docs_build/january.py` at the desk, in a real browser: every slip is named, and nothing else is."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page
from support.browser import browser
from support.desk import running_desk
from support.project import ogi_here
from support.scans import Scanner, scanned

from docs_build.clerk import Clerk
from docs_build.january import write_january
from pipeline.core.paths import Data
from pipeline.raw.manifest import read_lines

pytestmark = pytest.mark.slow
MILLISECONDS = 240_000  # that reading and a run may take on a loaded machine
SCAN = "涧西区2024（扫描）.pdf"
# State and finding of each file; a finding of a file that can be accepted has its own list below.
INBOX = {
    "三个县.zip/嵩县年报.docx": ("可收", "没有发现问题"),
    "三个县.zip/汝阳县年报.xlsx": ("可收", "没有发现问题"),
    "三个县.zip/宜阳县年报.pdf": ("可收", "没有发现问题"),
    "伊川县.txt": ("可收", "没有发现问题"),
    "偃师区政府信息公开年报.docx": ("可收", "1 条提示"),
    "关于报送年报的通知.docx": ("不是年报", "是通知一类的文件"),
    "孟津区.docx": ("可收", "没有发现问题"),
    "孟津区（改）.docx": ("另一版本", "已有一份 孟津区.docx，有 1 处不同"),
    "年报样表.docx": ("不是年报", "空白表样"),
    "教育局.docx": ("待认领", "可能是：洛阳市教育局"),
    "数据局.docx": ("待认领", "“洛阳市数据局”不在成员名单里"),
    "新安县.html": ("可收", "没有发现问题"),
    "水利局.docx": ("应退回", "里面没有年报的统计表"),
    "洛宁县.docx": ("可收", "没有发现问题"),
    "洛龙区年报.xlsx": ("应退回", "是 2023 年度的报告"),
    SCAN: ("可收", "没有发现问题"),
    "瀍河区2024年报.docx": ("可收", "3 处错误"),
    "老城区年报.docx": ("可收", "1 处错误"),
    "西工区.xlsx": ("可收", "1 处错误"),
    "财政局.xlsx": ("可收", "没有发现问题"),
}
PROBLEMS = {
    "偃师区政府信息公开年报.docx": [
        r"^「行政事业性收费」本年收费金额：本年 [\d,]+ 万元，上年 [\d.]+ 万元.*差 10,000 倍.*应为"
    ],
    "瀍河区2024年报.docx": [f"^{number}、.*整张表是空白" for number in "三二四"],
    "老城区年报.docx": [r"^「（七）总计」总计 印的是“72”，应为 62"],
    "西工区.xlsx": [r"^三、收到和处理政府信息公开申请情况：有 \d 处对不上"],
}
RETURNED = ("教育局.docx", "水利局.docx", "洛龙区年报.xlsx", "瀍河区2024年报.docx")
NOT_REPORTED = {"洛阳市", "栾川县人民政府", "洛阳市教育局", "洛阳市水利局", "洛龙区人民政府", "瀍河回族区人民政府"}


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """A data folder of 洛阳市 with the published reports of last year, next to the files of January."""
    write_january(tmp_path / "一月")
    received = tmp_path / "一月" / "收到"
    (received / SCAN).write_bytes(scan(received / "涧西区2024.pdf"))
    (received / "涧西区2024.pdf").unlink()
    for command in (["init", "洛阳市", "--members", "一月/部门.txt"], ["add", "一月/上年年报.zip"], ["run"]):
        result = ogi_here(tmp_path, *command)
        assert result.returncode == 0, result.stderr
    return Data(tmp_path / "data")


def scan(path: Path) -> bytes:
    """Return a PDF as an office scans it: pictures of its pages, slightly turned."""
    pages = [Image.fromarray(page) for page in scanned(path.read_bytes(), Scanner(200, turn=0.3, jpeg=70))]
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=200, save_all=True, append_images=pages[1:])
    return out.getvalue()


@pytest.fixture
def clerk(data: Data) -> Iterator[Clerk]:
    """A clerk at the desk, on a machine without a network."""
    with running_desk(data) as address, browser() as opened:
        context = opened.new_context(viewport={"width": 1280, "height": 900})
        context.route(re.compile(r"^(?!http://127\.0\.0\.1)"), lambda route: route.abort())
        page = context.new_page()
        page.set_default_timeout(MILLISECONDS)
        page.goto(address)
        yield Clerk(page, f"{page.url.split('/410300')[0]}/410300/2024")


def test_january_at_the_desk(clerk: Clerk, data: Data, tmp_path: Path) -> None:
    notice = clerk.hand_in(tmp_path / "一月" / "收到")
    assert "Thumbs.db" in notice, notice
    assert "~$城区年报.docx" in notice
    every_slip_is_named_at_receipt(clerk)
    clerk.go("inbox")
    clerk.press("accept")
    for name in RETURNED:
        clerk.send_back(name)
    for name in ("偃师区政府信息公开年报.docx", "老城区年报.docx", "西工区.xlsx"):
        clerk.open_item(name)
        clerk.press("accept")
    clerk.open_item("孟津区（改）.docx")
    clerk.press("replace")
    clerk.claim("数据局.docx", "洛阳市数据局")
    clerk.open_item("数据局.docx")
    clerk.press("accept")
    clerk.wait_for_run()
    assert due(clerk.page, clerk) == NOT_REPORTED
    decide(clerk)
    clerk.hand_in(tmp_path / "一月" / "补交")
    versions = [name for name, line in clerk.list_inbox().items() if line.state == "另一版本"]
    assert versions == ["西工区（补）.xlsx"]
    clerk.press("accept")
    clerk.open_item("西工区（补）.xlsx")
    clerk.press("replace")
    clerk.wait_for_run()
    assert due(clerk.page, clerk) == {"洛阳市"}
    the_city_is_compiled(clerk)
    assert len([line for line in read_lines(data.manifest) if line["year"] == "2024"]) == 18


def every_slip_is_named_at_receipt(clerk: Clerk) -> None:
    inbox = clerk.list_inbox()
    assert inbox.keys() == INBOX.keys()
    for name, (state, finding) in INBOX.items():
        assert (name, inbox[name].state) == (name, state)
        assert finding in inbox[name].finding, name
    for name, patterns in PROBLEMS.items():
        problems = clerk.read_problems(name)
        assert len(problems) == len(patterns), problems
        for pattern, problem in zip(patterns, sorted(problems), strict=True):
            assert re.search(pattern, problem), problem


def due(page: Page, clerk: Clerk) -> set[str]:
    """Return the bodies that have not reported, or whose report was sent back."""
    clerk.go("due")
    waiting = page.locator("tr", has=page.locator(".mark.due, .mark.returned"))
    return {text.split("\t")[0].split("人民政府（本级）")[0].strip() for text in waiting.all_inner_texts()}


def decide(clerk: Clerk) -> None:
    """Accept the proposal on a wrong total, confirm an amount as printed, and send a shifted row back."""
    for body, operation in (("老城区", "accept"), ("偃师区", "confirm"), ("西工区", "return")):
        clerk.go("review")
        clerk.page.click(f"h2 a:has-text('{body}')")
        clerk.page.wait_for_selector("#original table, #original img")
        clerk.decide(operation, "核对过", "办件系统导出表")
        clerk.page.get_by_role("status").filter(has_text="已记入").wait_for()


def the_city_is_compiled(clerk: Clerk) -> None:
    clerk.go("compile")
    assert "可以上报" in clerk.page.locator("p.good").inner_text()
    with clerk.page.expect_download() as download:
        clerk.page.get_by_role("link", name="年报（Word）").click()
    assert download.value.suggested_filename == "（模拟）洛阳市2024年政府信息公开工作年度报告.docx"
