"""Read the numbers of one paragraph by the phrases of a kind, in the context in which they count."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from pipeline.core.form import Form
from pipeline.core.kind import Kind, PhraseLine
from pipeline.core.text import fits
from pipeline.extract.figure_phrases import parse_number
from pipeline.extract.figures import MAX_SENTENCE_CHARS
from pipeline.extract.kind.clauses import Clause, is_skipped
from pipeline.extract.kind.context import Event, Memory, State, context_events, spent, state_at
from pipeline.extract.kind.sections import heading_of

SENTENCE = re.compile("[^。;!?]+")


@dataclass(frozen=True)
class Reading:
    """A number read in a paragraph: its address, value and offsets in the text without spaces.

    `is_zero` is true for words that say that there is none.
    """

    address: str
    value: Decimal
    approximate: bool
    start: int
    end: int
    is_zero: bool = False


class Sentence(NamedTuple):
    """A sentence with its offset in the paragraph, and the clauses of the paragraph."""

    text: str
    start: int
    clauses: Sequence[Clause]


def read_paragraph(text: str, kind: Kind, memory: Memory, clauses: Sequence[Clause]) -> Iterator[Reading]:
    """Yield the readings of a normalised paragraph without spaces; `memory` is changed to the context at its end.

    Where two phrases read one number, the upper line of `phrases.csv` wins. Lines with the same pattern read it both:
    合格率均为100%.
    """
    is_headed = bool(heading_of(text))
    memory.begin_paragraph(text, is_headed)
    for span in SENTENCE.finditer(text):
        sentence = Sentence(span.group()[:MAX_SENTENCE_CHARS], span.start(), clauses)
        events = list(context_events(sentence.text, kind.prose))
        memory.begin_sentence(sentence.text, bool(events), is_part=text[span.start() - 1 : span.start()] == ";")
        yield from _read_sentence(sentence, kind, memory.state, events)
        for _, sets in events:
            memory.state.update(sets)
        if is_headed and not span.start():
            memory.hold()


def _read_sentence(sentence: Sentence, kind: Kind, state: State, events: list[Event]) -> Iterator[Reading]:
    """Yield the readings of a sentence in its order, each number once; twice if two lines have the same pattern.

    A dimension that names the row of a number, such as the platform, is spent after its clause: `events` gets its
    default there, so that a later number is not taken for that of the same platform.
    """
    taken: list[tuple[int, int, re.Pattern[str]]] = []
    readings: list[Reading] = []
    for phrase in kind.prose.phrases:
        for match in phrase.pattern.finditer(sentence.text):
            span = match.span("n") if "n" in match.groupdict() and match["n"] else match.span()
            context = state_at(match.end(), state, events)
            is_taken = any(span[0] < end and start < span[1] and phrase.pattern != by for start, end, by in taken)
            if is_taken or not _counts(phrase, kind, sentence, span[0], context, events):
                continue
            reading = _reading(phrase, match, sentence, context, kind.form)
            if reading:
                taken.append((*span, phrase.pattern))
                readings.append(reading)
                events += list(spent(phrase, sentence.text, match.end(), kind.prose, events))
                events.sort(key=lambda event: event[0])
    yield from sorted(readings, key=lambda reading: reading.start)


def _counts(
    phrase: PhraseLine, kind: Kind, sentence: Sentence, position: int, context: State, events: Sequence[Event]
) -> bool:
    """Return whether a match of a phrase is a number of the report."""
    if not phrase.has_number and not _is_whole(phrase, kind, sentence.text, events):
        return False
    if any(context.get(name) == value for name, value in kind.prose.skipped_when.items()):
        return False
    if not _holds(phrase, context):
        return False
    place = sentence.start + position
    clause = sentence.clauses[bisect_right(sentence.clauses, place, key=lambda clause: clause.start) - 1]
    return not (place < clause.end and is_skipped(clause, place, kind))


def _is_whole(phrase: PhraseLine, kind: Kind, text: str, events: Sequence[Event]) -> bool:
    """Return whether a phrase without a number says of everything that there is none.

    Its sentence names what it is about, makes no exception, and does not speak of a part.
    """
    named = [(name, value) for _, sets in events for name, value in sets.items()]
    is_part = any(value and phrase.when.get(name) == frozenset({""}) for name, value in named)
    whole = kind.prose.listed.sub("", text) if kind.prose.listed else text
    return bool(named) and not is_part and not (kind.prose.no_zero and kind.prose.no_zero.search(whole))


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
    return Reading(f"{tables[0].code}/{row}/{column}", value, approximate, *place, is_zero=not printed)
