"""Search for hypotheses about a record whose edits are broken: what went wrong, the numbers implied, and the cost.

There are two kinds. Wrong cells, each wrong by itself, come from the localisation. The operations of a writer, which
change several numbers at once, come from `operations`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product

from pipeline.edit.edits import Edit, EditSet, Record
from pipeline.edit.elimination import LimitExceeded, System
from pipeline.edit.hypotheses import DOUBTFUL_DECIBANS, WRONG_DECIBANS, Hypothesis, RecordContext
from pipeline.edit.hypothesis_costs import RECOMPUTED_DECIBANS, HypothesisCosts
from pipeline.edit.localise import LocalisationStatus, SearchLimits, Weights, localise_component
from pipeline.edit.mechanism import CHEAPEST_DECIBANS
from pipeline.edit.operations import BrokenRecord, find_displaced, find_recomputed, meets_inequalities
from pipeline.edit.recomputed import Chain
from pipeline.edit.recomputed_sets import ErrorSet, find_error_sets

# Weights: two cells read with doubt weigh as much as one cell read clearly.
CLEAR_WEIGHT, DOUBTFUL_WEIGHT = 2, 1
MAX_WRONG_CELLS = 4
# One usual error costs at most this; only where no single error explains the record, several of them are searched for.
ONE_ERROR_DECIBANS = RECOMPUTED_DECIBANS
# Hypotheses of one error set; its recomputed errors may each be in any of several cells.
MAX_COMBINATIONS = 400


@dataclass(frozen=True)
class SearchResult:
    """The status of the localisation, the hypotheses, and a lower bound of the cost of all other hypotheses."""

    status: LocalisationStatus
    hypotheses: tuple[Hypothesis, ...] = ()
    min_unsearched_decibans: int = 0


class HypothesisSearch:
    """The search for hypotheses about one component of an edit set and one record."""

    def __init__(self, component: EditSet, record: Record, context: RecordContext) -> None:
        self.component, self.record, self.context = component, record, context
        self.doubtful = context.doubtful.intersection(component.variables)
        self.confirmed = context.confirmed.intersection(component.variables)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The index of each variable in the component."""
        return {v: i for i, v in enumerate(self.component.variables)}

    @cached_property
    def _costs(self) -> HypothesisCosts:
        return HypothesisCosts(self.component, self.record, self.context, self.values)

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
        broken = BrokenRecord(self.component, self.record, self.values, self.base, system)
        if not broken.violated:
            return SearchResult("consistent")
        operations = self._operations(broken)
        max_weight = MAX_WRONG_CELLS * CLEAR_WEIGHT
        if operations:
            max_weight = self._max_weight_within(min(h.cost_decibans for h in operations) + margin_decibans)
        confirmed = dict.fromkeys(self.confirmed, max_weight + 1)
        weights = Weights(dict.fromkeys(self.doubtful, DOUBTFUL_WEIGHT) | confirmed, CLEAR_WEIGHT)
        result = localise_component(self.component, system, self.record, weights, SearchLimits(max_weight))
        located = result.localisation
        wrong = [
            self._costs.of_wrong_cells(error_set, freed)
            for error_set, freed in zip(located.error_sets, result.systems, strict=True)
        ]
        if all(h.cost_decibans > ONE_ERROR_DECIBANS for h in (*operations, *wrong)):
            operations += self._several_errors(broken, weights, located.weight or max_weight)
        hypotheses = tuple(h for h in (*operations, *wrong) if self._agrees_with_formulas(h))
        searched_weight = max_weight if located.weight is None else located.weight
        min_unsearched = self._min_decibans(searched_weight + 1) if hypotheses else 0
        return SearchResult(located.status, hypotheses, min_unsearched)

    def _operations(self, broken: BrokenRecord) -> list[Hypothesis]:
        """Return the hypotheses in which one operation of the writer changed several numbers."""
        displaced = [self._costs.of_displacement(d, system) for d, system in find_displaced(broken, self.context)]
        recomputed = [self._costs.of_recomputation(operation) for operation in find_recomputed(broken)]
        return [h for h in (*displaced, *recomputed) if self._may_be_true(h)]

    def _may_be_true(self, hypothesis: Hypothesis) -> bool:
        """Return whether a hypothesis changes something, and nothing that a person confirmed."""
        return bool(hypothesis.changes) and self.confirmed.isdisjoint(c.variable for c in hypothesis.changes)

    def _several_errors(self, broken: BrokenRecord, weights: Weights, max_weight: int) -> list[Hypothesis]:
        """Return the hypotheses of several errors; at least one is a number with totals computed from it."""
        error_sets = find_error_sets(self.component, broken.system, weights, max_weight)
        found = []
        for error_set in error_sets:
            for chosen in islice(product(*error_set.recomputed), MAX_COMBINATIONS):
                steps = _total_steps(error_set, chosen)
                if meets_inequalities(broken.system, steps):
                    found.append(self._costs.of_error_set(error_set, chosen, steps))
        return [h for h in found if self._may_be_true(h)]

    def _agrees_with_formulas(self, hypothesis: Hypothesis) -> bool:
        """Return whether a formula of the office's file changes only together with a number that it depends on."""
        changed = {c.variable for c in hypothesis.changes}
        formulas = changed & self.context.computed
        return all(
            any(
                not changed.isdisjoint(e.coef.keys() - {v}) for e in self.component.edits_by_variable[v] if e.total == v
            )
            for v in formulas
        )

    def _max_weight_within(self, decibans: int) -> int:
        """Return the largest weight at which wrong cells can cost no more than `decibans`."""
        return max(w for w in range(MAX_WRONG_CELLS * CLEAR_WEIGHT + 1) if self._min_decibans(w) <= decibans)

    def _min_decibans(self, weight: int) -> int:
        """Return the least cost of wrong cells with this total weight; an odd weight includes one doubtful cell."""
        clear_cells, odd = divmod(weight, CLEAR_WEIGHT)
        odd_cell = DOUBTFUL_DECIBANS if self.doubtful else WRONG_DECIBANS
        return clear_cells * (WRONG_DECIBANS + CHEAPEST_DECIBANS) + odd * (odd_cell + CHEAPEST_DECIBANS)


def _total_steps(error_set: ErrorSet, chosen: Sequence[tuple[Chain, int]]) -> dict[int, int]:
    """Return the change of each variable by all errors together; one that is changed back is left out."""
    steps = Counter(error_set.cells)
    for chain, step in chosen:
        steps[chain.leaf] += step
        for j in chain.usual:
            steps[j] += chain.signs[j] * step
    return {j: step for j, step in steps.items() if step}
