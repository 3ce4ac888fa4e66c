"""The page of a brief: its blocks, shortened until they fit one page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from math import ceil

from pipeline.core.messages import say
from pipeline.publish.brief.facts import BriefFacts
from pipeline.publish.brief.sentences import Limits, figure_rows, section_texts
from pipeline.publish.form.docx_page import LINE_PITCH_PT
from pipeline.publish.form.explanation import NUMERALS
from pipeline.publish.form.fill import mark_simulated
from pipeline.publish.form.report_template import DocumentBlock, printable

PAGE_HEIGHT_PT = 22 * LINE_PITCH_PT
TITLE_GRID_LINES = 2  # the page has a grid of lines, and a line of the title is higher than one
SPARE_PT = 30.0  # fonts that replace those of official papers have higher lines
TEXT_COLUMNS, TITLE_COLUMNS, FIRST_CELL_COLUMNS = 55, 39, 30  # columns of half-width characters in a line
INDENT_COLUMNS = 4
LATIN_WIDTH = 1.15
TABLE_LINE_PT, TABLE_ROW_PADDING_PT, TABLE_GAP_PT = 14.0, 3.0, 8.0
# From the longest lists of a page to counts, which fit any page.
# Identities are shortened first, because the explanation of `ogi compile` has them all; names of bodies last.
LIMITS = (
    Limits(8, 6, 6, 3), Limits(8, 6, 5, 2), Limits(6, 5, 4, 2), Limits(6, 5, 4, 1), Limits(6, 5, 3, 1),
    Limits(5, 4, 3, 1), Limits(4, 3, 2, 1), Limits(3, 2, 2, 1), Limits(3, 2, 1, 1), Limits(2, 1, 1, 0),
    Limits(2, 1, 0, 0), Limits(0, 0, 0, 0),
)  # fmt: skip


def compose_brief(facts: BriefFacts, lang: str) -> Sequence[DocumentBlock]:
    """Return the blocks of the page: title, sections and the table of figures.

    The lists of bodies, changes and identities are as long as the page allows.
    """
    for limits in LIMITS:
        blocks = list(_blocks(facts, limits, lang))
        if page_height_pt(blocks) <= PAGE_HEIGHT_PT - SPARE_PT:
            break
    return blocks


def _blocks(facts: BriefFacts, limits: Limits, lang: str) -> Iterator[DocumentBlock]:
    filled = facts.filled
    body = filled.short_body if lang == "zh" else filled.body
    yield DocumentBlock(
        "title", mark_simulated(printable(say("brief.title", lang, body=body, year=filled.year)), filled)
    )
    for position, (name, text) in enumerate(section_texts(facts, limits, lang).items()):
        numeral = f"{NUMERALS[position]}、" if lang == "zh" else f"{position + 1}. "
        yield DocumentBlock("text", printable(numeral + text))
        if name == "figures":
            rows = figure_rows(facts, lang)
            yield DocumentBlock("list", rows=tuple(tuple(map(printable, row)) for row in rows))


def page_height_pt(blocks: Sequence[DocumentBlock]) -> float:
    """Return an estimate of the height of the blocks in the Word file, in points."""
    return sum(map(_height_pt, blocks))


def _height_pt(block: DocumentBlock) -> float:
    if block.rows:
        lines = (max(1, ceil(_width(row[0]) / FIRST_CELL_COLUMNS)) for row in block.rows)
        return TABLE_GAP_PT + sum(TABLE_LINE_PT * count + TABLE_ROW_PADDING_PT for count in lines)
    if block.kind == "title":
        return (TITLE_GRID_LINES * ceil(_width(block.text) / TITLE_COLUMNS) + 1) * LINE_PITCH_PT
    return ceil((_width(block.text) + INDENT_COLUMNS) / TEXT_COLUMNS) * LINE_PITCH_PT


def _width(text: str) -> float:
    """Return the width of a text in half-width characters; fonts that replace Times New Roman are wider."""
    wide = sum(unicodedata.east_asian_width(character) in "WFA" for character in text)
    return 2 * wide + LATIN_WIDTH * (len(text) - wide)
