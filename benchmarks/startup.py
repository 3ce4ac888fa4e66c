"""What a user waits for: `ogi --help`, a run with nothing to do, a first run, a run with one changed report.

Run: `uv run python benchmarks/startup.py`. Prints medians of several fresh processes on the shipped data, beside an
empty Python process, in one session; ratios say more than seconds on a shared machine.
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


def seconds(arguments: list[str], folder: Path, before: Callable[[], None] = lambda: None, times: int = 7) -> float:
    """Median wall time of a command."""
    found = []
    for _ in range(times):
        before()
        begun = time.perf_counter()
        subprocess.run(arguments, cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
        page = folder / "data" / "raw" / "2024" / "320800.html"
        text = page.read_text(encoding="utf-8")

        def forget() -> None:
            for made in ("curated", "versions"):
                shutil.rmtree(folder / "data" / made, ignore_errors=True)

        def change() -> None:
            page.write_text(f"{text}<!-- {time.time_ns()} -->", encoding="utf-8")

        ogi = [sys.executable, "-m", "pipeline.cli"]
        rows = [
            ("python -c pass", seconds([sys.executable, "-c", "pass"], folder)),
            ("ogi --help", seconds([*ogi, "--help"], folder)),
            ("ogi run, first (60 reports)", seconds([*ogi, "run"], folder, forget, 3)),
            ("ogi run, nothing to do", seconds([*ogi, "run"], folder)),
            ("ogi run, one report changed", seconds([*ogi, "run"], folder, change, 3)),
            (
                "import great_expectations",
                seconds([sys.executable, "-c", "import great_expectations"], folder, times=3),
            ),
        ]
        base = rows[0][1]
        print("| what | median s | times an empty Python |\n|---|---|---|")
        for what, median in rows:
            print(f"| {what} | {median:.3f} | {median / base:.0f} |")


if __name__ == "__main__":
    main()
