from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.oracle import feasible, least, system

from pipeline.edit.edits import Edit, EditSet, confront
from pipeline.edit.elimination import Abandoned, System, mended

SUM = Edit({"a": 1, "b": 1, "c": -1}, "==", 0, "sum")
MOST = Edit({"a": 2}, "<=", 10, "most")


def test_a_residual_is_left_side_minus_right_side() -> None:
    assert SUM.residual({"a": 2, "b": 3, "c": 4}) == 1
    assert Edit({"a": 3}, "==", Decimal("0.5")).residual({"a": Decimal("0.2")}) == Decimal("0.1")
    assert SUM.residual({"a": 2, "b": 3}) is None
    assert SUM.residual({"a": 2, "b": 3, "c": None}) is None


def test_whether_an_edit_holds_is_unknown_without_a_value() -> None:
    assert [SUM.holds({"a": 1, "b": 1, "c": c}) for c in (2, 3, None)] == [True, False, None]
    assert [MOST.holds({"a": a}) for a in (5, 6, -99, None)] == [True, False, True, None]
    assert MOST.holds({}) is None


@pytest.mark.parametrize("coef", [{}, {"z": 1}, {"a": 1, "z": 1}])
def test_an_edit_on_no_variable_or_an_unknown_one_is_refused(coef: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="bad: unknown variables or none"):
        EditSet(["a", "b"], [Edit({"a": 1}, "=="), Edit(coef, "==", 0, "bad")])


def test_components_share_no_variable_in_hard_edits() -> None:
    soft = Edit({"c": 1, "d": 1, "z": 1}, "==", 0, "soft", hard=False)
    elsewhere = Edit({"z": 1}, "==", 0, "elsewhere", hard=False)
    edits = [Edit({"d": 1, "e": -1}, "=="), SUM, soft, MOST, elsewhere]
    parts = EditSet("zabcdef", edits, 2).components
    assert [p.variables for p in parts] == [("a", "b", "c", "d", "z"), ("d", "e", "c", "z")]
    assert [p.edits for p in parts] == [(SUM, soft, MOST), (edits[0], soft)]
    assert {p.places for p in parts} == {2}
    assert EditSet("ab", []).components == ()


def test_what_touches_a_variable() -> None:
    edit_set = EditSet("abcd", [SUM, MOST, Edit({"b": 1}, "==", 1, hard=False)])
    assert edit_set.touching["a"] == (SUM, MOST)
    assert edit_set.touching["d"] == ()
    assert edit_set.balances == {"a": {0}, "b": {0, 2}, "c": {0}, "d": frozenset()}
    assert [e.coef for e in edit_set.soft] == [{"b": 1}]


@pytest.mark.parametrize("value", [0, 7, -7, Decimal("1.25"), Decimal("-0.01"), Decimal("1E+3"), Decimal("5.0")])
def test_scaled_and_back(value: int | Decimal) -> None:
    edit_set = EditSet("a", [], 2)
    assert edit_set.scaled(value) == value * 100
    assert edit_set.plain(edit_set.scaled(value)) == value


@pytest.mark.parametrize(("value", "places"), [("0.001", 2), ("1.5", 0), ("-3.00001", 4)])
def test_too_many_decimals_are_refused(value: str, places: int) -> None:
    edit_set = EditSet("a", [Edit({"a": 1}, "==")], places)
    with pytest.raises(ValueError, match="decimals"):
        edit_set.scaled(Decimal(value))
    with pytest.raises(ValueError, match="decimals"):
        edit_set.system({"a": Decimal(value)})
    with pytest.raises(ValueError, match="decimals"):
        EditSet("a", [Edit({"a": 1}, "==", Decimal(value))], places).system({"a": 1})


def test_decimal_coefficients_are_multiplied_out() -> None:
    edit = Edit({"a": Decimal("0.6"), "b": -1}, "==", Decimal("0.1"), "tax")
    edit_set = EditSet("ab", [edit, Edit({"a": Decimal("0.25")}, "<=", 1)], 1)
    sound: dict[str, Decimal | int | None] = {"a": Decimal("0.5"), "b": Decimal("0.2")}
    assert edit.residual(sound) == 0
    assert not edit_set.system(sound).violated()
    assert edit.residual({**sound, "b": Decimal("0.3")}) == Decimal("-0.1")
    assert edit_set.system({**sound, "b": Decimal("0.3")}).violated()
    assert [t.status for t in confront(edit_set, {"a": 5, "b": None})] == ["unknown", "fail"]


def freed(system_: System, order: list[int]) -> System:
    for j in order:
        system_ = system_.free(j)
    return system_


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 6), st.booleans())
def test_nothing_is_violated_if_and_only_if_the_freed_have_values(seed: int, variables: int, bounded: bool) -> None:
    random = Random(seed)
    edit_set, record = system(random, variables, bounded)
    order = random.sample(range(variables), random.randint(0, variables))
    left = freed(edit_set.system(record), order)
    kept = {v: x for j, (v, x) in enumerate(record.items()) if j not in order}
    assert (not left.violated()) == feasible(edit_set, kept)
    assert not any(set(coef) & set(order) for coef in left.violated())


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(2, 6))
def test_steps_are_what_the_equalities_determine(seed: int, variables: int) -> None:
    """A step is found exactly for what has one value, a whole one away, in every solution."""
    random = Random(seed)
    mixed, record = system(random, variables)
    edit_set = EditSet(mixed.variables, [Edit(e.coef, "==", e.rhs) for e in mixed.edits])
    order = random.sample(range(variables), random.randint(1, variables))
    left = freed(edit_set.system(record), order)
    if left.violated():
        return
    names = edit_set.variables
    kept = {v: x for j, (v, x) in enumerate(record.items()) if j not in order}
    found = left.steps()
    assert set(found) <= set(order)
    for j in order:
        low, high = least(edit_set, kept, {names[j]: 1}), least(edit_set, kept, {names[j]: -1})
        assert low is not None
        assert high is not None
        determined = abs(low + high) < 1e-6
        whole = determined and abs(low - round(low)) < 1e-6
        assert (j in found) == whole
        if whole:
            assert found[j] == round(low) - (record[names[j]] or 0)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 6), st.booleans())
def test_moved_is_the_system_of_the_changed_record(seed: int, variables: int, bounded: bool) -> None:
    random = Random(seed)
    edit_set, record = system(random, variables, bounded)
    before = edit_set.system(record)
    steps = {j: random.randint(-5, 5) for j in random.sample(range(variables), random.randint(0, variables))}
    changed = {v: (x or 0) + steps.get(j, 0) for j, (v, x) in enumerate(record.items())}
    after, there = before.moved(steps), edit_set.system(changed)
    assert (after.equal, after.atmost, after.bounds) == (there.equal, there.atmost, there.bounds)
    assert after.violated() == there.violated()
    assert before.violated() == edit_set.system(record).violated()
    assert mended(before.equal, steps, set()) == all(e.holds(changed) for e in edit_set.edits if e.op == "==")


def test_a_missing_value_counts_as_nothing_until_it_is_freed() -> None:
    edit_set = EditSet("abc", [SUM, MOST])
    base = edit_set.system({"a": 2, "c": 5})
    assert base.violated() == [{0: 1, 1: 1, 2: -1}]
    assert not base.free(1).violated()
    assert base.free(1).steps() == {1: 3}
    assert base.violated()


def test_an_elimination_that_grows_too_large_is_abandoned() -> None:
    variables = ["y", *(f"x{i}" for i in range(100))]
    edits = [Edit({"y": 1 if i % 2 else -1, f"x{i}": 1}, "<=") for i in range(100)]
    with pytest.raises(Abandoned):
        EditSet(variables, edits).system({}).free(0)
