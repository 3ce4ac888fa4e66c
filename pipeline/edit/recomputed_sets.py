"""Find sets of errors that include numbers with totals computed from them, for records with several errors.

The search is that for wrong cells (`deepening`) with one more variable per way in which a recomputed error breaks the
balances: numbers of one column whose totals were all computed again break them alike. Such a variable stands for all of
these numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.edit.deepening import Deepening
from pipeline.edit.edits import EditSet
from pipeline.edit.elimination import LimitExceeded, System
from pipeline.edit.localise import Weights
from pipeline.edit.recomputed import Chain, find_chains

# Eliminations per record: with more, the answer takes longer than a clerk's next glance.
MAX_NODES = 400
# The changes of a balance: row index and coefficient.
Image = tuple[tuple[int, int], ...]
# Numbers that share an image, each with the sign of its image.
Members = tuple[tuple[Chain, int], ...]


@dataclass(frozen=True)
class ErrorSet:
    """Errors that repair all rows together.

    `cells` holds the step of each wrong cell. `recomputed` holds for each recomputed error the
    numbers that may be wrong, each with its step.
    """

    cells: Mapping[int, int]
    recomputed: tuple[tuple[tuple[Chain, int], ...], ...]


def find_error_sets(component: EditSet, system: System, weights: Weights, max_weight: int) -> list[ErrorSet]:
    """Return the sets of least weight up to `max_weight` in which at least one error is a recomputed one.

    `system` has missing variables freed. The weight of a recomputed error is the default weight; the result is empty
    where the search is given up.
    """
    classes = _chains_by_image(component, system)
    if not classes:
        return []
    count = len(component.variables)
    weight_list = [*map(weights.of, component.variables), *[weights.default] * len(classes)]
    deepening = Deepening(weight_list, min(weight_list), MAX_NODES)
    extended = _extend(system, list(classes))
    try:
        while deepening.weight_limit <= max_weight:
            deepening.search(extended, frozenset(), frozenset(), 0)
            if deepening.solutions or deepening.next_limit is None:
                break
            deepening.weight_limit, deepening.next_limit = deepening.next_limit, None
    except LimitExceeded:
        return []
    members = list(classes.values())
    solutions = ((freed, after.solve_steps()) for freed, after in deepening.solutions if max(freed) >= count)
    return [_error_set(freed, steps, members, count) for freed, steps in solutions if all(steps.get(j) for j in freed)]


def _chains_by_image(component: EditSet, system: System) -> dict[Image, Members]:
    """Return the numbers with totals by their image, as far as all rows of the image fail.

    Only images that several numbers share are of use.
    """
    missing = frozenset(j for j, pivot in system.pivots if pivot is not None)
    rows = system.equalities
    images = _images(component) if not missing else _find_images(component, [coef for coef, _ in rows], missing)
    return {image: m for image, m in images.items() if len(m) > 1 and all(rows[i][1] for i, _ in image)}


@lru_cache(maxsize=64)
def _images(component: EditSet) -> dict[Image, Members]:
    """Return the images of a component where no variable is missing."""
    rows = component.build_system({}).equalities
    return _find_images(component, [coef for coef, _ in rows], frozenset())


def _find_images(
    component: EditSet, rows: Sequence[Mapping[int, int]], missing: frozenset[int]
) -> dict[Image, Members]:
    """Return the numbers by the image of a recomputation of their usual totals; each has the sign of its image."""
    by_image: dict[Image, Members] = {}
    for chain in find_chains(component):
        if chain.usual and missing.isdisjoint({chain.leaf, *chain.usual}):
            image, sign = _image_of(chain, rows)
            if image:
                by_image[image] = (*by_image.get(image, ()), (chain, sign))
    return by_image


def _image_of(chain: Chain, rows: Sequence[Mapping[int, int]]) -> tuple[Image, int]:
    """Return the rows that a step changes when all usual totals are computed again, with a positive first change.

    The second result is the sign of the step: numbers on the two sides of a balance break it alike, with opposite
    signs.
    """
    signs = {chain.leaf: 1} | {j: chain.signs[j] for j in chain.usual}
    changes = (sum(coef[j] * sign for j, sign in signs.items() if j in coef) for coef in rows)
    image = tuple((i, change) for i, change in enumerate(changes) if change)
    sign = 1 if not image or image[0][1] > 0 else -1
    return tuple((i, sign * change) for i, change in image), sign


def _extend(system: System, images: Sequence[Image]) -> System:
    """Return the system with one more variable per image, which has no bounds."""
    equalities = [(coef.copy(), gap) for coef, gap in system.equalities]
    for k, image in enumerate(images):
        for i, change in image:
            equalities[i][0][len(system.bounds) + k] = change
    extended = System(equalities, system.inequalities, [*system.bounds, *[[] for _ in images]])
    extended.pivots = system.pivots
    return extended


def _error_set(freed: frozenset[int], steps: Mapping[int, int], members: Sequence[Members], count: int) -> ErrorSet:
    """Return the error set of a solution; a variable from `count` on is a recomputed error."""
    recomputed = (
        tuple((chain, sign * steps[j]) for chain, sign in members[j - count]) for j in sorted(freed) if j >= count
    )
    return ErrorSet({j: steps[j] for j in sorted(freed) if j < count}, tuple(recomputed))
