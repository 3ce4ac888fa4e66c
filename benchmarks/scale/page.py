"""Write docs/measured/scale.md from the measurements in docs/measured/scale.json: `python benchmarks/scale/page.py`."""

from __future__ import annotations

import json
import os
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TypedDict

MEASURED = Path(__file__).resolve().parents[2] / "docs" / "measured"
CONCLUSIONS = Path(__file__).parent / "conclusions.md"
LIBRARIES = ("duckdb", "pyarrow", "pandas", "numpy")
DESCRIPTIONS = {
    "scan": "scan of the columns of a sum: `bit_xor(hash(total_id, value))` in DuckDB",
    "scan_rolled_up": "the same scan of the eleven columns that `compiled.sql` reads",
    "compiled": "`sql/rollup/compiled.sql`, all years in one statement, written as Parquet",
    "plain_sum": "members summed to cities in DuckDB, the sum only",
    "polars_sum": "the same sum in polars",
    "pandas_sum": "the same sum in pandas (values as floats)",
    "spark_start": "start of Spark on this machine",
    "spark_sum": "the same sum in Spark on this machine, two threads, including its start",
    "city_growth": "`sql/rollup/growth.sql` on the city totals only",
    "polars_growth": "city totals divided by those of the year before in polars, the division only",
    "pandas_growth": "the same division in pandas (as floats)",
    "scan_write": "one of 17 years: two years scanned, one written",
    "body_growth": "one of 17 years: `growth.sql` for every body, written",
    "screened": "all hard identities of as many cells, `screen_cells`",
}
# The scan to which the work is compared; for other work it is `scan`.
SCANS = {"compiled": "scan_rolled_up", "scan_rolled_up": "scan_rolled_up"}
WITHOUT_RATIO = ("body_growth", "scan_write", "spark_start")
HEAD = """# Scaling

`uv run --isolated --group dev --group bench --extra spark python benchmarks/scale` measures on a simulated country and
adds each measurement to `docs/measured/scale.json`; `python benchmarks/scale/page.py` writes this page. The country has
17 years, 31 provinces, cities of 120 members and 220 observations per body and year. 3 % of the reports are absent and
0.05 % of the figures are blank. The files and columns are those that ogi writes.

Each measurement runs in a separate process. The peak memory is VmHWM. The load is the machine's load in the minute
before. The last column divides the time by the median time of a scan of the same size. For the roll-up, this is the
scan of all columns that it reads; for other work, it is the scan of the columns that a sum reads.

| observations | work | runs | median s | least to most s | peak MB | load | x scan |
|---|---|---:|---:|---:|---:|---:|---:|
"""


class Measurement(TypedDict):
    """A line of scale.json. `facts` is the number of observations, such as `10M`; `load` that of the machine."""

    facts: str
    work: str
    seconds: float
    megabytes: int
    load: float


def format_rows() -> list[str]:
    """Return one table row per size and kind of work. Lines without a time, where the work failed, are left out."""
    text = (MEASURED / "scale.json").read_text(encoding="utf-8")
    runs: dict[tuple[str, str], list[Measurement]] = {}
    for line in map(json.loads, text.splitlines()):
        if "seconds" in line:
            runs.setdefault((line["facts"], line["work"]), []).append(line)
    sizes = sorted({size for size, _ in runs})
    shown = [(size, work) for size in sizes for work in DESCRIPTIONS if (size, work) in runs]
    return [_format_row(runs[size, work], runs[size, SCANS.get(work, "scan")]) for size, work in shown]


def _format_row(runs: list[Measurement], scans: list[Measurement]) -> str:
    """Return the table row for the runs of one kind of work; `scans` are the runs of the scan to compare with."""
    size, work = runs[0]["facts"], runs[0]["work"]
    seconds = [run["seconds"] for run in runs]
    ratio = "" if work in WITHOUT_RATIO else f"{median(seconds) / median(scan['seconds'] for scan in scans):.2f}"
    spread = f"{min(seconds):.2f}-{max(seconds):.2f}"
    peak, load = max(run["megabytes"] for run in runs), round(median(run["load"] for run in runs), 1)
    times = f"{median(seconds):.2f} | {spread}"
    return f"| {size} | {DESCRIPTIONS[work]} | {len(runs)} | {times} | {peak} | {load} | {ratio} |"


def write_page() -> None:
    """Write the table, the versions of this machine's libraries, and the text of `conclusions.md`."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    machine = f"{os.cpu_count()} cores; {libraries}."
    page = "\n\n".join((HEAD + "\n".join(format_rows()), machine, CONCLUSIONS.read_text(encoding="utf-8")))
    (MEASURED / "scale.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    write_page()
