"""Turn a Document into an Extraction: recognise its form, body and year, and collect all cells and figures."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from pipeline.core.form import Form, form_without_tables, forms
from pipeline.core.model import MIN_CONFIDENCE, Cell, Document, Extraction, Figure, Finding
from pipeline.core.text import fold
from pipeline.extract.body_and_year import BodyAndYear, recognise_body_and_year
from pipeline.extract.cell_doubts import Doubts, drop_broken_figures, settle_cells
from pipeline.extract.domain import grids_of_other_years, report_blank_tables, settle_domain, text_finding, units_above
from pipeline.extract.figure_totals import mark_taken_up
from pipeline.extract.figures import extract_figures
from pipeline.extract.grid_cells import extract_grid, number_place, table_place
from pipeline.extract.labels import get_label_index
from pipeline.extract.left_out import select_reader_findings
from pipeline.extract.placed_by_sums import place_by_sums
from pipeline.extract.prose_reports import report_no_tables, require_report
from pipeline.extract.several_reports import split_reports
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
    findings += [*cell_findings, *(_report_other_year(number, heading) for number, heading in other_years.items())]
    findings += [*figure_findings, *(body_and_year.questions if path is not None else ())]
    findings += select_reader_findings(document, findings)
    return Extraction(
        document.format, document.reader, body_and_year.body, body_and_year.year, form.code, tuple(cells), figures,
        tuple(findings), titled=body_and_year.is_from_title, simulated=_is_marked_simulated(document),
        is_body_certain=all(question.identity != "who.body" for question in body_and_year.questions),
    )  # fmt: skip


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


def _extract_grids(
    document: Document, form: Form, doubts: Doubts, excluded: Collection[int]
) -> tuple[list[Cell], list[Finding]]:
    """Return the cells of the grids that are not excluded, each address once, and the findings about them.

    The first of two cells with one address counts.
    """
    index = get_label_index(form.code)
    results = [
        extract_grid(grid, number, form, index, unit)
        for number, (grid, unit) in enumerate(zip(document.grids, units_above(document), strict=True))
        if number not in excluded
    ]
    cells: dict[str, Cell] = {}
    findings = [finding for result in results for finding in result.findings]
    for cell in (cell for result in results for cell in result.cells):
        first = cells.setdefault(cell.address, cell)
        if first is not cell and fold(first.raw) != fold(cell.raw):
            findings.append(_report_conflict(first, cell))
    placed, placed_findings = place_by_sums(document, form, list(cells.values()))
    findings = [*_without_placed(findings, placed), *placed_findings]
    cells |= {cell.address: cell for cell in placed}
    settled_cells, doubt_findings = settle_cells(list(cells.values()), document, doubts)
    by_sums = {cell.address for cell in placed}
    reported_addresses = {a for finding in doubt_findings if finding.severity == "error" for a in finding.cells}
    settled_cells, domain_findings = settle_domain(settled_cells)
    doubt_findings += [*domain_findings, *report_blank_tables(form, settled_cells)]
    reported_addresses |= {finding.place for finding in domain_findings}
    texts = (cell for cell in settled_cells if cell.kind == "text" and cell.address not in reported_addresses)
    findings += [*doubt_findings, *(text_finding(cell) for cell in texts)]
    findings += [*_report_missing(form, set(cells)), *_report_doubted(form, settled_cells, by_sums)]
    return settled_cells, findings


def _without_placed(findings: Iterable[Finding], placed: Sequence[Cell]) -> list[Finding]:
    """Return the findings without those about numbers that have a place now."""
    places = {number_place(c.page, c.grid, c.grid_row, c.grid_column) for c in placed}
    grids = {table_place(c.page, c.grid) for c in placed}
    return [
        finding
        for finding in findings
        if not (finding.identity == "extract.unplaced" and finding.place in places)
        and not (finding.identity == "extract.other_table" and finding.place in grids)
    ]


def _report_other_year(number: int, heading: str) -> Finding:
    """Return the finding for a grid whose heading names another year."""
    return Finding("extract.other_year", f"grid {number + 1}", "fail", "warning", note=heading)


def _report_conflict(first: Cell, second: Cell) -> Finding:
    """Return the finding for a cell that is printed twice with different texts."""
    note = f"{first.raw} | {second.raw}"
    return Finding("extract.twice", first.address, "fail", "error", first.value, second.value, (first.address,), note)


def _report_missing(form: Form, addresses: set[str]) -> Iterable[Finding]:
    """Yield one finding per table for the cells of the form that the report lacks."""
    for table in form.printed_tables:
        missing_addresses = tuple(address for address in form.addresses([table]) if address not in addresses)
        if missing_addresses:
            note = f"{len(missing_addresses)}/{len(table.cells)}"
            yield Finding("extract.missing", table.code, "fail", "error", cells=missing_addresses, note=note)


def _report_doubted(form: Form, cells: Sequence[Cell], reported: Collection[str]) -> Iterable[Finding]:
    """Yield one finding per table for the cells that were read or placed with low confidence, but for `reported`."""
    for table in form.printed_tables:
        doubted_addresses = tuple(
            c.address
            for c in cells
            if c.table == table.code and c.confidence < MIN_CONFIDENCE and c.address not in reported
        )
        if doubted_addresses:
            note = f"{len(doubted_addresses)}/{len(table.cells)}"
            yield Finding("extract.doubtful", table.code, "fail", "warning", cells=doubted_addresses, note=note)
