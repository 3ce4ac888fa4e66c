"""Weigh hypotheses about a broken record: the changes that an operation or an error set means, and their cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.edit.displacement import Displacement
from pipeline.edit.edits import EditSet, Record
from pipeline.edit.elimination import System
from pipeline.edit.hypotheses import (
    DOUBTFUL_DECIBANS,
    RECOMPUTED,
    SOFT_EDIT_DECIBANS,
    WRONG_DECIBANS,
    Change,
    Hypothesis,
    RecordContext,
)
from pipeline.edit.mechanism import (
    LAST_YEAR,
    NOT_SUMMED,
    UNEXPLAINED,
    cautious_decibans,
    copy_decibans,
    find_mechanism,
)
from pipeline.edit.recomputed import Chain, Extent, Recomputation
from pipeline.edit.recomputed_sets import ErrorSet

# Cautious decibans of a number with totals computed from it: equal changes fit many cells of a line, so a digit slip in
# one of them proves nothing. If only some totals were computed again it costs a little more, and much more if a number
# that is rarely computed was, although others were not.
RECOMPUTED_DECIBANS = WRONG_DECIBANS + UNEXPLAINED[1]
EXTENT_DECIBANS: Mapping[Extent, int] = {"usual": 0, "part": 10, "unusual": 35}


class HypothesisCosts:
    """The costs of hypotheses about one component of an edit set and one record.

    `values` are the record's values as integers, by variable index.
    """

    def __init__(
        self, component: EditSet, record: Record, context: RecordContext, values: Sequence[int | None]
    ) -> None:
        self.component, self.record, self.context, self.values = component, record, context, values
        self.index = {v: i for i, v in enumerate(component.variables)}

    def of_wrong_cells(self, error_set: Sequence[str], system: System) -> Hypothesis:
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
        wrong = DOUBTFUL_DECIBANS if name in self.context.doubtful else WRONG_DECIBANS
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

    def of_recomputation(self, operation: Recomputation) -> Hypothesis:
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

    def of_displacement(self, displacement: Displacement, system: System) -> Hypothesis:
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

    def of_error_set(
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
