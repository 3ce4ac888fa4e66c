from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.oracle import Whole, corrupted, feasible, least, system, table
from support.slips import tables

from pipeline.edit.derive import Derived, derive
from pipeline.edit.edits import Edit, EditSet
from pipeline.edit.review import edit_set as edits_of

SUM = Edit({"a": 1, "b": 1, "c": -1}, "==", 0, "sum")
BOUNDS = [Edit({v: -1}, "<=") for v in "abc"]
CIRCLE = [Edit({"a": 1, "b": -1}, "<="), Edit({"b": 1, "c": -1}, "<="), Edit({"c": 1, "a": -1}, "<=")]
ABC = EditSet("abc", [SUM, *BOUNDS])


def determined(edit_set: EditSet, record: Whole) -> Mapping[str, float]:
    """What can be one number only, by the greatest and the least of it."""
    found = {}
    for v in (v for v in edit_set.variables if record.get(v) is None):
        low, high = least(edit_set, record, {v: 1}), least(edit_set, record, {v: -1})
        assert low is not None
        assert high is not None
        if abs(low + high) < 1e-6:
            found[v] = low
    return found


def assert_sound(edit_set: EditSet, record: Whole, found: Derived, truth: Mapping[str, int]) -> None:
    """No false derivation."""
    assert found.feasible is not False
    assert {v: x for v, x in found.values.items() if x != truth[v]} == {}
    blank = {v for v, x in record.items() if x is None}
    assert set(found.values) | set(found.undetermined) == blank
    assert not set(found.values) & set(found.undetermined)
    assert feasible(edit_set, record | {v: int(x) for v, x in found.values.items()})


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 8))
def test_few_blanks_of_a_table_are_derived_exactly_where_they_are_determined(seed: int, blanks: int) -> None:
    random = Random(seed)
    edit_set, truth = table(random, random.randint(5, 6), random.randint(3, 6))
    record = corrupted(random, truth, 0, blanks)
    found = derive(edit_set, record)
    assert found.feasible
    assert_sound(edit_set, record, found, truth)
    assert set(found.values) == set(determined(edit_set, record))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(9, 24))
def test_of_many_blanks_none_is_derived_falsely(seed: int, blanks: int) -> None:
    random = Random(seed)
    edit_set, truth = table(random, 6, random.randint(5, 8))
    record = corrupted(random, truth, 0, blanks)
    found = derive(edit_set, record)
    assert_sound(edit_set, record, found, truth)
    assert set(found.values) <= set(determined(edit_set, record))


@settings(max_examples=250, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 6))
def test_any_small_system_is_derived_exactly(seed: int, variables: int) -> None:
    random = Random(seed)
    mixed, values = system(random, variables, bounded=random.random() < 0.5)
    bound = [v for v in mixed.variables if any(v in e.coef for e in mixed.edits)]
    edit_set = EditSet(bound, mixed.edits)
    record: Whole = {v: None if random.random() < 0.7 else values[v] for v in bound}
    found = derive(edit_set, record)
    assert found.feasible == feasible(edit_set, record)
    if found.feasible:
        # A third has no decimals: it is determined, and left open.
        expected = {v: x for v, x in determined(edit_set, record).items() if abs(x * 10000 - round(x * 10000)) < 1e-4}
        assert {v: float(x) for v, x in found.values.items()} == pytest.approx(expected)


def test_any_three_blanks_of_the_statutory_applications_are_derived() -> None:
    random = Random(20)
    for printed in tables():
        edit_set = edits_of(printed.form)
        for _ in range(12):
            blank = random.sample(sorted(printed.truth), random.randint(1, 3))
            found = derive(edit_set, {**printed.truth, **dict.fromkeys(blank)})
            assert found.values.items() >= {v: printed.truth[v] for v in blank}.items()


def test_a_total_of_nothing_makes_its_parts_nothing() -> None:
    assert derive(ABC, {"c": 0}) == Derived(True, {"a": Decimal(0), "b": Decimal(0)}, ())
    assert derive(EditSet("abc", [SUM]), {"c": 0}) == Derived(True, {}, ("a", "b"))
    assert derive(ABC, {"c": 1}) == Derived(True, {}, ("a", "b"))


def test_bounds_that_meet_leave_one_value() -> None:
    between = [Edit({"a": 1, "b": -1}, "<="), Edit({"a": -1}, "<=", -4)]
    assert derive(EditSet("ab", between), {"b": 4}).values == {"a": 4}
    assert derive(EditSet("ab", between), {"b": 5}).values == {}
    assert derive(EditSet("abc", [*CIRCLE, Edit({"a": 1, "b": 1}, "==", 6)]), {}).values == {"a": 3, "b": 3, "c": 3}
    assert derive(EditSet("abc", CIRCLE), {"b": 7}).values == {"a": 7, "c": 7}


def test_a_broken_part_derives_nothing_but_others_do() -> None:
    edit_set = EditSet(
        "abcdxyz", [SUM, *BOUNDS, Edit({"b": 1, "d": 1}, "==", 2), Edit({"x": 1, "y": 1, "z": -1}, "==")]
    )
    found = derive(edit_set, {"a": 5, "b": None, "c": 3, "x": 1, "z": 4})
    assert found == Derived(False, {"y": Decimal(3)}, ("b", "d"))


def test_what_is_no_finite_decimal_stays_open() -> None:
    third = EditSet("abc", [Edit({"a": 3}, "==", 1), Edit({"b": 8}, "==", 1), Edit({"c": 3, "a": -3}, "==", 1)])
    assert derive(third, {}) == Derived(True, {"b": Decimal("0.125")}, ("a", "c"))
    assert derive(EditSet("ab", [Edit({"a": 3, "b": -1}, "==")]), {"b": 6}).values == {"a": 2}


def test_decimals_are_exact() -> None:
    edit_set = EditSet("abc", [SUM], places=2)
    found = derive(edit_set, {"a": Decimal("0.1"), "b": Decimal("0.2")})
    assert {v: str(x) for v, x in found.values.items()} == {"c": "0.3"}
    assert str(derive(edit_set, {"a": 1, "c": Decimal("501.00")}).values["b"]) in {"5E+2", "500"}


def test_blanks_that_only_soft_edits_name_do_not_count() -> None:
    """What else is blank elsewhere must not keep the last few of a part from being projected."""
    others = [f"s{i}" for i in range(20)]
    soft = [Edit({"a": 1, s: -1}, "==", 0, hard=False) for s in others]
    found = derive(EditSet(["a", "b", "c", *others], [*CIRCLE, Edit({"a": 1, "b": 1}, "==", 6), *soft]), {})
    assert found.values == {"a": 3, "b": 3, "c": 3}
    assert set(found.undetermined) == set(others)


def test_what_cannot_be_eliminated_and_has_no_witness_is_not_derived() -> None:
    edits = [Edit({"y": 1 if i % 2 else -1, f"x{i}": 1}, "<=", -1) for i in range(100)]
    edit_set = EditSet(["y", *(f"x{i}" for i in range(100)), "a", "b"], [*edits, Edit({"a": 1, "b": -1}, "==")])
    found = derive(edit_set, {"a": 3})
    assert found.feasible is None
    assert found.values == {"b": 3}
    assert len(found.undetermined) == 101


def test_nothing_is_missing() -> None:
    assert derive(ABC, {"a": 1, "b": 2, "c": 3}) == Derived(True, {}, ())
    assert derive(ABC, {"a": 1, "b": 2, "c": 4}) == Derived(False, {}, ())
    assert derive(EditSet("a", []), {}) == Derived(True, {}, ("a",))
