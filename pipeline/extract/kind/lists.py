"""Read the lists of a kind of report line by line, such as sites with problems, and its attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.core.kind import EntryTable, Kind
from pipeline.core.model import GridCell, ReportEntry
from pipeline.core.text import fold, is_number, is_unit, spellings
from pipeline.extract.kind.labels import Line

MIN_SUMS = 2  # a line with one number counts the lines of the list
MIN_HEADS = 2  # a line with fewer known heads begins no list
_SUMS = frozenset({"合计", "总计", "小计", "共计", "总数", "总和", "累计"})
_SERIAL = frozenset({"序号", "编号", "排名", ""})
_HEADING = re.compile(r"\s*(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）])")
Entry = list[ReportEntry]  # the texts of one line


@dataclass(frozen=True)
class Head:
    """The head of a list: its table, the places of its columns for each list side by side, and the width of the grid.

    `unread` are the texts of the heads that are no column of the list.
    """

    table: EntryTable
    groups: tuple[Mapping[str, int], ...]
    width: int
    unread: tuple[str, ...]


def read_attributes(lines: Sequence[tuple[int, Line]], number: int, kind: Kind) -> Iterator[ReportEntry]:
    """Yield the attributes of a grid: the first text to the right of their labels that is no unit."""
    known = {fold(text): code for code, labels in kind.attributes.items() for text in labels}
    for row, line in lines:
        for column, cell in line.items():
            code = known.get(fold(cell.text))
            right = (line[place] for place in line if place > column and line[place] is not cell)
            value = next((c for c in right if c.text.strip() and not is_unit(c.text)), None)
            if code and value is not None and fold(value.text) not in known:
                yield ReportEntry("", 0, code, value.text.strip(), value.page, number, row, value.column)


def read_list(
    lines: Sequence[tuple[int, Line]], number: int, kind: Kind, earlier: Head | None
) -> tuple[list[Head], list[Entry]]:
    """Return the heads of the lists in a grid, and their lines. A head may come again, with other columns.

    A grid without a head, as wide as that of the list before it, continues that list on the next page. A grid that
    counts problems, and names none, is no list.
    """
    heads = list[Head]()
    if earlier is not None and all(len(line) == earlier.width and not _find_head(line, kind) for _, line in lines):
        heads.append(earlier)
    entries = list[Entry]()
    for row, line in lines:
        if head := _find_head(line, kind):
            heads.append(head)
        elif heads:
            entries += _entries_of_line(line, heads[-1], number, row)
    return heads, [] if all(_is_count(entry, heads) for entry in entries) else entries


def sums_of(lines: Sequence[tuple[int, Line]]) -> Iterator[str]:
    """Yield the lines of sums in a grid that print several numbers; they are no entries."""
    for _, line in lines:
        cells = list({id(cell): cell for cell in line.values()}.values())
        numbers = [cell.text for cell in cells if is_number(cell.text.rstrip("%％"))]
        if len(numbers) >= MIN_SUMS and any(fold(cell.text) in _SUMS for cell in cells):
            yield " ".join(numbers)


def number_entries(entries: Sequence[Entry]) -> Iterator[ReportEntry]:
    """Yield the texts with the lines of each list counted from 1."""
    counts: dict[str, int] = {}
    for entry in entries:
        table = entry[0].table
        counts[table] = counts.get(table, 0) + 1
        yield from (replace(text, line=counts[table]) for text in entry)


def has_list_label(line: Line, kind: Kind) -> bool:
    """Return whether a line has the label of a column of a list."""
    known = {fold(label) for table in kind.entries for labels in table.columns.values() for label in labels}
    return any(known.intersection(spellings(cell.text)) for cell in line.values())


def _find_head(line: Line, kind: Kind) -> Head | None:
    """Return the head of a list that a line is, of the first table whose columns it has."""
    for table in kind.entries:
        codes = _codes_of(line, table)
        groups = _group(codes)
        if groups and len(groups[0]) >= MIN_HEADS and groups[0].keys() >= set(table.needs):
            unread = [
                line[place].text.strip()
                for place in line
                if place not in codes and line.get(place - 1) is not line[place]
            ]
            known = dict.fromkeys(text for text in unread if fold(text) not in _SERIAL)
            return Head(table, groups, len(line), tuple(known))
    return None


def _codes_of(line: Line, table: EntryTable) -> dict[int, str]:
    """Return the column that each place of a line heads; of a wide head the first place."""
    codes: dict[int, str] = {}
    for place, cell in line.items():
        folded = set(spellings(cell.text))
        code = next((c for c, labels in table.columns.items() if folded & {fold(label) for label in labels}), "")
        if code and line.get(place - 1) is not cell:
            codes[place] = code
    return codes


def _group(codes: Mapping[int, str]) -> tuple[Mapping[str, int], ...]:
    """Return the places of the columns, for each of the lists side by side; the first place of a label counts.

    The column that begins the first list begins each of them.
    """
    groups: list[dict[str, int]] = []
    first = next(iter(codes.values()), "")
    for place, code in codes.items():
        if code == first:
            groups.append({})
        groups[-1].setdefault(code, place)
    return tuple(groups)


def _entries_of_line(line: Line, head: Head, number: int, row: int) -> Iterator[Entry]:
    """Yield the texts of a line for each of the lists side by side.

    A sum is no entry, and neither is a heading or a remark: a cell over several columns, or a lone numbered text.
    """
    if any(fold(cell.text) in _SUMS for cell in line.values()):
        return
    for places in head.groups:
        cells = {code: line[place] for code, place in places.items() if place in line and line[place].text.strip()}
        if cells and not _is_remark(list(cells.values())):
            yield [_entry(head.table, code, cell, number, row) for code, cell in cells.items()]


def _is_count(entry: Entry, heads: Sequence[Head]) -> bool:
    """Return whether all texts that an entry needs are numbers."""
    needs = next(head.table.needs for head in heads if head.table.code == entry[0].table)
    needed = [text.text for text in entry if text.column in needs]
    return bool(needed) and all(map(is_number, needed))


def _is_remark(cells: Sequence[GridCell]) -> bool:
    if len({id(cell) for cell in cells}) < len(cells):
        return True
    return len(cells) == 1 and (bool(_HEADING.match(cells[0].text)) or cells[0].colspan > 1)


def _entry(table: EntryTable, code: str, cell: GridCell, number: int, row: int) -> ReportEntry:
    return ReportEntry(table.code, 0, code, " ".join(cell.text.split()), cell.page, number, row, cell.column)
