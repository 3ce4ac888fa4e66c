"""Word documents (DOCX, and the zipped ones that are named .doc or .wps), read from their XML.

What a reader of the printed page would not see is left out: deleted and hidden text, field codes, notes, headers. As in
web pages a table inside a table's cell makes the outer one layout.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from pipeline.core.model import Document, Grid, Paragraph
from pipeline.read import zipped
from pipeline.read.docx.table import WRAPPERS, Tally, grid_cells, is_layout, rows_of
from pipeline.read.docx.text import PAGE, boxes, name_of, text_of
from pipeline.read.heading import title_of

_MAIN = re.compile(r"word/document\d*\.xml")


def sniff(data: bytes) -> bool:
    """Whether the bytes are an archive with a Word document's text in it."""
    return any(_MAIN.fullmatch(name) for name in zipped.names(data))


def read(data: bytes) -> Document:
    """The Document of a DOCX. Raises DataFault for a damaged, locked or huge file."""
    package = zipped.Package(data)
    main = min(name for name in package.names if _MAIN.fullmatch(name))
    walk = _Walk()
    walk.run(package.xml(main))
    return Document(tuple(walk.blocks), "docx", "docx", title_of(walk.blocks))


@dataclass
class _Walk:
    """One pass over the body that gathers paragraphs and innermost tables in reading order."""

    blocks: list[Paragraph | Grid] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def run(self, parent: etree._Element) -> None:
        for element in parent:
            name = name_of(element)
            if name == "body" or name in WRAPPERS:
                self.run(element)
            elif name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)

    def _paragraph(self, element: etree._Element) -> None:
        text = text_of(element)
        # Breaks before the first word move the paragraph, those within it only what follows.
        before = text[: len(text) - len(text.lstrip())].count(PAGE)
        if text.strip():
            self.blocks.append(Paragraph(" ".join(text.split()), self.tally.page + before))
        self.tally.page += text.count(PAGE)
        for box in boxes(element):
            self.run(box)

    def _table(self, element: etree._Element) -> None:
        if is_layout(element):
            for _, cells in rows_of(element):
                for cell in cells:
                    self.run(cell)
        elif cells_found := tuple(grid_cells(element, self.tally)):
            self.blocks.append(Grid(cells_found))
