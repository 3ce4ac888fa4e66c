"""Tell which clauses count for another period than the report's quarter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.extract.kind.period import QUARTERS
from pipeline.extract.kind.scope import Period

_OWN = re.compile("本季度|本次|本期")
_COMPARED = re.compile("[比较与同和]$")  # before a period: it is compared with
_TOPIC = re.compile("(?:其中|此外|另外|同时|针?对|在|于|经|自|到|截[至止])?")  # then a period goes on
_QUARTER = re.compile("(?:(?P<year>20[0-9]{2})年?度?)?第?(?P<quarter>[一二三四1-4])季度")
_YEAR = re.compile("(?P<year>20[0-9]{2})年(?P<end>[底末])?(?![0-9第一二三四]|[上下]半年)")
_MONTHS = re.compile("(?:20[0-9]{2}年|今年)?(?P<first>[0-9]{1,2})月?[-—–~至到](?P<last>[0-9]{1,2})月(?![0-9])")
_MONTH = re.compile("(?:20[0-9]{2}年|今年)?[0-9]{1,2}月份")


class _Named(NamedTuple):
    """A period that a clause names: where it begins, and whether it is the report's."""

    start: int
    is_own: bool


def is_other_period(clause: str, period: Period, is_carried: bool) -> tuple[bool, bool]:
    """Return whether a clause is about another period than the report's, and whether the clauses after it are.

    `is_carried` is that of the clause before it. A period that begins a clause counts until another one is named, any
    other one for its clause. Of a report without a quarter, no period is another one.
    """
    if not period[1] or _OWN.search(clause):
        return False, False
    named = [name for name in _named_periods(clause, period) if not _COMPARED.search(clause[: name.start])]
    if any(name.is_own for name in named):
        return False, False
    is_carried = is_carried or any(_TOPIC.fullmatch(clause[: name.start]) for name in named)
    return is_carried or bool(named), is_carried


def _named_periods(clause: str, period: Period) -> Iterator[_Named]:
    """Yield the periods that a clause names. A month counts only where it begins the clause."""
    year, quarter = period
    for match in _QUARTER.finditer(clause):
        is_own_year = not match["year"] or not year or int(match["year"]) == year
        yield _Named(match.start(), is_own_year and QUARTERS[match["quarter"]] == quarter)
    for match in _YEAR.finditer(clause):
        is_end = bool(match["end"]) and quarter == max(QUARTERS.values()) and int(match["year"]) == year
        yield _Named(match.start(), is_end)
    for match in _MONTHS.finditer(clause):
        yield _Named(match.start(), (int(match["first"]), int(match["last"])) == (3 * quarter - 2, 3 * quarter))
    if match_of_month := _MONTH.match(clause):
        yield _Named(match_of_month.start(), is_own=False)
