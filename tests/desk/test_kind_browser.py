"""Bulletins at the desk in a real browser: state a quarter, decide one of several numbers, and take it back."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk.test_browser import wait_for_run
from playwright.sync_api import Page
from support.bulletins import Bulletin, text_of
from support.kind_desk import CITY, NAME, YEAR, publish_city

from pipeline.core.decisions import read_decisions
from pipeline.core.paths import Data
from pipeline.raw.manifest import read_lines

pytestmark = pytest.mark.slow
TRAINING = "2021 年第 1 季度 政务公开培训情况季报"
TABS = ("inbox", "due", "review", "compile", "data?q=bulletins", "data?q=owed", "run")


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return publish_city(tmp_path)


def test_bulletins_at_the_desk(page: Page, data: Data, tmp_path: Path) -> None:
    base = page.url.split(f"/{CITY}")[0] + f"/{CITY}/{YEAR}"
    state_the_quarter(page, base, tmp_path)
    assert [line["quarter"] for line in read_lines(data.manifest) if line["kind"] == "inspection"] == list("1234")
    wait_for_run(page, base)
    page.goto(f"{base}/due")
    assert page.locator("section", has_text=NAME).locator(".mark.due").count() == 0
    correct_one_of_several(page, base)
    assert [decision.cell for decision in read_decisions(data.decisions)] == ["training-Q1:training/counties/all"]
    wait_for_run(page, base)
    for tab in (*TABS, "review/report?report=2021%2F411200-inspection-Q1.html"):
        page.goto(f"{base}/{tab}")
        width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width[0] <= width[1], tab  # nothing is wider than the screen
    page.goto(f"{base}/review")
    assert page.locator("section", has_text=TRAINING).count() == 0
    page.locator("tr", has_text=TRAINING).get_by_role("button", name="撤销").click()
    page.get_by_role("status").filter(has_text="已撤销").wait_for()
    assert read_decisions(data.decisions) == ()


def state_the_quarter(page: Page, base: str, folder: Path) -> None:
    """Hand in a bulletin whose title names no quarter, state the third, and accept it."""
    file = folder / "无季度.txt"
    file.write_text(text_of(Bulletin(quarter=3)).replace("第三季度", ""), encoding="utf-8")
    page.goto(f"{base}/inbox")
    page.set_input_files("#files", [str(file)])
    page.locator("td.actions a", has_text="查看").click()
    page.locator("select[name=quarter]").select_option("3")
    page.get_by_role("button", name="确定").click()
    page.locator("td.actions button", has_text="收下").click()
    page.get_by_role("status").filter(has_text="已收下").wait_for()


def correct_one_of_several(page: Page, base: str) -> None:
    """State the number of one of the cells that may be wrong; they are marked in the numbers and in the original."""
    page.goto(f"{base}/review")
    page.get_by_role("link", name=TRAINING).click()
    page.locator("#original td.wrong").first.wait_for()
    item = page.locator("details.item.error").first
    item.get_by_label("订正哪一格").select_option("training/counties/all")
    item.locator("input[value=correct]").check()
    for label, text in (("订正后的数", "20"), ("理由", "加错"), ("依据", "签到表"), ("经办人", "王某")):
        item.get_by_label(label, exact=True).fill(text)
    item.get_by_role("button", name="记下决定").click()
    page.get_by_role("status").filter(has_text="已记入").wait_for()
