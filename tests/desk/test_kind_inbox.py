"""Bulletins at the counter: kind and quarter are shown, can be stated, and decide which report is another version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk.test_inbox import key_of, statuses
from raw.test_add_report import write_report
from support.bulletins import Bulletin, text_of, website_table, write_bulletins
from support.desk import DeskClient, open_desk

from pipeline.core.paths import Data
from pipeline.job.collection import list_members, reporting_register
from pipeline.raw.manifest import read_lines
from pipeline.raw.returns import read_returns
from pipeline.raw.start import start_folder

pytestmark = pytest.mark.slow
CITY = "411200"
BASE = f"/{CITY}/2021/inbox"
NAME = "政府网站与政务新媒体检查情况通报"


@pytest.fixture
def data(tmp_path: Path) -> Data:
    folder = Data(tmp_path / "data")
    start_folder(folder, "三门峡市", [])
    return folder


@pytest.fixture
def desk(data: Data) -> Iterator[DeskClient]:
    with open_desk(data, 2021) as opened:
        opened.desk.worker.want_run = lambda: None  # type: ignore[method-assign]  # runs are tested elsewhere
        yield opened


def hand_in(desk: DeskClient, *paths: Path) -> None:
    desk.upload(CITY, 2021, list(paths))
    desk.wait()


def untitled(folder: Path) -> Path:
    """Write a bulletin whose title names no quarter."""
    path = folder / "无季度.txt"
    path.write_text(text_of(Bulletin()).replace("第一季度", ""), encoding="utf-8")
    return path


def test_kind_and_period_are_shown(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    hand_in(desk, *write_bulletins(tmp_path / "in", Bulletin(quarter=2)))
    page, item = desk.get(BASE), desk.get(f"{BASE}/{key_of(data, '2021-2.txt')}")
    for text in (page, item):
        assert f"三门峡市人民政府 2021 年第 2 季度 {NAME}" in text
        assert "年版表式" not in text
    assert "读到 9 个数" in item
    assert "Inspection of government websites" in desk.get(f"{BASE}?lang=en")


def test_quarter_is_stated_and_registered(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    hand_in(desk, untitled(tmp_path))
    key = key_of(data, "无季度.txt")
    assert statuses(data) == {"无季度.txt": "unknown"}
    assert '<select name="quarter">' in desk.get(f"{BASE}/{key}")
    desk.post(f"{BASE}/{key}/whose", {"body": "", "year": "2021", "quarter": "3"})
    assert statuses(data) == {"无季度.txt": "ready"}
    assert f"2021 年第 3 季度 {NAME}" in desk.get(BASE)
    desk.post(f"{BASE}/{key}/accept")
    (line,) = read_lines(data.manifest)
    assert (line["kind"], line["quarter"], line["body"]) == ("inspection", "3", "三门峡市人民政府")


@pytest.mark.parametrize("quarter", ["5", "0", "二", "1.5", "<b>", "１"])
def test_other_quarters_are_refused(desk: DeskClient, data: Data, tmp_path: Path, quarter: str) -> None:
    hand_in(desk, untitled(tmp_path))
    fields = {"body": "", "year": "2021", "quarter": quarter}
    page = desk.post(f"{BASE}/{key_of(data, '无季度.txt')}/whose", fields, status=400)
    assert "不是季度" in page
    assert "<b>”" not in page
    assert statuses(data) == {"无季度.txt": "unknown"}


def test_quarter_that_the_title_contradicts_is_refused(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    hand_in(desk, *write_bulletins(tmp_path / "in", Bulletin(quarter=2)))
    key = key_of(data, "2021-2.txt")
    desk.post(f"{BASE}/{key}/whose", {"body": "", "year": "2021", "quarter": "3"})
    assert statuses(data) == {"2021-2.txt": "returned"}
    item = desk.get(f"{BASE}/{key}")
    assert "写明的是第 3 季度，文件标题却是第 2 季度" in item
    assert '<select name="quarter">' in item
    desk.post(f"{BASE}/{key}/whose", {"body": "", "year": "2021", "quarter": ""})
    assert statuses(data) == {"2021-2.txt": "ready"}


def test_code_of_a_website_is_stated_and_registered(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    table = website_table(2021, "4112000001", (30, 20, 10))
    path = tmp_path / "网站.html"
    path.write_text(table.replace("<td>政府网站标识码</td><td>4112000001</td>", ""), encoding="utf-8")
    hand_in(desk, path)
    key = key_of(data, "网站.html")
    assert statuses(data) == {"网站.html": "unknown"}
    item = desk.get(f"{BASE}/{key}")
    assert "没有写明政府网站标识码" in item
    assert 'name="quarter"' not in item
    page = desk.post(f"{BASE}/{key}/whose", {"body": "", "year": "2021", "subject": "../<i>"}, status=400)
    assert "“../&lt;i&gt;”不能作文件名的一部分" in page
    desk.post(f"{BASE}/{key}/whose", {"body": "", "year": "2021", "subject": "4112000002"})
    assert "三门峡市人民政府 2021 年 政府网站工作年度报表 4112000002" in desk.get(BASE)
    desk.post(f"{BASE}/{key}/accept")
    assert [line["subject"] for line in read_lines(data.manifest)] == ["4112000002"]


def test_annual_report_has_no_field_for_a_quarter(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    hand_in(desk, write_report(tmp_path, "三门峡市人民政府").rename(tmp_path / "年报.html"))
    item = desk.get(f"{BASE}/{key_of(data, '年报.html')}")
    assert 'name="quarter"' not in item
    assert "2021 年版表式" in item


def test_another_quarter_is_no_other_version(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    hand_in(desk, *write_bulletins(tmp_path / "a", Bulletin(quarter=2)))
    desk.post(f"{BASE}/{key_of(data, '2021-2.txt')}/accept")
    (changed,) = write_bulletins(tmp_path / "b", Bulletin(quarter=2, failed=3))
    changed = changed.rename(tmp_path / "更正.txt")
    hand_in(desk, *write_bulletins(tmp_path / "c", Bulletin(quarter=3)), changed)
    assert statuses(data) == {"2021-3.html": "ready", "更正.txt": "version"}
    item = desk.get(f"{BASE}/{key_of(data, '更正.txt')}")
    assert "2021/411200-inspection-Q2.txt" in item
    assert "不合格的政府网站数" in item
    desk.post(f"{BASE}/{key_of(data, '更正.txt')}/replace")
    desk.post(f"{BASE}/{key_of(data, '2021-3.html')}/accept")
    assert {(line["quarter"], line["source"]) for line in read_lines(data.manifest)} == {
        ("2", "更正.txt"),
        ("3", "2021-3.html"),
    }


def test_wrong_quarter_can_be_stated_again(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    hand_in(desk, *write_bulletins(tmp_path / "in", Bulletin(quarter=3)))
    hand_in(desk, untitled(tmp_path))
    key = key_of(data, "无季度.txt")
    desk.post(f"{BASE}/{key}/whose", {"body": "", "year": "2021", "quarter": "3"})
    assert statuses(data)["无季度.txt"] == "version"
    assert '<option value="3" selected>' in desk.get(f"{BASE}/{key}")
    desk.post(f"{BASE}/{key}/whose", {"body": "", "year": "2021", "quarter": "1"})
    assert statuses(data)["无季度.txt"] == "ready"


def test_acceptance_leaves_other_quarters_as_they_are(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    hand_in(desk, *write_bulletins(tmp_path / "in", Bulletin(quarter=2), Bulletin(quarter=4)))
    desk.desk.worker.look_at_inbox = lambda year: None  # type: ignore[method-assign]  # nothing is examined again
    desk.post(f"{BASE}/{key_of(data, '2021-2.txt')}/accept")
    assert statuses(data) == {"2021-4.txt": "ready"}


def test_bulletin_that_was_sent_back_leaves_the_annual_report_due(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    hand_in(desk, *write_bulletins(tmp_path / "in", Bulletin(quarter=2)))
    desk.post(f"{BASE}/{key_of(data, '2021-2.txt')}/return", {"reason": "数字不对", "who": "王某"})
    assert [returned.part for returned in read_returns(data)] == ["inspection-Q2"]
    members = list_members(data, reporting_register(data), CITY, 2021)
    assert members[-1].status == "due"


def test_returns_of_an_earlier_version_are_read(data: Data) -> None:
    names = "body_id,body,year,file,sha256,reason,returned_by,returned_on"
    (data.root / "returns.csv").write_text(f"{names}\n{CITY},三门峡市,2021,a,b,c,d,2022-01-01\n", encoding="utf-8")
    assert [returned.part for returned in read_returns(data)] == [""]
    assert list_members(data, reporting_register(data), CITY, 2021)[-1].status == "returned"
