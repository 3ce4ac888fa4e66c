"""Mutations of the printed tables of a report, as offices really change them.

A mutation takes the laid-out tables and returns the changed tables and the addresses whose cells may be read
differently. The reader must report those (by a finding, a low confidence or an unknown value), and must read every
other cell as before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.core.form import forms
from pipeline.core.model import GridCell
from pipeline.simulate.render import render_html_table, render_text_table
from support.table_changes import (
    Change,
    Tables,
    blank_labels,
    drop_cell,
    drop_last_header_label,
    drop_rows,
    drop_total_column,
    edit_every_text,
    insert_column,
    insert_row,
    replace_text,
    split_table,
    swap_rows,
    tables_of,
)

REPORTED = "told"  # the reader must report the cells


@dataclass(frozen=True)
class Mutation:
    """A change, and the reading of its touched cells: `same`, the cell kind `na` or `blank`, or REPORTED."""

    name: str
    change: Change
    becomes: str = "same"


NEW = "applications/new/business"
GROUPS = ("（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理", "三、本年度办理结果")
RADICALS = str.maketrans("民门长见一行人政", "⺠⻔⻓⻅⼀⾏⼈政")
WIDE = str.maketrans("0123456789,", "０１２３４５６７８９，")

MUTATIONS = (
    Mutation("nothing", edit_every_text(lambda t: t)),
    Mutation("blank", replace_text(NEW, ""), "blank"),
    Mutation("dash for 0", replace_text("applications/new/other_org", "—"), "na"),
    Mutation("slash for 0", replace_text("applications/new/other_org", "/"), "na"),
    Mutation("words in a cell", replace_text(NEW, "见附件"), REPORTED),
    Mutation("raised digit behind a number", replace_text(NEW, "8²"), REPORTED),
    Mutation("circled number", replace_text(NEW, "㉑"), REPORTED),
    Mutation("two numbers in a cell", replace_text(NEW, "8；9"), REPORTED),
    Mutation("cell missing", drop_cell(NEW), REPORTED),
    Mutation("cell missing in the narrow table", drop_cell("proactive/regulations/issued"), REPORTED),
    Mutation("full width digits", edit_every_text(lambda t: t.translate(WIDE))),
    Mutation("thousands marks", edit_every_text(lambda t: f"{int(t):,}" if t.isdigit() else t)),
    Mutation("units in cells", edit_every_text(lambda t: f"{t}件" if t.isdigit() and t != "0" else t)),
    Mutation("spaces in labels", edit_every_text(lambda t: t if re.fullmatch(r"[\d,.]*", t) else " ".join(t))),
    Mutation(
        "line breaks in labels",
        edit_every_text(lambda t: f"{t[:3]}\n{t[3:]}" if len(t) > 5 and not t[0].isdigit() else t),
    ),
    Mutation("radicals", edit_every_text(lambda t: t.translate(RADICALS))),
    Mutation("half width brackets", edit_every_text(lambda t: t.replace("（", "(").replace("）", ")"))),
    Mutation("其它 for 其他", edit_every_text(lambda t: t.replace("其他", "其它"))),
    Mutation(
        "other numbering",
        edit_every_text(lambda t: re.sub(r"^1\.(?!\d)", "①", t).replace("2.", "(2)").replace("3.", "3、")),
    ),
    Mutation("no numbering", edit_every_text(lambda t: re.sub(r"^\d+\.(?=\D)", "", t))),
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
    Mutation("no group labels", blank_labels("applications", *GROUPS)),
    Mutation("one group label missing", blank_labels("applications", "（三）不予公开")),
    Mutation("row of totals missing", drop_rows("applications", ("handled",)), REPORTED),
    Mutation("outcome missing", drop_rows("applications", ("refused.third_party",)), REPORTED),
    Mutation("column of totals missing", drop_total_column, REPORTED),
    Mutation("table split, header repeated", split_table(14, repeat=True)),
    Mutation("table split, no header", split_table(14, repeat=False), REPORTED),
    Mutation("rows exchanged", swap_rows("applications", "refused.third_party", "refused.process_info")),
    Mutation("14 labels over 15 numbers", drop_last_header_label),
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
