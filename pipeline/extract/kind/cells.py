"""Read the numbers of a grid by the labels of its rows and columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import NamedTuple

from pipeline.core.form_parts import Table
from pipeline.core.kind import DOUBTFUL, Kind
from pipeline.core.model import Cell, GridCell
from pipeline.core.text import fold, is_unit, is_value, normalize, parse_cell
from pipeline.extract.kind.labels import Line, RowLabel, heads_in, labels_in
from pipeline.extract.kind.period import QUARTERS
from pipeline.extract.kind.scope import Scope
from pipeline.registry.body_names import recognise

_UNIT_HEADS = frozenset({"单位", "计量单位"})
_YEAR_HEAD = re.compile("(?P<year>20[0-9]{2})年?度?|(?P<own>本年度?)|上一?年度?")
_QUARTER_HEAD = re.compile("(?:20[0-9]{2}年)?第?(?P<quarter>[一二三四1-4])季度")
MIN_HEADS = 2  # in a line that heads columns of years or quarters


@dataclass(frozen=True)
class Columns:
    """The columns below a head: code and unit by place.

    In a table of one column, `value` is the place of its numbers, if the head says so. `skipped` are the places of
    units, and of other years and quarters.
    """

    heads: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    value: int | None = None
    skipped: frozenset[int] = frozenset()


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
    found = [(line, labels_in(line, kind)) for _, line in lines]
    usual = Counter(label.table for _, labels in found for options in labels.values() for label in options)
    columns, corner = Columns(), dict[int, list[RowLabel]]()
    for (row, line), (_, own_labels) in zip(lines, found, strict=True):
        others = _other_quarters(line, scope) or others
        if head := _columns_of(line, own_labels, kind, scope.period[0]):
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


def _other_quarters(line: Line, scope: Scope) -> frozenset[int]:
    """Return the places below the heads of other quarters, in a report on a quarter; none in a line of other heads."""
    texts = {place: "".join(normalize(cell.text).split()) for place, cell in line.items()}
    heads = {place: match for place, text in texts.items() if (match := _QUARTER_HEAD.fullmatch(text))}
    if not scope.kind.has_quarters or len(heads) < MIN_HEADS:
        return frozenset()
    return frozenset(place for place, match in heads.items() if QUARTERS[match["quarter"]] != scope.period[1])


def _names_government(line: Line, labels: Mapping[int, object], body: str | None) -> bool:
    """Return whether a line has the name of another government to the left of its label."""
    left = {"".join(line[place].text.split()) for place in line if place < min(labels, default=0)}
    return any(recognise(text) for text in left if text and text not in (body or ""))


def _columns_of(line: Line, labels: Mapping[int, Sequence[RowLabel]], kind: Kind, year: int | None) -> Columns | None:
    """Return the columns that a line heads, None if it is no head."""
    heads = heads_in(line, kind)
    if len(heads) > 1 or (heads and not labels):
        return Columns(heads)
    texts = {place: "".join(normalize(cell.text).split()) for place, cell in line.items()}
    years = {place: match for place, text in texts.items() if (match := _YEAR_HEAD.fullmatch(text))}
    if len(years) >= MIN_HEADS:
        own = [place for place, match in years.items() if match["own"] or match["year"] == str(year)]
        others = frozenset(years) - frozenset(own) if year else frozenset[int]()
        return Columns(value=own[0] if len(own) == 1 else None, skipped=others)
    units = frozenset(place for place, text in texts.items() if fold(text) in _UNIT_HEADS)
    values = list(heads_in(line, kind, several=False))
    if labels or not (units or values):
        return None
    return Columns(value=values[0] if len(values) == 1 else None, skipped=units)


def _values_of(
    label: RowLabel, places: range, numbered: NumberedLine, columns: Columns, kind: Kind
) -> Iterator[tuple[Cell, Sequence[str]]]:
    """Yield the cells of a row: below the heads, or in a table of one column right of the label."""
    table = kind.form.tables[label.table]
    codes = {code for own_row, code in table.cells if own_row == label.row}
    if len(table.columns) == 1:
        yield from _value_beside(label, next(iter(codes)), places, numbered, columns, table)
        return
    for place, (code, unit) in columns.heads.items():
        if place in places and code in codes and place in numbered.line and place not in columns.skipped:
            yield _make_cell(table, label, code, numbered, numbered.line[place], unit or label.unit), ()


def _value_beside(
    label: RowLabel, code: str, places: range, numbered: NumberedLine, columns: Columns, table: Table
) -> Iterator[tuple[Cell, Sequence[str]]]:
    """Yield the cell of a row of a table of one column: the first place without a unit, or that below its head.

    More numbers next to it may be meant too: then the cell is in doubt.
    """
    line, unit = numbered.line, label.unit
    units = [place for place in places if place in line and is_unit(line[place].text)]
    unit = line[units[0]].text.strip() if units else unit
    open_places = [p for p in places if p in line and p not in columns.skipped and p not in units]
    cells = list({id(line[place]): line[place] for place in open_places}.values())
    if columns.value in open_places:
        cells = [line[columns.value]]
    if not cells:
        return
    others = takewhile(lambda cell: is_value(cell.text), cells[1:]) if is_value(cells[0].text) else ()
    texts = [cell.text for cell in others if fold(cell.text) != fold(cells[0].text)]
    yield _make_cell(table, label, code, numbered, cells[0], unit, is_certain=not texts), texts


def _make_cell(
    table: Table, label: RowLabel, column: str, numbered: NumberedLine, cell: GridCell, header: str,
    is_certain: bool = True,
) -> Cell:  # fmt: skip
    unit = table.units[label.row, column]
    value, kind = parse_cell(cell.text.rstrip("%％") if unit == "%" else cell.text, unit, header)
    confidence = cell.confidence if is_certain else min(cell.confidence, DOUBTFUL)
    place = (cell.page, numbered.grid, numbered.row, cell.column)
    return Cell(table.code, label.row, column, cell.text, value, kind, unit, *place, confidence)
