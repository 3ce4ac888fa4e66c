"""Measure `ogi run` when none, one or a hundred of very many reports have changed.

`uv run --group dev python benchmarks/incremental.py --corpus FOLDER --write` takes a folder that `ogi
simulate` wrote, publishes it if necessary, and writes `docs/measured/incremental.md`. In each of `--rounds`
rounds it changes each number of reports in `--changed`, and runs ogi after each change, in a process of its
own. A changed report has one more decision on administrative penalties (行政处罚), so figures change too, from
cells to growth. Only text files are changed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import re
import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.core.paths import Data
from pipeline.raw.file_state import CLOCK_RESOLUTION_NS
from pipeline.raw.manifest import read_lines, update_manifest
from pipeline.storage.snapshot import published

LAST_NUMBER_OF_PENALTIES = re.compile(r"^(.*行政处罚.*?)([0-9]+)([^0-9\n]*)$", re.MULTILINE)
LAST_YEAR_OF_2014_FORM = "2018"  # this form has no penalties
STAGES = ("extract", "rollup", "validate", "publish")
PAGE = """# A run when few reports have changed

Written by `benchmarks/incremental.py`: {reports} simulated reports (web pages and text) in {years} partitions (report
years), {rounds} rounds, medians. The changed reports are a random sample of the whole country; one figure of each
changes. After a change, the run computes the marts of its year and of the year after again.
Python {python}, {cores} cores. Each run is a separate process, timed from start to end. The stages are those that the
run logs. Before the stages, the run queries the state of every file and compares the manifest.

| changed | seconds | per round | processor seconds | extract | rollup | validate | publish |
|---:|---:|---|---:|---:|---:|---:|---:|
{rows}
"""


@dataclass(frozen=True)
class RunTimes:
    """The seconds of a run: on the clock, of processor time in all its processes, and per stage that it logged."""

    wall: float
    processor: float
    stages: Mapping[str, float]


def change_reports(raw: Path, count: int, seed: str) -> None:
    """Change one figure in this many reports, and update their lines in the manifest."""
    lines = read_lines(raw / "manifest.csv")
    candidates = [x for x in lines if x["path"].endswith(".txt") and x["year"] > LAST_YEAR_OF_2014_FORM]
    updated = []
    for line in random.Random(seed).sample(candidates, count):
        path = raw / line["path"]
        content = _with_one_more_penalty(path.read_text(encoding="utf-8")).encode()
        path.write_bytes(content)
        updated.append(line | {"sha256": hashlib.sha256(content).hexdigest()})
    if updated:
        update_manifest(raw / "manifest.csv", updated)
    # The scan cache does not keep the hash of a file that has just changed, and that is not measured here.
    time.sleep(2 * CLOCK_RESOLUTION_NS / 10**9)


def _with_one_more_penalty(text: str) -> str:
    """Return the text of a report with the last number of its first line on penalties increased by 1."""
    return LAST_NUMBER_OF_PENALTIES.sub(lambda match: f"{match[1]}{int(match[2]) + 1}{match[3]}", text, count=1)


def time_run(data_folder: Path) -> RunTimes:
    """Run `ogi run` in a process of its own. Exits with its messages if nothing was published."""
    command = [sys.executable, "-m", "pipeline.cli", "run", "--quiet", "--lang", "en", "--data", str(data_folder)]
    usage_before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    wall, usage = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if result.returncode > 1:
        raise SystemExit(result.stderr)
    log = [json.loads(line) for line in result.stderr.splitlines() if line.startswith('{"stage"')]
    processor = usage.ru_utime + usage.ru_stime - usage_before.ru_utime - usage_before.ru_stime
    return RunTimes(wall, processor, {line["stage"]: line["seconds"] for line in log if line["stage"] != "end"})


def format_page(runs_by_count: Mapping[int, Sequence[RunTimes]], reports: int, years: int) -> str:
    """Return the page: one row per number of changed reports."""
    return PAGE.format(
        reports=reports,
        years=years,
        rounds=min(map(len, runs_by_count.values())),
        python=platform.python_version(),
        cores=os.cpu_count(),
        rows="\n".join(_format_row(count, runs) for count, runs in runs_by_count.items()),
    )


def _format_row(count: int, runs: Sequence[RunTimes]) -> str:
    """Return the table row for this number of changed reports."""
    stages = " | ".join(_median(run.stages.get(stage) for run in runs) for stage in STAGES)
    rounds = ", ".join(f"{run.wall:.1f}" for run in runs)
    wall, processor = _median(run.wall for run in runs), _median(run.processor for run in runs)
    return f"| {count} | {wall} | {rounds} | {processor} | {stages} |"


def _median(seconds: Iterable[float | None]) -> str:
    """Return the median of the known values with one decimal, or a dash if there is none."""
    values = [value for value in seconds if value is not None]
    return f"{statistics.median(values):.1f}" if values else "-"


def main() -> None:
    """Run ogi after each change, print the page and write it if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="a folder that `ogi simulate` wrote")
    parser.add_argument("--changed", type=int, nargs="+", default=[0, 1, 100], help="numbers of changed reports")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write docs/measured/incremental.md")
    options = parser.parse_args()
    time_run(options.corpus)
    runs_by_count: dict[int, list[RunTimes]] = defaultdict(list)
    for number in range(options.rounds):
        for count in options.changed:
            change_reports(options.corpus / "raw", count, f"{time.time_ns()} {number}")
            runs_by_count[count].append(time_run(options.corpus))
    record = published(Data(options.corpus))
    reports = len(read_lines(options.corpus / "raw" / "manifest.csv"))
    page = format_page(runs_by_count, reports, len(record.years) if record else 0)
    print(page)
    if options.write:
        (ROOT / "docs" / "measured" / "incremental.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
