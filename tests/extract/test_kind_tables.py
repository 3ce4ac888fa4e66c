"""Test that tables, lists and attributes of other kinds of report are read by their labels."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.bulletins import PROBLEMS, Bulletin, html_of, website_table
from support.kind_tables import bulletin, listed, read, table

from pipeline.core.model import MIN_CONFIDENCE, DataFault

SUPERVISION = """<html><meta charset="utf-8"><h1>甲省政府网站监管年度报表（2020年度）（模拟）</h1><table>
<tr><td rowspan="2">项目</td><td colspan="5">数量</td></tr>
<tr><td>一季度</td><td>二季度</td><td>三季度</td><td>四季度</td><td>全年总数</td></tr>
<tr><td>不合格网站数量</td><td>1</td><td></td><td>3</td><td>0</td><td>9</td></tr>
<tr><td>问责人次</td><td>0</td><td>0</td><td>0</td><td>/</td><td>0</td></tr></table></html>"""


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


A, B = {"site": "A网", "problem": "错链"}, {"site": "B网", "problem": "错字"}
LISTS: tuple[tuple[list[list[str]], list[dict[str, str]]], ...] = (
    # Another head in the same table, with another order of the columns.
    (
        [
            ["网站名称", "存在问题"],
            ["A网", "错链"],
            ["<td colspan=2>附件2</td>"],
            ["主要问题", "账号名称"],
            ["错字", "B网"],
        ],
        [A, B],
    ),
    (
        [["序号", "网站名称", "存在问题", "序号", "网站名称", "存在问题"], ["1", "A网", "错链", "2", "B网", "错字"]],
        [A, B],
    ),
    ([["序号", "网站名称", "存在问题"], ["1", "A网", "错链"], ["合计", "1家", "1个"]], [A]),
    ([["序号", "网站名称", "存在问题"], ["1", "A网", "错链"], ["", "", "错字"]], [A, {"problem": "错字"}]),
    ([["网站名称", "存在问题"], ["A网", ""], ["<td colspan=2>以下为部门</td>"], ["B网", "错字"]], [{"site": "A网"}, B]),
    ([["网站名称", "存在问题"], ["一、政府网站", ""], ["B网", "错字"]], [B]),
    ([["单位", "存在问题"], ["甲局", "错链"]], [{"body": "甲局", "problem": "错链"}]),
    (
        [
            ["网站名称", "<td colspan=2>存在问题</td>"],
            ["网站名称", "问题类型", "问题描述"],
            ["A网", "单项否决", "错链"],
        ],
        [A],
    ),
)


@pytest.mark.parametrize(("lines", "expected"), LISTS)
def test_lists_of_other_shapes(tmp_path: Path, lines: list[list[str]], expected: list[dict[str, str]]) -> None:
    assert listed(read(tmp_path, bulletin(lines))) == expected


@pytest.mark.parametrize(
    ("lines", "code", "note"),
    [
        ([["网站名称", "A网", "B网"], ["存在问题", "错链", "错字"]], "kind.unread_table", "网站名称 (6)"),
        ([["地区", "扣分数"], ["甲区", "12"]], "kind.unread_table", "地区 (1)"),
        ([["序号", "网站名称", "存在问题", "扣分"], ["1", "A网", "错链", "5"]], "kind.unread_columns", "扣分"),
        (
            [["指标", "通报机关检查", "备注"], ["检查的政府网站数", "3", "7"], ["抽检", "2", "18%"]],
            "extract.unplaced",
            "“检查的政府网站数” 7; “抽检” 2 18%",
        ),
    ],
)
def test_what_is_not_read_of_a_table_is_named(tmp_path: Path, lines: list[list[str]], code: str, note: str) -> None:
    findings = {finding.identity: finding.note for finding in read(tmp_path, bulletin(lines)).findings}
    assert findings[code] == note


def website(*lines: list[str]) -> str:
    """Return the table of a website."""
    title = "<h1>三门峡市政府网站工作年度报表（2021年度）（模拟）</h1>"
    return f'<html><meta charset="utf-8">{title}{table(list(lines))}</html>'


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([["独立用户访问总量（单位：万个）", "12.5"]], {"visits.users": 125000}),
        ([["网站总访问量（万次）", "76.5"]], {"visits.total": 765000}),
        ([["信息发布（单位：万条）", "总数", "3"]], {"published.total": 30000}),
        ([["信息发布", "总数（单位：万条）", "3"]], {"published.total": 30000}),
        ([["信息发布总数", "条", "900"]], {"published.total": 900}),
        ([["访谈期数（单位：期）", "4"]], {"interviews.held": 4}),
        ([["指标", "单位", "数值"], ["网站总访问量", "万次", "3"], ["收到留言数量", "", "5"]],
            {"visits.total": 30000, "messages.received": 5}),
        ([["指标", "2020年", "2021年"], ["网站总访问量", "100", "200"]], {"visits.total": 200}),
        ([["指标", "本年", "上年"], ["网站总访问量", "200", "100"]], {"visits.total": 200}),
        ([["办件量", "总数", "30", "自然人办件量", "20"]], {"services.cases": 30, "services.cases_of_persons": 20}),
    ],
)  # fmt: skip
def test_units_and_years_beside_a_number(tmp_path: Path, lines: list[list[str]], expected: dict[str, int]) -> None:
    extraction = read(tmp_path, website(*lines))
    assert {cell.row: cell.value for cell in extraction.cells} == expected


GROUPS = (
    # The name of the group is left of a blank, or in a line of its own.
    [["信息发布（单位：条）", "总数", "10"], ["", "概况类信息更新量", "2"], ["专栏专题", "维护数量", "6"]],
    [["一、信息发布", ""], ["总数", "10条"], ["概况类信息更新量", "2条"], ["二、专栏专题", ""], ["维护数量", "6个"]],
    # A label of one row only needs no group.
    [["信息发布总数（条）", "10", "概况类信息更新量（条）", "2"], ["专栏专题维护数量（个）", "6"]],
)


@pytest.mark.parametrize("lines", GROUPS)
def test_group_of_a_label_is_printed_in_other_lines(tmp_path: Path, lines: list[list[str]]) -> None:
    cells = {cell.row: cell.value for cell in read(tmp_path, website(*lines)).cells}
    assert cells == {"published.total": 10, "published.overview": 2, "topics.kept": 6}


@pytest.mark.parametrize(
    "lines",
    [
        [["<td rowspan=3>不合格网站数量（单位：个）</td>", "第一季度", "3"], ["第二季度", "2"], ["全年", "5"]],
        [["不合格网站数量", "第一季度：3个", "第二季度：2个", "全年：5个"]],
    ],
)
def test_head_of_a_column_is_beside_its_number(tmp_path: Path, lines: list[list[str]]) -> None:
    title = "<h1>甲省政府网站监管年度报表（2020年度）（模拟）</h1>"
    cells = read(tmp_path, f'<html><meta charset="utf-8">{title}{table(lines)}</html>').cells
    assert {cell.column: cell.value for cell in cells} == {"quarter_1": 3, "quarter_2": 2, "year": 5}


MEASURES = ["类别", "检查数", "合格数", "合格率"]
BOTH = (
    [MEASURES, ["政府网站", "3", "2", "66.7%"], ["政务新媒体", "20", "19", "95%"]],
    [["类别", "政府网站", "政务新媒体"], ["检查数", "3", "20"], ["合格数", "2", "19"], ["合格率", "66.7%", "95%"]],
    [["指标", "单位", "数值"], ["检查政府网站数量", "家", "3"], ["合格政府网站数", "家", "2"],
        ["政府网站合格率", "%", "66.7"], ["检查政务新媒体数量", "个", "20"], ["合格政务新媒体数", "个", "19"],
        ["政务新媒体合格率", "%", "95"]],
    [["指标", "2021年第一季度", "2021年第二季度"], ["检查政府网站数", "9", "3"], ["合格政府网站数", "9", "2"],
        ["政府网站合格率", "100%", "66.7%"], ["检查政务新媒体数", "9", "20"], ["合格政务新媒体数", "9", "19"],
        ["政务新媒体合格率", "100%", "95%"]],
)  # fmt: skip


@pytest.mark.parametrize("lines", BOTH)
def test_results_by_kind_of_site_are_read_in_each_layout(tmp_path: Path, lines: list[list[str]]) -> None:
    cells = {cell.row: cell for cell in read(tmp_path, bulletin(lines)).cells}
    assert {row: str(cell.value) for row, cell in cells.items()} == {
        "sites.inspected": "3", "sites.passed": "2", "sites.pass_rate": "66.7",
        "new_media.inspected": "20", "new_media.passed": "19", "new_media.pass_rate": "95",
    }  # fmt: skip
    assert {(cell.column, cell.confidence) for cell in cells.values()} == {("own", 1)}


def test_columns_of_other_years_are_named_and_not_read(tmp_path: Path) -> None:
    lines = [["指标", "2019年", "2020年"], ["网站总访问量", "100", "200"], ["", "", ""], ["收到留言数量", "7", "8"]]
    closed = [["办结留言数量", "本年", "上年"], ["公开答复数量", "3", "4"]]
    extraction = read(tmp_path, website(*lines, *closed))
    assert {cell.row: cell.value for cell in extraction.cells} == {"messages.answered_publicly": 3}
    (note,) = [f.note for f in extraction.findings if f.identity == "extract.unplaced"]
    assert note == "“网站总访问量” 100 200; “收到留言数量” 7 8; “公开答复数量” 4"


def test_two_numbers_beside_a_label_are_in_doubt(tmp_path: Path) -> None:
    extraction = read(tmp_path, website(["网站总访问量", "100", "200"]))
    (cell,) = extraction.cells
    assert cell.value == 100
    assert cell.confidence < MIN_CONFIDENCE
    assert [f.note for f in extraction.findings if f.identity == "kind.conflict"] == ["100 | 200"]


@pytest.mark.parametrize("name", ["{}季度", "第{}季度", "{}季度（个）"])
def test_columns_that_differ_in_their_number_only(tmp_path: Path, name: str) -> None:
    lines = [["项目", *(name.format(n) for n in "1234"), "合计"], ["不合格网站数量", "1", "2", "0", "5", "8"]]
    title = "<h1>甲省政府网站监管年度报表（2020年度）（模拟）</h1>"
    content = f'<html><meta charset="utf-8">{title}{table(lines)}</html>'
    values = {cell.column: cell.value for cell in read(tmp_path, content).cells}
    assert values == {"quarter_1": 1, "quarter_2": 2, "quarter_3": 0, "quarter_4": 5, "year": 8}


def test_label_in_the_corner_of_the_head_belongs_to_the_line_below(tmp_path: Path) -> None:
    quarters = ["一季度", "二季度", "三季度", "四季度", "全年总数"]
    lines = [["不合格网站数量（单位：个）", *quarters], ["", "1", "2", "0", "0", "3"]]
    title = "<h1>甲省政府网站监管年度报表（2020年度）（模拟）</h1>"
    cells = read(tmp_path, f'<html><meta charset="utf-8">{title}{table(lines)}</html>').cells
    assert [cell.value for cell in cells] == [1, 2, 0, 0, 3]


def test_impossible_numbers_and_texts_have_findings(tmp_path: Path) -> None:
    lines = [
        ["指标", "通报机关检查"],
        ["检查的政府网站数", "39.5"],
        ["政府网站合格率", "1000%"],
        ["合格的政府网站数", "见附件"],
    ]
    text = bulletin(lines).replace("<p>检查政府网站3家。</p>", "<p>不合格网站2家。</p>")
    extraction = read(tmp_path, text)
    values = {cell.row: cell.value for cell in extraction.cells}
    assert (values["sites.inspected"], values["sites.passed"]) == (None, None)
    codes = {finding.identity for finding in extraction.findings if finding.severity == "error"}
    assert codes == {"extract.not_whole", "extract.text", "kind.share"}


def test_document_without_a_number_of_its_kind_is_a_fault(tmp_path: Path) -> None:
    title = "三门峡市2021年第一季度政府网站检查情况的通报"
    with pytest.raises(DataFault) as fault:
        read(tmp_path, f"{title}\n\n总体良好。\n", "report.txt")
    assert fault.value.code == "kind.empty"
