"""The workbook of a filled form while it is written: formats, sheets, and cells that a clerk may change."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from pipeline.core.form import Table
from pipeline.publish.form.fill import FilledForm
from pipeline.publish.form.identity_formulas import SheetCell, terms_by_total
from pipeline.publish.form.report_template import DocumentBlock

FIXED_TIME = datetime(2000, 1, 1)  # so that the same snapshot gives the same bytes
DEFAULT_FONT_SIZE_PT = 11
LINE_HEIGHT_PT = 17
WIDTH_PER_CHARACTER = 2.1  # in units of column width, for a Chinese character
PAPER_A4 = 9
MIN_SIGNED_VALUE = -(10**12)
FORMATS: dict[str, dict[str, Any]] = {
    "title": {"font_size": 16, "bold": True, "align": "center"},
    "banner": {"font_size": 12, "bold": True, "align": "center", "font_color": "#FFFFFF", "bg_color": "#C01010"},
    "note": {"font_size": 10, "italic": True},
    "heading": {"font_size": 12, "bold": True},
    "subheading": {"font_size": 11, "bold": True},
    "text": {"font_size": 11, "indent": 1},
    "label": {"border": 1, "align": "center", "bg_color": "#F2F4F7"},
    "input": {"border": 1, "align": "center", "num_format": "General", "locked": False},
    "total": {"border": 1, "align": "center", "num_format": "General", "bg_color": "#EAF1FB"},
    "plain": {"border": 1},
    "centred": {"border": 1, "align": "center"},
    "wrong": {"bg_color": "#FBD5D1", "font_color": "#B3261E", "bold": True},
}
COMMON_FORMAT = {"font_name": "宋体", "valign": "vcenter", "text_wrap": True}


class FormWorkbook:
    """A workbook with its formats and sheets by name, and the place of each cell of the form by address."""

    def __init__(self, filled: FilledForm, blocks: Sequence[DocumentBlock]) -> None:
        self.filled, self.blocks, self._buffer = filled, blocks, io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._workbook = xlsxwriter.Workbook(self._buffer, options)
        self._workbook.set_properties({"title": blocks[0].text[:255], "created": FIXED_TIME})
        formats = {k: self._workbook.add_format(COMMON_FORMAT | f) for k, f in FORMATS.items() if k != "wrong"}
        # A conditional format must not set a font name or an alignment.
        self.formats = formats | {"wrong": self._workbook.add_format(FORMATS["wrong"])}
        self.terms_by_total = terms_by_total(filled.form)
        self.cells_by_address: dict[str, SheetCell] = {}
        self.sheets: dict[str, Any] = {}

    def add_sheet(self, name: str, widths: Sequence[float], *, landscape: bool) -> tuple[Any, int]:
        """Add a sheet with title and banner, ready for print. Return it with its first free row, 0-based."""
        sheet = self.sheets[name] = self._workbook.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(PAPER_A4)
        sheet.set_landscape() if landscape else sheet.set_portrait()
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_footer("&C— &P —")
        if self.filled.banner:
            sheet.set_header(f"&C&B&KC01010{self.filled.banner}")
            sheet.set_tab_color("#C01010")
        for row, block in enumerate(self._top_blocks):
            self.write_across(sheet, row, block, widths)
        return sheet, self.top_row_count

    def write_across(self, sheet: Any, row: int, block: DocumentBlock, widths: Sequence[float]) -> None:
        """Write the text of a block over all columns, and make the row as high as the text needs."""
        cell_format = self.formats[block.kind]
        scale = FORMATS[block.kind]["font_size"] / DEFAULT_FONT_SIZE_PT
        line_count = math.ceil((len(block.text) + 2) * WIDTH_PER_CHARACTER * scale / sum(widths))
        sheet.merge_range(row, 0, row, len(widths) - 1, "", cell_format)
        sheet.write_string(row, 0, block.text, cell_format)
        sheet.set_row(row, LINE_HEIGHT_PT * scale * line_count + 6)

    def write_input(self, address: str, table: Table) -> None:
        """Write a value that the clerk may change, with a rule for what may be typed, at the place of its address."""
        name, row, column = self.cells_by_address[address]
        sheet, value = self.sheets[name], self.filled.cells[address].value
        if value is None:
            sheet.write_blank(row, column, None, self.formats["input"])
        else:
            sheet.write_number(row, column, float(value), self.formats["input"])
        sheet.data_validation(row, column, row, column, _input_rule(address, table))

    @property
    def _top_blocks(self) -> Sequence[DocumentBlock]:
        """Title, banner and note, which each sheet repeats."""
        return [block for block in self.blocks[:3] if block.kind in ("title", "banner", "note")]

    @property
    def top_row_count(self) -> int:
        """The number of rows that title, banner and note take on each sheet."""
        return len(self._top_blocks)

    def finish(self) -> bytes:
        """Close the workbook and return the content of the XLSX file."""
        self._workbook.close()
        return self._buffer.getvalue()


def count_lines(text: str, width: float) -> int:
    """Return how many lines a Chinese text needs in a column of a width."""
    return max(1, math.ceil(len(text) * WIDTH_PER_CHARACTER / width))


def _input_rule(address: str, table: Table) -> dict[str, Any]:
    """Return the data validation of a cell.

    Counts are whole numbers; money and percents may have decimals. Only a change or a growth may be negative.
    """
    _, row, column = address.split("/")
    is_signed = column.endswith("_change") or row.endswith("_growth")
    is_integer = table.units[row, column] not in ("万元", "元", "%")
    message = ("请填整数" if is_integer else "请填数字") + ("。" if is_signed else "，不能为负数；不知道的留空。")
    return {
        "validate": "integer" if is_integer else "decimal",
        "criteria": ">=",
        "value": MIN_SIGNED_VALUE if is_signed else 0,
        "error_title": "数字有误",
        "error_message": message,
    }
