"""Build simulated reports as XLSX workbooks: one sheet, with the prose above the tables."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pipeline.core.model import GridCell
from pipeline.simulate.render import OVERVIEW
from pipeline.simulate.template import CLOSE, NOTICE, OPEN, TITLE, lay_out_form

# A fixed date of creation, so that the same report has the same bytes.
CREATED = datetime(2026, 1, 1, tzinfo=UTC)


def build_xlsx(form_code: str, values: Mapping[str, str], prose: Sequence[str], _shape: int) -> bytes:
    """Return the report as XLSX, in its only shape. Whole numbers are number cells, all other values are text cells."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": CREATED})
    sheet = book.add_worksheet("年报")
    row = 0
    for text in (values[TITLE], values[NOTICE], OVERVIEW, *prose):
        sheet.write_string(row, 0, text)
        row += 1
    for table, cells in lay_out_form(form_code):
        sheet.write_string(row + 1, 0, table.zh)
        row += 2
        for cell in cells:
            _write_cell(sheet, row, cell, _fill(cell.text, values))
        row += max(c.row + c.rowspan for c in cells)
    sheet.write_string(row + 1, 0, values[NOTICE])
    book.close()
    return out.getvalue()


def _fill(text: str, values: Mapping[str, str]) -> str:
    """Return the value of a placeholder, any other text unchanged."""
    return values[text[1:-1]] if text.startswith(OPEN) and text.endswith(CLOSE) else text


def _write_cell(sheet: object, first_row: int, cell: GridCell, text: str) -> None:
    """Write a grid cell of a table that starts in `first_row` (0-based), merged where the cell spans several."""
    row, column = first_row + cell.row, cell.column
    write = sheet.write_number if text.isdigit() else sheet.write_string  # type: ignore[attr-defined]
    content = int(text) if text.isdigit() else text
    if cell.rowspan > 1 or cell.colspan > 1:
        last_row, last_column = row + cell.rowspan - 1, column + cell.colspan - 1
        sheet.merge_range(row, column, last_row, last_column, "")  # type: ignore[attr-defined]
    if text:
        write(row, column, content)
