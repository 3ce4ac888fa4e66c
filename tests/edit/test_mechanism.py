from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.edit.mechanism import (
    CHEAPEST_DECIBANS,
    CONFUSED_DIGITS,
    SLIPS,
    UNEXPLAINED,
    find_mechanism,
    is_typing_slip,
)

NUMBERS = st.integers(1, 10**7)


@pytest.mark.parametrize(
    ("printed", "meant", "name"),
    [
        ("0", "12", "zeroed"),
        ("12", "-12", "sign"),
        ("-12", "12", "sign"),
        ("13", "-12", "unexplained"),
        ("-13", "-12", "mistyped"),
        ("80", "60", "confused"),
        ("17", "77", "confused"),
        ("8", "0", "confused"),
        ("20", "60", "mistyped"),
        ("88", "60", "unexplained"),
        ("5", "0", "mistyped"),
        ("124", "142", "transposed"),
        ("421", "124", "unexplained"),
        ("214", "124", "transposed"),
        ("12", "112", "digit_lost"),
        ("5", "105", "digit_lost"),
        ("5", "1005", "digit_lost"),
        ("112", "12", "digit_added"),
        ("120", "12", "digit_added"),
        ("1", "123", "unexplained"),
        ("105", "5", "unexplained"),
        ("120000", "12", "unit"),
        ("0.0012", "12", "unit"),
        ("1.2", "12000", "unit"),
        ("1200", "1187", "rounded"),
        ("1200", "1131", "unexplained"),
        ("190", "189", "rounded"),
        ("190", "187", "rounded"),
        ("190", "184", "unexplained"),
        ("90", "87", "unexplained"),
        ("12.5", "12.6", "confused"),
        ("12.56", "12.65", "transposed"),
        ("12", "12.5", "digit_lost"),
        ("0.5", "10.5", "digit_lost"),
        ("1", "1.05", "digit_lost"),
        ("1", "1.25", "unexplained"),
        ("1E+3", "100", "digit_added"),
        ("3", "-3.0", "sign"),
    ],
)
def test_mechanism_of_a_slip(printed: str, meant: str, name: str) -> None:
    assert find_mechanism(Decimal(printed), Decimal(meant))[0] == name


@pytest.mark.parametrize(
    ("printed", "meant", "is_slip"),
    [
        ("116", "161", True),
        ("161", "116", True),
        ("19979", "1979", True),
        ("1979", "19979", True),
        ("12", "-12", True),
        ("-12", "-13", True),
        ("5", "15", True),
        ("5", "115", False),
        ("80", "60", True),
        ("120000", "12", False),
        ("1200", "1187", False),
        ("1200", "1200", False),
        ("0", "12", False),
        ("0", "1", True),
        ("321", "123", False),
        ("0.25", "0.52", True),
        ("1.5", "15", True),
    ],
)
def test_number_is_or_is_not_one_typing_slip_away(printed: str, meant: str, is_slip: bool) -> None:
    assert is_typing_slip(Decimal(printed), Decimal(meant)) is is_slip


def test_slips_are_ordered_by_cost() -> None:
    costs = [cost for _, cost, _ in SLIPS]
    assert costs == sorted(costs)
    assert costs[0] == CHEAPEST_DECIBANS
    assert UNEXPLAINED[1] > costs[-1]
    pairs = ((80, 60), (20, 60), (0, 60), (-60, 60), (1, 123))
    assert [find_mechanism(Decimal(a), Decimal(b))[1] for a, b in pairs] == [5, 10, 10, 10, 30]


@given(NUMBERS, NUMBERS)
def test_substitution_exchange_and_sign_are_symmetric(one: int, other: int) -> None:
    a, b = find_mechanism(Decimal(one), Decimal(other)), find_mechanism(Decimal(other), Decimal(one))
    symmetric = {"confused", "mistyped", "transposed", "sign"}
    assert a == b or not {a[0], b[0]} & symmetric
    if "digit_added" in (a[0], b[0]):
        assert {a[0], b[0]} == {"digit_added", "digit_lost"}


@given(st.integers(1, 10**7), st.data())
def test_every_typing_slip_is_recognised(number: int, data: st.DataObject) -> None:
    text = str(number)
    i = data.draw(st.integers(0, len(text) - 1))
    digit = data.draw(st.sampled_from("0123456789"))
    j = data.draw(st.integers(0, max(0, len(text) - 2)))
    slips = {
        text[:i] + digit + text[i + 1 :],
        text[:i] + digit + text[i:],
        text[:i] + text[i + 1 :] or "0",
        text[:j] + text[j : j + 2][::-1] + text[j + 2 :],
        "-" + text,
    }
    for slip in {int(s) for s in slips} - {number}:
        assert is_typing_slip(Decimal(slip), Decimal(number))
        assert find_mechanism(Decimal(slip), Decimal(number))[0] != "unexplained"


@given(st.integers(-(10**7), 10**7), st.integers(-(10**7), 10**7).filter(bool))
def test_negating_both_numbers_changes_nothing(one: int, other: int) -> None:
    a, b = Decimal(one), Decimal(other)
    assert find_mechanism(a, b) == find_mechanism(-a, -b)
    assert is_typing_slip(a, b) == is_typing_slip(-a, -b)


def test_negative_number_for_zero_is_more_than_one_slip() -> None:
    assert find_mechanism(Decimal(1), Decimal(0)) == ("mistyped", 10)
    assert find_mechanism(Decimal(-1), Decimal(0)) == UNEXPLAINED


def test_each_pair_of_confused_digits_is_confused_both_ways() -> None:
    assert {frozenset(p) for p in ("08", "06", "68", "17", "38", "56")} == CONFUSED_DIGITS
    for pair in CONFUSED_DIGITS:
        a, b = sorted(pair)
        assert find_mechanism(Decimal(f"4{a}4"), Decimal(f"4{b}4")) == ("confused", CHEAPEST_DECIBANS)
        assert find_mechanism(Decimal(f"4{b}4"), Decimal(f"4{a}4")) == ("confused", CHEAPEST_DECIBANS)
