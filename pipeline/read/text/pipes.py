"""Tables drawn with bars: Markdown (`| a | b |`), and scrapes with one cell a line and bars on lines between."""

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
    """Whether a line is a bar alone."""
    return bool(_BARS.fullmatch(line.text.strip()))


def is_row(line: Line) -> bool:
    """Whether a line is a row of cells between bars, or a rule of such a table."""
    text = line.text.strip()
    return len(_BARS.findall(text)) > 1 or (_is_rule(text) and "|" in text)


def grids(lines: Sequence[Line]) -> Iterator[Grid]:
    """The tables in a run of rows and blank lines: a rule under a first row opens the next one.

    Raises DataFault for a row with more cells than any report's.
    """
    rows: list[tuple[Line, list[str]]] = []
    for line in (x for x in lines if not x.blank):
        if _is_rule(line.text.strip()):
            # The row above a rule is a heading; whatever stands before it is another table.
            if len(rows) > 1 and _ruled(lines):
                yield _grid(rows[:-1])
                rows = rows[-1:]
        else:
            rows.append((line, _fields(line.text)))
    if rows:
        yield _grid(rows)


def _ruled(lines: Sequence[Line]) -> bool:
    """Whether rules only stand under headings; a table drawn with a rule under each row has many more."""
    rules = sum(_is_rule(line.text.strip()) for line in lines if not line.blank)
    return rules * 3 <= sum(not line.blank for line in lines)


def _is_rule(text: str) -> bool:
    return bool(_RULE.fullmatch(text)) and any(c in text for c in "-─━=") and not is_value(text.strip("|｜ "))


def _fields(text: str) -> list[str]:
    text = text.strip()
    bars = [m.start() for m in _BARS.finditer(text)]
    if bars and bars[0] == 0:
        text = text[1:]
    if bars and bars[-1] == len(text) - (bars[0] != 0):
        text = text[:-1]
    fields = [_cell(field) for field in _BARS.split(text)]
    if len(fields) > MAX_COLUMNS:
        raise DataFault("read.too_many_columns", limit=MAX_COLUMNS)
    return fields


def _cell(text: str) -> str:
    text = html.unescape(_BREAK.sub(" ", text)).replace("\\|", "|").replace("\\", "")
    return " ".join(_EMPHASIS.sub("", text).split())


def _grid(rows: Sequence[tuple[Line, list[str]]]) -> Grid:
    fields = [row for _, row in rows]
    exact = len({len(row) for row in fields}) == 1 and not _filled_up(fields) and _aligned(fields)
    width = max(len(row) for row in fields)
    cells: list[GridCell] = []
    for r, (line, row) in enumerate(rows):
        # Where columns are not known the heads above a row of nothing but figures are not over these figures.
        first = width if not exact and _figures_only(row) else 0
        cells += [GridCell(text, r, first + c, page=line.page) for c, text in enumerate(row)]
    return Grid(tuple(cells), exact)


def _figures_only(row: Sequence[str]) -> bool:
    return any(row) and all(is_value(text) for text in row if text)


def _filled_up(rows: Sequence[Sequence[str]]) -> bool:
    """Whether heads end before the figures under them do, as where merged cells are dropped and lines filled up."""
    return any(_figures_only(row) and row[-1] and any(above) and not above[-1] for above, row in pairwise(rows))


def _aligned(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the figures behind a label start in one column, which they do not where merged cells were dropped."""
    starts = set()
    for row in rows:
        first = next((i for i, text in enumerate(row) if is_value(text)), 0)
        if first and row[first - 1]:
            starts.add(first)
    return len(starts) < 2
