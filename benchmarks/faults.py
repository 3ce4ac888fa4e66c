"""Fault injection into `ogi run`: `python benchmarks/faults.py --times 50` tries every fault so often and writes what
came of it to docs/faults.md. With `--minutes` it stops after so long and tells how often each was tried.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.faultlist import FAULTS, Skipped
from support.trials import Broken, World, world

PAGE = ROOT / "docs" / "faults.md"
BEGIN, END = "<!-- runs: made by benchmarks/faults.py -->", "<!-- end of runs -->"
HEAD = "| fault | what is done | times | passed | what was seen |\n| --- | --- | --- | --- | --- |"


@dataclass
class Tally:
    """What came of a fault."""

    passed: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)


def attempt(world: World, folder: Path, name: str, number: int, times: int, tally: Tally) -> None:
    """One trial; its moment is one of `times`, spread evenly, at random within its span."""
    rng = random.Random(f"{name} {number}")
    order = list(range(times))
    random.Random(name).shuffle(order)
    moment = (order[number] + rng.random()) / times
    place = folder / f"{name}-{number}"
    try:
        tally.seen[FAULTS[name](world, place, moment, rng)] += 1
        tally.passed += 1
    except Skipped as why:
        tally.seen[f"skipped: {why}"] += 1
    except (Broken, OSError) as why:
        tally.failed.append(f"{number}: {why}")
        print(f"{name} {number} moment {moment:.3f}: {why}", flush=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def trials(names: list[str], times: int, minutes: float, jobs: int) -> dict[str, Tally]:
    """Each fault once, then each again, until all was done or the time is up."""
    until = time.monotonic() + 60 * minutes
    found = {name: Tally() for name in names}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, ThreadPoolExecutor(jobs) as executor:
        made = world(Path(folder) / "world")

        def one(job: tuple[int, str]) -> None:
            if time.monotonic() < until:
                attempt(made, Path(folder), job[1], job[0], times, found[job[1]])

        list(executor.map(one, [(number, name) for number in range(times) for name in names]))
    return found


def line(name: str, tally: Tally) -> str:
    """A line of the table."""
    seen = ", ".join(f"{said} ({count})" for said, count in sorted(tally.seen.items()))
    tried = tally.passed + len(tally.failed)
    what = " ".join((FAULTS[name].__doc__ or "").split())
    return f"| {name} | {what} | {tried} | {tally.passed} | {seen} |"


def main() -> int:
    """Try, and write the table between its marks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="write docs/faults.md")
    parser.add_argument("faults", nargs="*", default=list(FAULTS), metavar="FAULT")
    asked = parser.parse_args()
    found = trials(asked.faults, asked.times, asked.minutes, asked.jobs)
    table = "\n".join([HEAD, *(line(name, tally) for name, tally in found.items())])
    print(table)
    if asked.write:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.partition(BEGIN)[0], page.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
    return int(any(tally.failed for tally in found.values()))


if __name__ == "__main__":
    sys.exit(main())
