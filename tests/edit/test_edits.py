from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.oracle import feasible, least, system

from pipeline.edit.edits import Edit, EditSet, confront
from pipeline.edit.elimination import BalanceTest, LimitExceeded, System

SUM = Edit({"a": 1, "b": 1, "c": -1}, "==", 0, "sum")
LIMIT = Edit({"a": 2}, "<=", 10, "limit")


def test_residual_is_left_side_minus_right_side() -> None:
    assert SUM.residual({"a": 2, "b": 3, "c": 4}) == 1
    assert Edit({"a": 3}, "==", Decimal("0.5")).residual({"a": Decimal("0.2")}) == Decimal("0.1")
    assert SUM.residual({"a": 2, "b": 3}) is None
    assert SUM.residual({"a": 2, "b": 3, "c": None}) is None


def test_edit_is_unknown_without_a_value() -> None:
    assert [SUM.holds({"a": 1, "b": 1, "c": c}) for c in (2, 3, None)] == [True, False, None]
    assert [LIMIT.holds({"a": a}) for a in (5, 6, -99, None)] == [True, False, True, None]
    assert LIMIT.holds({}) is None


@pytest.mark.parametrize("coef", [{}, {"z": 1}, {"a": 1, "z": 1}])
def test_edit_on_no_or_an_unlisted_variable_is_refused(coef: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="bad: unknown variables or none"):
        EditSet(["a", "b"], [Edit({"a": 1}, "=="), Edit(coef, "==", 0, "bad")])


def test_components_share_no_variable_in_hard_edits() -> None:
    soft = Edit({"c": 1, "d": 1, "z": 1}, "==", 0, "soft", hard=False)
    unrelated = Edit({"z": 1}, "==", 0, "unrelated", hard=False)
    edits = [Edit({"d": 1, "e": -1}, "=="), SUM, soft, LIMIT, unrelated]
    components = EditSet("zabcdef", edits, 2).components
    assert [p.variables for p in components] == [("a", "b", "c", "d", "z"), ("d", "e", "c", "z")]
    assert [p.edits for p in components] == [(SUM, soft, LIMIT), (edits[0], soft)]
    assert {p.decimal_places for p in components} == {2}
    assert EditSet("ab", []).components == ()


def test_edits_are_indexed_by_variable() -> None:
    edit_set = EditSet("abcd", [SUM, LIMIT, Edit({"b": 1}, "==", 1, hard=False)])
    assert edit_set.edits_by_variable["a"] == (SUM, LIMIT)
    assert edit_set.edits_by_variable["d"] == ()
    assert edit_set.balance_indexes == {"a": {0}, "b": {0, 2}, "c": {0}, "d": frozenset()}
    assert [e.coef for e in edit_set.soft_edits] == [{"b": 1}]


@pytest.mark.parametrize("value", [0, 7, -7, Decimal("1.25"), Decimal("-0.01"), Decimal("1E+3"), Decimal("5.0")])
def test_integer_conversion_is_reversible(value: int | Decimal) -> None:
    edit_set = EditSet("a", [], 2)
    assert edit_set.to_integer(value) == value * 100
    assert edit_set.to_decimal(edit_set.to_integer(value)) == value


@pytest.mark.parametrize(("value", "decimal_places"), [("0.001", 2), ("1.5", 0), ("-3.00001", 4)])
def test_value_with_too_many_decimals_is_refused(value: str, decimal_places: int) -> None:
    edit_set = EditSet("a", [Edit({"a": 1}, "==")], decimal_places)
    with pytest.raises(ValueError, match="decimals"):
        edit_set.to_integer(Decimal(value))
    with pytest.raises(ValueError, match="decimals"):
        edit_set.build_system({"a": Decimal(value)})
    with pytest.raises(ValueError, match="decimals"):
        EditSet("a", [Edit({"a": 1}, "==", Decimal(value))], decimal_places).build_system({"a": 1})


def test_decimal_coefficients_are_exact() -> None:
    edit = Edit({"a": Decimal("0.6"), "b": -1}, "==", Decimal("0.1"), "tax")
    edit_set = EditSet("ab", [edit, Edit({"a": Decimal("0.25")}, "<=", 1)], 1)
    consistent: dict[str, Decimal | int | None] = {"a": Decimal("0.5"), "b": Decimal("0.2")}
    assert edit.residual(consistent) == 0
    assert not edit_set.build_system(consistent).violated_rows()
    assert edit.residual({**consistent, "b": Decimal("0.3")}) == Decimal("-0.1")
    assert edit_set.build_system({**consistent, "b": Decimal("0.3")}).violated_rows()
    assert [t.status for t in confront(edit_set, {"a": 5, "b": None})] == ["unknown", "fail"]


def free_in_order(system_: System, order: list[int]) -> System:
    for j in order:
        system_ = system_.free(j)
    return system_


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 6), st.booleans())
def test_no_row_is_violated_if_and_only_if_freed_variables_have_values(
    seed: int, variables: int, bounded: bool
) -> None:
    random = Random(seed)
    edit_set, record = system(random, variables, bounded)
    order = random.sample(range(variables), random.randint(0, variables))
    remaining = free_in_order(edit_set.build_system(record), order)
    kept_values = {v: x for j, (v, x) in enumerate(record.items()) if j not in order}
    assert (not remaining.violated_rows()) == feasible(edit_set, kept_values)
    assert not any(set(coef) & set(order) for coef in remaining.violated_rows())


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(2, 6))
def test_steps_are_solved_where_equalities_determine_a_whole_number(seed: int, variables: int) -> None:
    """A step is solved if and only if the variable has the same value, a whole number away, in every solution."""
    random = Random(seed)
    mixed, record = system(random, variables)
    edit_set = EditSet(mixed.variables, [Edit(e.coef, "==", e.rhs) for e in mixed.edits])
    order = random.sample(range(variables), random.randint(1, variables))
    remaining = free_in_order(edit_set.build_system(record), order)
    if remaining.violated_rows():
        return
    names = edit_set.variables
    kept_values = {v: x for j, (v, x) in enumerate(record.items()) if j not in order}
    steps = remaining.solve_steps()
    assert set(steps) <= set(order)
    for j in order:
        low, high = least(edit_set, kept_values, {names[j]: 1}), least(edit_set, kept_values, {names[j]: -1})
        assert low is not None
        assert high is not None
        is_determined = abs(low + high) < 1e-6
        is_whole = is_determined and abs(low - round(low)) < 1e-6
        assert (j in steps) == is_whole
        if is_whole:
            assert steps[j] == round(low) - (record[names[j]] or 0)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 6), st.booleans())
def test_shifted_system_is_the_system_of_the_changed_record(seed: int, variables: int, bounded: bool) -> None:
    random = Random(seed)
    edit_set, record = system(random, variables, bounded)
    before = edit_set.build_system(record)
    steps = {j: random.randint(-5, 5) for j in random.sample(range(variables), random.randint(0, variables))}
    changed = {v: (x or 0) + steps.get(j, 0) for j, (v, x) in enumerate(record.items())}
    shifted, rebuilt = before.shift(steps), edit_set.build_system(changed)
    assert (shifted.equalities, shifted.inequalities, shifted.bounds) == (
        rebuilt.equalities,
        rebuilt.inequalities,
        rebuilt.bounds,
    )
    assert shifted.violated_rows() == rebuilt.violated_rows()
    assert before.violated_rows() == edit_set.build_system(record).violated_rows()
    test = BalanceTest(before.equalities, edit_set.equality_rows_of)
    assert test.holds_after(steps, set()) == all(e.holds(changed) for e in edit_set.edits if e.op == "==")


def test_missing_value_counts_as_zero_until_it_is_freed() -> None:
    edit_set = EditSet("abc", [SUM, LIMIT])
    base = edit_set.build_system({"a": 2, "c": 5})
    assert base.violated_rows() == [{0: 1, 1: 1, 2: -1}]
    assert not base.free(1).violated_rows()
    assert base.free(1).solve_steps() == {1: 3}
    assert base.violated_rows()


def test_elimination_that_grows_too_large_is_given_up() -> None:
    variables = ["y", *(f"x{i}" for i in range(100))]
    edits = [Edit({"y": 1 if i % 2 else -1, f"x{i}": 1}, "<=") for i in range(100)]
    with pytest.raises(LimitExceeded):
        EditSet(variables, edits).build_system({}).free(0)
