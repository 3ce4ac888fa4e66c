"""From a Document to an Extraction: which form it is on, whose report it is, and all its cells and figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.extract.grid import take
from pipeline.extract.labels import index_of
from pipeline.extract.narrative import figures
from pipeline.form import Form, forms
from pipeline.model import Cell, DataFault, Document, Extraction, Finding, Grid
from pipeline.register import Register
from pipeline.text import fold, normalize

FEWEST_LABELS = 5
# 「某某局2019年政府信息公开工作年度报告」, perhaps with （模拟） before it.
_TITLE = re.compile(
    r"^(?:\(模拟\))?(?P<body>[^\d,。;:]{2,40}?)(?:关于)?(?P<year>20\d\d)\s*年(?:度)?(?:政府)?(?:信息|政务)公开.{0,8}年?度?报告"
)
_PERIOD = re.compile(r"(?:自|从|时限|期限)\D{0,6}(20\d\d)\s*年\s*1\s*月\s*1\s*日")
_YEAR = re.compile(r"(20\d\d)\s*年")


def extract(document: Document, register: Register) -> Extraction:
    """Everything the report says. Raises DataFault where the document holds no statutory table."""
    form = recognise_form(document)
    cells, findings = _cells(document.grids, form)
    title = _title(document)
    body, year = (title[0], title[1]) if title else (_body(document, register), _year(document))
    found = figures(document.paragraphs, year)
    return Extraction(body, year, form.code, tuple(cells), found, tuple(findings), titled=bool(title))


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
    findings += [_not_a_number(c) for c in cells.values() if c.kind == "text"] + list(_missing(form, set(cells)))
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


def _title(document: Document) -> tuple[str, int] | None:
    heads = [document.title, *(p.text for p in document.paragraphs[:12])]
    for head in heads:
        found = _TITLE.match(re.sub(r"\s+", "", normalize(head)))
        if found:
            return found["body"], int(found["year"])
    return None


def _body(document: Document, register: Register) -> str | None:
    """The registered body that the prose names most, if one stands out."""
    prose = "\n".join(p.text for p in document.paragraphs)
    found = register.mentions(prose)
    ranked = Counter(found).most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def _year(document: Document) -> int | None:
    """The year of the stated period, else the one year that the prose names most."""
    prose = normalize("\n".join(p.text for p in document.paragraphs))
    period = _PERIOD.search(prose)
    if period:
        return int(period.group(1))
    ranked = Counter(_YEAR.findall(prose)).most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return int(ranked[0][0])
