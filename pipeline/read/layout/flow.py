"""Pages to blocks: prose to paragraphs, tables to grids, both across page breaks, without page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from pipeline.core.model import Grid, Paragraph
from pipeline.read.layout.lines import is_page_mark, joined
from pipeline.read.layout.page import Line, Page, Table
from pipeline.read.layout.split import follows, grid

# In sizes of the type: how far a first line is drawn in, how far short a last line ends, a gap between paragraphs.
INDENT, SHORT, GAP, CENTRED = 1.2, 3.0, 2.6, 0.8
ALIKE, BIGGER = 0.35, 1.35  # type sizes as a share; fonts of one size differ in how tall they say they are
_WORDS = re.compile(r"[\u4e01-\u9fff。]")  # all of Chinese but 一, which may be a dash
MARGIN, SCRAP = 0.07, 5  # the part of a page's height that is margin; characters
REPEATED = 3  # a line at the edge of so many pages is a running head


@dataclass(frozen=True)
class Placed:
    """A line with its page and the margins of that page's text."""

    line: Line
    page: Page
    left: float
    right: float

    @property
    def centred(self) -> bool:
        """Whether the line stands in the middle of the text, clear of both margins."""
        line, size = self.line, self.line.size
        off = abs((line.x0 - self.left) - (self.right - line.x1))
        return off < 2 * CENTRED * size and line.x0 - self.left > 3 * size


def blocks(pages: Sequence[Page]) -> list[Paragraph | Grid]:
    """The paragraphs and grids of all pages in reading order."""
    pages = _without_edges(pages)
    body = median([line.size for page in pages for line in page.lines for _ in line.text] or [1.0])
    found: list[Paragraph | Grid] = []
    prose: list[Placed] = []
    parts: list[tuple[int, Table]] = []
    for page, item in ((p, x) for p in pages for x in _in_order(p)):
        if isinstance(item, Placed):
            found += _grid(parts)
            prose.append(item)
        else:
            found += _paragraphs(prose, body)
            if parts and not follows(parts[-1], (page.number, item)):
                found += _grid(parts)
            parts.append((page.number, item))
    return [*found, *_grid(parts), *_paragraphs(prose, body)]


def _in_order(page: Page) -> list[Placed | Table]:
    """The page's lines and tables from top to bottom."""
    sizes = [line.size for line in page.lines]
    left = min((line.x0 for line in page.lines), default=0.0)
    right = max((line.x1 for line in page.lines), default=0.0)
    lines = [
        (line.base - size / 2, Placed(line, page, left, right)) for line, size in zip(page.lines, sizes, strict=True)
    ]
    placed: list[tuple[float, Placed | Table]] = [*lines, *((t.box.top, t) for t in page.tables)]
    return [item for _, item in sorted(placed, key=lambda pair: pair[0])]


def _without_edges(pages: Sequence[Page]) -> list[Page]:
    """The pages without page numbers and without lines that stand at the same edge of most pages."""
    edges = Counter(line.text for page in pages for line in _edges(page))
    most = max(REPEATED, len(pages) // 2)
    kept = []
    for page in pages:
        out = {id(x) for x in _edges(page) if is_page_mark(x.text) or edges[x.text] >= most or _is_scrap(x, page)}
        kept.append(replace(page, lines=tuple(x for x in page.lines if id(x) not in out)))
    return kept


def _is_scrap(line: Line, page: Page) -> bool:
    """Whether a line in the margin is too short for prose: a page number that OCR misread."""
    margin = MARGIN * page.height
    return not margin < line.base < page.height - margin and len(line.text) <= SCRAP and not _WORDS.search(line.text)


def _edges(page: Page) -> list[Line]:
    """The first and last line, if no table stands above or below it."""
    lines = sorted(page.lines, key=lambda line: line.base)
    top = min((t.box.top for t in page.tables), default=page.height)
    bottom = max((t.box.bottom for t in page.tables), default=0.0)
    first = [x for x in lines[:1] if x.base < top]
    return first + [x for x in lines[-1:] if x.base > bottom and x not in first]


def _grid(parts: list[tuple[int, Table]]) -> Iterator[Grid]:
    """The grid of the parts gathered so far, if any; empties `parts`."""
    if parts:
        yield grid(parts)
        parts.clear()


def _paragraphs(lines: list[Placed], body: float) -> Iterator[Paragraph]:
    """The paragraphs of the lines gathered so far; empties `lines`."""
    run: list[Placed] = []
    for placed in lines:
        if run and not _goes_on(run[-1], placed, body):
            yield _paragraph(run)
            run = []
        run.append(placed)
    if run:
        yield _paragraph(run)
    lines.clear()


def _paragraph(run: Sequence[Placed]) -> Paragraph:
    return Paragraph(joined(p.line.text for p in run), run[0].page.number)


def _goes_on(last: Placed, this: Placed, body: float) -> bool:
    """Whether a line continues the paragraph of the one before it."""
    size = this.line.size
    if abs(last.line.size - size) > ALIKE * size:
        return False
    near = last.page is not this.page or this.line.base - last.line.base < GAP * size
    if (last.centred and this.centred) or (size > BIGGER * body and last.page is this.page):
        return near  # a title of two lines
    full = last.right - last.line.x1 < SHORT * size
    return near and full and this.line.x0 - this.left < INDENT * size
