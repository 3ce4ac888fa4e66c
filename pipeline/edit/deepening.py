"""Search for sets of variables to free so that the other values can stay, in rounds of increasing weight.

While some row is violated at the kept values, every solution frees one of its variables. The search branches on the
shortest violated row and eliminates the chosen variable. Violated rows that share no variable give a lower bound of the
weight that is still needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pipeline.edit.elimination import LimitExceeded, System

# Eliminations that a test of `Deepening.accepts` counts for.
NODES_PER_TEST = 20
# A variable to free, and the variables that must not be freed after it because other branches free them.
Branch = tuple[int, frozenset[int]]


@dataclass
class Deepening:
    """One round of the search: it finds the solutions of weight up to `weight_limit`.

    `next_limit` is a lower bound of the weight of heavier solutions, None while none was cut off. `solutions` holds the
    freed variables and the system without them. `accepts` says of freed variables whether their values may be as the
    edits need them, for example whole; where they may not, more variables are freed.
    """

    weights: list[int]
    min_weight: int
    nodes_left: int
    weight_limit: int = 0
    next_limit: int | None = None
    solutions: list[tuple[frozenset[int], System]] = field(default_factory=list)
    accepts: Callable[[frozenset[int]], bool] | None = None

    def search(self, system: System, freed: frozenset[int], excluded: frozenset[int], spent: int) -> None:
        """Add the solutions that free more variables than `freed`, whose weight is `spent`, but none of `excluded`."""
        violated = [[j for j in coef if j not in excluded] for coef in system.violated_rows()]
        if not violated:
            if self._is_accepted(freed):
                self.solutions.append((freed, system))
                return
            violated = [[j for j in range(len(self.weights)) if j not in freed and j not in excluded]]
        if not all(violated):
            return
        lower_bound = spent + self._weight_needed(violated)
        if lower_bound > self.weight_limit:
            self._cut_off(lower_bound)
            return
        for j, excluded_after in self._branches(violated, excluded, spent):
            self._count_node()
            self.search(system.free(j), freed | {j}, excluded_after, spent + self.weights[j])

    def _weight_needed(self, violated: list[list[int]]) -> int:
        """Return a lower bound of the weight still needed: disjoint rows each need one of their variables."""
        used_variables: set[int] = set()
        total = 0
        for row in sorted(violated, key=len):
            if used_variables.isdisjoint(row):
                used_variables.update(row)
                total += min([self.weights[j] for j in row])
        return total

    def _branches(self, violated: list[list[int]], excluded: frozenset[int], spent: int) -> Iterator[Branch]:
        """Yield the variables of the shortest violated row, each with the variables that later nodes must not free."""
        row = sorted(sorted(violated, key=len)[0])
        budget = self.weight_limit - spent
        is_last = budget < 2 * self.min_weight  # only one more variable can be freed: every violated row must name it
        useful = set(row).intersection(*violated) if is_last else set(row)
        excluded_after = excluded
        for j in row:
            if self.weights[j] > budget:
                self._cut_off(spent + self.weights[j])
            elif j in useful:
                yield j, excluded_after
            else:
                self._cut_off(spent + self.weights[j] + self.min_weight)
            excluded_after = excluded_after | {j}

    def _cut_off(self, weight: int) -> None:
        """Note a lower bound of the weight of solutions that this round does not search."""
        self.next_limit = weight if self.next_limit is None else min(self.next_limit, weight)

    def _is_accepted(self, freed: frozenset[int]) -> bool:
        """Return whether freed variables are accepted. Raises LimitExceeded where no test is left."""
        if self.accepts is None:
            return True
        self._count_node(NODES_PER_TEST)
        return self.accepts(freed)

    def _count_node(self, nodes: int = 1) -> None:
        """Count eliminations. Raises LimitExceeded where none are left."""
        self.nodes_left -= nodes
        if self.nodes_left < 0:
            raise LimitExceeded
