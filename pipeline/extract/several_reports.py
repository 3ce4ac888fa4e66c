"""Find out that a file has several reports: an annex of another year, the tables of a subordinate body.

A report begins with a title. Only a title with tables below it begins another report: pages also list the titles of
other reports as links. A table of one report never replaces a missing one of another.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.core.model import Document, Finding, Grid, Paragraph
from pipeline.extract.titles import Title, parse_title


def split_reports(document: Document) -> tuple[Document, list[Finding]]:
    """Return the document up to the title of a second report with tables, and a finding if there is one."""
    first: Title | None = None
    start: int | None = None
    other: Title | None = None
    for i, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            title = _own_title(block)
            first = first or title
            if first and title and title != first:
                start, other = i, title
            continue
        if other is not None and _has_grid(document.blocks[:start]):
            return replace(document, blocks=document.blocks[:start]), [_finding(first, other)]
        start, other = None, None
    return document, []


def _own_title(block: Paragraph) -> Title | None:
    title = parse_title(block.text)
    return title if title and title.body and title.years else None


def _has_grid(blocks: tuple[Paragraph | Grid, ...]) -> bool:
    return any(isinstance(block, Grid) for block in blocks)


def _finding(first: Title | None, other: Title) -> Finding:
    titles = (f"{title.body} {title.years[0]}" for title in (first, other) if title)
    return Finding("who.several", "document", "fail", "error", note=" | ".join(titles))
