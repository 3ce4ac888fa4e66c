"""The sheets that ogi adds to its own workbooks, and that are no tables of a report."""

from __future__ import annotations

from collections.abc import Sequence

PROSE_SHEET, IDENTITIES_SHEET = "一、总体情况", "勾稽校验"
EXPLANATION_SHEET, COMPARISON_SHEET = "编制说明", "上年对比"
# The first headings of the table on each sheet. An office may have a sheet of the same name with another table.
FIRST_HEADINGS = {
    PROSE_SHEET: ("正文数字", "数值", "单位"),
    IDENTITIES_SHEET: ("序号", "勾稽关系", "位置"),
    EXPLANATION_SHEET: ("格",),
    COMPARISON_SHEET: ("格", "汇总数", "本级上报数"),
}


def is_own_sheet(name: str, first_texts: Sequence[str]) -> bool:
    """Return whether a sheet is one that ogi adds: by its name and the first texts of its table."""
    headings = FIRST_HEADINGS.get(name, ())
    return bool(headings) and tuple(first_texts[: len(headings)]) == headings
