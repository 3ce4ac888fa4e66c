"""Read aligned tables: runs of spaces show their columns, as `pdftotext -layout` and people write them.

A value is put in a column only if its row has one for every column, or if it is below exactly one of them. Otherwise
the row is left short, so that it becomes a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.core.model import Grid, GridCell
from pipeline.core.text import is_unit
from pipeline.read.text.aligned_heads import Column, read_heads
from pipeline.read.text.aligned_labels import assign_labels
from pipeline.read.text.aligned_rows import Piece, Row, split_rows
from pipeline.read.text.lines import Line, has_other_money_unit

FIRST_VALUE_COLUMN = 2  # the label is in column 0, a unit in column 1
# Confidence of a value whose offset decided its column, and of one below heads with another money unit.
BY_OFFSET_CONFIDENCE, OTHER_UNIT_CONFIDENCE = 0.7, 0.3
UNKNOWN_COLUMN = Column(-1, -1)  # a column without known offsets


def read_aligned_table(lines: Sequence[Line]) -> Grid:
    """Return the rows of a run of lines as a grid with guessed columns."""
    rows = split_rows(lines)
    assign_labels(rows)
    cells: list[GridCell] = []
    top = 0
    for section in _split_sections(rows):
        section_cells = list(_read_section(section))
        cells += [replace(cell, row=top + cell.row) for cell in section_cells]
        top += 1 + max((cell.row for cell in section_cells), default=-1)
    return Grid(tuple(cells), exact=False)


def _split_sections(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield runs of rows with the same columns; after values, a head or a new page begins another."""
    section: list[Row] = []
    for row in rows:
        if any(r.values for r in section) and (row.is_head or row.page != section[-1].page):
            yield section
            section = []
        section.append(row)
    yield section


def _read_section(rows: Sequence[Row]) -> Iterator[GridCell]:
    """Yield the cells of a section, grid rows counted from 0: heads, then a row per other label and per row of values.

    A row of several other labels holds heads without known columns: the values below are placed to the right of them.
    """
    heads, columns = [row for row in rows if row.is_head], _find_columns(rows)
    first_column, confidence = FIRST_VALUE_COLUMN, 1.0
    if columns and columns[0].start < 0:
        head_cells = list(_read_head_words(heads))
        words = [word for row in rows if not row.values for word in row.words]
        confidence = OTHER_UNIT_CONFIDENCE if has_other_money_unit(words) and not head_cells else 1.0
    else:
        head_cells = list(read_heads(heads, columns, FIRST_VALUE_COLUMN))
    yield from head_cells
    top = 1 + max((cell.row for cell in head_cells), default=-1)
    for row in (row for row in rows if not row.is_head):
        if len(row.other_labels) > 1:
            yield from (GridCell(text, top, c, page=row.page) for c, text in enumerate(row.other_labels))
            first_column = len(row.other_labels) + FIRST_VALUE_COLUMN
        elif row.other_labels:
            yield GridCell(row.other_labels[0], top, 0, page=row.page)
        top += bool(row.other_labels)
        if row.values:
            cells = _read_value_row(row, columns, first_column, confidence)
            yield from (replace(cell, row=top) for cell in cells)
            top += 1


def _read_head_words(heads: Sequence[Row]) -> Iterator[GridCell]:
    """Yield the heads of columns without known offsets: the first word of a row, then one per value."""
    for top, row in enumerate(heads):
        columns = (0, *range(FIRST_VALUE_COLUMN, FIRST_VALUE_COLUMN + len(row.words)))
        yield from (GridCell(word, top, c, page=row.page) for word, c in zip(row.words, columns, strict=False))


def _find_columns(rows: Sequence[Row]) -> list[Column]:
    """Return the columns of the rows with most values; their offsets are unknown if a row has no wide gaps."""
    value_rows = [row for row in rows if row.values]
    column_count = max((len(row.values) for row in value_rows), default=0)
    full_rows = [row.values for row in value_rows if len(row.values) == column_count]
    if not all(row.has_wide_gaps or len(row.texts) + len(row.values) == 1 for row in value_rows):
        return [UNKNOWN_COLUMN] * column_count
    return [
        Column(min(values[i].start for values in full_rows), max(values[i].end for values in full_rows))
        for i in range(column_count)
    ]


def _read_value_row(row: Row, columns: Sequence[Column], first_column: int, confidence: float) -> Iterator[GridCell]:
    """Yield the label, the unit and the values of a row, all in grid row 0; `first_column` is that of the values."""
    if row.label:
        yield GridCell(row.label, 0, 0, page=row.page)
    yield from (GridCell(piece.text, 0, 1, page=row.page) for piece in row.texts[-1:] if is_unit(piece.text))
    value_columns = _find_value_columns(row.values, columns)
    if not value_columns:
        # Left short: the columns of the values are unknown, only their order is known.
        value_columns, columns = list(range(len(row.values))), columns[: len(row.values)]
    elif len(value_columns) < len(columns):
        confidence = min(confidence, BY_OFFSET_CONFIDENCE)
    texts = {column: value.text for column, value in zip(value_columns, row.values, strict=True)}
    for i in range(len(columns)):
        yield GridCell(texts.get(i, ""), 0, first_column + i, page=row.page, confidence=confidence)


def _find_value_columns(values: Sequence[Piece], columns: Sequence[Column]) -> list[int]:
    """Return the column of each value; an empty list if that of one value is unclear."""
    if len(values) == len(columns):
        return list(range(len(columns)))
    overlaps = [[i for i, c in enumerate(columns) if v.start < c.end and c.start < v.end] for v in values]
    value_columns = [indexes[0] for indexes in overlaps if len(indexes) == 1]
    return value_columns if len(set(value_columns)) == len(values) else []
