"""Simulated reports as workbooks: one sheet, with the prose above the tables."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pipeline.simulate.render import OVERVIEW
from pipeline.simulate.template import CLOSE, NOTICE, OPEN, TITLE, laid_out

CREATED = datetime(2026, 1, 1, tzinfo=UTC)


def workbook(form: str, values: Mapping[str, str], prose: Sequence[str], _shape: int) -> bytes:
    """The report as XLSX; whole numbers are numbers, others are text. There is one shape."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": CREATED})
    sheet = book.add_worksheet("年报")
    row = 0
    for text in (values[TITLE], values[NOTICE], OVERVIEW, *prose):
        sheet.write_string(row, 0, text)
        row += 1
    for table, cells in laid_out(form):
        sheet.write_string(row + 1, 0, table.zh)
        row += 2
        for cell in cells:
            _write(sheet, row + cell.row, cell.column, cell.rowspan, cell.colspan, _text(cell.text, values))
        row += max(c.row + c.rowspan for c in cells)
    sheet.write_string(row + 1, 0, values[NOTICE])
    book.close()
    return out.getvalue()


def _text(text: str, values: Mapping[str, str]) -> str:
    return values[text[1:-1]] if text.startswith(OPEN) and text.endswith(CLOSE) else text


def _write(sheet: object, row: int, column: int, down: int, across: int, text: str) -> None:
    write = sheet.write_number if text.isdigit() else sheet.write_string  # type: ignore[attr-defined]
    content = int(text) if text.isdigit() else text
    if down > 1 or across > 1:
        sheet.merge_range(row, column, row + down - 1, column + across - 1, "")  # type: ignore[attr-defined]
    if text:
        write(row, column, content)
