"""Units as they are printed with a number or in a header: 万元, 千元, 人民币元, 件, 万件."""

from __future__ import annotations

import re
from decimal import Decimal

_MULTIPLES = {"": 0, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8}  # powers of ten
# Units of money with their value in 万元, the statutory unit of money.
MONEY = {f"{multiple}元": Decimal(10) ** (power - 4) for multiple, power in _MULTIPLES.items()}
COUNTERS = ("件次", "人次", "件", "条", "项", "个", "起", "次", "人", "篇", "宗", "家", "份")
# Multiples of the counters, such as 万件, with their factor.
COUNTS = {f"{m}{c}": Decimal(10) ** p for m, p in _MULTIPLES.items() for c in COUNTERS}
UNKNOWN = "?"  # a unit that is printed and not known

_NAMES = "|".join(sorted([*MONEY, *COUNTS], key=len, reverse=True))
SUFFIX = re.compile(rf"(?:{_NAMES})$")
_STATED = re.compile(r"单位:?(?:人民币)?(?P<unit>[^()、,;。:\d]{1,6})")
_IN_BRACKETS = re.compile(rf"\((?:人民币)?(?P<unit>{_NAMES})\)$")


def stated_unit(compact_label: str) -> str:
    """Return the unit that a header or a line above a table states, '' if it states none, `UNKNOWN` for another word.

    The label is normalised and has no spaces: 采购总金额(单位:元), 收费金额(千元), 金额单位:人民币元.
    """
    if stated := _STATED.search(compact_label):
        unit = stated["unit"]
        return unit if unit in MONEY or unit in COUNTS else UNKNOWN
    in_brackets = _IN_BRACKETS.search(compact_label)
    return in_brackets["unit"] if in_brackets else ""


def factor(printed: str, unit: str) -> Decimal | None:
    """Return the factor from a printed unit to a statutory one; None for a unit of another kind.

    Counters count the same things (件 and 条), so they are not distinguished.
    """
    if not printed:
        return Decimal(1)
    if unit in MONEY:
        return MONEY[printed] / MONEY[unit] if printed in MONEY else None
    return COUNTS.get(printed)
