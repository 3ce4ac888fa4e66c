"""Index a form's printed labels: look up which rows, columns or header groups a printed text may name.

A text matches a label exactly after folding. A misspelt text matches the label that it resembles most, if it resembles
every other label clearly less. The labels come from the form and from `labels.csv`, which lists further spellings.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from pipeline.core.form import Form, Table, forms
from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE
from pipeline.core.text import cached_by_text, fold, spellings

LabelCode = tuple[str, str]  # (table, row or column code)
CodesBySpelling = Mapping[str, tuple[LabelCode, ...]]  # the keys are folded texts
# Percent of equal characters: how similar a misspelt text must be to a label, and its lead over the next label.
MIN_SIMILARITY_PERCENT, MIN_LEAD_PERCENT = 86.0, 6.0
MIN_FUZZY_CHARS = 5  # a shorter folded text must match exactly
# Characters of the group label 三、本年度办理结果, printed from top to bottom, that ran into the label next to it.
_STRAY_GROUP = re.compile(r"[三、本年度办理结果]{1,4}(?=\d[.．、])")
# Words that turn the meaning of a label: a text with others than a label means something else, however similar it is.
_TURNING_WORDS = re.compile("本年|上年|上一年|去年|下年|下一年|次年|其中|不|未|非|无|免")


@dataclass(frozen=True)
class Match:
    """The codes that a text may name, and the confidence of the match (1 for the exact label).

    `is_opposite` is true for a text without codes that contradicts the form: it resembles a label, but turns its
    meaning (上年 for 本年), or it is the head of a column that only another form has (本年新公开数量).
    """

    codes: tuple[LabelCode, ...]
    confidence: float
    is_opposite: bool = False


NO_MATCH = Match((), 0.0)


class LabelIndex:
    """Look-up of one form's labels.

    `find_row`, `find_group` and `find_column` map a printed text to a Match. A group is a row of a flat table, whose
    label is printed in the table's header. Answers for short texts are cached.
    """

    def __init__(self, form: Form) -> None:
        """Index the labels of a form. Raises ProjectFault for an invalid line of `labels.csv`."""
        self._rows = _index_labels((t, t.rows) for t in form.printed_tables if t.layout == "rows")
        self._groups = _index_labels((t, t.rows) for t in form.printed_tables if t.layout == "flat")
        self._columns = _index_labels((t, t.columns) for t in form.printed_tables)
        _add_spellings(form, {"row": self._rows, "group": self._groups, "column": self._columns})
        self.find_row = _cached_search(self._rows)
        self.find_group = _cached_search(self._groups)
        self.find_column = _cached_search(self._columns, _list_foreign_columns(form))

    @property
    def all_spellings(self) -> frozenset[str]:
        """Every folded spelling of the form's labels. A document is on the form whose spellings it contains most."""
        return frozenset(self._rows) | frozenset(self._groups) | frozenset(self._columns)


@cache
def get_label_index(form_code: str) -> LabelIndex:
    """Return the label index of a form, built once per process."""
    return LabelIndex(forms()[form_code])


def _cached_search(labels: CodesBySpelling, foreign: frozenset[str] = frozenset()) -> Callable[[str], Match]:
    """Return a search of `labels` that caches its answers for short texts; `foreign` labels contradict the form."""

    def search(text: str) -> Match:
        match = _search(labels, text)
        if match is NO_MATCH and foreign and not foreign.isdisjoint(spellings(text)):
            return Match((), 0.0, is_opposite=True)
        return match

    return cached_by_text(search)


def _list_foreign_columns(form: Form) -> frozenset[str]:
    """Return the spellings of the columns that other forms have in the tables that this form has too.

    Such a head has a meaning of its own: the numbers below it are none of this form, although they may be as many.
    """
    columns = (
        column.zh
        for other in forms().values()
        for table in other.printed_tables
        if other is not form and table.code in form.tables
        for column in table.columns.values()
    )
    return frozenset(s for label in columns for s in spellings(label) if len(s) >= MIN_FUZZY_CHARS)


def _search(labels: CodesBySpelling, text: str) -> Match:
    """Return the codes of the label equal to the text, else of the one label that the text clearly resembles."""
    for spelling in spellings(text):
        if spelling in labels:
            return Match(labels[spelling], 1.0)
    if stray := _STRAY_GROUP.match(text):
        return _search(labels, text[stray.end() :])
    folded = fold(text)
    if len(folded) < MIN_FUZZY_CHARS:
        return NO_MATCH
    cutoff = MIN_SIMILARITY_PERCENT - MIN_LEAD_PERCENT
    best = process.extract(folded, labels.keys(), scorer=fuzz.ratio, score_cutoff=cutoff, limit=2)
    if not best or best[0][1] < MIN_SIMILARITY_PERCENT or (len(best) > 1 and _is_ambiguous(labels, best)):
        return NO_MATCH
    if _turns(folded) != _turns(best[0][0]):
        return Match((), 0.0, is_opposite=True)
    return Match(labels[best[0][0]], best[0][1] / 100)


def has_turning_word(text: str) -> bool:
    """Return whether a text has a word that turns the meaning of a label, such as 上年 or 不."""
    return bool(_TURNING_WORDS.search(text))


def _turns(folded: str) -> list[str]:
    """Return the words of a text that turn its meaning, sorted; 上一年 is 上年."""
    return sorted(word.replace("一", "").replace("去", "上") for word in _TURNING_WORDS.findall(folded))


def _is_ambiguous(labels: CodesBySpelling, best: list[tuple[str, float, int]]) -> bool:
    """Return whether the two best labels are similarly close to the text and name different codes."""
    return best[0][1] - best[1][1] < MIN_LEAD_PERCENT and labels[best[0][0]] != labels[best[1][0]]


def _index_labels(tables: Iterable[tuple[Table, Mapping[str, object]]]) -> dict[str, tuple[LabelCode, ...]]:
    """Map each folded spelling to the codes that it names; each table comes with its rows or its columns."""
    codes_by_spelling: dict[str, dict[LabelCode, None]] = defaultdict(dict)
    for table, axis in tables:
        for code in axis:
            label = (table.rows if axis is table.rows else table.columns)[code]
            for spelling in spellings(label.zh):
                codes_by_spelling[spelling][(table.code, code)] = None
    return {spelling: tuple(codes) for spelling, codes in codes_by_spelling.items()}


def _add_spellings(form: Form, axes: Mapping[str, dict[str, tuple[LabelCode, ...]]]) -> None:
    """Add the form's lines of `labels.csv` (form, table, axis, code, spelling) to `axes`.

    Raises ProjectFault for an unknown form, axis, table or code.
    """
    with (REFERENCE / "labels.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    for line in lines:
        if line["form"] not in forms() or line["axis"] not in axes:
            raise ProjectFault("labels.axis", form=line["form"], axis=line["axis"])
        if line["form"] == form.code or (line["form"] == form.extends and _has_code(form, line)):
            _add_spelling(form, line, axes[line["axis"]])


def _add_spelling(form: Form, line: Mapping[str, str], axis: dict[str, tuple[LabelCode, ...]]) -> None:
    """Add one line of `labels.csv` to the labels of its axis. Raises ProjectFault for an unknown table or code."""
    if not _has_code(form, line):
        raise ProjectFault("labels.place", form=form.code, axis=line["axis"], place=f"{line['table']}/{line['code']}")
    folded = fold(line["spelling"])
    axis[folded] = (*axis.get(folded, ()), (line["table"], line["code"]))


def _has_code(form: Form, line: Mapping[str, str]) -> bool:
    """Return whether the form has the row, group or column that a line of `labels.csv` names."""
    table = form.tables.get(line["table"])
    return table is not None and line["code"] in (table.columns if line["axis"] == "column" else table.rows)
