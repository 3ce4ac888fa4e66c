"""Test the table of the largest changes against the year before."""

from __future__ import annotations

from decimal import Decimal

from pipeline.core.change_table import MAX_CHANGES, change_lines, change_rows


def change(prior: str, value: str) -> dict[str, object]:
    """Return a row of the query of changes."""
    difference = Decimal(value) - Decimal(prior)
    return {"indicator": "行政许可", "prior": Decimal(prior), "value": Decimal(value), "change": difference}


def test_change_has_both_numbers_and_its_share() -> None:
    assert change_rows([change("309", "88")]) == [["行政许可", "309", "88", "-221", "-71.5%"]]
    assert change_rows([change("1000.5", "1200")]) == [["行政许可", "1,000.5", "1,200", "+199.5", "+19.9%"]]
    assert change_rows([change("0", "1200")]) == [["行政许可", "0", "1,200", "+1,200", ""]]


def test_lines_are_in_both_languages_and_limited() -> None:
    assert change_lines([change("309", "88")], "zh") == ["行政许可：上年 309，本年 88，-221（-71.5%）"]
    assert change_lines([change("0", "20")], "en") == ["行政许可: 0 the year before, 20 this year, +20"]
    assert len(change_lines([change("309", "88")] * 30, "zh")) == MAX_CHANGES
