"""Possible corrections: their text in the table of proposals, and the sentences for the clerk."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.alternative_sentences import MAX_KINDS, Wording, alternatives_sentence
from pipeline.core.alternatives import PossibleChange, read_alternative, suspects, write_alternative
from pipeline.core.form import forms

FORM = forms()["2021"]
NUMBERS = st.none() | st.decimals(-(10**9), 10**9, places=2)
CHANGES = st.builds(PossibleChange, st.sampled_from(FORM.addresses()), NUMBERS, NUMBERS, st.sampled_from(["mistyped"]))


@given(st.lists(CHANGES, min_size=1, max_size=4))
def test_alternative_is_read_as_it_was_written(changes: list[PossibleChange]) -> None:
    assert read_alternative(write_alternative(changes)) == tuple(changes)


def test_text_of_an_alternative_is_readable() -> None:
    text = write_alternative([change("granted/research", 31, 1, "digit_added"), change("granted/total", None, None)])
    assert text == (
        "applications/granted/research 31 -> 1 (digit_added); applications/granted/total blank -> ? (unexplained)"
    )


def test_other_texts_are_refused() -> None:
    with pytest.raises(ValueError, match="not a possible change"):
        read_alternative("applications/granted/research=1")


def change(place: str, printed: int | None, implied: int | None, operation: str = "unexplained") -> PossibleChange:
    was, meant = (None if value is None else Decimal(value) for value in (printed, implied))
    return PossibleChange(f"applications/{place}", was, meant, operation)


def with_totals(row: str, printed: int, step: int) -> str:
    """Return the alternative that a cell of natural persons is too large by `step`, with its totals."""
    return write_alternative(
        [
            change(f"{row}/natural_person", printed, printed - step),
            change(f"{row}/total", printed, printed - step, "recomputed"),
            change("handled/total", 90, 90 - step, "recomputed"),
        ]
    )


def test_cells_of_one_column_with_equal_excess_are_one_kind() -> None:
    texts = [with_totals("granted", 40, 30), with_totals("partly_granted", 35, 30), with_totals("new", 60, -30)]
    sentence = alternatives_sentence(texts, Wording(FORM, "zh"))
    assert sentence == (
        "可能是：“自然人”一列有一格多了 30，由它算出的合计也跟着多了 30；这一格是下列 2 格之一："
        "「（一）予以公开」 40→10；「（二）部分公开」 35→5；或者 "
        "「一、本年新收政府信息公开申请数量」自然人 印“60”应为 90，由它算出的合计也跟着少了 30。"
        "请核对原始数据，改正属实的一处，和由它算出的合计。"
    )
    english = alternatives_sentence(texts, Wording(FORM, "en"))
    assert "one cell of column" in english
    assert "it is one of these 2" in english


def test_cells_have_their_places_in_a_workbook() -> None:
    places = {"applications/granted/natural_person": "表三!D8"}
    texts = [with_totals("granted", 40, 30), with_totals("partly_granted", 35, 30)]
    assert "「（一）予以公开」 表三!D8 40→10" in alternatives_sentence(texts, Wording(FORM, "zh", places))


def test_single_cells_of_one_row_are_one_kind() -> None:
    cells = [("upheld", 12, 1), ("total", 0, 11)]
    texts = [
        write_alternative([PossibleChange(f"review_litigation/review/{c}", Decimal(a), Decimal(b), "mistyped")])
        for c, a, b in cells
    ]
    assert alternatives_sentence(texts, Wording(FORM, "zh")) == (
        "可能是：「行政复议」一行有一格不对，是下列 2 格之一：结果维持 12→1；总计 0→11。"
        "请核对原始数据，改正属实的一处，和由它算出的合计。"
    )


def test_moved_numbers_are_told_with_their_slip() -> None:
    moved = [change("granted/business", 1, 2, "swapped"), change("granted/research", 2, 1, "swapped")]
    assert "（相邻两格互换）" in alternatives_sentence([write_alternative(moved)], Wording(FORM, "zh"))


def test_many_kinds_are_counted() -> None:
    texts = [with_totals("granted", 100 + step, step) for step in range(1, MAX_KINDS + 4)]
    assert "另外还有 3 种可能" in alternatives_sentence(texts, Wording(FORM, "zh"))


def test_without_alternatives_the_cells_are_to_be_checked() -> None:
    assert alternatives_sentence([], Wording(FORM, "zh")) == "请对照原始数据，核对这些行和列。"


def test_suspects_are_the_cells_of_all_alternatives() -> None:
    texts = [with_totals("granted", 40, 30), with_totals("new", 60, -30)]
    assert suspects(texts) == [
        f"applications/{c}"
        for c in ("granted/natural_person", "granted/total", "handled/total", "new/natural_person", "new/total")
    ]
