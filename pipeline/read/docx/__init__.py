"""Read Word documents (DOCX, also zipped ones named .doc or .wps) from their XML.

Field codes, notes and headers are left out; deleted and hidden text is marked. As in web pages, a table with another
table inside only arranges the page. An embedded document is read at its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml import etree

from pipeline.core.model import DataFault, Document, Finding, Grid, Paragraph
from pipeline.read import zip_archive
from pipeline.read.docx.formats import StyleTable, read_styles
from pipeline.read.docx.parts import MAX_DEPTH, Parts, read_targets
from pipeline.read.docx.table import MAX_CELLS, WRAPPERS, DocumentCounts, is_layout_table, list_rows, read_table_cells
from pipeline.read.docx.text import PAGE_BREAK, Context, find_text_boxes, read_text
from pipeline.read.docx.xml import get_local_name
from pipeline.read.pictures import add_picture_tables
from pipeline.read.title import find_title

_MAIN_PART = re.compile(r"word/document\d*\.xml")
_STYLES_PART = "word/styles.xml"


def is_docx(data: bytes) -> bool:
    """Return whether the bytes are an archive that contains the text of a Word document."""
    return any(_MAIN_PART.fullmatch(name) for name in zip_archive.list_member_names(data))


def read(data: bytes) -> Document:
    """Return the Document of a DOCX. Raises DataFault if the file is damaged, encrypted or too large."""
    return _read_at_depth(data, 0)


def _read_at_depth(data: bytes, depth: int) -> Document:
    """Return the Document of a DOCX that is embedded in `depth` others."""
    package = zip_archive.ZipPackage(data)
    main_part = min(name for name in package.member_names if _MAIN_PART.fullmatch(name))
    styles = read_styles(package.read_xml(_STYLES_PART)) if _STYLES_PART in package.member_names else StyleTable()

    def read_inner(content: bytes) -> Document | None:
        return _read_at_depth(content, depth + 1) if depth < MAX_DEPTH and is_docx(content) else None

    parts = Parts(package, read_targets(package, main_part), read_inner)
    walker = _BodyWalker(Context(styles), parts)
    walker.walk(package.read_xml(main_part))
    blocks = add_picture_tables(walker.blocks, parts.pictures, parts.left_out)
    findings = (*walker.inner_findings, *parts.left_out.list_findings())
    return Document(tuple(blocks), "docx", "docx", find_title(blocks), findings)


@dataclass
class _BodyWalker:
    """Walk once over a document's body: collect paragraphs and innermost tables in reading order."""

    context: Context
    parts: Parts
    blocks: list[Paragraph | Grid] = field(default_factory=list)
    counts: DocumentCounts = field(default_factory=DocumentCounts)
    inner_findings: list[Finding] = field(default_factory=list)  # of embedded documents

    def walk(self, parent: etree._Element) -> None:
        """Add the paragraphs and tables below `parent` to `blocks`."""
        for element in parent:
            name = get_local_name(element)
            if name == "body" or name in WRAPPERS:
                self.walk(element)
            elif name == "p":
                self._add_paragraph(element)
            elif name == "tbl":
                self._add_table(element)
            elif name == "altChunk":
                self._add_chunk(element)

    def _add_chunk(self, element: etree._Element) -> None:
        """Add the blocks of an embedded document."""
        document = self.parts.read_chunk(element)
        if document is not None:
            self.blocks += document.blocks
            self.counts.cells += sum(len(grid.cells) for grid in document.grids)
            self.inner_findings += document.findings
            if self.counts.cells > MAX_CELLS:
                raise DataFault("read.too_many_cells", limit=MAX_CELLS)

    def _add_paragraph(self, element: etree._Element) -> None:
        """Add a paragraph and the blocks of its text boxes, and count its page breaks."""
        marked_text = read_text(element, self.context)
        text = "".join(marked_text.pieces)
        # Breaks before the first word move the paragraph; breaks after it move only the text that follows.
        breaks_before = text[: len(text) - len(text.lstrip())].count(PAGE_BREAK)
        if text.strip():
            own_text, marks = marked_text.collapse()
            self.blocks.append(Paragraph(own_text, self.counts.page + breaks_before, marks))
        self.counts.page += text.count(PAGE_BREAK)
        self.parts.add_pictures(element, len(self.blocks))
        for box in find_text_boxes(element):
            self.walk(box)

    def _add_table(self, element: etree._Element) -> None:
        """Add a table as a grid, or the blocks in its cells if it only arranges the page."""
        if is_layout_table(element):
            for _, cells in list_rows(element):
                for cell in cells:
                    self.walk(cell)
        elif grid_cells := tuple(read_table_cells(element, self.counts, replace(self.context, is_cell=True))):
            self.blocks.append(Grid(grid_cells))
            self.parts.add_pictures(element, len(self.blocks))
