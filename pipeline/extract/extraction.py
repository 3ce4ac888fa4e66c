"""Turn a Document into an Extraction: recognise its form, body and year, and collect all cells and figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.core.form import Form, form_without_tables, forms
from pipeline.core.model import MIN_CONFIDENCE, Cell, Document, Extraction, Finding, Grid
from pipeline.core.text import fold
from pipeline.extract.body_and_year import recognise_body_and_year
from pipeline.extract.figure_totals import mark_taken_up
from pipeline.extract.figures import extract_figures
from pipeline.extract.grid_cells import extract_grid
from pipeline.extract.labels import get_label_index
from pipeline.extract.prose_reports import report_no_tables, require_report
from pipeline.registry.load import Register

MIN_LABELS = 5  # different labels of a form that a document must print
MAX_LABEL_CHARS = 120
# The marks that `ogi simulate` prints in its documents. A real report may contain the bare word (模拟演练).
_SIMULATED = re.compile("[（(]模拟[）)]|模拟数据")


def extract(document: Document, register: Register, path: Path | None = None) -> Extraction:
    """Return everything that a document reports.

    `path` is further evidence of body and year; only with it are open questions about them among the findings.
    Raises DataFault if the document has no statutory table and is no report.

    Example:
        >>> extraction = extract(read(Path("data/raw/2019/411200.html")), register())
        >>> extraction.body, extraction.year, extraction.form, len(extraction.cells)
        ('三门峡市人民政府', 2019, '2019', 198)
    """
    form = recognise_form(document)
    cells, findings = _extract_grids(document.grids, form)
    body_and_year = recognise_body_and_year(document, register, path)
    figures = extract_figures(document.paragraphs, body_and_year.year, body_and_year.body)
    figures = mark_taken_up(figures, cells)
    if not form.printed_tables:
        require_report(document, figures)
        findings.append(report_no_tables(figures, body_and_year.year))
    findings += body_and_year.questions if path is not None else ()
    return Extraction(
        document.format, document.reader, body_and_year.body, body_and_year.year, form.code, tuple(cells), figures,
        tuple(findings), titled=body_and_year.is_from_title, simulated=_is_marked_simulated(document),
    )  # fmt: skip


def _is_marked_simulated(document: Document) -> bool:
    """Return whether the title or one of the first three paragraphs has a mark of `ogi simulate`."""
    return any(_SIMULATED.search(text) for text in (document.title, *(p.text for p in document.paragraphs[:3])))


def recognise_form(document: Document) -> Form:
    """Return the form whose labels the tables print most; the report year does not matter.

    If they print fewer than `MIN_LABELS` labels of every form, it is the form without tables.
    """
    texts = {fold(cell.text) for grid in document.grids for cell in grid.cells if len(cell.text) < MAX_LABEL_CHARS}
    label_counts = {code: len(texts & get_label_index(code).all_spellings) for code in forms()}
    best = max(label_counts, key=lambda code: (label_counts[code], code))
    return forms()[best] if label_counts[best] >= MIN_LABELS else form_without_tables()


def _extract_grids(grids: Sequence[Grid], form: Form) -> tuple[list[Cell], list[Finding]]:
    """Return the cells of all grids, each address once, and the findings about them; the first of two cells counts."""
    index = get_label_index(form.code)
    results = [extract_grid(grid, number, form, index) for number, grid in enumerate(grids)]
    cells: dict[str, Cell] = {}
    findings = [finding for result in results for finding in result.findings]
    for cell in (cell for result in results for cell in result.cells):
        first = cells.setdefault(cell.address, cell)
        if first is not cell and fold(first.raw) != fold(cell.raw):
            findings.append(_report_conflict(first, cell))
    findings += [_report_text(cell) for cell in cells.values() if cell.kind == "text"]
    findings += [*_report_missing(form, set(cells)), *_report_doubted(form, list(cells.values()))]
    return list(cells.values()), findings


def _report_conflict(first: Cell, second: Cell) -> Finding:
    """Return the finding for a cell that is printed twice with different texts."""
    note = f"{first.raw} | {second.raw}"
    return Finding("extract.twice", first.address, "fail", "error", first.value, second.value, (first.address,), note)


def _report_text(cell: Cell) -> Finding:
    """Return the finding for a cell that holds no number."""
    return Finding("extract.text", cell.address, "fail", "error", cells=(cell.address,), note=cell.raw)


def _report_missing(form: Form, addresses: set[str]) -> Iterable[Finding]:
    """Yield one finding per table for the cells of the form that the report lacks."""
    for table in form.printed_tables:
        missing_addresses = tuple(address for address in form.addresses([table]) if address not in addresses)
        if missing_addresses:
            note = f"{len(missing_addresses)}/{len(table.cells)}"
            yield Finding("extract.missing", table.code, "fail", "error", cells=missing_addresses, note=note)


def _report_doubted(form: Form, cells: Sequence[Cell]) -> Iterable[Finding]:
    """Yield one finding per table for the cells that were read or placed with low confidence."""
    for table in form.printed_tables:
        doubted_addresses = tuple(c.address for c in cells if c.table == table.code and c.confidence < MIN_CONFIDENCE)
        if doubted_addresses:
            note = f"{len(doubted_addresses)}/{len(table.cells)}"
            yield Finding("extract.doubtful", table.code, "fail", "warning", cells=doubted_addresses, note=note)
