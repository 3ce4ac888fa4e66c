"""The sections of a report: their rules (`reference/structure.yaml`), and their headings in a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from pipeline.core.model import Document, Grid
from pipeline.core.paths import REFERENCE
from pipeline.core.text import normalize

NUMERALS = "一二三四五六七八九十"
MAX_HEADING_CHARS = 45
_NUMBERED = re.compile(rf"^(?P<number>[{NUMERALS}])[、.,:](?P<text>.+)$")
_SUBHEADING = re.compile(rf"^\([{NUMERALS}\d]+\)|^\d")


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


def first_year() -> int:
    """Return the first report year whose reports have these sections."""
    return int(_rules()["first_year"])


@cache
def sections() -> tuple[Section, ...]:
    """Return the sections of a report in their order."""
    rules = _rules()
    return tuple(
        Section(s["number"], s["zh"], tuple(map(tuple, s["words"])), s["number"] in rules["tables"])
        for s in rules["sections"]
    )


def find_headings(document: Document) -> list[Heading]:
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
