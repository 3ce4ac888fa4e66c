"""Texts: the kind and value of a printed cell, numbers in prose, and labels that count as equal."""

from __future__ import annotations

import tracemalloc
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.text import fits, fold, header_unit, is_value, normalize, parse_cell, parse_prose, spellings
from pipeline.extract.labels import get_label_index


@pytest.mark.parametrize(
    ("raw", "value", "kind"),
    [
        ("0", "0", "zero"),
        ("0.00", "0", "zero"),
        ("", None, "blank"),
        ("　", None, "blank"),
        ("/", None, "na"),
        ("—", None, "na"),
        ("－", None, "na"),
        ("-5", "-5", "number"),
        ("−5", "-5", "number"),
        ("+7", "7", "number"),
        ("3,119", "3119", "number"),
        ("２，８４９，２７４", "2849274", "number"),
        ("12件", "12", "number"),
        ("1 151 人次", "1151", "number"),
        ("十二", "12", "number"),
        ("〇", "0", "zero"),
        ("97 1234", None, "text"),
        ("2 849 274", "2849274", "number"),
        ("3,11", None, "text"),
        ("12?", None, "text"),
        ("详见附件", None, "text"),
        ("9" * 13, None, "text"),
        ("0.1234567", None, "text"),
    ],
)
def test_cell_has_a_value_and_a_kind(raw: str, value: str | None, kind: str) -> None:
    assert parse_cell(raw, "件") == (None if value is None else Decimal(value), kind)


@pytest.mark.parametrize(
    ("raw", "header", "value"),
    [
        ("251000元", "", "25.1"),
        ("160.5964万元", "", "160.5964"),
        ("96171.6", "", "96171.6"),
        ("251000", "元", "25.1"),
        ("160.5964万元", "元", "160.5964"),
        ("1.2亿元", "", "12000"),
    ],
)
def test_money_is_converted_to_wanyuan(raw: str, header: str, value: str) -> None:
    assert parse_cell(raw, "万元", header)[0] == Decimal(value)


def test_header_states_its_unit() -> None:
    assert header_unit("采购总金额（单位：元）") == "元"
    assert header_unit("采购总金额(单位:万元)") == "万元"
    assert header_unit("处理决定数量") == ""


@pytest.mark.parametrize(
    ("text", "value", "approximate"),
    [
        ("129790", 129790, False),
        ("18万余", 180000, True),
        ("5500余", 5500, True),
        ("近80", 80, True),
        ("一百二十", 120, False),
        ("十五", 15, False),
        ("两千零五", 2005, False),
        ("1,151", 1151, False),
        ("达到21", 21, False),
        ("3.5万", 35000, False),
    ],
)
def test_number_in_prose_has_a_value_and_may_be_approximate(text: str, value: int, approximate: bool) -> None:
    assert parse_prose(text) == (Decimal(value), approximate)


@pytest.mark.parametrize(
    ("label", "variant"),
    [
        ("（一）予以公开", "(一) 予以公开"),
        ("3.危及“三安全一稳定”", '3、危及"三安全一稳定"'),
        ("1.属于国家秘密", "属于 国家\n秘密"),
        ("其它处理", "（六）其他处理"),
    ],
)
def test_variants_of_a_label_fold_to_the_same_text(label: str, variant: str) -> None:
    assert fold(label) == fold(variant)


def test_label_without_its_note_is_a_spelling() -> None:
    assert fold("（二）部分公开") in spellings("（二）部分公开（区分处理的，只计这一情形，不计其他情形）")


@given(st.integers(-(10**11), 10**11))
def test_every_printed_integer_is_parsed(number: int) -> None:
    for raw in (str(number), f"{number:,}"):
        assert parse_cell(raw, "件")[0] == number


@given(st.text(max_size=40))
def test_any_text_is_parsed(text: str) -> None:
    value, kind = parse_cell(text, "万元")
    assert (value is None) == (kind in ("blank", "na", "text"))
    fold(text)


def test_long_texts_are_not_cached() -> None:
    get_label_index("2019").find_row("总计")  # builds the index before memory is measured
    tracemalloc.start()
    for i in range(4):
        text = f"{i}" + "政" * 20_000
        normalize(text), fold(text), is_value(text), parse_cell(text, "件"), get_label_index("2019").find_row(text)
    assert tracemalloc.get_traced_memory()[0] < 100_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("text", "is_exact"),
    [
        ("0", True), ("-999999999999.999999", True), ("1e12", False), ("0.0000001", False), ("NaN", False),
        ("-Infinity", False), ("1e1000000", False), ("-1e999999", False), ("1e-1000000", False),
    ],
)  # fmt: skip
def test_number_fits_if_a_column_holds_it_exactly(text: str, is_exact: bool) -> None:
    assert fits(Decimal(text)) == is_exact
