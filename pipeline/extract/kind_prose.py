"""Read the numbers that the prose of a kind of report gives: its phrases, and the context in which they count.

A word such as 政务新媒体 sets what the sentences after it speak of; which words set what is data of the kind. Where two
phrases read one number, the upper line of `phrases.csv` wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipeline.core.form import Form
from pipeline.core.kind import DOUBTFUL, Kind, PhraseLine
from pipeline.core.model import PROSE_GRID, Finding, Paragraph, ProjectFault, ProseCell
from pipeline.core.text import fits, normalize
from pipeline.extract.figure_phrases import parse_number
from pipeline.extract.figures import MAX_SENTENCE_CHARS, list_offsets
from pipeline.extract.kind_clauses import Clause, Period, find_clauses, is_skipped
from pipeline.extract.kind_context import Event, State, context_events, forget, spent, state_at

_SENTENCE = re.compile("[^。;!?]+")
_COUNTED = re.compile(
    r"\d+(?:\.\d+)?(?:家|个(?!百分点|月|小时|工作日)|%)|百分之[零一二三四五六七八九十点百]+|"
    "[一二两三四五六七八九十百千]+家(?!号)|[一二两三四五六七八九十百千]{2,}个(?!月|小时|工作日)"
)
MAX_NOTED = 8


@dataclass(frozen=True)
class Reading:
    """A number read in a paragraph: its address, value and offsets in the text without spaces."""

    address: str
    value: Decimal
    approximate: bool
    start: int
    end: int


class Sentence(NamedTuple):
    """A sentence with its offset in the paragraph, and the clauses of the paragraph."""

    text: str
    start: int
    clauses: Sequence[Clause]


def read_prose(
    paragraphs: Sequence[Paragraph], kind: Kind, period: Period = (None, 0), body: str | None = None
) -> tuple[list[ProseCell], list[Finding]]:
    """Return the cells that the prose fills, each once, and the findings about numbers.

    `period` is the year and quarter of the report, and `body` its body: a clause that names others counts something
    else. Where the prose gives two values for a cell, the first counts, with little confidence. Raises ProjectFault for
    a phrase that does not read its own example.
    """
    _check_examples(kind)
    cells: dict[str, ProseCell] = {}
    findings: list[Finding] = []
    state, unread = dict(kind.prose.defaults), list[str]()
    for number, paragraph in enumerate(paragraphs):
        text = "".join(normalize(paragraph.text).split())
        readings = list(_read_paragraph(text, kind, state, find_clauses(text, body, period)))
        unread += _unread_clauses(text, readings, kind)
        offsets = list_offsets(paragraph.text) if readings else []
        for reading in readings:
            cell = _make_cell(reading, paragraph, number, offsets, kind.form)
            first = cells.setdefault(reading.address, cell)
            if first.value != cell.value:
                note = f"{first.raw} | {cell.raw}"
                findings.append(
                    Finding("kind.conflict", cell.address, "fail", "warning", cells=(cell.address,), note=note)
                )
                cells[reading.address] = replace(first, confidence=DOUBTFUL)
    if unread:
        note = "; ".join(unread[:MAX_NOTED]) + (f"; … (×{len(unread)})" if len(unread) > MAX_NOTED else "")
        findings.append(Finding("kind.unread", "document", "fail", "warning", note=note))
    return list(cells.values()), findings


def _make_cell(reading: Reading, paragraph: Paragraph, number: int, offsets: Sequence[int], form: Form) -> ProseCell:
    """Return a reading as a cell with its text and offsets as printed."""
    first, last = offsets[reading.start], offsets[reading.end - 1] + 1
    table, row, column = reading.address.split("/")
    unit = form.tables[table].units[row, column]
    place = (paragraph.page, PROSE_GRID, number, 0)
    confidence = DOUBTFUL if reading.approximate else 1.0
    kind = "number" if reading.value else "zero"
    raw = paragraph.text[first:last]
    return ProseCell(table, row, column, raw, reading.value, kind, unit, *place, confidence, first, last)  # type: ignore[arg-type]


def _read_paragraph(text: str, kind: Kind, state: dict[str, str], clauses: Sequence[Clause]) -> Iterator[Reading]:
    """Yield the readings of a normalised paragraph without spaces; `state` is changed to that at its end."""
    forget(state, kind.prose, "paragraph")
    for span in _SENTENCE.finditer(text):
        sentence = Sentence(span.group()[:MAX_SENTENCE_CHARS], span.start(), clauses)
        events = list(context_events(sentence.text, kind.prose))
        if events:
            forget(state, kind.prose, "sentence")
        yield from _read_sentence(sentence, kind, state, events)
        for _, sets in events:
            state.update(sets)


def _read_sentence(sentence: Sentence, kind: Kind, state: State, events: list[Event]) -> Iterator[Reading]:
    """Yield the readings of a sentence in its order, each number once.

    A dimension that names the row of a number, such as the platform, is spent after its clause: `events` gets its
    default there, so that a later number is not taken for that of the same platform.
    """
    taken: list[tuple[int, int]] = []
    readings: list[Reading] = []
    for phrase in kind.prose.phrases:
        for match in phrase.pattern.finditer(sentence.text):
            span = match.span("n") if "n" in match.groupdict() and match["n"] else match.span()
            context = state_at(match.end(), state, events)
            is_taken = any(span[0] < end and start < span[1] for start, end in taken)
            if is_taken or not _counts(phrase, kind, sentence, span[0], context, bool(events)):
                continue
            reading = _reading(phrase, match, sentence, context, kind.form)
            if reading:
                taken.append(span)
                readings.append(reading)
                events += list(spent(phrase, sentence.text, match.end(), kind.prose, events))
                events.sort(key=lambda event: event[0])
    yield from sorted(readings, key=lambda reading: reading.start)


def _counts(
    phrase: PhraseLine, kind: Kind, sentence: Sentence, position: int, context: State, has_events: bool
) -> bool:
    """Return whether a match of a phrase is a number of the report.

    A phrase without a number means zero. It says so only of something that its own sentence names, and not if the
    sentence makes an exception.
    """
    is_zero = "n" not in phrase.pattern.groupindex
    if is_zero and (not has_events or (kind.prose.no_zero and kind.prose.no_zero.search(sentence.text))):
        return False
    if any(context.get(name) == value for name, value in kind.prose.skipped_when.items()):
        return False
    place = sentence.start + position
    clause = next((clause for clause in sentence.clauses if clause.start <= place < clause.end), None)
    return _holds(phrase, context) and not (clause and is_skipped(clause, place, kind))


def _holds(phrase: PhraseLine, context: State) -> bool:
    return all(context.get(name, "") in values for name, values in phrase.when.items())


def _reading(
    phrase: PhraseLine, match: re.Match[str], sentence: Sentence, context: State, form: Form
) -> Reading | None:
    """Return what a match reads; None if its cell is not on the form, or its number cannot be stored."""
    row, column = (re.sub(r"\{(\w+)\}", lambda m: context.get(m[1], ""), text) for text in (phrase.row, phrase.column))
    printed = match.groupdict().get("n") or ""
    value, approximate = parse_number(printed, sentence.text[match.end("n") :][:8]) if printed else (Decimal(0), False)
    tables = [table for table in form.tables.values() if (row, column) in table.units]
    if not tables or not fits(value):
        return None
    # The cell's text is the number alone, so that the places of a rate are those that are printed.
    start, end = match.span("n") if printed else match.span()
    place = (sentence.start + start, sentence.start + end)
    return Reading(f"{tables[0].code}/{row}/{column}", value, approximate, *place)


def _unread_clauses(text: str, readings: Sequence[Reading], kind: Kind) -> Iterator[str]:
    """Yield the clauses with a counted number that nothing read, if the paragraph has a word of the kind's context."""
    if not readings and not any(context.words.search(text) for context in kind.prose.contexts):
        return
    for match in _COUNTED.finditer(text):
        if not any(match.start() < r.end and r.start < match.end() for r in readings):
            start = max((m.end() for m in re.finditer("[,。;:]", text[: match.start()])), default=0)
            yield text[start : match.end()]


@lru_cache(maxsize=64)
def _check_examples(kind: Kind) -> None:
    """Raise ProjectFault for a phrase that does not read the value of its example."""
    for phrase in kind.prose.phrases:
        example = "".join(normalize(phrase.example).split())
        readings = list(
            _read_paragraph(example, kind, dict(kind.prose.defaults), find_clauses(example, None, (None, 0)))
        )
        if phrase.value not in [r.value for r in readings] or not phrase.pattern.search(example):
            raise ProjectFault(
                "phrases.example", file=f"{kind.code}/phrases.csv", pattern=phrase.row, example=phrase.example
            )
