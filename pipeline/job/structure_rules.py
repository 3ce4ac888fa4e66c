"""Audit the structure of a report: its six sections, their order and content, title, signature, readable tables.

The findings are of a kind of their own, `structure.*`: they say nothing about a number. `ogi check --structure` and
`ogi score` ask for them; a run does not. Source: the form's part 报告内容, see `reference/structure.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.core.form import forms
from pipeline.core.model import Document, Extraction, Finding, Grid, Paragraph
from pipeline.core.text import normalize
from pipeline.extract.titles import parse_title
from pipeline.extract.visible import see
from pipeline.job.structure_headings import Heading, find_headings, first_year, sections

MIN_GRID_CELLS = 6  # of a table; a smaller grid only arranges the page
LAST_PARAGRAPHS, MAX_SIGNATURE_CHARS = 12, 40
IDENTITIES = (
    "structure.title", "structure.section", "structure.order", "structure.empty", "structure.table",
    "structure.picture", "structure.signature",
)  # fmt: skip
PICTURES = frozenset({"extract.picture_read", "extract.scan", "extract.garbled"})
_DATE = re.compile(
    r"(?:20\d\d|二[〇○零O0一二三四五六七八九]{3})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日"
)


def audit_structure(document: Document, extraction: Extraction) -> tuple[Finding, ...]:
    """Return the outcome of each audit: `fail` with a note that names what is meant, `pass`, or `unknown`.

    A report on a year before the form of 2019 has other sections, so all its outcomes are unknown.
    """
    if not _has_these_sections(extraction):
        return tuple(Finding(identity, "document", "unknown", "warning") for identity in IDENTITIES)
    seen = see(document).document
    headings = find_headings(seen)
    notes: dict[str, Sequence[str]] = {
        "structure.title": [] if _has_title(seen) else [""],
        "structure.section": [s.name for s in sections() if s not in {h.section for h in headings}],
        "structure.order": _order_notes(headings),
        "structure.empty": [h.section.name for h in headings if not _content(seen, headings, h)],
        "structure.table": [
            h.section.name for h in headings if h.section.has_table and _lacks_table(seen, headings, h)
        ],
        "structure.picture": _picture_notes(document, extraction),
        "structure.signature": [] if _has_signature(seen, headings, extraction) else [""],
    }
    return tuple(finding for identity in IDENTITIES for finding in _findings(identity, notes[identity]))


def _has_these_sections(extraction: Extraction) -> bool:
    """Return whether the report should have the sections: its year decides, without one its form."""
    return (extraction.year or forms()[extraction.form].first_year or 0) >= first_year()


def _findings(identity: str, notes: Sequence[str]) -> Iterator[Finding]:
    if not notes:
        yield Finding(identity, "document", "pass", "warning")
    for note in notes:
        yield Finding(identity, "document", "fail", "warning", note=note)


def _order_notes(headings: Sequence[Heading]) -> list[str]:
    """Return the printed order of sections, if a section has another number than its own or another place."""
    expected = [section.number for section in sections() if section in {h.section for h in headings}]
    printed = [heading.number or "-" for heading in headings]
    return [" ".join(printed)] if printed != expected else []


def _content(document: Document, headings: Sequence[Heading], heading: Heading) -> list[Paragraph | Grid]:
    """Return the blocks with text between a heading and the next one."""
    following = [h.position for h in headings if h.position > heading.position]
    blocks = document.blocks[heading.start : min(following, default=len(document.blocks))]
    own = document.blocks[heading.position]
    rest = own.text.split("\n")[1:] if isinstance(own, Paragraph) else []
    return [Paragraph(" ".join(rest))] * any(rest) + [b for b in blocks if isinstance(b, Grid) or b.text.strip()]


def _lacks_table(document: Document, headings: Sequence[Heading], heading: Heading) -> bool:
    grids = (block for block in _content(document, headings, heading) if isinstance(block, Grid))
    return not any(len(grid.cells) >= MIN_GRID_CELLS for grid in grids) and document.format != "text"


def _picture_notes(document: Document, extraction: Extraction) -> list[str]:
    """Return the pictures from which tables had to be read, 'scan' for a file that is one."""
    if extraction.format == "scan":
        return ["scan"]
    return [finding.note for finding in document.findings if finding.identity in PICTURES]


def _has_title(document: Document) -> bool:
    """Return whether a line of the report is a title with the body and the year."""
    lines = [document.title, *(p.text for p in document.paragraphs[:20])]
    titles = [title for line in lines if (title := parse_title(line))]
    joined = parse_title("".join("".join(p.text.split()) for p in document.paragraphs[:2]))
    return any(t.body and t.year for t in (*titles, *([joined] if joined else [])))


def _has_signature(document: Document, headings: Sequence[Heading], extraction: Extraction) -> bool:
    """Return whether the end of the report, or its head, has the body's name or a date in a line of its own."""
    last = document.paragraphs[-LAST_PARAGRAPHS:]
    start = headings[-1].position if headings else 0
    after = [b for b in document.blocks[start:] if isinstance(b, Paragraph)]
    lines = [
        line for p in (*last, *after) for line in p.text.split("\n") if 0 < len(line.strip()) <= MAX_SIGNATURE_CHARS
    ]
    names = [extraction.body] if extraction.body else []
    compact = [normalize("".join(line.split())) for line in lines]
    return any(
        _DATE.search(line) or line in names or any(line == name[-len(line) :] and len(line) > 3 for name in names)
        for line in compact
    )
