"""Read the cells of a web page's table: their places, as a browser lays them out, and their texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pipeline.core.marked_text import BREAK, MarkedText
from pipeline.core.model import DataFault, GridCell, Mark, MarkKind
from pipeline.read.html_inner import FRAME_TAGS
from pipeline.read.html_style import PLAIN, Style, StyleSheet

MAX_COLUMNS = 200
SKIPPED_TAGS = frozenset({"script", "style", "head", "noscript", "template", "svg"}) | FRAME_TAGS
INLINE_TAGS = frozenset(
    "a abbr b bdi bdo cite code em font i ins label mark q s small span strong sub sup u".split()  # noqa: SIM905
)
FIELD_TAGS = frozenset({"input", "select", "textarea"})
PICTURE_TAGS, MIN_PICTURE_SIZE = frozenset({"img", "svg", "canvas", "object"}), 5  # pixels
PICTURE: tuple[MarkKind, ...] = ("unsure",)
NO_BREAK_TAGS = INLINE_TAGS | FIELD_TAGS | SKIPPED_TAGS | {"wbr", "img", "ruby", "rt", "rp", "rb", "var", "kbd", "nobr"}
TEXT_INPUTS = frozenset({"text", "number", "tel", "search", ""})
_SPAN = re.compile(r"\s*(\d{1,6})")


def read_cells(table: etree._Element, sheet: StyleSheet, table_style: Style) -> Iterator[GridCell]:
    """Yield the cells with their places; as in a browser, a cell takes the first free column of its row.

    A cell that is not displayed takes no place. Raises DataFault for more than `MAX_COLUMNS` columns.
    """
    rows = table.findall(".//tr")
    free_from_row: dict[int, int] = {}  # column -> first row that no cell above covers
    for r, row in enumerate(rows):
        row_style = _find_row_style(row, table, sheet, table_style)
        column = 0
        for cell in row.iterchildren("td", "th"):
            style = sheet.find_style(cell, row_style)
            if row_style.is_displayed and not style.is_displayed:
                continue
            while free_from_row.get(column, 0) > r:
                column += 1
            if column >= MAX_COLUMNS:
                raise DataFault("read.too_many_columns", limit=MAX_COLUMNS)
            rowspan = min(_read_span(cell, "rowspan") or len(rows), len(rows) - r)
            colspan = min(_read_span(cell, "colspan") or 1, MAX_COLUMNS - column)
            free_from_row.update(dict.fromkeys(range(column, column + colspan), r + rowspan))
            text, marks = _read_cell_text(cell, sheet, style)
            yield GridCell(text, r, column, rowspan, colspan, marks=marks)
            column += colspan


def _find_row_style(row: etree._Element, table: etree._Element, sheet: StyleSheet, style: Style) -> Style:
    """Return the style of a row, with that of the elements between it and its table."""
    between = []
    element = row
    while element is not None and element is not table:
        between.append(element)
        element = element.getparent()
    for element in reversed(between):
        style = sheet.find_style(element, style)
    return style


def _read_span(cell: etree._Element, attribute: str) -> int:
    """Return the number in `rowspan` or `colspan`, 1 where it is missing or invalid."""
    printed_span = cell.get(attribute)
    match = _SPAN.match(printed_span) if printed_span else None
    return int(match.group(1)) if match else 1


def _read_cell_text(cell: etree._Element, sheet: StyleSheet, style: Style) -> tuple[str, tuple[Mark, ...]]:
    """Return the text of a cell with a newline at each line break and block element, and its marks."""
    if not len(cell):
        return _read_single_text(cell, style)
    marked_text = MarkedText()
    styles = [style]
    elements = etree.iterwalk(cell, events=("start", "end"))
    for event, element in elements:
        is_start = event == "start"
        if element is not cell:
            if element.tag not in NO_BREAK_TAGS:
                marked_text.add(BREAK)
            if is_start:
                styles.append(sheet.find_style(element, styles[-1]))
            else:
                styles.pop()
        if is_start and _add_object(marked_text, element, styles[-1]):
            elements.skip_subtree()
            continue
        piece = element.text if is_start else element.tail if element is not cell else None
        if piece:
            marked_text.add(piece.replace(BREAK, " "), styles[-1].list_kinds(piece, is_cell=True))
    text, marks = marked_text.collapse()
    return text, tuple(m for m in marks if not text or m.start < m.end)  # a picture matters only in a blank cell


def _read_single_text(cell: etree._Element, style: Style) -> tuple[str, tuple[Mark, ...]]:
    """Return the text of a cell without elements, and its marks."""
    text = " ".join((cell.text or "").split())
    if style is PLAIN or not text:
        return text, ()
    return text, tuple(Mark(kind, 0, len(text)) for kind in sorted(style.list_kinds(text, is_cell=True)))


def _add_object(marked_text: MarkedText, element: etree._Element, style: Style) -> bool:
    """Add a form field or picture of a cell; return whether the inside of the element is no text of the cell."""
    if element.tag in PICTURE_TAGS and not is_spacer(element):
        marked_text.add("", PICTURE)
    if element.tag in FIELD_TAGS:
        add_field(marked_text, element, style, is_cell=True)
    return element.tag in FIELD_TAGS or element.tag in SKIPPED_TAGS


def is_spacer(picture: etree._Element) -> bool:
    """Return whether a picture is not displayed, or too small to show a number."""
    sizes = (picture.get(side, "").strip().removesuffix("px") for side in ("width", "height"))
    return any(size.isdigit() and int(size) < MIN_PICTURE_SIZE for size in sizes)


def add_field(marked_text: MarkedText, element: etree._Element, style: Style, is_cell: bool) -> None:
    """Add the value of a form field as a browser shows it."""
    text = _read_field(element).strip()
    if text:
        marked_text.add(f" {text} ", {"field", *style.list_kinds(text, is_cell)})


def _read_field(element: etree._Element) -> str:
    """Return the text that a form field shows; of a list it is the chosen entry, else the first."""
    if element.tag == "input":
        return (element.get("value") or "") if (element.get("type") or "").lower() in TEXT_INPUTS else ""
    if element.tag == "textarea":
        return "".join(element.itertext())
    options = list(element.iter("option"))
    chosen_options = [option for option in options if option.get("selected") is not None]
    return "".join((chosen_options or options)[0].itertext()) if options else ""
