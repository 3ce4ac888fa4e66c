"""Other kinds of report at the desk: their problems and decisions, who owes one, and their numbers."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Self
from urllib.parse import quote

import pytest
from support.desk import DeskClient, open_desk
from support.kind_desk import CITY, NAME, RATE, WRONG, YEAR, publish_city
from support.project import run_here

from pipeline.core.decisions import read_decisions
from pipeline.core.paths import Data

pytestmark = pytest.mark.slow
BASE = f"/{CITY}/{YEAR}"
TRAINING = "2021/411200-training-Q1.html"
WORDS = {"reason": "<b>算错</b>", "evidence": "原表", "who": "张三"}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    publish_city(folder)
    return folder


@pytest.fixture
def desk(published: Path, tmp_path: Path) -> Iterator[DeskClient]:
    shutil.copytree(published / "data", tmp_path / "data", symlinks=True)
    with open_desk(Data(tmp_path / "data"), YEAR) as opened:
        opened.desk.worker.want_run = lambda: None  # type: ignore[method-assign]  # runs are tested elsewhere
        yield opened


def report_page(desk: DeskClient, report: str) -> str:
    return desk.get(f"{BASE}/review/report?report={quote(report)}")


def original(desk: DeskClient, report: str, *cells: str) -> str:
    named = "".join(f"&cell={quote(cell)}" for cell in cells)
    return desk.get(f"{BASE}/review/original?report={quote(report)}{named}")


def test_problems_of_bulletins_are_in_the_queue_by_kind_and_period(desk: DeskClient) -> None:
    page = desk.get(f"{BASE}/review")
    assert f"三门峡市人民政府 2021 年第 2 季度 {NAME}" in page
    assert f"三门峡市人民政府 2021 年第 4 季度 {NAME}" in page
    assert "三门峡市人民政府 2021 年第 1 季度 政务公开培训情况季报" in page
    assert f"2021 年第 1 季度 {NAME}" not in page
    assert "Inspection of government websites" in desk.get(f"{BASE}/review?lang=en")


def test_page_of_a_bulletin_has_the_rows_that_it_gives(desk: DeskClient) -> None:
    page = report_page(desk, WRONG)
    assert f"<h1>三门峡市人民政府 2021 年第 2 季度 {NAME}</h1>" in page
    assert f'<td id="{RATE}" class="wrong">98.00' in page or f'<td id="{RATE}" class="doubted">98.00' in page
    assert "不合格的政府网站数" in page
    assert "抖音号数" not in page  # the bulletin does not give it
    assert "各地区各部门检查" not in page  # nor any number of this column
    assert 'value="return"' in page


def test_lists_and_attributes_are_shown(desk: DeskClient) -> None:
    page = report_page(desk, "2021/411200-inspection-Q1.html")
    for text in ("问题清单", "网站名称", "甲县政府网", "首页栏目两周未更新"):
        assert text in page, text
    page = report_page(desk, "2021/411200-website_annual-4112000001.html")
    assert "4112000001" in page
    assert "首页网址" in page


def test_original_shows_prose_with_the_marked_number(desk: DeskClient) -> None:
    page = original(desk, WRONG, RATE)
    assert "合格率<mark>98.00</mark>%。" in page
    assert page.count("<mark>") == 1
    table = original(desk, TRAINING, "training/counties/all", "training_text/passed/value")
    assert '<td class="wrong">21</td>' in table
    assert "合格<mark>40</mark>人" in table


def test_decision_is_recorded_listed_and_taken_back(desk: DeskClient) -> None:
    desk.post(f"{BASE}/review/decide", {"report": WRONG, "operation": "correct", "cell": RATE, "value": "90", **WORDS})
    (decision,) = read_decisions(desk.desk.data.decisions)
    assert (decision.cell, decision.decided_value) == (f"inspection-Q2:{RATE}", Decimal(90))
    page = desk.get(f"{BASE}/review")
    assert f"三门峡市人民政府 2021 年第 2 季度 {NAME}" in page
    assert "政务新媒体合格率" in page
    assert "另行订正" in page or "90" in page
    assert "&lt;b&gt;算错" in page
    desk.post(f"{BASE}/review/undo", {"body_id": CITY, "cell": decision.cell})
    assert read_decisions(desk.desk.data.decisions) == ()


def test_any_of_several_numbers_can_be_stated(desk: DeskClient) -> None:
    page = report_page(desk, TRAINING)
    assert '<option value="training/counties/all">' in page
    fields = {"report": TRAINING, "operation": "correct", "cell": "training/counties/all", "value": "20", **WORDS}
    desk.post(f"{BASE}/review/decide", fields)
    (decision,) = read_decisions(desk.desk.data.decisions)
    assert decision.cell == "training-Q1:training/counties/all"


def test_finding_is_explained_as_printed(desk: DeskClient) -> None:
    name = "training.row@training/counties/all"
    assert name in report_page(desk, TRAINING)
    desk.post(f"{BASE}/review/decide", {"report": TRAINING, "operation": "confirm", "findings": name, **WORDS})
    (decision,) = read_decisions(desk.desk.data.decisions)
    assert (decision.cell, decision.operation) == (f"training-Q1:{name}", "confirm")
    assert "2021 年第 1 季度 政务公开培训情况季报" in desk.get(f"{BASE}/review")


def test_decision_on_a_kind_that_nobody_describes_any_more_is_listed(desk: DeskClient) -> None:
    data = desk.desk.data
    data.decisions.write_text(
        "body_id,year,cell,printed_text,decided_value,reason,evidence,decided_by,operation\n"
        f"{CITY},{YEAR},unheard_of-Q2:a/b/c,1,2,x,y,z,correct\n",
        encoding="utf-8",
    )
    assert "unheard_of-Q2" in desk.get(f"{BASE}/review")


def test_missing_quarters_are_due(desk: DeskClient) -> None:
    page = desk.get(f"{BASE}/due")
    assert f"<h2>{NAME}" in page
    assert "2021 年第 3 季度" in page
    assert f"三门峡市人民政府 2021 年第 3 季度 {NAME}" in page  # in the text to copy
    assert f"三门峡市人民政府 2021 年第 1 季度 {NAME}" not in page
    assert "湖滨区人民政府 2021 年 政府网站工作年度报表" not in page  # it gave no report on the year
    notice = desk.get(f"{BASE}/due/notice/{CITY}?report={quote(WRONG)}")
    assert f"2021 年第 2 季度 {NAME}" in notice
    assert "合格率" in notice


def test_report_of_a_quarter_is_received_before_the_next_run(desk: DeskClient) -> None:
    manifest = desk.desk.data.manifest
    text = manifest.read_text(encoding="utf-8-sig")
    line = next(line for line in text.splitlines() if line.startswith(WRONG))
    added = line.replace("Q2", "Q3").replace(",inspection,2", ",inspection,3")
    manifest.write_text(f"{text.rstrip()}\n{added}\n", encoding="utf-8")
    page = desk.get(f"{BASE}/due")
    assert "已收，未运行" in page
    assert f"三门峡市人民政府 2021 年第 3 季度 {NAME}" not in page


def test_report_that_was_set_aside_has_its_reason(desk: DeskClient) -> None:
    manifest = desk.desk.data.manifest
    text = manifest.read_text(encoding="utf-8-sig")
    assert ",inspection,4" in text
    manifest.write_text(text.replace(",inspection,4", ",inspection,"), encoding="utf-8")
    assert run_here(desk.desk.data.root.parent) == 1
    page = desk.get(f"{BASE}/due")
    assert "读不出" in page
    assert "没有写季度" in page
    assert f"三门峡市人民政府 2021 年第 4 季度 {NAME}" in page  # the fourth quarter is still to come
    assert "没有写季度" not in desk.get(f"{BASE}/due?lang=en")


def test_quarter_that_has_not_ended_is_not_overdue(desk: DeskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    class Early(date):
        @classmethod
        def today(cls) -> Self:
            return cls(2021, 9, 30)

    monkeypatch.setattr("pipeline.desk.due.date", Early)
    page = desk.get(f"{BASE}/due")
    assert "未到期" in page
    assert f"三门峡市人民政府 2021 年第 3 季度 {NAME}" not in page


def test_data_leads_to_the_numbers_of_other_kinds(desk: DeskClient) -> None:
    page = desk.get(f"{BASE}/data")
    assert NAME in page
    for name in ("bulletins", "supervision", "owed", "entries"):
        assert f"q={name}&amp;p_body={CITY}&amp;p_year={YEAR}" in page
    numbers = desk.get(f"{BASE}/data?q=bulletins&p_body={CITY}&p_year={YEAR}")
    assert "<td>否</td>" in numbers  # not in doubt
    assert not re.search(r'<th scope="col">[a-z_]+</th>', numbers)
    answer = desk.get(f"{BASE}/data?q=owed&p_body={CITY}&p_year={YEAR}")
    assert "未报" in answer
    lists = desk.get(f"{BASE}/data?q=entries&p_body={CITY}&p_year={YEAR}")
    assert "甲县政府网" in lists
    assert not {
        text for text in (answer, lists) if '<table class="bars">' in text
    }  # quarters and lines are not amounts


def test_compilation_says_that_it_is_about_annual_reports(desk: DeskClient) -> None:
    page = desk.get(f"{BASE}/compile")
    assert "年度报告" in page
