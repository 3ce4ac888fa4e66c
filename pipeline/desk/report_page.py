"""The numbers and lists of a report on its page in 核对: the printed form, or what a report of another kind gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from pipeline.core.form import Form, forms
from pipeline.core.kinds import find_form
from pipeline.core.messages import say
from pipeline.core.sentences import number
from pipeline.job.queue import QueueItem
from pipeline.publish.drawn_kind import NOTHING, DrawnList, draw_given, draw_lists
from pipeline.publish.drawn_table import CellContent, DrawnCell, draw_table
from pipeline.storage.database import Row, ask

Contents = Mapping[str, CellContent]
DrawnRows = Sequence[Sequence[DrawnCell]]


@dataclass(frozen=True)
class ReportPage:
    """The content of a report: its tables with their captions, and its lists.

    `choices` has for each problem the cells among which a person chooses the one to correct, each with its label; none
    where the page knows the cell. `is_form` means that the tables are those of a printed form.
    """

    tables: Sequence[tuple[str, DrawnRows]]
    lists: Sequence[DrawnList]
    choices: Sequence[Sequence[tuple[str, str]]]
    is_form: bool = False


def read_page(connection: duckdb.DuckDBPyConnection, report: Row, items: Sequence[QueueItem], lang: str) -> ReportPage:
    """Return the content of a report with the cells marked that its problems name. `report` has its id and form."""
    chosen, form = {"report": report["report_id"]}, find_form(report["form"])
    if form is None:
        return ReportPage((), (), [()] * len(items))
    if form.code in forms():
        contents = {row["cell"]: CellContent(row["raw"]) for row in ask(connection, "desk_cells", chosen)}
        marked = {cell: content for cell, content in _mark(contents, items).items() if cell in contents}
        drawn = [(t.zh if lang == "zh" else t.en, draw_table(t, marked)) for t in form.printed_tables]
        return ReportPage(drawn, (), [()] * len(items), is_form=True)
    contents = {row["cell"]: _content(row, lang) for row in ask(connection, "desk_kind_values", chosen)}
    drawn = [
        (table.zh if lang == "zh" else table.en, rows)
        for table in form.tables.values()
        if (rows := draw_given(table, _mark(contents, items), lang))
    ]
    choices = [_choices(item, contents, form, lang) for item in items]
    return ReportPage(drawn, draw_lists(ask(connection, "desk_kind_entries", chosen), lang), choices)


def _content(row: Row, lang: str) -> CellContent:
    """Return a value as printed; one that is not is named as such."""
    if row["origin"] == "printed":
        return CellContent(row["raw"] or "")
    note = f"{number(row['value'])}（{say('origin.' + row['origin'], lang)}）"
    return CellContent(row["raw"] or "", "" if row["raw"] else "derived", note if row["value"] is not None else "")


def _mark(contents: Contents, items: Sequence[QueueItem]) -> Contents:
    """Return the contents with marks on the cells of the problems, and with the implied numbers of the wrong ones."""
    marks = {cell: "wrong" if item.accept else "doubted" for item in reversed(items) for cell in item.cells}
    marked = {cell: replace(contents.get(cell, NOTHING), css_class=mark) for cell, mark in marks.items()}
    implied = {cell: value for item in items for cell, value in item.implied.items()}
    wrong = {
        cell: CellContent(contents.get(cell, NOTHING).text, "wrong", f"→ {value}") for cell, value in implied.items()
    }
    return {**contents, **marked, **wrong}


def _choices(item: QueueItem, contents: Contents, form: Form, lang: str) -> list[tuple[str, str]]:
    """Return the printed cells among which a person chooses, if the problem does not name a single one."""
    printed = [cell for cell in item.cells if contents.get(cell, NOTHING).text]
    return [(cell, form.label(cell, lang)) for cell in printed] if len(item.cells) > 1 and not item.accept else []
