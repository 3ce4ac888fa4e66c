"""Changes of the laid-out tables of a report, as offices make them: cells, rows, columns and labels.

A change takes a form and its tables, and returns the changed tables and the addresses whose cells may be read
differently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Literal

from pipeline.core.form import Form
from pipeline.core.form_grid import lay_out
from pipeline.core.model import GridCell

Tables = dict[str, list[GridCell]]
Change = Callable[[Form, Tables], tuple[Tables, set[str]]]


def tables_of(form: Form, values: Mapping[str, str]) -> Tables:
    """Return the printed tables of a form with the printed texts by address."""
    return {table.code: lay_out(table, values) for table in form.printed_tables}


def _cell(tables: Tables, form: Form, address: str) -> GridCell:
    """Find the value cell of an address by the label of its row and its position among the values."""
    code, row, column = address.split("/")
    table = form.tables[code]
    label = next(c for c in tables[code] if c.text == table.rows[row].zh)
    line = sorted((c for c in tables[code] if c.row == label.row and c.column > label.column), key=lambda c: c.column)
    return line[table.block_of(row).columns.index(column)]


def replace_text(address: str, new: str) -> Change:
    """Return a change that prints another text in one cell."""

    def change(form: Form, tables: Tables) -> tuple[Tables, set[str]]:
        code = address.split("/")[0]
        old = _cell(tables, form, address)
        cells = [replace(c, text=new) if c is old else c for c in tables[code]]
        return {**tables, code: cells}, {address}

    return change


def drop_cell(address: str) -> Change:
    """Return a change that leaves out a cell, so that the following cells move left; it touches the whole row."""

    def change(form: Form, tables: Tables) -> tuple[Tables, set[str]]:
        code, row, _ = address.split("/")
        old = _cell(tables, form, address)
        shifted = [
            replace(c, column=c.column - 1) if c.row == old.row and c.column > old.column else c for c in tables[code]
        ]
        touched = {f"{code}/{row}/{c}" for c in form.tables[code].block_of(row).columns}
        return {**tables, code: [c for c in shifted if c is not old]}, touched

    return change


def edit_every_text(edit: Callable[[str], str]) -> Change:
    """Return a change that edits every text of every table."""

    def change(form: Form, tables: Tables) -> tuple[Tables, set[str]]:
        return {code: [replace(c, text=edit(c.text)) for c in cells] for code, cells in tables.items()}, set()

    return change


def make_room(cells: Iterable[GridCell], axis: Literal["row", "column"], before: int) -> list[GridCell]:
    """Move the cells from the 0-based row or column `before` on by one, and widen those that reach over its start."""
    span = {"row": "rowspan", "column": "colspan"}[axis]
    moved_cells = []
    for cell in cells:
        start, length = getattr(cell, axis), getattr(cell, span)
        changes: dict[str, Any] = {}
        if start >= before:
            changes = {axis: start + 1}
        elif start + length > before:
            changes = {span: length + 1}
        moved_cells.append(replace(cell, **changes))
    return moved_cells


def insert_row(code: str, before: int, texts: tuple[str, ...] | None) -> Change:
    """Return a change that inserts a row before the 0-based row `before`.

    Several texts fill it from the left, one text spans the free width, and None inserts blanks.
    """

    def change(form: Form, tables: Tables) -> tuple[Tables, set[str]]:
        width = max(c.column + c.colspan for c in tables[code])
        shifted = make_room(tables[code], "row", before)
        covered = {
            x for c in shifted if c.row < before < c.row + c.rowspan for x in range(c.column, c.column + c.colspan)
        }
        free = [x for x in range(width) if x not in covered]
        if texts is not None and len(texts) == 1:
            shifted.append(GridCell(texts[0], before, free[0], 1, len(free)))
        else:
            filled = dict(zip(free, texts or (), strict=False))
            shifted += [GridCell(filled.get(x, ""), before, x) for x in free]
        return {**tables, code: shifted}, set()

    return change


def insert_column(code: str, before: int, head: str, cell_text: Callable[[int], str]) -> Change:
    """Return a change that inserts a column, such as one of serial numbers; `cell_text` gets the 0-based row."""

    def change(form: Form, tables: Tables) -> tuple[Tables, set[str]]:
        height = max(c.row + c.rowspan for c in tables[code])
        shifted = make_room(tables[code], "column", before)
        covered = {
            x for c in shifted if c.column < before < c.column + c.colspan for x in range(c.row, c.row + c.rowspan)
        }
        shifted += [GridCell(head if r == 0 else cell_text(r), r, before) for r in range(height) if r not in covered]
        return {**tables, code: shifted}, set()

    return change


def drop_rows(code: str, rows: tuple[str, ...] | int) -> Change:
    """Return a change that leaves out the named rows, or the first `rows` lines (the header)."""

    def change(form: Form, tables: Tables) -> tuple[Tables, set[str]]:
        table = form.tables[code]
        if isinstance(rows, int):
            removed_rows = set(range(rows))  # the header is the only label of the numbers in a flat table
            touched = {f"{code}/{r}/{c}" for r, c in table.cells} if table.layout == "flat" else set()
        else:
            labels = {table.rows[r].zh for r in rows}
            removed_rows = {c.row for c in tables[code] if c.text in labels}
            touched = {f"{code}/{r}/{c}" for r in rows for c in table.block_of(r).columns}
        return {**tables, code: _without_rows(tables[code], removed_rows)}, touched

    return change


def _without_rows(cells: list[GridCell], removed_rows: set[int]) -> list[GridCell]:
    """Remove rows, move the following rows up and shorten the spans over them."""
    remaining = []
    for cell in cells:
        lines = [r for r in range(cell.row, cell.row + cell.rowspan) if r not in removed_rows]
        if lines:
            remaining.append(replace(cell, row=lines[0] - sum(r < lines[0] for r in removed_rows), rowspan=len(lines)))
    return remaining


def blank_labels(code: str, *texts: str) -> Change:
    """Return a change that blanks labels, such as those of groups, but never labels of rows."""

    def change(form: Form, tables: Tables) -> tuple[Tables, set[str]]:
        labels = set(texts) - {label.zh for label in form.tables[code].rows.values()}
        return {**tables, code: [replace(c, text="") if c.text in labels else c for c in tables[code]]}, set()

    return change


def drop_total_column(form: Form, tables: Tables) -> tuple[Tables, set[str]]:
    """Leave out the column of totals with its header."""
    cells = tables["applications"]
    last = max(c.column for c in cells)
    narrowed = [replace(c, colspan=c.colspan - 1) if c.column + c.colspan > last > c.column else c for c in cells]
    touched = {f"applications/{r}/total" for r in form.tables["applications"].rows}
    return {**tables, "applications": [c for c in narrowed if c.column != last]}, touched


def split_table(at: int, repeat: bool) -> Change:
    """Return a change that splits the applications table before the 0-based row `at`.

    `repeat` repeats the three lines of the header in the second part.
    """

    def change(form: Form, tables: Tables) -> tuple[Tables, set[str]]:
        cells = tables["applications"]
        height = max(c.row + c.rowspan for c in cells)
        first_part = _without_rows(cells, set(range(at, height)))
        removed_rows = set(range(3, at)) if repeat else set(range(at))
        return {**tables, "applications": first_part, "applications again": _without_rows(cells, removed_rows)}, set()

    return change


def swap_rows(code: str, one: str, other: str) -> Change:
    """Return a change that exchanges two rows."""

    def change(form: Form, tables: Tables) -> tuple[Tables, set[str]]:
        table = form.tables[code]
        first, second = (next(c.row for c in tables[code] if c.text == table.rows[r].zh) for r in (one, other))
        places = {first: second, second: first}
        cells = [replace(c, row=places.get(c.row, c.row)) if c.rowspan == 1 else c for c in tables[code]]
        return {**tables, code: cells}, set()

    return change


def drop_last_header_label(form: Form, tables: Tables) -> tuple[Tables, set[str]]:
    """Print 14 labels over the 15 numbers of review and litigation."""
    cells = tables["review_litigation"]
    last = max((c for c in cells if c.row == 2), key=lambda c: c.column)
    return {**tables, "review_litigation": [c for c in cells if c is not last]}, set()
