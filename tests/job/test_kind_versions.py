"""Receive revised reports of other kinds: a new version may change a number, an attribute, or only a line of a list."""

from __future__ import annotations

from pathlib import Path

import pytest
from job.test_receive import add_all
from support.bulletins import PROBLEMS, Bulletin, html_of, website_table

from pipeline.core.paths import Data
from pipeline.job.receive import receive
from pipeline.publish.receipt_text import difference_lines
from pipeline.raw.incoming import list_incoming
from pipeline.raw.start import start_folder

BULLETIN = html_of(Bulletin())
(_, FIRST_SITE, FIRST_BODY, FIRST), (_, SECOND_SITE, SECOND_BODY, SECOND) = PROBLEMS
SECOND_LINE = f"<tr><td>2</td><td>{SECOND_SITE}</td><td>{SECOND_BODY}</td><td>{SECOND}</td></tr>"
SECOND_TEXT = f"{SECOND_SITE} · {SECOND_BODY} · {SECOND}"
ADDED = "<tr><td>3</td><td>丙局网站</td><td>丙局</td><td>无障碍缺失</td></tr>"


@pytest.fixture
def city(tmp_path: Path) -> Data:
    """A data folder of 三门峡市."""
    data = Data(tmp_path / "data")
    start_folder(data, "三门峡市", [])
    return data


def compare(city: Data, folder: Path, before: str, after: str, lang: str = "zh") -> tuple[str, list[str]]:
    """Return the status of a report that comes after another one, and the lines of its differences."""
    folder.mkdir()
    (folder / "first.html").write_text(before, encoding="utf-8")
    add_all(folder, city, "--source", "模拟")
    (folder / "first.html").rename(folder / "second.html").write_text(after, encoding="utf-8")
    (receipt,) = receive(list_incoming([folder], folder / "unpacked"), city)
    return receipt.status, difference_lines(receipt, lang)


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        (SECOND, "已关停", SECOND_TEXT, SECOND_TEXT.replace(SECOND, "已关停")),
        (SECOND_LINE, "", SECOND_TEXT, "（空）"),
        (SECOND_LINE, SECOND_LINE + ADDED, "（空）", "丙局网站 · 丙局 · 无障碍缺失"),
        (SECOND_LINE, SECOND_LINE * 2, "（空）", SECOND_TEXT),
    ],
)
def test_changed_line_of_a_list_makes_a_version(
    city: Data, tmp_path: Path, old: str, new: str, before: str, after: str
) -> None:
    outcome = compare(city, tmp_path / "in", BULLETIN, BULLETIN.replace(old, new))
    assert outcome == ("version", [f"问题清单：原来 {before}，现在 {after}"])


def test_number_and_list_are_both_named(city: Data, tmp_path: Path) -> None:
    status, lines = compare(city, tmp_path / "in", BULLETIN, html_of(Bulletin(failed=3)).replace(FIRST, "断链"), "en")
    assert status == "version"
    assert any("2" in line and "3" in line for line in lines[:-1])
    assert lines[-1].startswith("Problems found: before")


def test_other_order_of_the_lines_is_a_duplicate(city: Data, tmp_path: Path) -> None:
    first = f"<tr><td>1</td><td>{FIRST_SITE}</td><td>{FIRST_BODY}</td><td>{FIRST}</td></tr>"
    turned = BULLETIN.replace(first + SECOND_LINE, SECOND_LINE + first)
    assert turned != BULLETIN
    assert compare(city, tmp_path / "in", BULLETIN, turned) == ("duplicate", [])


def test_changed_attribute_makes_a_version(city: Data, tmp_path: Path) -> None:
    table = website_table(2021, "4112000001", (30, 20, 10))
    changed = table.replace("www.example.gov.cn", "www.example.org.cn")
    status, lines = compare(city, tmp_path / "in", table, changed)
    assert (status, lines) == ("version", ["首页网址：原来 www.example.gov.cn，现在 www.example.org.cn"])
