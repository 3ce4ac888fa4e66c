"""Read the numbers that the prose of a kind of report gives: its phrases, and the context in which they count.

A word such as 政务新媒体 sets what the sentences after it speak of; which words set what is data of the kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.core.form import Form
from pipeline.core.kind import DOUBTFUL, Kind
from pipeline.core.model import PROSE_GRID, Cell, Finding, Paragraph, ProjectFault, ProseCell
from pipeline.core.text import normalize
from pipeline.extract.figures import list_offsets
from pipeline.extract.kind.carried import Carried
from pipeline.extract.kind.clauses import find_clauses
from pipeline.extract.kind.context import Memory
from pipeline.extract.kind.parts import keep_parts_of_totals
from pipeline.extract.kind.readings import Reading, read_paragraph
from pipeline.extract.kind.scope import Scope
from pipeline.extract.kind.sections import Sections, heading_of, level_of
from pipeline.extract.kind.unread import unread_clauses, unread_finding


def read_prose(paragraphs: Sequence[Paragraph], scope: Scope) -> tuple[list[ProseCell], list[Finding]]:
    """Return the cells that the prose fills, each once, and the findings about numbers.

    A clause that names another body or period counts something else. Where the prose gives two values for a cell, the
    first counts, with little confidence. Raises ProjectFault for a phrase that does not read its own example.
    """
    kind = scope.kind
    _check_examples(kind)
    cells: dict[str, ProseCell] = {}
    findings: list[Finding] = []
    texts = ["".join(normalize(paragraph.text).split()) for paragraph in paragraphs]
    unread: list[str] = []
    for number, readings in enumerate(_read_texts(texts, scope)):
        unread += unread_clauses(texts[number], readings, kind)
        offsets = list_offsets(paragraphs[number].text) if readings else []
        for reading in readings:
            cell = _make_cell(reading, paragraphs[number], number, offsets, kind.form)
            first = cells.setdefault(reading.address, cell)
            if first.value != cell.value:
                findings.append(conflict(first, cell.raw))
                cells[reading.address] = replace(first, confidence=DOUBTFUL)
    return list(cells.values()), [*dict.fromkeys(findings), *unread_finding(unread, kind)]


def conflict(first: Cell, other: str) -> Finding:
    """Return the finding about a cell for which the report prints another number too."""
    note = f"{first.raw} | {other}"
    return Finding("kind.conflict", first.address, "fail", "warning", cells=(first.address,), note=note)


def _read_texts(texts: Sequence[str], scope: Scope) -> Iterator[list[Reading]]:
    """Yield the readings of each normalised paragraph."""
    kind = scope.kind
    memory, sections, counted = Memory(kind.prose), Sections(), Carried()
    for text in texts:
        if heading := heading_of(text):
            sections.enter(level_of(heading), any(clause.is_other for clause in find_clauses(heading, scope)))
        clauses = find_clauses(text, scope, sections.is_other)
        readings, counted = keep_parts_of_totals(text, list(read_paragraph(text, kind, memory, clauses)), kind, counted)
        yield readings


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


@lru_cache(maxsize=64)
def _check_examples(kind: Kind) -> None:
    """Raise ProjectFault for a phrase that does not read the value of its example."""
    for phrase in kind.prose.phrases:
        example = "".join(normalize(phrase.example).split())
        readings = next(_read_texts([example], Scope(kind)))
        if phrase.value not in [r.value for r in readings] or not phrase.pattern.search(example):
            raise ProjectFault(
                "phrases.example", file=f"{kind.code}/phrases.csv", pattern=phrase.row, example=phrase.example
            )
