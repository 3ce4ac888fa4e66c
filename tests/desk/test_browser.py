"""A day at the desk in a real browser, offline: files come in, an error is decided, the city's table is downloaded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page
from raw.test_add_report import write_report

from pipeline.core.decisions import read_decisions
from pipeline.core.paths import Data
from pipeline.raw.manifest import read_lines
from pipeline.raw.start import start_folder

pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path: Path) -> Data:
    folder = Data(tmp_path / "data")
    start_folder(folder, "洛阳市", ["洛阳市教育局"])
    return folder


def test_a_day_at_the_desk(page: Page, data: Data, tmp_path: Path) -> None:
    base = page.url.split("/410300")[0] + "/410300/2024"
    hostile = tmp_path / "<img src=x onerror=alert(1)>教育局.html"
    write_report(tmp_path, "洛阳市教育局", 1).rename(hostile)
    page.goto(f"{base}/inbox")
    page.set_input_files("#files", [str(hostile)])
    page.get_by_role("button", name="收下", exact=False).first.wait_for()
    assert page.locator("td.name").inner_text() == hostile.name
    page.locator("td.actions button", has_text="收下").click()
    page.get_by_role("status").filter(has_text="已收下").wait_for()
    assert [line["body"] for line in read_lines(data.manifest)] == ["洛阳市教育局"]
    wait_for_run(page, base)
    decide_first_problem(page, base)
    assert [(d.operation, d.decided_value) for d in read_decisions(data.decisions)] == [("accept", Decimal(3001))]
    wait_for_run(page, base)
    page.goto(f"{base}/due")
    assert "洛阳市教育局" in page.locator("tr", has_text="无误").inner_text()
    page.goto(f"{base}/compile")
    with page.expect_download() as download:
        page.get_by_role("link", name="年报（Word）").click()
    assert download.value.suggested_filename == "洛阳市2024年政府信息公开工作年度报告（不完整）.docx"
    page.goto(f"{base}/data")
    page.get_by_role("button", name="生成网页").click()
    page.wait_for_selector("main[data-ready] h1")  # the policy of its pages lets the scripts of the site run
    for tab in ("inbox", "due", "review", "compile", "data?q=coverage", "run"):
        page.goto(f"{base}/{tab}")
        width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width[0] <= width[1], tab  # nothing is wider than the screen


def wait_for_run(page: Page, base: str) -> None:
    """Wait until the run that follows a change has ended."""
    page.goto(f"{base}/run")
    page.locator("#state p.good").wait_for()


def decide_first_problem(page: Page, base: str) -> None:
    """Accept the first proposal; the cell is marked in the form and in the original."""
    page.goto(f"{base}/review")
    page.locator("section h2 a").first.click()
    page.locator("#original td.wrong").first.wait_for()
    assert "3002" in page.locator("#original td.wrong").all_inner_texts()
    assert page.locator("table.grid:not(.original) td.wrong").first.inner_text().startswith("3002")
    item = page.locator("details.item.error").first
    item.get_by_label("采纳建议").check()
    for label, text in (("理由", "打错一位"), ("依据", "系统导出表"), ("经办人", "王某")):
        item.get_by_label(label, exact=True).fill(text)
    item.get_by_role("button", name="记下决定").click()
    page.get_by_role("status").filter(has_text="已记入").wait_for()
