"""Place numbers without a readable label where order and arithmetic leave one place.

The statutory tables are a code: nearly every misplaced number breaks an identity. A line without a label between two
labelled rows is placed if as many lines as rows are missing there, and so are columns without a head. Fifteen numbers
alone, in one table or in three, are the table of review and litigation if its heading is above them and its sums hold.
A placement is accepted only if it breaks no identity and satisfies one in each row. The cells have less confidence, and
a finding says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from pipeline.core.form import Form, Table
from pipeline.core.model import Cell, Document, Finding, Grid, GridCell
from pipeline.core.text import is_number, normalize, parse_cell
from pipeline.extract.labels import get_label_index, has_turning_word

CONFIDENCE = 0.7
MIN_NOT_ZERO = 3  # numbers that are not 0, for sums of numbers alone: zeros always add up
HEADING = re.compile("复议|诉讼")  # of the only flat table
_SECTION = re.compile(r"#*\s*[一二三五六七八]、")
Values = Mapping[str, Decimal | None]
Line = Sequence[GridCell]


def place_by_sums(document: Document, form: Form, cells: Sequence[Cell]) -> tuple[list[Cell], list[Finding]]:
    """Return the cells that can be placed without a label, and a finding per table."""
    placed: list[Cell] = []
    for number, grid in enumerate(document.grids):
        for table in form.printed_tables:
            if len(table.blocks) == 1 and any(c.grid == number and c.table == table.code for c in cells):
                columns = list(_place_columns(grid, number, form, table, cells))
                placed += [*columns, *_place_lines(grid, number, form, table, [*cells, *columns])]
    flat_tables = [t for t in form.printed_tables if t.layout == "flat" and not any(c.table == t.code for c in cells)]
    for table in flat_tables:
        placed += _place_flat(document, form, table)
    tables = [table for table in form.printed_tables if any(c.table == table.code for c in placed)]
    return placed, [_finding(table, placed) for table in tables]


def _finding(table: Table, placed: Sequence[Cell]) -> Finding:
    addresses = tuple(cell.address for cell in placed if cell.table == table.code)
    return Finding("extract.by_sums", table.code, "fail", "warning", cells=addresses, note=f"{len(addresses)}")


def _place_lines(grid: Grid, number: int, form: Form, table: Table, cells: Sequence[Cell]) -> Iterator[Cell]:
    """Yield the cells of the lines without a label between two labelled rows of a table with the same columns."""
    own = [cell for cell in cells if cell.grid == number and cell.table == table.code]
    row_of = {cell.grid_row: cell.row for cell in own}
    columns = {cell.grid_column: cell.column for cell in own}
    printed = {cell.address: cell.value for cell in cells}
    rows = list(table.rows)
    for above, below in _gaps(row_of):
        lines = _number_lines(grid, above, below, columns)
        missing = rows[rows.index(row_of[above]) + 1 : rows.index(row_of[below])]
        if not lines or len(lines) != len(missing) or any(cell.row in missing for cell in own):
            continue
        if _has_turned_label(grid, above, below, form):
            continue
        found = [c for row, line in zip(missing, lines, strict=True) for c in _cells(table, row, line, columns, number)]
        if _holds(form, printed | {cell.address: cell.value for cell in found}, found):
            yield from found


def _place_columns(grid: Grid, number: int, form: Form, table: Table, cells: Sequence[Cell]) -> Iterator[Cell]:
    """Yield the cells of the columns without a readable head, if as many columns of numbers as of the table are left.

    They must be in the printed order of the table, and every sum with them must hold.
    """
    own = [cell for cell in cells if cell.grid == number and cell.table == table.code]
    row_of = {cell.grid_row: cell.row for cell in own}
    named = {cell.grid_column: cell.column for cell in own}
    missing = [column for column in table.columns if column not in named.values()]
    printed = [cell for cell in grid.cells if cell.row in row_of and cell.column not in named and is_number(cell.text)]
    places = sorted({cell.column for cell in printed})
    unnamed = dict(zip(places, missing, strict=True)) if len(places) == len(missing) else {}
    in_order = [column for _, column in sorted((named | unnamed).items())]
    if not unnamed or in_order != list(table.columns) or _has_turned_head(grid, unnamed):
        return
    found = [c for cell in printed for c in _cells(table, row_of[cell.row], [cell], unnamed, number)]
    if _holds(form, {cell.address: cell.value for cell in [*cells, *found]}, found):
        yield from found


def _has_turned_label(grid: Grid, above: int, below: int, form: Form) -> bool:
    """Return whether a line between two lines has a label that turns the meaning of a statutory one."""
    index = get_label_index(form.code)
    return any(above < cell.row < below and index.find_row(cell.text).is_opposite for cell in grid.cells)


def _has_turned_head(grid: Grid, columns: Collection[int]) -> bool:
    """Return whether a text that turns a meaning (上年) is over or in a column."""
    return any(cell.column in columns and has_turning_word(cell.text) for cell in grid.cells)


def _gaps(row_of: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of neighbouring labelled lines between which there are other lines."""
    yield from ((above, below) for above, below in pairwise(sorted(row_of)) if below > above + 1)


def _number_lines(grid: Grid, above: int, below: int, columns: Mapping[int, str]) -> list[Line]:
    """Return the lines between two lines that hold a number in each column of the table."""
    lines: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        if above < cell.row < below and cell.column in columns and cell.rowspan == 1 and is_number(cell.text):
            lines.setdefault(cell.row, []).append(cell)
    return [lines[row] for row in sorted(lines) if len(lines[row]) == len(columns)]


def _cells(table: Table, row: str, line: Line, columns: Mapping[int, str], number: int) -> Iterator[Cell]:
    for printed in line:
        column = columns[printed.column]
        unit = table.units[row, column]
        value, kind = parse_cell(printed.text, unit)
        place = (printed.page, number, printed.row, printed.column)
        yield Cell(table.code, row, column, printed.text, value, kind, unit, *place, CONFIDENCE)


def _holds(form: Form, values: Values, placed: Sequence[Cell]) -> bool:
    """Return whether no hard identity of a placed cell fails, and one is known to hold for each placed row."""
    addresses = {cell.address for cell in placed}
    proven: set[str] = set()
    for instance in form.instances:
        sides = (*instance.left, *instance.right)
        if instance.identity.severity != "error" or not addresses & set(sides):
            continue
        known = [values.get(address) for address in sides]
        if any(value is None for value in known):
            continue
        left = sum((values[a] or Decimal(0) for a in instance.left), Decimal(0))
        right = sum((values[a] or Decimal(0) for a in instance.right), Decimal(0))
        if (left != right) if instance.identity.relation == "=" else left > right:
            return False
        proven |= {address.rpartition("/")[0] for address in addresses & set(sides)}
    return {address.rpartition("/")[0] for address in addresses} <= proven


def _place_flat(document: Document, form: Form, table: Table) -> list[Cell]:
    """Return the cells of a flat table whose numbers are alone, in one grid or in one grid per group."""
    lines = [(number, line) for number, grid in _grids_below(document, HEADING) if (line := _only_line(grid))]
    size, groups = len(table.cells), len(table.rows)
    whole = [[(number, line)] for number, line in lines if len(line) == size]
    parts = [lines[i : i + groups] for i in range(len(lines) - groups + 1)]
    split = [p for p in parts if all(len(line) * groups == size for _, line in p) and _are_neighbours(p)]
    found = [cells for candidate in (*whole, *split) if (cells := _flat_cells(form, table, candidate))]
    return found[0] if len(found) == 1 else []


def _grids_below(document: Document, heading: re.Pattern[str]) -> Iterator[tuple[int, Grid]]:
    """Yield number and grid of those below a line with the heading, up to the next section."""
    number, is_below = -1, False
    for block in document.blocks:
        if isinstance(block, Grid):
            number += 1
            if is_below:
                yield number, block
        elif heading.search(normalize(block.text)):
            is_below = True
        elif _SECTION.match(normalize(block.text)):
            is_below = False


def _are_neighbours(lines: Sequence[tuple[int, Line]]) -> bool:
    numbers = [number for number, _ in lines]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _only_line(grid: Grid) -> Line:
    """Return the numbers of a grid that has one line of numbers, else nothing."""
    numbers = [cell for cell in grid.cells if is_number(cell.text)]
    return sorted(numbers, key=lambda cell: cell.column) if len({cell.row for cell in numbers}) == 1 else []


def _flat_cells(form: Form, table: Table, lines: Sequence[tuple[int, Line]]) -> list[Cell]:
    """Return the cells of the numbers in statutory order if all sums hold and enough numbers are not 0."""
    numbers = [(number, cell) for number, line in lines for cell in line]
    found = [
        next(_cells(table, row, [cell], {cell.column: column}, number))
        for (row, column), (number, cell) in zip(table.cells, numbers, strict=True)
    ]
    values = {cell.address: cell.value for cell in found}
    enough = sum(bool(value) for value in values.values()) >= MIN_NOT_ZERO
    return found if enough and _holds(form, values, found) else []
