"""Build simulated reports as PDF: text in a font that every reader has, and ruling lines around every cell.

The page contents are made once per form, and only the texts are filled in per report. Chinese text has no embedded font
and is written as Unicode numbers (UniGB-UCS2-H), as in many PDF files that offices print. Positions and sizes are in
points.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate

from pipeline.core.model import GridCell
from pipeline.simulate.render import OVERVIEW
from pipeline.simulate.template import (
    CLOSE,
    NOTICE,
    OPEN,
    PROSE,
    TITLE,
    Template,
    group_by_row,
    lay_out_form,
    parse_template,
    placeholder,
)

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 595, 842, 36
FONT_SIZE, LINE_HEIGHT = 8, 10
MAX_LINE_CHARACTERS = 60  # of prose
FONT_OBJECTS = (
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
    "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 5 0 R/DW 1000/W[1 95 500]"
    "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 0>>>>",
    "<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
    "/Descent -120/CapHeight 880/StemV 93>>",
)


def build_pdf(form_code: str, values: Mapping[str, str], prose: Sequence[str], _shape: int) -> bytes:
    """Return the report as PDF, in its only shape: a page of prose, then the tables on new pages."""
    texts = dict(values) | {PROSE: ""}
    paragraphs = [*_wrap(texts[TITLE]), "", *_wrap(texts[NOTICE]), "", OVERVIEW, *prose]
    first_page = "\n".join(_draw_paragraphs(paragraphs))
    return _build_file([first_page, *(page.fill(texts, _encode_text) for page in _table_pages(form_code))])


def _encode_text(text: str) -> str:
    """Return a text as hexadecimal digits in UniGB-UCS2-H."""
    return text.encode("utf-16-be").hex()


def _draw_paragraphs(paragraphs: Sequence[str]) -> Iterator[str]:
    """Yield the drawing commands of paragraphs on one page, from its top."""
    y = PAGE_HEIGHT - MARGIN
    for paragraph in paragraphs:
        for line in _wrap(paragraph) or [""]:
            y -= 2 * LINE_HEIGHT
            yield _draw_text(_encode_text(line), MARGIN, y, FONT_SIZE) if line else ""


def _wrap(text: str, max_characters: int = MAX_LINE_CHARACTERS) -> list[str]:
    """Return the lines of a text; an empty text has none."""
    return [text[i : i + max_characters] for i in range(0, len(text), max_characters)]


def _draw_text(encoded: str, x: float, y: float, size: int) -> str:
    """Return the command that draws an encoded text."""
    return f"BT /F1 {size} Tf {x:g} {y:g} Td <{encoded}> Tj ET"


@cache
def _table_pages(form_code: str) -> tuple[Template, ...]:
    """Return the pages of the tables as templates; a table continues on new pages, a new table starts on one."""
    pages: list[list[str]] = []
    for table, cells in lay_out_form(form_code):
        y = float(PAGE_HEIGHT - MARGIN)
        for number, rows in enumerate(_split_by_page(cells)):
            if number or not pages or len(pages[-1]) > 1:
                pages.append([])
                y = float(PAGE_HEIGHT - MARGIN)
            heading = [] if number else [_draw_text(_encode_text(table.zh), MARGIN, y, FONT_SIZE + 4)]
            pages[-1] += [*heading, *_draw_rows(rows, y - 2 * LINE_HEIGHT)]
    notice = _draw_text(placeholder(NOTICE), MARGIN, MARGIN / 2, FONT_SIZE - 2)
    return tuple(parse_template("\n".join([*page, notice])) for page in pages)


def _split_by_page(cells: Sequence[GridCell]) -> Iterator[list[list[GridCell]]]:
    """Yield the rows of a table per page.

    A page with a cell that spans several rows is not broken, however long it becomes.
    """
    edges, max_height = _column_edges(cells), PAGE_HEIGHT - 2 * MARGIN - 4 * LINE_HEIGHT
    page: list[list[GridCell]] = []
    for row in group_by_row(cells):
        is_full = page and sum(_row_heights([*page, row], edges)) > max_height
        if is_full and all(c.rowspan == 1 for r in page for c in r):
            yield page
            page = page[:1]  # every page repeats the header
        page.append(row)
    yield page


def _column_edges(cells: Sequence[GridCell]) -> list[float]:
    """Return the x positions of the column edges; widths are proportional to the longest text, up to a maximum."""
    columns = max(c.column + c.colspan for c in cells)
    widths = [4.0] * columns
    for cell in cells:
        for column in range(cell.column, cell.column + cell.colspan):
            widths[column] = max(widths[column], min(14, _text_length(cell.text) / cell.colspan))
    scale = (PAGE_WIDTH - 2 * MARGIN) / sum(widths)
    return [MARGIN + x for x in accumulate((w * scale for w in widths), initial=0)]


def _text_length(text: str) -> int:
    """Return the number of characters; a placeholder counts as a number of six digits."""
    return 6 if text.startswith(OPEN) else len(text)


def _cell_lines(cell: GridCell, edges: Sequence[float]) -> list[str]:
    """Return the lines of a cell's text; a number is never broken."""
    max_characters = int((edges[cell.column + cell.colspan] - edges[cell.column] - 4) // FONT_SIZE)
    return [cell.text] if cell.text.startswith(OPEN) else _wrap(cell.text, max(1, max_characters))


def _row_heights(rows: Sequence[Sequence[GridCell]], edges: Sequence[float]) -> list[float]:
    """Return the height of each row, that of its highest cell; a cell that spans rows divides its height over them."""
    heights = [float(LINE_HEIGHT + 6)] * len(rows)
    for row, cells in enumerate(rows):
        for cell in cells:
            height = (len(_cell_lines(cell, edges)) * LINE_HEIGHT + 6) / cell.rowspan
            for i in range(row, min(len(rows), row + cell.rowspan)):
                heights[i] = max(heights[i], height)
    return heights


def _draw_rows(rows: Sequence[Sequence[GridCell]], top: float) -> Iterator[str]:
    """Yield the commands that draw the rows of a table below y position `top`: a frame per cell, and its text."""
    edges = _column_edges([c for row in rows for c in row])
    tops = [top, *(top - h for h in accumulate(_row_heights(rows, edges)))]
    for number, row in enumerate(rows):
        for cell in row:
            left, right = edges[cell.column], edges[cell.column + cell.colspan]
            upper, lower = tops[number], tops[number + cell.rowspan]
            yield f"{left:.2f} {lower:.2f} {right - left:.2f} {upper - lower:.2f} re S"
            for number_of_line, line in enumerate(_cell_lines(cell, edges), start=1):
                is_placeholder = line.startswith(OPEN) and line.endswith(CLOSE)
                encoded = line if is_placeholder else _encode_text(line)
                if line:
                    yield _draw_text(encoded, left + 2, upper - number_of_line * LINE_HEIGHT, FONT_SIZE)


def _build_file(pages: Sequence[str]) -> bytes:
    """Return a PDF file with these page contents."""
    streams = [zlib.compress(page.encode("ascii"), 1) for page in pages]
    numbers = range(6, 6 + 2 * len(pages), 2)
    kids = " ".join(f"{n} 0 R" for n in numbers)
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode()]
    objects += [part.encode() for part in FONT_OBJECTS]
    for number, stream in zip(numbers, streams, strict=True):
        page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {PAGE_WIDTH} {PAGE_HEIGHT}]/Resources<</Font<</F1 3 0 R>>>>"
        objects.append(f"{page}/Contents {number + 1} 0 R>>".encode())
        head = f"<</Length {len(stream)}/Filter/FlateDecode>>stream\n".encode()
        objects.append(head + stream + b"\nendstream")
    return _write_objects(objects)


def _write_objects(objects: Sequence[bytes]) -> bytes:
    """Return a PDF file of these objects, numbered from 1, with its cross-reference table; object 1 is the root."""
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    return bytes(out) + f"{end}startxref\n{len(out)}\n%%EOF\n".encode()
