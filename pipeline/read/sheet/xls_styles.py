"""Read from an old binary workbook (XLS) the formats of its numbers, its struck fonts and its hidden lines (MS-XLS)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.core.model import MarkKind
from pipeline.read.sheet.cell_styles import PLAIN_STYLE, CellStyle
from pipeline.read.sheet.extras import MAX_COLUMNS, MAX_ROWS, SheetExtras
from pipeline.read.sheet.number_formats import BUILT_IN_FORMATS, GENERAL

Record = tuple[int, bytes]  # type and content

# Types of records.
_SHEET, _FONT, _STYLE, _FORMAT = 0x85, 0x31, 0xE0, 0x41E
_ROW, _COLUMNS, _NUMBER, _FORMULA, _SHORT_NUMBER, _SHORT_NUMBERS, _TEXT = 0x208, 0x7D, 0x203, 0x06, 0x27E, 0xBD, 0xFD
_STRUCK, _ROW_HIDDEN, _COLUMN_HIDDEN, _SOLID = 0x08, 0x20, 0x01, 1
_WHITE = (1, 9)  # numbers of white in the palette
_OMITTED_FONT = 4  # no font has this number


@dataclass
class BookStyles:
    """The cell styles of a workbook, by number, and the names of its sheets in order."""

    styles: list[CellStyle] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def read_book_styles(records: Iterable[Record]) -> BookStyles:
    """Return the cell styles and sheet names from the records of the workbook's first part."""
    fonts: list[tuple[frozenset[MarkKind], bool]] = []
    formats: dict[int, str] = {}
    styles: list[tuple[int, int, bool]] = []
    book = BookStyles()
    for kind, content in records:
        if kind == _SHEET and len(content) > 8:
            book.names.append(_decode(content[6], content[7], content[8:]))
        elif kind == _FONT and len(content) >= 10:
            fonts.append(_read_font(content))
        elif kind == _FORMAT and len(content) > 5:
            number, length, flags = struct.unpack_from("<HHB", content)
            formats[number] = _decode(length, flags, content[5:])
        elif kind == _STYLE and len(content) >= 20:
            font, number = struct.unpack_from("<HH", content)
            has_paper = content[17] >> 2 == _SOLID and content[18] & 0x7F not in _WHITE
            styles.append((font, number, has_paper))
    book.styles = [_make_style(font, number, has_paper, fonts, formats) for font, number, has_paper in styles]
    return book


def _read_font(content: bytes) -> tuple[frozenset[MarkKind], bool]:
    """Return the marks of a font, and whether it is white."""
    _, flags, color, _, script = struct.unpack_from("<5H", content)
    kinds: set[MarkKind] = {"struck"} if flags & _STRUCK else set()
    if script == 1:
        kinds.add("raised")
    if script == 2:
        kinds.add("lowered")
    return frozenset(kinds), color in _WHITE


def _make_style(
    font: int,
    number: int,
    has_paper: bool,
    fonts: list[tuple[frozenset[MarkKind], bool]],
    formats: dict[int, str],
) -> CellStyle:
    index = font - 1 if font > _OMITTED_FONT else font
    kinds, is_white = fonts[index] if index < len(fonts) else (frozenset[MarkKind](), False)
    code = formats.get(number) or BUILT_IN_FORMATS.get(number, GENERAL)
    return CellStyle(code, kinds, is_white and not has_paper)


def _decode(length: int, flags: int, data: bytes) -> str:
    """Return a text of this many characters, stored in one or two bytes each."""
    if flags & 1:
        return data[: 2 * length].decode("utf-16-le", errors="replace")
    return data[:length].decode("latin-1")


def add_record(extras: SheetExtras, record: Record, styles: list[CellStyle]) -> None:
    """Add to a sheet the styles and hidden lines that a record describes."""
    kind, content = record
    if kind == _ROW and len(content) >= 16:
        row, flags = struct.unpack_from("<H10xI", content)
        if flags & _ROW_HIDDEN and row < MAX_ROWS:
            extras.hidden_rows.add(row)
    elif kind == _COLUMNS and len(content) >= 10:
        first, last, width, _, flags = struct.unpack_from("<5H", content)
        if flags & _COLUMN_HIDDEN or width == 0:
            extras.hidden_columns |= set(range(first, min(last + 1, MAX_COLUMNS)))
    else:
        for row, column, style_number, stored in _iterate_cells(kind, content):
            style = styles[style_number] if style_number < len(styles) else PLAIN_STYLE
            if style != PLAIN_STYLE:
                extras.styled[row, column] = (style, stored)


def _iterate_cells(kind: int, content: bytes) -> Iterator[tuple[int, int, int, str | None]]:
    """Yield row, column, number of the style, and stored number (None for a text) of each cell in a record."""
    if kind == _SHORT_NUMBERS and len(content) >= 6:
        row, column = struct.unpack_from("<HH", content)
        for at in range(4, len(content) - 7, 6):
            style, value = struct.unpack_from("<HI", content, at)
            yield row, column, style, _read_short_number(value)
            column += 1
    elif kind in (_NUMBER, _FORMULA) and len(content) >= 14:
        row, column, style, value = struct.unpack_from("<HHHd", content)
        is_number = kind == _NUMBER or content[12:14] != b"\xff\xff"
        yield row, column, style, repr(value) if is_number else None
    elif kind == _SHORT_NUMBER and len(content) >= 10:
        row, column, style, value = struct.unpack_from("<HHHI", content)
        yield row, column, style, _read_short_number(value)
    elif kind == _TEXT and len(content) >= 10:
        row, column, style = struct.unpack_from("<HHH", content)
        yield row, column, style, None


def _read_short_number(value: int) -> str:
    """Return a number stored in 30 bits: an integer or the upper part of a float, perhaps times 100."""
    if value & 2:
        number = float((value >> 2) - (1 << 30 if value & 0x80000000 else 0))
    else:
        number = float(struct.unpack("<d", struct.pack("<Q", (value & 0xFFFFFFFC) << 32))[0])
    return repr(number / 100 if value & 1 else number)
