"""Assign the characters of a PDF page to the cells of its tables, and rate the confidence of each cell's text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.core.marked_text import BREAK, MarkedText
from pipeline.core.model import Mark
from pipeline.core.text import is_number
from pipeline.read.layout.lines import DASHED_PAGE_NUMBER, group_into_lines, join_chars, join_texts, mark_line
from pipeline.read.layout.page import Box, Char, Field, Table

DOUBTED_CONFIDENCE = 0.5  # of a cell whose text two readers read differently, or that may hold a part of a number
MAX_OVERHANG = 0.25  # share of a digit's width that may lie outside of its cell
PAGE_MARK_TOP = 0.9  # share of the page's height below which a cell may contain a page number
# In multiples of the type size.
MAX_DIGIT_GAP = 0.12  # between two digits of one number
MIDDLE_HEIGHT = 0.3  # of a character's middle above its base line
MAX_WRAP_SPACE = 2.5  # left on a line that was wrapped for lack of space

CharsByField = dict[int, list[Char]]  # the keys are indexes of a table's fields


def assign_chars(chars: Sequence[Char], tables: Sequence[Table]) -> tuple[list[CharsByField], list[Char]]:
    """Return the characters of each table by field, and the characters outside of all tables.

    A character belongs to the innermost table that contains its middle.
    """
    chars_in_tables: list[CharsByField] = [{} for _ in tables]
    chars_outside: list[Char] = []
    field_finders = [_make_field_finder(table) for table in tables]
    smallest_first = sorted(range(len(tables)), key=lambda i: _measure_area(tables[i].box))
    for char in chars:
        x, y = (char.x0 + char.x1) / 2, char.base - MIDDLE_HEIGHT * char.size
        table_index = next((i for i in smallest_first if tables[i].box.contains(x, y)), None)
        if table_index is None:
            chars_outside.append(char)
        else:
            chars_in_tables[table_index].setdefault(field_finders[table_index](x, y), []).append(char)
    return chars_in_tables, chars_outside


def _measure_area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)


def _make_field_finder(table: Table) -> Callable[[float, float], int]:
    """Return a function that maps a point of the table to the index of the field that contains it."""
    field_by_place = {
        (c, r): i
        for i, f in enumerate(table.fields)
        for c in range(f.column, f.column + f.colspan)
        for r in range(f.row, f.row + f.rowspan)
    }

    def find_field(x: float, y: float) -> int:
        column = min(max(bisect_right(table.xs, x) - 1, 0), len(table.xs) - 2)
        row = min(max(bisect_right(table.ys, y) - 1, 0), len(table.ys) - 2)
        return field_by_place[column, row]

    return find_field


def fill_table(table: Table, chars_by_field: CharsByField, read_box: Callable[[Box], str], page_height: float) -> Table:
    """Return the table with the text and the confidence of each field.

    `read_box` is a second reader of a rectangle's text, without spaces. `page_height` is in points.
    """
    fields = [
        _read_field(field, group_into_lines(chars_by_field.get(i, [])), read_box(field.box), page_height)
        for i, field in enumerate(table.fields)
    ]
    for i in _find_crossed_fields(table, chars_by_field):
        fields[i] = replace(fields[i], confidence=DOUBTED_CONFIDENCE)
    return replace(table, fields=tuple(fields))


def _read_field(field: Field, lines: list[list[Char]], second_text: str, page_height: float) -> Field:
    """Return the field with its text, without page numbers.

    Its confidence is low if the text of the second reader (without spaces) differs, or if a number may be two.
    """
    own_text = "".join(char.text for line in lines for char in line if "field" not in char.kinds)
    is_confirmed = own_text == second_text or (sorted(own_text) == sorted(second_text) and _has_marks(lines))
    text_lines = [line for line in lines if not _is_page_number(line, page_height)]
    text, marks = _join_lines(field.box, text_lines)
    is_wrapped = len(text_lines) > 1 and is_number(text)
    confidence = 1.0 if is_confirmed and not is_wrapped else DOUBTED_CONFIDENCE
    return replace(field, text=text, confidence=confidence, marks=marks)


def _has_marks(lines: list[list[Char]]) -> bool:
    return any(char.kinds for line in lines for char in line)


def _join_lines(box: Box, lines: list[list[Char]]) -> tuple[str, tuple[Mark, ...]]:
    """Return the lines of a field as one text, with a newline where a number was broken although there was space."""
    marked_text = MarkedText()
    for i, line in enumerate(lines):
        joint = join_texts((join_chars(lines[i - 1])[-1:], join_chars(line)[:1]))[1:-1] if i else ""
        is_broken = i > 0 and lines[i - 1][-1].text.isdigit() and line[0].text.isdigit()
        if is_broken and _has_space_left(box, lines[i - 1]):
            joint = BREAK
        marked_text.add(joint)
        marked_text.append(mark_line(line))
    return "".join(marked_text.pieces), tuple(marked_text.marks)


def _has_space_left(box: Box, line: list[Char]) -> bool:
    return box.x1 - box.x0 - (line[-1].x1 - line[0].x0) > MAX_WRAP_SPACE * line[0].size


def _is_page_number(line: list[Char], page_height: float) -> bool:
    """Return whether a line in the last tenth of the page is a page number between dashes."""
    return line[0].base > PAGE_MARK_TOP * page_height and bool(DASHED_PAGE_NUMBER.match(join_chars(line)))


def _find_crossed_fields(table: Table, chars_by_field: CharsByField) -> set[int]:
    """Return the fields at an edge that a number crosses: each may hold a part of its neighbour's number."""
    digits = sorted(
        (round(c.base), c.x0, c, i) for i, chars in chars_by_field.items() for c in chars if c.text.isdigit()
    )
    crossed_fields: set[int] = set()
    for (level, _, digit, field), (next_level, _, next_digit, next_field) in pairwise(digits):
        gap = next_digit.x0 - digit.x1
        if field != next_field and level == next_level and gap < MAX_DIGIT_GAP * digit.size:
            crossed_fields |= {field, next_field}
    return crossed_fields | {i for _, _, c, i in digits if _is_overhanging(c, table.fields[i].box)}


def _is_overhanging(digit: Char, box: Box) -> bool:
    return max(box.x0 - digit.x0, digit.x1 - box.x1) > MAX_OVERHANG * (digit.x1 - digit.x0)
