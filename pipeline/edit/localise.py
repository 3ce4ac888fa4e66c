"""Locate errors: find every least weighted set of variables that must be wrong (Fellegi and Holt 1976), exactly.

The search (`deepening`) allows more and more weight until it finds error sets. All ties are returned: the search never
draws one of several equally good sets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Literal

from pipeline.edit.deepening import Deepening
from pipeline.edit.edits import EditSet, Record
from pipeline.edit.elimination import LimitExceeded, System
from pipeline.edit.whole_numbers import have_whole_solution

# consistent: every edit can hold; unique, tied: one error set or several; infeasible: no change of values meets the
# edits; limit: the search was given up, the error sets are not known.
LocalisationStatus = Literal["consistent", "unique", "tied", "infeasible", "limit"]
# Eliminations per component before the search is given up.
MAX_NODES = 6000
# Error sets of a record; ties of several components multiply.
MAX_TIES = 1000


@dataclass(frozen=True)
class Localisation:
    """The located errors of a record.

    `error_sets` are the ties: alternative sets of variables, each in the edit set's order, all of the least `weight`.
    """

    status: LocalisationStatus
    weight: int | None = None
    error_sets: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Weights:
    """The weight of each variable in an error set: whole numbers above 0, `default` for variables without their own.

    The variables in `fixed` never change, as if their weight were infinite. Raises ValueError for a weight below 1.
    """

    by_variable: Mapping[str, int] = field(default_factory=dict)
    default: int = 1
    fixed: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Raise ValueError for a weight below 1: an error set of weight 0 would have no meaning."""
        if min([self.default, *self.by_variable.values()]) < 1:
            raise ValueError("weights must be whole numbers above 0")

    def of(self, variable: str) -> int:
        """Return the weight of a variable."""
        return self.by_variable.get(variable, self.default)


@dataclass(frozen=True)
class SearchLimits:
    """The largest weight of an error set (None: any), and the number of eliminations, both per component."""

    max_weight: int | None = None
    max_nodes: int = MAX_NODES


EQUAL_WEIGHTS = Weights()
DEFAULT_LIMITS = SearchLimits()


def localise(
    edit_set: EditSet, record: Record, weights: Weights = EQUAL_WEIGHTS, limits: SearchLimits = DEFAULT_LIMITS
) -> Localisation:
    """Return the least weighted sets of variables whose values must change so that all hard edits can hold.

    A variable without value is free at no weight and is never named. Beyond `limits`, or with more than MAX_TIES error
    sets, the status is `limit`.
    """
    results = [_localise_or_give_up(component, record, weights, limits) for component in edit_set.components]
    failure = next((s for s in ("infeasible", "limit") if any(r.status == s for r in results)), None)
    broken = [r for r in results if r.error_sets]
    ties = 1
    for result in broken:
        ties *= len(result.error_sets)
    if failure or ties > MAX_TIES:
        return Localisation("infeasible" if failure == "infeasible" else "limit")
    if not broken:
        return Localisation("consistent", 0)
    order = {v: i for i, v in enumerate(edit_set.variables)}
    error_sets = tuple(
        tuple(sorted((v for error_set in choice for v in error_set), key=order.__getitem__))
        for choice in product(*(r.error_sets for r in broken))
    )
    return Localisation("unique" if ties == 1 else "tied", sum(r.weight or 0 for r in broken), error_sets)


@dataclass(frozen=True)
class ComponentLocalisation:
    """The located errors of one component; `systems` holds, per error set, the system with its variables freed."""

    localisation: Localisation
    systems: tuple[System, ...] = ()


def _localise_or_give_up(component: EditSet, record: Record, weights: Weights, limits: SearchLimits) -> Localisation:
    """Localise one component; the status is `limit` where its missing values cannot be eliminated."""
    try:
        system = free_missing(component, record)
    except LimitExceeded:
        return Localisation("limit")
    return localise_component(component, system, record, weights, limits).localisation


def free_missing(component: EditSet, record: Record) -> System:
    """Return the system with every variable freed that has no value. Raises LimitExceeded."""
    values = component.to_integers(record)
    return component.build_system_at(values).free_all(j for j, value in enumerate(values) if value is None)


def localise_component(
    component: EditSet, system: System, record: Record, weights: Weights, limits: SearchLimits
) -> ComponentLocalisation:
    """Localise the errors of one component, on its system from `free_missing`."""
    if not component.whole and not system.violated_rows():
        return ComponentLocalisation(Localisation("consistent", 0))
    weight_list = [weights.of(v) for v in component.variables]
    unknown = frozenset(j for j, name in enumerate(component.variables) if record.get(name) is None)
    deepening = Deepening(weight_list, min(weight_list), limits.max_nodes)
    if component.whole:
        values = component.to_integers(record)
        deepening.accepts = lambda freed: have_whole_solution(component, values, freed | unknown)
    excluded = unknown
    if weights.fixed:
        excluded |= {j for j, name in enumerate(component.variables) if name in weights.fixed}
    try:
        while limits.max_weight is None or deepening.weight_limit <= limits.max_weight:
            deepening.search(system, frozenset(), excluded, 0)
            if deepening.solutions:
                return _collect_ties(component, deepening)
            if deepening.next_limit is None:
                return ComponentLocalisation(Localisation("infeasible"))
            deepening.weight_limit, deepening.next_limit = deepening.next_limit, None
    except LimitExceeded:
        pass
    return ComponentLocalisation(Localisation("limit"))


def _collect_ties(component: EditSet, deepening: Deepening) -> ComponentLocalisation:
    """Return the solutions of least weight, in the order of their variables."""
    least = min(sum(deepening.weights[j] for j in freed) for freed, _ in deepening.solutions)
    if not least:
        return ComponentLocalisation(Localisation("consistent", 0))
    ties = sorted(
        (
            (tuple(sorted(freed)), system)
            for freed, system in deepening.solutions
            if sum(deepening.weights[j] for j in freed) == least
        ),
        key=lambda tie: tie[0],
    )
    error_sets = tuple(tuple(component.variables[j] for j in freed) for freed, _ in ties)
    status: LocalisationStatus = "unique" if len(error_sets) == 1 else "tied"
    return ComponentLocalisation(Localisation(status, least, error_sets), tuple(system for _, system in ties))
