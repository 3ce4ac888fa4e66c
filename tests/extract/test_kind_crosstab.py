"""Test that tables by platform are read in each layout, and that the numbers of one body are not taken for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.kind_tables import bulletin, read

COUNTS = {"new_media.wechat": 182, "new_media.weibo": 56}
FAILED = {"new_media.wechat.failed": 3, "new_media.weibo.failed": 1}
TABLES = (
    ([["平台", "数量"], ["微信公众号", "182"], ["新浪微博", "56"], ["合计", "238"]], COUNTS),
    ([["序号", "平台类型", "账号数"], ["1", "政务微信", "182"], ["2", "微博", "56"]], COUNTS),
    ([["平台", "总数", "不合格数"], ["微信公众号", "182", "3"], ["微博", "56", "1"]], COUNTS | FAILED),
    ([["", "微信公众号", "微博"], ["总数", "182", "56"], ["不合格数", "3", "1"]], COUNTS | FAILED),
    (
        [["类别", "平台", "数量"], ["<td rowspan=2>政务新媒体</td>", "微信公众号", "182"], ["微博", "56"]],
        COUNTS,
    ),
)


@pytest.mark.parametrize(("lines", "expected"), TABLES)
def test_platforms_are_read_in_each_layout(tmp_path: Path, lines: list[list[str]], expected: dict[str, int]) -> None:
    cells = {cell.row: cell for cell in read(tmp_path, bulletin(lines)).cells}
    del cells["sites.inspected"]  # of the prose
    assert {row: cell.value for row, cell in cells.items()} == expected
    assert {cell.confidence for cell in cells.values()} == {1}


@pytest.mark.parametrize(
    "lines",
    [
        [["单位", "平台", "数量"], ["市教育局", "微信公众号", "5"]],
        [["单位", "微信公众号", "微博"], ["湖滨区", "3", "2"], ["合计", "3", "2"]],
        [["微信公众号", "微博"], ["182", "56"]],
    ],
)
def test_numbers_of_a_body_or_without_a_measure_are_named_and_not_read(tmp_path: Path, lines: list[list[str]]) -> None:
    extraction = read(tmp_path, bulletin(lines))
    assert {cell.row for cell in extraction.cells} == {"sites.inspected"}
    assert "kind.unread_table" in {finding.identity for finding in extraction.findings}


def test_total_of_platforms_and_accounts_inspected_of_one_are_named(tmp_path: Path) -> None:
    """`new_media.wechat` has all accounts; the form has no row for those of a platform that were inspected."""
    lines = [["平台", "数量", "检查数"], ["微信公众号", "182", "90"], ["合计", "182", "90"]]
    extraction = read(tmp_path, bulletin(lines))
    assert {cell.row: cell.value for cell in extraction.cells} == {"sites.inspected": 3, "new_media.wechat": 182}
    findings = {finding.identity: finding.note for finding in extraction.findings}
    assert findings["extract.unplaced"] == "“微信公众号” 90; “合计” 182 90"
