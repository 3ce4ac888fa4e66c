"""What a figure of the prose counts, told by the words before it in its sentence: the lines of `scopes.csv`.

A line has the scope that its pattern gives to figures after it in the same clause, the scope `later` that it gives
after the next comma ('' none), the rows it speaks of (beginnings of their codes, `*` for all), and an example with the
row whose figure has that scope. The line above wins. What stands in brackets ends with them.

Scopes: `whole` the report's own total; `part` of it, or another body's; `body` a part in a split by body; `taken_up`
收办; `filed` 立案, 备案; `other_year`; `uncertain` where the words leave it open.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE
from pipeline.extract.narrative_phrases import Reading

SCOPES = ("whole", "part", "body", "taken_up", "filed", "other_year", "uncertain")
# Before the lines of `scopes.csv`: a year that is not the report's; after them: 其中.
_OTHER_YEAR, _AMONG = -1, 10**6
_FIXED = (
    r"(?P<open>\()|(?P<close>\))|(?P<among>其中[,:]?)|(?P<own>今年|本年|当年)"
    r"|(?<![至到])(?P<year>20\d\d)年|(?P<comma>,)"
)


@dataclass(frozen=True)
class Rule:
    """A line of `scopes.csv`."""

    scope: str
    later: str
    rows: tuple[str, ...]
    pattern: str
    example: str
    row: str


@cache
def rules() -> tuple[Rule, ...]:
    """The lines. Raises ProjectFault for one that is wrong."""
    with (REFERENCE / "scopes.csv").open(encoding="utf-8", newline="") as file:
        return checked(list(csv.DictReader(file)))


def checked(lines: Sequence[Mapping[str, str]]) -> tuple[Rule, ...]:
    """Lines as rules. Raises ProjectFault for an unknown scope or a pattern that does not stand in its own example."""
    for line in lines:
        if line["scope"] not in SCOPES or line["later"] not in ("", *SCOPES):
            raise ProjectFault(f"scopes.csv: no scope {line['scope']!r} or {line['later']!r}")
        try:
            stands = re.search(line["pattern"], line["example"])
        except re.error as error:
            raise ProjectFault(f"scopes.csv: {line['pattern']}: {error}") from error
        if not stands:
            raise ProjectFault(f"scopes.csv: the pattern does not stand in its example {line['example']!r}")
    return tuple(
        Rule(x["scope"], x["later"], tuple(x["rows"].split()), x["pattern"], x["example"], x["row"]) for x in lines
    )


@cache
def _marks() -> re.Pattern[str]:
    return re.compile("|".join([*(f"(?P<r{i}>{rule.pattern})" for i, rule in enumerate(rules())), _FIXED]))


class Context:
    """What has been said in a sentence so far: the lines at work, each with whether its clause is over."""

    def __init__(self, year: int | None) -> None:
        self._year = year
        self._over: dict[int, bool] = {}
        self._kept: list[dict[int, bool]] = []

    def take(self, mark: re.Match[str]) -> None:
        """Go on over one mark."""
        kind = mark.lastgroup or ""
        if kind == "year":
            self._take_year(int(mark["year"]))
        elif kind == "own":
            self._back_to_this_year()
        elif kind == "comma":
            self._end_clause()
        elif kind == "open":
            self._kept.append(dict(self._over))
        elif kind == "close":
            self._over = self._kept.pop() if self._kept else self._over
        else:
            self._over[_AMONG if kind == "among" else int(kind[1:])] = False

    def scope(self, row: str, seen: bool) -> str:
        """The scope that a figure of `row` has here, '' where nothing says so; `seen` if the row's total may stand
        before it.
        """
        for number in sorted(self._over):
            over = self._over[number]
            if number == _OTHER_YEAR:
                return "other_year"
            if number == _AMONG:
                return _among(row, seen, over)
            rule = rules()[number]
            if rule.rows == ("*",) or row.startswith(rule.rows):
                return rule.later if over else rule.scope
        return ""

    def _take_year(self, year: int) -> None:
        if year == self._year:
            self._back_to_this_year()
        elif self._year:
            self._over[_OTHER_YEAR] = False

    def _back_to_this_year(self) -> None:
        self._over = {
            n: o
            for n, o in self._over.items()
            if n != _OTHER_YEAR and (n == _AMONG or rules()[n].scope != "other_year")
        }

    def _end_clause(self) -> None:
        self._over = {n: True for n in self._over if n in (_OTHER_YEAR, _AMONG) or rules()[n].later}


# Parts by nature, or subsets that the forms count by themselves: 其中 before them takes nothing from their own total.
_SUBSETS = ("disclosed.normative_documents", "applications.carried", "websites", "information_fee")


def _among(row: str, seen: bool, over: bool) -> str:
    """After 其中 a figure is a part of a total of its own row; of another row's total it may be a total itself."""
    if row.startswith(_SUBSETS):
        return ""
    own = row == "applications.handled" or over
    return "uncertain" if own and not seen else "part"


def scopes(sentence: str, found: Sequence[Reading], year: int | None, seen: set[str]) -> Iterator[str]:
    """The scope of each reading of a sentence, in order; `seen` are the rows read before in the paragraph."""
    context, marks = Context(year), _marks().finditer(sentence)
    mark = next(marks, None)
    for reading in found:
        while mark is not None and mark.start() < reading.start:
            context.take(mark)
            mark = next(marks, None)
        if reading.base and year and reading.base != year - 1:
            yield "other_year"
        else:
            yield context.scope(reading.row, reading.row in seen)
        seen.add(reading.row)
