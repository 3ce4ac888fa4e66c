"""Read the extras of an XLSX from its XML: the extent of its sheets, uncalculated formulas and error values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from pipeline.core.marked_text import MarkedText
from pipeline.core.model import DataFault
from pipeline.read.docx.xml import find_child, get_attribute, get_local_name
from pipeline.read.sheet.cell_styles import PLAIN_STYLE, CellStyle, read_cell_styles, read_rich_text
from pipeline.read.sheet.extras import MAX_COLUMNS, Place, SheetExtras, collect_bounded
from pipeline.read.sheet.shared_formulas import UNKNOWN, SharedFormulas
from pipeline.read.zip_archive import ZipPackage

_CELL_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
# Members that calamine reads besides the sheets. It may loop for ever in a damaged one, so they are parsed here first.
_STYLES, _TEXTS = "xl/styles.xml", "xl/sharedStrings.xml"
_OTHER_MEMBERS = frozenset((_TEXTS, _STYLES, "_rels/.rels"))
_RICH_PARTS = ("r", "rPh")


@dataclass(frozen=True)
class _Book:
    """The properties of a workbook that its cells refer to: cell styles, and the shared texts with formatted runs."""

    styles: Sequence[CellStyle]
    rich_texts: Mapping[int, MarkedText]
    may_be_uncalculated: bool

    def find_style(self, cell: etree._Element) -> CellStyle:
        """Return the style of a cell."""
        number = get_attribute(cell, "s")
        index = int(number) if number.isascii() and number.isdigit() and len(number) < 8 else -1
        return self.styles[index] if 0 <= index < len(self.styles) else PLAIN_STYLE


def read_xlsx_extras(package: ZipPackage) -> Mapping[str, SheetExtras]:
    """Return the extras of each sheet of an XLSX, by its name.

    Raises DataFault if the workbook is damaged or larger than any report.
    """
    book = package.read_xml("xl/workbook.xml")
    relations = package.read_xml("xl/_rels/workbook.xml.rels")
    # Libraries that write formulas without calculating them set this flag, and store 0 for a formula without a value.
    may_be_uncalculated = get_attribute(find_child(book, "calcPr"), "fullCalcOnLoad") in ("1", "true")
    roots = {name: package.read_xml(name) for name in _OTHER_MEMBERS & package.member_names}
    styles = read_cell_styles(roots[_STYLES]) if _STYLES in roots else []
    texts = _read_rich_texts(roots[_TEXTS]) if _TEXTS in roots else {}
    own_book = _Book(styles, texts, may_be_uncalculated)
    targets = {get_attribute(r, "Id"): _resolve_target(get_attribute(r, "Target")) for r in relations}
    return collect_bounded(_read_sheets(package, _list_children(book, "sheets"), targets, own_book))


def _read_rich_texts(root: etree._Element) -> Mapping[int, MarkedText]:
    """Return the shared texts whose runs have formatting, by number."""
    items = (e for e in root if get_local_name(e) == "si")
    texts = ((i, read_rich_text(e)) for i, e in enumerate(items) if find_child(e, "r") is not None)
    return {i: text for i, text in texts if text.marks}


def _read_sheets(
    package: ZipPackage, sheets: Iterable[etree._Element], targets: Mapping[str, str], book: _Book
) -> Iterator[tuple[str, SheetExtras]]:
    """Yield name and extras of each sheet; `targets` maps the id of a relation to a member."""
    # Calamine finds a member whatever the case of its name.
    members = {name.lower(): name for name in package.member_names}
    for sheet in sheets:
        member = members.get(targets.get(_get_relation_id(sheet), "").lower(), "")
        extras = _read_sheet(package.read_xml(member), book)
        extras.is_hidden = get_attribute(sheet, "state") in ("hidden", "veryHidden")
        yield get_attribute(sheet, "name"), extras


def _resolve_target(target: str) -> str:
    """Return the member to which a relation of the workbook leads, as calamine understands it."""
    return target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"


def _get_relation_id(sheet: etree._Element) -> str:
    """Return the relation id of a sheet: its attribute `id` with a namespace; it has another one without."""
    return next((value for key, value in sheet.items() if key.endswith("}id")), "")


def _list_children(parent: etree._Element, name: str) -> Iterable[etree._Element]:
    """Return the children of the first child of this name."""
    child = find_child(parent, name)
    return () if child is None else child


def _read_sheet(root: etree._Element, book: _Book) -> SheetExtras:
    """Return the extras of a sheet.

    A formula without a stored value is shown as its own text. If the workbook may be uncalculated, a sheet with numbers
    must have a formula with a value other than 0. Otherwise all its formulas are shown as text.
    """
    extras, formulas, has_numbers, shared = SheetExtras(), dict[Place, tuple[str, str]](), False, SharedFormulas()
    extras.hidden_rows, extras.hidden_columns = _list_hidden_rows(root), _list_hidden_columns(root)
    for place, cell in _iterate_cells(root):
        extras.extend_to(*place)
        value, formula = find_child(cell, "v"), find_child(cell, "f")
        stored_value = (value.text or "") if value is not None else ""
        kind = get_attribute(cell, "t")
        if formula is not None:
            text, number = formula.text or "", get_attribute(formula, "si")
            text = shared.write_out(number, place, text) if number else text or UNKNOWN
            formulas[place] = (f"={text}", stored_value)
        if kind == "e":
            extras.texts[place] = stored_value or "#?"
        elif formula is not None and not stored_value and kind != "str":
            extras.texts[place] = formulas[place][0]
        else:
            _add_formatting(extras, place, cell, stored_value, book)
        has_numbers |= formula is None and stored_value != "0" and kind in ("", "n")
    if (
        book.may_be_uncalculated
        and has_numbers
        and all(stored_value in ("", "0") for _, stored_value in formulas.values())
    ):
        # Not one total is above 0 although there are numbers to add up: these zeros were never calculated.
        extras.texts |= {place: formula for place, (formula, _) in formulas.items()}
    extras.formulas = {place: formula for place, (formula, _) in formulas.items() if place not in extras.texts}
    return extras


def _add_formatting(extras: SheetExtras, place: Place, cell: etree._Element, stored: str, book: _Book) -> None:
    """Add the marks of a cell's style and of the runs of its text."""
    style, kind = book.find_style(cell), get_attribute(cell, "t")
    rich_text = None
    if kind == "s" and stored.isascii() and stored.isdigit() and len(stored) < 9:
        rich_text = book.rich_texts.get(int(stored))
    elif kind == "inlineStr":
        inline = find_child(cell, "is")
        rich_text = read_rich_text(inline) if inline is not None and find_child(inline, "r") is not None else None
    if rich_text is not None and rich_text.marks:
        extras.texts[place], extras.marks[place] = rich_text.collapse()
    elif style != PLAIN_STYLE:
        extras.styled[place] = (style, stored if kind in ("", "n") else None)


def _list_hidden_rows(root: etree._Element) -> set[int]:
    """Return the 0-based rows that are hidden or have no height."""
    lines = (line for line in _list_children(root, "sheetData") if _is_line_hidden(line, "ht"))
    return {_parse_row(get_attribute(line, "r"), 0) for line in lines if get_attribute(line, "r")}


def _list_hidden_columns(root: etree._Element) -> set[int]:
    """Return the 0-based columns that are hidden or have no width."""
    hidden_columns: set[int] = set()
    for line in _list_children(root, "cols"):
        first, last = get_attribute(line, "min"), get_attribute(line, "max")
        if _is_line_hidden(line, "width") and first.isdigit() and last.isdigit():
            hidden_columns |= set(range(int(first) - 1, min(int(last), MAX_COLUMNS)))
    return hidden_columns


def _is_line_hidden(line: etree._Element, size: str) -> bool:
    return get_attribute(line, "hidden") in ("1", "true") or get_attribute(line, size) in ("0", "0.0")


def _iterate_cells(root: etree._Element) -> Iterator[tuple[Place, etree._Element]]:
    """Yield the cells with content and their places.

    Raises DataFault for a reference that no program writes, because calamine would read it as another place.
    """
    row = -1
    for line in _list_children(root, "sheetData"):
        row, column = _parse_row(get_attribute(line, "r"), row + 1), -1
        for cell in line:
            row, column = _parse_reference(get_attribute(cell, "r"), (row, column + 1))
            if len(cell):
                yield (row, column), cell


def _parse_row(number: str, next_row: int) -> int:
    """Return the 0-based row of a row number, `next_row` if there is none. Raises DataFault if it is invalid."""
    if number and not _ROW_NUMBER.fullmatch(number):
        raise DataFault("read.broken_sheet")
    return int(number) - 1 if number else next_row


def _parse_reference(reference: str, next_place: Place) -> Place:
    """Return the place of a reference such as B12, `next_place` if there is none. Raises DataFault if it is invalid."""
    match = _CELL_REFERENCE.fullmatch(reference)
    if reference and not match:
        raise DataFault("read.broken_sheet")
    return (int(match[2]) - 1, _parse_column(match[1])) if match else next_place


def _parse_column(letters: str) -> int:
    """Return the 0-based column of its letters: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
