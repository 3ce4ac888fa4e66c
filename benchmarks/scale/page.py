"""The page: `python benchmarks/scale/page.py` writes docs/scale.md from docs/scale.json."""

from __future__ import annotations

import json
import os
from importlib.metadata import version
from pathlib import Path
from statistics import median

DOCS = Path(__file__).resolve().parents[2] / "docs"
WHAT = {
    "scan": "bare scan: `bit_xor(hash(total_id, value))` in DuckDB",
    "scan_rolled_up": "the same of six columns more: all that `city_year.sql` reads",
    "city_year": "`sql/rollup/city_year.sql` as shipped, all years in one statement, written as Parquet",
    "plain_sum": "members summed to cities, DuckDB, the sum alone",
    "polars_sum": "that sum in polars",
    "pandas_sum": "that sum in pandas (value as float)",
    "spark_start": "Spark's start on this machine, before it does anything",
    "spark_sum": "that sum in Spark on this machine, two threads, its start included",
    "city_growth": "`sql/rollup/growth.sql` on the city totals alone",
    "polars_growth": "city totals beside the year before, the division alone, in polars",
    "pandas_growth": "that in pandas (as float)",
    "scan_write": "one of 17 years: two years scanned, one written",
    "body_growth": "one of 17 years: `growth.sql` for every body, written",
    "screened": "all hard identities of as many cells, `screen_cells`",
}
SCANS = {"city_year": "scan_rolled_up", "scan_rolled_up": "scan_rolled_up"}
HEAD = """# How it scales

Measured by `uv run --isolated --group bench --extra spark python benchmarks/scale` on made facts, marked simulated
(`docs/scale.json` has every measurement); `python benchmarks/scale/page.py` makes this page. 17 years, 31 provinces,
cities of 120 members, 220 facts a body and year, 3 % of the reports absent, 0.05 % of the figures blank; files and
columns as ogi writes them.

Each measurement is a process of its own; peak memory is VmHWM, the load that of the machine in the minute before. The
ratio of the roll-up is to the median scan of all columns that it reads, that of the others to the median scan of what a
sum reads, both of the same size.

| facts | work | runs | median s | least to most s | peak MB | load | x scan |
|---|---|---:|---:|---:|---:|---:|---:|
"""


def lines() -> list[str]:
    """A line for each size and kind of work."""
    text = (DOCS / "scale.json").read_text(encoding="utf-8")
    found: dict[tuple[str, str], list[dict[str, float]]] = {}
    for line in map(json.loads, text.splitlines()):
        if "seconds" in line:
            found.setdefault((line["facts"], line["work"]), []).append(line)
    shown = [
        (facts, work) for facts in sorted({facts for facts, _ in found}) for work in WHAT if (facts, work) in found
    ]
    return [_line(facts, work, found[facts, work], found[facts, SCANS.get(work, "scan")]) for facts, work in shown]


def _line(facts: str, work: str, runs: list[dict[str, float]], scans: list[dict[str, float]]) -> str:
    seconds = [r["seconds"] for r in runs]
    middle = median(seconds)
    ratio = (
        f"{middle / median(r['seconds'] for r in scans):.2f}"
        if work not in ("body_growth", "scan_write", "spark_start")
        else ""
    )
    spread = f"{min(seconds):.2f}-{max(seconds):.2f}"
    peak, load = max(r["megabytes"] for r in runs), round(median(r["load"] for r in runs), 1)
    return f"| {facts} | {WHAT[work]} | {len(runs)} | {middle:.2f} | {spread} | {peak} | {load} | {ratio} |"


def write_page() -> None:
    """Write the page; what was found stands in `benchmarks/scale/found.md`."""
    libraries = ", ".join(f"{n} {version(n)}" for n in ("duckdb", "pyarrow", "pandas", "numpy"))
    found = (Path(__file__).parent / "found.md").read_text(encoding="utf-8")
    machine = f"\n{os.cpu_count()} cores; {libraries}.\n\n"
    (DOCS / "scale.md").write_text(HEAD + "\n".join(lines()) + "\n" + machine + found, encoding="utf-8")


if __name__ == "__main__":
    write_page()
