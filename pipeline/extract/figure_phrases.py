"""Match the phrases by which the prose gives its figures: the lines of `phrases.csv`.

A line has a row of the `narrative` table and the scope that its figure has unless the context gives another. It has a
pattern, and a word that the sentence must contain, so that the pattern is tried only where it can match. It also has an
example, and the value that the pattern must read in it. Where two lines read one number, the upper one wins.

In a pattern `{n}` is the figure and `{x}` any other number; a pattern without `{n}` means zero. The other placeholders
are those of `core.phrase_placeholders`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pipeline.core.form import forms
from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE
from pipeline.core.phrase_placeholders import fill_placeholders
from pipeline.core.text import fits, normalize, parse_prose


@dataclass(frozen=True)
class Phrase:
    """A line of `phrases.csv`. `required_word` is its column `about`."""

    row: str
    scope: str
    required_word: str
    pattern: re.Pattern[str]
    example: str
    value: Decimal


@dataclass(frozen=True)
class PhraseMatch:
    """A phrase matched in a sentence, with the number it reads; offsets are the sentence's.

    The number lies from `number_start` to `number_end`; both equal `end` where the phrase means zero. `base_year` is
    the year with which a growth is compared, None if it is not named. `text` is the matched text.
    """

    row: str
    scope: str
    phrase: Phrase
    value: Decimal
    approximate: bool
    start: int
    end: int
    number_start: int
    number_end: int
    base_year: int | None
    text: str


@cache
def load_phrases() -> tuple[Phrase, ...]:
    """Return the phrases of `phrases.csv`. Raises ProjectFault as `parse_phrases` does."""
    with (REFERENCE / "phrases.csv").open(encoding="utf-8", newline="") as file:
        return parse_phrases(list(csv.DictReader(file)))


def parse_phrases(lines: Sequence[Mapping[str, str]]) -> tuple[Phrase, ...]:
    """Return lines of `phrases.csv` as phrases.

    Raises ProjectFault for an unknown row, a broken pattern, or a pattern that does not read its own example.
    """
    phrases = tuple(_parse_phrase(line) for line in lines)
    rows = next(iter(forms().values())).tables["narrative"].rows
    for phrase in phrases:
        if phrase.row not in rows:
            raise ProjectFault("phrases.row", row=phrase.row)
        example = "".join(normalize(phrase.example).split())
        values = [match.value for match in match_phrase(phrase, example)]
        if phrase.required_word not in example or values != [phrase.value]:
            raise ProjectFault("phrases.example", file="phrases.csv", pattern=phrase.row, example=phrase.example)
    return phrases


def _parse_phrase(line: Mapping[str, str]) -> Phrase:
    """Return a line as a phrase, its placeholders filled in. Raises ProjectFault for a broken pattern."""
    try:
        compiled_pattern = re.compile(fill_placeholders(line["pattern"]))
    except re.error as error:
        raise ProjectFault("phrases.pattern", file="phrases.csv", pattern=line["row"], error=error) from error
    return Phrase(line["row"], line["scope"], line["about"], compiled_pattern, line["example"], Decimal(line["value"]))


# A sentence without a number or a negation gives no figure.
_FIGURE_HINT = re.compile(r"\d|未|没有|无|零|[一二两三四五六七八九十百千][万余多]?[件条起宗例份次场期班个家人名]")


@cache
def _group_phrases_by_word() -> dict[str, tuple[tuple[int, Phrase], ...]]:
    """Return the phrases with their 0-based places in the file, by the word that a sentence must contain."""
    numbered_phrases = list(enumerate(load_phrases()))
    words = dict.fromkeys(phrase.required_word for phrase in load_phrases())
    return {word: tuple(pair for pair in numbered_phrases if pair[1].required_word == word) for word in words}


def match_phrases(sentence: str) -> list[PhraseMatch]:
    """Return the matches of all phrases in a sentence, in its order.

    Each number is read once. Two phrases with one pattern may read it for two rows (行政复议、行政诉讼各1件).
    """
    if not _FIGURE_HINT.search(sentence):
        return []
    matches: list[PhraseMatch] = []
    candidates = sorted(
        (pair for word, pairs in _group_phrases_by_word().items() if word in sentence for pair in pairs),
        key=lambda pair: pair[0],
    )
    for _, phrase in candidates:
        matches += [
            m
            for m in match_phrase(phrase, sentence)
            if not any(_is_same_reading(m, earlier_match) for earlier_match in matches)
        ]
    return sorted(matches, key=lambda m: (m.start, m.row))


def _is_same_reading(match: PhraseMatch, earlier_match: PhraseMatch) -> bool:
    """Return whether two matches overlap in one row, or read one number by different patterns."""
    if match.row == earlier_match.row:
        return match.start < earlier_match.end and earlier_match.start < match.end
    has_same_number = match.number_start < match.number_end and match.number_start == earlier_match.number_start
    return has_same_number and match.phrase.pattern != earlier_match.phrase.pattern


def match_phrase(phrase: Phrase, sentence: str) -> Iterator[PhraseMatch]:
    """Yield the matches of one phrase in a sentence; a number too large to be stored is skipped."""
    for match in phrase.pattern.finditer(sentence):
        groups = match.groupdict()
        printed_number = groups.get("n") or ""
        value, approximate = parse_number(printed_number, sentence[match.end("n") :][:8] if printed_number else "")
        if not fits(value):
            continue
        value = -value if groups.get("down") else value
        first, last = match.span("n") if printed_number else (match.end(), match.end())
        base_year = int(groups["base_year"]) if groups.get("base_year") else None
        offsets = (match.start(), match.end(), first, last)
        yield PhraseMatch(phrase.row, phrase.scope, phrase, value, approximate, *offsets, base_year, match.group())


_APPROXIMATE_SUFFIX = re.compile(r"^[^\d,、]{0,3}?(?:左右|上下|以上|以下|以内|不等)")


def parse_number(printed_number: str, text_after: str) -> tuple[Decimal, bool]:
    """Return the value of a printed number (0 for '') and whether it is approximate.

    A number is also approximate if 左右 or 以上 follows it, or if its digits before 万 or 亿 are rounded (18.5万).
    """
    if not printed_number:
        return Decimal(0), False
    value, approximate = parse_prose(printed_number)
    decimals = -int(value.normalize().as_tuple().exponent)
    is_rounded = "亿" in printed_number or (
        "万" in printed_number and len(printed_number.partition("万")[0].partition(".")[2]) < 4
    )
    return value, approximate or (is_rounded and decimals < 0) or bool(_APPROXIMATE_SUFFIX.match(text_after))
