from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.oracle import Whole, corrupted, feasible, least, system, table
from support.slips import tables

from pipeline.edit.derive import Imputation, derive
from pipeline.edit.edits import Edit, EditSet
from pipeline.edit.review import form_edit_set

SUM = Edit({"a": 1, "b": 1, "c": -1}, "==", 0, "sum")
BOUNDS = [Edit({v: -1}, "<=") for v in "abc"]
CIRCLE = [Edit({"a": 1, "b": -1}, "<="), Edit({"b": 1, "c": -1}, "<="), Edit({"c": 1, "a": -1}, "<=")]
ABC = EditSet("abc", [SUM, *BOUNDS])


def determined_values(edit_set: EditSet, record: Whole) -> Mapping[str, float]:
    """Return the missing values whose minimum and maximum, found by a solver, are equal."""
    values = {}
    for v in (v for v in edit_set.variables if record.get(v) is None):
        low, high = least(edit_set, record, {v: 1}), least(edit_set, record, {v: -1})
        assert low is not None
        assert high is not None
        if abs(low + high) < 1e-6:
            values[v] = low
    return values


def assert_correct(edit_set: EditSet, record: Whole, imputation: Imputation, truth: Mapping[str, int]) -> None:
    """Check that every derived value is true, and that every blank is either derived or undetermined."""
    assert imputation.feasible is not False
    assert {v: x for v, x in imputation.values.items() if x != truth[v]} == {}
    blank = {v for v, x in record.items() if x is None}
    assert set(imputation.values) | set(imputation.undetermined) == blank
    assert not set(imputation.values) & set(imputation.undetermined)
    assert feasible(edit_set, record | {v: int(x) for v, x in imputation.values.items()})


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 8))
def test_few_blanks_of_a_table_are_derived_if_and_only_if_determined(seed: int, blanks: int) -> None:
    random = Random(seed)
    edit_set, truth = table(random, random.randint(5, 6), random.randint(3, 6))
    record = corrupted(random, truth, 0, blanks)
    imputation = derive(edit_set, record)
    assert imputation.feasible
    assert_correct(edit_set, record, imputation, truth)
    assert set(imputation.values) == set(determined_values(edit_set, record))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(9, 24))
def test_many_blanks_of_a_table_are_never_derived_wrongly(seed: int, blanks: int) -> None:
    random = Random(seed)
    edit_set, truth = table(random, 6, random.randint(5, 8))
    record = corrupted(random, truth, 0, blanks)
    imputation = derive(edit_set, record)
    assert_correct(edit_set, record, imputation, truth)
    assert set(imputation.values) <= set(determined_values(edit_set, record))


@settings(max_examples=250, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 6))
def test_small_system_is_derived_exactly(seed: int, variables: int) -> None:
    random = Random(seed)
    mixed, values = system(random, variables, bounded=random.random() < 0.5)
    bound = [v for v in mixed.variables if any(v in e.coef for e in mixed.edits)]
    edit_set = EditSet(bound, mixed.edits)
    record: Whole = {v: None if random.random() < 0.7 else values[v] for v in bound}
    imputation = derive(edit_set, record)
    assert imputation.feasible == feasible(edit_set, record)
    if imputation.feasible:
        # A third is determined but is not a finite decimal, so it stays undetermined.
        expected = {
            v: x for v, x in determined_values(edit_set, record).items() if abs(x * 10000 - round(x * 10000)) < 1e-4
        }
        assert {v: float(x) for v, x in imputation.values.items()} == pytest.approx(expected)


def test_up_to_three_blanks_of_the_applications_table_are_derived() -> None:
    random = Random(20)
    for printed in tables():
        edit_set = form_edit_set(printed.form)
        for _ in range(12):
            blank = random.sample(sorted(printed.truth), random.randint(1, 3))
            imputation = derive(edit_set, {**printed.truth, **dict.fromkeys(blank)})
            assert imputation.values.items() >= {v: printed.truth[v] for v in blank}.items()


def test_total_of_zero_makes_its_parts_zero() -> None:
    assert derive(ABC, {"c": 0}) == Imputation(True, {"a": Decimal(0), "b": Decimal(0)}, ())
    assert derive(EditSet("abc", [SUM]), {"c": 0}) == Imputation(True, {}, ("a", "b"))
    assert derive(ABC, {"c": 1}) == Imputation(True, {}, ("a", "b"))


def test_equal_bounds_determine_a_value() -> None:
    between = [Edit({"a": 1, "b": -1}, "<="), Edit({"a": -1}, "<=", -4)]
    assert derive(EditSet("ab", between), {"b": 4}).values == {"a": 4}
    assert derive(EditSet("ab", between), {"b": 5}).values == {}
    assert derive(EditSet("abc", [*CIRCLE, Edit({"a": 1, "b": 1}, "==", 6)]), {}).values == {"a": 3, "b": 3, "c": 3}
    assert derive(EditSet("abc", CIRCLE), {"b": 7}).values == {"a": 7, "c": 7}


def test_broken_component_derives_nothing_but_others_do() -> None:
    edit_set = EditSet(
        "abcdxyz", [SUM, *BOUNDS, Edit({"b": 1, "d": 1}, "==", 2), Edit({"x": 1, "y": 1, "z": -1}, "==")]
    )
    imputation = derive(edit_set, {"a": 5, "b": None, "c": 3, "x": 1, "z": 4})
    assert imputation == Imputation(False, {"y": Decimal(3)}, ("b", "d"))


def test_value_that_is_not_a_finite_decimal_stays_undetermined() -> None:
    third = EditSet("abc", [Edit({"a": 3}, "==", 1), Edit({"b": 8}, "==", 1), Edit({"c": 3, "a": -3}, "==", 1)])
    assert derive(third, {}) == Imputation(True, {"b": Decimal("0.125")}, ("a", "c"))
    assert derive(EditSet("ab", [Edit({"a": 3, "b": -1}, "==")]), {"b": 6}).values == {"a": 2}


def test_decimals_are_exact() -> None:
    edit_set = EditSet("abc", [SUM], decimal_places=2)
    imputation = derive(edit_set, {"a": Decimal("0.1"), "b": Decimal("0.2")})
    assert {v: str(x) for v, x in imputation.values.items()} == {"c": "0.3"}
    assert str(derive(edit_set, {"a": 1, "c": Decimal("501.00")}).values["b"]) in {"5E+2", "500"}


def test_blanks_in_soft_edits_only_do_not_prevent_projection() -> None:
    """Blanks of soft edits must not count among the open variables of a component."""
    others = [f"s{i}" for i in range(20)]
    soft = [Edit({"a": 1, s: -1}, "==", 0, hard=False) for s in others]
    imputation = derive(EditSet(["a", "b", "c", *others], [*CIRCLE, Edit({"a": 1, "b": 1}, "==", 6), *soft]), {})
    assert imputation.values == {"a": 3, "b": 3, "c": 3}
    assert set(imputation.undetermined) == set(others)


def test_feasibility_is_unknown_where_elimination_gives_up() -> None:
    edits = [Edit({"y": 1 if i % 2 else -1, f"x{i}": 1}, "<=", -1) for i in range(100)]
    edit_set = EditSet(["y", *(f"x{i}" for i in range(100)), "a", "b"], [*edits, Edit({"a": 1, "b": -1}, "==")])
    imputation = derive(edit_set, {"a": 3})
    assert imputation.feasible is None
    assert imputation.values == {"b": 3}
    assert len(imputation.undetermined) == 101


def test_complete_record_has_no_derived_values() -> None:
    assert derive(ABC, {"a": 1, "b": 2, "c": 3}) == Imputation(True, {}, ())
    assert derive(ABC, {"a": 1, "b": 2, "c": 4}) == Imputation(False, {}, ())
    assert derive(EditSet("a", []), {}) == Imputation(True, {}, ("a",))
