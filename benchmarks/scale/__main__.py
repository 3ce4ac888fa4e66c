"""How ogi scales, on made facts.

    python benchmarks/scale [--facts 10M] [--folder FOLDER] [--rounds 3] [--work NAME...]

Adds its measurements to `docs/scale.json`, a line a measurement, and makes `docs/scale.md` of all. Each is made in a
process of its own, the kinds of work by turns, with its time and its peak memory (VmHWM).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from country import make
from engines import WORK
from page import write_page


def one(work: str, folder: Path) -> None:
    """In the child: do it, print seconds and megabytes. A library is loaded before the clock starts."""
    if work.startswith(("polars", "pandas")):
        import_module(work.partition("_")[0])
    begun = time.perf_counter()
    WORK[work](folder)
    seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": round(seconds, 3), "megabytes": round(peak(os.getpid()) / 1024)}))


def peak(process: int) -> int:
    """The most that a process held, in KB, and its children with it, as the virtual machine of Spark is one."""
    place = Path("/proc", str(process))
    children = (place / "task" / str(process) / "children").read_text().split()
    told = (place / "status").read_text().partition("VmHWM:")[2].split()
    return int(told[0] if told else 0) + sum(peak(int(child)) for child in children)


def measured(work: str, folder: Path) -> dict[str, object]:
    """Seconds and megabytes of a child that does the work."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", work, "--folder", str(folder)], capture_output=True, text=True
    )
    load = round(os.getloadavg()[0], 1)
    if done.returncode:
        return {"work": work, "load": load, "fault": done.stderr.strip().splitlines()[-1:]}
    found: dict[str, object] = json.loads(done.stdout)
    return {"work": work, "load": load} | found


def main() -> None:
    """Make what is not there, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", default="10M")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", nargs="*", default=list(WORK))
    parser.add_argument("--one")
    given = parser.parse_args()
    if given.one:
        one(given.one, given.folder)
        return
    folder = given.folder or Path(tempfile.mkdtemp(prefix="ogi-scale-"))
    if not (folder / "observations").exists():
        make(folder, int(given.facts.removesuffix("M")) * 10**6)
    with (ROOT / "docs" / "scale.json").open("a", encoding="utf-8") as file:
        for _ in range(given.rounds):
            for work in given.work:
                line = {"facts": given.facts} | measured(work, folder)
                print(line, flush=True)
                file.write(json.dumps(line) + "\n")
                file.flush()
    write_page()


if __name__ == "__main__":
    main()
