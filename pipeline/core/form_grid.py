"""The layout of the statutory tables as the forms print them: each cell with its text, place and spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from pipeline.core.form import Table
from pipeline.core.model import GridCell

# Texts that the forms print around the rows and columns of the YAML files.
CONTENT = "信息内容"
BALANCE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
APPLICANTS = "申请人情况"
ORGANISATIONS = "法人或其他组织"
OUTCOMES = "三、本年度办理结果"
NOT_OUTCOMES = frozenset({"new", "carried_in", "carried_out"})
OUTCOME_GROUPS = {
    "refused.": "（三）不予公开",
    "unable.": "（四）无法提供",
    "not_processed.": "（五）不予处理",
    "other.": "（六）其他处理",  # a group since 2021; in 2019 a single row, whose code has no dot
}
REVIEW = "行政复议"
LITIGATION = "行政诉讼"
STATISTICS = ("统计指标", "单位", "统计数")
MONEY = "（单位：万元）"


def lay_out(table: Table, values: Mapping[str, str]) -> list[GridCell]:
    """Return the cells of a printed table in reading order. `values` has texts by address; a missing one is blank."""
    if table.layout == "flat":
        return list(_flat(table, values))
    if table.code == "applications":
        return list(_applications(table, values))
    if table.code == "statistics":
        return list(_statistics(table, values))
    return list(_blocks(table, values))


def _line(texts: Sequence[str], row: int, width: int) -> Iterator[GridCell]:
    """Yield one cell per text; the last one extends to the right edge."""
    last = len(texts) - 1
    for column, text in enumerate(texts):
        yield GridCell(text, row, column, 1, width - last if column == last else 1)


def _row_values(table: Table, row: str, values: Mapping[str, str]) -> list[str]:
    """Return the texts of a row by column."""
    return [values.get(f"{table.code}/{row}/{column}", "") for column in table.block_of(row).columns]


def _blocks(table: Table, values: Mapping[str, str]) -> Iterator[GridCell]:
    """Yield the blocks from top to bottom, each under its article of the regulations and its own header."""
    width = 1 + max(len(block.columns) for block in table.blocks)
    top = 0
    for block in table.blocks:
        heads = [table.columns[c].zh + (MONEY if table.columns[c].unit == "万元" else "") for c in block.columns]
        yield from _line([block.article], top, width)
        yield from _line([CONTENT, *heads], top + 1, width)
        for number, row in enumerate(block.rows, start=top + 2):
            yield from _line([table.rows[row].zh, *_row_values(table, row, values)], number, width)
        top += 2 + len(block.rows)


def _applications(table: Table, values: Mapping[str, str]) -> Iterator[GridCell]:
    """Yield a header of three lines, three columns of labels, and a column per kind of applicant and the total."""
    heads = [label.zh for label in table.columns.values()]
    yield GridCell(BALANCE, 0, 0, 3, 3)
    yield GridCell(APPLICANTS, 0, 3, 1, len(heads))
    yield GridCell(heads[0], 1, 3, 2)
    yield GridCell(ORGANISATIONS, 1, 4, 1, len(heads) - 2)
    yield GridCell(heads[-1], 1, 2 + len(heads), 2)
    yield from (GridCell(text, 2, column) for column, text in enumerate(heads[1:-1], start=4))
    yield from _merged([OUTCOMES if row not in NOT_OUTCOMES else "" for row in table.rows], 0)
    yield from _merged([_group(row) for row in table.rows], 1)
    for number, (row, label) in enumerate(table.rows.items(), start=3):
        first = 0 if row in NOT_OUTCOMES else 2 if _group(row) else 1
        yield GridCell(label.zh, number, first, 1, 3 - first)
        yield from (GridCell(text, number, c) for c, text in enumerate(_row_values(table, row, values), start=3))


def _group(row: str) -> str:
    """Return the label of the group that a row belongs to, '' for a row outside the groups."""
    return next((label for prefix, label in OUTCOME_GROUPS.items() if row.startswith(prefix)), "")


def _merged(labels: Iterable[str], column: int) -> Iterator[GridCell]:
    """Yield one cell per run of equal labels, below the three lines of the header."""
    for text, run in groupby(enumerate(labels, start=3), key=lambda pair: pair[1]):
        rows = [number for number, _ in run]
        if text:
            yield GridCell(text, rows[0], column, len(rows))


def _flat(table: Table, values: Mapping[str, str]) -> Iterator[GridCell]:
    """Yield one line of numbers under a header of three lines: review, then the two kinds of lawsuits."""
    heads = [label.zh for label in table.columns.values()]
    width = len(heads)
    yield GridCell(REVIEW, 0, 0, 1, width)
    yield GridCell(LITIGATION, 0, width, 1, width * (len(table.rows) - 1))
    for number, (row, label) in enumerate(table.rows.items()):
        left = number * width
        if number:
            yield GridCell(label.zh, 1, left, 1, width)
        for column, text in enumerate(heads, start=left):
            yield GridCell(text, 2 if number else 1, column, 1 if number else 2)
        yield from (
            GridCell(text, 3, column) for column, text in enumerate(_row_values(table, row, values), start=left)
        )


def _statistics(table: Table, values: Mapping[str, str]) -> Iterator[GridCell]:
    """Yield a line per indicator with its unit and value; the heading of a group has neither."""
    lines: list[tuple[str, str, str]] = [STATISTICS]
    for block in table.blocks:
        lines += [(block.article, "", "")] if block.article else []
        lines += [(table.rows[r].zh, table.rows[r].unit, _row_values(table, r, values)[0]) for r in block.rows]
    for number, line in enumerate(lines):
        yield from _line(line, number, len(STATISTICS))
