"""Find slips that displace numbers along a printed line: neighbours exchanged, or a line shifted by one cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

# The values of a line's cells. In a printed line None is a blank; in an original line None is a lost value, which must
# follow from the edits.
LineValues = Sequence[int | None]
# Decibans. A table is typed along its rows, so neighbours in a column are exchanged more rarely. A shifted line also
# explains the blank that it left; the blank lowers its cost.
SWAPPED_IN_ROW, SWAPPED_IN_COLUMN, SLID, BLANK_DISCOUNT = 15, 25, 15, 10


class Displacement(NamedTuple):
    """A slip of a printed line; `originals` holds each displaced variable's value before the slip, None if lost."""

    mechanism: str
    decibans: int
    originals: Mapping[int, int | None]


def find_displacements(line: Sequence[int], printed: LineValues, is_row: bool) -> Iterator[Displacement]:
    """Yield each way in which the cells of a printed line may have been displaced.

    `line` are the variable indexes of its cells and `printed` their values. Lines that are not rows are not shifted,
    because nobody types a table along its columns.
    """
    for i in range(len(line) - 1):
        if printed[i] != printed[i + 1] and None not in (printed[i], printed[i + 1]):
            decibans = SWAPPED_IN_ROW if is_row else SWAPPED_IN_COLUMN
            yield Displacement("swapped", decibans, {line[i]: printed[i + 1], line[i + 1]: printed[i]})
    for original in _originals_before_shift(printed) if is_row else ():
        changes = {j: new for j, old, new in zip(line, printed, original, strict=True) if new is None or new != old}
        explains_blank = any(old is None and new is not None for old, new in zip(printed, original, strict=True))
        if len(changes) > 1:
            yield Displacement("slid", SLID - BLANK_DISCOUNT if explains_blank else SLID, changes)


def _originals_before_shift(printed: LineValues) -> Iterator[list[int | None]]:
    """Yield the line before a cell was dropped and later cells moved up, or a cell was inserted and they moved down."""
    values = list(printed)
    for k in range(len(values)):
        if not values[-1]:
            yield [*values[:k], None, *values[k:-1]]
        if not values[k]:
            yield [*values[:k], *values[k + 1 :], None]
