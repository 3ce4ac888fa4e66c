"""Inject faults into `ogi run`, and count how often the published snapshot stays complete.

`uv run --group dev python benchmarks/faults.py --times 50 --write` tries every fault 50 times and writes the table of
docs/measured/faults.md. With `--minutes` it stops after that time; the table shows how often each fault was tried.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.faultlist import FAULTS, Skipped
from support.trials import Broken, World, world

PAGE = ROOT / "docs" / "measured" / "faults.md"
BEGIN, END = "<!-- runs: written by benchmarks/faults.py -->", "<!-- end of runs -->"
HEAD = "| fault | action | times | passed | result |\n| --- | --- | --- | --- | --- |"


@dataclass
class Tally:
    """The trials of one fault: the number that passed, the results by text, and the failures in words."""

    passed: int = 0
    results: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Trials:
    """Trials of faults on one small project, in folders below `folder`; `times` is the number of trials per fault."""

    project: World
    folder: Path
    times: int

    def attempt(self, fault: str, number: int, tally: Tally) -> None:
        """Try a fault once and count the result.

        Its moment is a share of the run, from 0 to 1. The moments of all trials are spread evenly, and each is random
        within its span. `number`, from 0, selects the span; the order of spans is random, so that a benchmark that
        stops early has tried moments of the whole run.
        """
        rng = random.Random(f"{fault} {number}")
        spans = list(range(self.times))
        random.Random(fault).shuffle(spans)
        moment = (spans[number] + rng.random()) / self.times
        folder = self.folder / f"{fault}-{number}"
        try:
            tally.results[FAULTS[fault](self.project, folder, moment, rng)] += 1
            tally.passed += 1
        except Skipped as reason:
            tally.results[f"skipped: {reason}"] += 1
        except (Broken, OSError) as reason:
            tally.failures.append(f"{number}: {reason}")
            print(f"{fault} {number} moment {moment:.3f}: {reason}", flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def run_trials(faults: Sequence[str], times: int, minutes: float, jobs: int) -> dict[str, Tally]:
    """Try every fault once, then every fault again, `times` times or until the minutes are over; return the tallies.

    `jobs` trials run at a time.
    """
    deadline = time.monotonic() + 60 * minutes
    tallies = {fault: Tally() for fault in faults}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, ThreadPoolExecutor(jobs) as executor:
        folder = Path(name)
        trials = Trials(world(folder / "world"), folder, times)

        def attempt_in_time(number: int, fault: str) -> None:
            if time.monotonic() < deadline:
                trials.attempt(fault, number, tallies[fault])

        order = [(number, fault) for number in range(times) for fault in faults]
        list(executor.map(lambda job: attempt_in_time(*job), order))
    return tallies


def format_table(tallies: Mapping[str, Tally]) -> str:
    """Return the table: one row per fault."""
    return "\n".join([HEAD, *(_format_row(fault, tally) for fault, tally in tallies.items())])


def _format_row(fault: str, tally: Tally) -> str:
    """Return the table row of a fault; its docstring describes the action."""
    results = ", ".join(f"{result} ({count})" for result, count in sorted(tally.results.items()))
    description = " ".join((FAULTS[fault].__doc__ or "").split())
    tried = tally.passed + len(tally.failures)
    return f"| {fault} | {description} | {tried} | {tally.passed} | {results} |"


def write_table(table: str) -> None:
    """Write the table between its marks in docs/measured/faults.md."""
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def main() -> int:
    """Try the faults and print the table; return 1 if a trial failed, else 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50, help="trials per fault")
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--jobs", type=int, default=2, help="trials at a time")
    parser.add_argument("--write", action="store_true", help="write docs/measured/faults.md")
    parser.add_argument("faults", nargs="*", default=list(FAULTS), metavar="FAULT")
    options = parser.parse_args()
    tallies = run_trials(options.faults, options.times, options.minutes, options.jobs)
    table = format_table(tallies)
    print(table)
    if options.write:
        write_table(table)
    return int(any(tally.failures for tally in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
