"""Put slips into real tables of applications, and judge what the editing makes of them.

The editing must find the slips of INSIDE and list the truth for those of LISTED. It must not certify a wrong change for
any slip.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from random import Random

from pipeline.core.form import forms
from pipeline.edit.derive import derive
from pipeline.edit.explain import explain
from pipeline.edit.hypotheses import Hypothesis, RecordContext
from pipeline.edit.mechanism import CONFUSED_DIGITS
from pipeline.edit.review import form_edit_set
from pipeline.report import read_report
from support.project import ROOT

REPORTS = ("2019/411200.html", "2023/321300.html", "2024/321300.html", "2024/320800.html")
TABLE = "applications"
Cells = dict[str, Decimal | None]


@dataclass(frozen=True)
class Printed:
    """The cells of a real table of applications: addresses by row, and the true value of each cell."""

    form: str
    rows: tuple[tuple[str, ...], ...]
    truth: Mapping[str, Decimal]

    @property
    def columns(self) -> tuple[tuple[str, ...], ...]:
        """The addresses by column."""
        return tuple(zip(*self.rows, strict=True))


@cache
def tables() -> tuple[Printed, ...]:
    """Return the four real tables. A blank cell counts as 0, the value that follows from the other cells."""
    return tuple(_read_table(path) for path in REPORTS)


def _read_table(path: str) -> Printed:
    """Read the table of applications of a shipped report."""
    report = read_report(ROOT / "data" / "raw" / path)
    table = forms()[report.form].tables[TABLE]
    rows = tuple(tuple(f"{TABLE}/{r}/{c}" for c in table.columns) for r in table.rows)
    values = {c.address: c.value or Decimal(0) for c in report.cells if c.table == TABLE}
    return Printed(report.form, rows, values)


def digits_of(value: Decimal) -> str:
    """Return a number as a plain text of digits."""
    return f"{value:f}"


def mistype_digit(random: Random, value: Decimal) -> Decimal | None:
    """Replace one digit by any other."""
    text = digits_of(value)
    i = random.randrange(len(text))
    digit = random.choice([d for d in "0123456789" if d != text[i]])
    return Decimal(text[:i] + digit + text[i + 1 :])


def confuse_digit(random: Random, value: Decimal) -> Decimal | None:
    """Replace one digit by a similar one. Return None if no digit has a similar one."""
    text = digits_of(value)
    choices = [(i, b) for i, a in enumerate(text) for pair in CONFUSED_DIGITS if a in pair for b in pair - {a}]
    if not choices:
        return None
    i, digit = random.choice(sorted(choices))
    return Decimal(text[:i] + digit + text[i + 1 :])


def drop_digit(random: Random, value: Decimal) -> Decimal | None:
    """Leave out one digit. Return None for a number of one digit."""
    text = digits_of(value)
    if len(text) < 2:
        return None
    i = random.randrange(len(text))
    return Decimal(text[:i] + text[i + 1 :])


def replace_number(random: Random, value: Decimal) -> Decimal | None:
    """Return another number of about that size, as after a wrong count."""
    return Decimal(random.randrange(int(value) * 2 + 20))


# A change of one number; None if the number does not allow it.
Slip = Callable[[Random, Decimal], Decimal | None]


def one_cell(slip: Slip) -> Callable[[Random, Printed], Cells]:
    """Return a function that applies a slip to one cell of a table."""
    return lambda random, table: apply_slips(random, table, (slip,))


def apply_slips(random: Random, table: Printed, slips: tuple[Slip, ...]) -> Cells:
    """Apply each slip to another random cell; return all cells."""
    cells: Cells = dict(table.truth)
    changed_cells: set[str] = set()
    for slip in slips:
        while True:
            cell = random.choice(sorted(cells))
            value = None if cell in changed_cells else slip(random, table.truth[cell])
            if value is not None and value != table.truth[cell]:
                break
        changed_cells.add(cell)
        cells[cell] = value
    return cells


def blank_cell(random: Random, table: Printed) -> Cells:
    """Blank one cell."""
    return {**table.truth, random.choice(sorted(table.truth)): None}


def swap_row_neighbours(random: Random, table: Printed) -> Cells:
    """Exchange two unequal neighbours in a row."""
    return _swap_neighbours(random, table, table.rows)


def swap_column_neighbours(random: Random, table: Printed) -> Cells:
    """Exchange two unequal neighbours in a column."""
    return _swap_neighbours(random, table, table.columns)


def _swap_neighbours(random: Random, table: Printed, lines: tuple[tuple[str, ...], ...]) -> Cells:
    while True:
        line = random.choice(lines)
        i = random.randrange(len(line) - 1)
        a, b = line[i], line[i + 1]
        if table.truth[a] != table.truth[b]:
            return {**table.truth, a: table.truth[b], b: table.truth[a]}


def shift_row(random: Random, table: Printed) -> Cells:
    """Remove a cell of a row, or insert an empty one, so that the following cells move."""
    while True:
        row = random.choice(table.rows)
        values: list[Decimal | None] = [table.truth[c] for c in row]
        k = random.randrange(len(row))
        shifted = [*values[:k], *values[k + 1 :], None] if random.random() < 0.5 else [*values[:k], None, *values[k:-1]]
        changed = sum(a != b and b is not None for a, b in zip(values, shifted, strict=True))
        if changed:
            return {**table.truth, **dict(zip(row, shifted, strict=True))}


def two_cells(random: Random, table: Printed) -> Cells:
    """Apply a slip of a digit to each of two cells."""
    return apply_slips(random, table, (random.choice([mistype_digit, confuse_digit, drop_digit]), mistype_digit))


def change_cell_and_totals(random: Random, table: Printed) -> Cells:
    """Change a cell, and some of the totals above it as if they were computed from the wrong cell."""
    cells = apply_slips(random, table, (replace_number,))
    (cell,) = [c for c in cells if cells[c] != table.truth[c]]
    name, row, column = cell.split("/")
    step = (cells[cell] or Decimal(0)) - table.truth[cell]
    others = [f"{row}/total", f"handled/{column}", "handled/total", f"carried_out/{column}"]
    totals = [f"{name}/{c}" for c in others if f"{name}/{c}" != cell]
    for other in random.sample(totals, random.randint(1, len(totals))):
        is_handled = other == f"{name}/carried_out/{column}" and row not in ("new", "carried_in")
        cells[other] = table.truth[other] + (-step if is_handled else step)
    return cells


def merge_neighbours(random: Random, table: Printed) -> Cells:
    """Print two neighbours in one cell, as joined digits or as their sum, and blank the other or print 0 in it."""
    row = random.choice(table.rows)
    i = random.randrange(len(row) - 1)
    a, b = table.truth[row[i]], table.truth[row[i + 1]]
    both = a + b if random.random() < 0.5 else Decimal(digits_of(a) + digits_of(b))
    return {**table.truth, row[i]: both, row[i + 1]: random.choice([None, Decimal(0)])}


def exchange_cells(random: Random, table: Printed) -> Cells:
    """Exchange two cells, or two rows."""
    if random.random() < 0.3:
        first, second = random.sample(table.rows, 2)
    else:
        pair = random.sample(sorted(table.truth), 2)
        first, second = (pair[0],), (pair[1],)
    pairs = [*zip(first, second, strict=True), *zip(second, first, strict=True)]
    return {**table.truth, **{a: table.truth[b] for a, b in pairs}}


def copy_row_part(random: Random, table: Printed) -> Cells:
    """Copy part of a row over the row below."""
    i = random.randrange(len(table.rows) - 1)
    start = random.randrange(len(table.columns))
    stop = random.randint(start + 1, len(table.columns))
    pairs = zip(table.rows[i][start:stop], table.rows[i + 1][start:stop], strict=True)
    return {**table.truth, **{below: table.truth[above] for above, below in pairs}}


def change_many_cells(random: Random, table: Printed) -> Cells:
    """Change two to five cells."""
    return apply_slips(
        random, table, tuple(random.choice([replace_number, mistype_digit]) for _ in range(random.randint(2, 5)))
    )


def _leaf_changed(random: Random, table: Printed) -> tuple[str, Decimal]:
    """Return a cell that no total is computed in, and another number for it."""
    leaves = [c for c in sorted(table.truth) if c.split("/")[1] != "handled" and c.split("/")[2] != "total"]
    while True:
        cell = random.choice(leaves)
        value = random.choice([replace_number, mistype_digit, drop_digit])(random, table.truth[cell])
        if value is not None and value != table.truth[cell]:
            return cell, value


def totals_above(cell: str) -> list[str]:
    """Return the totals that a workbook computes from a cell: those of its row, of its column, and of both."""
    name, row, column = cell.split("/")
    if row in ("new", "carried_in", "carried_out"):
        return [f"{name}/{row}/total"]
    return [f"{name}/{row}/total", f"{name}/handled/{column}", f"{name}/handled/total"]


def recompute_all(random: Random, table: Printed) -> Cells:
    """Change a cell, and every total computed from it, as live formulas do."""
    cell, value = _leaf_changed(random, table)
    return _recompute(table, cell, value, totals_above(cell))


def recompute_part(random: Random, table: Printed) -> Cells:
    """Change a cell, and some but not all totals computed from it."""
    while True:
        cell, value = _leaf_changed(random, table)
        totals = totals_above(cell)
        if len(totals) > 1:
            return _recompute(table, cell, value, random.sample(totals, random.randint(1, len(totals) - 1)))


def _recompute(table: Printed, cell: str, value: Decimal, totals: Sequence[str]) -> Cells:
    step = value - table.truth[cell]
    return {**table.truth, cell: value, **{t: table.truth[t] + step for t in totals}}


def recompute_two(random: Random, table: Printed) -> Cells:
    """Change two cells, and every total computed from them."""
    first, second = recompute_all(random, table), recompute_all(random, table)
    return {c: (first[c] or 0) + (second[c] or 0) - table.truth[c] for c in table.truth}


def leave_total(random: Random, table: Printed) -> Cells:
    """Print another number as a total, as if its parts had changed later."""
    totals = [c for c in sorted(table.truth) if "handled" in c or c.endswith("total")]
    cell = random.choice(totals)
    return {**table.truth, cell: replace_number(random, table.truth[cell])}


def exchange_balance_rows(random: Random, table: Printed) -> Cells:
    """Exchange two of the four rows of the balance."""
    rows = {row[0].split("/")[1]: row for row in table.rows}
    first, second = random.sample(["new", "carried_in", "handled", "carried_out"], 2)
    return _exchange(table, rows[first], rows[second])


def exchange_columns(random: Random, table: Printed) -> Cells:
    """Exchange two columns."""
    return _exchange(table, *random.sample(table.columns, 2))


def _exchange(table: Printed, first: Sequence[str], second: Sequence[str]) -> Cells:
    pairs = [*zip(first, second, strict=True), *zip(second, first, strict=True)]
    return {**table.truth, **{a: table.truth[b] for a, b in pairs}}


def paste_lower(random: Random, table: Printed) -> Cells:
    """Paste part of a column one row lower; the cell above keeps its number, or is blank or 0."""
    column = random.choice(table.columns)
    k = random.randrange(len(column) - 3)
    values = [table.truth[c] for c in column]
    moved = [*values[:k], random.choice([values[k], None, Decimal(0)]), *values[k:-1]]
    return {**table.truth, **dict(zip(column, moved, strict=True))}


def copy_row(random: Random, table: Printed) -> Cells:
    """Copy a row over another."""
    return _copy(table, *random.sample(table.rows, 2))


def copy_column(random: Random, table: Printed) -> Cells:
    """Copy a column over another."""
    return _copy(table, *random.sample(table.columns, 2))


def _copy(table: Printed, source: Sequence[str], target: Sequence[str]) -> Cells:
    return {**table.truth, **{t: table.truth[s] for s, t in zip(source, target, strict=True)}}


def last_year_of(table: Printed) -> dict[str, Decimal]:
    """Return a report of the year before: every number differs by up to a third, and nothing need add up."""
    random = Random(table.form + str(sum(table.truth.values())))
    return {c: Decimal(round(int(v) * random.uniform(0.7, 1.3))) for c, v in sorted(table.truth.items())}


def keep_last_year(random: Random, table: Printed) -> Cells:
    """Leave last year's numbers in a row or a column."""
    line = random.choice([*table.rows, *table.columns])
    before = last_year_of(table)
    return {**table.truth, **{c: before[c] for c in line}}


# Slips that the editing can explain, by name.
INSIDE: Mapping[str, Callable[[Random, Printed], Cells]] = {
    "mistyped": one_cell(mistype_digit),
    "confused": one_cell(confuse_digit),
    "digit_lost": one_cell(drop_digit),
    "blanked": blank_cell,
    "swapped": swap_row_neighbours,
    "swapped_down": swap_column_neighbours,
    "slid": shift_row,
    "two_cells": two_cells,
    "pasted": paste_lower,
    "rows_exchanged": exchange_balance_rows,
    "columns_exchanged": exchange_columns,
}
# Slips that leave several explanations: the true one must be listed.
LISTED: Mapping[str, Callable[[Random, Printed], Cells]] = {
    "all_recomputed": recompute_all,
    "part_recomputed": recompute_part,
    "total_left": leave_total,
    "row_copied": copy_row,
    "column_copied": copy_column,
    "last_year": keep_last_year,
}
# Slips that the editing has no hypothesis for, or no single one, by name.
OUTSIDE: Mapping[str, Callable[[Random, Printed], Cells]] = {
    "author": one_cell(replace_number),
    "two_recomputed": recompute_two,
    "recomputed": change_cell_and_totals,
    "merged": merge_neighbours,
    "exchanged": exchange_cells,
    "copied": copy_row_part,
    "many": change_many_cells,
}
SLIPS = {**INSIDE, **LISTED, **OUTSIDE}


def changed(random: Random, table: Printed, make: Callable[[Random, Printed], Cells]) -> Cells:
    """Return the cells after a slip; repeat it until it changes a cell."""
    while True:
        cells = make(random, table)
        if cells != table.truth:
            return cells


def record(table: Printed, cells: Cells) -> Cells:
    """Return the cells of a complete report: the other tables have 0, and the prose has no figures."""
    others = (v for v in form_edit_set(table.form).variables if not v.startswith("narrative/"))
    return {**dict.fromkeys(others, Decimal(0)), **cells}


@dataclass(frozen=True)
class Outcome:
    """The result of the editing on cells with a slip.

    `verdict` is `right` or `wrong` for an explanation that leads, `unsure` for one that is unresolved, and `unseen` if
    the cells violate no edit and the wrong ones are not derived. `level` is that of the explanation. `rank` is the
    place of the true explanation among `count`, from 0, None if it is not listed. `certified` counts true and false
    certified changes.
    """

    verdict: str
    level: str = ""
    rank: int | None = None
    count: int = 0
    certified: Counter[str] = field(default_factory=Counter)


def outcome(table: Printed, cells: Cells, context: RecordContext | None = None) -> Outcome:
    """Return what the editing makes of these cells; the context is by default the printed lines."""
    values = record(table, cells)
    component = next(p for p in form_edit_set(table.form).components if len(p.variables) > len(table.truth) // 2)
    explanations = explain(component, values, context or RecordContext(table.rows, table.columns))
    wrong_cells = {c for c, v in cells.items() if v != table.truth[c]}
    if not explanations:
        derived = derive(component, values).values
        is_derived = bool(wrong_cells) and all(derived.get(c) == table.truth[c] for c in wrong_cells)
        return Outcome("right" if is_derived else "unseen")
    (explanation,) = explanations
    rank = next((i for i, h in enumerate(explanation.hypotheses) if _is_right(h, table, cells)), None)
    count = len(explanation.hypotheses)
    if explanation.level == "unresolved":
        return Outcome("unsure", explanation.level, rank, count)
    changes = explanation.hypotheses[0].changes
    counts = Counter("true" if table.truth[c.variable] == c.implied_value else "false" for c in changes)
    certified = counts if explanation.level == "certified" else Counter[str]()
    return Outcome("right" if rank == 0 else "wrong", explanation.level, rank, count, certified)


def _is_right(hypothesis: Hypothesis, table: Printed, cells: Cells) -> bool:
    """Return whether all numbers are true after the changes. A remaining blank follows from the other cells."""
    changes = {c.variable: c.implied_value for c in hypothesis.changes}
    return all(changes.get(c, table.truth[c] if cells[c] is None else cells[c]) == table.truth[c] for c in cells)
