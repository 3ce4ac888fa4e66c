"""Edits with all operators, and variables with whole numbers, compared with solvers and by enumeration."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.oracle import ALL_OPERATORS, feasible, least, lightest, system

from pipeline.edit import Edit, EditSet, Weights, confront, derive, localise
from pipeline.edit.edits import Operator
from pipeline.edit.whole_numbers import have_whole_solution


@pytest.mark.parametrize(
    ("op", "holds"),
    [("==", (False, True, False)), ("<=", (True, True, False)), (">=", (False, True, True)),
     ("<", (True, False, False)), (">", (False, False, True))],
)  # fmt: skip
def test_operator_compares_with_the_right_side(op: Operator, holds: tuple[bool, ...]) -> None:
    edit_set = EditSet("x", [Edit({"x": Decimal("0.5")}, op, 2)], 1)
    results = [confront(edit_set, {"x": x})[0] for x in (Decimal("3.9"), 4, Decimal("4.1"))]
    assert [r.status for r in results] == ["pass" if h else "fail" for h in holds]
    assert [r.residual for r in results] == [Decimal("-0.05"), 0, Decimal("0.05")]
    assert [localise(edit_set, {"x": x}).weight == 0 for x in (Decimal("3.9"), 4, Decimal("4.1"))] == list(holds)


def test_unknown_operator_is_refused() -> None:
    with pytest.raises(ValueError, match="operator"):
        EditSet("x", [Edit({"x": 1}, "!=")])  # type: ignore[arg-type]


def test_tolerance_concerns_equalities_only() -> None:
    edit_set = EditSet("x", [Edit({"x": 1}, "==", 5), Edit({"x": 1}, "<=", 5), Edit({"x": 1}, "<", 6)])
    assert [r.status for r in confront(edit_set, {"x": 6}, eps=1)] == ["pass", "fail", "fail"]


def test_strict_limits_are_exact() -> None:
    between = [Edit({"x": 1}, ">", 2), Edit({"x": 1}, "<", 3)]
    assert localise(EditSet("x", between), {"x": 2}).error_sets == (("x",),)
    assert localise(EditSet("x", between, whole="x"), {"x": 2}).status == "infeasible"
    assert localise(EditSet("x", [Edit({"x": 1}, ">", 2), Edit({"x": 1}, "<=", 2)]), {"x": 2}).status == "infeasible"
    chain = [Edit({"x": 3, "y": -2}, "<"), Edit({"y": 2, "z": -3}, "<"), Edit({"z": 1, "x": -1}, "<=")]
    assert localise(EditSet("xyz", chain), {"x": 1, "y": 2, "z": 2}).status == "infeasible"
    assert localise(EditSet("xyz", chain[:2]), {"x": 1, "y": 9, "z": 2}).error_sets == (("y",), ("z",))


def test_edits_on_whole_numbers_are_tightened() -> None:
    assert Edit({"a": 2, "b": -4}, ">", Decimal("4.5")).tightened() == Edit({"a": -1, "b": 2}, "<=", -3)
    assert Edit({"a": Decimal("0.2")}, "<", 1).tightened() == Edit({"a": 1}, "<=", 4)
    assert derive(EditSet("x", [Edit({"x": 1}, ">", 1), Edit({"x": 1}, "<", 3)], whole="x"), {}).values == {"x": 2}
    assert derive(EditSet("x", [Edit({"x": 2}, "==", 3)], whole="x"), {}).feasible is False
    assert derive(EditSet("x", [Edit({"x": 2}, "==", 3)], 1), {}).values == {"x": Decimal("1.5")}


def test_strict_limit_is_never_derived() -> None:
    limited = [Edit({"x": 1, "y": 1}, "==", 5), Edit({"x": 1}, "<=", 2), Edit({"y": 1}, "<", 3)]
    assert derive(EditSet("xy", limited), {}).feasible is False
    assert derive(EditSet("xy", [*limited[:2], Edit({"y": 1}, "<=", 3)]), {}).values == {"x": 2, "y": 3}


def test_fixed_variables_never_change() -> None:
    edits = EditSet("xyz", [Edit({"x": 1, "y": 1, "z": -1}, "=="), Edit({"x": 1}, ">=", 0), Edit({"y": 1}, ">=", 0)])
    record = {"x": 6, "y": 6, "z": 5}
    assert localise(edits, record).error_sets == (("z",),)
    assert localise(edits, record, Weights(fixed=frozenset("z"))).error_sets == (("x", "y"),)
    assert localise(edits, record, Weights(fixed=frozenset("yz"))).status == "infeasible"
    assert localise(edits, {**record, "z": None}, Weights(fixed=frozenset("xyz"))).status == "consistent"


def test_whole_numbers_change_the_error_set() -> None:
    double = [Edit({"x": 2, "y": -1}, "==")]
    assert localise(EditSet("xy", double), {"x": 1, "y": 3}).error_sets == (("x",), ("y",))
    assert localise(EditSet("xy", double, whole="xy"), {"x": 1, "y": 3}).error_sets == (("y",),)
    assert localise(EditSet("xy", double, whole="xy"), {"x": 1, "y": 3}, Weights(fixed=frozenset("y"))).status == (
        "infeasible"
    )
    halves = EditSet("xy", double, 1, whole="x")
    assert localise(halves, {"x": Decimal("0.5"), "y": 1}).error_sets == (("x", "y"),)
    assert localise(halves, {"x": Decimal("0.5"), "y": 2}).error_sets == (("x",),)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 5), st.booleans())
def test_elimination_is_exact_with_all_operators(seed: int, variables: int, bounded: bool) -> None:
    random = Random(seed)
    edit_set, record = system(random, variables, bounded, ALL_OPERATORS)
    freed = random.sample(range(variables), random.randint(0, variables))
    remaining = edit_set.build_system(record)
    for j in freed:
        remaining = remaining.free(j)
    kept_values = {v: x for j, (v, x) in enumerate(record.items()) if j not in freed}
    assert (not remaining.violated_rows()) == feasible(edit_set, kept_values)
    assert all(set(coef) <= set(range(variables)) - set(freed) for coef in remaining.violated_rows())


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 5))
def test_least_weight_is_that_of_a_solver_with_all_operators(seed: int, variables: int) -> None:
    random = Random(seed)
    edit_set, record = system(random, variables, True, ALL_OPERATORS)
    weights = {v: random.randint(1, 4) for v in edit_set.variables}
    assert localise(edit_set, record, Weights(weights)).weight == lightest(edit_set, record, weights)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 4))
def test_values_are_derived_exactly_with_all_operators(seed: int, variables: int) -> None:
    random = Random(seed)
    edit_set, record = system(random, variables, True, ALL_OPERATORS)
    blanked = record | dict.fromkeys(random.sample(edit_set.variables, random.randint(1, variables)))
    imputation = derive(edit_set, blanked)
    assert imputation.feasible == feasible(edit_set, blanked)
    for v in (v for v, x in blanked.items() if x is None and imputation.feasible):
        low, high = least(edit_set, blanked, {v: 1}), least(edit_set, blanked, {v: -1})
        assert low is not None
        assert high is not None
        if v in imputation.values:
            assert abs(low - float(imputation.values[v])) < 1e-6
            assert abs(low + high) < 1e-6


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 3))
def test_whole_solutions_are_those_of_an_enumeration(seed: int, variables: int) -> None:
    random = Random(seed)
    names = [f"x{i}" for i in range(variables)]
    unbounded, _ = system(random, variables, False, ALL_OPERATORS)
    bounds = [Edit({v: 1}, op, rhs) for v in names for op, rhs in ((">=", 0), ("<=", 6))]  # type: ignore[arg-type]
    edit_set = EditSet(names, [*unbounded.edits, *bounds], whole=names)
    records = [dict(zip(names, values, strict=True)) for values in product(range(7), repeat=variables)]
    exists = any(all(e.holds(r) for e in edit_set.edits) for r in records)
    assert have_whole_solution(edit_set, [None] * variables, set(range(variables))) == exists


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 3))
def test_error_sets_of_whole_numbers_are_those_of_an_enumeration(seed: int, variables: int) -> None:
    random = Random(seed)
    names = [f"x{i}" for i in range(variables)]
    unbounded, record = system(random, variables, False, ALL_OPERATORS)
    bounds = [Edit({v: 1}, op, rhs) for v in names for op, rhs in ((">=", 0), ("<=", 6))]  # type: ignore[arg-type]
    edit_set = EditSet(names, [*unbounded.edits, *bounds], whole=names)
    weights = {v: random.randint(1, 3) for v in names}
    solutions = [dict(zip(names, values, strict=True)) for values in product(range(7), repeat=variables)]
    changed = {
        frozenset(v for v in names if solution[v] != record[v])
        for solution in solutions
        if all(e.holds(solution) for e in edit_set.edits)
    }
    located = localise(edit_set, record, Weights(weights))
    if not changed:
        assert located.status == "infeasible"
        return
    least_weight = min(sum(weights[v] for v in c) for c in changed)
    assert located.weight == least_weight
    expected = {c for c in changed if c and sum(weights[v] for v in c) == least_weight}
    assert {frozenset(e) for e in located.error_sets} == expected
