"""Measures of the printed tables that all formats share: header rows and widths of columns."""

from __future__ import annotations

from pipeline.core.form import Table

# The applications table has three columns of labels, then equal columns of numbers; the unit of width is arbitrary.
LABEL_COLUMN_WIDTHS, NUMBER_COLUMN_WIDTH = (1.0, 1.5, 4.6), 1.3


def header_row_count(table: Table) -> int:
    """Return how many rows of the printed table are its header, which is repeated on each page.

    It is 0 for a table of blocks, because each block has a header of its own.
    """
    return 3 if table.code == "applications" or table.layout == "flat" else 0


def column_shares(table: Table, column_count: int) -> list[float]:
    """Return the share of each column in the width of the table; the shares add up to 1."""
    numbers = [NUMBER_COLUMN_WIDTH] * (column_count - len(LABEL_COLUMN_WIDTHS))
    widths = [*LABEL_COLUMN_WIDTHS, *numbers] if table.code == "applications" else [1.0] * column_count
    return [width / sum(widths) for width in widths]
