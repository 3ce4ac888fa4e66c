"""`ogi check FOLDER`: an index page, a summary, duplicates, missing bodies, and a notice for each body."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from raw.test_add_report import write_report

from pipeline.cli.check import command
from pipeline.core.paths import Data
from pipeline.raw.start import start_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of 洛阳市: two of one name in two folders, a copy, a second version, and a notice."""
    start_folder(Data(tmp_path / "data"), "洛阳市", ["洛阳市教育局", "洛阳市财政局"])
    for number, (place, body) in enumerate((("教育局", "洛阳市教育局"), ("财政局", "洛阳市财政局"))):
        (tmp_path / "in" / place).mkdir(parents=True)
        write_report(tmp_path, body, number).rename(tmp_path / "in" / place / "年报.html")
    shutil.copyfile(tmp_path / "in" / "教育局" / "年报.html", tmp_path / "in" / "教育局副本.html")
    write_report(tmp_path, "洛阳市财政局", 9).rename(tmp_path / "in" / "财政局改.html")
    (tmp_path / "in" / "通知.txt").write_text("关于报送年报的通知\n请各单位报送。", encoding="utf-8")
    return tmp_path


def check(folder: Path, *options: str) -> Result:
    """Run the command on the folder."""
    arguments = [str(folder / "in"), "--data", str(folder / "data"), *options]
    return CliRunner().invoke(command, arguments, standalone_mode=False)


def test_index_lists_every_file_and_missing_bodies(folder: Path) -> None:
    result = check(folder, "--html", str(folder / "out"))
    assert result.return_value == 1, result.output
    assert "另一机关" not in result.output  # a copy of the own report is a duplicate
    assert "5 个文件" in result.output
    page = (folder / "out" / "index.html").read_text(encoding="utf-8")
    for text in ("教育局/年报.html", "财政局/年报.html", "教育局副本.html", "重复", "另一版本", "通知一类"):
        assert text in page, text
    assert "还没有报的（14）" in page
    assert "涧西区人民政府" in page
    assert {p.name for p in (folder / "out").glob("*.check.html")} == {
        "年报.html.check.html", "年报.html (2).check.html", "教育局副本.html.check.html", "财政局改.html.check.html",
    }  # fmt: skip


@pytest.mark.slow
def test_report_on_another_year_is_returned_if_the_year_is_given(folder: Path) -> None:
    assert "退回" not in check(folder, "--no-html").output
    result = check(folder, "--no-html", "--year", "2030")
    assert result.output.count("现在收的是 2030 年度") == 4


@pytest.mark.slow
def test_notice_names_the_body_and_its_errors(folder: Path) -> None:
    check(folder, "--html", str(folder / "out"))
    notices = {p.name: p.read_text(encoding="utf-8") for p in (folder / "out").glob("*.notice.html")}
    assert "财政局改.html.notice.html" in notices
    text = notices["财政局改.html.notice.html"]
    assert "洛阳市财政局：" in text
    assert "「一、本年新收政府信息公开申请数量」自然人" in text
    assert "洛阳市人民政府" in text


def test_json_has_the_state_of_each_file(folder: Path) -> None:
    rows = json.loads(check(folder, "--json").output)
    states = {Path(row["path"]).parent.name + "/" + Path(row["path"]).name: row["status"] for row in rows}
    assert states == {
        "教育局/年报.html": "ready",
        "财政局/年报.html": "ready",
        "in/教育局副本.html": "duplicate",
        "in/财政局改.html": "version",
        "in/通知.txt": "ignored",
    }
