"""Read the tables of a kind of report: its cells by their labels, its lists line by line, and its attributes.

A label is the text of a row or column of the kind's tables, or one of its other spellings. A row such as 信息发布/总数
prints the words before the slash to the left of its own, as the name of a group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.core.form_parts import Table
from pipeline.core.kind import EntryTable, Kind
from pipeline.core.model import Cell, Finding, Grid, GridCell, ReportEntry
from pipeline.core.places import table_place
from pipeline.core.text import fold, header_unit, is_number, parse_cell, spellings
from pipeline.extract.table_findings import report_conflict

GROUP = "/"  # between the words of a row's label
Line = Mapping[int, GridCell]  # the cells of a line of a grid by column; a spanning cell is in each column


@dataclass(frozen=True)
class RowLabel:
    """A row of a table of the kind, and the words to the left of its label."""

    table: str
    row: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Head:
    """The head of a list: its table, the place of each column, and how many columns the grid has."""

    table: EntryTable
    places: Mapping[str, int]
    width: int


def read_tables(grids: Sequence[Grid], kind: Kind) -> tuple[list[Cell], list[ReportEntry], list[Finding]]:
    """Return the cells, each address once, the lines of lists and the attributes, and the findings about the grids.

    The first of two cells with one address counts. A grid without any of them has a finding if it has numbers.
    """
    cells: dict[str, Cell] = {}
    entries: list[ReportEntry] = []
    findings: list[Finding] = []
    head: Head | None = None
    for number, grid in enumerate(grids):
        lines = _lines(grid)
        own_cells = list(_cells_of_grid(lines, number, kind))
        head, listed = _list_of_grid(lines, number, kind, None if own_cells else head)
        own_entries = [*_attributes(lines, number, kind), *listed]
        for cell in own_cells:
            first = cells.setdefault(cell.address, cell)
            if first is not cell and fold(first.raw) != fold(cell.raw):
                findings.append(report_conflict(first, cell))
        entries += own_entries
        if not own_cells and not own_entries and (numbers := [c for c in grid.cells if is_number(c.text)]):
            text = next((c.text for c in grid.cells if c.text and not is_number(c.text)), "")
            note = f"{text[:20]} ({len(numbers)})"
            findings.append(Finding("extract.other_table", table_place(grid, number), "fail", "warning", note=note))
    return list(cells.values()), _numbered(entries), findings


def _lines(grid: Grid) -> list[tuple[int, Line]]:
    """Return the lines of a grid in order, each with its cells by column."""
    lines: dict[int, dict[int, GridCell]] = {}
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            for column in range(cell.column, cell.column + cell.colspan):
                lines.setdefault(row, {})[column] = cell
    return [(row, dict(sorted(lines[row].items()))) for row in sorted(lines)]


@lru_cache(maxsize=16)
def _row_labels(kind: Kind) -> Mapping[str, tuple[RowLabel, ...]]:
    """Return the rows of the kind by each folded spelling of their label."""
    found: dict[str, list[RowLabel]] = {}
    for table in kind.form.tables.values():
        for code, label in table.rows.items():
            for text in (label.zh, *kind.spellings.get(code, ())):
                *groups, own = text.split(GROUP)
                for spelling in spellings(own):
                    found.setdefault(spelling, []).append(RowLabel(table.code, code, tuple(map(fold, groups))))
    return {spelling: tuple(dict.fromkeys(labels)) for spelling, labels in found.items()}


@lru_cache(maxsize=16)
def _column_labels(kind: Kind) -> Mapping[str, str]:
    """Return the columns of the tables with several columns by each folded spelling of their label."""
    labels = (
        (code, label)
        for table in kind.form.tables.values()
        if len(table.columns) > 1
        for code, label in table.columns.items()
    )
    return {
        s: code for code, label in labels for text in (label.zh, *kind.spellings.get(code, ())) for s in spellings(text)
    }


def _cells_of_grid(lines: Sequence[tuple[int, Line]], number: int, kind: Kind) -> Iterator[Cell]:
    """Yield the cells of a grid. A label that several tables have belongs to the one with most labels in the grid."""
    found = [(line, _labels_in(line, kind)) for _, line in lines]
    usual = Counter(label.table for _, labels in found for options in labels.values() for label in options)
    heads: dict[int, tuple[str, str]] = {}
    for (row, line), (_, labels) in zip(lines, found, strict=True):
        own_heads = _heads_in(line, kind)
        if len(own_heads) > 1:
            heads = own_heads
            continue
        for column, options in labels.items():
            label = max(options, key=lambda option: (len(option.groups), usual[option.table]))
            yield from _values_of(label, column, (row, line), heads, number, kind)


def _labels_in(line: Line, kind: Kind) -> dict[int, list[RowLabel]]:
    """Return the rows that the labels of a line may mean, by the last column of each label."""
    labels: dict[int, list[RowLabel]] = {}
    left: list[str] = []
    for column, cell in line.items():
        if line.get(column + 1) is cell:
            continue
        folded = fold(cell.text)
        bare = {fold(text.split("(")[0].split("（")[0]) for text in left}
        options = [
            label
            for spelling in spellings(cell.text)
            for label in _row_labels(kind).get(spelling, ())
            if all(group in bare for group in label.groups)
        ]
        if options and folded:
            labels[column] = list(dict.fromkeys(options))
        left.append(cell.text)
    return labels


def _heads_in(line: Line, kind: Kind) -> dict[int, tuple[str, str]]:
    """Return the column that each place of a line heads, and the unit that it prints."""
    known = _column_labels(kind)
    pairs = (
        (place, cell, next((known[s] for s in spellings(cell.text) if s in known), "")) for place, cell in line.items()
    )
    return {place: (code, header_unit(cell.text)) for place, cell, code in pairs if code}


def _values_of(
    label: RowLabel, column: int, numbered_line: tuple[int, Line], heads: Mapping[int, tuple[str, str]],
    number: int, kind: Kind,
) -> Iterator[Cell]:  # fmt: skip
    """Yield the cells of a row: below the heads, or in a table of one column right of the label."""
    row, line = numbered_line
    table = kind.form.tables[label.table]
    columns = {code for own_row, code in table.cells if own_row == label.row}
    if len(table.columns) == 1:
        place = next((p for p in line if p > column), None)
        if place is not None:
            yield _make_cell(table, label.row, next(iter(columns)), line[place], row, number, "")
        return
    for place, (code, unit) in heads.items():
        if place > column and code in columns and place in line:
            yield _make_cell(table, label.row, code, line[place], row, number, unit)


def _make_cell(table: Table, row: str, column: str, cell: GridCell, line: int, number: int, header: str) -> Cell:
    unit = table.units[row, column]
    value, kind = parse_cell(cell.text.rstrip("%％") if unit == "%" else cell.text, unit, header)
    return Cell(
        table.code, row, column, cell.text, value, kind, unit, cell.page, number, line, cell.column, cell.confidence
    )


def _attributes(lines: Sequence[tuple[int, Line]], number: int, kind: Kind) -> Iterator[ReportEntry]:
    """Yield the attributes of a grid: the text to the right of their labels."""
    known = {fold(text): code for code, labels in kind.attributes.items() for text in labels}
    for row, line in lines:
        for column, cell in line.items():
            code, value = known.get(fold(cell.text)), line.get(column + 1)
            if code and value is not None and value is not cell and value.text.strip():
                yield ReportEntry("", 0, code, value.text.strip(), value.page, number, row, value.column)


def _list_of_grid(
    lines: Sequence[tuple[int, Line]], number: int, kind: Kind, earlier: Head | None
) -> tuple[Head | None, list[ReportEntry]]:
    """Return the head of a list in a grid, and the texts of its lines. A repeated head is no line.

    A grid without a head, as wide as that of the list before it, continues that list on the next page.
    """
    for start, (_, line) in enumerate(lines):
        for table in kind.entries:
            places = _list_heads(line, table)
            if places.keys() >= set(table.needs):
                head = Head(table, places, len(line))
                return head, list(_entries_of_lines(lines[start + 1 :], head, number))
    if earlier is not None and all(len(line) == earlier.width for _, line in lines):
        return earlier, list(_entries_of_lines(lines, earlier, number))
    return None, []


def _entries_of_lines(lines: Iterable[tuple[int, Line]], head: Head, number: int) -> Iterator[ReportEntry]:
    for row, line in lines:
        if _list_heads(line, head.table).keys() < set(head.table.needs):
            yield from _entries_of_line(line, head, number, row)


def _list_heads(line: Line, table: EntryTable) -> dict[str, int]:
    """Return the place of each column that a line heads; the first place of a label counts."""
    heads: dict[str, int] = {}
    for place, cell in line.items():
        folded = set(spellings(cell.text))
        for code, labels in table.columns.items():
            if folded & {fold(label) for label in labels}:
                heads.setdefault(code, place)
    return heads


def _entries_of_line(line: Line, head: Head, number: int, row: int) -> Iterator[ReportEntry]:
    """Yield the texts of a line. A cell over several columns is a heading, a sum or a remark, and no entry."""
    texts = {code: line[place] for code, place in head.places.items() if place in line and line[place].text.strip()}
    if len(texts) > 1 and len({id(cell) for cell in texts.values()}) == len(texts):
        for code, cell in texts.items():
            text = " ".join(cell.text.split())
            yield ReportEntry(head.table.code, row, code, text, cell.page, number, row, cell.column)


def _numbered(entries: Iterable[ReportEntry]) -> list[ReportEntry]:
    """Return the entries with the lines of each list counted from 1, over all grids; the first attribute counts."""
    numbers: dict[str, dict[tuple[int, int], int]] = {}
    numbered: dict[tuple[str, int, str], ReportEntry] = {}
    for entry in entries:
        own = numbers.setdefault(entry.table, {})
        line = own.setdefault((entry.grid, entry.line), len(own) + 1) if entry.table else 0
        fields = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
        numbered.setdefault((entry.table, line, entry.column), ReportEntry(**(fields | {"line": line})))
    return list(numbered.values())
