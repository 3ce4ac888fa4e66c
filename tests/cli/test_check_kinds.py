"""Check a folder with other kinds of report: quarters that are missing, notices, lists for programs, no structure."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from support.bulletins import PROBLEMS, Bulletin, website_table, write_bulletins
from support.project import ogi_here

from pipeline.core.paths import Data
from pipeline.raw.start import start_folder

KIND = "政府网站与政务新媒体检查情况通报"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of 三门峡市 with bulletins of the first and third quarter; the rate of the third is wrong."""
    start_folder(Data(tmp_path / "data"), "三门峡市", [])
    write_bulletins(tmp_path / "sent", Bulletin(), Bulletin(quarter=3, printed_rate="98.00"))
    return tmp_path


def test_missing_quarter_is_named_and_no_other_city(folder: Path) -> None:
    checked = ogi_here(folder, "check", "sent", "--html", "pages")
    assert "还没有报的 1 份" in checked.stdout, checked.stdout
    index = (folder / "pages" / "index.html").read_text(encoding="utf-8")
    assert f"三门峡市人民政府 2021 年第 2 季度 {KIND}</li>" in index
    assert "洛阳市" not in index
    assert "Reports still to come: 1." in ogi_here(folder, "check", "sent", "--no-html", "--lang", "en").stdout


def test_registered_quarter_is_not_missing(folder: Path) -> None:
    (second,) = write_bulletins(folder / "earlier", Bulletin(quarter=2))
    assert ogi_here(folder, "add", str(second), "--source", "模拟").returncode == 0
    assert "还没有报的 0 份" in ogi_here(folder, "check", "sent", "--no-html").stdout


def test_table_of_a_website_is_no_annual_report_of_its_body(folder: Path) -> None:
    (folder / "sent" / "site.html").write_text(website_table(2021, "4112000001", (30, 20, 10)), encoding="utf-8")
    assert "还没有报的 1 份" in ogi_here(folder, "check", "sent", "--no-html").stdout


def test_notice_names_the_bulletin(folder: Path) -> None:
    ogi_here(folder, "check", "sent", "--html", "pages")
    notice = (folder / "pages" / "2021-3.html.notice.html").read_text(encoding="utf-8")
    assert f"你单位报来的 2021 年第 3 季度 {KIND}，" in notice
    assert "年度报告" not in notice


def test_structure_is_audited_of_annual_reports_only(folder: Path) -> None:
    checked = ogi_here(folder, "check", "sent", "--no-html", "--structure")
    assert checked.stderr.count("2021-1.html") == 1
    assert "结构检查只用于年度报告" in checked.stderr
    found = json.loads(ogi_here(folder, "check", "sent", "--json", "--structure").stdout)
    assert [report["structure"] for report in found] == [[], []]


def test_lists_for_programs_have_the_quarter(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(ogi_here(folder, "check", "sent", "--csv").stdout.lstrip("\ufeff"))))
    assert {(row["quarter"], row["form"]) for row in rows} == {("3", "inspection")}


def test_page_has_the_given_numbers_and_the_lists_only(folder: Path) -> None:
    ogi_here(folder, "check", "sent", "--html", "pages")
    page = (folder / "pages" / "2021-1.html.check.html").read_text(encoding="utf-8")
    assert "正常运行的政府网站数（家）" in page
    assert "抖音" not in page  # one of the rows that the bulletin does not give
    assert "个数，本报告没有给出，不列" in page
    assert [text in page for text in PROBLEMS[0][1:]] == [True] * 3
    assert "<td></td>" not in page
    (folder / "sent" / "site.html").write_text(
        website_table(2021, "4112000001", (30, 20, 10)).replace("三门峡市政府网", "&lt;i&gt;网&lt;/i&gt;"),
        encoding="utf-8",
    )
    ogi_here(folder, "check", "sent/site.html", "--html", "pages", "--lang", "en")
    page = (folder / "pages" / "site.html.check.html").read_text(encoding="utf-8")
    assert "<td>政府网站标识码</td><td>4112000001</td>" in page
    assert "&lt;i&gt;网&lt;/i&gt;" in page
