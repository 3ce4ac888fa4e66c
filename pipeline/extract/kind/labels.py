"""Find the labels of a kind's rows and columns in the lines of a grid.

A label is the text of a row or column of the kind's tables, or one of its other spellings. A row such as 信息发布/总数
prints the words before the slash to the left of its own, as the name of a group, or in one word with it: 信息发布总数.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.core.kind import Kind
from pipeline.core.model import Grid, GridCell
from pipeline.core.text import fold, header_unit, normalize, spellings
from pipeline.core.units import UNKNOWN

GROUP = "/"  # between the words of a row's label
_MULTIPLE = re.compile("[十百千万亿]")
_NUMBERING = re.compile("^(?:[一二三四五六七八九十]+、|[0-9]+[.、])")
_NOTE = re.compile(r"\([^()]*\)$")
Line = Mapping[int, GridCell]  # the cells of a line of a grid by column; a spanning cell is in each column


@dataclass(frozen=True)
class RowLabel:
    """A row of a table of the kind, the words to the left of its label, and the unit that a line prints with them."""

    table: str
    row: str
    groups: tuple[str, ...]
    unit: str = ""


def list_lines(grid: Grid) -> list[tuple[int, Line]]:
    """Return the lines of a grid in order, each with its cells by column."""
    lines: dict[int, dict[int, GridCell]] = {}
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            for column in range(cell.column, cell.column + cell.colspan):
                lines.setdefault(row, {})[column] = cell
    return [(row, dict(sorted(lines[row].items()))) for row in sorted(lines)]


def scale_of(label: str) -> str:
    """Return the unit that a label prints; '' for a word that counts things and is no multiple, such as 单位：期."""
    unit = header_unit(label)
    return "" if unit == UNKNOWN and not _MULTIPLE.search(label) else unit


def keys_of(label: str) -> tuple[str, ...]:
    """Return the texts that a label can be found by, first as it is (1季度), then without its numbering."""
    compact = "".join(normalize(label).split())
    return tuple(dict.fromkeys((compact, _NOTE.sub("", compact), *spellings(label))))


@lru_cache(maxsize=16)
def row_labels(kind: Kind) -> Mapping[str, tuple[RowLabel, ...]]:
    """Return the rows of the kind by each key of their label; not those that a key does not tell apart."""
    found: dict[str, list[RowLabel]] = {}
    for table in kind.form.tables.values():
        for code, label in table.rows.items():
            for text in (label.zh, *kind.spellings.get(code, ())):
                *groups, own = text.split(GROUP)
                grouped = RowLabel(table.code, code, tuple(map(fold, groups)))
                for key in keys_of(own):
                    found.setdefault(key, []).append(grouped)
                found.setdefault(fold(text.replace(GROUP, "")), []).append(RowLabel(table.code, code, ()))
    return {key: _with_single(_unambiguous(labels)) for key, labels in found.items()}


def _unambiguous(labels: Iterable[RowLabel]) -> tuple[RowLabel, ...]:
    rows: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for label in labels:
        rows.setdefault((label.table, label.groups), set()).add(label.row)
    return tuple(dict.fromkeys(label for label in labels if len(rows[label.table, label.groups]) == 1))


def _with_single(labels: tuple[RowLabel, ...]) -> tuple[RowLabel, ...]:
    """Return the rows, without its group too if a label is that of one row only: 概况类信息更新量."""
    rows = {(label.table, label.row) for label in labels}
    return tuple(dict.fromkeys((*labels, *(RowLabel(*row, ()) for row in rows)))) if len(rows) == 1 else labels


@lru_cache(maxsize=16)
def column_labels(kind: Kind, several: bool) -> Mapping[str, str]:
    """Return the columns, of the tables with several columns or with one, by each key that only their label has."""
    found: dict[str, set[str]] = {}
    for table in kind.form.tables.values():
        if (len(table.columns) > 1) == several:
            for code, label in table.columns.items():
                for key in (key for text in (label.zh, *kind.spellings.get(code, ())) for key in keys_of(text)):
                    found.setdefault(key, set()).add(code)
    return {key: next(iter(codes)) for key, codes in found.items() if len(codes) == 1}


def labels_in(line: Line, kind: Kind, above: Sequence[str] = ()) -> dict[int, list[RowLabel]]:
    """Return the rows that the labels of a line may mean, by the last column of each label.

    `above` are the names of groups that lines above print for this one.
    """
    labels: dict[int, list[RowLabel]] = {}
    left = list(above)
    for column, cell in line.items():
        if line.get(column + 1) is cell:
            continue
        bare = {fold(_NUMBERING.sub("", normalize(text)).split("(")[0]) for text in left}
        unit = next((unit for text in (cell.text, *reversed(left)) if (unit := scale_of(text))), "")
        options = [
            RowLabel(label.table, label.row, label.groups, unit)
            for key in keys_of(cell.text)
            for label in row_labels(kind).get(key, ())
            if all(group in bare for group in label.groups)
        ]
        if options and fold(cell.text):
            labels[column] = list(dict.fromkeys(options))
        left.append(cell.text)
    return labels


def heads_in(line: Line, kind: Kind, several: bool = True) -> dict[int, tuple[str, str]]:
    """Return the column that each place of a line heads, with the printed unit; of a wide head only the first place."""
    known = column_labels(kind, several)
    pairs = (
        (place, cell, next((known[key] for key in keys_of(cell.text) if key in known), ""))
        for place, cell in line.items()
        if line.get(place - 1) is not cell
    )
    return {place: (code, scale_of(cell.text)) for place, cell, code in pairs if code}
