"""Turn pages into blocks: lines into paragraphs, tables into grids, both across page breaks, without page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from pipeline.core.model import Grid, Mark, Paragraph
from pipeline.read.layout.lines import is_page_mark, join_texts
from pipeline.read.layout.page import Line, Page, Table
from pipeline.read.layout.split_tables import TablePart, is_continuation, merge_parts

# In multiples of the type size.
MIN_INDENT = 1.2  # of a paragraph's first line
MIN_SHORTFALL = 3.0  # from the end of a paragraph's last line to the margin
MIN_PARAGRAPH_GAP = 2.6  # between the base lines of two paragraphs
MAX_OFF_CENTRE = 0.8  # from the middle of a centred line to the middle of the text
MAX_SIZE_DIFFERENCE = 0.35  # share by which type sizes in a paragraph may differ: fonts of one size state other heights
MIN_HEADING_RATIO = 1.35  # type size of a heading divided by that of the body text
_WORDS = re.compile(r"[\u4e01-\u9fff。]")  # Chinese except 一, which may be a dash
MARGIN_SHARE = 0.07  # share of a page's height that is margin at either end
MAX_SCRAP_CHARS = 5
MIN_RUNNING_HEAD_PAGES = 3  # pages with the same line at their edge that make it a running head


@dataclass(frozen=True)
class PlacedLine:
    """A line with its page and the margins of that page's text, in points."""

    line: Line
    page: Page
    left: float
    right: float

    @property
    def is_centred(self) -> bool:
        """Whether the line is in the middle of the text, away from both margins."""
        line, size = self.line, self.line.size
        off_centre = abs((line.x0 - self.left) - (self.right - line.x1))
        return off_centre < 2 * MAX_OFF_CENTRE * size and line.x0 - self.left > 3 * size


def build_blocks(pages: Sequence[Page]) -> list[Paragraph | Grid]:
    """Return the paragraphs and grids of all pages in reading order."""
    pages = _remove_page_marks(pages)
    body_size = median([line.size for page in pages for line in page.lines for _ in line.text] or [1.0])
    blocks: list[Paragraph | Grid] = []
    lines: list[PlacedLine] = []
    parts: list[TablePart] = []
    for page, item in ((p, x) for p in pages for x in _sort_items(p)):
        if isinstance(item, PlacedLine):
            blocks += _take_grid(parts)
            lines.append(item)
        else:
            part = TablePart(page, item)
            blocks += _take_paragraphs(lines, body_size)
            if parts and not is_continuation(parts[-1], part):
                blocks += _take_grid(parts)
            parts.append(part)
    return [*blocks, *_take_grid(parts), *_take_paragraphs(lines, body_size)]


def _sort_items(page: Page) -> list[PlacedLine | Table]:
    """Return the page's lines and tables from top to bottom."""
    left = min((line.x0 for line in page.lines), default=0.0)
    right = max((line.x1 for line in page.lines), default=0.0)
    lines = [(line.base - line.size / 2, PlacedLine(line, page, left, right)) for line in page.lines]
    items: list[tuple[float, PlacedLine | Table]] = [*lines, *((t.box.top, t) for t in page.tables)]
    return [item for _, item in sorted(items, key=lambda pair: pair[0])]


def _remove_page_marks(pages: Sequence[Page]) -> list[Page]:
    """Return the pages without page numbers and running heads."""
    page_counts = Counter(line.text for page in pages for line in _find_edge_lines(page))
    min_pages = max(MIN_RUNNING_HEAD_PAGES, len(pages) // 2)
    cleaned_pages = []
    for page in pages:
        marks = {
            id(line)
            for line in _find_edge_lines(page)
            if is_page_mark(line.text) or page_counts[line.text] >= min_pages or _is_scrap(line, page)
        }
        cleaned_pages.append(replace(page, lines=tuple(line for line in page.lines if id(line) not in marks)))
    return cleaned_pages


def _is_scrap(line: Line, page: Page) -> bool:
    """Return whether a line in the margin is too short for prose, like a page number that OCR misread."""
    margin = MARGIN_SHARE * page.height
    is_in_margin = not margin < line.base < page.height - margin
    return is_in_margin and len(line.text) <= MAX_SCRAP_CHARS and not _WORDS.search(line.text)


def _find_edge_lines(page: Page) -> list[Line]:
    """Return the first line if no table is above it, and the last if no table is below it."""
    lines = sorted(page.lines, key=lambda line: line.base)
    top = min((t.box.top for t in page.tables), default=page.height)
    bottom = max((t.box.bottom for t in page.tables), default=0.0)
    first = [line for line in lines[:1] if line.base < top]
    return first + [line for line in lines[-1:] if line.base > bottom and line not in first]


def _take_grid(parts: list[TablePart]) -> Iterator[Grid]:
    """Yield the grid of the collected parts, if there are any, and empty `parts`."""
    if parts:
        yield merge_parts(parts)
        parts.clear()


def _take_paragraphs(lines: list[PlacedLine], body_size: float) -> Iterator[Paragraph]:
    """Yield the paragraphs of the collected lines, and empty `lines`."""
    run: list[PlacedLine] = []
    for placed_line in lines:
        if run and not _is_paragraph_continuation(run[-1], placed_line, body_size):
            yield _make_paragraph(run)
            run = []
        run.append(placed_line)
    if run:
        yield _make_paragraph(run)
    lines.clear()


def _make_paragraph(run: Sequence[PlacedLine]) -> Paragraph:
    text, marks = "", list[Mark]()
    for line in (placed_line.line for placed_line in run):
        text = join_texts((text, line.text)) if text else line.text
        shift = len(text) - len(line.text)
        marks += [replace(m, start=m.start + shift, end=m.end + shift) for m in line.marks]
    return Paragraph(text, run[0].page.number, tuple(marks))


def _is_paragraph_continuation(previous_line: PlacedLine, current_line: PlacedLine, body_size: float) -> bool:
    """Return whether a line continues the paragraph, or the heading, of the line before it."""
    size = current_line.line.size
    if abs(previous_line.line.size - size) > MAX_SIZE_DIFFERENCE * size:
        return False
    is_new_page = previous_line.page is not current_line.page
    is_near = is_new_page or current_line.line.base - previous_line.line.base < MIN_PARAGRAPH_GAP * size
    is_heading = size > MIN_HEADING_RATIO * body_size and not is_new_page
    if (previous_line.is_centred and current_line.is_centred) or is_heading:
        return is_near  # a title of two lines
    is_full = previous_line.right - previous_line.line.x1 < MIN_SHORTFALL * size
    return is_near and is_full and current_line.line.x0 - current_line.left < MIN_INDENT * size
