"""The explanation (编制说明) that goes with a compiled report: sources, identities, members, doubts, changes."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.core.messages import say
from pipeline.publish.form.fill import FilledForm
from pipeline.publish.form.report_template import DocumentBlock, printable
from pipeline.publish.form.review_parts import CompilationReview
from pipeline.publish.form.review_text import Section, review_sections

NUMERALS = "一二三四五六七八九"


def compose_explanation(filled: FilledForm, review: CompilationReview) -> Sequence[DocumentBlock]:
    """Return the blocks of the explanation, in Chinese as the report is: title, banner, a part per section."""
    title = printable(say("compile.explanation.title", "zh", title=filled.title))
    banner = [DocumentBlock("banner", filled.banner)] if filled.banner else []
    sources = Section(say("compile.review.sources", "zh"), filled.notes)
    sections = (sources, *review_sections(review, "zh"))
    blocks = [block for number, section in enumerate(sections) for block in _blocks(NUMERALS[number], section)]
    return [DocumentBlock("title", title), *banner, *blocks]


def _blocks(numeral: str, section: Section) -> list[DocumentBlock]:
    heading = DocumentBlock("heading", f"{numeral}、{section.title}")
    lines = [DocumentBlock("text", printable(line.strip())) for line in section.lines]
    rows = tuple(tuple(printable(text) for text in row) for row in section.rows)
    return [heading, *lines, *([DocumentBlock("list", rows=rows)] if rows else [])]
