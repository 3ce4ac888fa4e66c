from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.core.text import header_unit, parse_cell
from pipeline.core.units import UNKNOWN, factor


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("采购总金额（单位：元）", "元"),
        ("收费金额（千元）", "千元"),
        ("收费金额（单位：人民币元）", "元"),
        ("金额单位：元", "元"),
        ("处理决定数量（万件）", "万件"),
        ("处理决定数量", ""),
        ("收费金额（单位：美元）", UNKNOWN),
        ("收费金额（单位：贯）", UNKNOWN),
        ("（本列数据的勾稽关系为：第一项加第二项之和）", ""),
    ],
)
def test_header_states_its_unit(label: str, unit: str) -> None:
    assert header_unit(label) == unit


@pytest.mark.parametrize(
    ("raw", "unit", "header", "value"),
    [
        ("12345.6", "万元", "千元", Decimal("1234.56")),
        ("人民币25.1万元", "万元", "", Decimal("25.1")),
        ("0.5亿元", "万元", "", Decimal(5000)),
        ("21.4万件", "件", "", Decimal(214000)),
        ("214", "件", "万件", Decimal(2140000)),
        ("3000元", "件", "", None),
        ("30件", "万元", "", None),
        ("30", "万元", UNKNOWN, None),
        ("30贯", "万元", "", None),
    ],
)
def test_number_is_converted_from_its_unit_or_has_no_value(
    raw: str, unit: str, header: str, value: Decimal | None
) -> None:
    assert parse_cell(raw, unit, header)[0] == value


def test_units_of_another_kind_have_no_factor() -> None:
    assert factor("", "件") == 1
    assert factor("条", "件") == 1
    assert factor("元", "件") is None
    assert factor("件", "万元") is None
