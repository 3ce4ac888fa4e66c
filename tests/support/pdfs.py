"""Write shipped reports as PDF files with WeasyPrint and reportlab, for tests and benchmarks."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.core.form import Form, Table, forms
from pipeline.core.form_grid import lay_out
from pipeline.core.model import GridCell
from pipeline.extract import extract
from pipeline.read import read
from pipeline.registry.load import load_register
from pipeline.simulate.render import DocumentText, render_html

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
NOTO = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
STYLE = """
@page { size: A4; margin: 2cm 1.8cm; @bottom-center { content: "- " counter(page) " -"; font-size: 10pt } }
body { font: 12pt "Noto Serif CJK SC" } table { width: 100%; font-size: 9pt; margin: 1em 0 }
p { text-indent: 2em; text-align: justify } h1 { text-align: center } tr { break-inside: avoid }
"""
PROSE = (
    "全市共收到政府信息公开申请265件，上年结转2件，均在法定期限内答复。各单位坚持以公开为常态、不公开为例外，"
    "围绕群众关切持续推进重点领域信息公开，公开的深度和广度不断提高，政策解读的数量和质量继续提升。",
)


@cache
def missing() -> str:
    """Return a message about the library or font that WeasyPrint lacks on this machine, or ''."""
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return "Pango is missing (Debian: libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)"
    return "" if NOTO.exists() else f"the font {NOTO} is missing (Debian: fonts-noto-cjk)"


@cache
def report(name: str) -> tuple[Form, Mapping[str, str], str]:
    """Return form, printed cells by address, and title of a shipped report such as `2019/411200.html`."""
    extraction = extract(read(RAW / name), load_register())
    return (
        forms()[extraction.form],
        {c.address: c.raw for c in extraction.cells},
        f"{extraction.body}{extraction.year}年政府信息公开工作年度报告",
    )


def weasyprint(name: str, *, plain: bool = False, style: str = "") -> bytes:
    """Return the report by WeasyPrint: font embedded, borders as filled rectangles, tables split over pages.

    `plain` leaves the objects of the file uncompressed; `style` is added to the style sheet.
    """
    from weasyprint import CSS, HTML

    form, values, title = report(name)
    page = render_html(form, values, DocumentText(title, "（测试）", PROSE), encoding="utf-8")
    return bytes(HTML(string=page.decode()).write_pdf(stylesheets=[CSS(string=STYLE + style)], uncompressed_pdf=plain))


def reportlab(name: str, *, font: str = "STSong-Light", turned: bool = False, boxes: bool = False) -> bytes:
    """Return the report by reportlab: font not embedded, lines as strokes.

    `boxes` draws one rectangle per cell instead of lines. `turned` prints across an upright page with /Rotate 90.
    """
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont(font))
    form, values, title = report(name)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(842, 595) if turned else (595, 842))  # reportlab swaps the sides of a rotated page
    sheet = _Sheet(canvas, font, turned=turned, boxes=boxes)
    sheet.line(title, 18)
    for table in form.printed_tables:
        sheet.line(table.zh, 14)
        sheet.table(table, values)
    sheet.turn_over()
    canvas.save()
    return out.getvalue()


class _Sheet:
    """Draw tables row by row. A table that does not fit continues on the next page, with its spanning cells cut."""

    def __init__(self, canvas: Canvas, font: str, *, turned: bool, boxes: bool) -> None:
        self.canvas, self.font = canvas, font
        self.width, self.height = (842.0, 595.0) if turned else (595.0, 842.0)  # A4 in points
        self.turned, self.boxes = turned, boxes
        self.number, self.y = 0, 0.0
        self.open()

    def open(self) -> None:
        """Begin a page."""
        self.number += 1
        self.y = self.height - 50
        if self.turned:
            self.canvas.setPageRotation(90)
            self.canvas.transform(0, 1, -1, 0, 595, 0)

    def turn_over(self) -> None:
        """Print the page number and end the page."""
        self.text(f"- {self.number} -", self.width / 2 - 10, 25, 10)
        self.canvas.showPage()

    def text(self, text: str, x: float, y: float, size: float) -> None:
        self.canvas.setFont(self.font, size)
        self.canvas.drawString(x, y, text)

    def line(self, text: str, size: float) -> None:
        """Print a line of text, on a new page if the current one is almost full."""
        if self.y < 120:
            self.turn_over()
            self.open()
        self.text(text, 60, self.y, size)
        self.y -= 1.5 * size

    def table(self, table: Table, values: Mapping[str, str]) -> None:
        """Draw a table of the form with the printed texts by address."""
        cells = lay_out(table, values)
        columns = max(c.column + c.colspan for c in cells)
        rows = max(c.row + c.rowspan for c in cells)
        edges = [40 + (self.width - 80) * i / columns for i in range(columns + 1)]
        heights = [max(self._height(c, edges) for c in cells if c.row <= r < c.row + c.rowspan) for r in range(rows)]
        start = 0
        while start < rows:
            end = start
            room = self.y - 50
            while end < rows and sum(heights[start : end + 1]) <= room:
                end += 1
            self._draw_rows([c for c in cells if c.row < end and c.row + c.rowspan > start], start, end, heights, edges)
            start = end
            if start < rows:
                self.turn_over()
                self.open()
        self.y -= 30

    def _height(self, cell: GridCell, edges: list[float]) -> float:
        """Return the height that a cell needs in each of its rows."""
        return (8 + 10 * len(self._wrapped(cell, edges))) / cell.rowspan

    def _wrapped(self, cell: GridCell, edges: list[float]) -> list[str]:
        """Break the text of a cell into lines that fit between its edges."""
        room = edges[cell.column + cell.colspan] - edges[cell.column] - 4
        lines = [""]
        for c in cell.text:
            wide = sum(8 if ord(x) > 255 else 4.5 for x in lines[-1] + c)
            lines[-1:] = [lines[-1], c] if wide > room else [lines[-1] + c]
        return lines

    def _draw_rows(self, cells: list[GridCell], start: int, end: int, heights: list[float], edges: list[float]) -> None:
        """Draw the rows from `start` to before `end`. The text of a cut cell is only on its first page."""
        tops = [self.y - sum(heights[start:r]) for r in range(start, end + 1)]
        for cell in cells:
            first, last = max(cell.row, start), min(cell.row + cell.rowspan, end)
            x0, x1 = edges[cell.column], edges[cell.column + cell.colspan]
            top, bottom = tops[first - start], tops[last - start]
            if self.boxes:
                self.canvas.rect(x0, bottom, x1 - x0, top - bottom)
            else:
                for a, b, c, d in (
                    (x0, top, x1, top),
                    (x0, bottom, x1, bottom),
                    (x0, top, x0, bottom),
                    (x1, top, x1, bottom),
                ):
                    self.canvas.line(a, b, c, d)
            for i, text in enumerate(self._wrapped(cell, edges) if cell.row >= start else []):
                self.text(text, x0 + 2, top - 10 - 10 * i, 8)
        self.y = tops[-1]


PRODUCERS: dict[str, Callable[[str], bytes]] = {
    "weasyprint": weasyprint,
    "reportlab": reportlab,
    "reportlab-boxes": lambda name: reportlab(name, boxes=True),
    "reportlab-turned": lambda name: reportlab(name, turned=True),
}
