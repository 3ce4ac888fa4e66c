"""Measure how the work on observations scales, on a simulated country.

    uv run --group dev python benchmarks/scale [--observations 10M] [--folder FOLDER] [--rounds 3] [--work NAME...]

Each round runs every kind of work once, each in a process of its own, and appends the time and the peak memory (VmHWM)
as a line to `docs/measured/scale.json`. Then `docs/measured/scale.md` is written from all lines. FOLDER keeps the
simulated country; one that exists is used again.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from country import write_country
from page import write_page
from peer_workloads import (
    divide_totals_pandas,
    divide_totals_polars,
    start_spark,
    sum_members_pandas,
    sum_members_polars,
    sum_members_spark,
)
from workloads import (
    run_body_growth,
    run_city_growth,
    run_compiled,
    scan_and_write,
    scan_rollup_columns,
    scan_sum_columns,
    screen,
    sum_members,
)

# By the name that `docs/measured/scale.json` uses. `run_compiled` comes before the work that reads its rows.
WORKLOADS: dict[str, Callable[[Path], None]] = {
    "scan": scan_sum_columns,
    "scan_rolled_up": scan_rollup_columns,
    "plain_sum": sum_members,
    "compiled": run_compiled,
    "city_growth": run_city_growth,
    "body_growth": run_body_growth,
    "scan_write": scan_and_write,
    "screened": screen,
    "polars_sum": sum_members_polars,
    "pandas_sum": sum_members_pandas,
    "polars_growth": divide_totals_polars,
    "pandas_growth": divide_totals_pandas,
    "spark_start": start_spark,
    "spark_sum": sum_members_spark,
}


def run_work(work: str, folder: Path) -> None:
    """Do the work in this process; print the seconds and megabytes as JSON. The import of a library is not timed."""
    if work.startswith(("polars", "pandas")):
        import_module(work.partition("_")[0])
    start = time.perf_counter()
    WORKLOADS[work](folder)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": round(seconds, 3), "megabytes": round(peak_kilobytes(os.getpid()) / 1024)}))


def peak_kilobytes(process_id: int) -> int:
    """Return the peak memory of a process plus that of its children, such as Spark's virtual machine."""
    folder = Path("/proc", str(process_id))
    children = (folder / "task" / str(process_id) / "children").read_text().split()
    fields = (folder / "status").read_text().partition("VmHWM:")[2].split()
    return int(fields[0] if fields else 0) + sum(peak_kilobytes(int(child)) for child in children)


def measure(work: str, folder: Path) -> dict[str, object]:
    """Do the work in a child process; return its seconds and megabytes, or its fault, and the load of the machine."""
    command = [sys.executable, __file__, "--one", work, "--folder", str(folder)]
    result = subprocess.run(command, capture_output=True, text=True)
    load = round(os.getloadavg()[0], 1)
    if result.returncode:
        return {"work": work, "load": load, "fault": result.stderr.strip().splitlines()[-1:]}
    measured: dict[str, object] = json.loads(result.stdout)
    return {"work": work, "load": load} | measured


def main() -> None:
    """Simulate the country unless the folder has one, measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--observations", default="10M", help="about this many, in millions: 10M")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", nargs="*", default=list(WORKLOADS), metavar="NAME")
    parser.add_argument("--one", metavar="NAME", help="do this work in this process, and write no page")
    options = parser.parse_args()
    if options.one:
        run_work(options.one, options.folder)
        return
    folder = options.folder or Path(tempfile.mkdtemp(prefix="ogi-scale-"))
    if not (folder / "observations").exists():
        write_country(folder, int(options.observations.removesuffix("M")) * 10**6)
    with (ROOT / "docs" / "measured" / "scale.json").open("a", encoding="utf-8") as file:
        for _ in range(options.rounds):
            for work in options.work:
                line = {"facts": options.observations} | measure(work, folder)
                print(line, flush=True)
                file.write(json.dumps(line) + "\n")
                file.flush()
    write_page()


if __name__ == "__main__":
    main()
