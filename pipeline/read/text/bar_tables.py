"""Read tables drawn with vertical bars, such as Markdown's: `| a | b |`.

In a stacked table each bar has its own line between two cells: `is_bar` recognises it, and `stacked_cells` reads them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.core.model import DataFault, Grid, GridCell
from pipeline.core.text import is_value
from pipeline.read.text.lines import Line

MAX_COLUMNS = 200
_BARS = re.compile(r"(?<!\\)[|｜│┃]")
_RULE = re.compile(r"[\s|｜│┃+:=\-─━┼├┤┌┐└┘┬┴]+")
_EMPHASIS = re.compile(r"\*\*|__|`")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def is_bar(line: Line) -> bool:
    """Return whether a line is a single bar."""
    return bool(_BARS.fullmatch(line.text.strip()))


def is_bar_row(line: Line) -> bool:
    """Return whether a line is a row of cells between bars, or a rule (|---|---|) of such a table."""
    text = line.text.strip()
    return len(_BARS.findall(text)) > 1 or (_is_rule(text) and "|" in text)


def read_bar_tables(lines: Sequence[Line]) -> Iterator[Grid]:
    """Yield the tables in a run of rows and blank lines; a rule below a row makes it the first row of a new table.

    Raises DataFault for a row with more cells than any report's.
    """
    rows: list[tuple[Line, list[str]]] = []
    for line in (x for x in lines if not x.is_blank):
        if _is_rule(line.text.strip()):
            # The row above a rule is a heading, so the rows before it are another table.
            if len(rows) > 1 and _has_rules_only_below_headings(lines):
                yield _make_grid(rows[:-1])
                rows = rows[-1:]
        elif fields := _split_fields(line.text):
            rows.append((line, fields))
    if rows:
        yield _make_grid(rows)


def _has_rules_only_below_headings(lines: Sequence[Line]) -> bool:
    """Return whether at most a third of the lines are rules; a table with a rule below each row has more."""
    rule_count = sum(_is_rule(line.text.strip()) for line in lines if not line.is_blank)
    return rule_count * 3 <= sum(not line.is_blank for line in lines)


def _is_rule(text: str) -> bool:
    """Return whether a line is drawn from bars and dashes; a row whose only text is a mark for "none" is not."""
    return bool(_RULE.fullmatch(text)) and any(c in text for c in "-─━=") and not is_value(text.strip("|｜ "))


def _split_fields(text: str) -> list[str]:
    """Return the texts between the bars of a row, without the outer bars; none for a long line of only bars.

    Raises DataFault for more texts than any report's row has.
    """
    text = text.strip()
    bars = [m.start() for m in _BARS.finditer(text)]
    if bars and bars[0] == 0:
        text = text[1:]
    if bars and bars[-1] == len(text) - (bars[0] != 0):
        text = text[:-1]
    fields = [_clean_field(field) for field in _BARS.split(text)]
    if len(fields) > MAX_COLUMNS and not any(fields):
        return []
    if len(fields) > MAX_COLUMNS:
        raise DataFault("read.too_many_columns", limit=MAX_COLUMNS)
    return fields


def _clean_field(text: str) -> str:
    """Return a field's text without Markdown and HTML marks."""
    text = html.unescape(_BREAK.sub(" ", text)).replace("\\|", "|").replace("\\", "")
    return " ".join(_EMPHASIS.sub("", text).split())


def _make_grid(rows: Sequence[tuple[Line, list[str]]]) -> Grid:
    """Return rows of fields as a grid; it is exact only if nothing suggests that merged cells were dropped."""
    fields = [row for _, row in rows]
    exact = len({len(row) for row in fields}) == 1 and not _has_padded_heads(fields) and _has_aligned_values(fields)
    width = max(len(row) for row in fields)
    cells: list[GridCell] = []
    for r, (line, row) in enumerate(rows):
        # If columns are unknown, the heads above a row of only values do not belong to these values: keep them apart.
        first_column = width if not exact and _has_only_values(row) else 0
        cells += [GridCell(text, r, first_column + c, page=line.page) for c, text in enumerate(row)]
    return Grid(tuple(cells), exact)


def _has_only_values(row: Sequence[str]) -> bool:
    return any(row) and all(is_value(text) for text in row if text)


def _has_padded_heads(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether heads end before the values below them: merged cells were dropped, and the row padded."""
    return any(_has_only_values(row) and row[-1] and any(above) and not above[-1] for above, row in pairwise(rows))


def _has_aligned_values(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the values after a label start in one column; they do not where merged cells were dropped."""
    start_columns = set()
    for row in rows:
        first = next((i for i, text in enumerate(row) if is_value(text)), 0)
        if first and row[first - 1]:
            start_columns.add(first)
    return len(start_columns) < 2
