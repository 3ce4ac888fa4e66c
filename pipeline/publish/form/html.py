"""A filled form as web page and, from the same page, as PDF."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from pipeline.core.model import DataFault
from pipeline.publish.drawn_table import CellContent, draw_table
from pipeline.publish.form.docx import column_widths, header_lines
from pipeline.publish.form.fill import FilledForm
from pipeline.publish.form.prose import Block
from pipeline.publish.page_template import render_page


def write_html(filled: FilledForm, blocks: Sequence[Block]) -> bytes:
    """The page, with all that it needs in it."""
    marks = {a: CellContent(c.text) for a, c in filled.cells.items()}
    parts = [(b, _drawn(b, marks)) for b in blocks]
    stamp = _stamp() if filled.banner else ""
    return render_page("report.html", title=blocks[0].text, banner=filled.banner, stamp=stamp, parts=parts).encode(
        "utf-8"
    )


def _drawn(block: Block, marks: dict[str, CellContent]) -> dict[str, Any] | None:
    if block.table is None:
        return None
    lines = draw_table(block.table, marks)
    width = sum(p.colspan for p in lines[0])
    head = header_lines(block.table)
    return {
        "widths": [f"{100 * w:.3f}%" for w in column_widths(block.table, width)],
        "head": lines[:head],
        "body": lines[head:],
        "code": block.table.code,
    }


def _stamp() -> str:
    """The mark that lies over every page. It is drawn, for letters would be read into the cells below them."""
    drawing = files("pipeline.publish").joinpath("templates/simulated.svg").read_bytes()
    return "data:image/svg+xml;base64," + base64.b64encode(drawing).decode("ascii")


def write_pdf(filled: FilledForm, blocks: Sequence[Block]) -> bytes:
    """The page as PDF. Raises DataFault where WeasyPrint or a library that it needs is missing."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise DataFault("compile.pdf", error=error) from error
    page = write_html(filled, blocks).decode("utf-8")
    # The page names nothing outside itself. An identifier of our own, for WeasyPrint would draw one.
    return bytes(HTML(string=page).write_pdf(pdf_identifier=b"ogi"))
