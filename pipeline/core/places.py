"""The places of tables and cells in a file, as people name them: `表三!C7` in a workbook, else page, table and line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.core.messages import say
from pipeline.core.model import Grid

SHEET_FORMATS = ("xlsx", "xls", "ods")
WHOLE_REPORT = "report"  # the place of a finding that is about no single table or cell
_IN_PAGES = re.compile(r"page (\d+), table (\d+)(?:, line (\d+)(?:-(\d+))?)?")


def table_place(grid: Grid, number: int) -> str:
    """Return the place of a table; `number` is its place in the document, from 0."""
    page = grid.cells[0].page if grid.cells else 1
    return grid.sheet or f"page {page}, table {number + 1}"


def lines_place(grid: Grid, number: int, places: Sequence[tuple[int, int]]) -> str:
    """Return the place of the lines that hold some cells, given by their rows and columns, from 0."""
    rows, columns = ([place[axis] for place in places] for axis in (0, 1))
    if grid.sheet:
        first, last = sheet_address(min(rows), min(columns)), sheet_address(max(rows), max(columns))
        return f"{grid.sheet}!{first}" if first == last else f"{grid.sheet}!{first}:{last}"
    page = next((cell.page for cell in grid.cells if cell.row == min(rows)), 1)
    first_line, last_line = min(rows) + 1, max(rows) + 1
    lines = f"{first_line}" if first_line == last_line else f"{first_line}-{last_line}"
    return f"page {page}, table {number + 1}, line {lines}"


def sheet_address(row: int, column: int) -> str:
    """Return the address of a cell in a sheet, `C7` for row 6 and column 2, both from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def column_number(letters: str) -> int:
    """Return the number of a column, from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def place_name(place: str, lang: str) -> str:
    """Return a place in a language; an address in a workbook, like any other text, is as it is."""
    if place == WHOLE_REPORT:
        return say("place.report", lang)
    match = _IN_PAGES.fullmatch(place)
    if not match:
        return place
    page, table, first, last = match.groups()
    code = "place.table" if first is None else "place.line" if last is None else "place.lines"
    return say(code, lang, page=page, table=table, first=first or "", last=last or "")
