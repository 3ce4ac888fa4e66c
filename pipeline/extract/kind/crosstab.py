"""Read a table whose lines are groups and whose columns are measures (政府网站 by 检查数), or the other way round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from pipeline.core.kind import Kind
from pipeline.core.model import Cell
from pipeline.core.text import fold, is_number, is_value
from pipeline.extract.kind.cells import NumberedLine, make_cell
from pipeline.extract.kind.heads import MIN_HEADS
from pipeline.extract.kind.labels import GROUP, Line, RowLabel, keys_of, scale_of


def read_crosstab(lines: Sequence[tuple[int, Line]], number: int, kind: Kind) -> Iterator[Cell]:
    """Yield the cells of a grid by the two parts of a row's label, such as 政府网站/检查数: head and beginning."""
    labels = _labels(kind)
    words = {word for pair in labels for word in pair}
    heads: Mapping[int, tuple[str, str]] = {}
    for row, line in lines:
        found = {
            place: (word, scale_of(cell.text)) for place, cell in line.items() if (word := _word(cell.text, words))
        }
        if _is_head(line, found):
            heads = found
            continue
        beginning, numbered = _beginning(line, found), NumberedLine(row, line, number)
        first = _word(beginning, words)
        for place, (head, unit) in heads.items():
            label = labels.get((first, head)) or labels.get((head, first))
            if label and place in line and is_value(line[place].text.rstrip("%％")):
                table = kind.form.tables[label.table]
                codes = [code for own_row, code in table.cells if own_row == label.row]
                column = kind.column if kind.column in codes else codes[0]
                yield make_cell(table, label, column, numbered, line[place], unit or scale_of(beginning))


def _is_head(line: Line, found: Mapping[int, object]) -> bool:
    """Return whether a line heads columns of numbers, several or one (平台, 数量); `found` has its known words."""
    several = len(found) >= MIN_HEADS or (bool(found) and min(line) not in found)
    return several and not any(is_value(cell.text.rstrip("%％")) for cell in line.values() if cell.text.strip())


def _beginning(line: Line, found: Mapping[int, object]) -> str:
    """Return the last known word of a line, '' if something else is left of it than words, numbers and blanks."""
    last = max(found, default=-1)
    left = [cell.text.strip() for place, cell in line.items() if place < last and place not in found]
    return line[last].text if found and not any(text and not is_number(text) for text in left) else ""


def _word(text: str, words: Iterable[str]) -> str:
    """Return the group or measure that a text names, '' for none."""
    return next((key for key in keys_of(text) if key in words), "")


@lru_cache(maxsize=16)
def _labels(kind: Kind) -> Mapping[tuple[str, str], RowLabel]:
    """Return the rows by group and measure, of the labels with one group."""
    found: dict[tuple[str, str], RowLabel] = {}
    for table in kind.form.tables.values():
        for code, label in table.rows.items():
            for text in (label.zh, *kind.spellings.get(code, ())):
                group, separator, own = text.partition(GROUP)
                if separator and GROUP not in own:
                    found[fold(group), fold(own)] = RowLabel(table.code, code, ())
    return found
