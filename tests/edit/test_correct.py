from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.oracle import corrupted, table

from pipeline.edit.correct import Correction, correct_typing
from pipeline.edit.edits import Edit, EditSet, Number
from pipeline.edit.localise import Weights
from pipeline.edit.rounding import MAX_ROUNDING_UNITS, correct_rounding
from pipeline.edit.signs import correct_signs

Values = dict[str, Number | None]

# The example of Scholtus (2009), as in the R package deducorrect.
CLASSIC = EditSet(
    [f"x{i}" for i in range(1, 12)],
    [
        Edit({"x1": 1, "x2": 1, "x3": -1}, "=="),
        Edit({"x2": 1, "x4": -1}, "=="),
        Edit({"x5": 1, "x6": 1, "x7": 1, "x8": -1}, "=="),
        Edit({"x3": 1, "x8": 1, "x9": -1}, "=="),
        Edit({"x9": 1, "x10": -1, "x11": -1}, "=="),
    ],
)
VALID: Values = dict(
    zip(CLASSIC.variables, (1452, 116, 1568, 116, 323, 76, 12, 411, 1979, 1842, 137), strict=True)
)  # fmt: skip
SUM = Edit({"a": 1, "b": 1, "c": -1}, "==", 0, "sum")
ABC = EditSet("abc", [SUM])


@pytest.mark.parametrize(
    ("wrong", "status", "values"),
    [
        ({}, "consistent", {}),
        ({"x4": 161}, "corrected", {"x4": 116}),
        ({"x4": 161, "x9": 19979}, "corrected", {"x4": 116, "x9": 1979}),
        ({"x4": 161, "x5": 0, "x6": 0, "x7": 0}, "partial", {"x4": 116}),
        ({"x4": 161, "x9": 19979, "x5": 0, "x6": 0, "x7": 0}, "partial", {"x4": 116, "x9": 1979}),
        ({"x8": 0}, "invalid", {}),
        ({"x4": 161, "x8": 0}, "partial", {"x4": 116}),
        ({"x5": 0, "x6": 0, "x7": 0, "x8": 0}, "invalid", {}),
        ({"x1": 1425}, "corrected", {"x1": 1452}),
        ({"x10": 1482, "x6": 706}, "corrected", {"x10": 1842, "x6": 76}),
        ({"x11": None, "x4": 161}, "corrected", {"x4": 116}),
        ({"x9": None, "x10": 7}, "consistent", {}),
    ],
)
def test_typing_slips_of_the_classic_example(wrong: Values, status: str, values: Values) -> None:
    correction = correct_typing(CLASSIC, {**VALID, **wrong})
    assert (correction.status, correction.values, correction.ties) == (status, values, ())


def test_number_in_a_balance_that_holds_is_not_changed() -> None:
    two_balances = EditSet("abcd", [SUM, Edit({"a": 1, "d": -1}, "==")])
    assert correct_typing(ABC, {"a": 12, "b": 3005, "c": 3026}) == Correction("corrected", {"a": Decimal(21)})
    assert correct_typing(two_balances, {"a": 12, "b": 3005, "c": 3026, "d": 12}) == Correction("invalid", {})
    assert correct_typing(two_balances, {"a": 12, "b": 3005, "c": 3026, "d": 21}) == Correction(
        "corrected", {"a": Decimal(21)}
    )


def test_several_possible_typing_slips_are_tied() -> None:
    correction = correct_typing(ABC, {"a": 12, "b": 30, "c": 43})
    assert correction.status == "tied"
    assert correction.values == {}
    assert set(correction.ties) == {("a",), ("b",), ("c",)}
    pairs = [Edit({"x": 1, "y": -1}, "=="), Edit({"x": 1, "z": -1}, "=="), Edit({"y": 1, "w": -1}, "==")]
    correction = correct_typing(
        EditSet("abcwxyz", [SUM, *pairs]), {"a": 12, "b": 30, "c": 43, "x": 21, "y": 12, "z": 12, "w": 12}
    )
    assert correction.status == "partial"
    assert correction.values == {"x": 12}
    assert {frozenset(t) for t in correction.ties} == {frozenset(("x", v)) for v in "abc"}


def test_typing_correction_must_not_break_an_edit_that_held() -> None:
    bounded = EditSet("abc", [SUM, *(Edit({v: -1}, "<=") for v in "abc")])
    assert correct_typing(ABC, {"a": 5, "b": 1500, "c": 1495}).values == {"a": -5}
    assert correct_typing(bounded, {"a": 5, "b": 1500, "c": 1495}) == Correction("invalid", {})
    assert correct_typing(bounded, {"a": -512, "b": 1500, "c": 2012}) == Correction("corrected", {"a": Decimal(512)})
    limited = EditSet("abc", [SUM, Edit({"a": 1}, "<=", 20)])
    assert correct_typing(limited, {"a": 12, "b": 3005, "c": 3026}) == Correction("invalid", {})
    soft = EditSet("abc", [SUM, Edit({"a": 1}, "<=", 20, hard=False)])
    assert correct_typing(soft, {"a": 12, "b": 3005, "c": 3026}) == Correction("invalid", {})


def test_broken_inequality_is_not_a_typing_slip() -> None:
    assert correct_typing(EditSet("a", [Edit({"a": 1}, "<=", 5)]), {"a": 50}) == Correction("invalid", {})


def test_typing_slips_with_decimals() -> None:
    edit_set = EditSet("abc", [SUM], decimal_places=2)
    correction = correct_typing(edit_set, {"a": Decimal("1.25"), "b": Decimal("3.5"), "c": Decimal("4.57")})
    assert correction == Correction("corrected", {"c": Decimal("4.75")})
    assert correct_typing(edit_set, {"a": Decimal("0.52"), "b": Decimal("100.39"), "c": Decimal("100.64")}).values == {
        "a": Decimal("0.25")
    }
    threes = EditSet("ab", [Edit({"a": 3, "b": -1}, "==")])
    assert correct_typing(threes, {"a": 12, "b": 100}).values == {}
    assert correct_typing(threes, {"a": 81, "b": 54}).values == {"a": 18}


def test_too_many_typing_candidates_give_limit() -> None:
    variables = [f"{v}{i}" for i in range(12) for v in "ab"]
    edit_set = EditSet(variables, [Edit({f"a{i}": 1, f"b{i}": -1}, "==") for i in range(12)])
    assert correct_typing(edit_set, {v: 12 if v[0] == "a" else 21 for v in variables}) == Correction("limit", {})


# Profit and loss (Scholtus 2008): x0r + x0c is the operating result, and so on.
PROFIT_AND_LOSS = EditSet(
    ["r0", "c0", "p0", "r1", "c1", "p1", "p"],
    [
        Edit({"r0": 1, "c0": -1, "p0": -1}, "=="),
        Edit({"r1": 1, "c1": -1, "p1": -1}, "=="),
        Edit({"p0": 1, "p1": 1, "p": -1}, "=="),
        *(Edit({v: -1}, "<=") for v in ("r0", "c0", "r1", "c1")),
    ],
)
CONSISTENT: Values = dict(zip(PROFIT_AND_LOSS.variables, (2100, 1950, 150, 0, 10, -10, 140), strict=True))


@pytest.mark.parametrize(
    ("negated", "status"),
    [
        ((), "consistent"),
        (("p1",), "corrected"),
        (("c1",), "corrected"),
        (("p0",), "corrected"),
        (("c0", "p1"), "corrected"),
        (("p0", "p1", "p"), "corrected"),
    ],
)
def test_signs_of_profit_and_loss(negated: tuple[str, ...], status: str) -> None:
    record = CONSISTENT | {v: -(CONSISTENT[v] or 0) for v in negated}
    correction = correct_signs(PROFIT_AND_LOSS, record)
    assert correction.status == status
    assert correction.values == {v: CONSISTENT[v] for v in negated}
    assert correction.ties == ()


def test_signs_that_repair_nothing_are_kept() -> None:
    assert correct_signs(PROFIT_AND_LOSS, {**CONSISTENT, "p": 141}) == Correction("invalid", {})
    assert correct_signs(PROFIT_AND_LOSS, {**CONSISTENT, "c0": None, "p1": 10}) == Correction(
        "corrected", {"p1": Decimal(-10)}
    )
    assert correct_signs(EditSet("a", [Edit({"a": -1}, "<=")]), {"a": -5}) == Correction("invalid", {})


def test_least_weighted_signs_are_changed() -> None:
    sum_only = EditSet("abc", [SUM])
    record: Values = {"a": -5, "b": 5, "c": 10}
    assert correct_signs(sum_only, record) == Correction("corrected", {"a": Decimal(5)})
    opposite = EditSet("ab", [Edit({"a": 1, "b": 1}, "==")])
    assert correct_signs(opposite, {"a": 5, "b": 5}) == Correction("tied", {}, (("a",), ("b",)))
    assert correct_signs(opposite, {"a": 5, "b": 5}, Weights({"a": 2})) == Correction("corrected", {"b": Decimal(-5)})
    one_or_two = EditSet("abc", [SUM, Edit({"a": 1}, "<=", 5)])
    assert correct_signs(one_or_two, {"a": 5, "b": 4, "c": -9}, Weights({"c": 3})).values == {"a": -5, "b": -4}
    assert correct_signs(one_or_two, {"a": 5, "b": 4, "c": -9}, Weights({"c": 2})).status == "tied"


def test_too_many_numbers_for_signs_give_limit() -> None:
    variables = [f"x{i}" for i in range(30)]
    assert correct_signs(
        EditSet(variables, [Edit(dict.fromkeys(variables, 1), "==", 1)]), dict.fromkeys(variables, 2)
    ) == (Correction("limit", {}))
    zeros: Values = {v: 2 if i < 3 else 0 for i, v in enumerate(variables)}
    assert correct_signs(EditSet(variables, [Edit(dict.fromkeys(variables, 1), "==", 2)]), zeros).status == "tied"


@pytest.mark.parametrize(("off", "status"), [(0, "consistent"), (1, "corrected"), (-2, "corrected"), (3, "invalid")])
def test_sum_of_rounded_numbers_is_repaired(off: int, status: str) -> None:
    record: Values = {"a": 12, "b": 30, "c": 42 + off}
    correction = correct_rounding(ABC, record)
    assert correction.status == status
    # The largest number is changed, where the change matters least.
    assert correction.values == ({"c": 42} if status == "corrected" else {})
    assert len(correction.ties) == (3 if status == "corrected" else 0)


def test_rounding_is_measured_in_the_last_place() -> None:
    edit_set = EditSet("abc", [SUM], decimal_places=2)
    record: Values = {"a": Decimal("1.25"), "b": Decimal("3.5"), "c": Decimal("4.77")}
    assert correct_rounding(edit_set, record).values == {"c": Decimal("4.75")}
    assert correct_rounding(edit_set, {**record, "c": Decimal("4.78")}).status == "invalid"
    assert correct_rounding(EditSet("abc", [SUM], decimal_places=1), {"a": 1, "b": 2, "c": 4}).status == "invalid"


def test_rounding_respects_bounds_and_keeps_other_failures() -> None:
    bounded = EditSet("abc", [SUM, Edit({"c": -1}, "<=", -43), Edit({"b": 1}, "<=", 30)])
    assert correct_rounding(bounded, {"a": 12, "b": 30, "c": 43}).values == {"a": 13}
    two_balances = EditSet("abcd", [SUM, Edit({"c": 1, "d": -1}, "==")])
    assert correct_rounding(two_balances, {"a": 12, "b": 30, "c": 43, "d": 43}).values == {"b": 31}
    correction = correct_rounding(two_balances, {"a": 12, "b": 30, "c": 43, "d": 99})
    assert correction == Correction("partial", {"c": Decimal(42)}, (("a",), ("b",), ("c",)))
    assert correct_rounding(EditSet("a", [Edit({"a": 1}, "<=", 5)]), {"a": 6}) == Correction("invalid", {})
    assert correct_rounding(two_balances, {"a": 12, "b": None, "c": 43, "d": 42}).values == {"d": 43}


def test_rounding_changes_all_variables_or_none() -> None:
    """The steps of `y` and `w` follow from their bounds, not from balances; so `x` is not changed either."""
    edits = [
        Edit({"x": 1}, "==", 2),
        Edit({"x": 1, "y": 1, "w": 1}, "==", 2),
        *(Edit({v: -1}, "<=") for v in "xyw"),
    ]
    correction = correct_rounding(EditSet("xyw", edits), {"x": 0, "y": 1, "w": 1})
    assert correction.status == "invalid"
    assert correction.values == {}


def test_rounding_gives_limit_where_elimination_gives_up() -> None:
    names = ["y", *(f"x{i}" for i in range(100))]
    edits = [Edit({"y": 1 if i % 2 else -1, f"x{i}": 1}, "<=") for i in range(100)]
    edit_set = EditSet([*names, "a", "b"], [*edits, Edit({"x1": 1, "x2": -1, "a": 1}, "==")])
    record: Values = {**dict.fromkeys(names, 1), "y": None, "x3": None, "a": 1}
    assert correct_rounding(edit_set, record) == Correction("limit", {})


CORRECTIONS: Mapping[str, Callable[[EditSet, Values], Correction]] = {
    "typos": correct_typing, "signs": correct_signs, "rounding": correct_rounding,
}  # fmt: skip


@pytest.mark.parametrize("kind", CORRECTIONS)
@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_no_correction_breaks_an_edit_that_held(kind: str, seed: int) -> None:
    random = Random(seed)
    names = [f"x{i}" for i in range(6)]
    edits = []
    for _ in range(random.randint(1, 5)):
        coef = {v: random.choice([-1, 1]) for v in random.sample(names, random.randint(1, 4))}
        edits.append(Edit(coef, random.choice(["==", "==", "<="]), random.choice([0, 0, 3])))
    record: Values = {v: random.choice([None, *range(-9, 40)]) for v in names}
    for edit in random.sample(edits, len(edits)):  # most edits hold then, or nearly
        residual, (v, c) = edit.residual(record), random.choice(list(edit.coef.items()))
        if residual is not None and edit.op == "==":
            record[v] = (record[v] or 0) - c * int(residual) + random.choice([0, 0, 1, 2, 10])
    edit_set = EditSet(names, edits)
    assert_harmless(kind, edit_set, record, CORRECTIONS[kind](edit_set, record))


@pytest.mark.parametrize("kind", ["typos", "rounding"])
@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 3))
def test_no_correction_of_a_table_breaks_an_edit_that_held(kind: str, seed: int, wrong: int) -> None:
    random = Random(seed)
    edit_set, truth = table(random, 5, 4)
    record: Values = {**corrupted(random, truth, wrong, 0)}
    assert_harmless(kind, edit_set, record, CORRECTIONS[kind](edit_set, record))


def assert_harmless(kind: str, edit_set: EditSet, record: Values, correction: Correction) -> None:
    """Check that a correction breaks no edit, repairs one if it changes anything, and has the right status."""
    after: Values = {**record, **correction.values}
    results_before = [e.holds(record) for e in edit_set.edits]
    assert not [e for e, h in zip(edit_set.edits, results_before, strict=True) if h and e.holds(after) is False]
    assert all(record[v] not in (None, x) for v, x in correction.values.items())
    holds = all(e.holds(after) is not False for e in edit_set.edits)
    assert (correction.status in ("consistent", "corrected")) == holds
    assert (correction.status == "consistent") == all(h is not False for h in results_before)
    if correction.values:
        repaired = [e for e, h in zip(edit_set.edits, results_before, strict=True) if h is False and e.holds(after)]
        assert repaired
    if kind == "rounding":
        assert all(abs(x - Decimal(record[v] or 0)) <= MAX_ROUNDING_UNITS for v, x in correction.values.items())
    if kind == "signs":
        assert correction.values in ({}, {v: -(record[v] or 0) for v in correction.values})


def test_order_of_edits_does_not_matter() -> None:
    record: Values = {**VALID, "x4": 161, "x9": 19979, "x5": 0}
    outcomes = {
        str(correct_typing(EditSet(CLASSIC.variables, order), record)) for order in permutations(CLASSIC.edits)
    }  # fmt: skip
    assert len(outcomes) == 1
