"""The names of places in a file."""

from __future__ import annotations

import pytest

from pipeline.core.model import Grid, GridCell
from pipeline.core.places import lines_place, place_name, sheet_address, table_place
from pipeline.core.sentences import without_addresses

CELLS = (GridCell("类别", 22, 0, page=4), GridCell("3", 23, 3, page=4), GridCell("4", 23, 9, page=4))


@pytest.mark.parametrize(
    ("row", "column", "address"), [(6, 2, "C7"), (0, 25, "Z1"), (0, 26, "AA1"), (9, 701, "ZZ10"), (9, 702, "AAA10")]
)
def test_address_in_a_sheet(row: int, column: int, address: str) -> None:
    assert sheet_address(row, column) == address


@pytest.mark.parametrize(
    ("grid", "places", "place", "zh"),
    [
        (Grid(CELLS), [(23, 3), (23, 9)], "page 4, table 2, line 24", "第 4 页第 2 个表第 24 行"),
        (Grid(CELLS), [(22, 3), (23, 9)], "page 4, table 2, line 23-24", "第 4 页第 2 个表第 23 至 24 行"),
        (Grid(CELLS, sheet="表三"), [(23, 3), (23, 9)], "表三!D24:J24", "表三!D24:J24"),
        (Grid(CELLS, sheet="表三"), [(23, 3)], "表三!D24", "表三!D24"),
    ],
)
def test_place_of_lines(grid: Grid, places: list[tuple[int, int]], place: str, zh: str) -> None:
    assert lines_place(grid, 1, places) == place
    assert place_name(place, "zh") == zh


def test_place_of_a_table() -> None:
    assert (table_place(Grid(CELLS), 1), table_place(Grid(CELLS, sheet="表三"), 1)) == ("page 4, table 2", "表三")
    assert place_name("page 4, table 2", "zh") == "第 4 页第 2 个表"
    assert place_name("page 4, table 2", "en") == "page 4, table 2"


def test_addresses_are_left_out_for_people() -> None:
    text = "「（一）予以公开」自然人 [applications/granted/natural_person] 印的是“71”，应为 17"
    assert without_addresses(text) == "「（一）予以公开」自然人 印的是“71”，应为 17"
    text = "「行政处罚」 [proactive/penalties/decisions 表三!B15] 印的是“3”，[原文] 不动"
    assert without_addresses(text) == "「行政处罚」（表三!B15） 印的是“3”，[原文] 不动"
    text = "两格 [a/b/c+a/b/d] 之和"
    assert without_addresses(text) == "两格 之和"
