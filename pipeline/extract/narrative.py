"""Figures that only the prose gives. What to look for is a line of `phrases.csv`: a row of the `narrative` table, the
scope it has, a pattern, the words before it that make it a part only, and an example that the line must read.

In a pattern `{n}` is the figure, `{x}` another number, `{sign}` a word for more or less; no `{n}` means zero.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pipeline.form import forms
from pipeline.model import Figure, Paragraph, ProjectFault
from pipeline.paths import REFERENCE
from pipeline.text import LARGEST, NUMBER, PLACES, normalize, parse_prose

# Longer runs are no prose of a report; a bound keeps the patterns' time linear in the file.
LONGEST_SENTENCE = 2000
_SIGN = "(?P<up>增长|增加|上升|提高|提升)?(?P<down>减少|下降|降低)?了?"
_YEAR = re.compile(r"(20\d\d)年")
_END = re.compile(r"[。;!?]")


@dataclass(frozen=True)
class Phrase:
    """A line of `phrases.csv`."""

    row: str
    scope: str
    pattern: re.Pattern[str]
    part_if: re.Pattern[str] | None
    example: str
    value: Decimal


@cache
def phrases() -> tuple[Phrase, ...]:
    """The phrases. Raises ProjectFault for a line whose pattern is broken or does not read its own example."""
    with (REFERENCE / "phrases.csv").open(encoding="utf-8", newline="") as file:
        found = tuple(_phrase(line) for line in csv.DictReader(file))
    rows = next(iter(forms().values())).tables["narrative"].rows
    for phrase in found:
        if phrase.row not in rows:
            raise ProjectFault(f"phrases.csv: the forms have no prose figure {phrase.row!r}")
        example = _squeeze(phrase.example)[0]
        if [value for value, *_ in _of_sentence(phrase, example, 0, len(example), None)] != [phrase.value]:
            raise ProjectFault(f"phrases.csv: {phrase.row}: the pattern does not read its example {phrase.example!r}")
    return found


def figures(paragraphs: Sequence[Paragraph], year: int | None) -> tuple[Figure, ...]:
    """The figures of the prose in reading order; one of another year or of a part is kept, and its `scope` says so."""
    found = [f for number, p in enumerate(paragraphs) for f in _of_paragraph(p, number, year)]
    return tuple(dict.fromkeys(sorted(found, key=lambda f: (f.paragraph, f.start, f.row))))


def _of_paragraph(paragraph: Paragraph, number: int, year: int | None) -> Iterator[Figure]:
    text, places = _squeeze(paragraph.text)
    start = 0
    for end in [*(m.start() for m in _END.finditer(text)), len(text)]:
        for phrase in phrases() if end - start <= LONGEST_SENTENCE else ():
            for value, about, scope, a, b in _of_sentence(phrase, text, start, end, year):
                first, last = places[a], places[b - 1] + 1
                raw = paragraph.text[first:last]
                yield Figure(phrase.row, raw, paragraph.page, number, first, last, value, about, scope)
        start = end + 1


def _of_sentence(
    phrase: Phrase, text: str, start: int, end: int, year: int | None
) -> Iterator[tuple[Decimal, bool, str, int, int]]:
    """(value, approximate, scope, start, end) of each match of a phrase in text[start:end]."""
    for match in phrase.pattern.finditer(text, start, end):
        groups = match.groupdict()
        value, about = parse_prose(groups["n"]) if groups.get("n") else (Decimal(0), False)
        if abs(value) >= LARGEST or value != round(value, PLACES):
            continue
        if groups.get("down"):
            value = -value
        before = text[start : match.start()]
        yield value, about, _scope(phrase, before, year), match.start(), match.end()


def _scope(phrase: Phrase, before: str, year: int | None) -> str:
    years = _YEAR.findall(before)
    if year and years and int(years[-1]) != year:
        return "other_year"
    return "part" if phrase.part_if and phrase.part_if.search(before) else phrase.scope


def _squeeze(text: str) -> tuple[str, list[int]]:
    """The text normalised and without spaces, and where each of its characters stood."""
    whole = normalize(text)
    if len(whole) == len(text):  # as nearly always; then every character stands where it stood
        pairs = [(c, i) for i, c in enumerate(whole) if not c.isspace()]
        return "".join(c for c, _ in pairs), [i for _, i in pairs]
    pairs = [(n, i) for i, c in enumerate(text) if not c.isspace() for n in normalize(c)]
    return "".join(n for n, _ in pairs), [i for _, i in pairs]


def _phrase(line: dict[str, str]) -> Phrase:
    pattern = (
        line["pattern"].replace("{n}", f"(?P<n>{NUMBER})").replace("{x}", f"(?:{NUMBER})").replace("{sign}", _SIGN)
    )
    try:
        part = re.compile(line["part_if"]) if line["part_if"] else None
        return Phrase(line["row"], line["scope"], re.compile(pattern), part, line["example"], Decimal(line["value"]))
    except re.error as error:
        raise ProjectFault(f"phrases.csv: {line['row']}: {error}") from error
