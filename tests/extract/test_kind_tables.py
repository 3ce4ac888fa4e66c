"""Test that tables, lists and attributes of other kinds of report are read by their labels."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.bulletins import PROBLEMS, Bulletin, html_of, website_table

from pipeline.core.model import DataFault, Extraction
from pipeline.report import read_report

SUPERVISION = """<html><meta charset="utf-8"><h1>甲省政府网站监管年度报表（2020年度）（模拟）</h1><table>
<tr><td rowspan="2">项目</td><td colspan="5">数量</td></tr>
<tr><td>一季度</td><td>二季度</td><td>三季度</td><td>四季度</td><td>全年总数</td></tr>
<tr><td>不合格网站数量</td><td>1</td><td></td><td>3</td><td>0</td><td>9</td></tr>
<tr><td>问责人次</td><td>0</td><td>0</td><td>0</td><td>/</td><td>0</td></tr></table></html>"""


def read(folder: Path, content: str, name: str = "report.html") -> Extraction:
    """Return what a file with this content reports."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return read_report(path)


def test_lines_of_a_list_are_rows_with_their_place(tmp_path: Path) -> None:
    extraction = read(tmp_path, html_of(Bulletin()))
    lines = {(e.line, e.column): e for e in extraction.entries}
    assert [tuple(lines[n, c].text for c in ("site", "body", "problem")) for n in (1, 2)] == [p[1:] for p in PROBLEMS]
    assert (lines[2, "site"].grid_row, lines[2, "site"].grid_column) == (2, 1)
    assert {e.table for e in extraction.entries} == {"problems"}


def test_sum_is_no_line_and_a_list_goes_on_in_the_next_table(tmp_path: Path) -> None:
    head = "<tr><td colspan=3>附件：不合格名单</td></tr><tr><td>单位</td><td>网站</td><td>问题</td></tr>"
    lines = "<tr><td rowspan=2>甲局</td><td>甲网</td><td>问题一</td></tr><tr><td>乙网</td><td>问题二</td></tr>"
    after = "<tr><td>丙局</td><td>丙网</td><td>问题三</td></tr><tr><td colspan=2>合计</td><td>3个</td></tr>"
    page = html_of(Bulletin()).partition("<table>")[0]
    extraction = read(tmp_path, f"{page}<table>{head}{lines}</table><table>{after}</table></body></html>")
    listed = [(e.line, e.text) for e in extraction.entries if e.column in ("site", "body")]
    assert listed == [(1, "甲局"), (1, "甲网"), (2, "甲局"), (2, "乙网"), (3, "丙局"), (3, "丙网")]


def test_table_of_a_website_has_numbers_and_attributes(tmp_path: Path) -> None:
    extraction = read(tmp_path, website_table(2021, "4112000001", (30, 20, 10)))
    values = {cell.row: cell.value for cell in extraction.cells}
    assert (extraction.kind, extraction.year, extraction.subject) == ("website_annual", 2021, "4112000001")
    assert extraction.body == "三门峡市人民政府"
    assert [values[row] for row in ("published.total", "services.cases", "visits.users")] == [400, 30, 12345]
    attributes = {e.column: e.text for e in extraction.entries}
    assert attributes["site.address"] == "www.example.gov.cn"
    assert attributes["site.name"] == "三门峡市政府网（模拟）"


def test_columns_are_those_of_the_head_and_a_blank_moves_nothing(tmp_path: Path) -> None:
    cells = {c.address.partition("/")[2]: c for c in read(tmp_path, SUPERVISION).cells}
    failed = [cells[f"supervised.failed/quarter_{n}"] for n in (1, 2, 3, 4)]
    assert [(c.value, c.kind) for c in failed] == [(1, "number"), (None, "blank"), (3, "number"), (0, "zero")]
    assert cells["supervised.failed/year"].value == 9
    assert cells["supervised.accountable/quarter_4"].kind == "na"


def test_document_without_a_number_of_its_kind_is_a_fault(tmp_path: Path) -> None:
    title = "三门峡市2021年第一季度政府网站检查情况的通报"
    with pytest.raises(DataFault) as fault:
        read(tmp_path, f"{title}\n\n总体良好。\n", "report.txt")
    assert fault.value.code == "kind.empty"
