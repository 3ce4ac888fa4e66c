"""Check the invariants of documents and extractions, which hold for every input. Each check raises AssertionError."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal

from pipeline.core.form import forms
from pipeline.core.model import Cell, Document, Extraction, Figure, Finding, Grid, Paragraph
from pipeline.core.text import DECIMAL_PLACES, MAX_VALUE
from pipeline.extract.visible import see


def check_document(document: Document) -> None:
    """Check positions, spans, pages and confidences, and that every text can be stored."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            assert block.text.strip(), "a paragraph without text"
            assert block.page >= 1
        else:
            _check_grid(block)
    check_texts(document)


def _check_grid(grid: Grid) -> None:
    for cell in grid.cells:
        assert min(cell.row, cell.column) >= 0, cell
        assert min(cell.rowspan, cell.colspan, cell.page) >= 1, cell
        assert 0 <= cell.confidence <= 1, cell


def check_extraction(extraction: Extraction, document: Document) -> None:
    """Check that the cells are unique cells of the form with fitting values, and check figures and findings."""
    form_addresses = set(forms()[extraction.form].addresses())
    addresses = [c.address for c in extraction.cells]
    assert set(addresses) <= form_addresses, set(addresses) - form_addresses
    assert len(set(addresses)) == len(addresses), "a repeated cell"
    for cell in extraction.cells:
        _check_cell(cell)
    check_figures(extraction.figures, see(document).document.paragraphs)  # hidden text is no part of their places
    check_findings(extraction.findings)
    assert extraction.year is None or 2000 <= extraction.year <= 2099, extraction.year
    check_texts(extraction)


def _check_cell(cell: Cell) -> None:
    """Check that value and kind agree, and that confidence and place are in their bounds."""
    assert (cell.value is not None) == (cell.kind in ("number", "zero")), cell
    assert cell.value is None or _is_storable(cell.value), cell
    assert (cell.value == 0) == (cell.kind == "zero"), cell
    assert 0 <= cell.confidence <= 1, cell
    assert min(cell.page, cell.grid + 1, cell.grid_row + 1, cell.grid_column + 1) >= 1, cell


def _is_storable(value: Decimal) -> bool:
    """Return whether a column of the published tables can hold a value exactly."""
    return value.is_finite() and abs(value) < MAX_VALUE and value == round(value, DECIMAL_PLACES)


def check_figures(figures: Sequence[Figure], paragraphs: Sequence[Paragraph]) -> None:
    """Check that the text of each figure is its slice of the paragraph, on its page, and that its value fits."""
    rows = next(iter(forms().values())).tables["narrative"].rows
    for figure in figures:
        paragraph = paragraphs[figure.paragraph]
        assert 0 <= figure.start < figure.end <= len(paragraph.text), figure
        assert figure.raw == paragraph.text[figure.start : figure.end], figure
        assert figure.page == paragraph.page, figure
        assert figure.row in rows, figure
        assert _is_storable(figure.value), figure


def check_findings(findings: Sequence[Finding]) -> None:
    """Check that every finding has an identity and a status."""
    assert all(f.identity and f.status in ("pass", "fail", "unknown") for f in findings)


def check_texts(value: object) -> None:
    """Check that no text contains an unpaired surrogate, which no UTF-8 file can hold."""
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, tuple | list | set | frozenset):
        for part in value:
            check_texts(part)
    elif is_dataclass(value):
        for f in fields(value):
            check_texts(getattr(value, f.name))
