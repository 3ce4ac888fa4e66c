from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from random import Random

import pytest
from support.oracle import Whole, corrupted, feasible, lightest, system, table

from pipeline.edit.edits import Edit, EditSet
from pipeline.edit.localise import Located, Weights, localise

SUM = Edit({"a": 1, "b": 1, "c": -1}, "==", 0, "sum")
ABC = EditSet("abc", [SUM, *(Edit({v: -1}, "<=") for v in "abc")])
TABLES = 500


def works(edit_set: EditSet, record: Whole, wrong: tuple[str, ...] | frozenset[str]) -> bool:
    return feasible(edit_set, {v: None if v in wrong else x for v, x in record.items()})


def assert_least(edit_set: EditSet, record: Whole, weights: Mapping[str, int], found: Located) -> None:
    """Each tie is feasible, minimal, without missing values and of the weight that is told."""
    assert len(set(map(frozenset, found.errors))) == len(found.errors)
    for tie in found.errors:
        assert sum(weights.get(v, 1) for v in tie) == found.weight
        assert all(record[v] is not None for v in tie)
        assert list(tie) == sorted(tie, key=edit_set.variables.index)
        assert works(edit_set, record, tie)
        assert not any(works(edit_set, record, tuple(v for v in tie if v != dropped)) for dropped in tie)


def by_force(edit_set: EditSet, record: Whole, weights: Mapping[str, int], most: int) -> set[frozenset[str]]:
    """All sets of least weight that can be wrong, of up to `most` variables."""
    known = [v for v in edit_set.variables if record[v] is not None]
    sets = [frozenset(c) for size in range(most + 1) for c in combinations(known, size)]
    best: set[frozenset[str]] = set()
    weight = None
    for chosen in sorted(sets, key=lambda c: sum(weights.get(v, 1) for v in c)):
        cost = sum(weights.get(v, 1) for v in chosen)
        if weight is not None and cost > weight:
            break
        if works(edit_set, record, chosen):
            best, weight = best | {chosen}, cost
    return best


@pytest.mark.parametrize("chunk", range(10))
def test_the_optimum_of_random_tables_is_that_of_a_mixed_integer_programme(chunk: int) -> None:
    seen = set()
    for seed in range(chunk * TABLES // 10, (chunk + 1) * TABLES // 10):
        random = Random(seed)
        edit_set, truth = table(random, random.randint(5, 6), random.randint(3, 8))
        record = corrupted(random, truth, random.randint(1, 4), random.choice([0, 0, 1, 3]))
        weights = {v: random.randint(1, 3) for v in truth} if seed % 3 else {}
        found = localise(edit_set, record, Weights(weights), nodes=10**6)
        assert found.weight == lightest(edit_set, record, weights), seed
        assert found.status == ("consistent" if found.weight == 0 else "unique" if len(found.errors) == 1 else "tied")
        if seed % 4 == 0:
            few = Located(found.status, found.weight, tuple(random.sample(found.errors, min(3, len(found.errors)))))
            assert_least(edit_set, record, weights, few)
        seen.add(found.status)
    assert {"unique", "tied"} <= seen


@pytest.mark.parametrize("seed", range(12))
def test_the_ties_of_a_small_table_are_all_there_are(seed: int) -> None:
    random = Random(seed)
    edit_set, truth = table(random, 5, 3)
    record = corrupted(random, truth, 2, seed % 2)
    weights = {v: random.randint(1, 3) for v in truth} if seed % 3 else {}
    found = localise(edit_set, record, Weights(weights))
    assert {frozenset(t) for t in found.errors} == by_force(edit_set, record, weights, 2) - {frozenset()}


@pytest.mark.parametrize("seed", range(60))
def test_the_ties_of_any_small_system_are_all_there_are(seed: int) -> None:
    random = Random(seed)
    edit_set, record = system(random, 5, bounded=bool(seed % 2))
    record |= dict.fromkeys(random.sample(sorted(record), random.choice([0, 0, 1])))
    bound = {v for e in edit_set.edits for v in e.coef}
    edit_set = EditSet([v for v in edit_set.variables if v in bound], edit_set.edits)
    weights = {v: random.randint(1, 3) for v in record} if seed % 3 else {}
    found = localise(edit_set, record, Weights(weights))
    everything = by_force(edit_set, {v: record[v] for v in edit_set.variables}, weights, 5)
    if not everything:
        assert found == Located("infeasible")
    else:
        assert {frozenset(t) for t in found.errors or ((),)} == everything
        assert_least(edit_set, record, weights, found)


def test_statuses() -> None:
    assert localise(ABC, {"a": 1, "b": 2, "c": 3}) == Located("consistent", 0)
    assert localise(ABC, {"a": 5, "b": 2, "c": 3}) == Located("tied", 1, (("a",), ("c",)))
    assert localise(ABC, {"a": 1, "b": 2, "c": 4}) == Located("tied", 1, (("a",), ("b",), ("c",)))
    assert localise(ABC, {"a": 1, "b": 2, "c": -1}) == Located("unique", 1, (("c",),))
    never = EditSet("abcz", [*ABC.edits, Edit({"z": 1}, "==", 1), Edit({"z": 1}, "==", 2)])
    assert localise(never, {"a": 1, "b": 2, "c": 4, "z": 1}) == Located("infeasible")
    between = EditSet("z", [Edit({"z": 2}, "<=", -1), Edit({"z": -1}, "<=", 0)])
    assert localise(between, {"z": 0}) == Located("infeasible")
    assert localise(between, {}) == Located("infeasible")


def test_beyond_the_cap_or_the_nodes_nothing_is_said() -> None:
    record = {"a": 1, "b": 2, "c": 4}
    assert localise(ABC, record, cap=0) == Located("limit")
    assert localise(ABC, record, Weights(usual=3), cap=2) == Located("limit")
    assert localise(ABC, record, Weights(usual=3), cap=3).weight == 3
    assert localise(ABC, record, nodes=0) == Located("limit")
    assert localise(ABC, {"a": 1, "b": 2, "c": 3}, cap=0, nodes=0) == Located("consistent", 0)
    two = EditSet("abcxyz", [SUM, Edit({"x": 1, "y": 1, "z": -1}, "==")])
    assert localise(two, {"a": 1, "b": 1, "c": 1, "x": 1, "y": 1, "z": 2}).status == "tied"
    many = EditSet(
        [f"{v}{i}" for i in range(7) for v in "abc"],
        [Edit({f"a{i}": 1, f"b{i}": 1, f"c{i}": -1}, "==") for i in range(7)],
    )
    ones = dict.fromkeys(many.variables, 1)
    assert localise(many, ones) == Located("limit"), "3 to the 7th ties are too many to tell"
    assert len(localise(many, {**ones, "c0": 2}).errors) == 3**6


def test_infeasible_is_told_before_limit() -> None:
    edits = [SUM, Edit({"z": 1}, "==", 1), Edit({"z": 1}, "==", 2)]
    assert localise(EditSet("abcz", edits), {"a": 1, "b": 2, "c": 4, "z": 1}, nodes=2).status == "infeasible"


def test_a_missing_value_is_free_and_never_named() -> None:
    assert localise(ABC, {"a": 1, "b": None, "c": 4}) == Located("consistent", 0)
    assert localise(ABC, {"a": 1, "c": 4}) == Located("consistent", 0)
    assert localise(ABC, {"a": 5, "b": None, "c": 4}) == Located("tied", 1, (("a",), ("c",)))
    assert localise(ABC, {}) == Located("consistent", 0)


def test_weights_decide() -> None:
    record = {"a": 1, "b": 2, "c": 4}
    assert localise(ABC, record, Weights({"a": 2, "c": 2})) == Located("unique", 1, (("b",),))
    assert localise(ABC, record, Weights({"b": 3}, 2)) == Located("tied", 2, (("a",), ("c",)))
    shared = EditSet("abcde", [Edit({"a": 1, "b": 1}, "==", 2), Edit({"a": 1, "c": 1}, "==", 2)])
    assert localise(shared, {"a": 2, "b": 1, "c": 1, "d": 0, "e": 0}, Weights({"a": 2})).errors == (("a",), ("b", "c"))


@pytest.mark.parametrize(("given", "usual"), [({}, 0), ({"a": 0}, 1), ({"a": -1}, 1), ({"a": 5}, -5)])
def test_weights_below_one_are_refused(given: dict[str, int], usual: int) -> None:
    with pytest.raises(ValueError, match="weights"):
        Weights(given, usual)


def test_soft_edits_accuse_nobody() -> None:
    soft = Edit({"a": 1}, "==", 9, hard=False)
    assert localise(EditSet("abc", [SUM, soft]), {"a": 1, "b": 2, "c": 3}) == Located("consistent", 0)
    assert localise(EditSet("a", [soft]), {"a": 1}) == Located("consistent", 0)


def test_components_combine() -> None:
    both = EditSet("xabcyz", [SUM, Edit({"x": 1, "y": 1, "z": -1}, "=="), Edit({"z": 1}, "==", 2)])
    found = localise(both, {"a": 0, "b": 0, "c": 1, "x": 1, "y": 1, "z": 7})
    assert found == Located("tied", 2, (("a", "z"), ("b", "z"), ("c", "z")))


def test_the_answer_does_not_depend_on_chance() -> None:
    for seed in range(5):
        edit_set, truth = table(Random(seed), 6, 6)
        record = corrupted(Random(seed), truth, 3, 2)
        backwards = EditSet(edit_set.variables, edit_set.edits[::-1])
        first = localise(edit_set, record)
        assert first == localise(edit_set, record)
        assert first == localise(backwards, record)
