"""Name many cells of a report in few words: whole rows first, then single cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.core.form import Form
from pipeline.core.form_parts import Label
from pipeline.core.messages import say

MAX_NAMED = 3  # rows that are named; of the other cells only the number is said
_REMARK = re.compile(r"[（(][^（()）]{6,}[）)]$")  # after a row's label: 部分公开（区分处理的，只计这一情形……）


def row_name(form: Form, cell: str, lang: str) -> str:
    """Return the label of a cell's row, without a long remark in brackets."""
    table, row, _ = cell.split("/")
    return _REMARK.sub("", _in(form.tables[table].rows[row], lang))


def column_name(form: Form, cell: str, lang: str) -> str:
    """Return the label of a cell's column."""
    table, _, column = cell.split("/")
    return _in(form.tables[table].columns[column], lang)


def cells_name(form: Form, cells: Iterable[str], lang: str) -> str:
    """Return names of cells, by row, with their number; a row that lacks no cell is named as a whole."""
    by_row: dict[str, list[str]] = {}
    for cell in cells:
        by_row.setdefault(cell.rpartition("/")[0], []).append(cell)
    names = [_in_row(form, row, lang) for row in list(by_row.values())[:MAX_NAMED]]
    count = sum(map(len, by_row.values()))
    code = "cells.more" if len(by_row) > MAX_NAMED else "cells.all"
    return say(code, lang, list=say("cells.next", lang).join(names), count=count)


def _in_row(form: Form, cells: Sequence[str], lang: str) -> str:
    table, row, _ = cells[0].split("/")
    all_columns = [column for own_row, column in form.tables[table].cells if own_row == row]
    name = row_name(form, cells[0], lang)
    if len(cells) == len(all_columns):
        return say("cells.row", lang, row=name)
    columns = say("cells.next", lang).join(column_name(form, cell, lang) for cell in cells)
    return say("cells.in_row", lang, row=name, columns=columns)


def _in(label: Label, lang: str) -> str:
    return label.zh if lang == "zh" else label.en
