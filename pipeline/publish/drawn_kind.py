"""Draw a report of another kind for a page: its numbers without empty rows, its lists and attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.core.form import Table
from pipeline.core.kind import Kind
from pipeline.core.messages import say
from pipeline.core.model import Extraction
from pipeline.publish.drawn_table import CellContent, DrawnCell

NOTHING = CellContent("")


@dataclass(frozen=True)
class DrawnList:
    """A list of a report, such as websites with problems: its title, the labels of its columns, and its lines."""

    title: str
    heads: Sequence[str]
    lines: Sequence[Sequence[str]]


def draw_given(table: Table, contents: Mapping[str, CellContent], lang: str) -> list[list[DrawnCell]]:
    """Return the rows and columns of a table that the report gives or a problem names, below a head."""
    given = [(row, column) for row, column in table.cells if f"{table.code}/{row}/{column}" in contents]
    columns = [column for column in table.columns if any(own == column for _, own in given)]
    lines = [[_label(""), *(_label(_name(table.columns[column], lang)) for column in columns)]]
    for row in dict.fromkeys(row for row, _ in given):
        addresses = [f"{table.code}/{row}/{column}" for column in columns]
        label = table.rows[row]
        unit = label.unit or next(iter(table.units[own] for own in given if own[0] == row), "")
        name = f"{_name(label, lang)}（{unit}）" if unit else _name(label, lang)
        lines.append([_label(name), *(_cell(address, contents) for address in addresses)])
    return lines if given else []


def _name(label: object, lang: str) -> str:
    return str(getattr(label, "zh" if lang == "zh" else "en"))


def _label(text: str) -> DrawnCell:
    return DrawnCell(text, 1, 1)


def _cell(address: str, contents: Mapping[str, CellContent]) -> DrawnCell:
    content = contents.get(address, NOTHING)
    return DrawnCell(content.text, 1, 1, address, content.css_class, content.note)


def draw_lists(entries: Sequence[Mapping[str, Any]], lang: str) -> list[DrawnList]:
    """Return the lists of a report, then its attributes; a list has the columns that any of its lines fills.

    An entry has the keys `list`, `line`, `column`, `text`, the names `zh` and `en` of the list, and the `heading`.
    """
    lists = {}
    for code in sorted({row["list"] for row in entries}, key=lambda code: (not code, code)):
        own = [row for row in entries if row["list"] == code]
        lists[code] = _draw_list(own, lang) if code else _draw_attributes(own, lang)
    return list(lists.values())


def _draw_list(entries: Sequence[Mapping[str, Any]], lang: str) -> DrawnList:
    columns = dict.fromkeys((row["column"], row["heading"]) for row in entries)
    lines: dict[int, dict[str, str]] = {}
    for row in entries:
        lines.setdefault(row["line"], {})[row["column"]] = row["text"]
    texts = [[line.get(code, "") for code, _ in columns] for _, line in sorted(lines.items())]
    title = entries[0]["zh" if lang == "zh" else "en"] or entries[0]["list"]
    return DrawnList(title, [label for _, label in columns], texts)


def _draw_attributes(entries: Sequence[Mapping[str, Any]], lang: str) -> DrawnList:
    return DrawnList(say("report.attributes", lang), [], [[row["heading"], row["text"]] for row in entries])


def entries_of(kind: Kind, extraction: Extraction) -> Iterator[dict[str, Any]]:
    """Yield the texts of lists and attributes with the names of their lists and columns."""
    tables = {table.code: table for table in kind.entries}
    for entry in extraction.entries:
        table = tables.get(entry.table)
        labels = (table.columns if table else kind.attributes).get(entry.column, (entry.column,))
        names = {"zh": table.zh if table else "", "en": table.en if table else "", "heading": labels[0]}
        yield {"list": entry.table, "line": entry.line, "column": entry.column, "text": entry.text, **names}
