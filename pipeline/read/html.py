"""Read web pages. A table with another table inside only arranges the page; the innermost tables hold the data.

The pages of frames are read at their place. A table in a script or a template is read if the page has no other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import partial

from lxml import etree

from pipeline.core.marked_text import BREAK, MarkedText
from pipeline.core.model import DataFault, Document, Grid, Mark, Paragraph
from pipeline.read.html_cells import FIELD_TAGS, INLINE_TAGS, SKIPPED_TAGS, add_field, is_spacer, read_cells
from pipeline.read.html_inner import (
    FRAME_TAGS,
    MAX_DEPTH,
    MAX_INNER_PAGES,
    MAX_SHELL_CHARS,
    RESERVE_TAGS,
    Parts,
    find_frame_page,
    find_markup,
    get_frame_address,
    has_content,
    has_data,
    load_content,
    name_script,
)
from pipeline.read.html_style import PLAIN, Style, StyleSheet, read_style_sheet
from pipeline.read.left_out import LeftOut, has_data_table
from pipeline.read.pictures import Picture, add_picture_tables

MAX_CELLS = 200_000
DETECTION_CHARS = 4096  # characters in which a tag is searched
MAX_PICTURES, MAX_PICTURE_CELLS = 100, 20  # of a page; of a table that may only hold a picture
_FILE_ADDRESS = re.compile(r"\.(?:docx?|xlsx?|wps|et|pdf|ofd|rtf|zip|rar|png|jpe?g)\s*$", re.IGNORECASE)
_PAGE_TAG = re.compile(r"<\s*(?:!doctype\s+html|html|head|body|table|div|p|meta|title)\b", re.IGNORECASE)


def is_html(decoded_text: str) -> bool:
    """Return whether the text begins like a web page; a fragment that starts with a table is one too."""
    return bool(_PAGE_TAG.search(decoded_text[:DETECTION_CHARS]))


def read(decoded_text: str, parts: Parts | None = None) -> Document:
    """Return the Document of a page; `parts` are the files that a web archive keeps with it, by address.

    Raises DataFault if the page cannot be parsed or has more cells than any report.
    """
    root = parse_page(decoded_text)
    walker = _PageWalker(read_style_sheet(root), parts or {})
    walker.walk(root)
    walker.add_reserves()
    blocks = add_picture_tables(walker.blocks, walker.pictures, walker.left_out)
    title = "".join(root.xpath("string(//head/title)")).strip()
    return Document(tuple(blocks), "html", "html", title, walker.left_out.list_findings())


def parse_page(decoded_text: str) -> etree._Element:
    """Return the root of a page. Raises DataFault if it cannot be parsed."""
    # The encoding is passed to the parser because the page's own declaration may be wrong. No network, entities or DTD.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(decoded_text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise DataFault("read.broken_html") from error
    if root is None:
        raise DataFault("read.broken_html")
    return root


@dataclass
class _PageWalker:
    """Walk once over a page: collect prose between block elements, and grids from innermost tables."""

    sheet: StyleSheet
    parts: Parts
    depth: int = 0  # of pages around this one
    blocks: list[Paragraph | Grid] = field(default_factory=list)
    pending_text: MarkedText = field(default_factory=MarkedText)  # of the current paragraph
    styles: list[Style] = field(default_factory=lambda: [PLAIN])  # of the open elements
    is_after_break: bool = False  # whether a line break alone ended the paragraph before the current one
    cell_count: int = 0
    inner_page_count: int = 0
    # Scripts and templates with their places in `blocks`, read only if the page itself has no data.
    reserves: list[tuple[int, etree._Element]] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=LeftOut)

    def walk(self, root: etree._Element) -> None:
        """Fill `blocks` from the tree below `root`. Raises DataFault for more than `MAX_CELLS` cells."""
        elements = etree.iterwalk(root, events=("start", "end"))
        for event, element in elements:
            if event == "end":
                self.styles.pop()
                self._add_text_at(event, element)
                continue
            self.styles.append(self.sheet.find_style(element, self.styles[-1]))
            if element.tag in SKIPPED_TAGS or _is_data_table(element):
                self._add_skipped(element)
                elements.skip_subtree()
            elif element.tag in FIELD_TAGS:
                add_field(self.pending_text, element, self.styles[-1], is_cell=False)
                elements.skip_subtree()
            else:
                self._note_address(element)
                self._add_text_at(event, element)
        self._end_paragraph()

    def _add_skipped(self, element: etree._Element) -> None:
        """Add the grid of a data table or the page of a frame; keep a script or template for later."""
        if element.tag == "table":
            self._end_paragraph()
            cells = tuple(read_cells(element, self.sheet, self.styles[-1]))
            self._count_cells(len(cells))
            self.blocks.append(Grid(cells))
            if len(cells) <= MAX_PICTURE_CELLS:
                for picture in element.iter("img"):
                    self._note_address(picture)
        elif element.tag in FRAME_TAGS:
            self._add_frame(element)
        elif element.tag in RESERVE_TAGS:
            self.reserves.append((len(self.blocks), element))

    def _note_address(self, element: etree._Element) -> None:
        """Keep a picture for `add_picture_tables`, and the address of a link to a file."""
        if element.tag == "img" and not is_spacer(element) and self.styles[-1].is_displayed:
            address = (element.get("src") or "").strip()
            name = element.get("alt") or ("<img>" if address.startswith("data:") else address)
            if has_content(address, self.parts) and len(self.pictures) < MAX_PICTURES:
                load = partial(load_content, address, self.parts)
                self.pictures.append(Picture(len(self.blocks), f"{name} ({len(self.pictures) + 1})", load))
            elif address:
                self.left_out.pictures.append(name)
        elif element.tag == "a" and _FILE_ADDRESS.search(element.get("href") or ""):
            self.left_out.addresses.append(element.get("href") or "")

    def _count_cells(self, count: int) -> None:
        """Count cells. Raises DataFault if the page has more than `MAX_CELLS`."""
        self.cell_count += count
        if self.cell_count > MAX_CELLS:
            raise DataFault("read.too_many_cells", limit=MAX_CELLS)

    def _add_frame(self, frame: etree._Element) -> None:
        """Add the blocks of a frame's page, or name its address if the page is elsewhere or too deep."""
        page = find_frame_page(frame, self.parts) if self.styles[-1].is_displayed else ""
        if page and page.strip() and self.depth < MAX_DEPTH and self.inner_page_count < MAX_INNER_PAGES:
            self._end_paragraph()
            self.blocks += self._read_inner_page(page)
        elif page is None or page.strip():
            self.left_out.addresses.append(get_frame_address(frame) or f"<{frame.tag}>")

    def _read_inner_page(self, page: str) -> list[Paragraph | Grid]:
        """Return the blocks of a page within this one; its cells and the content that it leaves out count here."""
        root = parse_page(page)
        inner = _PageWalker(read_style_sheet(root), self.parts, self.depth + 1, left_out=self.left_out)
        inner.cell_count, inner.inner_page_count = self.cell_count, self.inner_page_count + 1
        inner.walk(root)
        at = len(self.blocks)
        self.pictures += (replace(picture, blocks_above=at + picture.blocks_above) for picture in inner.pictures)
        self.cell_count, self.inner_page_count = inner.cell_count, inner.inner_page_count
        self.reserves += ((len(self.blocks), element) for _, element in inner.reserves)
        return inner.blocks

    def add_reserves(self) -> None:
        """Add the tables in scripts and templates if the page has no other data, or else name them."""
        is_without_data = bool(self.reserves) and not has_data_table(self.blocks)
        text_length = sum(len(block.text) for block in self.blocks if isinstance(block, Paragraph))
        is_shell = is_without_data and text_length < MAX_SHELL_CHARS
        for at, element in reversed(self.reserves):
            markup = find_markup(element)
            if markup and is_without_data and self.inner_page_count < MAX_INNER_PAGES:
                self.blocks[at:at] = self._read_inner_page(markup)
                self.left_out.read_scripts.append(name_script(element))
            elif markup or has_data(element) or (is_shell and element.get("src")):
                self.left_out.scripts.append(name_script(element))

    def _add_text_at(self, event: str, element: etree._Element) -> None:
        """Add the text that follows an element's start or end tag; a block element ends the paragraph."""
        if element.tag not in INLINE_TAGS and element.tag not in SKIPPED_TAGS:
            self._end_paragraph(is_break=element.tag == "br")
        text = element.text if event == "start" else element.tail
        if text:
            self.pending_text.add(text.replace(BREAK, " "), self.styles[-1].list_kinds(text, is_cell=False))

    def _end_paragraph(self, is_break: bool = False) -> None:
        """Add the pending text as a paragraph, unless it is blank. A line break inside a number ends no paragraph."""
        text, marks = self.pending_text.collapse()
        self.pending_text = MarkedText()
        last = self.blocks[-1] if self.blocks else None
        if text and self.is_after_break and isinstance(last, Paragraph) and _is_number_broken(last.text, text):
            shift = len(last.text) + 1
            moved_marks = tuple(Mark(m.kind, m.start + shift, m.end + shift) for m in marks)
            self.blocks[-1] = Paragraph(f"{last.text}{BREAK}{text}", last.page, last.marks + moved_marks)
        elif text:
            self.blocks.append(Paragraph(text, marks=marks))
        self.is_after_break = is_break if text else self.is_after_break and is_break


def _is_number_broken(text: str, next_text: str) -> bool:
    """Return whether two lines of one sentence end and begin with a digit."""
    return text[-1].isdigit() and next_text[0].isdigit() and not text.isdigit()


def _is_data_table(element: etree._Element) -> bool:
    return element.tag == "table" and element.find(".//table") is None
