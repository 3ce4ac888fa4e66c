"""Read stacked tables: tables whose text lost its columns and has one cell per line.

A row is a label and the values below it, up to the next label. Values are never counted off into rows of a fixed
length: a row that lost a blank has too few values and becomes a finding. Blanks are visible between bars, or as gaps
that are longer than usual.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.core.model import Grid, GridCell
from pipeline.core.text import is_unit
from pipeline.read.text.bar_tables import is_bar
from pipeline.read.text.lines import Line, has_other_money_unit
from pipeline.read.text.stacked_cells import StackedCell, find_mode, split_by_bars, split_by_gaps

MIN_BARS = 5  # lines with a single bar that make bars the separators of a table
FIRST_VALUE_COLUMN = 2  # the label is in column 0, a unit in column 1
# Confidence of a value in a stack without bars, in a torn stack (labels and values in separate runs), and below heads
# with another money unit.
NO_BARS_CONFIDENCE, TORN_CONFIDENCE, OTHER_UNIT_CONFIDENCE = 0.95, 0.6, 0.3
CORNER_TEXTS = frozenset(("信息内容", "统计指标", "指标名称", "指标", "项目"))


@dataclass
class _Row:
    """The labels of a row, the last of them its own, and the values below them."""

    labels: list[StackedCell] = field(default_factory=list)
    values: list[StackedCell] = field(default_factory=list)


@dataclass
class _GridBuilder:
    """The cells of the grid so far, and what applies to the next row.

    `confidence` is that of every value in the stack. `unit_confidence` is that of the heads above, `top` the next free
    grid row.
    """

    confidence: float
    cells: list[GridCell] = field(default_factory=list)
    unit_confidence: float = 1.0
    top: int = 0

    def add_row(self, row: _Row) -> None:
        """Add the cells of a row, with the heads above its label on lines of their own."""
        labels = [label for label in row.labels if not is_unit(label.text)]
        first_column = FIRST_VALUE_COLUMN
        if _has_repeated_label(row):
            self.cells += [GridCell(label.text, self.top, c, page=label.page) for c, label in enumerate(labels)]
            first_column, labels = len(labels) + FIRST_VALUE_COLUMN, []
            self.top += 1
        elif len(labels) > 1:
            self._add_heads(labels[:-1], len(row.values))
        self.cells += [GridCell(label.text, self.top, 0, page=label.page) for label in labels[-1:]]
        units = [unit for unit in row.labels if is_unit(unit.text)]
        self.cells += [GridCell(unit.text, self.top, 1, page=unit.page) for unit in units[-1:]]
        gap_confidence = min((value.confidence for value in row.values), default=1.0)
        confidence = round(self.confidence * gap_confidence * self.unit_confidence, 4)
        self.cells += [
            GridCell(value.text, self.top, c, page=value.page, confidence=confidence)
            for c, value in enumerate(row.values, start=first_column)
        ]
        self.top += 1

    def _add_heads(self, heads: Sequence[StackedCell], value_count: int) -> None:
        """Add the heads above a label.

        If each value has a head, these heads are placed over their columns. The columns of all other heads are unknown.
        These become one text on a line above, so that their order does not pass for that of the values.
        """
        column_heads = _find_column_heads(heads, value_count)
        other_heads = heads[: len(heads) - len(column_heads)]
        if other_heads:
            text = " ".join(head.text for head in other_heads)
            self.cells.append(GridCell(text, self.top, 0, page=other_heads[0].page))
            self.top += 1
        if column_heads:
            columns = [0, *range(FIRST_VALUE_COLUMN, FIRST_VALUE_COLUMN + len(column_heads) - 1)]
            pairs = zip(column_heads, columns, strict=True)
            self.cells += [GridCell(head.text, self.top, c, page=head.page) for head, c in pairs]
            self.top += 1
        has_other_unit = has_other_money_unit([head.text for head in other_heads])
        self.unit_confidence = OTHER_UNIT_CONFIDENCE if has_other_unit else 1.0


def read_stacked_table(lines: Sequence[Line]) -> Grid:
    """Return the rows of a stack of cells as a grid with guessed columns."""
    has_bars = sum(is_bar(line) for line in lines) >= MIN_BARS
    rows = list(_group_rows(list(split_by_bars(lines) if has_bars else split_by_gaps(lines))))
    builder = _GridBuilder(1.0 if has_bars else TORN_CONFIDENCE if _is_torn(rows) else NO_BARS_CONFIDENCE)
    for row in rows:
        builder.add_row(row)
    return Grid(tuple(builder.cells), exact=False)


def _group_rows(cells: Sequence[StackedCell]) -> Iterator[_Row]:
    """Yield the rows: a label after values, or a row break, begins a new one."""
    row = _Row()
    for cell in cells:
        if not any(value.text for value in row.values) and cell.is_label:
            # Blanks between two labels are the corner of a table or the end of a line, not values.
            row.values = []
        if row.values and (cell.is_label or cell.is_row_break):
            yield row
            row = _Row()
        if cell.is_label:
            row.labels.append(cell)
        elif not cell.is_row_break and (cell.text or row.labels or row.values):
            row.values.append(cell)
    yield row


def _is_torn(rows: Sequence[_Row]) -> bool:
    """Return whether labels and values are in separate runs.

    Then a row has no label, or at least twice as many values as usual.
    """
    value_counts = [len(row.values) for row in rows if row.values and not _has_repeated_label(row)]
    usual_count = find_mode(value_counts)
    has_long_row = any(count >= 2 * usual_count > 2 for count in value_counts)
    return has_long_row or any(row.values and not row.labels for row in rows)


def _has_repeated_label(row: _Row) -> bool:
    """Return whether the last label occurs earlier in the row.

    Then all labels are heads of columns, and the values below them have no label.
    """
    texts = ["".join(label.text.split()) for label in row.labels]
    return len(texts) > 1 and texts[-1] in texts[:-1]


def _find_column_heads(heads: Sequence[StackedCell], value_count: int) -> Sequence[StackedCell]:
    """Return the corner of the table and the heads after it if there is one per value, else none.

    If one is missing, their order may differ from that of the columns.
    """
    candidates = [head for head in heads if head.text.strip() != "单位"]
    column_heads = candidates[len(candidates) - value_count - 1 :] if len(candidates) > value_count else []
    return column_heads if column_heads and "".join(column_heads[0].text.split()) in CORNER_TEXTS else []
