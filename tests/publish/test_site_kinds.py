"""Test the page of the site about other kinds of report, as a browser without a network shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.browser import browser, visit
from support.bulletins import Bulletin, website_table, write_bulletins
from support.project import fresh, ogi_here, run_here

pytestmark = pytest.mark.slow
BULLETINS = (
    Bulletin(year=2018, quarter=1),
    Bulletin(year=2019),
    Bulletin(year=2019, quarter=2, printed_rate="98.00"),
    Bulletin(year=2019, quarter=4),
)

WORDS = {
    "zh": ("2019 年第 3 季度", "存疑", "不明（已知 120，缺第 3 季度）", "（通报机关检查）", "首页栏目两周未更新"),
    "en": ("2019 Q3", "in doubt", "120 so far", "(inspected by the body itself)", "首页栏目两周未更新"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the shipped reports with three bulletins and the table of a website."""
    project = fresh(tmp_path_factory.mktemp("kinds"))
    write_bulletins(project / "sent", *BULLETINS)
    table = website_table(2019, "4112000001", (30, 20, 10)).replace("三门峡市政府网", "<b>&lt;script&gt;</b>")
    (project / "sent" / "website.html").write_text(table, encoding="utf-8")
    assert "登记 5 份" in ogi_here(project, "add", "sent", "--source", "模拟").stdout
    assert run_here(project) == 1
    assert ogi_here(project, "site", "--out", "site").returncode == 0
    return project / "site"


@pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 390)])
def test_page_shows_quarters_years_gaps_and_comparison(site: Path, lang: str, width: int) -> None:
    with browser() as opened:
        own_visit = visit(opened, site, width=width)
        page = own_visit.open(f"supervision?kind=inspection&lang={lang}")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert page.locator("figure .chart svg").count() == 1
        text = page.locator("main").inner_text()
        assert not re.search(r"\b(undefined|NaN|null)\b|\{\w+\}", text)
        assert [words for words in WORDS[lang] if words not in text] == []
        signs = page.locator("table:has(caption:text-matches('应报|owed')) tbody td").all_inner_texts()
        assert signs == ["●", "●", "○", "●"]
        numbers = page.locator("table:has(thead th:nth-child(6))")
        assert numbers.locator("thead th").all_inner_texts()[1][:1] in "第Q"
        whole = numbers.locator("tbody tr", has_text=re.compile("不明|so far")).locator("td:last-child")
        assert any(re.search("存疑|in doubt", text) for text in whole.all_inner_texts())
        box = numbers.locator("tbody tr td:nth-child(5)").last.bounding_box()
        assert box is not None
        assert box["x"] < width  # the fourth quarter, also on a phone
        page = own_visit.turn(f"supervision?kind=website_annual&lang={lang}")
        assert "4112000001" in page.locator("main").inner_text()
        assert own_visit.faults == []


def test_bodies_without_an_annual_report_have_their_names(tmp_path: Path) -> None:
    write_bulletins(tmp_path / "sent", BULLETINS[0])
    assert ogi_here(tmp_path, "init", "三门峡市").returncode == 0
    assert ogi_here(tmp_path, "add", "sent", "--source", "模拟").returncode == 0
    assert run_here(tmp_path) == 0
    assert ogi_here(tmp_path, "site", "--out", "site").returncode == 0
    with browser() as opened:
        own_visit = visit(opened, tmp_path / "site")
        text = own_visit.open("supervision?kind=inspection").locator("main").inner_text()
        assert own_visit.faults == []
    assert "三门峡市人民政府" in text
    assert "411200" not in text
