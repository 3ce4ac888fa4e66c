"""Find numbers that were typed wrong together with totals that were computed from them.

In a spreadsheet totals are formulas, so one wrong number changes every total above it by the same amount. The unit of
explanation is then not the cell but the writer's operation (Scholtus 2016, a generalised Fellegi-Holt paradigm): one
number, and all or some of the totals computed from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Literal, NamedTuple

from pipeline.edit.edits import EditSet, Number
from pipeline.edit.elimination import System

# A number with more totals above it is tried with all of them only.
MAX_SUBSET_TOTALS = 6


# The coefficients of a balance by variable index, and the variable that it computes from the others.
Formula = tuple[Mapping[int, Number], int]
Extent = Literal["usual", "part", "unusual"]


class Chain(NamedTuple):
    """A number and the totals computed from it.

    `signs` holds for each total by how much it changes where the number changes by 1; `usual` are those of them that
    most authors compute. `rows` are the indexes of the equalities that name any of these variables.
    """

    leaf: int
    signs: Mapping[int, int]
    usual: frozenset[int]
    rows: frozenset[int]


class Recomputation(NamedTuple):
    """A change of a number and of totals above it that repairs every balance.

    `steps` holds the change of each by variable index. `extent` says which totals were computed again: `usual` for all
    that authors usually compute, `part` for some of these, `unusual` where others are among them.
    """

    leaf: int
    steps: Mapping[int, int]
    extent: Extent


class Candidate(NamedTuple):
    """A recomputation by an unknown step: the sign of each variable's change, and `image`, how equalities change."""

    leaf: int
    signs: Mapping[int, int]
    extent: Extent
    image: Mapping[int, int]


@lru_cache(maxsize=64)
def find_chains(component: EditSet) -> tuple[Chain, ...]:
    """Return each variable that has totals above it, with these totals.

    A total is the variable that an edit computes (`Edit.total`).
    """
    index = {v: i for i, v in enumerate(component.variables)}
    usual_edits = [e for e in component.edits if e.total and not e.computed]
    formulas = [({index[v]: c for v, c in e.coef.items()}, index[e.total]) for e in component.edits if e.total]
    usual_formulas = [({index[v]: c for v, c in e.coef.items()}, index[e.total]) for e in usual_edits]
    equalities = [{index[v] for v in e.coef} for e in component.row_edits[0]]
    chains = []
    for leaf in range(len(component.variables)):
        signs = _propagate(leaf, formulas)
        touched = {leaf, *signs}
        rows = frozenset(i for i, names in enumerate(equalities) if not names.isdisjoint(touched))
        if signs:
            chains.append(Chain(leaf, signs, frozenset(_propagate(leaf, usual_formulas)), rows))
    return tuple(chains)


def _propagate(leaf: int, formulas: Sequence[Formula]) -> dict[int, int]:
    """Return by how much each total changes where the leaf changes by 1; totals that do not change are left out."""
    signs = {leaf: 1}
    is_changed = True
    while is_changed:
        is_changed = False
        for coef, total in formulas:
            parts = [j for j in coef if j in signs and j != total]
            if total not in signs and parts:
                change = sum(-signs[j] if (coef[j] > 0) == (coef[total] > 0) else signs[j] for j in parts)
                if change in (1, -1):
                    signs[total], is_changed = change, True
    del signs[leaf]
    return signs


def find_recomputations(component: EditSet, system: System, broken: frozenset[int]) -> Iterator[Recomputation]:
    """Yield each recomputation that makes all equalities hold.

    `system` has the missing variables freed, and `broken` are the indexes of the component's equalities that fail by
    themselves. A step is a whole number.
    """
    if all(pivot is None for _, pivot in system.pivots):
        candidates: Iterable[Candidate] = _candidates_by_rows(component).get(broken, ())
    else:
        chains = [c for c in find_chains(component) if broken <= c.rows]
        candidates = _list_candidates(chains, [coef for coef, _ in system.equalities])
    gaps = [gap for _, gap in system.equalities]
    failing = frozenset(i for i, gap in enumerate(gaps) if gap)
    for leaf, signs, extent, image in candidates:
        step = _solve_step(gaps, image) if image.keys() == failing else 0
        if step:
            yield Recomputation(leaf, {j: sign * step for j, sign in signs.items()}, extent)


@lru_cache(maxsize=64)
def _candidates_by_rows(component: EditSet) -> Mapping[frozenset[int], tuple[Candidate, ...]]:
    """Return all recomputations of a component without missing variables, by the equalities that they change."""
    rows = [coef for coef, _ in component.build_system({}).equalities]
    by_rows: dict[frozenset[int], list[Candidate]] = {}
    for candidate in _list_candidates(find_chains(component), rows):
        by_rows.setdefault(frozenset(candidate.image), []).append(candidate)
    return {changed: tuple(candidates) for changed, candidates in by_rows.items()}


def _list_candidates(chains: Sequence[Chain], rows: Sequence[Mapping[int, int]]) -> Iterator[Candidate]:
    """Yield all recomputations of the chains, with their image in rows of coefficients."""
    for chain in chains:
        images = {j: _image_of(j, sign, rows) for j, sign in {chain.leaf: 1, **chain.signs}.items()}
        for totals in _subsets(chain):
            image = Counter(images[chain.leaf])
            for j in totals:
                image.update(images[j])
            changed = {i: change for i, change in image.items() if change}
            signs = {chain.leaf: 1} | {j: chain.signs[j] for j in totals}
            yield Candidate(chain.leaf, signs, _extent_of(chain, totals), changed)


def _image_of(j: int, sign: int, rows: Sequence[Mapping[int, int]]) -> dict[int, int]:
    """Return by how much each row changes with a variable."""
    return {i: coef[j] * sign for i, coef in enumerate(rows) if j in coef}


def _extent_of(chain: Chain, totals: Sequence[int]) -> Extent:
    if not chain.usual.issuperset(totals):
        return "unusual"
    return "usual" if len(totals) == len(chain.usual) else "part"


def _subsets(chain: Chain) -> Iterator[tuple[int, ...]]:
    """Yield the sets of totals that may have been computed again, all first; never none."""
    totals = tuple(chain.signs)
    yield totals
    if len(totals) <= MAX_SUBSET_TOTALS:
        for size in range(len(totals) - 1, 0, -1):
            yield from combinations(totals, size)


def _solve_step(gaps: Sequence[int], image: Mapping[int, int]) -> int:
    """Return the step of the leaf that closes all gaps, 0 if there is none."""
    steps = {divmod(gaps[i], change) for i, change in image.items()}
    step, rest = steps.pop() if len(steps) == 1 else (0, 0)
    return step if rest == 0 else 0
