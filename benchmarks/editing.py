"""Measure how often and how fast the editing locates wrong cells.

`uv run --group dev python benchmarks/editing.py [TRIALS] > docs/measured/editing.md` puts seeded slips into
four real tables of applications (三门峡 2019, 宿迁 2023 and 2024, 淮安 2024): slips that the editing models, and
others. It compares the times with those of a solver (HiGHS, called by scipy.optimize.milp) in the same run.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from random import Random
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from support.oracle import lightest
from support.slips import INSIDE, OUTSIDE, Cells, Printed, changed, outcome, record, tables, two_cells

from pipeline.core.form import forms
from pipeline.edit.explain import explain
from pipeline.edit.hypotheses import RecordContext
from pipeline.edit.localise import localise
from pipeline.edit.review import form_edit_set
from pipeline.edit.statutory import screen_matrix

TRIALS = 2000
MIN_TIMED_TRIALS = 20
TRIALS_PER_SOLVER_CALL = 10  # the solver takes some 70 times as long as `localise`
SOLVER_BOUND = 10_000  # larger than any number of these tables
SCREENED_REPORTS = 1_000_000
OUTCOMES = ("right", "wrong", "unsure", "unseen")
SLIP_NAMES = {
    "mistyped": "一位数字打错 one digit wrong",
    "confused": "形近数字认错 a digit read as a similar one",
    "digit_lost": "漏一位数字 a digit left out",
    "blanked": "一格漏印 a cell left blank",
    "swapped": "左右两格互换 neighbours in a row exchanged",
    "swapped_down": "上下两格互换 neighbours in a column exchanged",
    "slid": "整行错位 a row shifted",
    "two_cells": "两格各有差错 two wrong cells",
    "author": "作者另写一数 another number",
    "recomputed": "改数后部分合计重算 some totals recomputed from a wrong cell",
    "merged": "两格并成一格 two cells in one",
    "exchanged": "任意两格或两行互换 any two cells or rows exchanged",
    "copied": "抄了上一行 the row above copied",
    "many": "二至五格有差错 two to five wrong cells",
}
HEAD = """# 校验与定位 Editing

Written by `uv run --group dev python benchmarks/editing.py > docs/measured/editing.md`. The slips have
fixed random seeds. Times are medians of one run.

The script puts slips into four real tables of applications, {trials:,} trials per row:

- *right*: the first explanation gives all true numbers and is at least ten times as likely as the next one (it
  *leads*), or the blank is derived.
- *wrong*: the first explanation leads, but is not true.
- *unsure*: no explanation leads, and ogi lists the alternatives.
- *not detected*: all identities still hold.
"""
OUTCOME_HEAD = "| | 正确 right | 错误 wrong | 存疑 unsure | 未发现 not detected |\n|---|---|---|---|---|"
SPEED_HEAD = "| wrong cells | localise | with explanations | scipy.optimize.milp | ratio |\n|---|---|---|---|---|"

MakeSlip = Callable[[Random, Printed], Cells]


def try_slips(slips: Mapping[str, MakeSlip], trials: int) -> tuple[list[str], Counter[str]]:
    """Return one table row per kind of slip, and the numbers of certified changes: `true` and `false` ones."""
    rows, certified = [], Counter[str]()
    for kind, make_slip in slips.items():
        random, outcomes = Random(kind), Counter[str]()
        for _ in range(trials):
            table = random.choice(tables())
            result, certified_changes = outcome(table, changed(random, table, make_slip))
            outcomes[result] += 1
            certified += certified_changes
        shares = " | ".join(f"{100 * outcomes[o] / trials:.1f} %" for o in OUTCOMES)
        rows.append(f"| {SLIP_NAMES[kind]} | {shares} |")
    return rows, certified


def to_integers(cells: Cells) -> dict[str, int | None]:
    """Return the cells as integers for the solver; a blank stays None."""
    return {address: None if value is None else int(value) for address, value in cells.items()}


def milliseconds(work: Callable[[], object]) -> float:
    """Return the wall time of the work in milliseconds."""
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def measure_speed(trials: int) -> list[str]:
    """Return two table rows: median times to localise and explain one and two wrong cells, and the solver's times."""
    rows = []
    for name, make_slip in (("one", INSIDE["mistyped"]), ("two", two_cells)):
        random = Random(name)
        localise_ms, explain_ms, solver_ms = [], [], []
        for number in range(trials):
            table = random.choice(tables())
            values, edits = record(table, make_slip(random, table)), form_edit_set(table.form)
            part = next(p for p in edits.components if len(p.variables) > 100)  # the applications table
            context = RecordContext(table.rows, table.columns)
            localise_ms.append(milliseconds(lambda p=part, v=values: localise(p, v)))  # type: ignore[misc]
            explain_ms.append(milliseconds(lambda p=part, v=values, c=context: explain(p, v, c)))  # type: ignore[misc]
            if number % TRIALS_PER_SOLVER_CALL == 0:
                integers = to_integers(values)
                solver_ms.append(milliseconds(lambda p=part, v=integers: lightest(p, v, {}, SOLVER_BOUND)))  # type: ignore[misc]
        ours, explained, solver = (median(times) for times in (localise_ms, explain_ms, solver_ms))
        rows.append(f"| {name} | {ours:.2f} ms | {explained:.2f} ms | {solver:.1f} ms | {solver / ours:.0f} |")
    return rows


def measure_screening(reports: int) -> float:
    """Return the microseconds per report to screen this many consistent reports on form 2021."""
    table = next(t for t in tables() if t.form == "2021")
    form = forms()["2021"]
    values = {**dict.fromkeys(form.addresses(), Decimal(0)), **table.truth}
    report = np.array([int(values[a]) * 10**6 for a in form.addresses()], np.int64)
    factors = np.arange(1, reports + 1, dtype=np.int64) % 50
    matrix = np.outer(report, factors)  # a multiple of a consistent report is consistent
    times = [milliseconds(lambda: screen_matrix(matrix, form)) for _ in range(3)]
    assert not screen_matrix(matrix, form).any()
    return 1000 * median(times) / reports


def main(trials: int) -> None:
    """Print the page."""
    modelled_rows, modelled_changes = try_slips(INSIDE, trials)
    other_rows, other_changes = try_slips(OUTSIDE, trials)
    certified = modelled_changes + other_changes
    print(HEAD.format(trials=trials))
    print("Slips that the editing models:\n\n" + "\n".join([OUTCOME_HEAD, *modelled_rows]) + "\n")
    print("Other slips:\n\n" + "\n".join([OUTCOME_HEAD, *other_rows]) + "\n")
    print("Certified changes (odds of at least 100 to 1, and each change alone meets every identity of its cell):")
    print(f"{certified['true']:,} true, {certified['false']:,} false,")
    print(f"in {trials * (len(INSIDE) + len(OUTSIDE)):,} trials.\n")
    print(SPEED_HEAD)
    print("\n".join(measure_speed(max(MIN_TIMED_TRIALS, trials // 10))))
    print("\nThe solver returns one optimum; `localise` returns all.\n")
    microseconds = measure_screening(SCREENED_REPORTS)
    print(
        f"Screening {SCREENED_REPORTS:,} consistent reports (form 2021): {microseconds:.2f} µs per report on one core."
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TRIALS)
