"""Read the extras of an ODS from its XML: the extent of its sheets, merges, and formulas without a value."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from pipeline.core.marked_text import BREAK
from pipeline.core.model import Mark
from pipeline.read.docx.xml import get_attribute, get_local_name
from pipeline.read.sheet.extras import MAX_COLUMNS, MAX_ROWS, Place, SheetExtras, collect_bounded
from pipeline.read.sheet.number_formats import is_same_number
from pipeline.read.zip_archive import ZipPackage

MAX_SHOWN_CHARS = 100
_ODS_REFERENCE = re.compile(r"[\[\].]")
_HIDDEN = ("collapse", "filter")
_NUMBER_TYPES = ("float", "percentage", "currency")


def read_ods_extras(package: ZipPackage) -> Mapping[str, SheetExtras]:
    """Return the extras of each sheet of an ODS, by its name. Raises DataFault if it is larger than any report."""
    root = package.read_xml("content.xml")
    tables = (e for e in root.iter() if get_local_name(e) == "table" and "table" in e.tag)
    return collect_bounded((get_attribute(table, "name"), _read_sheet(table)) for table in tables)


def _read_sheet(table: etree._Element) -> SheetExtras:
    """Return the extras of a sheet; repeated rows and cells count as often as they are repeated."""
    extras, row = SheetExtras(), 0
    extras.hidden_columns = _list_hidden_columns(table)
    for line in (e for e in table.iter() if get_local_name(e) == "table-row"):
        column, row_count = 0, _read_count(line, "number-rows-repeated")
        if get_attribute(line, "visibility") in _HIDDEN:
            extras.hidden_rows |= set(range(row, min(row + row_count, MAX_ROWS)))
        for cell in line:
            column_count = _read_count(cell, "number-columns-repeated")
            if len(cell) or get_attribute(cell, "value-type") or get_attribute(cell, "formula"):
                extras.extend_to(row + row_count - 1, column + column_count - 1)
                _add_cell(extras, (row, column), cell)
            column += column_count
        row += row_count
    return extras


def _add_cell(extras: SheetExtras, place: Place, cell: etree._Element) -> None:
    """Add the cell's formula, as text if it has no value, and its merge."""
    formula = get_attribute(cell, "formula").partition("=")[2]
    if formula and get_attribute(cell, "value-type"):
        # As in other workbooks: `=SUM([.B2:.B5];[.B7])` is `=SUM(B2:B5,B7)`.
        extras.formulas[place] = "=" + _ODS_REFERENCE.sub("", formula).replace(";", ",")
    elif formula:
        extras.texts[place] = f"={formula}"
    shown, stored = _read_shown_text(cell), get_attribute(cell, "value")
    if (
        stored
        and shown is not None
        and get_attribute(cell, "value-type") in _NUMBER_TYPES
        and not is_same_number(shown, stored)
    ):
        extras.marks[place] = (Mark("shown", 0, MAX_SHOWN_CHARS, shown[:MAX_SHOWN_CHARS]),)
    rowspan, colspan = _read_count(cell, "number-rows-spanned"), _read_count(cell, "number-columns-spanned")
    if rowspan * colspan > 1:
        extras.merges.append((place, (place[0] + rowspan - 1, place[1] + colspan - 1)))


def _read_shown_text(cell: etree._Element) -> str | None:
    """Return the text that the program showed for a cell when it stored it, None if it stored none."""
    paragraphs = [e for e in cell if get_local_name(e) == "p"]
    return BREAK.join("".join(p.itertext()) for p in paragraphs).strip() if paragraphs else None


def _list_hidden_columns(table: etree._Element) -> set[int]:
    """Return the 0-based columns that are hidden or filtered out."""
    hidden_columns, column = set[int](), 0
    for element in (e for e in table.iter() if get_local_name(e) == "table-column"):
        count = _read_count(element, "number-columns-repeated")
        if get_attribute(element, "visibility") in _HIDDEN:
            hidden_columns |= set(range(column, min(column + count, MAX_COLUMNS)))
        column += count
    return hidden_columns


def _read_count(element: etree._Element, name: str) -> int:
    """Return the number in an attribute, 1 if it is missing or invalid."""
    value = get_attribute(element, name)
    return int(value) if value.isascii() and value.isdigit() and 0 < len(value) < 9 else 1
