"""A filled form as workbook: a sheet a table with live totals, and a sheet that tests every identity."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from pipeline.form import Table
from pipeline.layout import lay_out
from pipeline.model import GridCell
from pipeline.publish.form import FilledForm
from pipeline.publish.form_checks import (
    DIFFERENT, NOTHING, Place, follows, reference, sum_formula, total, totals, verdict, verdict_formula,
)  # fmt: skip
from pipeline.publish.form_docx import header_lines
from pipeline.publish.form_prose import NOT_OFFERED, Block

OVERVIEW, CHECKS = "一、总体情况", "勾稽校验"
SHEETS = {"proactive": "二、主动公开", "applications": "三、依申请公开", "review_litigation": "四、复议诉讼"}
HEADS = ("序号", "勾稽关系", "位置", "左边", "关系", "右边", "差", "结果")
FIGURES = ("正文数字", "数值", "单位")
EPOCH = datetime(2000, 1, 1)
LINE, PER_CHARACTER = 17, 2.1  # points of a line of text; column units of a Chinese character
SHAPES: dict[str, dict[str, Any]] = {
    "title": {"font_size": 16, "bold": True, "align": "center"},
    "banner": {"font_size": 12, "bold": True, "align": "center", "font_color": "#FFFFFF", "bg_color": "#C01010"},
    "note": {"font_size": 10, "italic": True},
    "heading": {"font_size": 12, "bold": True},
    "text": {"font_size": 11, "indent": 1},
    "label": {"border": 1, "align": "center", "bg_color": "#F2F4F7"},
    "input": {"border": 1, "align": "center", "num_format": "General", "locked": False},
    "total": {"border": 1, "align": "center", "num_format": "General", "bg_color": "#EAF1FB"},
    "plain": {"border": 1},
    "wrong": {"bg_color": "#FBD5D1", "font_color": "#B3261E", "bold": True},
}


def write_xlsx(filled: FilledForm, blocks: Sequence[Block]) -> bytes:
    """The workbook's bytes."""
    return _Book(filled, blocks).bytes()


class _Book:
    """The workbook in the making: where each cell of the form stands, by address."""

    def __init__(self, filled: FilledForm, blocks: Sequence[Block]) -> None:
        self.filled, self.blocks, self.buffer = filled, blocks, io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(self.buffer, options)
        self.book.set_properties({"title": blocks[0].text[:255], "created": EPOCH})
        common = {"font_name": "宋体", "valign": "vcenter", "text_wrap": True}
        plain = {k: self.book.add_format(common | shape) for k, shape in SHAPES.items() if k != "wrong"}
        self.shapes = plain | {"wrong": self.book.add_format(SHAPES["wrong"])}
        self.places: dict[str, Place] = {}
        self.sheets: dict[str, Any] = {}

    def bytes(self) -> bytes:
        self._overview()
        printed = self.filled.form.printed
        for table in printed:
            self._place(table)
        for table in printed:
            self._table(table)
        self._checks()
        self.book.close()
        return self.buffer.getvalue()

    def _sheet(self, name: str, widths: Sequence[float], *, wide: bool) -> tuple[Any, int]:
        """A new sheet under title and banner, ready for print; and its first free row."""
        sheet = self.sheets[name] = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(9)
        sheet.set_landscape() if wide else sheet.set_portrait()
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_footer("&C— &P —")
        if self.filled.banner:
            sheet.set_header(f"&C&B&KC01010{self.filled.banner}")
            sheet.set_tab_color("#C01010")
        heads = [b for b in self.blocks[:2] if b.kind in ("title", "banner")]
        for row, block in enumerate(heads):
            self._wide(sheet, row, block, widths)
        return sheet, len(heads)

    def _wide(self, sheet: Any, row: int, block: Block, widths: Sequence[float]) -> None:
        """A text over the sheet's whole width, as high as it needs."""
        shape = self.shapes[block.kind]
        size = SHAPES[block.kind]["font_size"] / 11
        lines = math.ceil((len(block.text) + 2) * PER_CHARACTER * size / sum(widths))
        sheet.merge_range(row, 0, row, len(widths) - 1, "", shape)
        sheet.write_string(row, 0, block.text, shape)
        sheet.set_row(row, LINE * size * lines + 6)

    def _overview(self) -> None:
        """The prose, and its figures in cells of their own, which the identities compare with the tables."""
        widths = (46.0, 18.0, 12.0)
        sheet, row = self._sheet(OVERVIEW, widths, wide=False)
        for block in self.blocks:
            if block.kind in ("note", "heading", "text"):
                self._wide(sheet, row, block, widths)
                row += 1
        prose = next(t for t in self.filled.form.tables.values() if t.layout == "prose")
        for column, text in enumerate(FIGURES):
            sheet.write_string(row, column, text, self.shapes["label"])
        for code, label in prose.rows.items():
            if code not in NOT_OFFERED:
                row += 1
                address = f"{prose.code}/{code}/value"
                sheet.write_string(row, 0, label.zh, self.shapes["label"])
                sheet.write_string(row, 2, label.unit, self.shapes["label"])
                self.places[address] = (OVERVIEW, row, 1)
                self._input(sheet, address, prose, row, 1)

    def _top(self) -> int:
        """The row in which a table begins: under title, banner and its heading."""
        return 3 if self.filled.banner else 2

    def _place(self, table: Table) -> None:
        """Where the table's cells will stand, so that formulas can name any of them."""
        addresses = set(self.filled.form.addresses([table]))
        for cell in lay_out(table, {a: a for a in addresses}):
            if cell.text in addresses:
                self.places[cell.text] = (SHEETS[table.code], self._top() + cell.row, cell.column)

    def _table(self, table: Table) -> None:
        cells = lay_out(table, {a: a for a in self.filled.form.addresses([table])})
        columns = max(c.column + c.colspan for c in cells)
        widths = _widths(table, columns)
        sheet, row = self._sheet(SHEETS[table.code], widths, wide=columns > 5)
        self._wide(sheet, row, Block("heading", table.zh), widths)
        for cell in cells:
            self._cell(sheet, table, cell)
        self._heights(sheet, cells, widths)
        head = self._top() + header_lines(table)
        sheet.freeze_panes(head, 3 if table.code == "applications" else 0)
        sheet.repeat_rows(0, head - 1)

    def _cell(self, sheet: Any, table: Table, cell: GridCell) -> None:
        row, column = self._top() + cell.row, cell.column
        address = cell.text if cell.text in self.places else ""
        if cell.rowspan > 1 or cell.colspan > 1:
            last = (row + cell.rowspan - 1, column + cell.colspan - 1)
            sheet.merge_range(row, column, *last, "", self.shapes["input" if address else "label"])
        if not address:
            sheet.write_string(row, column, cell.text, self.shapes["label"])
            return
        parts = totals(self.filled.form).get(address, ())
        if parts and follows(self.filled, address, parts):
            formula = sum_formula([self.places[a] for a in parts], SHEETS[table.code])
            sheet.write_formula(row, column, formula, self.shapes["total"], _stored(self.filled.cells[address].value))
        else:
            self._input(sheet, address, table, row, column)

    def _input(self, sheet: Any, address: str, table: Table, row: int, column: int) -> None:
        """A number that the clerk may change: whole and not negative, unless it is money or a change."""
        value = self.filled.cells[address].value
        if value is None:
            sheet.write_blank(row, column, None, self.shapes["input"])
        else:
            sheet.write_number(row, column, float(value), self.shapes["input"])
        _, code, name = address.split("/")
        signed = name.endswith("_change") or code.endswith("_growth")
        whole = table.units[code, name] not in ("万元", "元", "%")
        rule = {"validate": "integer" if whole else "decimal", "criteria": ">=", "value": -(10**12) if signed else 0}
        message = "请填整数" if whole else "请填数字"
        sheet.data_validation(
            row, column, row, column,
            rule | {"error_title": "数字有误", "error_message": message + ("。" if signed else "，不能为负数；不知道的留空。")},
        )  # fmt: skip

    def _heights(self, sheet: Any, cells: Sequence[GridCell], widths: Sequence[float]) -> None:
        """Each line as high as its longest label needs."""
        lines: dict[int, int] = {}
        for cell in cells:
            if cell.rowspan == 1 and cell.text not in self.places:
                room = sum(widths[cell.column : cell.column + cell.colspan]) - 1
                lines[cell.row] = max(lines.get(cell.row, 1), math.ceil(len(cell.text) * PER_CHARACTER / room))
        for row, count in lines.items():
            sheet.set_row(self._top() + row, LINE * count + 5)

    def _checks(self) -> None:
        """Every instance of every identity: both sides, their difference, and whether it holds."""
        widths = (6.0, 44.0, 52.0, 14.0, 6.0, 14.0, 12.0, 10.0)
        sheet, row = self._sheet(CHECKS, widths, wide=True)
        for column, text in enumerate(HEADS):
            sheet.write_string(row, column, text, self.shapes["label"])
        sheet.freeze_panes(row + 1, 0)
        sheet.repeat_rows(0, row)
        failing: dict[str, list[str]] = {}
        for number, instance in enumerate(self.filled.form.instances, start=1):
            if not NOT_OFFERED & {a.split("/")[1] for a in (*instance.left, *instance.right)}:
                row += 1
                self._check(sheet, row, number, instance)
                for address in (*instance.left, *instance.right):
                    failing.setdefault(address, []).append(f"'{CHECKS}'!$H${row + 1}=\"{DIFFERENT}\"")
        self._red(sheet, row, failing)

    def _check(self, sheet: Any, row: int, number: int, instance: Any) -> None:
        identity, plain = instance.identity, self.shapes["plain"]
        sheet.write_number(row, 0, number, plain)
        sheet.write_string(row, 1, identity.zh, plain)
        sheet.write_string(row, 2, self.filled.form.label(instance.at, "zh"), plain)
        sheet.write_string(row, 4, "=" if identity.relation == "=" else "≥", plain)
        left, right = total(self.filled, instance.left), total(self.filled, instance.right)
        for column, side, value in ((3, instance.left, left), (5, instance.right, right)):
            formula = sum_formula([self.places[a] for a in side], CHECKS)
            sheet.write_formula(row, column, formula, plain, _stored(value))
        ours, theirs = (reference((CHECKS, row, c), CHECKS) for c in (3, 5))
        known = left is not None and right is not None
        gap = _stored(left - right) if left is not None and right is not None else NOTHING
        difference = f'=IF(OR({ours}="",{theirs}=""),"",ROUND({ours}-{theirs},6))'
        sheet.write_formula(row, 6, difference, plain, gap if known else NOTHING)
        result = verdict_formula(ours, theirs, identity.relation)
        sheet.write_formula(row, 7, result, plain, verdict(self.filled, instance))

    def _red(self, checks: Any, last: int, failing: dict[str, list[str]]) -> None:
        """What an identity that fails binds is red, and so is its line."""
        wrong = self.shapes["wrong"]
        first = 3 if self.filled.banner else 2
        checks.conditional_format(
            first - 1, 0, last, 7, {"type": "formula", "criteria": f'=$H{first}="{DIFFERENT}"', "format": wrong}
        )
        for address, tests in failing.items():
            sheet, row, column = self.places[address]
            rule = {"type": "formula", "criteria": f"=OR({','.join(tests)})", "format": wrong}
            self.sheets[sheet].conditional_format(row, column, row, column, rule)


def _stored(value: Decimal | None) -> float | str:
    return NOTHING if value is None else float(value)


def _widths(table: Table, columns: int) -> list[float]:
    if table.code == "applications":
        return [6.0, 12.0, 40.0, *[10.0] * (columns - 3)]
    return [8.5] * columns if table.layout == "flat" else [28.0, *[20.0] * (columns - 1)]
