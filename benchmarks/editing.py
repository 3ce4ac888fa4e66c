"""Measure how often and how fast the editing locates wrong cells.

`uv run --group dev --with banff python benchmarks/editing.py [TRIALS] > docs/measured/editing.md` puts seeded slips
into four real tables of applications (三门峡 2019, 宿迁 2023 and 2024, 淮安 2024): slips that the editing models, and
others. It compares the times with those of two other programs in the same run: Banff of Statistics Canada, and a solver
(HiGHS, called by scipy.optimize.milp).
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.slips import INSIDE, LISTED, OUTSIDE

from benchmarks.editing_speed import SPEED_HEAD, measure_screening, measure_speed
from benchmarks.editing_trials import LISTED_HEAD, NARROWED_HEAD, OUTCOME_HEAD, narrow_down, try_slips

TRIALS = 2500
SCREENED_REPORTS = 1_000_000
HEAD = """# 校验与定位 Editing

Written by `uv run --group dev --with banff python benchmarks/editing.py > docs/measured/editing.md`. The slips have
fixed random seeds. Times are medians of one run.

The script puts slips into four real tables of applications, {trials:,} trials per row:

- *right*: the first explanation gives all true numbers and leads all others together by at least ten to one, or the
  blank is derived.
- *wrong*: the first explanation leads, but is not true; in brackets those that name a known slip (*explained*).
- *unsure*: no explanation leads, and ogi lists the alternatives.
- *not detected*: all identities still hold.
- *listed*: of the slips that are detected, those whose true numbers are among the explanations.
"""
LISTED_TEXT = """## Slips that leave several explanations

Equal changes along a column fit each of its cells, so the identities alone cannot name one. ogi lists them, the
likeliest first. *Alternatives* is the median number of explanations, *first* how often the true one is the first.
"""
NARROWED_TEXT = """## What narrows them down

The same slip, a cell with all its totals computed again, with further evidence: a figure of the prose on the number
that is wrong, or last year's report. The last row shows a total of the members of a city for the wrong cell.
"""
SPEED_TEXT = """## Time

One cell wrong, two cells wrong, and one cell with the totals computed from it. The solver and Banff return one optimum
that treats every cell by itself; `localise` returns all of them, and the explanations add the operations of a writer.
The R package errorlocate publishes no times; deducorrect's typing slips (Scholtus 2009) are the operation `typos`.
Banff's time is that of each further record of a batch: its start, which takes half a second, does not count.
"""


def main(trials: int) -> None:
    """Print the page."""
    certified = Counter[str]()
    print(HEAD.format(trials=trials))
    for title, slips in (("Slips that the editing models", INSIDE), ("Other slips", OUTSIDE)):
        print(f"## {title}\n\n{OUTCOME_HEAD}\n" + "\n".join(try_slips(slips, trials, certified)) + "\n")
    print(f"{LISTED_TEXT}\n{LISTED_HEAD}\n" + "\n".join(try_slips(LISTED, trials, certified, with_ranks=True)) + "\n")
    count = trials * (len(INSIDE) + len(OUTSIDE) + len(LISTED))
    print("Certified changes (odds of at least 100 to 1, and each change alone meets every identity of its cell):")
    print(f"{certified['true']:,} true, {certified['false']:,} false, in {count:,} trials.\n")
    print(f"{NARROWED_TEXT}\n{NARROWED_HEAD}\n" + "\n".join(narrow_down(trials // 5)) + "\n")
    print(f"{SPEED_TEXT}\n{SPEED_HEAD}\n" + "\n".join(measure_speed(max(20, trials // 10))) + "\n")
    microseconds = measure_screening(SCREENED_REPORTS)
    print(
        f"Screening {SCREENED_REPORTS:,} consistent reports (form 2021): {microseconds:.2f} µs per report on one core."
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TRIALS)
