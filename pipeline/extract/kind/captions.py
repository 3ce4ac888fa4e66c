"""Tell which tables of a report are on something else, by the words above them, and which go on with the one before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.core.model import Grid, Paragraph
from pipeline.core.text import is_number, normalize
from pipeline.extract.kind.clauses import find_clauses
from pipeline.extract.kind.context import context_events
from pipeline.extract.kind.scope import Scope
from pipeline.extract.kind.sections import Sections, heading_of, level_of

MAX_CAPTION_CHARS = 60
_WORDS = re.compile("[一-龥]")


class PlacedGrid(NamedTuple):
    """A grid, whether it is on something else than the report, and whether it follows a grid directly."""

    grid: Grid
    is_other: bool
    follows: bool


def place_grids(blocks: Sequence[Paragraph | Grid], scope: Scope) -> Iterator[PlacedGrid]:
    """Yield the grids of a document in their order, judged by their section, caption, sheet and first lines.

    A paragraph without words, such as the number of a page, does not part two grids.
    """
    sections, caption, follows = Sections(), "", False
    for block in blocks:
        if isinstance(block, Grid):
            titles = [caption, block.sheet, *_title_lines(block)]
            yield PlacedGrid(block, sections.is_other or any(_is_other(title, scope) for title in titles), follows)
            caption, follows = "", True
        elif _WORDS.search(block.text):
            text = "".join(normalize(block.text).split())
            if heading := heading_of(text):
                sections.enter(level_of(heading), _is_other(heading, scope))
            caption, follows = text if len(text) <= MAX_CAPTION_CHARS else "", False


def _is_other(text: str, scope: Scope) -> bool:
    """Return whether a heading or caption names another body or period, or a thing that the kind leaves unread."""
    skipped = scope.kind.prose.skipped_when
    sets = (sets for _, sets in context_events(text, scope.kind.prose))
    is_skipped = any(words.get(name) == value for words in sets for name, value in skipped.items())
    return is_skipped or any(clause.is_other for clause in find_clauses(text, scope))


def _title_lines(grid: Grid) -> Iterator[str]:
    """Yield the texts at the top of a grid that have a line of their own."""
    for row in sorted({cell.row for cell in grid.cells}):
        texts = {cell.text for cell in grid.cells if cell.row == row and cell.text.strip()}
        if len(texts) > 1 or any(is_number(text) for text in texts):
            return
        yield from ("".join(normalize(text).split()) for text in texts)
