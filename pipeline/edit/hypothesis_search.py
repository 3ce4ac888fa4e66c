"""Search for hypotheses about a record whose edits are broken: what went wrong, the numbers implied, and the cost.

There are two kinds. Wrong cells, each wrong by itself, come from the localisation. Displaced cells come from the
printed lines: where undoing one displacement makes all hard edits hold, it is a hypothesis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from pipeline.edit.displacement import Displacement, find_displacements
from pipeline.edit.edits import Edit, EditSet, Record
from pipeline.edit.elimination import LimitExceeded, Row, System, is_balanced_after
from pipeline.edit.hypotheses import (
    DOUBTFUL_DECIBANS,
    SOFT_EDIT_DECIBANS,
    WRONG_DECIBANS,
    Change,
    Hypothesis,
    RecordContext,
)
from pipeline.edit.localise import LocalisationStatus, SearchLimits, Weights, localise_component
from pipeline.edit.mechanism import CHEAPEST_DECIBANS, UNEXPLAINED, find_mechanism

# Weights: two cells read with doubt weigh as much as one cell read clearly.
CLEAR_WEIGHT, DOUBTFUL_WEIGHT = 2, 1
MAX_WRONG_CELLS = 4


@dataclass(frozen=True)
class SearchResult:
    """The status of the localisation, the hypotheses, and a lower bound of the cost of all other hypotheses."""

    status: LocalisationStatus
    hypotheses: tuple[Hypothesis, ...] = ()
    min_unsearched_decibans: int = 0


@lru_cache(maxsize=64)
def _lines_inside(component: EditSet, lines: tuple[tuple[str, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """Return the lines whose variables all belong to the component, as variable indexes."""
    index = {v: i for i, v in enumerate(component.variables)}
    return tuple(tuple(index[v] for v in line) for line in lines if all(v in index for v in line))


class HypothesisSearch:
    """The search for hypotheses about one component of an edit set and one record."""

    def __init__(self, component: EditSet, record: Record, context: RecordContext) -> None:
        self.component, self.record = component, record
        self.doubtful = context.doubtful.intersection(component.variables)
        self.confirmed = context.confirmed.intersection(component.variables)
        self.rows, self.columns = (tuple(map(tuple, lines)) for lines in (context.rows, context.columns))

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The index of each variable in the component."""
        return {v: i for i, v in enumerate(self.component.variables)}

    @cached_property
    def base(self) -> System:
        """The system at the record's values; a missing value counts as 0."""
        return self.component.build_system_at(self.values)

    @cached_property
    def values(self) -> list[int | None]:
        """The record's values as integers, by variable index."""
        return self.component.to_integers(self.record)

    @cached_property
    def missing(self) -> frozenset[int]:
        """The indexes of the variables without value."""
        return frozenset(j for j, value in enumerate(self.values) if value is None)

    def broken_edits(self) -> tuple[Edit, ...]:
        """Return the edits that fail.

        Where no single edit fails, the edits fail together: return those on missing values.
        """
        (equality_edits, inequality_edits), missing = self.component.row_edits, self.missing
        rows = [
            *zip(equality_edits, self.base.equalities, strict=True),
            *zip(inequality_edits, self.base.inequalities, strict=True),
        ]
        failing = [
            edit
            for edit, (coef, gap) in rows
            if (gap if edit.op == "==" else gap < 0) and (not missing or missing.isdisjoint(coef))
        ]
        failing += [edit for edit in self.component.soft_edits if edit.holds(self.record) is False]
        return tuple(failing) or tuple(edit for edit, (coef, _) in rows if not missing.isdisjoint(coef))

    def changed_indexes(self, hypothesis: Hypothesis) -> list[int]:
        """Return the indexes of the variables that a hypothesis changes."""
        return [self.index[c.variable] for c in hypothesis.changes]

    def run(self, margin_decibans: int) -> SearchResult:
        """Return all hypotheses that cost up to `margin_decibans` more than the cheapest, within the search limits."""
        try:
            system = self.base.free_all(self.missing)
        except LimitExceeded:
            return SearchResult("limit")
        violated = system.violated_rows()
        if not violated:
            return SearchResult("consistent")
        displaced = tuple(self._displaced_hypotheses(violated))
        max_weight = MAX_WRONG_CELLS * CLEAR_WEIGHT
        if displaced:
            max_weight = self._max_weight_within(min(h.cost_decibans for h in displaced) + margin_decibans)
        confirmed = dict.fromkeys(self.confirmed, max_weight + 1)
        weights = Weights(dict.fromkeys(self.doubtful, DOUBTFUL_WEIGHT) | confirmed, CLEAR_WEIGHT)
        result = localise_component(self.component, system, self.record, weights, SearchLimits(max_weight))
        located = result.localisation
        wrong = tuple(
            self._wrong_cells_hypothesis(error_set, freed)
            for error_set, freed in zip(located.error_sets, result.systems, strict=True)
        )
        searched_weight = max_weight if located.weight is None else located.weight
        min_unsearched = self._min_decibans(searched_weight + 1) if displaced or wrong else 0
        return SearchResult(located.status, displaced + wrong, min_unsearched)

    def _max_weight_within(self, decibans: int) -> int:
        """Return the largest weight at which wrong cells can cost no more than `decibans`."""
        return max(w for w in range(MAX_WRONG_CELLS * CLEAR_WEIGHT + 1) if self._min_decibans(w) <= decibans)

    def _min_decibans(self, weight: int) -> int:
        """Return the least cost of wrong cells with this total weight; an odd weight includes one doubtful cell."""
        clear_cells, odd = divmod(weight, CLEAR_WEIGHT)
        odd_cell = DOUBTFUL_DECIBANS if self.doubtful else WRONG_DECIBANS
        return clear_cells * (WRONG_DECIBANS + CHEAPEST_DECIBANS) + odd * (odd_cell + CHEAPEST_DECIBANS)

    def _wrong_cells_hypothesis(self, error_set: Sequence[str], system: System) -> Hypothesis:
        """Return the hypothesis that the cells of an error set are wrong, each by itself.

        `system` is the component's system with these cells freed.
        """
        steps = system.solve_steps()
        changes = []
        cost = 0
        for name in error_set:
            printed, j = Decimal(self.record[name] or 0), self.index[name]
            implied = self._value_after(j, steps)
            mechanism, decibans = UNEXPLAINED if implied is None else find_mechanism(printed, implied)
            changes.append(Change(name, printed, implied, mechanism))
            cost += decibans + (DOUBTFUL_DECIBANS if name in self.doubtful else WRONG_DECIBANS)
        return self._weigh_soft_edits(changes, cost)

    def _value_after(self, j: int, steps: Mapping[int, int]) -> Decimal | None:
        """Return the value of variable `j` after its step, None if it has no step."""
        return self.component.to_decimal((self.values[j] or 0) + steps[j]) if j in steps else None

    def _weigh_soft_edits(self, changes: Sequence[Change], cost: int) -> Hypothesis:
        """Return the hypothesis with its final cost.

        Each soft edit on a changed variable adds SOFT_EDIT_DECIBANS if it fails after the changes. It subtracts them if
        it failed before the changes and holds after them.
        """
        after = {**self.record, **{c.variable: c.implied_value for c in changes}}
        changed = {c.variable for c in changes}
        for edit in self.component.soft_edits:
            if changed & edit.coef.keys():
                fails, failed = edit.holds(after) is False, edit.holds(self.record) is False
                cost += SOFT_EDIT_DECIBANS * (fails - (failed and edit.holds(after) is True))
        return Hypothesis(tuple(changes), cost)

    def _candidate_lines(self, violated: Sequence[Mapping[int, int]]) -> Iterator[tuple[tuple[int, ...], bool]]:
        """Yield the printed lines of this component that meet every violated row, and whether each is a row."""
        for lines, is_row in ((self.rows, True), (self.columns, False)):
            for line in _lines_inside(self.component, lines):
                if not any(row.keys().isdisjoint(line) for row in violated):
                    yield line, is_row

    def _displaced_hypotheses(self, violated: Sequence[Mapping[int, int]]) -> Iterator[Hypothesis]:
        """Yield the displacements along printed lines that, once undone, make all hard edits hold."""
        for line, is_row in self._candidate_lines(violated):
            for displacement in find_displacements(line, [self.values[j] for j in line], is_row):
                # A repair of a violated row changes at least one of its variables.
                if any(row.keys().isdisjoint(displacement.originals) for row in violated):
                    continue
                system = self._system_without(displacement)
                if system is not None:
                    yield self._displacement_hypothesis(displacement, system)

    @cached_property
    def _equalities_failing_first(self) -> list[Row]:
        """The equalities, failing ones first: most displacements do not repair these, so the test ends early."""
        return sorted(self.base.equalities, key=lambda row: row[1] == 0)

    def _system_without(self, displacement: Displacement) -> System | None:
        """Return the system with the displacement undone and lost values freed; None if a hard edit fails."""
        originals = displacement.originals
        if any(self.component.variables[j] in self.confirmed for j in originals):
            return None
        steps = {j: new - (self.values[j] or 0) for j, new in originals.items() if new is not None}
        unknown = (self.missing - originals.keys()) | {j for j, new in originals.items() if new is None}
        if not is_balanced_after(self._equalities_failing_first, steps, unknown):
            return None
        try:
            system = self.base.shift(steps).free_all(unknown)
        except LimitExceeded:
            return None
        return None if system.violated_rows() else system

    def _displacement_hypothesis(self, displacement: Displacement, system: System) -> Hypothesis:
        """Return the hypothesis of a displacement; `system` is the result of `_system_without`."""
        steps = system.solve_steps()
        changes = []
        for j, new in sorted(displacement.originals.items()):
            name, value = self.component.variables[j], self.values[j]
            printed = None if value is None else self.component.to_decimal(value)
            implied = self._value_after(j, steps) if new is None else self.component.to_decimal(new)
            if implied is None or printed is None or implied != printed:
                changes.append(Change(name, printed, implied, displacement.mechanism))
        return self._weigh_soft_edits(changes, WRONG_DECIBANS + displacement.decibans)
