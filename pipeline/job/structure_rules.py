"""Audit the structure of a report: its six sections, their order and content, title, signature, readable tables.

The findings are of a kind of their own, `structure.*`: they say nothing about a number. `ogi check --structure` and
`ogi score` ask for them; a run does not. Source: the form's part 报告内容, see `reference/structure.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from pipeline.core.form import forms
from pipeline.core.model import Document, Extraction, Finding, Grid, Paragraph
from pipeline.core.paths import REFERENCE
from pipeline.core.text import normalize
from pipeline.extract.titles import parse_title
from pipeline.extract.visible import see

NUMERALS = "一二三四五六七八九十"
MAX_HEADING_CHARS = 45
MIN_GRID_CELLS = 6  # of a table; a smaller grid only arranges the page
LAST_PARAGRAPHS, MAX_SIGNATURE_CHARS = 12, 40
IDENTITIES = (
    "structure.title", "structure.section", "structure.order", "structure.empty", "structure.table",
    "structure.picture", "structure.signature",
)  # fmt: skip
PICTURES = frozenset({"extract.picture_read", "extract.scan", "extract.garbled"})
_NUMBERED = re.compile(rf"^(?P<number>[{NUMERALS}])[、.,:](?P<text>.+)$")
_SUBHEADING = re.compile(rf"^\([{NUMERALS}\d]+\)|^\d")
_DATE = re.compile(
    r"(?:20\d\d|二[〇○零O0一二三四五六七八九]{3})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日"
)


@dataclass(frozen=True)
class Section:
    """A section of the form: its number, its heading, and the words by which a heading is recognised."""

    number: str
    heading: str
    words: tuple[tuple[str, ...], ...]
    has_table: bool

    @property
    def name(self) -> str:
        """Number and heading, as the form prints them."""
        return f"{self.number}、{self.heading}"


@dataclass(frozen=True)
class Heading:
    """A heading of a report: the section, the place of its block, and the number that it prints, '' without one.

    `is_in_grid` means that the heading is the first line of a table, as some texts have it.
    """

    section: Section
    position: int
    number: str
    is_in_grid: bool = False

    @property
    def start(self) -> int:
        """The place of the first block of the section's content."""
        return self.position if self.is_in_grid else self.position + 1


@cache
def _rules() -> Mapping[str, Any]:
    rules: Mapping[str, Any] = yaml.safe_load((REFERENCE / "structure.yaml").read_text(encoding="utf-8"))
    return rules


@cache
def sections() -> tuple[Section, ...]:
    """Return the sections of a report in their order."""
    rules = _rules()
    return tuple(
        Section(s["number"], s["zh"], tuple(map(tuple, s["words"])), s["number"] in rules["tables"])
        for s in rules["sections"]
    )


def audit_structure(document: Document, extraction: Extraction) -> tuple[Finding, ...]:
    """Return the outcome of each audit: `fail` with a note that names what is meant, `pass`, or `unknown`.

    A report on a year before the form of 2019 has other sections, so all its outcomes are unknown.
    """
    if not _has_these_sections(extraction):
        return tuple(Finding(identity, "document", "unknown", "warning") for identity in IDENTITIES)
    seen = see(document).document
    headings = _find_headings(seen)
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
    first_year = int(_rules()["first_year"])
    return (extraction.year or forms()[extraction.form].first_year or 0) >= first_year


def _findings(identity: str, notes: Sequence[str]) -> Iterator[Finding]:
    if not notes:
        yield Finding(identity, "document", "pass", "warning")
    for note in notes:
        yield Finding(identity, "document", "fail", "warning", note=note)


def _find_headings(document: Document) -> list[Heading]:
    """Return the first heading of each section, in the order of the report.

    A heading with the right number counts before one with another number or none.
    """
    found: dict[Section, Heading] = {}
    for heading in _all_headings(document):
        if heading.section not in found or _is_better(heading, found[heading.section]):
            found[heading.section] = heading
    return sorted(found.values(), key=lambda heading: heading.position)


def _all_headings(document: Document) -> Iterator[Heading]:
    for position, block in enumerate(document.blocks):
        if isinstance(block, Grid):
            yield from _headings_of_grid(block, position)
        else:
            headings = (_parse_heading(line, position) for line in block.text.split("\n"))
            yield from (heading for heading in headings if heading)


def _headings_of_grid(grid: Grid, position: int) -> Iterator[Heading]:
    """Yield the heading with which the first cell of a table begins."""
    first = next((cell for cell in grid.cells if cell.text.strip()), None)
    compact = normalize("".join(first.text.split())) if first else ""
    for section in sections():
        if compact.startswith(normalize(section.name)):
            yield Heading(section, position, section.number, is_in_grid=True)


def _is_better(heading: Heading, other: Heading) -> bool:
    right = heading.section.number
    return heading.number == right and other.number != right


def _parse_heading(text: str, position: int) -> Heading | None:
    """Return the heading that a line is, None if it is none. A sentence is no heading."""
    compact = normalize("".join(text.split()))
    if not compact or len(compact) > MAX_HEADING_CHARS or re.search(r"[。;；!？?]|,", compact):
        return None
    if _SUBHEADING.match(compact):
        return None
    match = _NUMBERED.match(compact)
    number, words = (match["number"], match["text"]) if match else ("", compact)
    section = next((s for s in sections() if any(all(w in words for w in some) for some in s.words)), None)
    if section is None or (not number and not words.endswith(("情况", "事项", "问题"))):
        return None
    return (
        None
        if number and number != section.number and words not in section.heading
        else Heading(section, position, number)
    )


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
