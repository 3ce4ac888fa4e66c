"""The index of a form's printed labels: a folded text to the rows, columns or header groups it may name."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from pipeline.core.form import Form, Table, forms
from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE
from pipeline.core.text import fold, remembered, spellings

Place = tuple[str, str]  # (table, code)
# A misspelt label counts if it is this near one label and clearly nearer than to any other (percent of characters).
NEAR, MARGIN, SHORTEST = 86.0, 6.0, 5


@dataclass(frozen=True)
class Match:
    """What a text names, and how sure that is (1 for the very label)."""

    places: tuple[Place, ...]
    confidence: float


NONE = Match((), 0.0)


class LabelIndex:
    """Look-up of one form's labels: what a text may name as a `row`, as a `group` (a row of a flat table, printed in
    its header) or as a `column`. Built once; each text is searched for once.
    """

    def __init__(self, form: Form) -> None:
        self._rows = _spelled((t, t.rows) for t in form.printed if t.layout == "rows")
        self._groups = _spelled((t, t.rows) for t in form.printed if t.layout == "flat")
        self._columns = _spelled((t, t.columns) for t in form.printed)
        _add_spellings(form, {"row": self._rows, "group": self._groups, "column": self._columns})
        self.row = _remembered(self._rows)
        self.group = _remembered(self._groups)
        self.column = _remembered(self._columns)

    @property
    def known(self) -> frozenset[str]:
        """Every folded spelling; how many of them a document has tells its form."""
        return frozenset(self._rows) | frozenset(self._groups) | frozenset(self._columns)


@cache
def index_of(form: str) -> LabelIndex:
    """The label index of a form."""
    return LabelIndex(forms()[form])


def _remembered(labels: Mapping[str, tuple[Place, ...]]) -> Callable[[str], Match]:
    return remembered(lambda text: _search(labels, text))


def _search(labels: Mapping[str, tuple[Place, ...]], text: str) -> Match:
    for spelling in spellings(text):
        if spelling in labels:
            return Match(labels[spelling], 1.0)
    folded = fold(text)
    if len(folded) < SHORTEST:
        return NONE
    best = process.extract(folded, labels.keys(), scorer=fuzz.ratio, score_cutoff=NEAR - MARGIN, limit=2)
    if not best or best[0][1] < NEAR or (len(best) > 1 and _rivals(labels, best)):
        return NONE
    return Match(labels[best[0][0]], best[0][1] / 100)


def _rivals(labels: Mapping[str, tuple[Place, ...]], best: list[tuple[str, float, int]]) -> bool:
    return best[0][1] - best[1][1] < MARGIN and labels[best[0][0]] != labels[best[1][0]]


def _spelled(tables: Iterable[tuple[Table, Mapping[str, object]]]) -> dict[str, tuple[Place, ...]]:
    found: dict[str, dict[Place, None]] = defaultdict(dict)
    for table, codes in tables:
        for code in codes:
            label = table.rows[code] if code in table.rows and codes is table.rows else table.columns[code]
            for spelling in spellings(label.zh):
                found[spelling][(table.code, code)] = None
    return {spelling: tuple(places) for spelling, places in found.items()}


def _add_spellings(form: Form, axes: Mapping[str, dict[str, tuple[Place, ...]]]) -> None:
    """Add the lines of `labels.csv` (form, table, axis, code, spelling). Raises ProjectFault for an unknown code."""
    with (REFERENCE / "labels.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    for line in lines:
        if line["form"] not in forms() or line["axis"] not in axes:
            raise ProjectFault(f"labels.csv: no form {line['form']!r} or no axis {line['axis']!r}")
        if line["form"] == form.code:
            _add_spelling(form, line, axes[line["axis"]])


def _add_spelling(form: Form, line: Mapping[str, str], axis: dict[str, tuple[Place, ...]]) -> None:
    table = form.tables.get(line["table"])
    codes = {} if table is None else table.columns if line["axis"] == "column" else table.rows
    if line["code"] not in codes:
        raise ProjectFault(f"labels.csv: {form.code} has no {line['axis']} {line['table']}/{line['code']}")
    folded = fold(line["spelling"])
    axis[folded] = (*axis.get(folded, ()), (line["table"], line["code"]))
