"""A filled form as a web page, and that page as PDF."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from pipeline.core.form import Table
from pipeline.core.model import DataFault
from pipeline.publish.drawn_table import CellContent, draw_table
from pipeline.publish.form.fill import FilledForm
from pipeline.publish.form.print_layout import column_shares, header_row_count
from pipeline.publish.form.report_template import DocumentBlock
from pipeline.publish.page_template import render_page

SIMULATED_PAGE_MARK, PARTIAL_PAGE_MARK = "模拟数据 SIMULATED", "不完整 PARTIAL"  # at the top of each printed page


def write_html(filled: FilledForm, blocks: Sequence[DocumentBlock]) -> bytes:
    """Return the HTML page as UTF-8; it needs no other file. The first block is the title."""
    contents = {a: CellContent(c.text) for a, c in filled.cells.items()}
    parts = [(block, _table_values(block.table, contents) if block.table else None) for block in blocks]
    marks = [SIMULATED_PAGE_MARK] * filled.is_simulated + [PARTIAL_PAGE_MARK] * filled.is_partial
    values = {
        "title": blocks[0].text,
        "page_mark": " · ".join(marks),
        "stamp": _stamp_url() if filled.is_simulated else "",
    }
    return render_page("report.html", parts=parts, **values).encode("utf-8")


def _table_values(table: Table, contents: dict[str, CellContent]) -> dict[str, Any]:
    """Return the values of a table for the page template: widths in percent, header rows and other rows."""
    rows = draw_table(table, contents)
    column_count = sum(cell.colspan for cell in rows[0])
    header_rows = header_row_count(table)
    return {
        "widths": [f"{100 * share:.3f}%" for share in column_shares(table, column_count)],
        "head": rows[:header_rows],
        "body": rows[header_rows:],
        "code": table.code,
    }


def _stamp_url() -> str:
    """Return the stamp of simulated forms as a data URL.

    It is a drawing, because programs that read the page would add letters to the text of the cells below.
    """
    drawing = files("pipeline.publish").joinpath("templates/simulated.svg").read_bytes()
    return "data:image/svg+xml;base64," + base64.b64encode(drawing).decode("ascii")


def write_pdf(filled: FilledForm, blocks: Sequence[DocumentBlock]) -> bytes:
    """Return the page as PDF. Raises DataFault if WeasyPrint or a library that it needs is missing."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise DataFault("compile.pdf", error=error) from error
    page = write_html(filled, blocks).decode("utf-8")
    # A fixed identifier, because WeasyPrint would generate a random one. The page refers to no other file.
    return bytes(HTML(string=page).write_pdf(pdf_identifier=b"ogi"))
