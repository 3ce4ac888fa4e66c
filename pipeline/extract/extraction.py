"""Turn a Document into an Extraction: recognise its form, body and year, and collect all cells and figures."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.core.form import Form, form_without_tables, forms
from pipeline.core.model import Cell, Document, Extraction, Figure, Finding, Grid
from pipeline.core.places import table_place
from pipeline.core.text import fold
from pipeline.extract.body_and_year import BodyAndYear, recognise_body_and_year
from pipeline.extract.cell_doubts import Doubts, drop_broken_figures, settle_cells
from pipeline.extract.domain import (
    grids_of_other_years,
    is_uncalculated,
    report_blank_tables,
    settle_domain,
    text_finding,
    uncalculated_finding,
    units_above,
)
from pipeline.extract.figure_totals import mark_taken_up
from pipeline.extract.figures import extract_figures
from pipeline.extract.grid_cells import extract_grid
from pipeline.extract.labels import get_label_index
from pipeline.extract.left_out import select_reader_findings
from pipeline.extract.placed_by_sums import place_by_sums
from pipeline.extract.prose_reports import report_no_tables, require_report
from pipeline.extract.several_reports import split_reports
from pipeline.extract.table_findings import UnplacedNumbers, gather, report_conflict, report_doubted, report_unplaced
from pipeline.extract.visible import see
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
    document, doubts = see(document)
    document, findings = split_reports(document)
    form = recognise_form(document)
    body_and_year = recognise_body_and_year(document, register, path)
    other_years = grids_of_other_years(document, body_and_year.year)
    cells, cell_findings = _extract_grids(document, form, doubts, frozenset(other_years))
    figures, figure_findings = _extract_prose(document, form, cells, body_and_year)
    findings += [*cell_findings, *_report_other_years(document.grids, other_years)]
    findings += [*figure_findings, *(body_and_year.questions if path is not None else ())]
    findings += select_reader_findings(document, findings)
    return Extraction(
        document.format, document.reader, body_and_year.body, body_and_year.year, form.code, tuple(cells), figures,
        tuple(findings), titled=body_and_year.is_from_title, simulated=is_marked_simulated(document),
        is_body_certain=all(question.identity != "who.body" for question in body_and_year.questions),
        sheets=tuple(grid.sheet for grid in document.grids), formulas=_find_formulas(document, cells),
    )  # fmt: skip


def _find_formulas(document: Document, cells: Sequence[Cell]) -> dict[str, str]:
    """Return the formulas of the statutory cells by address."""
    places = {(c.grid, c.grid_row, c.grid_column): c.address for c in cells}
    return {
        places[number, cell.row, cell.column]: cell.formula
        for number, grid in enumerate(document.grids)
        for cell in grid.cells
        if cell.formula and (number, cell.row, cell.column) in places
    }


def _extract_prose(
    document: Document, form: Form, cells: Sequence[Cell], body_and_year: BodyAndYear
) -> tuple[tuple[Figure, ...], list[Finding]]:
    """Return the figures of the prose and the findings about them. Raises DataFault as `extract` does."""
    figures = extract_figures(document.paragraphs, body_and_year.year, body_and_year.body)
    figures, findings = drop_broken_figures(figures)
    figures = mark_taken_up(figures, cells)
    if not form.printed_tables:
        require_report(document, figures)
        findings.append(report_no_tables(figures, body_and_year.year))
    return figures, findings


def is_marked_simulated(document: Document) -> bool:
    """Return whether the title or one of the first three paragraphs has a mark of `ogi simulate`."""
    return any(_SIMULATED.search(text) for text in (document.title, *(p.text for p in document.paragraphs[:3])))


def recognise_form(document: Document) -> Form:
    """Return the form whose labels the tables print most; the report year does not matter.

    Of forms with equally many, it is the last prescribed one. If they print fewer than `MIN_LABELS` labels of every
    form, it is the form without tables.
    """
    texts = {fold(cell.text) for grid in document.grids for cell in grid.cells if len(cell.text) < MAX_LABEL_CHARS}
    label_counts = {code: len(texts & get_label_index(code).all_spellings) for code in forms()}
    best = max(label_counts, key=lambda code: (label_counts[code], forms()[code].first_year or 0))
    return forms()[best] if label_counts[best] >= MIN_LABELS else form_without_tables()


def _extract_grids(
    document: Document, form: Form, doubts: Doubts, excluded: Collection[int]
) -> tuple[list[Cell], list[Finding]]:
    """Return the cells of the grids that are not excluded, each address once, and the findings about them.

    The first of two cells with one address counts.
    """
    index = get_label_index(form.code)
    results = {
        number: extract_grid(grid, number, form, index, unit)
        for number, (grid, unit) in enumerate(zip(document.grids, units_above(document), strict=True))
        if number not in excluded
    }
    findings = [finding for result in results.values() for finding in result.findings]
    cells: dict[str, Cell] = {}
    for cell in (cell for result in results.values() for cell in result.cells):
        first = cells.setdefault(cell.address, cell)
        if first is not cell and fold(first.raw) != fold(cell.raw):
            findings.append(report_conflict(first, cell))
    placed, placed_findings = place_by_sums(document, form, list(cells.values()))
    findings = [*_without_placed_tables(findings, document, placed), *placed_findings]
    cells |= {cell.address: cell for cell in placed}
    settled_cells, doubt_findings = _settle(form, cells.values(), document, doubts)
    unplaced = _without_placed({number: result.unplaced for number, result in results.items()}, placed)
    findings += [*doubt_findings, *report_unplaced(document.grids, unplaced, form, settled_cells)]
    findings += report_doubted(form, settled_cells, {cell.address for cell in placed})
    return settled_cells, gather(findings)


def _settle(form: Form, cells: Iterable[Cell], document: Document, doubts: Doubts) -> tuple[list[Cell], list[Finding]]:
    """Return the cells without the values that are uncertain or impossible, and the findings about them."""
    settled_cells, findings = settle_cells(list(cells), document, doubts)
    reported_addresses = {a for finding in findings if finding.severity == "error" for a in finding.cells}
    settled_cells, domain_findings = settle_domain(settled_cells)
    findings += [*domain_findings, *report_blank_tables(form, settled_cells)]
    reported_addresses |= {finding.place for finding in domain_findings}
    texts = [cell for cell in settled_cells if cell.kind == "text" and cell.address not in reported_addresses]
    uncalculated = [cell for cell in texts if is_uncalculated(cell, document.format)]
    findings += [uncalculated_finding(uncalculated)] if uncalculated else []
    return settled_cells, [*findings, *(text_finding(cell) for cell in texts if cell not in uncalculated)]


def _without_placed(unplaced: UnplacedNumbers, placed: Sequence[Cell]) -> UnplacedNumbers:
    """Return the numbers without a place but for those that have one now."""
    places = {(cell.grid, cell.grid_row, cell.grid_column) for cell in placed}
    return {
        grid: [number for number in numbers if (grid, number.grid_row, number.slot.column) not in places]
        for grid, numbers in unplaced.items()
    }


def _without_placed_tables(findings: Iterable[Finding], document: Document, placed: Sequence[Cell]) -> list[Finding]:
    """Return the findings without those that call a table with cells another table."""
    grids = {table_place(document.grids[cell.grid], cell.grid) for cell in placed}
    return [f for f in findings if not (f.identity == "extract.other_table" and f.place in grids)]


def _report_other_years(grids: Sequence[Grid], headings: Mapping[int, str]) -> Iterator[Finding]:
    """Yield a finding for each grid whose heading names another year."""
    for number, heading in headings.items():
        yield Finding("extract.other_year", table_place(grids[number], number), "fail", "warning", note=heading)
