"""Slips that move numbers: neighbours exchanged, a printed line that lost or gained a cell and slid along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

# What a line's cells would have held; None is lost and must follow from the edits.
Values = Sequence[int | None]
Slip = tuple[str, int, Mapping[int, int | None]]
# Decibans. A table is typed along its rows, so neighbours in a column change places more rarely; a line that slid
# also accounts for the blank that it left.
SWAPPED, SWAPPED_DOWN, SLID, BLANK = 15, 25, 15, 10


def rearrangements(line: Sequence[int], values: Values, typed: bool) -> Iterator[Slip]:
    """(name, cost, variable to the value before it) for each way the cells of a printed line may have been moved.

    `values` are as printed; `typed` lines are those along which cells are typed, the others cross them.
    """
    for i in range(len(line) - 1):
        if values[i] != values[i + 1] and None not in (values[i], values[i + 1]):
            yield "swapped", SWAPPED if typed else SWAPPED_DOWN, {line[i]: values[i + 1], line[i + 1]: values[i]}
    for meant in _slid(values) if typed else ():
        changes = {j: new for j, old, new in zip(line, values, meant, strict=True) if new is None or new != old}
        blank = any(old is None and new is not None for old, new in zip(values, meant, strict=True))
        if len(changes) > 1:
            yield "slid", SLID - BLANK if blank else SLID, changes


def _slid(values: Values) -> Iterator[list[int | None]]:
    """The line before a cell was dropped (all after it moved up) or put in (all after it moved down)."""
    kept = list(values)
    for k in range(len(kept)):
        if not kept[-1]:
            yield [*kept[:k], None, *kept[k:-1]]
        if not kept[k]:
            yield [*kept[:k], *kept[k + 1 :], None]
