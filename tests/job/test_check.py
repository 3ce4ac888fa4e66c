from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from support.project import ROOT, ogi_here

RAW = ROOT / "data" / "raw"
SUQIAN, SANMENXIA, HUAIAN = "2024/321300.html", "2019/411200.html", "2024/320800.html"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A report with two digits exchanged in one cell."""
    text = (RAW / SUQIAN).read_text(encoding="utf-8")
    assert text.count("<td>1408</td>") == 1
    path = tmp_path / "年报.html"
    path.write_text(text.replace("<td>1408</td>", "<td>1480</td>"), encoding="utf-8")
    return path


class Cells(HTMLParser):
    """The marked cells of a page: (class, text)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "td":
            self.inside = dict(attrs).get("class") or ""
            self.found += [(self.inside, "")] if self.inside else []

    def handle_data(self, data: str) -> None:
        if self.inside:
            mark, text = self.found.pop()
            self.found.append((mark, text + data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self.inside = ""


def marked(page: Path) -> list[tuple[str, str]]:
    parser = Cells()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser.found


def test_one_wrong_cell_is_one_sentence_and_one_red_cell(broken: Path, tmp_path: Path) -> None:
    result = ogi_here(tmp_path, "check", broken.name)
    assert result.returncode == 1
    numbered = [line for line in result.stdout.splitlines() if re.match(r"  \d+\. ", line)]
    (culprit,) = [line for line in numbered if "应为" in line]
    assert "「（一）予以公开」自然人" in culprit
    assert "印的是“1480”，应为 1,408" in culprit
    assert "相邻两位数字颠倒" in culprit
    assert "app." not in result.stdout
    assert marked(tmp_path / "年报.html.check.html") == [("wrong", "1480→ 1,408")]


def test_good_reports_end_0_and_the_known_contradictions_are_warnings(tmp_path: Path) -> None:
    result = ogi_here(tmp_path, "check", *(str(RAW / p) for p in (SANMENXIA, HUAIAN)), "--html", "pages")
    assert result.returncode == 0, result.stderr
    first, second = result.stdout.strip().split("\n\n")
    assert "左边 100，右边 70.63" in first
    assert "结转下年度继续办理」自然人" in first
    assert "只能是 0" in first
    assert len(re.findall(r"^  \d+\. ", first, re.MULTILINE)) == 2
    assert "没有发现问题" in second
    assert marked(tmp_path / "pages" / "411200.html.check.html") == [("derived", "→ 0")]
    assert marked(tmp_path / "pages" / "320800.html.check.html") == []


def test_other_scopes_in_the_prose_are_questions(tmp_path: Path) -> None:
    result = ogi_here(tmp_path, "check", str(RAW / SUQIAN), "--no-html")
    assert result.returncode == 0
    assert "左边 134，右边 170" in result.stdout
    assert "左边 57，右边 77" in result.stdout
    assert not list(tmp_path.iterdir())


def test_it_compares_with_the_year_before_where_that_is_at_hand(built: Path, tmp_path: Path) -> None:
    alone = ogi_here(tmp_path, "check", str(RAW / SUQIAN), "--no-html").stdout
    assert "1.05" not in alone
    published = ogi_here(tmp_path, "check", str(RAW / SUQIAN), "--no-html", "--data", str(built / "data"))
    assert "左边 1.05，右边 1.0812" in published.stdout
    both = ogi_here(tmp_path, "check", str(RAW / SUQIAN), str(RAW / "2023/321300.html"), "--no-html")
    assert "左边 1.05，右边 1.0812" in both.stdout
    carried = (RAW / SUQIAN).read_text(encoding="utf-8").replace("<td>118</td>", "<td>119</td>", 1)
    (tmp_path / "a.html").write_text(carried, encoding="utf-8")
    told = ogi_here(tmp_path, "check", "a.html", "--no-html", "--data", str(built / "data")).stdout
    assert "上年结转应等于上一年报告的结转下年度" in told


def test_a_city_is_compared_with_its_members(built: Path, tmp_path: Path) -> None:
    text = (RAW / SANMENXIA).read_text(encoding="utf-8")
    assert "<td>611,501</td>" in text or "<td>611501</td>" in text
    (tmp_path / "a.html").write_text(re.sub("<td>611,?501</td>", "<td>611502</td>", text), encoding="utf-8")
    result = ogi_here(tmp_path, "check", "a.html", "--no-html", "--data", str(built / "data"))
    assert "市级数字应等于各县（市、区）、功能区和部门之和" in result.stdout
    assert "左边 611,502，右边 611,501" in result.stdout


def test_files_that_cannot_be_read_are_told_and_the_rest_goes_on(broken: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_bytes(b"")
    result = ogi_here(tmp_path, "check", "empty.html", str(RAW / HUAIAN), "--no-html")
    assert result.returncode == 1
    assert "文件是空的" in result.stderr
    assert "没有发现问题" in result.stdout
    assert ogi_here(tmp_path, "check", "empty.html", "--no-html").returncode == 3
    assert broken.exists()


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


def test_folders_english_and_simulated_reports(tmp_path: Path) -> None:
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
