"""Slips put into real tables of applications: what the editing must find, and what it must not be sure of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from random import Random

from pipeline.core.form import forms
from pipeline.edit.derive import derive
from pipeline.edit.explain import explain
from pipeline.edit.hypotheses import RecordContext
from pipeline.edit.mechanism import CONFUSED_DIGITS
from pipeline.edit.review import form_edit_set
from pipeline.report import read_report
from support.project import ROOT

REPORTS = ("2019/411200.html", "2023/321300.html", "2024/321300.html", "2024/320800.html")
TABLE = "applications"
Cells = dict[str, Decimal | None]


@dataclass(frozen=True)
class Printed:
    """The true cells of a real table of applications, by row and column."""

    form: str
    rows: tuple[tuple[str, ...], ...]
    truth: Mapping[str, Decimal]

    @property
    def columns(self) -> tuple[tuple[str, ...], ...]:
        return tuple(zip(*self.rows, strict=True))


@cache
def tables() -> tuple[Printed, ...]:
    """The four real tables; a cell that is printed blank counts as the 0 that follows from the others."""
    return tuple(_printed(path) for path in REPORTS)


def _printed(path: str) -> Printed:
    taken = read_report(ROOT / "data" / "raw" / path)
    table = forms()[taken.form].tables[TABLE]
    rows = tuple(tuple(f"{TABLE}/{r}/{c}" for c in table.columns) for r in table.rows)
    values = {c.address: c.value or Decimal(0) for c in taken.cells if c.table == TABLE}
    return Printed(taken.form, rows, values)


def digits(value: Decimal) -> str:
    return f"{value:f}"


def mistyped(random: Random, value: Decimal) -> Decimal | None:
    text = digits(value)
    i = random.randrange(len(text))
    digit = random.choice([d for d in "0123456789" if d != text[i]])
    return Decimal(text[:i] + digit + text[i + 1 :])


def confused(random: Random, value: Decimal) -> Decimal | None:
    text = digits(value)
    choices = [(i, b) for i, a in enumerate(text) for pair in CONFUSED_DIGITS if a in pair for b in pair - {a}]
    if not choices:
        return None
    i, digit = random.choice(sorted(choices))
    return Decimal(text[:i] + digit + text[i + 1 :])


def digit_lost(random: Random, value: Decimal) -> Decimal | None:
    text = digits(value)
    if len(text) < 2:
        return None
    i = random.randrange(len(text))
    return Decimal(text[:i] + text[i + 1 :])


def author(random: Random, value: Decimal) -> Decimal | None:
    """Another number of about that size, as one who counted wrongly writes."""
    return Decimal(random.randrange(int(value) * 2 + 20))


Slip = Callable[[Random, Decimal], Decimal | None]


def one_cell(slip: Slip) -> Callable[[Random, Printed], Cells]:
    return lambda random, table: several(random, table, (slip,))


def several(random: Random, table: Printed, slips: tuple[Slip, ...]) -> Cells:
    """Each slip on another cell."""
    cells: Cells = dict(table.truth)
    chosen: set[str] = set()
    for slip in slips:
        while True:
            cell = random.choice(sorted(cells))
            value = None if cell in chosen else slip(random, table.truth[cell])
            if value is not None and value != table.truth[cell]:
                break
        chosen.add(cell)
        cells[cell] = value
    return cells


def blanked(random: Random, table: Printed) -> Cells:
    return {**table.truth, random.choice(sorted(table.truth)): None}


def swapped(random: Random, table: Printed) -> Cells:
    """Two different neighbours of a row exchanged."""
    return _swapped(random, table, table.rows)


def swapped_down(random: Random, table: Printed) -> Cells:
    """Two different neighbours of a column exchanged."""
    return _swapped(random, table, table.columns)


def _swapped(random: Random, table: Printed, lines: tuple[tuple[str, ...], ...]) -> Cells:
    while True:
        line = random.choice(lines)
        i = random.randrange(len(line) - 1)
        a, b = line[i], line[i + 1]
        if table.truth[a] != table.truth[b]:
            return {**table.truth, a: table.truth[b], b: table.truth[a]}


def slid(random: Random, table: Printed) -> Cells:
    """A row that lost a cell, or gained an empty one, and slid along."""
    while True:
        row = random.choice(table.rows)
        values: list[Decimal | None] = [table.truth[c] for c in row]
        k = random.randrange(len(row))
        moved = [*values[:k], *values[k + 1 :], None] if random.random() < 0.5 else [*values[:k], None, *values[k:-1]]
        changed = sum(a != b and b is not None for a, b in zip(values, moved, strict=True))
        if changed:
            return {**table.truth, **dict(zip(row, moved, strict=True))}


def two_cells(random: Random, table: Printed) -> Cells:
    return several(random, table, (random.choice([mistyped, confused, digit_lost]), mistyped))


def recomputed(random: Random, table: Printed) -> Cells:
    """A wrong cell, with its row total, or column total, or both, or the grand total too, made to fit it."""
    cells = several(random, table, (author,))
    (cell,) = [c for c in cells if cells[c] != table.truth[c]]
    name, row, column = cell.split("/")
    step = (cells[cell] or Decimal(0)) - table.truth[cell]
    others = [f"{row}/total", f"handled/{column}", "handled/total", f"carried_out/{column}"]
    chosen = [f"{name}/{c}" for c in others if f"{name}/{c}" != cell]
    for other in random.sample(chosen, random.randint(1, len(chosen))):
        cells[other] = table.truth[other] + step
    return cells


def merged(random: Random, table: Printed) -> Cells:
    """Two neighbours printed in one cell, the other left empty: their digits together, or their sum."""
    row = random.choice(table.rows)
    i = random.randrange(len(row) - 1)
    a, b = table.truth[row[i]], table.truth[row[i + 1]]
    both = a + b if random.random() < 0.5 else Decimal(digits(a) + digits(b))
    return {**table.truth, row[i]: both, row[i + 1]: random.choice([None, Decimal(0)])}


def exchanged(random: Random, table: Printed) -> Cells:
    """Any two cells, or two rows, exchanged."""
    if random.random() < 0.3:
        first, second = random.sample(table.rows, 2)
    else:
        pair = random.sample(sorted(table.truth), 2)
        first, second = (pair[0],), (pair[1],)
    pairs = [*zip(first, second, strict=True), *zip(second, first, strict=True)]
    return {**table.truth, **{a: table.truth[b] for a, b in pairs}}


def copied(random: Random, table: Printed) -> Cells:
    """Part of a row copied over the row below."""
    i = random.randrange(len(table.rows) - 1)
    start = random.randrange(len(table.columns))
    stop = random.randint(start + 1, len(table.columns))
    pairs = zip(table.rows[i][start:stop], table.rows[i + 1][start:stop], strict=True)
    return {**table.truth, **{below: table.truth[above] for above, below in pairs}}


def many(random: Random, table: Printed) -> Cells:
    return several(random, table, tuple(random.choice([author, mistyped]) for _ in range(random.randint(2, 5))))


INSIDE: Mapping[str, Callable[[Random, Printed], Cells]] = {
    "mistyped": one_cell(mistyped),
    "confused": one_cell(confused),
    "digit_lost": one_cell(digit_lost),
    "blanked": blanked,
    "swapped": swapped,
    "swapped_down": swapped_down,
    "slid": slid,
    "two_cells": two_cells,
}
OUTSIDE: Mapping[str, Callable[[Random, Printed], Cells]] = {
    "author": one_cell(author),
    "recomputed": recomputed,
    "merged": merged,
    "exchanged": exchanged,
    "copied": copied,
    "many": many,
}


def changed(random: Random, table: Printed, make: Callable[[Random, Printed], Cells]) -> Cells:
    """The table after a slip that changes something."""
    while True:
        cells = make(random, table)
        if cells != table.truth:
            return cells


def record(table: Printed, cells: Cells) -> Cells:
    """The cells as a whole report's: other tables hold 0, and its prose gives no figures."""
    others = (v for v in form_edit_set(table.form).variables if not v.startswith("narrative/"))
    return {**dict.fromkeys(others, Decimal(0)), **cells}


def outcome(table: Printed, cells: Cells) -> tuple[str, Counter[str]]:
    """What the editing makes of it (right, wrong, unsure, unseen), and how many certified changes are true or false."""
    values = record(table, cells)
    part = next(p for p in form_edit_set(table.form).components if len(p.variables) > len(table.truth) // 2)
    found = explain(part, values, RecordContext(table.rows, table.columns))
    wrong = {c for c, v in cells.items() if v != table.truth[c]}
    if not found:
        derived = derive(part, values).values
        seen = bool(wrong) and all(derived.get(c) == table.truth[c] for c in wrong)
        return "right" if seen else "unseen", Counter()
    (explanation,) = found
    if not explanation.hypotheses:
        return "unsure", Counter()
    changes = {c.variable: c.implied_value for c in explanation.hypotheses[0].changes}
    # A blank that is left follows once the rest is right.
    right = all(changes.get(c, table.truth[c] if cells[c] is None else cells[c]) == table.truth[c] for c in cells)
    sure = Counter("true" if table.truth[c] == v else "false" for c, v in changes.items())
    leads = explanation.level != "unresolved"
    certified = sure if explanation.level == "certified" else Counter[str]()
    return ("right" if right else "wrong") if leads else "unsure", certified
