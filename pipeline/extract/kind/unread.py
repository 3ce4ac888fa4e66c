"""Name the counted numbers of the prose that nothing read, and words for zero that were not taken for it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pipeline.core.kind import Kind
from pipeline.core.model import Finding
from pipeline.extract.kind.readings import SENTENCE, Reading

MAX_NOTED = 40
MAX_CLAUSE_CHARS = 60  # before a number
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_OTHER_COUNTS = (
    r"\d+(?=\((?:家|个)\))|百分之[零一二三四五六七八九十百点\d.]+|[一二两三四五六七八九十百千]+家(?!号)|"
    "[一二两三四五六七八九十百千]{2,}个(?!月|小时|工作日)|"
    r"(?<![件表第图])(?<=[一-龥:])\d+(?=[、。;)]|,(?!\d{3})|$)"
)
_CLAUSE_START = re.compile("[,。;:]")


@lru_cache(maxsize=16)
def counted(kind: Kind) -> re.Pattern[str]:
    """Return the pattern of a number that may count: with a unit of the kind's tables, or with none."""
    units = {unit for table in kind.form.tables.values() for unit in table.units.values()}
    words = "|".join(sorted(map(re.escape, units), key=lambda unit: (-len(unit), unit)))
    return re.compile(rf"{_NUMBER}[万亿]?(?:{words})(?!百分点|月|小时|工作日)|{_NUMBER}%|{_OTHER_COUNTS}")


def unread_clauses(text: str, readings: Sequence[Reading], kind: Kind) -> Iterator[str]:
    """Yield the clauses of a paragraph with a counted number that nothing read, up to the number."""
    starts = [0, *(match.end() for match in _CLAUSE_START.finditer(text))]
    read = {place for reading in readings for place in range(reading.start, reading.end)}
    end = 0  # of the last one
    matches = [*counted(kind).finditer(text), *_words_for_zero(text, readings, kind)]
    for match in sorted(matches, key=re.Match.span):
        if match.start() >= end and read.isdisjoint(range(*match.span())):
            start = max(starts[bisect_right(starts, match.start()) - 1], min(end, match.start()))
            cut = max(start, match.start() - MAX_CLAUSE_CHARS)
            yield ("…" if cut > start else "") + text[cut : match.end()].lstrip("、")
            end = match.end()


def _words_for_zero(text: str, readings: Sequence[Reading], kind: Kind) -> Iterator[re.Match[str]]:
    """Yield the words that say that there is none, of sentences that give no number of that measure.

    In 除1家不合格外，其余40家均合格 the words are on the others, and nothing is left unread.
    """
    for sentence in SENTENCE.finditer(text):
        own = (reading for reading in readings if sentence.start() <= reading.start < sentence.end())
        given = {_measure(reading.address.split("/")[1]) for reading in own}
        for phrase in kind.prose.phrases:
            if not phrase.has_number and _measure(phrase.row) not in given:
                yield from phrase.pattern.finditer(text, *sentence.span())


def _measure(row: str) -> str:
    """Return the last word of a row: `failed` of `sites.failed` or `{topic}.failed`."""
    return row.rpartition(".")[2]


def unread_finding(clauses: Sequence[str], kind: Kind) -> list[Finding]:
    """Return the finding that names the clauses, those with words of the kind's context first; [] for none."""
    words = [context.words for context in kind.prose.contexts]
    ordered = sorted(dict.fromkeys(clauses), key=lambda clause: not any(word.search(clause) for word in words))
    more = f"; … (×{len(ordered)})" if len(ordered) > MAX_NOTED else ""
    note = "; ".join(ordered[:MAX_NOTED]) + more
    return [Finding("kind.unread", "document", "fail", "warning", note=note)] if ordered else []
