"""Figures that only the prose gives: what phrases read in its sentences, and what the words around say it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.core.model import Figure, Paragraph
from pipeline.core.text import normalize
from pipeline.extract.narrative_bodies import whose
from pipeline.extract.narrative_phrases import Reading, phrases, readings
from pipeline.extract.narrative_scope import scopes
from pipeline.extract.narrative_split import Said, with_splits

__all__ = ["figures", "phrases"]

# Longer runs are no prose of a report; a bound keeps the patterns' time linear in the file.
LONGEST_SENTENCE = 2000
_SENTENCE = re.compile(r"[^。;!?]+")
_MATTERS = re.compile(
    "申请|复议|诉讼|留言|咨询|来信|信访|提案|议案|投诉|举报|诉求|工单|热线|信箱|邮件|案件|许可|舆情|建议"
)
_NEAR = 200


def figures(paragraphs: Sequence[Paragraph], year: int | None, body: str | None = None) -> tuple[Figure, ...]:
    """The figures of the prose in reading order; `scope` says which are not the report's own total of its year.

    `body` is whose report it is, by which figures of other bodies are told.
    """
    found: list[Figure] = []
    before, said_before = "", list[Said]()
    for number, paragraph in enumerate(paragraphs):
        text = "".join(normalize(paragraph.text).split())
        said = with_splits(text, list(_said(text, year, body)), before, said_before)
        if said:
            places = _places(paragraph.text)
            found += [_figure(s, paragraph, number, places) for s in said]
        if text:
            before, said_before = text, said
    return tuple(dict.fromkeys(sorted(found, key=lambda f: (f.paragraph, f.start, f.row))))


def _figure(said: Said, paragraph: Paragraph, number: int, places: Sequence[int]) -> Figure:
    first, last = places[said.start], places[said.end - 1] + 1
    raw = paragraph.text[first:last]
    return Figure(
        said.row, raw, paragraph.page, number, first, last, said.value, said.approximate, said.scope, said.whose
    )


def _said(text: str, year: int | None, body: str | None) -> Iterator[Said]:
    """The figures of a paragraph without spaces."""
    seen: set[str] = set()
    for span in _SENTENCE.finditer(text):
        sentence = span.group()
        found = readings(sentence) if len(sentence) <= LONGEST_SENTENCE else []
        for reading, scope in zip(found, scopes(sentence, found, year, seen) if found else (), strict=True):
            near = text[max(0, span.start() + reading.start - _NEAR) : span.start() + reading.start]
            settled, name = _settled(reading, scope, near, sentence[: reading.start], body)
            yield _placed(reading, settled, name, sentence, span.start())


def _placed(reading: Reading, scope: str, name: str, sentence: str, at: int) -> Said:
    """What was read in a sentence that begins at `at`, with its place in the paragraph."""
    unit = sentence[reading.last : reading.last + 1]
    start, end = at + reading.start, at + reading.end
    return Said(reading.row, reading.value, reading.approximate, scope, name, start, end, unit)


def _settled(reading: Reading, scope: str, near: str, before: str, body: str | None) -> tuple[str, str]:
    """The scope of a figure and the body it is of: by the words around it, else by its subject, else its phrase's."""
    matter = _matter(reading, near)
    if scope or matter:
        named = whose(before, body)[1] if scope == "part" else ""
        return scope or matter, named
    scope, name = whose(before, body)
    return scope or reading.scope, name if scope == "part" else ""


def _matter(reading: Reading, near: str) -> str:
    """The scope of 办结11件, 上年结转2件: of applications only if the last matter spoken of is these."""
    if not reading.row.startswith("applications.") or "申请" in reading.printed:
        return ""
    matters = _MATTERS.findall(near)
    if not matters:
        return "" if reading.row.startswith("applications.carried") else "uncertain"
    return "" if matters[-1] == "申请" else "part"


def _places(text: str) -> list[int]:
    """Where each character of the normalised text without spaces stands in the text as printed."""
    whole = normalize(text)
    if len(whole) == len(text):  # as nearly always; then every character stands where it stood
        return [i for i, c in enumerate(whole) if not c.isspace()]
    return [i for i, c in enumerate(text) if not c.isspace() for n in normalize(c) if not n.isspace()]
