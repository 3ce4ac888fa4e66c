"""Search for hypotheses about a record whose edits are broken: what went wrong, the numbers implied, and the cost.

There are two kinds. Wrong cells, each wrong by itself, come from the localisation. The operations of a writer, which
change several numbers at once, come from `operations`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import islice, product

from pipeline.edit.displacement import Displacement
from pipeline.edit.edits import Edit, EditSet, Record
from pipeline.edit.elimination import LimitExceeded, System
from pipeline.edit.hypotheses import (
    DOUBTFUL_DECIBANS,
    RECOMPUTED,
    SOFT_EDIT_DECIBANS,
    WRONG_DECIBANS,
    Change,
    Hypothesis,
    RecordContext,
)
from pipeline.edit.localise import LocalisationStatus, SearchLimits, Weights, localise_component
from pipeline.edit.mechanism import (
    CHEAPEST_DECIBANS,
    LAST_YEAR,
    NOT_SUMMED,
    UNEXPLAINED,
    cautious_decibans,
    copy_decibans,
    find_mechanism,
)
from pipeline.edit.operations import BrokenRecord, find_displaced, find_recomputed, meets_inequalities
from pipeline.edit.recomputed import Chain, Extent, Recomputation
from pipeline.edit.recomputed_sets import ErrorSet, find_error_sets

# Weights: two cells read with doubt weigh as much as one cell read clearly.
CLEAR_WEIGHT, DOUBTFUL_WEIGHT = 2, 1
MAX_WRONG_CELLS = 4
# Cautious decibans of a number with totals computed from it: equal changes fit many cells of a line, so a digit slip in
# one of them proves nothing. If only some totals were computed again it costs a little more, and much more if a number
# that is rarely computed was, although others were not.
RECOMPUTED_DECIBANS = WRONG_DECIBANS + UNEXPLAINED[1]
EXTENT_DECIBANS: Mapping[Extent, int] = {"usual": 0, "part": 10, "unusual": 35}
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
            self._wrong_cells_hypothesis(error_set, freed)
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
        displaced = [self._displacement_hypothesis(d, system) for d, system in find_displaced(broken, self.context)]
        recomputed = [self._recomputed_hypothesis(operation) for operation in find_recomputed(broken)]
        changed = ((h, {c.variable for c in h.changes}) for h in (*displaced, *recomputed))
        return [h for h, variables in changed if variables and variables.isdisjoint(self.confirmed)]

    def _several_errors(self, broken: BrokenRecord, weights: Weights, max_weight: int) -> list[Hypothesis]:
        """Return the hypotheses of several errors; at least one is a number with totals computed from it."""
        weight_list = [weights.of(v) for v in self.component.variables]
        error_sets = find_error_sets(self.component, broken.system, weight_list, max_weight)
        found = []
        for error_set in error_sets:
            for chosen in islice(product(*error_set.recomputed), MAX_COMBINATIONS):
                steps = _total_steps(error_set, chosen)
                if meets_inequalities(broken.system, steps):
                    found.append(self._error_set_hypothesis(error_set, chosen, steps))
        return found

    def _error_set_hypothesis(
        self, error_set: ErrorSet, chosen: Sequence[tuple[Chain, int]], steps: Mapping[int, int]
    ) -> Hypothesis:
        """Return the hypothesis of wrong cells and of the chosen numbers with totals; `steps` are all changes."""
        leaves = {chain.leaf for chain, _ in chosen}
        changes, cost, cautious = [], 0, 0
        for j in sorted(steps):
            change, decibans, careful = self._wrong_number(self.component.variables[j], self._value_after(j, steps))
            is_wrong = j in leaves or j in error_set.cells
            changes.append(change if is_wrong else replace(change, mechanism=RECOMPUTED))
            cost += decibans * is_wrong
            cautious += (RECOMPUTED_DECIBANS if j in leaves else careful) * is_wrong
        return self._weigh_evidence(changes, cost, cautious)

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

    def _wrong_cells_hypothesis(self, error_set: Sequence[str], system: System) -> Hypothesis:
        """Return the hypothesis that the cells of an error set are wrong, each by itself.

        `system` is the component's system with these cells freed.
        """
        steps = system.solve_steps()
        changes = []
        cost = cautious = 0
        for name in error_set:
            change, decibans, careful = self._wrong_number(name, self._value_after(self.index[name], steps))
            changes.append(change)
            cost += decibans
            cautious += careful
        return self._weigh_evidence(changes, cost, cautious)

    def _wrong_number(self, name: str, implied: Decimal | None) -> tuple[Change, int, int]:
        """Return the change of one wrong number, with its decibans and its cautious decibans."""
        printed = Decimal(self.record[name] or 0)
        mechanism, decibans = UNEXPLAINED if implied is None else find_mechanism(printed, implied)
        if mechanism == "zeroed" and name in self.component.totals:
            mechanism, decibans = NOT_SUMMED
        elif mechanism == UNEXPLAINED[0] and printed and self.context.last_year.get(name) == printed:
            mechanism, decibans = LAST_YEAR
        careful = decibans if implied is None else cautious_decibans(mechanism, decibans, printed, implied)
        wrong = DOUBTFUL_DECIBANS if name in self.doubtful else WRONG_DECIBANS
        return Change(name, printed, implied, mechanism), wrong + decibans, wrong + careful

    def _value_after(self, j: int, steps: Mapping[int, int]) -> Decimal | None:
        """Return the value of variable `j` after its step, None if it has no step."""
        return self.component.to_decimal((self.values[j] or 0) + steps[j]) if j in steps else None

    def _weigh_evidence(self, changes: Sequence[Change], cost: int, cautious: int) -> Hypothesis:
        """Return the hypothesis with its final cost: what the soft edits and other reports say is added."""
        evidence = self._soft_edit_decibans(changes) + self._stated_decibans(changes)
        return Hypothesis(tuple(changes), cost + evidence, cautious + evidence)

    def _soft_edit_decibans(self, changes: Sequence[Change]) -> int:
        """Return what the soft edits on changed variables add.

        Each adds SOFT_EDIT_DECIBANS if it fails after the changes. It subtracts them if it failed before the changes
        and holds after them.
        """
        after = {**self.record, **{c.variable: c.implied_value for c in changes}}
        changed = {c.variable for c in changes}
        decibans = 0
        for edit in self.component.soft_edits:
            if changed & edit.coef.keys():
                fails, failed = edit.holds(after) is False, edit.holds(self.record) is False
                decibans += SOFT_EDIT_DECIBANS * (fails - (failed and edit.holds(after) is True))
        return decibans

    def _stated_decibans(self, changes: Sequence[Change]) -> int:
        """Return what the numbers that other reports state add to these changes."""
        stated = [(c, self.context.stated[c.variable]) for c in changes if c.variable in self.context.stated]
        contradicted = sum(c.printed_value == value for c, value in stated)
        return SOFT_EDIT_DECIBANS * (contradicted - sum(c.implied_value == value for c, value in stated))

    def _recomputed_hypothesis(self, operation: Recomputation) -> Hypothesis:
        """Return the hypothesis of one wrong number and the totals computed from it."""
        name = self.component.variables[operation.leaf]
        change, cost, _ = self._wrong_number(name, self._value_after(operation.leaf, operation.steps))
        totals = [
            Change(
                self.component.variables[j],
                self.component.to_decimal(self.values[j] or 0),
                self._value_after(j, operation.steps),
                RECOMPUTED,
            )
            for j in operation.steps
            if j != operation.leaf
        ]
        partly = EXTENT_DECIBANS[operation.extent]
        return self._weigh_evidence([change, *totals], cost + partly, RECOMPUTED_DECIBANS + partly)

    def _displacement_hypothesis(self, displacement: Displacement, system: System) -> Hypothesis:
        """Return the hypothesis of a displacement; `system` is the one without it."""
        steps = system.solve_steps()
        changes = []
        for j, new in sorted(displacement.originals.items()):
            name, value = self.component.variables[j], self.values[j]
            printed = None if value is None else self.component.to_decimal(value)
            implied = self._value_after(j, steps) if new is None else self.component.to_decimal(new)
            if implied is None or printed is None or implied != printed:
                changes.append(Change(name, printed, implied, displacement.mechanism))
        cost = WRONG_DECIBANS + displacement.decibans
        if displacement.mechanism in ("copied", LAST_YEAR[0]):
            leaves = [c for c in changes if c.variable not in self.component.totals]
            cost += copy_decibans([c.printed_value or Decimal(0) for c in leaves or changes])
        return self._weigh_evidence(changes, cost, cost)


def _total_steps(error_set: ErrorSet, chosen: Sequence[tuple[Chain, int]]) -> dict[int, int]:
    """Return the change of each variable by all errors together; one that is changed back is left out."""
    steps = Counter(error_set.cells)
    for chain, step in chosen:
        steps[chain.leaf] += step
        for j in chain.usual:
            steps[j] += chain.signs[j] * step
    return {j: step for j, step in steps.items() if step}
