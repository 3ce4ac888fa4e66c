"""Spreadsheets (XLSX, XLS, ODS): each visible sheet is one grid with its merges; lone sentences around it are prose.

Numbers are printed as the sheet shows them as far as calamine tells: without its format, to 15 digits.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal

import python_calamine as calamine

from pipeline.core.model import DataFault, Document, Grid, GridCell, Paragraph
from pipeline.read import zipped
from pipeline.read.heading import title_of
from pipeline.read.office import ole
from pipeline.read.sheet import xls
from pipeline.read.sheet.check import MAX_COLUMNS, MAX_ROWS, Extra, Place, ods_extras, xlsx_extras

MAX_CELLS = 200_000
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_FOREIGN = {"xlsx": frozenset(("content.xml", "xl/workbook.bin")), "ods": frozenset(("xl/workbook.bin",))}
LONG = 60  # characters; a lone text longer than this, or one with a full stop, is no label


def sniff(data: bytes) -> bool:
    """Whether the bytes are a workbook: zipped (XLSX, ODS) or in the old binary format (XLS)."""
    return format_of(data) != ""


def format_of(data: bytes) -> str:
    """`xlsx`, `ods`, `xls`, or '' for anything else."""
    if data.startswith(ole.SIGNATURE):
        return "xls" if any(ole.has_stream(data, book) for book in ("Workbook", "Book")) else ""
    names = zipped.names(data)
    if "xl/workbook.xml" in names:
        return "xlsx"
    return "ods" if "content.xml" in names and zipped.declares(data, _ODS) else ""


def read(data: bytes) -> Document:
    """The Document of a workbook. Raises DataFault for a damaged or locked one, or one larger than any report."""
    kind = format_of(data)
    extras = _extras(kind, data)
    with _faults():
        blocks = tuple(_blocks(xls.sound(data) if kind == "xls" else data, extras))
    if sum(len(block.cells) for block in blocks if isinstance(block, Grid)) > MAX_CELLS:
        raise DataFault("read.too_many_cells", limit=MAX_CELLS)
    return Document(blocks, kind, "calamine", title_of(blocks))


@contextmanager
def _faults() -> Iterator[None]:
    """Calamine's own faults as faults of the data. Where it panics it raises what is no Exception and has no name to be
    imported by.
    """
    try:
        yield
    except calamine.PasswordError as error:
        raise DataFault("read.locked") from error
    except calamine.CalamineError as error:
        raise DataFault("read.broken_sheet") from error
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":
            raise
        raise DataFault("read.broken_sheet") from panic


def _blocks(data: bytes, extras: Mapping[str, Extra]) -> Iterator[Paragraph | Grid]:
    with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for number, about in enumerate(book.sheets_metadata, start=1):
            extra = extras.get(about.name, Extra())
            if about.visible == calamine.SheetVisibleEnum.Visible and not extra.hidden:
                yield from _sheet(book.get_sheet_by_name(about.name), extra, number)


def _extras(kind: str, data: bytes) -> Mapping[str, Extra]:
    if kind == "xls":
        return {}
    package = zipped.Package(data)
    if _FOREIGN[kind] & package.names:  # calamine tries one format after the other, and not all would have been checked
        raise DataFault("read.broken_sheet")
    package.measure()
    return xlsx_extras(package) if kind == "xlsx" else ods_extras(package)


def _sheet(sheet: calamine.CalamineSheet, extra: Extra, page: int) -> Iterator[Paragraph | Grid]:
    """The blocks of a sheet; sheets count as pages."""
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise DataFault("read.too_many_rows", limit=MAX_ROWS)
    texts = {
        (r, c): text
        for r, row in enumerate(sheet.to_python(skip_empty_area=False))
        for c, value in enumerate(row)
        if (text := _printed(value))
    } | extra.texts
    spans = dict([*(sheet.merged_cell_ranges or ()), *extra.merges])
    rows: dict[int, list[int]] = {}
    for row, column in sorted(texts):
        rows.setdefault(row, []).append(column)
    wide = [row for row, columns in rows.items() if len(columns) > 1]
    prose = [r for r, columns in rows.items() if len(columns) == 1 and _is_prose(r, texts[r, columns[0]], wide)]
    before = [r for r in prose if wide and r < wide[0]]
    yield from (Paragraph(texts[r, rows[r][0]], page) for r in prose if r in before or not wide)
    if wide:
        kept = {place: text for place, text in texts.items() if place[0] not in prose}
        yield Grid(tuple(_cells(kept, spans, page)))
        yield from (Paragraph(texts[r, rows[r][0]], page) for r in prose if r not in before)


def _is_prose(row: int, text: str, wide: Sequence[int]) -> bool:
    outside = not wide or not wide[0] < row < wide[-1]
    return outside or len(text) > LONG or "。" in text


def _cells(texts: Mapping[Place, str], spans: Mapping[Place, Place], page: int) -> Iterator[GridCell]:
    """Every place of the used area that no merge covers, blank ones too: a blank cell is as much a cell."""
    width = 1 + max(column for _, column in texts)
    height = 1 + max(row for row, _ in texts)
    taken: dict[int, int] = {}  # column -> first row in which it is free again
    for row in range(min(row for row, _ in texts), height):
        for column in range(width):
            if taken.get(column, 0) > row:
                continue
            last = spans.get((row, column), (row, column))
            # A damaged merge may end before it begins.
            down = max(1, min(last[0], height - 1) - row + 1)
            across = max(1, min(last[1], width - 1) - column + 1)
            taken.update(dict.fromkeys(range(column, column + across), row + down))
            yield GridCell(texts.get((row, column), ""), row, column, down, across, page)


def _printed(value: object) -> str:
    """A value as a person sees it: whole numbers without .0, no binary dust, dates as dates."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return format(Decimal(f"{value:.15g}"), "f")
    return " ".join(str(value).split())
