"""Makes docs/dependencies.md: what each package that we declare is for, its licence, how large it is, what it pulls in.

Run: `uv run python benchmarks/dependencies.py`. Purposes are in benchmarks/dependencies.csv, the rest comes from
uv.lock and what is installed here; a package that is not installed here has no size.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.locked import closure, direct, installed, licence, notes

MODULES = {
    "great-expectations": "great_expectations", "opencc-python-reimplemented": "opencc", "pillow": "PIL",
    "opencv-python-headless": "cv2", "python-docx": "docx", "pyyaml": "yaml", "python-calamine": "python_calamine",
}  # fmt: skip
TIMES = 5
STARTED = {"click": "every command", "filelock": "`ogi run`"}
HEAD = """# Dependencies

Made by `uv run python benchmarks/dependencies.py` from `uv.lock`, the metadata of what is installed and
`benchmarks/dependencies.csv`. Sizes are of the files installed on Linux x86-64 with Python {python}, without compiled
byte code; "with all" is the package and everything that it needs, of which others may need the same. The import is the
median of {times} fresh processes on a shared machine. `tests/project/test_licences.py` refuses a package whose licence
is not known to be permissive, and one that is imported but not declared; `tests/cli/test_startup.py` refuses a start
that loads more than the two packages marked.
"""


def main() -> None:
    """Write the page."""
    python = ".".join(map(str, sys.version_info[:2]))
    parts = [HEAD.format(python=python, times=TIMES)]
    for extra, names in direct().items():
        parts.append(_section(extra, names))
    parts.append(_totals())
    (ROOT / "docs" / "dependencies.md").write_text("\n".join(parts), encoding="utf-8")


def _section(extra: str, names: Iterable[str]) -> str:
    title = f"## The extra `{extra}`" if extra else "## What every installation has"
    lines = [f"{title}\n", "| package | for | licence | MB | with all | packages it needs | import | loaded by |"]
    lines.append("| --- | --- | --- | --- | --- | --- | --- | --- |")
    return "\n".join([*lines, *map(_line, sorted(names)), ""])


def _line(name: str) -> str:
    note, needs = notes()[name], _here(closure([name]) - {name})
    reason = f"; {note['reason']}" if note["reason"] else ""
    found = installed(name) is not None
    size, whole = (f"{_size(name):.1f}", f"{sum(map(_size, needs | {name})):.0f}") if found else ("—", "—")
    loaded = STARTED.get(name, "when it is needed")
    cells = (
        name,
        note["purpose"] + reason,
        licence(name),
        size,
        whole,
        str(len(needs)) if found else "—",
        _import(name),
    )
    return f"| {' | '.join((*cells, loaded))} |"


def _here(names: Iterable[str]) -> set[str]:
    """Those that are installed here; what other systems need is left out."""
    return {name for name in names if installed(name)}


@cache
def _size(name: str) -> float:
    """Installed megabytes."""
    found = installed(name)
    files = [f.locate() for f in (found.files or ()) if not str(f).endswith(".pyc")] if found else []
    return sum(Path(str(f)).stat().st_size for f in files if Path(str(f)).is_file()) / 1e6


def _import(name: str) -> str:
    """Milliseconds to import the package beyond Python's own start."""
    module = MODULES.get(name, name)
    if installed(name) is None or subprocess.run([sys.executable, "-c", f"import {module}"], check=False).returncode:
        return "—"
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(TIMES)]
    return f"{1000 * statistics.median(map(float, runs)):.0f} ms"


def _totals() -> str:
    lines = ["## Totals\n", "| what | packages declared | packages installed | MB |", "| --- | --- | --- | --- |"]
    base = _here(closure(direct()[""]))
    for extra, names in direct().items():
        own = base if not extra else _here(closure(names)) - base
        complete = all(installed(n) for n in names)
        what = f"the extra `{extra}`, beyond that" if extra else "every installation"
        figures = (str(len(own)), f"{sum(map(_size, own)):.0f}") if complete else ("—", "—")
        lines.append(f"| {what} | {len(names)} | {' | '.join(figures)} |")
    return "\n".join([*lines, "", "A dash: not installed where this was measured.\n"])


if __name__ == "__main__":
    main()
