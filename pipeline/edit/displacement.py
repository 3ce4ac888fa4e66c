"""Find slips that move numbers along printed lines: a line shifted by a cell, copied, or exchanged with another.

A slip is a `Displacement`: it tells for each displaced cell the value that it had before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, groupby
from typing import NamedTuple

from pipeline.edit.elimination import Row

# The values of a line's cells. In a printed line None is a blank; in an original line None is a lost value, which must
# follow from the edits.
LineValues = Sequence[int | None]
Line = Sequence[int]
# Decibans. A table is typed along its rows, so neighbours in a column are exchanged more rarely. A shifted line also
# explains the blank that it left; the blank lowers its cost.
SWAPPED_IN_ROW, SWAPPED_IN_COLUMN, SLID, BLANK_DISCOUNT, MERGED = 15, 25, 15, 10, 20
# Whole lines are exchanged or copied more often with the next line than with another; so are cells.
NEXT_LINES, OTHER_LINES, OTHER_CELLS = 15, 25, 30
# Copied cells that must have been wrong: one equal number says nothing.
MIN_COPIED = 2


class Displacement(NamedTuple):
    """A slip along printed lines; `originals` holds each displaced variable's value before it, None if lost."""

    mechanism: str
    decibans: int
    originals: Mapping[int, int | None]


def find_displacements(line: Line, printed: LineValues, is_row: bool) -> Iterator[Displacement]:
    """Yield the exchanges of neighbours in a printed line, and in a row the shifts by one cell.

    `line` are the variable indexes of its cells and `printed` their values.
    """
    for i in range(len(line) - 1):
        if printed[i] != printed[i + 1] and None not in (printed[i], printed[i + 1]):
            decibans = SWAPPED_IN_ROW if is_row else SWAPPED_IN_COLUMN
            yield Displacement("swapped", decibans, {line[i]: printed[i + 1], line[i + 1]: printed[i]})
    if is_row:
        yield from find_shifts(line, printed)


def find_shifts(line: Line, printed: LineValues) -> Iterator[Displacement]:
    """Yield each way in which part of a line may have moved by one cell, as when it was pasted a cell too far."""
    for original in _originals_before_shift(printed):
        changes = {j: new for j, old, new in zip(line, printed, original, strict=True) if new is None or new != old}
        explains_blank = any(old is None and new is not None for old, new in zip(printed, original, strict=True))
        if len(changes) > 1:
            yield Displacement("slid", SLID - BLANK_DISCOUNT if explains_blank else SLID, changes)


def _originals_before_shift(printed: LineValues) -> Iterator[list[int | None]]:
    """Yield the line before a cell was dropped and later cells moved up, or a cell was inserted and they moved down.

    The cell that was left is blank or 0, or has kept the number that moved.
    """
    values = list(printed)
    last_was_left = not values[-1] or (len(values) > 1 and values[-1] == values[-2])
    for k in range(len(values)):
        if last_was_left:
            yield [*values[:k], None, *values[k:-1]]
        if not values[k] or (k + 1 < len(values) and values[k] == values[k + 1]):
            yield [*values[:k], *values[k + 1 :], None]


def find_merged(line: Line, printed: LineValues, amounts: Sequence[int]) -> Iterator[Displacement]:
    """Yield each way in which the numbers of two neighbours may have been printed in one of their cells.

    They were added; the number of the other cell, which is blank or 0, is an amount by which a row fails.
    """
    for i, k in [(i, i + 1) for i in range(len(line) - 1)] + [(i + 1, i) for i in range(len(line) - 1)]:
        both = printed[i]
        if both and both > 0 and not printed[k]:
            pairs = [(both - amount, amount) for amount in amounts if amount <= both]
            for here, there in pairs:
                yield Displacement("merged", MERGED, {line[i]: here, line[k]: there})


def find_copies(
    line: Line, printed: LineValues, source: LineValues, violated: Sequence[Mapping[int, int]]
) -> Iterator[tuple[int, ...]]:
    """Yield each run of cells of a line that repeats the same cells of another line and touches all violated rows."""
    places = [i for i, (a, b) in enumerate(zip(printed, source, strict=True)) if a is not None and a == b]
    repeated = {line[i] for i in places}
    if any(row.keys().isdisjoint(repeated) for row in violated):
        return
    for _, run in groupby(enumerate(places), lambda pair: pair[1] - pair[0]):
        cells = [i for _, i in run]
        is_whole = len(cells) == len(line)
        if len(cells) >= MIN_COPIED and (is_whole or any(printed[i] for i in cells)):
            yield tuple(line[i] for i in cells)


def find_exchanged_lines(lines: Sequence[Line], values: LineValues, failing: Row) -> Iterator[Displacement]:
    """Yield the pairs of lines of equal length that repair a failing row if they are exchanged.

    `failing` has no variable without value.
    """
    coef, gap = failing
    touching = [not coef.keys().isdisjoint(line) for line in lines]
    for (i, first), (k, second) in combinations(enumerate(lines), 2):
        if len(first) != len(second) or not (touching[i] or touching[k]):
            continue
        touched = [(a, b) for a, b in zip(first, second, strict=True) if a in coef or b in coef]
        if gap != sum((coef.get(a, 0) - coef.get(b, 0)) * ((values[b] or 0) - (values[a] or 0)) for a, b in touched):
            continue
        pairs = [(a, b) for a, b in zip(first, second, strict=True) if values[a] != values[b]]
        if len(pairs) > 1 and all(values[a] is not None and values[b] is not None for a, b in pairs):
            originals = {a: values[b] for a, b in pairs} | {b: values[a] for a, b in pairs}
            yield Displacement("exchanged", NEXT_LINES if k == i + 1 else OTHER_LINES, originals)


def find_exchanged_cells(failing: Row, values: LineValues) -> Iterator[Displacement]:
    """Yield the exchanges of any two cells that repair a failing row; `failing` has no variable without value."""
    coef, gap = failing
    by_value: dict[int, list[int]] = {}
    for j, value in enumerate(values):
        if value is not None:
            by_value.setdefault(value, []).append(j)
    other_coefs = sorted({0, *coef.values()})
    for j, a in coef.items():
        for b in other_coefs:
            if a == b or gap % (a - b):
                continue
            needed = (values[j] or 0) + gap // (a - b)
            for k in by_value.get(needed, ()):
                if coef.get(k, 0) == b and (b == 0 or j < k):
                    yield Displacement("exchanged", OTHER_CELLS, {j: needed, k: values[j]})
