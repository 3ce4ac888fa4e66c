"""How well and how fast wrong cells are found: `python benchmarks/editing.py [trials] > docs/editing.md`.

Seeded slips in four real tables of applications (三门峡 2019, 宿迁 2023 and 2024, 淮安 2024), of kinds that the editing
knows and of others; times beside a solver (HiGHS by scipy.optimize.milp), in one run.
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
LARGEST = 10_000  # no number of these tables is larger
OUTCOMES = ("right", "wrong", "unsure", "unseen")
NAMES = {
    "mistyped": "一位数字打错 one digit wrong",
    "confused": "形近数字认错 a digit read for one like it",
    "digit_lost": "漏一位数字 a digit left out",
    "blanked": "一格漏印 a cell left blank",
    "swapped": "左右两格互换 neighbours in a row exchanged",
    "swapped_down": "上下两格互换 neighbours in a column exchanged",
    "slid": "整行错位 a row that slid",
    "two_cells": "两格各有差错 two wrong cells",
    "author": "作者另写一数 another number",
    "recomputed": "改数后部分合计重算 totals made to fit",
    "merged": "两格并成一格 two cells in one",
    "exchanged": "任意两格或两行互换 any two cells or rows exchanged",
    "copied": "抄了上一行 the row above copied",
    "many": "二至五格有差错 two to five wrong cells",
}


def simulate(slips: Mapping[str, Callable[[Random, Printed], Cells]], trials: int) -> tuple[list[str], Counter[str]]:
    """A line for each kind of slip, and the number of certified changes by whether they are right."""
    lines, certified = [], Counter[str]()
    for kind, make in slips.items():
        random, found = Random(kind), Counter[str]()
        for _ in range(trials):
            table = random.choice(tables())
            what, sure = outcome(table, changed(random, table, make))
            found[what] += 1
            certified += sure
        shares = " | ".join(f"{100 * found[o] / trials:.1f} %" for o in OUTCOMES)
        lines.append(f"| {NAMES[kind]} | {shares} |")
    return lines, certified


def whole_numbers(cells: Cells) -> dict[str, int | None]:
    """The cells as a solver takes them."""
    return {c: None if v is None else int(v) for c, v in cells.items()}


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that it took."""
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def speed(trials: int) -> list[str]:
    """Median times of localising and explaining one and two wrong cells, beside the solver's."""
    lines = []
    for name, make in (("one", INSIDE["mistyped"]), ("two", two_cells)):
        random = Random(name)
        ours, whole, solver = [], [], []
        for number in range(trials):
            table = random.choice(tables())
            values, edits = record(table, make(random, table)), form_edit_set(table.form)
            part = next(p for p in edits.components if len(p.variables) > 100)
            context = RecordContext(table.rows, table.columns)
            ours.append(timed(lambda p=part, v=values: localise(p, v)))  # type: ignore[misc]
            whole.append(timed(lambda p=part, v=values, c=context: explain(p, v, c)))  # type: ignore[misc]
            if number % 10 == 0:
                numbers = whole_numbers(values)
                solver.append(timed(lambda p=part, v=numbers: lightest(p, v, {}, LARGEST)))  # type: ignore[misc]
        a, b, c = (median(x) for x in (ours, whole, solver))
        lines.append(f"| {name} | {a:.2f} ms | {b:.2f} ms | {c:.1f} ms | {c / a:.0f} |")
    return lines


def screening(reports: int) -> float:
    """Microseconds a report to screen so many consistent ones."""
    table = next(t for t in tables() if t.form == "2021")
    form = forms()["2021"]
    values = {**dict.fromkeys(form.addresses(), Decimal(0)), **table.truth}
    line = np.array([int(values[a]) * 10**6 for a in form.addresses()], np.int64)
    factors = np.arange(1, reports + 1, dtype=np.int64) % 50
    columns = np.outer(line, factors)  # multiples of a consistent report are consistent
    times = [timed(lambda: screen_matrix(columns, form)) for _ in range(3)]
    assert not screen_matrix(columns, form).any()
    return 1000 * median(times) / reports


def main(trials: int) -> None:
    """Print the page."""
    inside, sure_inside = simulate(INSIDE, trials)
    outside, sure_outside = simulate(OUTSIDE, trials)
    certified = sure_inside + sure_outside
    head = "| | 正确 right | 错误 wrong | 存疑 unsure | 未发现 not seen |\n|---|---|---|---|---|"
    print("# 校验与定位 Editing\n")
    print("Made by `uv run python benchmarks/editing.py > docs/editing.md`; slips are seeded, times are medians of one")
    print("run.\n")
    print(f"Four real tables of applications, {trials:,} trials a line. *Right*: the first explanation gives all true")
    print(
        "numbers and leads by 10 to 1 (or the blank is derived); *wrong*: it leads but is not true; *unsure*: nothing"
    )
    print("leads, so the alternatives are listed; *not seen*: all identities still hold.\n")
    print("Slips that the editing knows:\n\n" + "\n".join([head, *inside]) + "\n")
    print("Slips that it does not:\n\n" + "\n".join([head, *outside]) + "\n")
    print(f"Certified changes: {certified['true']:,} true, {certified['false']:,} false,")
    print(f"in {trials * (len(INSIDE) + len(OUTSIDE)):,} trials.\n")
    print("| wrong cells | localise | with explanations | scipy.optimize.milp | ratio |\n|---|---|---|---|---|")
    print("\n".join(speed(max(20, trials // 10))))
    print("\nThe solver gives one optimum; `localise` gives all.\n")
    print(f"Screening 1,000,000 consistent reports (form 2021): {screening(1_000_000):.2f} µs a report on one core.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TRIALS)
