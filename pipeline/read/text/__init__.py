"""Read plain text. Tables are recognised by tabs, bars, runs of spaces, or one cell per line; other lines are prose.

Only bars show columns for certain. All other grids are not `exact`, and a row that lost a blank is left short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby

from pipeline.core.model import DataFault, Document, Grid, GridCell, Paragraph
from pipeline.read.text.aligned_rows import is_table_row
from pipeline.read.text.aligned_tables import read_aligned_table
from pipeline.read.text.bar_tables import is_bar, is_bar_row, read_bar_tables
from pipeline.read.text.cell_lines import join_cell_lines
from pipeline.read.text.lines import Line, flag_prose, has_list_number, is_single_value, read_paragraphs, split_lines
from pipeline.read.text.stacked_tables import read_stacked_table
from pipeline.read.title import find_title

MAX_CELLS = 200_000
MAX_LINES, MAX_LINE_CHARS = 200_000, 100_000
DETECTION_CHARS, MIN_PRINTABLE_SHARE = 4096, 0.95
MIN_STACKED_VALUES = 5  # lines with only a value that make a stacked table
MAX_HEAD_LINES = 60  # lines above the first values in which their heads are searched
_SEPARATORS = re.compile(r"[\t|｜│┃]")


def is_text(decoded_text: str) -> bool:
    """Return whether the content is printable, as text written by people is. Call it after the other predicates."""
    head = decoded_text[:DETECTION_CHARS]
    return sum(c.isprintable() or c in "\r\n\t\f\ufeff" for c in head) >= MIN_PRINTABLE_SHARE * len(head)


def read(decoded_text: str) -> Document:
    """Return the Document of a text. Raises DataFault for more cells or lines, or longer ones, than any report has."""
    if len(_SEPARATORS.findall(decoded_text)) > MAX_CELLS:
        raise DataFault("read.too_many_cells", limit=MAX_CELLS)
    raw_lines = decoded_text.splitlines()
    if len(raw_lines) > MAX_LINES or max(map(len, raw_lines), default=0) > MAX_LINE_CHARS:
        raise DataFault("read.too_long", lines=MAX_LINES, characters=MAX_LINE_CHARS)
    blocks = tuple(_read_blocks(join_cell_lines(split_lines(decoded_text))))
    return Document(blocks, "text", "text", find_title(blocks))


def _read_blocks(lines: Sequence[Line]) -> Iterator[Paragraph | Grid]:
    """Yield the paragraphs and grids of a text in reading order."""
    for separator, run in _group_by_separator(lines):
        if separator == "tabs":
            yield _read_tabbed_table([line for line in run if not line.is_blank])
        elif separator == "bars":
            yield from read_bar_tables(run)
        else:
            yield from _read_unseparated(run)


def _group_by_separator(lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Yield runs of lines with one separator (`tabs`, `bars`, `none`); a blank line belongs to the run before it."""
    separator = ""
    separators = [separator := (_find_separator(line) if not line.is_blank else separator) for line in lines]
    for run_separator, pairs in groupby(zip(separators, lines, strict=True), key=lambda pair: pair[0]):
        yield run_separator, [line for _, line in pairs]


def _find_separator(line: Line) -> str:
    if "\t" in line.text:
        return "tabs"
    return "bars" if is_bar_row(line) else "none"


def _read_tabbed_table(lines: Sequence[Line]) -> Grid:
    """Return lines with tabs as a grid."""
    rows = ((r, line.page, line.text.split("\t")) for r, line in enumerate(lines))
    cells = (GridCell(text.strip(), r, c, page=page) for r, page, row in rows for c, text in enumerate(row))
    return Grid(tuple(cells), exact=False)


def _read_unseparated(lines: Sequence[Line]) -> Iterator[Paragraph | Grid]:
    """Yield the prose in lines without separators, and the aligned or stacked tables in it."""
    value_flags = [is_single_value(line.text) for line in lines]
    row_flags = [is_table_row(line) for line in lines]
    is_stacked = sum(value_flags) >= MIN_STACKED_VALUES and sum(value_flags) > sum(row_flags)
    read_table = read_stacked_table if is_stacked else read_aligned_table
    at = 0
    for first, last in _find_tables(lines, value_flags if is_stacked else row_flags, is_stacked):
        yield from read_paragraphs(lines[at:first])
        yield read_table(lines[first:last])
        at = last
    yield from read_paragraphs(lines[at:])


def _find_tables(lines: Sequence[Line], value_flags: Sequence[bool], is_stacked: bool) -> Iterator[tuple[int, int]]:
    """Yield the tables as ranges of line numbers (first, one after the last), separated by prose.

    `value_flags` is true for lines with values. A table begins with the heads above its first values. It ends with its
    last label (aligned), or with the blank cells after its last value (stacked).
    """
    prose_flags = flag_prose(lines)
    prose_counts = list(accumulate(prose_flags))
    continues = _is_blank_cell if is_stacked else _can_continue_label
    end = 0
    for _, group in groupby((i for i, has_value in enumerate(value_flags) if has_value), key=lambda i: prose_counts[i]):
        value_lines = list(group)
        first = value_lines[0]
        while first > end and value_lines[0] - first < MAX_HEAD_LINES and not prose_flags[first - 1]:
            first -= 1
        end = value_lines[-1] + 1
        while end < len(lines) and not prose_flags[end] and continues(lines[end]):
            end += 1
        yield first, end


def _can_continue_label(line: Line) -> bool:
    """Return whether a line after the last values may continue their label."""
    return not line.is_blank and not has_list_number(line.text)


def _is_blank_cell(line: Line) -> bool:
    """Return whether a line after the last value is a blank cell.

    Blank cells at the end are part of a stacked table: without them its last values would seem to be others.
    """
    return line.is_blank or is_bar(line)
