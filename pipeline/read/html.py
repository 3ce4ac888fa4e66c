"""Web pages. A table inside a table's cell makes the outer one layout; its innermost tables hold the data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.core.model import DataFault, Document, Grid, GridCell, Paragraph

MAX_CELLS = 200_000
MAX_COLUMNS = 200
SKIPPED = frozenset({"script", "style", "head", "noscript", "template", "svg", "object", "iframe"})
INLINE = frozenset(
    "a abbr b bdi bdo cite code em font i ins label mark q s small span strong sub sup u".split()  # noqa: SIM905
)
_SPAN = re.compile(r"\s*(\d{1,6})")
_TAG = re.compile(r"<\s*(?:!doctype\s+html|html|head|body|table|div|p|meta|title)\b", re.IGNORECASE)


def sniff(decoded: str) -> bool:
    """Whether the text opens like a page; a fragment that starts with a table counts."""
    return bool(_TAG.search(decoded[:4096]))


def read(decoded: str) -> Document:
    """The Document of a page. Raises DataFault for one with more cells than any report has."""
    # UTF-8 is named to the parser because the page's own declaration may be wrong; no network, no entities, no DTD.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(decoded.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise DataFault("read.broken_html") from error
    if root is None:
        raise DataFault("read.broken_html")
    walk = _Walk()
    walk.run(root)
    title = "".join(root.xpath("string(//head/title)")).strip()
    return Document(tuple(walk.blocks), "html", "html", title)


@dataclass
class _Walk:
    """One pass over the tree that gathers prose between block elements and hands innermost tables to `_grid`."""

    blocks: list[Paragraph | Grid] = field(default_factory=list)
    run_of_text: list[str] = field(default_factory=list)
    cells: int = 0

    def run(self, root: etree._Element) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "end":
                self._text(event, element)
            elif element.tag in SKIPPED or _is_data_table(element):
                self._open(element)
                walker.skip_subtree()
            else:
                self._text(event, element)
        self._flush()

    def _open(self, element: etree._Element) -> None:
        if element.tag == "table":
            self._flush()
            cells = tuple(_grid(element))
            self.cells += len(cells)
            if self.cells > MAX_CELLS:
                raise DataFault("read.too_many_cells", limit=MAX_CELLS)
            self.blocks.append(Grid(cells))

    def _text(self, event: str, element: etree._Element) -> None:
        if element.tag not in INLINE and element.tag not in SKIPPED:
            self._flush()
        self._add(element.text if event == "start" else element.tail)

    def _add(self, text: str | None) -> None:
        if text:
            self.run_of_text.append(text)

    def _flush(self) -> None:
        text = " ".join("".join(self.run_of_text).split())
        self.run_of_text.clear()
        if text:
            self.blocks.append(Paragraph(text))


def _is_data_table(element: etree._Element) -> bool:
    return element.tag == "table" and element.find(".//table") is None


def _grid(table: etree._Element) -> Iterator[GridCell]:
    """The cells with their places, spans resolved as a browser does: a cell takes the first free column of its row."""
    rows = table.findall(".//tr")
    taken: dict[int, int] = {}  # column -> first row in which it is free again
    for r, row in enumerate(rows):
        c = 0
        for cell in row.iterchildren("td", "th"):
            while taken.get(c, 0) > r:
                c += 1
            if c >= MAX_COLUMNS:
                raise DataFault("read.too_many_columns", limit=MAX_COLUMNS)
            down = min(_span(cell, "rowspan") or len(rows), len(rows) - r)
            across = min(_span(cell, "colspan") or 1, MAX_COLUMNS - c)
            taken.update(dict.fromkeys(range(c, c + across), r + down))
            yield GridCell(_cell_text(cell), r, c, down, across)
            c += across


def _span(cell: etree._Element, name: str) -> int:
    printed = cell.get(name)
    found = _SPAN.match(printed) if printed else None
    return int(found.group(1)) if found else 1


def _cell_text(cell: etree._Element) -> str:
    text = "".join(cell.itertext()) if len(cell) else cell.text or ""
    return " ".join(text.split())
