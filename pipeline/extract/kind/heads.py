"""Find the columns that a line of a grid heads: those of the kind, of units, of years and of quarters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.core.kind import Kind
from pipeline.core.text import fold, normalize
from pipeline.extract.kind.labels import Line, RowLabel, heads_in
from pipeline.extract.kind.period import QUARTERS
from pipeline.extract.kind.scope import Scope

_UNIT_HEADS = frozenset({"单位", "计量单位"})
_YEAR_HEAD = re.compile("(?P<year>20[0-9]{2})年?度?|(?P<own>本年度?)|上一?年度?")
_QUARTER_HEAD = re.compile("(?:20[0-9]{2}年)?第?(?P<quarter>[一二三四1-4])季度")
MIN_HEADS = 2  # in a line that heads columns of years or quarters


@dataclass(frozen=True)
class Columns:
    """The columns below a head: code and unit by place.

    In a table of one column, `value` is the place of its numbers, if the head says so. `skipped` are the places of
    units, and of other years and quarters.
    """

    heads: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    value: int | None = None
    skipped: frozenset[int] = frozenset()


def columns_of(line: Line, labels: Mapping[int, Sequence[RowLabel]], kind: Kind, year: int | None) -> Columns | None:
    """Return the columns that a line heads, None if it is no head."""
    heads = heads_in(line, kind)
    if len(heads) > 1 or (heads and not labels):
        return Columns(heads)
    texts = {place: "".join(normalize(cell.text).split()) for place, cell in line.items()}
    years = {place: match for place, text in texts.items() if (match := _YEAR_HEAD.fullmatch(text))}
    if len(years) >= MIN_HEADS:
        own = [place for place, match in years.items() if match["own"] or match["year"] == str(year)]
        others = frozenset(years) - frozenset(own) if year else frozenset[int]()
        return Columns(value=own[0] if len(own) == 1 else None, skipped=others)
    units = frozenset(place for place, text in texts.items() if fold(text) in _UNIT_HEADS)
    values = list(heads_in(line, kind, several=False))
    if labels or not (units or values):
        return None
    return Columns(value=values[0] if len(values) == 1 else None, skipped=units)


def quarters_of(line: Line, scope: Scope) -> Columns | None:
    """Return the columns of a line that heads quarters, in a report on one of them; None if it is no such head."""
    texts = {place: "".join(normalize(cell.text).split()) for place, cell in line.items()}
    heads = {place: match for place, text in texts.items() if (match := _QUARTER_HEAD.fullmatch(text))}
    if not scope.kind.has_quarters or not scope.period[1] or len(heads) < MIN_HEADS:
        return None
    own = [place for place, match in heads.items() if QUARTERS[match["quarter"]] == scope.period[1]]
    return Columns(value=own[0] if own else None, skipped=frozenset(heads) - frozenset(own))
