"""Read spreadsheets (XLSX, XLS, ODS): each visible sheet becomes one grid with its merges, and sentences become prose.

Numbers are printed without number format, to 15 digits; a mark says what the format of an XLSX or ODS shows instead.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import python_calamine as calamine

from pipeline.core.marked_text import collapse
from pipeline.core.model import DataFault, Document, Grid, GridCell, Mark, Paragraph
from pipeline.read import zip_archive
from pipeline.read.office import ole
from pipeline.read.sheet.extras import MAX_COLUMNS, MAX_ROWS, Place, SheetExtras
from pipeline.read.sheet.ods import read_ods_extras
from pipeline.read.sheet.xls import rebuild_workbook
from pipeline.read.sheet.xlsx import read_xlsx_extras
from pipeline.read.title import find_title

MAX_CELLS = 200_000
MAX_LABEL_CHARS = 60  # a single text that is longer, or that has a full stop, is prose
DIGITS = 15  # significant digits of a printed number
_ODS_MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
# Members of other formats, by the format that was detected.
_FOREIGN_MEMBERS = {"xlsx": frozenset(("content.xml", "xl/workbook.bin")), "ods": frozenset(("xl/workbook.bin",))}


def is_workbook(data: bytes) -> bool:
    """Return whether the bytes are a workbook: zipped (XLSX, ODS) or in the old binary format (XLS)."""
    return detect_format(data) != ""


def detect_format(data: bytes) -> str:
    """Return `xlsx`, `ods`, `xls`, or '' for any other format."""
    if data.startswith(ole.SIGNATURE):
        return "xls" if any(ole.has_stream(data, name) for name in ("Workbook", "Book")) else ""
    members = zip_archive.list_member_names(data)
    if "xl/workbook.xml" in members:
        return "xlsx"
    return "ods" if "content.xml" in members and zip_archive.has_mimetype(data, _ODS_MIMETYPE) else ""


def read(data: bytes) -> Document:
    """Return the Document of a workbook.

    Raises DataFault if it is damaged or encrypted, or larger than any report.
    """
    file_format = detect_format(data)
    data, extras = rebuild_workbook(data) if file_format == "xls" else (data, _read_extras(file_format, data))
    with _translate_faults():
        blocks = tuple(_read_sheets(data, extras))
    if sum(len(block.cells) for block in blocks if isinstance(block, Grid)) > MAX_CELLS:
        raise DataFault("read.too_many_cells", limit=MAX_CELLS)
    return Document(blocks, file_format, "calamine", find_title(blocks))


@contextmanager
def _translate_faults() -> Iterator[None]:
    """Raise calamine's errors as DataFaults.

    A panic of calamine is not an Exception, and its class cannot be imported: it is recognised by its name.
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


def _read_extras(file_format: str, data: bytes) -> Mapping[str, SheetExtras]:
    """Return the extras of each sheet of a zipped workbook by its name. Raises DataFault as `read` does."""
    package = zip_archive.ZipPackage(data)
    # Calamine tries one format after the other, so it would read an archive of two formats without our checks of both.
    if _FOREIGN_MEMBERS[file_format] & package.member_names:
        raise DataFault("read.broken_sheet")
    package.check_inflated_size()
    return read_xlsx_extras(package) if file_format == "xlsx" else read_ods_extras(package)


def _read_sheets(data: bytes, extras: Mapping[str, SheetExtras]) -> Iterator[Paragraph | Grid]:
    """Yield the blocks of all visible sheets; a sheet's number, from 1, is its page."""
    with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for number, metadata in enumerate(book.sheets_metadata, start=1):
            sheet_extras = extras.get(metadata.name, SheetExtras())
            if metadata.visible == calamine.SheetVisibleEnum.Visible and not sheet_extras.is_hidden:
                yield from _read_sheet(book.get_sheet_by_name(metadata.name), sheet_extras, number)


def _read_sheet(sheet: calamine.CalamineSheet, extras: SheetExtras, page: int) -> Iterator[Paragraph | Grid]:
    """Yield the blocks of a sheet: prose above its table, the table, other prose. Raises DataFault if it is too large.

    The table is everything between the first and the last row with several texts, without single sentences.
    """
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise DataFault("read.too_many_rows", limit=MAX_ROWS)
    texts = {
        (r, c): text
        for r, row in enumerate(sheet.to_python(skip_empty_area=False))
        for c, value in enumerate(row)
        if (text := _format_value(value))
    } | extras.texts
    merges = dict([*(sheet.merged_cell_ranges or ()), *extras.merges])
    columns_by_row: dict[int, list[int]] = {}
    for row, column in sorted(texts):
        columns_by_row.setdefault(row, []).append(column)
    table_rows = [row for row, columns in columns_by_row.items() if len(columns) > 1]
    sentences = {
        row: texts[row, columns[0]]
        for row, columns in columns_by_row.items()
        if len(columns) == 1 and _is_prose(row, texts[row, columns[0]], table_rows)
    }
    rows_above = [row for row in sentences if table_rows and row < table_rows[0]]
    paragraphs = {
        row: Paragraph(text, page, _list_marks((row, columns_by_row[row][0]), text, extras))
        for row, text in sentences.items()
    }
    yield from (paragraphs[row] for row in sentences if row in rows_above or not table_rows)
    if table_rows:
        table_texts = {place: text for place, text in texts.items() if place[0] not in sentences}
        cells = _list_cells(table_texts, merges, page)
        marked_cells = tuple(_add_extras(cell, extras) if cell.text else cell for cell in cells)
        yield Grid(marked_cells, sheet=sheet.name)
        yield from (paragraphs[row] for row in sentences if row not in rows_above)


def _add_extras(cell: GridCell, extras: SheetExtras) -> GridCell:
    """Return the cell with its formula and marks; one whose rows or columns are all hidden is hidden."""
    marks = _list_marks((cell.row, cell.column), cell.text, extras)
    if (extras.hidden_rows or extras.hidden_columns) and _is_out_of_sight(cell, extras):
        marks = (*marks, Mark("hidden", 0, len(cell.text)))
    formula = extras.formulas.get((cell.row, cell.column), "")
    return replace(cell, marks=marks, formula=formula) if marks or formula else cell


def _is_out_of_sight(cell: GridCell, extras: SheetExtras) -> bool:
    rows, columns = range(cell.row, cell.row + cell.rowspan), range(cell.column, cell.column + cell.colspan)
    return extras.hidden_rows.issuperset(rows) or extras.hidden_columns.issuperset(columns)


def _list_marks(place: Place, text: str, extras: SheetExtras) -> tuple[Mark, ...]:
    """Return the marks at a place, whose text is `text`."""
    if place in extras.styled:
        style, stored = extras.styled[place]
        return style.mark_text(text) if stored is None else style.mark_number(stored, text)
    return tuple(replace(mark, end=min(mark.end, len(text))) for mark in extras.marks.get(place, ()))


def _is_prose(row: int, text: str, table_rows: Sequence[int]) -> bool:
    """Return whether the only text of a row is prose: it is outside of the table, long, or a sentence."""
    is_outside = not table_rows or not table_rows[0] < row < table_rows[-1]
    return is_outside or len(text) > MAX_LABEL_CHARS or "。" in text


def _list_cells(texts: Mapping[Place, str], merges: Mapping[Place, Place], page: int) -> Iterator[GridCell]:
    """Yield a cell for each place of the used area that no merge covers; blank places are cells too.

    `merges` maps the first place of each merge to its last.
    """
    width = 1 + max(column for _, column in texts)
    height = 1 + max(row for row, _ in texts)
    free_from_row: dict[int, int] = {}  # column -> first row that no merge above covers
    for row in range(min(row for row, _ in texts), height):
        for column in range(width):
            if free_from_row.get(column, 0) > row:
                continue
            last_row, last_column = merges.get((row, column), (row, column))
            # A damaged merge may end before it begins.
            rowspan = max(1, min(last_row, height - 1) - row + 1)
            colspan = max(1, min(last_column, width - 1) - column + 1)
            free_from_row.update(dict.fromkeys(range(column, column + colspan), row + rowspan))
            yield GridCell(texts.get((row, column), ""), row, column, rowspan, colspan, page)


def _format_value(value: object) -> str:
    """Return a value as a person sees it: whole numbers without .0, no binary rounding errors, dates as dates."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return format(Decimal(f"{value:.{DIGITS}g}"), "f")
    return collapse(str(value), ())[0]
