"""A workbook for people: `ogi.xlsx`, with a sheet per table or view that an analyst reads.

The first sheet lists the sheets, the second describes their columns, both in Chinese and English. Texts are stored as
texts, so no text of a report becomes a formula, a number or a link.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from pipeline.core.messages import LANGUAGES, say
from pipeline.publish.form.workbook import FIXED_TIME, LINE_HEIGHT_PT, PAPER_A4
from pipeline.publish.interchange.dataset import both
from pipeline.publish.interchange.snapshot_tables import (
    Note,
    PublishedSnapshot,
    about,
    column_line,
    relation_texts,
    sorted_rows,
)
from pipeline.storage.allowed import allowed_values

FILE = "ogi.xlsx"
SHEETS = (
    "headline", "totals", "by_applicant", "cities", "region_year", "members", "rates", "growth", "percentiles",
    "reconciliation", "coverage", "carry", "problems", "findings", "proposals", "changes", "decisions", "reports",
    "bodies", "indicators", "rate_terms",
)  # fmt: skip
# The sheets of other kinds of report, where there are any.
SHEETS_OF_KINDS = (
    "kind_years", "kind_values", "kind_entries", "kind_due", "kind_comparison", "kind_problems", "kind_findings",
    "kind_proposals", "kind_derived", "kind_decisions", "kind_reports", "kind_rows", "kind_lists", "kinds",
)  # fmt: skip
# Limits of Excel ("Excel specifications and limits").
MAX_SHEET_ROWS, MAX_TEXT_LENGTH = 1_048_576, 32_767
MAX_SIGNIFICANT_DIGITS = 15
MAX_WIDTH, WIDTH_SAMPLE_ROWS = 40, 200
FORMULA_STARTS = ("=", "+", "-", "@", "'", "\t", "\r")
# Without formulas, links and numbers made from texts. Rows are written to the disk, because memory could not hold them.
OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
ABOUT_WIDTHS = (16, 80, 80, 12)
GUIDE_HEADER = ("表 sheet", "列 column", "类型 type", "中文", "English", "取值 values")
GUIDE_FIELDS = ("column", "type", "zh", "en")
GUIDE_WIDTHS = (16, 24, 10, 30, 90, 60)


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, which is that of a table or view, its columns, and the number of rows below the header."""

    name: str
    columns: Sequence[str]
    row_count: int

    @property
    def is_too_long(self) -> bool:
        """Whether Excel cannot hold the rows and the header."""
        return self.row_count + 1 > MAX_SHEET_ROWS


class Writer:
    """The workbook while it is written, with its formats."""

    def __init__(self, path: Path, title: str, scratch: str) -> None:
        self.workbook = xlsxwriter.Workbook(str(path), OPTIONS | {"tmpdir": scratch})
        self.workbook.set_properties({"title": title, "created": FIXED_TIME})
        self.header = self.workbook.add_format(
            {"bold": True, "bg_color": "#EAF1FB", "text_wrap": True, "valign": "top"}
        )
        self.wrapped = self.workbook.add_format({"text_wrap": True, "valign": "top"})
        # Excel would take such a text for a formula when somebody edits the cell.
        self.quoted = self.workbook.add_format({"quote_prefix": True})

    def add_sheet(self, name: str, header: Sequence[str], widths: Sequence[float]) -> Any:
        """Add a sheet whose first row stays visible, and return it."""
        sheet = self.workbook.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(PAPER_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for column, text in enumerate(header):
            sheet.write_string(0, column, text, self.header)
        return sheet

    def write(self, sheet: Any, row: int, column: int, value: Any) -> None:
        """Write a value; a null or an empty text stays an empty cell."""
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, int | float) or (isinstance(value, Decimal) and is_exact(value)):
            sheet.write_number(row, column, float(value))
        elif text := shorten_text("; ".join(value) if isinstance(value, list) else str(value or "")):
            sheet.write_string(row, column, text, self.quoted if text.startswith(FORMULA_STARTS) else None)


def export(snapshot: PublishedSnapshot, folder: Path) -> list[Note]:
    """Write the workbook. Return a note per sheet that is too long for Excel and left out. Raises OutdatedSnapshot."""
    try:
        # XlsxWriter leaves the rows of each sheet behind if the file cannot be written, as when WPS has it open.
        scratch = TemporaryDirectory(prefix="ogi-", ignore_cleanup_errors=True)
        with snapshot.connect() as connection, scratch as scratch_folder:
            sheets = [_measure(connection, name) for name in SHEETS]
            if _measure(connection, "kind_reports").row_count:
                sheets += [_measure(connection, name) for name in SHEETS_OF_KINDS]
            writer = Writer(folder / FILE, both(snapshot.dataset.title), scratch_folder)
            with closing(writer.workbook):
                _add_about(writer, snapshot, sheets)
                _add_guide(writer, sheets)
                for sheet in sheets:
                    if not sheet.is_too_long:
                        _add_rows(writer, connection, sheet)
    except XlsxWriterException as error:
        raise OSError(str(error)) from error
    return [_note(sheet) for sheet in sheets if sheet.is_too_long]


def is_exact(value: Decimal) -> bool:
    """Return whether Excel keeps all digits of a number."""
    return len(value.normalize().as_tuple().digits) <= MAX_SIGNIFICANT_DIGITS


def shorten_text(text: str) -> str:
    """Return a text that fits into a cell, with … where it was cut."""
    return text if len(text) <= MAX_TEXT_LENGTH else text[: MAX_TEXT_LENGTH - 1] + "…"


def _measure(connection: duckdb.DuckDBPyConnection, name: str) -> Sheet:
    """Return the sheet of a table or view."""
    ((row_count,),) = connection.execute(f"SELECT count(*) FROM {name}").fetchall()
    columns = [row[0] for row in connection.execute(f"DESCRIBE {name}").fetchall()]
    return Sheet(name, columns, row_count)


def _note(sheet: Sheet) -> Note:
    return Note(
        "export.too_long", {"sheet": sheet.name, "rows": f"{sheet.row_count:,}", "limit": f"{MAX_SHEET_ROWS:,}"}
    )


def _add_about(writer: Writer, snapshot: PublishedSnapshot, sheets: Sequence[Sheet]) -> None:
    """Add the first sheet: what the file is, how to read it, and its sheets."""
    page = writer.add_sheet("说明 about", ("", "中文", "English", "行数 rows"), ABOUT_WIDTHS)
    notes = [("cells", *(say("export.workbook", lang) for lang in LANGUAGES))]
    lines = [*about(snapshot), *notes, *((sheet.name, *_description(sheet)) for sheet in sheets)]
    for row, texts in enumerate(lines, start=1):
        widest = max(_width(text) for text in texts)
        page.set_row(row, LINE_HEIGHT_PT * math.ceil(widest / (ABOUT_WIDTHS[1] - 2)))
        for column, text in enumerate(texts):
            page.write_string(row, column, text, writer.wrapped)
        if row > len(lines) - len(sheets):
            page.write_number(row, 3, sheets[row - len(lines) - 1].row_count, writer.wrapped)


def _description(sheet: Sheet) -> tuple[str, ...]:
    """Return the description of a sheet by language, or why it is missing."""
    if sheet.is_too_long:
        return tuple(say("export.too_long", lang, **_note(sheet).values) for lang in LANGUAGES)
    return tuple(relation_texts(sheet.name)[lang] for lang in LANGUAGES)


def _add_guide(writer: Writer, sheets: Sequence[Sheet]) -> None:
    """Add the sheet that describes the columns of all sheets."""
    page = writer.add_sheet("字段 columns", GUIDE_HEADER, GUIDE_WIDTHS)
    lines = [(sheet.name, column_line(sheet.name, column)) for sheet in sheets for column in sheet.columns]
    for row, (name, line) in enumerate(lines, start=1):
        allowed = allowed_values(line) if line["allowed"] else None
        texts = (name, *(line[field] for field in GUIDE_FIELDS), " | ".join(map(str, allowed or ())))
        for column, text in enumerate(texts):
            writer.write(page, row, column, text)


def _add_rows(writer: Writer, connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    """Add the sheet of a table or view, with all rows in the order of all columns."""
    _, rows = sorted_rows(connection, sheet.name)
    first_rows = list(islice(rows, WIDTH_SAMPLE_ROWS))
    header = [f"{column_line(sheet.name, column)['zh']} {column}" for column in sheet.columns]
    page = writer.add_sheet(sheet.name, header, list(_widths(header, first_rows)))
    page.set_row(0, 2 * LINE_HEIGHT_PT)
    page.autofilter(0, 0, max(sheet.row_count, 1), len(header) - 1)
    for row_number, row in enumerate(chain(first_rows, rows), start=1):
        for column, value in enumerate(row):
            writer.write(page, row_number, column, value)


def _widths(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[float]:
    """Yield the width of each column, as the header in two lines and the first rows need it."""
    for column, heading in enumerate(header):
        texts = [*heading.split(), *(str(row[column] or "") for row in rows)]
        yield min(max(map(_width, texts)) + 3, MAX_WIDTH)


def _width(text: str) -> int:
    """Return the width of a text in columns of Latin characters."""
    return sum(2 if character > "\u2e7f" else 1 for character in text)
