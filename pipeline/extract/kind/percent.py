"""Read a rate of a workbook as its sheet shows it: 0.954 with the format 0.0% is 95.4%."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from pipeline.core.model import Document, Grid, GridCell


def show_percentages(document: Document) -> Document:
    """Return the document with the shown text in place of each stored number that a sheet shows as a percentage."""
    blocks = [
        replace(block, cells=tuple(map(_show, block.cells))) if isinstance(block, Grid) else block
        for block in document.blocks
    ]
    return replace(document, blocks=tuple(blocks))


def _show(cell: GridCell) -> GridCell:
    shown = next((mark.text for mark in cell.marks if mark.kind == "shown" and mark.text.endswith("%")), "")
    if not shown or not _is_same(shown.removesuffix("%").replace(",", ""), cell.text):
        return cell
    return replace(cell, text=shown, marks=tuple(mark for mark in cell.marks if mark.kind != "shown"))


def _is_same(shown: str, stored: str) -> bool:
    """Return whether a shown percentage is the stored number, rounded to the places that are shown."""
    try:
        exact, printed = Decimal(stored).scaleb(2), Decimal(shown)
    except InvalidOperation:
        return False
    return abs(exact - printed) <= Decimal(5).scaleb(-len(shown.partition(".")[2]) - 1)
