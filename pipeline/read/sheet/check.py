"""What calamine does not tell of a sheet, taken from its XML: where it ends, formulas never calculated, error values.

It is looked at first, because calamine lays a sheet out densely: one cell in the last corner would fill the memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from pipeline.core.model import DataFault
from pipeline.read.docx.text import attribute, child, name_of
from pipeline.read.zipped import Package

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_PLACES = 1_000_000  # of all sheets, blank ones too
_PLACE, _ROW = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})"), re.compile(r"[1-9][0-9]{0,6}")

# Parts that calamine reads besides the sheets; it may go on for ever in one that is broken.
_READ_TOO = frozenset(("xl/sharedStrings.xml", "xl/styles.xml", "_rels/.rels"))

Place = tuple[int, int]  # row, column, from 0


@dataclass
class Extra:
    """Texts that stand for what calamine would show as blank, and merges (first place, last place)."""

    texts: dict[Place, str] = field(default_factory=dict)
    merges: list[tuple[Place, Place]] = field(default_factory=list)
    hidden: bool = False
    height: int = 0
    width: int = 0

    def reach(self, row: int, column: int) -> None:
        """Note that something stands there. Raises DataFault where no report has anything."""
        if row >= MAX_ROWS:
            raise DataFault("read.too_many_rows", limit=MAX_ROWS)
        if column >= MAX_COLUMNS:
            raise DataFault("read.too_many_columns", limit=MAX_COLUMNS)
        self.height, self.width = max(self.height, row + 1), max(self.width, column + 1)


def bounded(sheets: Iterable[tuple[str, Extra]]) -> Mapping[str, Extra]:
    """The sheets by name. Raises DataFault where all of them together, laid out, would be larger than any report."""
    found, places = dict[str, Extra](), 0
    for name, extra in sheets:
        places += extra.height * extra.width
        if places > MAX_PLACES:
            raise DataFault("read.too_many_cells", limit=MAX_PLACES)
        found[name] = extra
    return found


def xlsx_extras(package: Package) -> Mapping[str, Extra]:
    """Of each sheet of an XLSX, by its name. Raises DataFault for one larger than any report."""
    book = package.xml("xl/workbook.xml")
    relations = package.xml("xl/_rels/workbook.xml.rels")
    # Set by libraries that write formulas without calculating them; they store 0 for each unless told its value.
    unsure = attribute(child(book, "calcPr"), "fullCalcOnLoad") in ("1", "true")
    for part in _READ_TOO & package.names:
        package.xml(part)
    targets = {attribute(r, "Id"): _part(attribute(r, "Target")) for r in relations}
    return bounded(_xlsx_sheets(package, _children(book, "sheets"), targets, unsure))


def _xlsx_sheets(
    package: Package, sheets: Iterable[etree._Element], targets: Mapping[str, str], unsure: bool
) -> Iterator[tuple[str, Extra]]:
    # Calamine finds a part whatever the case of its name.
    members = {name.lower(): name for name in package.names}
    for sheet in sheets:
        part = members.get(targets.get(_relation(sheet), "").lower(), "")
        extra = _xlsx_sheet(package.xml(part), unsure)
        extra.hidden = attribute(sheet, "state") in ("hidden", "veryHidden")
        yield attribute(sheet, "name"), extra


def _part(target: str) -> str:
    """The member that a relation of the workbook leads to, as calamine understands it."""
    return target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"


def _relation(sheet: etree._Element) -> str:
    return next((v for k, v in sheet.items() if k.endswith("}id")), "")


def _children(parent: etree._Element, name: str) -> Iterable[etree._Element]:
    found = child(parent, name)
    return () if found is None else found


def _xlsx_sheet(root: etree._Element, unsure: bool) -> Extra:
    extra, formulas, typed = Extra(), dict[Place, tuple[str, str]](), False
    for place, cell in _xlsx_cells(root):
        extra.reach(*place)
        value, formula = child(cell, "v"), child(cell, "f")
        shown = (value.text or "") if value is not None else ""
        if formula is not None:
            formulas[place] = (f"={formula.text or '?'}", shown)
        if attribute(cell, "t") == "e":
            extra.texts[place] = shown or "#?"
        elif formula is not None and not shown and attribute(cell, "t") != "str":
            extra.texts[place] = formulas[place][0]
        typed |= formula is None and shown != "0" and attribute(cell, "t") in ("", "n")
    if unsure and typed and all(shown in ("", "0") for _, shown in formulas.values()):
        # Not one total above 0 over figures that are: these zeros were never calculated.
        extra.texts |= {place: formula for place, (formula, _) in formulas.items()}
    return extra


def _xlsx_cells(root: etree._Element) -> Iterator[tuple[Place, etree._Element]]:
    """The cells that hold something. Raises DataFault for a place written as no program writes it: calamine would make
    another one of it.
    """
    row = -1
    for line in _children(root, "sheetData"):
        row, column = _row(attribute(line, "r"), row + 1), -1
        for cell in line:
            row, column = _place(attribute(cell, "r"), (row, column + 1))
            if len(cell):
                yield (row, column), cell


def _row(number: str, following: int) -> int:
    if number and not _ROW.fullmatch(number):
        raise DataFault("read.broken_sheet")
    return int(number) - 1 if number else following


def _place(printed: str, following: Place) -> Place:
    found = _PLACE.fullmatch(printed)
    if printed and not found:
        raise DataFault("read.broken_sheet")
    return (int(found[2]) - 1, _column(found[1])) if found else following


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def ods_extras(package: Package) -> Mapping[str, Extra]:
    """Of each sheet of an ODS, by its name. Raises DataFault for one larger than any report."""
    root = package.xml("content.xml")
    tables = (e for e in root.iter() if name_of(e) == "table" and "table" in e.tag)
    return bounded((attribute(table, "name"), _ods_sheet(table)) for table in tables)


def _ods_sheet(table: etree._Element) -> Extra:
    extra, row = Extra(), 0
    for line in (e for e in table.iter() if name_of(e) == "table-row"):
        column, down = 0, _count(line, "number-rows-repeated")
        for cell in line:
            across = _count(cell, "number-columns-repeated")
            if len(cell) or attribute(cell, "value-type") or attribute(cell, "formula"):
                extra.reach(row + down - 1, column + across - 1)
                _ods_cell(extra, (row, column), cell)
            column += across
        row += down
    return extra


def _ods_cell(extra: Extra, place: Place, cell: etree._Element) -> None:
    if attribute(cell, "formula") and not attribute(cell, "value-type"):
        extra.texts[place] = "=" + attribute(cell, "formula").partition("=")[2]
    down, across = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
    if down * across > 1:
        extra.merges.append((place, (place[0] + down - 1, place[1] + across - 1)))


def _count(element: etree._Element, name: str) -> int:
    value = attribute(element, name)
    return int(value) if value.isascii() and value.isdigit() and 0 < len(value) < 9 else 1
