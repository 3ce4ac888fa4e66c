"""Read the numbers of a grid by the labels of its rows and columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from pipeline.core.form_parts import Table
from pipeline.core.kind import DOUBTFUL, Kind
from pipeline.core.model import Cell, GridCell
from pipeline.core.text import fold, is_unit, is_value, normalize, parse_cell
from pipeline.extract.kind.heads import Columns, columns_of, quarters_of
from pipeline.extract.kind.labels import Line, RowLabel, column_labels, heads_in, keys_of, labels_in
from pipeline.extract.kind.scope import Scope
from pipeline.registry.body_names import recognise


class NumberedLine(NamedTuple):
    """A line with its 0-based number in the grid, and the number of the grid in the document."""

    row: int
    line: Line
    grid: int


def read_cells(lines: Sequence[tuple[int, Line]], number: int, scope: Scope) -> Iterator[tuple[Cell, Sequence[str]]]:
    """Yield the cells of a grid, each with the other numbers that may be meant.

    A label that several tables have belongs to the one with most labels in the grid. A label in the corner of a head
    belongs to the line below, if that has none. A line that names another government is not read.
    """
    kind, others = scope.kind, frozenset[int]()
    found = list(_labelled(lines, kind))
    usual = Counter(label.table for _, labels in found for options in labels.values() for label in options)
    columns, corner = Columns(), dict[int, list[RowLabel]]()
    for (row, line), (_, own_labels) in zip(lines, found, strict=True):
        if quarters := quarters_of(line, scope):
            columns, others = quarters, quarters.skipped
            continue
        if head := columns_of(line, own_labels, kind, scope.period[0]):
            columns, corner = replace(head, skipped=head.skipped | others), own_labels
            continue
        if _names_government(line, own_labels, scope.body):
            continue
        is_unlabelled = not own_labels and not next(iter(line.values())).text.strip()
        labels, corner = corner if is_unlabelled else own_labels, {}
        for column, options in labels.items():
            label = max(options, key=lambda option: (len(option.groups), usual[option.table]))
            end = min((place for place in labels if place > column), default=max(line) + 1)
            yield from _values_of(label, range(column + 1, end), NumberedLine(row, line, number), columns, kind)


def _labelled(lines: Sequence[tuple[int, Line]], kind: Kind) -> Iterator[tuple[Line, dict[int, list[RowLabel]]]]:
    """Yield each line with its labels. The name of a group may be in a line of its own, or left of a blank below it."""
    section = left = ""
    for _, line in lines:
        first = next(iter(line.values())).text.strip()
        above = (section, "" if first else left)
        yield line, labels_in(line, kind, [text for text in above if text])
        left = first or left
        texts = {cell.text for cell in line.values() if cell.text.strip()}
        section = texts.pop() if len(texts) == 1 else section


def _names_government(line: Line, labels: Mapping[int, object], body: str | None) -> bool:
    """Return whether a line has the name of another government to the left of its label."""
    left = {"".join(line[place].text.split()) for place in line if place < min(labels, default=0)}
    return any(recognise(text) for text in left if text and text not in (body or ""))


def _values_of(
    label: RowLabel, places: range, numbered: NumberedLine, columns: Columns, kind: Kind
) -> Iterator[tuple[Cell, Sequence[str]]]:
    """Yield the cells of a row: below the heads, right of a head in its line, or right of the label itself."""
    table, line = kind.form.tables[label.table], numbered.line
    codes = {code for own_row, code in table.cells if own_row == label.row}
    own_heads = {place: head for place, head in heads_in(line, kind).items() if place in places}
    if len(table.columns) == 1 or (kind.column in codes and not columns.heads and not own_heads):
        only = kind.column if len(table.columns) > 1 else next(iter(codes))
        yield from _value_beside(label, only, places, numbered, columns, table)
        return
    for place, (code, unit) in columns.heads.items():
        if place in places and code in codes and place in line and place not in columns.skipped:
            yield make_cell(table, label, code, numbered, line[place], unit or label.unit), ()
    for place, (code, unit) in own_heads.items():
        if code in codes and place + 1 in line and is_value(line[place + 1].text):
            yield make_cell(table, label, code, numbered, line[place + 1], unit or label.unit), ()
    for code, cell in _values_with_heads(line, places, kind):
        if code in codes:
            yield make_cell(table, label, code, numbered, cell, label.unit), ()


def _value_beside(
    label: RowLabel, code: str, places: range, numbered: NumberedLine, columns: Columns, table: Table
) -> Iterator[tuple[Cell, Sequence[str]]]:
    """Yield the cell of a row of a table of one column: the first place without a unit, or that below its head.

    More numbers next to it may be meant too: then the cell is in doubt.
    """
    line, unit = numbered.line, label.unit
    printed = {place: _bare_unit(line[place].text) for place in places if place in line}
    units = [place for place, text in printed.items() if is_unit(text)]
    unit = printed[units[0]] if units else unit
    open_places = [p for p in places if p in line and p not in columns.skipped and p not in units]
    cells = list({id(line[place]): line[place] for place in open_places}.values())
    if columns.value in open_places:
        cells = [line[columns.value]]
    if not cells:
        return
    others = takewhile(lambda cell: is_value(cell.text), cells[1:]) if is_value(cells[0].text) else ()
    texts = [cell.text for cell in others if fold(cell.text) != fold(cells[0].text)]
    yield make_cell(table, label, code, numbered, cells[0], unit, is_certain=not texts), texts


def _values_with_heads(line: Line, places: range, kind: Kind) -> Iterator[tuple[str, GridCell]]:
    """Yield the column and the number of each cell that prints both: 第一季度：3个."""
    known = column_labels(kind, several=True)
    for place in places:
        head, colon, number = normalize(line[place].text).partition(":") if place in line else ("", "", "")
        code = next((known[key] for key in keys_of(head) if key in known), "")
        if colon and code and is_value(number):
            yield code, replace(line[place], text=number.strip())


def _bare_unit(text: str) -> str:
    """Return a text without the word 单位 before it: 单位：个."""
    return normalize(text).strip().removeprefix("单位:").strip()


def make_cell(
    table: Table, label: RowLabel, column: str, numbered: NumberedLine, cell: GridCell, header: str,
    is_certain: bool = True,
) -> Cell:  # fmt: skip
    """Return the cell of a form that a grid prints, in the unit of the form; `header` is the printed unit."""
    unit = table.units[label.row, column]
    value, kind = parse_cell(cell.text.rstrip("%％") if unit == "%" else cell.text, unit, header)
    confidence = cell.confidence if is_certain else min(cell.confidence, DOUBTFUL)
    place = (cell.page, numbered.grid, numbered.row, cell.column)
    return Cell(table.code, label.row, column, cell.text, value, kind, unit, *place, confidence)
