"""Settle the scopes that depend on the other figures of a report, and on its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.core.model import Cell, Figure
from pipeline.extract.figure_scopes import OPEN_SCOPES
from pipeline.extract.figure_splits import PlacedFigure

RECEIVED = "applications.received"


def settle_scopes(figures: Sequence[PlacedFigure]) -> list[PlacedFigure]:
    """Return the figures of a report, in their order, with final scopes.

    An open figure is the whole if it is the only one of its row, or the first and largest that the words call a sum,
    and no figure of the row is the whole by itself.
    """
    settled = _settle_subjects(figures)
    for row in {f.row for f in settled if f.scope in OPEN_SCOPES}:
        total = _find_total([f for f in settled if f.row == row])
        settled = [_close(f, total) if f.row == row and f.scope in OPEN_SCOPES else f for f in settled]
    return settled


def _find_total(figures: Sequence[PlacedFigure]) -> Decimal | None:
    """Return the value of the open figure of a row that is the whole, None if there is none."""
    rivals = [f for f in figures if f.scope in (*OPEN_SCOPES, "uncertain")]
    if any(f.scope == "whole" for f in figures):
        return None
    if len({f.value for f in rivals}) == 1:
        return rivals[0].value
    sums = [f.value for f in rivals if f.scope in OPEN_SCOPES and f.is_sum]
    return sums[0] if sums and sums[0] == max(sums) else None


def _close(figure: PlacedFigure, total: Decimal | None) -> PlacedFigure:
    """Return an open figure with its final scope."""
    other_scope = "part" if figure.scope == "channel" else "uncertain"
    return replace(figure, scope="whole" if figure.value == total else other_scope)


def _settle_subjects(figures: Sequence[PlacedFigure]) -> list[PlacedFigure]:
    """Return the figures, those of named bodies as uncertain if several are named and the report's own is unknown."""
    subjects = {f.subject for f in figures if f.subject}
    longest = max(subjects, key=len, default="")
    if all(longest.endswith(subject) for subject in subjects):
        return list(figures)
    return [replace(f, scope="uncertain") if f.subject and f.scope in ("whole", *OPEN_SCOPES) else f for f in figures]


def mark_taken_up(figures: Sequence[Figure], cells: Sequence[Cell]) -> tuple[Figure, ...]:
    """Return the figures; applications received that equal the table's new and carried in together are `taken_up`.

    An uncertain figure of applications received is the whole if it equals the new ones of the table, and no figure of
    the row is the whole by itself: that one may be wrong.
    """
    values = {cell.address: cell.value for cell in cells}
    new, carried_in = (values.get(f"applications/{row}/total") for row in ("new", "carried_in"))
    if new is None:
        return tuple(figures)
    has_whole = any(f.row == RECEIVED and f.scope == "whole" for f in figures)
    scopes: Mapping[tuple[Decimal, str], str] = {} if has_whole else {(new, "uncertain"): "whole"}
    if carried_in:
        scopes = {**scopes, (new + carried_in, "whole"): "taken_up"}
    return tuple(replace(f, scope=scopes.get((f.value, f.scope), f.scope)) if f.row == RECEIVED else f for f in figures)
