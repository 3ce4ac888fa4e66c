"""Carry the doubts about the printed numbers of a kind's tables to its cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.core.kind import DOUBTFUL, Kind
from pipeline.core.model import Cell, Document, Finding, ProseCell
from pipeline.extract.cell_doubts import Doubts, report_merged, settle_cells

PERCENT = 100


def settle_table_cells(cells: Sequence[Cell], document: Document, doubts: Doubts) -> tuple[list[Cell], list[Finding]]:
    """Return the cells without the values that are uncertain as printed, and the findings about them.

    A number that is merged over several rows or columns belongs to none of them.
    """
    settled, findings = settle_cells(cells, document, doubts)
    places: dict[tuple[int, int, int], list[Cell]] = {}
    for cell in settled:
        if cell.value is not None:
            places.setdefault((cell.grid, cell.grid_row, cell.grid_column), []).append(cell)
    merged = [group for group in places.values() if len(group) > 1]
    dropped = {cell.address for group in merged for cell in group}
    settled = [replace(cell, value=None, kind="text") if cell.address in dropped else cell for cell in settled]
    return settled, [*findings, *map(report_merged, merged)]


def settle_rates(cells: Sequence[Cell], kind: Kind) -> tuple[list[Cell], list[Finding]]:
    """Return the cells, with less confidence in rates that may be fractions, and the findings about rates."""
    findings = list(_rate_findings(cells, {ratio.rate for ratio in kind.ratios}))
    doubtful = {finding.place for finding in findings if finding.severity == "warning"}
    lowered = (replace(c, confidence=min(c.confidence, DOUBTFUL)) if c.address in doubtful else c for c in cells)
    return list(lowered), findings


def _rate_findings(cells: Sequence[Cell], rates: set[str]) -> Iterator[Finding]:
    """Yield the findings about rates: a share is from 0 to 100; 0.95 in a table may be 95 %."""
    for cell in cells:
        if cell.address not in rates or cell.value is None:
            continue
        is_fraction = 0 < cell.value <= 1 and not isinstance(cell, ProseCell) and cell.raw[-1:] not in ("%", "％")
        if not 0 <= cell.value <= PERCENT:
            yield Finding("kind.share", cell.address, "fail", "error", cells=(cell.address,), note=cell.raw)
        elif is_fraction:
            yield Finding("kind.fraction", cell.address, "fail", "warning", cells=(cell.address,), note=cell.raw)
