"""What holds of everything that is read, whatever the input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal

from pipeline.core.form import forms
from pipeline.core.model import Cell, Document, Extraction, Figure, Finding, Grid, Paragraph
from pipeline.core.text import DECIMAL_PLACES, MAX_VALUE


def check_document(document: Document) -> None:
    """Places, spans, pages and confidences in their bounds; every text can be stored."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            assert block.text.strip(), "a paragraph without words"
            assert block.page >= 1
        else:
            _check_grid(block)
    check_texts(document)


def _check_grid(grid: Grid) -> None:
    for cell in grid.cells:
        assert min(cell.row, cell.column) >= 0, cell
        assert min(cell.rowspan, cell.colspan, cell.page) >= 1, cell
        assert 0 <= cell.confidence <= 1, cell


def check_extraction(found: Extraction, document: Document) -> None:
    """Cells are cells of the form, each once, values fit their kinds; figures stand where they say."""
    known = set(forms()[found.form].addresses())
    addresses = [c.address for c in found.cells]
    assert set(addresses) <= known, set(addresses) - known
    assert len(set(addresses)) == len(addresses), "a cell twice"
    for cell in found.cells:
        _check_cell(cell)
    check_figures(found.figures, document.paragraphs)
    check_findings(found.findings)
    assert found.year is None or 2000 <= found.year <= 2099, found.year
    check_texts(found)


def _check_cell(cell: Cell) -> None:
    assert (cell.value is not None) == (cell.kind in ("number", "zero")), cell
    assert cell.value is None or _fits(cell.value), cell
    assert (cell.value == 0) == (cell.kind == "zero"), cell
    assert 0 <= cell.confidence <= 1, cell
    assert min(cell.page, cell.grid + 1, cell.grid_row + 1, cell.grid_column + 1) >= 1, cell


def _fits(value: Decimal) -> bool:
    """Whether a column of the data can hold it exactly."""
    return value.is_finite() and abs(value) < MAX_VALUE and value == round(value, DECIMAL_PLACES)


def check_figures(figures: Sequence[Figure], paragraphs: Sequence[Paragraph]) -> None:
    """Each figure's text is the very slice of its paragraph, on its page, and has digits or a word for them."""
    rows = next(iter(forms().values())).tables["narrative"].rows
    for figure in figures:
        paragraph = paragraphs[figure.paragraph]
        assert 0 <= figure.start < figure.end <= len(paragraph.text), figure
        assert figure.raw == paragraph.text[figure.start : figure.end], figure
        assert figure.page == paragraph.page, figure
        assert figure.row in rows, figure
        assert _fits(figure.value), figure


def check_findings(findings: Sequence[Finding]) -> None:
    """Every finding names its check."""
    assert all(f.identity and f.status in ("pass", "fail", "unknown") for f in findings)


def check_texts(thing: object) -> None:
    """No half of a surrogate pair anywhere: no file of ours could hold it."""
    if isinstance(thing, str):
        thing.encode("utf-8")
    elif isinstance(thing, tuple | list | set | frozenset):
        for part in thing:
            check_texts(part)
    elif is_dataclass(thing):
        for f in fields(thing):
            check_texts(getattr(thing, f.name))
