"""Simulated reports as PDF: text in a font that every reader has, and a line round every cell.

A page's content is made once for each form; only the texts of a report are put in. Chinese without an embedded font is
written by its Unicode numbers (UniGB-UCS2-H), as in many a PDF that an office prints.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate

from pipeline.core.model import GridCell
from pipeline.simulate.render import OVERVIEW
from pipeline.simulate.template import CLOSE, NOTICE, OPEN, PROSE, TITLE, Template, blank, by_row, laid_out, template

WIDTH, HEIGHT, MARGIN = 595, 842, 36
SIZE, LINE = 8, 10  # of the letters, and from one line to the next
LONGEST = 60  # characters in a line of prose
FONT = (
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
    "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 5 0 R/DW 1000/W[1 95 500]"
    "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 0>>>>",
    "<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
    "/Descent -120/CapHeight 880/StemV 93>>",
)


def pdf(form: str, values: Mapping[str, str], prose: Sequence[str], _shape: int) -> bytes:
    """The report as PDF: a page of prose, and the tables from a new page on; there is one shape."""
    texts = dict(values) | {PROSE: ""}
    first = "\n".join(_lines([*_wrapped(texts[TITLE]), "", *_wrapped(texts[NOTICE]), "", OVERVIEW, *prose]))
    return _file([first, *(page.fill(texts, _hex) for page in _pages(form))])


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex()


def _lines(paragraphs: Sequence[str]) -> Iterator[str]:
    y = HEIGHT - MARGIN
    for paragraph in paragraphs:
        for line in _wrapped(paragraph) or [""]:
            y -= 2 * LINE
            yield _shown(_hex(line), MARGIN, y, SIZE) if line else ""


def _wrapped(text: str, room: int = LONGEST) -> list[str]:
    return [text[at : at + room] for at in range(0, len(text), room)]


def _shown(written: str, x: float, y: float, size: int) -> str:
    return f"BT /F1 {size} Tf {x:g} {y:g} Td <{written}> Tj ET"


@cache
def _pages(form: str) -> tuple[Template, ...]:
    pages: list[list[str]] = []
    for table, cells in laid_out(form):
        y = float(HEIGHT - MARGIN)
        for number, part in enumerate(_parts(cells)):
            if number or not pages or len(pages[-1]) > 1:
                pages.append([])
                y = float(HEIGHT - MARGIN)
            heading = [] if number else [_shown(_hex(table.zh), MARGIN, y, SIZE + 4)]
            pages[-1] += [*heading, *_drawn(part, y - 2 * LINE)]
    notice = _shown(blank(NOTICE), MARGIN, MARGIN / 2, SIZE - 2)
    return tuple(template("\n".join([*page, notice])) for page in pages)


def _parts(cells: Sequence[GridCell]) -> Iterator[list[list[GridCell]]]:
    """The rows of a table by page; it is cut only where no cell spans."""
    edges, room = _edges(cells), HEIGHT - 2 * MARGIN - 4 * LINE
    part: list[list[GridCell]] = []
    for row in by_row(cells):
        if part and sum(_heights([*part, row], edges)) > room and all(c.rowspan == 1 for r in part for c in r):
            yield part
            part = part[:1]  # the header stands on every page
        part.append(row)
    yield part


def _edges(cells: Sequence[GridCell]) -> list[float]:
    """Where the columns end: as wide as their longest text, to a bound."""
    columns = max(c.column + c.colspan for c in cells)
    wants = [4.0] * columns
    for cell in cells:
        for column in range(cell.column, cell.column + cell.colspan):
            wants[column] = max(wants[column], min(14, _length(cell.text) / cell.colspan))
    scale = (WIDTH - 2 * MARGIN) / sum(wants)
    return [MARGIN + x for x in accumulate((w * scale for w in wants), initial=0)]


def _length(text: str) -> int:
    return 6 if text.startswith(OPEN) else len(text)


def _cell_lines(cell: GridCell, edges: Sequence[float]) -> list[str]:
    """The lines of a cell's text; a number is never broken."""
    room = int((edges[cell.column + cell.colspan] - edges[cell.column] - 4) // SIZE)
    return [cell.text] if cell.text.startswith(OPEN) else _wrapped(cell.text, max(1, room))


def _heights(rows: Sequence[Sequence[GridCell]], edges: Sequence[float]) -> list[float]:
    """Each row is as high as the highest of its cells, of which a spanning one counts by its part."""
    tall = [float(LINE + 6)] * len(rows)
    for row, cells in enumerate(rows):
        for cell in cells:
            need = (len(_cell_lines(cell, edges)) * LINE + 6) / cell.rowspan
            for at in range(row, min(len(rows), row + cell.rowspan)):
                tall[at] = max(tall[at], need)
    return tall


def _drawn(rows: Sequence[Sequence[GridCell]], top: float) -> Iterator[str]:
    edges = _edges([c for row in rows for c in row])
    tops = [top, *(top - h for h in accumulate(_heights(rows, edges)))]
    for number, row in enumerate(rows):
        for cell in row:
            left, right = edges[cell.column], edges[cell.column + cell.colspan]
            upper, lower = tops[number], tops[number + cell.rowspan]
            yield f"{left:.2f} {lower:.2f} {right - left:.2f} {upper - lower:.2f} re S"
            for at, line in enumerate(_cell_lines(cell, edges), start=1):
                written = line if line.startswith(OPEN) and line.endswith(CLOSE) else _hex(line)
                if line:
                    yield _shown(written, left + 2, upper - at * LINE, SIZE)


def _file(pages: Sequence[str]) -> bytes:
    """A PDF of these page contents."""
    streams = [zlib.compress(page.encode("ascii"), 1) for page in pages]
    numbers = range(6, 6 + 2 * len(pages), 2)
    kids = " ".join(f"{n} 0 R" for n in numbers)
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode()]
    objects += [part.encode() for part in FONT]
    for number, stream in zip(numbers, streams, strict=True):
        page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Resources<</Font<</F1 3 0 R>>>>"
        objects.append(f"{page}/Contents {number + 1} 0 R>>".encode())
        head = f"<</Length {len(stream)}/Filter/FlateDecode>>stream\n".encode()
        objects.append(head + stream + b"\nendstream")
    return _joined(objects)


def _joined(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    return bytes(out) + f"{end}startxref\n{len(out)}\n%%EOF\n".encode()
