"""The workbook of a filled form in the making: its looks, its sheets, and the cells that a clerk may change."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from pipeline.core.form import Table
from pipeline.publish.form.checks import Place
from pipeline.publish.form.fill import FilledForm
from pipeline.publish.form.prose import Block

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
    "centred": {"border": 1, "align": "center"},
    "wrong": {"bg_color": "#FBD5D1", "font_color": "#B3261E", "bold": True},
}


class Book:
    """The workbook: its sheets by name, and where each cell of the form stands by address."""

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

    def sheet(self, name: str, widths: Sequence[float], *, across: bool) -> tuple[Any, int]:
        """A new sheet under title and banner, ready for print; and its first free row."""
        sheet = self.sheets[name] = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(9)
        sheet.set_landscape() if across else sheet.set_portrait()
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_footer("&C— &P —")
        if self.filled.banner:
            sheet.set_header(f"&C&B&KC01010{self.filled.banner}")
            sheet.set_tab_color("#C01010")
        heads = [b for b in self.blocks[:2] if b.kind in ("title", "banner")]
        for row, block in enumerate(heads):
            self.wide(sheet, row, block, widths)
        return sheet, len(heads)

    def wide(self, sheet: Any, row: int, block: Block, widths: Sequence[float]) -> None:
        """A text over the sheet's whole width, as high as it needs."""
        shape = self.shapes[block.kind]
        size = SHAPES[block.kind]["font_size"] / 11
        lines = math.ceil((len(block.text) + 2) * PER_CHARACTER * size / sum(widths))
        sheet.merge_range(row, 0, row, len(widths) - 1, "", shape)
        sheet.write_string(row, 0, block.text, shape)
        sheet.set_row(row, LINE * size * lines + 6)

    def input(self, sheet: Any, address: str, table: Table, row: int, column: int) -> None:
        """A number that the clerk may change: whole and not negative, unless it is money or a change."""
        value = self.filled.cells[address].value
        if value is None:
            sheet.write_blank(row, column, None, self.shapes["input"])
        else:
            sheet.write_number(row, column, float(value), self.shapes["input"])
        sheet.data_validation(row, column, row, column, _rule(address, table))

    @property
    def top(self) -> int:
        """The rows of each sheet that title and banner take."""
        return 2 if self.filled.banner else 1

    def bytes(self) -> bytes:
        """The finished file."""
        self.book.close()
        return self.buffer.getvalue()


def _rule(address: str, table: Table) -> dict[str, Any]:
    """What may be typed into a cell: whole numbers, or any of money and percents; only a change may be negative."""
    _, row, column = address.split("/")
    signed = column.endswith("_change") or row.endswith("_growth")
    whole = table.units[row, column] not in ("万元", "元", "%")
    message = ("请填整数" if whole else "请填数字") + ("。" if signed else "，不能为负数；不知道的留空。")
    return {
        "validate": "integer" if whole else "decimal",
        "criteria": ">=",
        "value": -(10**12) if signed else 0,
        "error_title": "数字有误",
        "error_message": message,
    }
