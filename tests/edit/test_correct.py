from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.oracle import corrupted, table

from pipeline.edit.correct import ROUNDING, Corrected, rounding, signs, typos
from pipeline.edit.edits import Edit, EditSet, Number
from pipeline.edit.localise import Weights

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
def test_typing_in_the_classic_example(wrong: Values, status: str, values: Values) -> None:
    found = typos(CLASSIC, {**VALID, **wrong})
    assert (found.status, found.values, found.ties) == (status, values, ())


def test_a_number_in_a_balance_that_holds_is_not_touched() -> None:
    both = EditSet("abcd", [SUM, Edit({"a": 1, "d": -1}, "==")])
    assert typos(ABC, {"a": 12, "b": 3005, "c": 3026}) == Corrected("corrected", {"a": Decimal(21)})
    assert typos(both, {"a": 12, "b": 3005, "c": 3026, "d": 12}) == Corrected("invalid", {})
    assert typos(both, {"a": 12, "b": 3005, "c": 3026, "d": 21}) == Corrected("corrected", {"a": Decimal(21)})


def test_two_numbers_that_may_be_mistyped_are_tied() -> None:
    found = typos(ABC, {"a": 12, "b": 30, "c": 43})
    assert found.status == "tied"
    assert found.values == {}
    assert set(found.ties) == {("a",), ("b",), ("c",)}
    pairs = [Edit({"x": 1, "y": -1}, "=="), Edit({"x": 1, "z": -1}, "=="), Edit({"y": 1, "w": -1}, "==")]
    found = typos(EditSet("abcwxyz", [SUM, *pairs]), {"a": 12, "b": 30, "c": 43, "x": 21, "y": 12, "z": 12, "w": 12})
    assert found.status == "partial"
    assert found.values == {"x": 12}
    assert {frozenset(t) for t in found.ties} == {frozenset(("x", v)) for v in "abc"}


def test_a_slip_must_not_break_what_held() -> None:
    bounded = EditSet("abc", [SUM, *(Edit({v: -1}, "<=") for v in "abc")])
    assert typos(ABC, {"a": 5, "b": 1500, "c": 1495}).values == {"a": -5}
    assert typos(bounded, {"a": 5, "b": 1500, "c": 1495}) == Corrected("invalid", {})
    assert typos(bounded, {"a": -512, "b": 1500, "c": 2012}) == Corrected("corrected", {"a": Decimal(512)})
    most = EditSet("abc", [SUM, Edit({"a": 1}, "<=", 20)])
    assert typos(most, {"a": 12, "b": 3005, "c": 3026}) == Corrected("invalid", {})
    soft = EditSet("abc", [SUM, Edit({"a": 1}, "<=", 20, hard=False)])
    assert typos(soft, {"a": 12, "b": 3005, "c": 3026}) == Corrected("invalid", {})


def test_an_inequality_alone_is_no_slip_of_typing() -> None:
    assert typos(EditSet("a", [Edit({"a": 1}, "<=", 5)]), {"a": 50}) == Corrected("invalid", {})


def test_typing_with_decimals() -> None:
    edit_set = EditSet("abc", [SUM], places=2)
    found = typos(edit_set, {"a": Decimal("1.25"), "b": Decimal("3.5"), "c": Decimal("4.57")})
    assert found == Corrected("corrected", {"c": Decimal("4.75")})
    assert typos(edit_set, {"a": Decimal("0.52"), "b": Decimal("100.39"), "c": Decimal("100.64")}).values == {
        "a": Decimal("0.25")
    }
    threes = EditSet("ab", [Edit({"a": 3, "b": -1}, "==")])
    assert typos(threes, {"a": 12, "b": 100}).values == {}
    assert typos(threes, {"a": 81, "b": 54}).values == {"a": 18}


def test_too_many_slips_to_try() -> None:
    variables = [f"{v}{i}" for i in range(12) for v in "ab"]
    edit_set = EditSet(variables, [Edit({f"a{i}": 1, f"b{i}": -1}, "==") for i in range(12)])
    assert typos(edit_set, {v: 12 if v[0] == "a" else 21 for v in variables}) == Corrected("limit", {})


# Profit and loss (Scholtus 2008): x0r + x0c is the operating result, and so on.
LOSS = EditSet(
    ["r0", "c0", "p0", "r1", "c1", "p1", "p"],
    [
        Edit({"r0": 1, "c0": -1, "p0": -1}, "=="),
        Edit({"r1": 1, "c1": -1, "p1": -1}, "=="),
        Edit({"p0": 1, "p1": 1, "p": -1}, "=="),
        *(Edit({v: -1}, "<=") for v in ("r0", "c0", "r1", "c1")),
    ],
)
SOUND: Values = dict(zip(LOSS.variables, (2100, 1950, 150, 0, 10, -10, 140), strict=True))


@pytest.mark.parametrize(
    ("turned", "status"),
    [
        ((), "consistent"),
        (("p1",), "corrected"),
        (("c1",), "corrected"),
        (("p0",), "corrected"),
        (("c0", "p1"), "corrected"),
        (("p0", "p1", "p"), "corrected"),
    ],
)
def test_signs_of_profit_and_loss(turned: tuple[str, ...], status: str) -> None:
    record = SOUND | {v: -(SOUND[v] or 0) for v in turned}
    found = signs(LOSS, record)
    assert found.status == status
    assert found.values == {v: SOUND[v] for v in turned}
    assert found.ties == ()


def test_signs_that_mend_nothing() -> None:
    assert signs(LOSS, {**SOUND, "p": 141}) == Corrected("invalid", {})
    assert signs(LOSS, {**SOUND, "c0": None, "p1": 10}) == Corrected("corrected", {"p1": Decimal(-10)})
    assert signs(EditSet("a", [Edit({"a": -1}, "<=")]), {"a": -5}) == Corrected("invalid", {})


def test_signs_by_weight() -> None:
    free = EditSet("abc", [SUM])
    record: Values = {"a": -5, "b": 5, "c": 10}
    assert signs(free, record) == Corrected("corrected", {"a": Decimal(5)})
    opposite = EditSet("ab", [Edit({"a": 1, "b": 1}, "==")])
    assert signs(opposite, {"a": 5, "b": 5}) == Corrected("tied", {}, (("a",), ("b",)))
    assert signs(opposite, {"a": 5, "b": 5}, Weights({"a": 2})) == Corrected("corrected", {"b": Decimal(-5)})
    one_or_two = EditSet("abc", [SUM, Edit({"a": 1}, "<=", 5)])
    assert signs(one_or_two, {"a": 5, "b": 4, "c": -9}, Weights({"c": 3})).values == {"a": -5, "b": -4}
    assert signs(one_or_two, {"a": 5, "b": 4, "c": -9}, Weights({"c": 2})).status == "tied"


def test_too_many_signs_to_try() -> None:
    variables = [f"x{i}" for i in range(30)]
    assert signs(EditSet(variables, [Edit(dict.fromkeys(variables, 1), "==", 1)]), dict.fromkeys(variables, 2)) == (
        Corrected("limit", {})
    )
    zeros: Values = {v: 2 if i < 3 else 0 for i, v in enumerate(variables)}
    assert signs(EditSet(variables, [Edit(dict.fromkeys(variables, 1), "==", 2)]), zeros).status == "tied"


@pytest.mark.parametrize(("off", "status"), [(0, "consistent"), (1, "corrected"), (-2, "corrected"), (3, "invalid")])
def test_sums_of_rounded_numbers(off: int, status: str) -> None:
    record: Values = {"a": 12, "b": 30, "c": 42 + off}
    found = rounding(ABC, record)
    assert found.status == status
    # The largest is changed, where the change matters least.
    assert found.values == ({"c": 42} if status == "corrected" else {})
    assert len(found.ties) == (3 if status == "corrected" else 0)


def test_rounding_in_the_last_place() -> None:
    edit_set = EditSet("abc", [SUM], places=2)
    record: Values = {"a": Decimal("1.25"), "b": Decimal("3.5"), "c": Decimal("4.77")}
    assert rounding(edit_set, record).values == {"c": Decimal("4.75")}
    assert rounding(edit_set, {**record, "c": Decimal("4.78")}).status == "invalid"
    assert rounding(EditSet("abc", [SUM], places=1), {"a": 1, "b": 2, "c": 4}).status == "invalid"


def test_rounding_mends_neither_bounds_nor_slips() -> None:
    tight = EditSet("abc", [SUM, Edit({"c": -1}, "<=", -43), Edit({"b": 1}, "<=", 30)])
    assert rounding(tight, {"a": 12, "b": 30, "c": 43}).values == {"a": 13}
    held = EditSet("abcd", [SUM, Edit({"c": 1, "d": -1}, "==")])
    assert rounding(held, {"a": 12, "b": 30, "c": 43, "d": 43}).values == {"b": 31}
    found = rounding(held, {"a": 12, "b": 30, "c": 43, "d": 99})
    assert found == Corrected("partial", {"c": Decimal(42)}, (("a",), ("b",), ("c",)))
    assert rounding(EditSet("a", [Edit({"a": 1}, "<=", 5)]), {"a": 6}) == Corrected("invalid", {})
    assert rounding(held, {"a": 12, "b": None, "c": 43, "d": 42}).values == {"d": 43}


def test_rounding_changes_all_or_nothing() -> None:
    """The step of `y` and `w` follows from their bounds, not from balances: then `x` is not changed alone."""
    edits = [
        Edit({"x": 1}, "==", 2),
        Edit({"x": 1, "y": 1, "w": 1}, "==", 2),
        *(Edit({v: -1}, "<=") for v in "xyw"),
    ]
    found = rounding(EditSet("xyw", edits), {"x": 0, "y": 1, "w": 1})
    assert found.status == "invalid"
    assert found.values == {}


def test_rounding_in_what_cannot_be_eliminated_is_given_up() -> None:
    names = ["y", *(f"x{i}" for i in range(100))]
    edits = [Edit({"y": 1 if i % 2 else -1, f"x{i}": 1}, "<=") for i in range(100)]
    edit_set = EditSet([*names, "a", "b"], [*edits, Edit({"x1": 1, "x2": -1, "a": 1}, "==")])
    record: Values = {**dict.fromkeys(names, 1), "y": None, "x3": None, "a": 1}
    assert rounding(edit_set, record) == Corrected("limit", {})


CORRECTIONS: Mapping[str, Callable[[EditSet, Values], Corrected]] = {
    "typos": typos, "signs": signs, "rounding": rounding,
}  # fmt: skip


@pytest.mark.parametrize("kind", CORRECTIONS)
@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_no_correction_breaks_what_held(kind: str, seed: int) -> None:
    random = Random(seed)
    names = [f"x{i}" for i in range(6)]
    edits = []
    for _ in range(random.randint(1, 5)):
        coef = {v: random.choice([-1, 1]) for v in random.sample(names, random.randint(1, 4))}
        edits.append(Edit(coef, random.choice(["==", "==", "<="]), random.choice([0, 0, 3])))
    record: Values = {v: random.choice([None, *range(-9, 40)]) for v in names}
    for edit in random.sample(edits, len(edits)):  # meet most of them, to within a little
        residual, (v, c) = edit.residual(record), random.choice(list(edit.coef.items()))
        if residual is not None and edit.op == "==":
            record[v] = (record[v] or 0) - c * int(residual) + random.choice([0, 0, 1, 2, 10])
    edit_set = EditSet(names, edits)
    assert_sound(kind, edit_set, record, CORRECTIONS[kind](edit_set, record))


@pytest.mark.parametrize("kind", ["typos", "rounding"])
@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 3))
def test_no_correction_of_a_table_breaks_what_held(kind: str, seed: int, wrong: int) -> None:
    random = Random(seed)
    edit_set, truth = table(random, 5, 4)
    record: Values = {**corrupted(random, truth, wrong, 0)}
    assert_sound(kind, edit_set, record, CORRECTIONS[kind](edit_set, record))


def assert_sound(kind: str, edit_set: EditSet, record: Values, found: Corrected) -> None:
    after: Values = {**record, **found.values}
    held = [e.holds(record) for e in edit_set.edits]
    assert not [e for e, h in zip(edit_set.edits, held, strict=True) if h and e.holds(after) is False]
    assert all(record[v] not in (None, x) for v, x in found.values.items())
    holds = all(e.holds(after) is not False for e in edit_set.edits)
    assert (found.status in ("consistent", "corrected")) == holds
    assert (found.status == "consistent") == all(h is not False for h in held)
    if found.values:
        mended = [e for e, h in zip(edit_set.edits, held, strict=True) if h is False and e.holds(after)]
        assert mended
    if kind == "rounding":
        assert all(abs(x - Decimal(record[v] or 0)) <= ROUNDING for v, x in found.values.items())
    if kind == "signs":
        assert found.values in ({}, {v: -(record[v] or 0) for v in found.values})


def test_the_order_of_edits_decides_nothing() -> None:
    record: Values = {**VALID, "x4": 161, "x9": 19979, "x5": 0}
    outcomes = {
        str(typos(EditSet(CLASSIC.variables, order), record)) for order in permutations(CLASSIC.edits)
    }  # fmt: skip
    assert len(outcomes) == 1
