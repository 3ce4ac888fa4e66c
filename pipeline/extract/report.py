"""From a Document to an Extraction: which form it is on, whose report it is, and all its cells and figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.core.form import Form, forms
from pipeline.core.model import DOUBTFUL, Cell, DataFault, Document, Extraction, Finding, Grid
from pipeline.core.text import fold
from pipeline.extract.grid import take
from pipeline.extract.labels import index_of
from pipeline.extract.narrative import figures
from pipeline.extract.who import recognise
from pipeline.registry.load import Register

FEWEST_LABELS = 5
# As `ogi simulate` marks its documents; the bare word may stand in a real report (模拟演练).
_SIMULATED = re.compile("[（(]模拟[）)]|模拟数据")


def extract(document: Document, register: Register, path: Path | None = None) -> Extraction:
    """Everything the report says; `path` is one more hint whose it is. Raises DataFault without a statutory table."""
    form = recognise_form(document)
    cells, findings = _cells(document.grids, form)
    who = recognise(document, register, path)
    found = figures(document.paragraphs, who.year, who.body)
    findings += who.questions if path is not None else ()
    return Extraction(
        document.format, document.reader, who.body, who.year, form.code, tuple(cells), found, tuple(findings),
        titled=who.titled, simulated=_calls_itself_simulated(document),
    )  # fmt: skip


def _calls_itself_simulated(document: Document) -> bool:
    return any(_SIMULATED.search(head) for head in (document.title, *(p.text for p in document.paragraphs[:3])))


def recognise_form(document: Document) -> Form:
    """The form whose labels the tables print most; the tables' own words count, not the year."""
    texts = {fold(cell.text) for grid in document.grids for cell in grid.cells if len(cell.text) < 120}
    hits = {code: len(texts & index_of(code).known) for code in forms()}
    best = max(hits, key=lambda code: (hits[code], code))
    if hits[best] < FEWEST_LABELS:
        raise DataFault("extract.no_table", grids=len(document.grids))
    return forms()[best]


def _cells(grids: Sequence[Grid], form: Form) -> tuple[list[Cell], list[Finding]]:
    index = index_of(form.code)
    taken = [take(grid, number, form, index) for number, grid in enumerate(grids)]
    cells: dict[str, Cell] = {}
    findings = [f for t in taken for f in t.findings]
    for cell in (c for t in taken for c in t.cells):
        kept = cells.setdefault(cell.address, cell)
        if kept is not cell and fold(kept.raw) != fold(cell.raw):
            findings.append(_twice(kept, cell))
    findings += [_not_a_number(c) for c in cells.values() if c.kind == "text"]
    findings += [*_missing(form, set(cells)), *_doubtful(form, list(cells.values()))]
    return list(cells.values()), findings


def _twice(kept: Cell, other: Cell) -> Finding:
    note = f"{kept.raw} | {other.raw}"
    return Finding("extract.twice", kept.address, "fail", "error", kept.value, other.value, (kept.address,), note)


def _not_a_number(cell: Cell) -> Finding:
    return Finding("extract.text", cell.address, "fail", "error", cells=(cell.address,), note=cell.raw)


def _missing(form: Form, found: set[str]) -> Iterable[Finding]:
    """One finding a table for the cells that the form has and the report has not."""
    for table in form.printed:
        absent = tuple(a for a in form.addresses([table]) if a not in found)
        if absent:
            note = f"{len(absent)}/{len(table.cells)}"
            yield Finding("extract.missing", table.code, "fail", "error", cells=absent, note=note)


def _doubtful(form: Form, cells: Sequence[Cell]) -> Iterable[Finding]:
    """One finding a table for the cells that were read or placed with doubt."""
    for table in form.printed:
        found = [c.address for c in cells if c.table == table.code and c.confidence < DOUBTFUL]
        if found:
            note = f"{len(found)}/{len(table.cells)}"
            yield Finding("extract.doubtful", table.code, "fail", "warning", cells=tuple(found), note=note)
