from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from random import Random

import pytest
from support.oracle import Whole, corrupted, feasible, lightest, system, table

from pipeline.edit.edits import Edit, EditSet
from pipeline.edit.localise import Localisation, SearchLimits, Weights, localise

SUM = Edit({"a": 1, "b": 1, "c": -1}, "==", 0, "sum")
ABC = EditSet("abc", [SUM, *(Edit({v: -1}, "<=") for v in "abc")])
TABLE_COUNT = 500


def can_hold_without(edit_set: EditSet, record: Whole, wrong: tuple[str, ...] | frozenset[str]) -> bool:
    """Return whether all edits can hold if the values of the wrong variables change."""
    return feasible(edit_set, {v: None if v in wrong else x for v, x in record.items()})


def assert_minimal(edit_set: EditSet, record: Whole, weights: Mapping[str, int], located: Localisation) -> None:
    """Check that each error set is feasible, minimal, without missing values and of the returned weight."""
    assert len(set(map(frozenset, located.error_sets))) == len(located.error_sets)
    for tie in located.error_sets:
        assert sum(weights.get(v, 1) for v in tie) == located.weight
        assert all(record[v] is not None for v in tie)
        assert list(tie) == sorted(tie, key=edit_set.variables.index)
        assert can_hold_without(edit_set, record, tie)
        assert not any(can_hold_without(edit_set, record, tuple(v for v in tie if v != dropped)) for dropped in tie)


def error_sets_by_force(
    edit_set: EditSet, record: Whole, weights: Mapping[str, int], max_size: int
) -> set[frozenset[str]]:
    """Return all error sets of least weight with up to `max_size` variables, by trying every set."""
    variables_with_value = [v for v in edit_set.variables if record[v] is not None]
    sets = [frozenset(c) for size in range(max_size + 1) for c in combinations(variables_with_value, size)]
    best: set[frozenset[str]] = set()
    weight = None
    for chosen in sorted(sets, key=lambda c: sum(weights.get(v, 1) for v in c)):
        cost = sum(weights.get(v, 1) for v in chosen)
        if weight is not None and cost > weight:
            break
        if can_hold_without(edit_set, record, chosen):
            best, weight = best | {chosen}, cost
    return best


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(10))
def test_optimum_equals_that_of_a_mixed_integer_programme(chunk: int) -> None:
    statuses = set()
    for seed in range(chunk * TABLE_COUNT // 10, (chunk + 1) * TABLE_COUNT // 10):
        random = Random(seed)
        edit_set, truth = table(random, random.randint(5, 6), random.randint(3, 8))
        record = corrupted(random, truth, random.randint(1, 4), random.choice([0, 0, 1, 3]))
        weights = {v: random.randint(1, 3) for v in truth} if seed % 3 else {}
        located = localise(edit_set, record, Weights(weights), SearchLimits(max_nodes=10**6))
        assert located.weight == lightest(edit_set, record, weights), seed
        assert located.status == (
            "consistent" if located.weight == 0 else "unique" if len(located.error_sets) == 1 else "tied"
        )
        if seed % 4 == 0:
            sample = Localisation(
                located.status,
                located.weight,
                tuple(random.sample(located.error_sets, min(3, len(located.error_sets)))),
            )
            assert_minimal(edit_set, record, weights, sample)
        statuses.add(located.status)
    assert {"unique", "tied"} <= statuses


@pytest.mark.parametrize("seed", range(12))
def test_all_ties_of_a_small_table_are_found(seed: int) -> None:
    random = Random(seed)
    edit_set, truth = table(random, 5, 3)
    record = corrupted(random, truth, 2, seed % 2)
    weights = {v: random.randint(1, 3) for v in truth} if seed % 3 else {}
    located = localise(edit_set, record, Weights(weights))
    assert {frozenset(t) for t in located.error_sets} == error_sets_by_force(edit_set, record, weights, 2) - {
        frozenset()
    }


@pytest.mark.parametrize("seed", range(60))
def test_all_ties_of_a_small_system_are_found(seed: int) -> None:
    random = Random(seed)
    edit_set, record = system(random, 5, bounded=bool(seed % 2))
    record |= dict.fromkeys(random.sample(sorted(record), random.choice([0, 0, 1])))
    bound = {v for e in edit_set.edits for v in e.coef}
    edit_set = EditSet([v for v in edit_set.variables if v in bound], edit_set.edits)
    weights = {v: random.randint(1, 3) for v in record} if seed % 3 else {}
    located = localise(edit_set, record, Weights(weights))
    expected = error_sets_by_force(edit_set, {v: record[v] for v in edit_set.variables}, weights, 5)
    if not expected:
        assert located == Localisation("infeasible")
    else:
        assert {frozenset(t) for t in located.error_sets or ((),)} == expected
        assert_minimal(edit_set, record, weights, located)


def test_status_and_ties_of_small_records() -> None:
    assert localise(ABC, {"a": 1, "b": 2, "c": 3}) == Localisation("consistent", 0)
    assert localise(ABC, {"a": 5, "b": 2, "c": 3}) == Localisation("tied", 1, (("a",), ("c",)))
    assert localise(ABC, {"a": 1, "b": 2, "c": 4}) == Localisation("tied", 1, (("a",), ("b",), ("c",)))
    assert localise(ABC, {"a": 1, "b": 2, "c": -1}) == Localisation("unique", 1, (("c",),))
    contradiction = EditSet("abcz", [*ABC.edits, Edit({"z": 1}, "==", 1), Edit({"z": 1}, "==", 2)])
    assert localise(contradiction, {"a": 1, "b": 2, "c": 4, "z": 1}) == Localisation("infeasible")
    no_integer_between = EditSet("z", [Edit({"z": 2}, "<=", -1), Edit({"z": -1}, "<=", 0)])
    assert localise(no_integer_between, {"z": 0}) == Localisation("infeasible")
    assert localise(no_integer_between, {}) == Localisation("infeasible")


def test_search_limits_give_limit() -> None:
    record = {"a": 1, "b": 2, "c": 4}
    assert localise(ABC, record, limits=SearchLimits(0)) == Localisation("limit")
    assert localise(ABC, record, Weights(default=3), SearchLimits(2)) == Localisation("limit")
    assert localise(ABC, record, Weights(default=3), SearchLimits(3)).weight == 3
    assert localise(ABC, record, limits=SearchLimits(max_nodes=0)) == Localisation("limit")
    assert localise(ABC, {"a": 1, "b": 2, "c": 3}, limits=SearchLimits(0, 0)) == Localisation("consistent", 0)
    two = EditSet("abcxyz", [SUM, Edit({"x": 1, "y": 1, "z": -1}, "==")])
    assert localise(two, {"a": 1, "b": 1, "c": 1, "x": 1, "y": 1, "z": 2}).status == "tied"
    many = EditSet(
        [f"{v}{i}" for i in range(7) for v in "abc"],
        [Edit({f"a{i}": 1, f"b{i}": 1, f"c{i}": -1}, "==") for i in range(7)],
    )
    ones = dict.fromkeys(many.variables, 1)
    assert localise(many, ones) == Localisation("limit"), "3 to the 7th ties are too many to return"
    assert len(localise(many, {**ones, "c0": 2}).error_sets) == 3**6


def test_infeasible_takes_precedence_over_limit() -> None:
    edits = [SUM, Edit({"z": 1}, "==", 1), Edit({"z": 1}, "==", 2)]
    assert (
        localise(EditSet("abcz", edits), {"a": 1, "b": 2, "c": 4, "z": 1}, limits=SearchLimits(max_nodes=2)).status
        == "infeasible"
    )


def test_missing_value_is_free_and_never_named() -> None:
    assert localise(ABC, {"a": 1, "b": None, "c": 4}) == Localisation("consistent", 0)
    assert localise(ABC, {"a": 1, "c": 4}) == Localisation("consistent", 0)
    assert localise(ABC, {"a": 5, "b": None, "c": 4}) == Localisation("tied", 1, (("a",), ("c",)))
    assert localise(ABC, {}) == Localisation("consistent", 0)


def test_least_weighted_error_set_is_returned() -> None:
    record = {"a": 1, "b": 2, "c": 4}
    assert localise(ABC, record, Weights({"a": 2, "c": 2})) == Localisation("unique", 1, (("b",),))
    assert localise(ABC, record, Weights({"b": 3}, 2)) == Localisation("tied", 2, (("a",), ("c",)))
    shared = EditSet("abcde", [Edit({"a": 1, "b": 1}, "==", 2), Edit({"a": 1, "c": 1}, "==", 2)])
    assert localise(shared, {"a": 2, "b": 1, "c": 1, "d": 0, "e": 0}, Weights({"a": 2})).error_sets == (
        ("a",),
        ("b", "c"),
    )


@pytest.mark.parametrize(("by_variable", "default"), [({}, 0), ({"a": 0}, 1), ({"a": -1}, 1), ({"a": 5}, -5)])
def test_weights_below_one_are_refused(by_variable: dict[str, int], default: int) -> None:
    with pytest.raises(ValueError, match="weights"):
        Weights(by_variable, default)


def test_soft_edits_never_make_a_variable_wrong() -> None:
    soft = Edit({"a": 1}, "==", 9, hard=False)
    assert localise(EditSet("abc", [SUM, soft]), {"a": 1, "b": 2, "c": 3}) == Localisation("consistent", 0)
    assert localise(EditSet("a", [soft]), {"a": 1}) == Localisation("consistent", 0)


def test_error_sets_of_components_are_combined() -> None:
    both = EditSet("xabcyz", [SUM, Edit({"x": 1, "y": 1, "z": -1}, "=="), Edit({"z": 1}, "==", 2)])
    located = localise(both, {"a": 0, "b": 0, "c": 1, "x": 1, "y": 1, "z": 7})
    assert located == Localisation("tied", 2, (("a", "z"), ("b", "z"), ("c", "z")))


def test_result_does_not_depend_on_the_order_of_edits() -> None:
    for seed in range(5):
        edit_set, truth = table(Random(seed), 6, 6)
        record = corrupted(Random(seed), truth, 3, 2)
        reversed_set = EditSet(edit_set.variables, edit_set.edits[::-1])
        first = localise(edit_set, record)
        assert first == localise(edit_set, record)
        assert first == localise(reversed_set, record)
