"""Find the operations of a writer that may have broken a record; one operation may change several numbers.

An operation is a displacement along printed lines, or a wrong number with the totals computed from it. Every operation
returned makes all hard edits hold once it is undone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from pipeline.edit.displacement import (
    NEXT_LINES,
    OTHER_LINES,
    Displacement,
    Line,
    LineValues,
    find_copies,
    find_displacements,
    find_exchanged_cells,
    find_exchanged_lines,
    find_merged,
    find_shifts,
)
from pipeline.edit.edits import EditSet, Record
from pipeline.edit.elimination import BalanceTest, LimitExceeded, Row, System
from pipeline.edit.hypotheses import PrintedLines, RecordContext
from pipeline.edit.recomputed import Recomputation, find_recomputations


@lru_cache(maxsize=64)
def _lines_inside(component: EditSet, lines: tuple[tuple[str, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """Return the lines whose variables all belong to the component, as variable indexes."""
    index = {v: i for i, v in enumerate(component.variables)}
    return tuple(tuple(index[v] for v in line) for line in lines if all(v in index for v in line))


@dataclass(frozen=True)
class BrokenRecord:
    """A record and the edits of one component.

    `base` is the component's system at the record's values, in which a missing value counts as 0. `system` is the same
    with every missing variable freed.
    """

    component: EditSet
    record: Record
    values: Sequence[int | None]
    base: System
    system: System

    @cached_property
    def missing(self) -> frozenset[int]:
        """The indexes of the variables without value."""
        return frozenset(j for j, value in enumerate(self.values) if value is None)

    @cached_property
    def violated(self) -> list[dict[int, int]]:
        """The coefficients of the rows that the record's values do not meet."""
        return self.system.violated_rows()

    @cached_property
    def failing(self) -> frozenset[int]:
        """The indexes of the equalities that fail by themselves: they have no missing variable."""
        rows = enumerate(self.base.equalities)
        return frozenset(i for i, (coef, gap) in rows if gap and self.missing.isdisjoint(coef))

    @cached_property
    def shortest_failing(self) -> Row:
        """The equality with the fewest variables among those that fail by themselves; there must be one."""
        return min((self.base.equalities[i] for i in sorted(self.failing)), key=lambda row: len(row[0]))

    @cached_property
    def has_suspect(self) -> bool:
        """Whether one variable is in every violated row, so that it may be the only wrong one."""
        return bool(set(self.violated[0]).intersection(*self.violated[1:]))

    @cached_property
    def _balance_test(self) -> BalanceTest:
        return BalanceTest(self.base.equalities, self.component.equality_rows_of)

    def system_without(self, displacement: Displacement) -> System | None:
        """Return the system with the displacement undone and lost values freed; None if a hard edit fails."""
        originals = displacement.originals
        steps = {j: new - (self.values[j] or 0) for j, new in originals.items() if new is not None}
        unknown = (self.missing - originals.keys()) | {j for j, new in originals.items() if new is None}
        if not self._balance_test.holds_after(steps, unknown):
            return None
        try:
            system = self.base.shift(steps).free_all(unknown)
        except LimitExceeded:
            return None
        return None if system.violated_rows() else system


def find_displaced(broken: BrokenRecord, context: RecordContext) -> Iterator[tuple[Displacement, System]]:
    """Yield the displacements that, once undone, make all hard edits hold, each with the system without it."""
    for displacement in _displacements(broken, context):
        # To repair a violated row is to change at least one of its variables.
        if not any(row.keys().isdisjoint(displacement.originals) for row in broken.violated):
            system = broken.system_without(displacement)
            if system is not None:
                yield displacement, system


def _displacements(broken: BrokenRecord, context: RecordContext) -> Iterator[Displacement]:
    """Yield every displacement that may touch all violated rows."""
    rows = _lines_inside(broken.component, _as_tuples(context.rows))
    columns = _lines_inside(broken.component, _as_tuples(context.columns))
    for lines, is_row in ((rows, True), (columns, False)):
        for line in lines:
            if not any(row.keys().isdisjoint(line) for row in broken.violated):
                yield from _along_line(broken, context, line, lines, is_row)
        if broken.failing and not broken.has_suspect:
            yield from find_exchanged_lines(lines, broken.values, broken.shortest_failing)
    if broken.failing and not (broken.has_suspect and len(broken.violated) > 1):
        yield from find_exchanged_cells(broken.shortest_failing, broken.values)


def _as_tuples(lines: PrintedLines) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, lines))


def _along_line(
    broken: BrokenRecord, context: RecordContext, line: Line, lines: Sequence[Line], is_row: bool
) -> Iterator[Displacement]:
    """Yield the displacements along one printed line, which touches every violated row."""
    printed = [broken.values[j] for j in line]
    yield from find_displacements(line, printed, is_row)
    if is_row:
        yield from find_merged(line, printed, sorted({abs(broken.base.equalities[i][1]) for i in broken.failing}))
    if broken.has_suspect:
        return  # one wrong cell explains as much as a whole line
    if not is_row:
        yield from find_shifts(line, printed)
    for source, mechanism, decibans in _sources(broken, context, line, lines):
        for cells in find_copies(line, printed, source, broken.violated):
            yield Displacement(mechanism, decibans, dict.fromkeys(cells))


def _sources(
    broken: BrokenRecord, context: RecordContext, line: Line, lines: Sequence[Line]
) -> Iterator[tuple[LineValues, str, int]]:
    """Yield the lines that a line may have been copied from, with mechanism and decibans; the last is last year's."""
    position = lines.index(line)
    for k, other in enumerate(lines):
        if k != position and len(other) == len(line):
            values = [broken.values[j] for j in other]
            yield values, "copied", NEXT_LINES if abs(k - position) == 1 else OTHER_LINES
    yield [_last_year_value(broken, context.last_year, j) for j in line], "last_year", NEXT_LINES


def _last_year_value(broken: BrokenRecord, last_year: Mapping[str, Decimal], j: int) -> int | None:
    """Return last year's value of a variable as an integer of the component, None if it is not known."""
    value = last_year.get(broken.component.variables[j])
    return None if value is None else broken.component.to_integer(value)


def find_recomputed(broken: BrokenRecord) -> Iterator[Recomputation]:
    """Yield the wrong numbers with totals computed from them that, once undone, make all hard edits hold."""
    for operation in find_recomputations(broken.component, broken.system, broken.failing):
        if broken.missing.isdisjoint(operation.steps) and meets_inequalities(broken.system, operation.steps):
            yield operation


def meets_inequalities(system: System, steps: Mapping[int, int]) -> bool:
    """Return whether all inequalities hold after the steps."""
    bounds_hold = all(
        gap - a * steps.get(j, 0) >= 0 for j in {*steps, *system.broken_bounds} for a, gap in system.bounds[j]
    )
    return bounds_hold and all(
        gap - sum(coef[j] * step for j, step in steps.items() if j in coef) >= 0 for coef, gap in system.inequalities
    )
