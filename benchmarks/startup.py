"""Measure the times that a user waits: `ogi --help`, a first run, a run with nothing to do, a run after one change.

`uv run --group dev python benchmarks/startup.py` prints medians of several new processes on the shipped data, next to
the time of an empty Python process. On a shared machine the ratios say more than the seconds.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = "2024/320800.html"  # the report that changes
REPETITIONS, RUN_REPETITIONS = 7, 3
EMPTY_PYTHON = [sys.executable, "-c", "pass"]
OGI = [sys.executable, "-m", "pipeline.cli"]


def median_seconds(command: list[str], folder: Path, times: int, prepare: Callable[[], None] = lambda: None) -> float:
    """Return the median wall time of a command in a folder; `prepare` is called before each repetition, untimed."""
    seconds = []
    for _ in range(times):
        prepare()
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def measure(folder: Path) -> dict[str, float]:
    """Return the median seconds by description, in a project folder with the shipped reports."""
    data = folder / "data"
    page = data / "raw" / PAGE
    text = page.read_text(encoding="utf-8")

    def remove_snapshots() -> None:
        for name in ("curated", "versions"):
            shutil.rmtree(data / name, ignore_errors=True)

    def change_report() -> None:
        page.write_text(f"{text}<!-- {time.time_ns()} -->", encoding="utf-8")

    import_command = [sys.executable, "-c", "import great_expectations"]
    return {
        "python -c pass": median_seconds(EMPTY_PYTHON, folder, REPETITIONS),
        "ogi --help": median_seconds([*OGI, "--help"], folder, REPETITIONS),
        "ogi run, first (62 reports)": median_seconds([*OGI, "run"], folder, RUN_REPETITIONS, remove_snapshots),
        "ogi run, nothing to do": median_seconds([*OGI, "run"], folder, REPETITIONS),
        "ogi run, one report changed": median_seconds([*OGI, "run"], folder, RUN_REPETITIONS, change_report),
        "import great_expectations": median_seconds(import_command, folder, RUN_REPETITIONS),
    }


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(ROOT / "data" / "raw", Path(name) / "data" / "raw")
        seconds = measure(Path(name))
    empty = next(iter(seconds.values()))
    print("| command | median s | times an empty Python |\n|---|---|---|")
    for command, median in seconds.items():
        print(f"| {command} | {median:.3f} | {median / empty:.0f} |")


if __name__ == "__main__":
    main()
