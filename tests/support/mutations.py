"""Mutations of the printed tables of a report, as offices really change them.

A mutation takes the laid-out tables and returns the changed tables and the addresses whose cells may be read
differently. The reader must report those (by a finding, a low confidence or an unknown value), and must read every
other cell as before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pipeline.core.form import Form, forms
from pipeline.core.form_grid import lay_out
from pipeline.core.model import GridCell
from pipeline.simulate.render import render_html_table, render_text_table

Tables = dict[str, list[GridCell]]
REPORTED = "told"  # the reader must report the cells
Change = Callable[[Form, Tables], tuple[Tables, set[str]]]


@dataclass(frozen=True)
class Mutation:
    """A change, and the reading of its touched cells: `same`, the cell kind `na` or `blank`, or REPORTED."""

    name: str
    change: Change
    becomes: str = "same"


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


def text(address: str, new: str) -> Change:
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


def every_text(edit: Callable[[str], str]) -> Change:
    """Return a change that edits every text of every table."""

    def change(form: Form, tables: Tables) -> tuple[Tables, set[str]]:
        return {code: [replace(c, text=edit(c.text)) for c in cells] for code, cells in tables.items()}, set()

    return change


def insert_row(code: str, before: int, texts: tuple[str, ...] | None) -> Change:
    """Return a change that inserts a row before the 0-based row `before`.

    Several texts fill it from the left, one text spans the free width, and None inserts blanks.
    """

    def change(form: Form, tables: Tables) -> tuple[Tables, set[str]]:
        width = max(c.column + c.colspan for c in tables[code])
        shifted = []
        for cell in tables[code]:
            if cell.row >= before:
                shifted.append(replace(cell, row=cell.row + 1))
            elif cell.row + cell.rowspan > before:
                shifted.append(replace(cell, rowspan=cell.rowspan + 1))
            else:
                shifted.append(cell)
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
        shifted = []
        for cell in tables[code]:
            if cell.column >= before:
                shifted.append(replace(cell, column=cell.column + 1))
            elif cell.column + cell.colspan > before:
                shifted.append(replace(cell, colspan=cell.colspan + 1))
            else:
                shifted.append(cell)
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


def drop_texts(code: str, *texts: str) -> Change:
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


def short_header(form: Form, tables: Tables) -> tuple[Tables, set[str]]:
    """Print 14 labels over the 15 numbers of review and litigation."""
    cells = tables["review_litigation"]
    last = max((c for c in cells if c.row == 2), key=lambda c: c.column)
    return {**tables, "review_litigation": [c for c in cells if c is not last]}, set()


NEW = "applications/new/business"
GROUPS = ("（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理", "三、本年度办理结果")
RADICALS = str.maketrans("民门长见一行人政", "⺠⻔⻓⻅⼀⾏⼈政")
WIDE = str.maketrans("0123456789,", "０１２３４５６７８９，")

MUTATIONS = (
    Mutation("nothing", every_text(lambda t: t)),
    Mutation("blank", text(NEW, ""), "blank"),
    Mutation("dash for 0", text("applications/new/other_org", "—"), "na"),
    Mutation("slash for 0", text("applications/new/other_org", "/"), "na"),
    Mutation("words in a cell", text(NEW, "见附件"), REPORTED),
    Mutation("cell missing", drop_cell(NEW), REPORTED),
    Mutation("cell missing in the narrow table", drop_cell("proactive/regulations/issued"), REPORTED),
    Mutation("full width digits", every_text(lambda t: t.translate(WIDE))),
    Mutation("thousands marks", every_text(lambda t: f"{int(t):,}" if t.isdigit() else t)),
    Mutation("units in cells", every_text(lambda t: f"{t}件" if t.isdigit() and t != "0" else t)),
    Mutation("spaces in labels", every_text(lambda t: t if re.fullmatch(r"[\d,.]*", t) else " ".join(t))),
    Mutation(
        "line breaks in labels", every_text(lambda t: f"{t[:3]}\n{t[3:]}" if len(t) > 5 and not t[0].isdigit() else t)
    ),
    Mutation("radicals", every_text(lambda t: t.translate(RADICALS))),
    Mutation("half width brackets", every_text(lambda t: t.replace("（", "(").replace("）", ")"))),
    Mutation("其它 for 其他", every_text(lambda t: t.replace("其他", "其它"))),
    Mutation("other numbering", every_text(lambda t: t.replace("1.", "①").replace("2.", "(2)").replace("3.", "3、"))),
    Mutation("no numbering", every_text(lambda t: re.sub(r"^\d+\.(?=\D)", "", t))),
    Mutation("page mark between rows", insert_row("applications", 12, ("- 4 -",))),
    Mutation("bare page number between rows", insert_row("applications", 12, ("4",))),
    Mutation("page number in Chinese between rows", insert_row("applications", 12, ("第 4 页 共 9 页",))),
    Mutation("note line below", insert_row("applications", 26, ("注：以上数据截至2019年12月31日，共3项。",))),
    Mutation("blank row", insert_row("applications", 10, None)),
    Mutation("blank row in the narrow table", insert_row("proactive", 4, None)),
    Mutation(
        "serial numbers in front", insert_column("applications", 0, "序号", lambda r: str(r - 2) if r > 2 else "")
    ),
    Mutation("notes behind", insert_column("applications", 10, "备注", lambda r: "")),
    Mutation("blank column between", insert_column("applications", 3, "", lambda r: "")),
    Mutation("no header", drop_rows("applications", 3), REPORTED),
    Mutation("no title lines", drop_rows("applications", 1)),
    Mutation("no group labels", drop_texts("applications", *GROUPS)),
    Mutation("one group label missing", drop_texts("applications", "（三）不予公开")),
    Mutation("row of totals missing", drop_rows("applications", ("handled",)), REPORTED),
    Mutation("outcome missing", drop_rows("applications", ("refused.third_party",)), REPORTED),
    Mutation("column of totals missing", drop_total_column, REPORTED),
    Mutation("table split, header repeated", split_table(14, repeat=True)),
    Mutation("table split, no header", split_table(14, repeat=False), REPORTED),
    Mutation("rows exchanged", swap_rows("applications", "refused.third_party", "refused.process_info")),
    Mutation("14 labels over 15 numbers", short_header),
    Mutation("no header over 15 numbers", drop_rows("review_litigation", 3), REPORTED),
    Mutation("no header in the narrow table", drop_rows("proactive", 2), REPORTED),
)


def mutated(code: str, values: Mapping[str, str], mutation: Mutation) -> tuple[Tables, set[str]]:
    """Return the tables of a form after a mutation, and the addresses that it touches."""
    form = forms()[code]
    return mutation.change(form, tables_of(form, values))


def as_html(tables: Tables) -> bytes:
    """Return the tables as a web page."""
    lines = [line for cells in tables.values() for line in render_html_table(cells)]
    return ("<html><body><p>甲</p>" + "\n".join(lines) + "</body></html>").encode()


def as_text(tables: Tables) -> bytes:
    """Return the tables as text with tabs between fields; a row that lost a cell has one field less."""
    flat = {code: [_one_line(c) for c in cells] for code, cells in tables.items()}
    return "\n\n表格\n\n".join("\n".join(_ragged(cells)) for cells in flat.values()).encode()


def _ragged(cells: list[GridCell]) -> list[str]:
    """Return the lines of a table, each cut after the last cell of its row."""
    ends: dict[int, int] = {}
    for cell in cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            ends[row] = max(ends.get(row, 0), cell.column + cell.colspan)
    return ["\t".join(line.split("\t")[: ends[row]]) for row, line in enumerate(render_text_table(cells))]


def _one_line(cell: GridCell) -> GridCell:
    """Return the cell with its line breaks replaced by spaces."""
    return GridCell(" ".join(cell.text.split()), cell.row, cell.column, cell.rowspan, cell.colspan)
