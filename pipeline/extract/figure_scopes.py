"""Decide the scope of prose figures from the words before them in their sentence: the lines of `scopes.csv`.

A line has a pattern and the scope that it gives to figures after it in the same clause. `later` is the scope that it
gives after the next comma ('' none). `rows` are the beginnings of the row codes to which it applies (`*` for all). It
also has an example, and the row whose figure has that scope there. The upper line wins. After a closing
bracket the scopes are those before the opening one.

Scopes: `whole` the report's own total; `part` a part of it, or another body's figure; `body` a part in a split by body;
`taken_up` 收办; `filed` 立案, 备案; `other_year` another year's; `uncertain` where the words leave it open. `sole` and
`channel` become one of these.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE
from pipeline.extract.figure_phrases import PhraseMatch

# Scopes within this package, settled when all figures are known (`figure_totals`): a figure is the whole if no other
# figure of its row is; else it is `uncertain` (sole), or a `part` disclosed by one channel (channel).
OPEN_SCOPES = ("sole", "channel")
SCOPES = ("whole", "part", "body", "taken_up", "filed", "other_year", "uncertain")
# Rule numbers of two built-in rules: a year other than the report's, above the lines of `scopes.csv`, and 其中 below.
_OTHER_YEAR, _AMONG = -1, 10**6
_BUILT_IN_MARKS = (
    r"(?P<open>\()|(?P<close>\))|(?P<among>其中[,:]?)|(?P<own>今年|本年|当年)"
    r"|(?<![至到])(?P<year>20\d\d)年(?!度?(?:同期)?相比)|(?P<comma>,)"
)


@dataclass(frozen=True)
class ScopeRule:
    """A line of `scopes.csv`: `later_scope` is its column `later`, `row_prefixes` its column `rows`."""

    scope: str
    later_scope: str
    row_prefixes: tuple[str, ...]
    pattern: str
    example: str
    example_row: str


@cache
def load_scope_rules() -> tuple[ScopeRule, ...]:
    """Return the rules of `scopes.csv`. Raises ProjectFault as `parse_scope_rules` does."""
    with (REFERENCE / "scopes.csv").open(encoding="utf-8", newline="") as file:
        return parse_scope_rules(list(csv.DictReader(file)))


def parse_scope_rules(lines: Sequence[Mapping[str, str]]) -> tuple[ScopeRule, ...]:
    """Return lines of `scopes.csv` as rules.

    Raises ProjectFault for an unknown scope, a broken pattern, or a pattern that does not match its own example.
    """
    for line in lines:
        if line["scope"] not in (*SCOPES, *OPEN_SCOPES) or line["later"] not in ("", *SCOPES, *OPEN_SCOPES):
            raise ProjectFault("phrases.scope", scopes=f"{line['scope']} / {line['later']}")
        try:
            match = re.search(line["pattern"], line["example"])
        except re.error as error:
            raise ProjectFault("phrases.pattern", file="scopes.csv", pattern=line["pattern"], error=error) from error
        if not match:
            raise ProjectFault("phrases.example", file="scopes.csv", pattern=line["pattern"], example=line["example"])
    return tuple(
        ScopeRule(x["scope"], x["later"], tuple(x["rows"].split()), x["pattern"], x["example"], x["row"]) for x in lines
    )


@cache
def _build_mark_pattern() -> re.Pattern[str]:
    """Return one pattern for all marks in a sentence; group `r<number>` is the rule of that number."""
    rules = [f"(?P<r{number}>{rule.pattern})" for number, rule in enumerate(load_scope_rules())]
    return re.compile("|".join([*rules, _BUILT_IN_MARKS]))


class SentenceContext:
    """The rules that apply at one place of a sentence, each with a flag that a comma has ended its clause."""

    def __init__(self, year: int | None) -> None:
        self._report_year = year
        self._clause_ended: dict[int, bool] = {}  # number of each rule that applies
        self._outside_brackets: list[dict[int, bool]] = []  # the rules before each open bracket

    def apply_mark(self, mark: re.Match[str]) -> None:
        """Update the rules for the next mark of the sentence: a rule's pattern, a year, a comma or a bracket."""
        kind = mark.lastgroup or ""
        if kind == "year":
            self._apply_year(int(mark["year"]))
        elif kind == "own":
            self._return_to_report_year()
        elif kind == "comma":
            self._end_clause()
        elif kind == "open":
            self._outside_brackets.append(dict(self._clause_ended))
        elif kind == "close":
            self._clause_ended = self._outside_brackets.pop() if self._outside_brackets else self._clause_ended
        else:
            self._clause_ended[_AMONG if kind == "among" else int(kind[1:])] = False

    def find_scope(self, row: str, has_earlier_figure: bool) -> str:
        """Return the scope of a figure of `row` at this place, '' if no rule gives one.

        `has_earlier_figure` is true if the paragraph has a figure of the row before it, which may be its total.
        """
        for number in sorted(self._clause_ended):
            clause_ended = self._clause_ended[number]
            if number == _OTHER_YEAR:
                return "other_year"
            if number == _AMONG:
                return _find_scope_among(row, has_earlier_figure, clause_ended)
            rule = load_scope_rules()[number]
            if rule.row_prefixes == ("*",) or row.startswith(rule.row_prefixes):
                scope = rule.later_scope if clause_ended else rule.scope
                return self._narrow(scope, row, has_earlier_figure)
        return ""

    def _narrow(self, scope: str, row: str, has_earlier_figure: bool) -> str:
        """Return `part` for a figure that is open or uncertain by its rule but a part by 其中, else the scope."""
        if _AMONG not in self._clause_ended or scope not in ("uncertain", *OPEN_SCOPES):
            return scope
        among = _find_scope_among(row, has_earlier_figure, self._clause_ended[_AMONG])
        return "part" if among == "part" else scope

    def _apply_year(self, year: int) -> None:
        """Start or end the rule for other years; without a known report year the year has no effect."""
        if year == self._report_year:
            self._return_to_report_year()
        elif self._report_year:
            self._clause_ended[_OTHER_YEAR] = False

    def _return_to_report_year(self) -> None:
        """End every rule that gives the scope of another year."""
        self._clause_ended = {
            number: clause_ended
            for number, clause_ended in self._clause_ended.items()
            if number != _OTHER_YEAR and (number == _AMONG or load_scope_rules()[number].scope != "other_year")
        }

    def _end_clause(self) -> None:
        """Keep the rules that also apply after a comma."""
        lasting_rules = (
            n for n in self._clause_ended if n in (_OTHER_YEAR, _AMONG) or load_scope_rules()[n].later_scope
        )
        self._clause_ended = dict.fromkeys(lasting_rules, True)


# Figures that are parts by nature, or subsets that the forms count separately: 其中 before them does not make them a
# part of their own total.
_SUBSET_ROWS = ("disclosed.normative_documents", "applications.carried", "websites", "information_fee")


def _find_scope_among(row: str, has_earlier_figure: bool, clause_ended: bool) -> str:
    """Return the scope of a figure after 其中: `part`, '' for subsets, or `uncertain`.

    It is uncertain if the figure may itself be its row's total: its row has no earlier figure in the paragraph, and it
    counts 办结 or follows a comma.
    """
    if row.startswith(_SUBSET_ROWS):
        return ""
    can_be_total = row == "applications.handled" or clause_ended
    return "uncertain" if can_be_total and not has_earlier_figure else "part"


def find_scopes(sentence: str, matches: Sequence[PhraseMatch], year: int | None, rows_read: set[str]) -> Iterator[str]:
    """Yield the scope of each match in a sentence, '' where the words give none.

    `matches` are in the order of the sentence and `year` is the report's. `rows_read` are the rows of the paragraph's
    earlier figures; those of the matches are added to it.
    """
    context, marks = SentenceContext(year), _build_mark_pattern().finditer(sentence)
    mark = next(marks, None)
    for match in matches:
        while mark is not None and mark.start() < match.start:
            context.apply_mark(mark)
            mark = next(marks, None)
        if match.base_year and year and match.base_year != year - 1:
            yield "other_year"
        else:
            yield context.find_scope(match.row, match.row in rows_read)
        rows_read.add(match.row)
