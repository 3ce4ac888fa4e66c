"""Test that a table of a kind is read for its own body, period and unit, and that doubts are carried on."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook
from support.kind_tables import bulletin, listed, read

from pipeline.core.model import MIN_CONFIDENCE, DataFault
from pipeline.report import read_report

OWN = ["指标", "通报机关检查"]
FAILED = ["不合格的政府网站数", "1"]


@pytest.mark.parametrize(
    ("before", "lines"),
    [
        ("<p>表1 2021年第一季度检查结果</p>", [OWN, FAILED]),
        ("<p>湖滨区检查情况</p>", [OWN, FAILED]),
        ("<p>三、上季度问题整改情况</p><p>见下表。</p>", [OWN, FAILED]),
        ("", [["<td colspan=2>2020年第二季度</td>"], OWN, FAILED]),
        ("", [["地区", *OWN], ["湖滨区", *FAILED]]),
        (
            "",
            [
                ["指标", "第一季度", "第二季度"],
                ["", "通报机关检查", "各地区各部门检查"],
                ["不合格的政府网站数", "1", ""],
            ],
        ),
    ],
)
def test_table_of_another_body_or_period_is_named_and_not_read(
    tmp_path: Path, before: str, lines: list[list[str]]
) -> None:
    page = bulletin(lines).replace("<table>", f"{before}<table>")
    extraction = read(tmp_path, page)
    assert {cell.row for cell in extraction.cells if cell.value is not None} == {"sites.inspected"}
    assert {finding.identity for finding in extraction.findings} & {"kind.unread_table", "extract.unplaced"}


def test_quarter_above_the_columns_says_which_counts(tmp_path: Path) -> None:
    lines = [["指标", "第一季度", "第二季度"], ["", "通报机关检查", "通报机关检查"], ["不合格的政府网站数", "1", "3"]]
    cells = {cell.row: cell for cell in read(tmp_path, bulletin(lines)).cells}
    assert cells["sites.failed"].value == 3
    assert cells["sites.failed"].confidence == 1


@pytest.mark.parametrize(
    "lines",
    [
        [["指标", "通报机关检查", "各地区各部门检查"], ["不合格的政府网站数", "<td colspan=2>2</td>"]],
        [OWN, ["合格的政府网站数", "<td rowspan=2>2</td>"], ["不合格的政府网站数"]],
    ],
)
def test_number_merged_over_cells_belongs_to_none(tmp_path: Path, lines: list[list[str]]) -> None:
    extraction = read(tmp_path, bulletin(lines))
    assert {cell.row for cell in extraction.cells if cell.value is not None} == {"sites.inspected"}
    assert [finding.note for finding in extraction.findings if finding.identity == "extract.merged"] == ["2"]


def test_number_that_table_and_prose_print_differently_is_in_doubt(tmp_path: Path) -> None:
    extraction = read(tmp_path, bulletin([OWN, ["检查的政府网站数", "5"]]))
    (cell,) = extraction.cells
    assert cell.value == 5
    assert cell.confidence < MIN_CONFIDENCE
    assert [finding.note for finding in extraction.findings] == ["5 | 3"]


def test_rate_that_may_be_a_fraction_is_in_doubt(tmp_path: Path) -> None:
    extraction = read(tmp_path, bulletin([OWN, ["政府网站合格率", "0.95"], ["政务新媒体合格率", "0.95%"]]))
    rates = {cell.row: cell.confidence < MIN_CONFIDENCE for cell in extraction.cells if cell.row.endswith("rate")}
    assert rates == {"sites.pass_rate": True, "new_media.pass_rate": False}
    assert [finding.note for finding in extraction.findings if finding.identity == "kind.fraction"] == ["0.95"]


def test_percentage_of_a_workbook_is_read_as_shown(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for line in (["三门峡市2021年第二季度政府网站检查情况通报（模拟）"], OWN, ["政府网站合格率", 0.954]):
        sheet.append(line)
    sheet["B3"].number_format = "0.0%"
    book.save(tmp_path / "report.xlsx")
    (cell,) = read_report(tmp_path / "report.xlsx").cells
    assert (cell.raw, cell.value) == ("95.4%", Decimal("95.4"))


def test_list_does_not_go_on_below_other_words_and_has_no_sums(tmp_path: Path) -> None:
    lines = [["序号", "网站名称", "存在问题"], ["1", "甲网", "错链"], ["总数", "1家", "1个"]]
    page = bulletin(lines, [["1", "乙网", "已整改"]]).replace("</table><table>", "</table><p>整改情况</p><table>")
    assert listed(read(tmp_path, page)) == [{"site": "甲网", "problem": "错链"}]


def test_counts_by_body_are_a_list_of_their_own(tmp_path: Path) -> None:
    lines = [["县（市、区）", "检查数", "合格数", "不合格数"], ["湖滨区", "5", "4", "1"], ["合计", "5", "4", "1"]]
    extraction = read(tmp_path, bulletin(lines, [["单位", "存在问题"], ["湖滨区", "3"]]))
    assert listed(extraction) == [{"body": "湖滨区", "inspected": "5", "passed": "4", "failed": "1"}]
    notes = {finding.identity: finding.note for finding in extraction.findings}
    assert notes == {"kind.unread_sum": "5 4 1", "kind.unread_table": "单位 (1)"}


def test_crosstab_has_the_unit_of_its_head_and_doubts_a_second_number(tmp_path: Path) -> None:
    lines = [["类别", "总数（万个）", "检查数"], ["政务新媒体", "0.4", "20"], ["政务新媒体", "0.4", "30"]]
    extraction = read(tmp_path, bulletin(lines))
    cells = {cell.row: cell for cell in extraction.cells}
    assert cells["new_media.running"].value == 4000
    assert cells["new_media.inspected"].confidence < MIN_CONFIDENCE
    assert [f.note for f in extraction.findings if f.identity == "extract.twice"] == ["20 | 30"]


def test_text_of_a_table_is_named_where_the_prose_has_the_number(tmp_path: Path) -> None:
    extraction = read(tmp_path, bulletin([OWN, ["检查的政府网站数", "见附件"]]))
    (cell,) = extraction.cells
    assert cell.value == 3
    assert cell.confidence < MIN_CONFIDENCE
    assert [f.note for f in extraction.findings if f.identity == "kind.conflict"] == ["见附件 | 3"]


def test_line_of_a_list_with_a_number_is_kept(tmp_path: Path) -> None:
    lines = [["单位", "存在问题"], ["甲局", "错链"], ["乙局", "3"]]
    assert listed(read(tmp_path, bulletin(lines)))[1] == {"body": "乙局", "problem": "3"}


def test_prose_in_a_frame_is_read(tmp_path: Path) -> None:
    page = bulletin([["本季度检查政务新媒体20个，不合格1个。"]])
    values = {cell.row: cell.value for cell in read(tmp_path, page).cells}
    assert values == {"sites.inspected": 3, "new_media.inspected": 20, "new_media.failed": 1}


def test_document_whose_numbers_are_of_something_else_names_them(tmp_path: Path) -> None:
    title = "三门峡市2021年第一季度政府网站检查情况的通报"
    with pytest.raises(DataFault, match="不合格5家"):
        read(tmp_path, f"{title}\n\n上半年，检查政府网站78家，不合格5家。\n", "report.txt")
