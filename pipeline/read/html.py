"""Read web pages. A table with another table inside only arranges the page; the innermost tables hold the data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.core.model import DataFault, Document, Grid, GridCell, Paragraph

MAX_CELLS = 200_000
MAX_COLUMNS = 200
DETECTION_CHARS = 4096  # characters in which a tag is searched
SKIPPED_TAGS = frozenset({"script", "style", "head", "noscript", "template", "svg", "object", "iframe"})
INLINE_TAGS = frozenset(
    "a abbr b bdi bdo cite code em font i ins label mark q s small span strong sub sup u".split()  # noqa: SIM905
)
_SPAN = re.compile(r"\s*(\d{1,6})")
_PAGE_TAG = re.compile(r"<\s*(?:!doctype\s+html|html|head|body|table|div|p|meta|title)\b", re.IGNORECASE)


def is_html(decoded_text: str) -> bool:
    """Return whether the text begins like a web page; a fragment that starts with a table is one too."""
    return bool(_PAGE_TAG.search(decoded_text[:DETECTION_CHARS]))


def read(decoded_text: str) -> Document:
    """Return the Document of a page. Raises DataFault if it cannot be parsed or has more cells than any report."""
    # The encoding is passed to the parser because the page's own declaration may be wrong. No network, entities or DTD.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(decoded_text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise DataFault("read.broken_html") from error
    if root is None:
        raise DataFault("read.broken_html")
    walker = _PageWalker()
    walker.walk(root)
    title = "".join(root.xpath("string(//head/title)")).strip()
    return Document(tuple(walker.blocks), "html", "html", title)


@dataclass
class _PageWalker:
    """Walk once over a page: collect prose between block elements, and grids from innermost tables."""

    blocks: list[Paragraph | Grid] = field(default_factory=list)
    pending_text: list[str] = field(default_factory=list)  # pieces of the current paragraph
    cell_count: int = 0

    def walk(self, root: etree._Element) -> None:
        """Fill `blocks` from the tree below `root`. Raises DataFault for more than `MAX_CELLS` cells."""
        elements = etree.iterwalk(root, events=("start", "end"))
        for event, element in elements:
            if event == "end":
                self._add_text_at(event, element)
            elif element.tag in SKIPPED_TAGS or _is_data_table(element):
                self._add_table(element)
                elements.skip_subtree()
            else:
                self._add_text_at(event, element)
        self._end_paragraph()

    def _add_table(self, element: etree._Element) -> None:
        """Add the grid of a data table; ignore a skipped element."""
        if element.tag == "table":
            self._end_paragraph()
            cells = tuple(_read_cells(element))
            self.cell_count += len(cells)
            if self.cell_count > MAX_CELLS:
                raise DataFault("read.too_many_cells", limit=MAX_CELLS)
            self.blocks.append(Grid(cells))

    def _add_text_at(self, event: str, element: etree._Element) -> None:
        """Add the text that follows an element's start or end tag; a block element ends the paragraph."""
        if element.tag not in INLINE_TAGS and element.tag not in SKIPPED_TAGS:
            self._end_paragraph()
        text = element.text if event == "start" else element.tail
        if text:
            self.pending_text.append(text)

    def _end_paragraph(self) -> None:
        """Add the pending text as a paragraph, unless it is blank."""
        text = " ".join("".join(self.pending_text).split())
        self.pending_text.clear()
        if text:
            self.blocks.append(Paragraph(text))


def _is_data_table(element: etree._Element) -> bool:
    return element.tag == "table" and element.find(".//table") is None


def _read_cells(table: etree._Element) -> Iterator[GridCell]:
    """Yield the cells with their places; as in a browser, a cell takes the first free column of its row.

    Raises DataFault for more than `MAX_COLUMNS` columns.
    """
    rows = table.findall(".//tr")
    free_from_row: dict[int, int] = {}  # column -> first row that no cell above covers
    for r, row in enumerate(rows):
        column = 0
        for cell in row.iterchildren("td", "th"):
            while free_from_row.get(column, 0) > r:
                column += 1
            if column >= MAX_COLUMNS:
                raise DataFault("read.too_many_columns", limit=MAX_COLUMNS)
            rowspan = min(_read_span(cell, "rowspan") or len(rows), len(rows) - r)
            colspan = min(_read_span(cell, "colspan") or 1, MAX_COLUMNS - column)
            free_from_row.update(dict.fromkeys(range(column, column + colspan), r + rowspan))
            yield GridCell(_read_cell_text(cell), r, column, rowspan, colspan)
            column += colspan


def _read_span(cell: etree._Element, attribute: str) -> int:
    """Return the number in `rowspan` or `colspan`, 1 where it is missing or invalid."""
    printed_span = cell.get(attribute)
    match = _SPAN.match(printed_span) if printed_span else None
    return int(match.group(1)) if match else 1


def _read_cell_text(cell: etree._Element) -> str:
    text = "".join(cell.itertext()) if len(cell) else cell.text or ""
    return " ".join(text.split())
