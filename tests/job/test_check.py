"""Test `ogi check`: its sentences, its exit code and the marked cells of its page."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from support.offices import excel, shipped
from support.project import ROOT, ogi_here

from pipeline.core.paths import Data
from pipeline.job.check import check, published_norms
from pipeline.storage.partition import TableFiles

pytestmark = pytest.mark.slow

RAW = ROOT / "data" / "raw"
SUQIAN, SANMENXIA, HUAIAN = "2024/321300.html", "2019/411200.html", "2024/320800.html"


@pytest.fixture
def wrong_report(tmp_path: Path) -> Path:
    """Return a report in which two digits of one cell are exchanged."""
    text = (RAW / SUQIAN).read_text(encoding="utf-8")
    assert text.count("<td>1408</td>") == 1
    path = tmp_path / "年报.html"
    path.write_text(text.replace("<td>1408</td>", "<td>1480</td>"), encoding="utf-8")
    return path


class MarkedCellParser(HTMLParser):
    """Collect the cells of a page that have a CSS class, as (class, text)."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[tuple[str, str]] = []
        self.open_class = ""  # the class of the open cell; '' outside of marked cells

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "td":
            self.open_class = dict(attrs).get("class") or ""
            self.cells += [(self.open_class, "")] if self.open_class else []

    def handle_data(self, data: str) -> None:
        if self.open_class:
            css_class, text = self.cells.pop()
            self.cells.append((css_class, text + data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self.open_class = ""


def read_marked_cells(page: Path) -> list[tuple[str, str]]:
    """Return CSS class and text of each marked cell of a page."""
    parser = MarkedCellParser()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser.cells


def test_wrong_cell_gives_one_sentence_and_one_red_cell(wrong_report: Path, tmp_path: Path) -> None:
    result = ogi_here(tmp_path, "check", wrong_report.name)
    assert result.returncode == 1
    numbered = [line for line in result.stdout.splitlines() if re.match(r"  \d+\. ", line)]
    (culprit,) = [line for line in numbered if "应为" in line]
    assert "「（一）予以公开」自然人" in culprit
    assert "印的是“1480”，应为 1,408" in culprit
    assert "相邻两位数字颠倒" in culprit
    assert "app." not in result.stdout
    assert read_marked_cells(tmp_path / "年报.html.check.html") == [("wrong", "1480→ 1,408")]


def test_shipped_reports_have_exit_code_0_and_only_warnings(tmp_path: Path) -> None:
    result = ogi_here(tmp_path, "check", *(str(RAW / p) for p in (SANMENXIA, HUAIAN)), "--html", "pages")
    assert result.returncode == 0, result.stderr
    first, second, _summary = result.stdout.strip().split("\n\n")
    assert "正文的比例是 100%，表中新公开数与新制发数之比是 70.63%，相差 29.37 个百分点" in first
    assert "结转下年度继续办理」自然人" in first
    assert "只能是 0" in first
    assert len(re.findall(r"^  \d+\. ", first, re.MULTILINE)) == 2
    assert "没有发现问题" in second
    assert read_marked_cells(tmp_path / "pages" / "411200.html.check.html") == [("derived", "→ 0")]
    assert read_marked_cells(tmp_path / "pages" / "320800.html.check.html") == []


def test_prose_figures_of_another_scope_are_warnings(tmp_path: Path) -> None:
    result = ogi_here(tmp_path, "check", str(RAW / SUQIAN), "--no-html")
    assert result.returncode == 0
    assert "正文是 134，表中是 170，相差 36" in result.stdout
    assert "正文是 57，表中是 77" in result.stdout
    assert not list(tmp_path.iterdir())


def test_previous_year_is_compared_if_available(built: Path, tmp_path: Path) -> None:
    without_previous_year = ogi_here(tmp_path, "check", str(RAW / SUQIAN), "--no-html").stdout
    assert "1.05" not in without_previous_year
    published = ogi_here(tmp_path, "check", str(RAW / SUQIAN), "--no-html", "--data", str(built / "data"))
    assert "正文的增长率是 1.05%，由两年申请数算出的增长率是 1.0812%" in published.stdout
    both_years = ogi_here(tmp_path, "check", str(RAW / SUQIAN), str(RAW / "2023/321300.html"), "--no-html")
    assert "正文的增长率是 1.05%，由两年申请数算出的增长率是 1.0812%" in both_years.stdout
    wrong_carry_in = (RAW / SUQIAN).read_text(encoding="utf-8").replace("<td>118</td>", "<td>119</td>", 1)
    (tmp_path / "a.html").write_text(wrong_carry_in, encoding="utf-8")
    output = ogi_here(tmp_path, "check", "a.html", "--no-html", "--data", str(built / "data")).stdout
    assert "上年结转应等于上一年报告的结转下年度" in output


def test_city_is_compared_with_its_members(built: Path, tmp_path: Path) -> None:
    text = (RAW / SANMENXIA).read_text(encoding="utf-8")
    assert "<td>611,501</td>" in text or "<td>611501</td>" in text
    (tmp_path / "a.html").write_text(re.sub("<td>611,?501</td>", "<td>611502</td>", text), encoding="utf-8")
    result = ogi_here(tmp_path, "check", "a.html", "--no-html", "--data", str(built / "data"))
    assert "本级数字应等于各成员机关之和" in result.stdout
    assert "本级数字是 611,502，各成员机关之和是 611,501，相差 1" in result.stdout


def test_two_versions_of_a_report_are_not_compared_with_each_other(built: Path, tmp_path: Path) -> None:
    text = (RAW / SUQIAN).read_text(encoding="utf-8")
    files = [tmp_path / "first.html", tmp_path / "second.html"]
    files[0].write_text(text, encoding="utf-8")
    files[1].write_text(text.replace("<td>118</td>", "<td>119</td>", 1), encoding="utf-8")
    alone = check([files[0]], Data(built / "data"))[0]
    first, second = check(files, Data(built / "data"))
    assert alone.changes["zh"]
    assert first.changes == alone.changes
    assert not [f for f in (*first.findings, *second.findings) if f.identity.startswith(("table.", "report."))]
    assert "year.carry" in {f.identity for f in second.findings if f.status == "fail"}
    assert "year.carry" not in {f.identity for f in first.findings if f.status == "fail"}


def test_unreadable_files_are_reported_and_the_others_are_checked(wrong_report: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_bytes(b"")
    result = ogi_here(tmp_path, "check", "empty.html", str(RAW / HUAIAN), "--no-html")
    assert result.returncode == 1
    assert "文件是空的" in result.stderr
    assert "没有发现问题" in result.stdout
    assert ogi_here(tmp_path, "check", "empty.html", "--no-html").returncode == 3
    assert wrong_report.exists()


def test_hostile_text_is_shown_as_text(tmp_path: Path) -> None:
    text = (RAW / SUQIAN).read_text(encoding="utf-8")
    hostile = text.replace("<td>1408</td>", "<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>")
    name = "a&b<c>.html"
    (tmp_path / name).write_text(hostile, encoding="utf-8")
    result = ogi_here(tmp_path, "check", name)
    page = (tmp_path / f"{name}.check.html").read_text(encoding="utf-8")
    assert result.returncode == 1
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "a&amp;b&lt;c&gt;.html" in page


def test_folder_is_checked_in_english_and_simulated_reports_are_marked(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    shutil.copy(RAW / "2019" / "411202.html", folder) if (RAW / "2019" / "411202.html").exists() else shutil.copy(
        next((RAW / "2019").glob("41120[0-9]*.txt")), folder
    )
    result = ogi_here(tmp_path, "check", "reports", "--lang", "en")
    assert result.returncode == 0, result.stdout
    assert "(simulated)" in result.stdout
    (page,) = tmp_path.glob("*.check.html")
    assert '<html lang="en">' in page.read_text(encoding="utf-8")


def test_report_without_tables_says_so(tmp_path: Path) -> None:
    text = "三门峡市人民政府2022年政府信息公开工作年度报告\n\n一、总体情况\n\n全市主动公开政府信息7300条。\n"
    (tmp_path / "年报.txt").write_text(text, encoding="utf-8")
    result = ogi_here(tmp_path, "check", "年报.txt")
    assert result.returncode == 1
    assert "（无统计表）" in result.stdout
    assert "没有找到法定统计表，只读取了正文里的 1 个数字" in result.stdout
    (tmp_path / "年报.txt").write_text(text.replace("2022年", "2012年"), encoding="utf-8")
    earlier = ogi_here(tmp_path, "check", "年报.txt")
    assert earlier.returncode == 0
    assert "那一年度还没有统一的统计表" in earlier.stdout


def test_cell_of_a_workbook_is_named_by_its_address(tmp_path: Path) -> None:
    book = excel(shipped(SUQIAN), sheets=True)
    sheet, cell = next((s, c) for s in book.worksheets for row in s.iter_rows() for c in row if c.value == 1408)
    cell.value = 1480
    book.save(tmp_path / "年报.xlsx")
    result = ogi_here(tmp_path, "check", "年报.xlsx")
    assert f"[applications/granted/natural_person {sheet.title}!{cell.coordinate}]" in result.stdout


def test_largest_changes_are_listed_on_screen_and_page(built: Path, tmp_path: Path) -> None:
    result = ogi_here(tmp_path, "check", str(RAW / SUQIAN), "--data", str(built / "data"))
    _, _, table = result.stdout.partition("与上年相比变化最大的数")
    first, second = table.splitlines()[1:3]
    assert first.startswith("  行政许可：处理决定数量：上年 1,808,595，本年 1,573,179，-235,416（-13.0%）")
    assert second.startswith("  行政处罚：处理决定数量")
    page = (tmp_path / "321300.html.check.html").read_text(encoding="utf-8")
    assert re.search(r"<th>上年</th>.*<td>1,808,595</td>\s*<td>1,573,179</td>", page, re.DOTALL)
    without_year_before = ogi_here(tmp_path, "check", str(RAW / SUQIAN), "--no-html").stdout
    assert "与上年相比变化最大的数" not in without_year_before


def test_amount_in_yuan_is_a_warning_with_the_right_amount(built: Path, tmp_path: Path) -> None:
    text = (RAW / SUQIAN).read_text(encoding="utf-8")
    (tmp_path / "a.html").write_text(text.replace("72701.2578", "727012578"), encoding="utf-8")
    result = ogi_here(tmp_path, "check", "a.html", "--no-html", "--data", str(built / "data"))
    assert result.returncode == 0
    assert "本年 727,012,578 万元，上年 59,237.2449 万元" in result.stdout
    assert "应为 72,701.2578" in result.stdout


def test_single_report_is_compared_with_the_published_norms(ready: Path, tmp_path: Path) -> None:
    """The peers of a department are in the snapshot, not among the checked files."""
    name = "2019/411200-education.html"
    (number,) = re.findall(r"<td>(17763)</td>", (RAW / name).read_text(encoding="utf-8"))
    text = (RAW / name).read_text(encoding="utf-8").replace(f"<td>{number}</td>", f"<td>{number}00</td>")
    (tmp_path / "a.html").write_text(text, encoding="utf-8")
    with_norms = ogi_here(tmp_path, "check", "a.html", "--no-html", "--data", str(ready / "data")).stdout
    assert "1,776,300；规模相近的同类机关通常在" in with_norms
    assert "规模相近的同类机关" not in ogi_here(tmp_path, "check", "a.html", "--no-html").stdout


def test_norms_of_the_year_before_stand_in_for_a_year_without_any(built: Path) -> None:
    files = TableFiles(Data(built / "data").current)
    published = files.read("norms", "2019")
    assert published.num_rows
    assert not files.read("norms", "2022").num_rows
    assert published_norms({2019}, files) == published
    later = published_norms({2020}, files)
    assert set(later["year"].to_pylist()) == {2020}
    assert later.drop_columns("year") == published.drop_columns("year")
    assert not published_norms({2022}, files).num_rows
