"""What `ogi run` costs when none, one or a hundred of very many reports have changed.

`uv run python benchmarks/incremental.py --corpus FOLDER --write` takes a folder that `ogi simulate` has made, runs once
if nothing is published there, then changes so many reports as `--changed` says by turns, `--rounds` times, and writes
`docs/incremental.md`. Each run is a process of its own. A report changes by one more decision on administrative
penalties (行政处罚), so figures change too, from cells to growth; the files changed are text.
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
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.core.paths import Data
from pipeline.raw.file_state import CLOCK_RESOLUTION_NS
from pipeline.raw.manifest import read_lines, update_manifest
from pipeline.storage.snapshot import published

PENALTIES = re.compile(r"^(.*行政处罚.*?)([0-9]+)([^0-9\n]*)$", re.MULTILINE)  # the last number of the line


@dataclass(frozen=True)
class Measured:
    """A run: seconds on the clock, seconds of processor time in all its processes, and seconds of each stage."""

    seconds: float
    work: float
    stages: dict[str, float]


def change(raw: Path, count: int, seed: str) -> None:
    """Change so many reports, and their lines in the manifest."""
    texts = [
        line for line in read_lines(raw / "manifest.csv") if line["path"].endswith(".txt") and line["year"] > "2018"
    ]
    changed = []
    for line in random.Random(seed).sample(texts, count):
        text = (raw / line["path"]).read_text(encoding="utf-8")
        content = PENALTIES.sub(lambda found: f"{found[1]}{int(found[2]) + 1}{found[3]}", text, count=1).encode()
        (raw / line["path"]).write_bytes(content)
        changed.append(line | {"sha256": hashlib.sha256(content).hexdigest()})
    if changed:
        update_manifest(raw / "manifest.csv", changed)
    time.sleep(
        2 * CLOCK_RESOLUTION_NS / 10**9
    )  # or the hashes of these files could not be remembered, which is not the subject


def run(data: Path) -> Measured:
    """`ogi run` in a process of its own."""
    command = [sys.executable, "-m", "pipeline.cli", "run", "--quiet", "--lang", "en", "--data", str(data)]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode > 1:
        raise SystemExit(done.stderr)
    logged = [json.loads(line) for line in done.stderr.splitlines() if line.startswith('{"stage"')]
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(seconds, work, {line["stage"]: line["seconds"] for line in logged if line["stage"] != "end"})


def told(found: dict[int, list[Measured]], reports: int, parts: int) -> str:
    """The page."""
    rounds = min(map(len, found.values()))
    return f"""# A run when few reports have changed

Made by `benchmarks/incremental.py`: {reports} simulated reports (web pages and text) in {parts} parts (a year and a
province), {rounds} rounds, medians. A report that changed makes its part anew, and that of the year after; those that
change are drawn at random from the whole country, and one figure of each is changed.
Python {platform.python_version()}, {os.cpu_count()} cores. Each run is a process of its own, from start to end; the
stages are those that it logs, and before them it asks for the state of every file and compares the manifest.

| changed | seconds | of each round | processor seconds | extract | rollup | validate | publish |
|---:|---:|---|---:|---:|---:|---:|---:|
{chr(10).join(_row(count, runs) for count, runs in found.items())}
"""


def _row(count: int, runs: list[Measured]) -> str:
    stages = " | ".join(_median([r.stages.get(s) for r in runs]) for s in ("extract", "rollup", "validate", "publish"))
    each = ", ".join(f"{r.seconds:.1f}" for r in runs)
    return f"| {count} | {_median([r.seconds for r in runs])} | {each} | {_median([r.work for r in runs])} | {stages} |"


def _median(found: list[float | None]) -> str:
    known = [x for x in found if x is not None]
    return f"{statistics.median(known):.1f}" if known else "-"


def main() -> None:
    """Run, change and run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="a folder that ogi simulate has made")
    parser.add_argument("--changed", type=int, nargs="+", default=[0, 1, 100])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    run(given.corpus)
    found: dict[int, list[Measured]] = defaultdict(list)
    for number in range(given.rounds):
        for count in given.changed:
            change(given.corpus / "raw", count, f"{time.time_ns()} {number}")
            found[count].append(run(given.corpus))
    record = published(Data(given.corpus))
    page = told(found, len(read_lines(given.corpus / "raw" / "manifest.csv")), len(record.years) if record else 0)
    print(page)
    if given.write:
        (ROOT / "docs" / "incremental.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
