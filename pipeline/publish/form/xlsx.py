"""A filled form as workbook: a sheet a table with live totals, and a sheet that tests every identity."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pipeline.core.form import Table
from pipeline.core.form_grid import lay_out
from pipeline.core.model import GridCell
from pipeline.publish.form.checks import (
    DIFFERENT,
    NOTHING,
    follows,
    reference,
    sum_formula,
    total,
    totals,
    verdict,
    verdict_formula,
)
from pipeline.publish.form.docx import header_lines
from pipeline.publish.form.fill import FilledForm
from pipeline.publish.form.prose import NOT_OFFERED, Block
from pipeline.publish.form.workbook import LINE, PER_CHARACTER, Book

OVERVIEW, CHECKS = "一、总体情况", "勾稽校验"
SHEETS = {"proactive": "二、主动公开", "applications": "三、依申请公开", "review_litigation": "四、复议诉讼"}
HEADS = ("序号", "勾稽关系", "位置", "左边", "关系", "右边", "差", "结果")
CHECK_WIDTHS = (6.0, 46.0, 60.0, 13.0, 6.0, 13.0, 11.0, 9.0)
FIGURES = ("正文数字", "数值", "单位")


def write_xlsx(filled: FilledForm, blocks: Sequence[Block]) -> bytes:
    """The workbook's bytes."""
    book = Book(filled, blocks)
    _overview(book)
    for table in filled.form.printed_tables:
        _place(book, table)
    for table in filled.form.printed_tables:
        _table(book, table)
    _checks(book)
    return book.bytes()


def _overview(book: Book) -> None:
    """The prose, and its figures in cells of their own, which the identities compare with the tables."""
    widths = (46.0, 18.0, 12.0)
    sheet, row = book.sheet(OVERVIEW, widths, across=False)
    for block, following in pairwise([*book.blocks, Block("")]):
        if block.kind in ("note", "heading", "text") and following.kind != "table":
            book.wide(sheet, row, block, widths)
            row += 1
    prose = next(t for t in book.filled.form.tables.values() if t.layout == "prose")
    for column, text in enumerate(FIGURES):
        sheet.write_string(row, column, text, book.shapes["label"])
    for code, label in prose.rows.items():
        if code not in NOT_OFFERED:
            row += 1
            address = f"{prose.code}/{code}/value"
            sheet.write_string(row, 0, label.zh, book.shapes["label"])
            sheet.write_string(row, 2, label.unit, book.shapes["label"])
            book.places[address] = (OVERVIEW, row, 1)
            book.input(sheet, address, prose, row, 1)


def _place(book: Book, table: Table) -> None:
    """Where the table's cells will stand, so that formulas can name any of them."""
    addresses = set(book.filled.form.addresses([table]))
    for cell in lay_out(table, {a: a for a in addresses}):
        if cell.text in addresses:
            book.places[cell.text] = (SHEETS[table.code], book.top + 1 + cell.row, cell.column)


def _table(book: Book, table: Table) -> None:
    cells = lay_out(table, {a: a for a in book.filled.form.addresses([table])})
    columns = max(c.column + c.colspan for c in cells)
    widths = _widths(table, columns)
    sheet, row = book.sheet(SHEETS[table.code], widths, across=table.layout == "flat")
    book.wide(sheet, row, Block("heading", table.zh), widths)
    for cell in cells:
        _cell(book, sheet, table, cell)
    _heights(book, sheet, cells, widths)
    head = book.top + 1 + header_lines(table)
    sheet.freeze_panes(head, 3 if table.code == "applications" else 0)
    sheet.repeat_rows(0, head - 1)


def _cell(book: Book, sheet: Any, table: Table, cell: GridCell) -> None:
    row, column = book.top + 1 + cell.row, cell.column
    address = cell.text if cell.text in book.places else ""
    if cell.rowspan > 1 or cell.colspan > 1:
        last = (row + cell.rowspan - 1, column + cell.colspan - 1)
        sheet.merge_range(row, column, *last, "", book.shapes["input" if address else "label"])
    if not address:
        sheet.write_string(row, column, cell.text, book.shapes["label"])
        return
    parts = totals(book.filled.form).get(address, ())
    if parts and follows(book.filled, address, parts):
        formula = sum_formula([book.places[a] for a in parts], SHEETS[table.code])
        sheet.write_formula(row, column, formula, book.shapes["total"], _stored(book.filled.cells[address].value))
    else:
        book.input(sheet, address, table, row, column)


def _heights(book: Book, sheet: Any, cells: Sequence[GridCell], widths: Sequence[float]) -> None:
    """Each line as high as its longest label needs."""
    lines: dict[int, int] = {}
    for cell in cells:
        if cell.rowspan == 1 and cell.text not in book.places:
            room = sum(widths[cell.column : cell.column + cell.colspan]) - 1
            lines[cell.row] = max(lines.get(cell.row, 1), math.ceil(len(cell.text) * PER_CHARACTER / room))
    for row, count in lines.items():
        sheet.set_row(book.top + 1 + row, LINE * count + 5)


def _checks(book: Book) -> None:
    """Every instance of every identity: both sides, their difference, and whether it holds."""
    sheet, row = book.sheet(CHECKS, CHECK_WIDTHS, across=True)
    for column, text in enumerate(HEADS):
        sheet.write_string(row, column, text, book.shapes["label"])
    sheet.freeze_panes(row + 1, 0)
    sheet.repeat_rows(0, row)
    failing: dict[str, list[str]] = {}
    for number, instance in enumerate(book.filled.form.instances, start=1):
        if not NOT_OFFERED & {a.split("/")[1] for a in (*instance.left, *instance.right)}:
            row += 1
            _check(book, sheet, row, number, instance)
            for address in (*instance.left, *instance.right):
                failing.setdefault(address, []).append(f"'{CHECKS}'!$H${row + 1}=\"{DIFFERENT}\"")
    _red(book, sheet, row, failing)


def _check(book: Book, sheet: Any, row: int, number: int, instance: Any) -> None:
    identity, plain, centred = instance.identity, book.shapes["plain"], book.shapes["centred"]
    sheet.write_number(row, 0, number, centred)
    sheet.write_string(row, 1, identity.zh, plain)
    where = book.filled.form.label(instance.place, "zh")
    sheet.write_string(row, 2, where, plain)
    sheet.set_row(row, LINE * math.ceil(len(where) * PER_CHARACTER / CHECK_WIDTHS[2]))
    sheet.write_string(row, 4, "=" if identity.relation == "=" else "≥", centred)
    left, right = total(book.filled, instance.left), total(book.filled, instance.right)
    for column, side, value in ((3, instance.left, left), (5, instance.right, right)):
        formula = sum_formula([book.places[a] for a in side], CHECKS)
        sheet.write_formula(row, column, formula, plain, _stored(value))
    ours, theirs = (reference((CHECKS, row, c), CHECKS) for c in (3, 5))
    gap = None if left is None or right is None else left - right
    difference = f'=IF(OR({ours}="",{theirs}=""),"",ROUND({ours}-{theirs},6))'
    sheet.write_formula(row, 6, difference, plain, _stored(gap))
    result = verdict_formula(ours, theirs, identity.relation)
    sheet.write_formula(row, 7, result, centred, verdict(book.filled, instance))


def _red(book: Book, checks: Any, last: int, failing: dict[str, list[str]]) -> None:
    """What an identity that fails binds is red, and so is its line."""
    wrong = book.shapes["wrong"]
    first = book.top + 1
    checks.conditional_format(
        first - 1, 0, last, 7, {"type": "formula", "criteria": f'=$H{first}="{DIFFERENT}"', "format": wrong}
    )
    for address, tests in failing.items():
        sheet, row, column = book.places[address]
        rule = {"type": "formula", "criteria": f"=OR({','.join(tests)})", "format": wrong}
        book.sheets[sheet].conditional_format(row, column, row, column, rule)


def _stored(value: Decimal | None) -> float | str:
    return NOTHING if value is None else float(value)


def _widths(table: Table, columns: int) -> list[float]:
    if table.code == "applications":
        return [6.0, 12.0, 40.0, *[10.0] * (columns - 3)]
    return [8.5] * columns if table.layout == "flat" else [28.0, *[20.0] * (columns - 1)]
