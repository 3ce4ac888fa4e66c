"""Write docs/measured/dependencies.md: purpose, licence, size, dependencies and import time of each declared package.

Run `uv run --group dev python benchmarks/dependencies.py`. The purposes are in benchmarks/dependencies.csv; the rest
comes from uv.lock and from the packages installed here. A package that is not installed here has no size.
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

# The module to import, where its name differs from the package's.
MODULES = {
    "great-expectations": "great_expectations", "opencc-python-reimplemented": "opencc", "pillow": "PIL",
    "opencv-python-headless": "cv2", "python-docx": "docx", "pyyaml": "yaml", "python-calamine": "python_calamine",
}  # fmt: skip
REPETITIONS = 5
# The packages that a command loads at its start; `tests/cli/test_startup.py` holds this.
LOADED_AT_START = {"click": "by every command", "filelock": "by `ogi run`"}
COLUMNS = (
    "package", "purpose", "licence", "MB", "MB with dependencies", "dependencies", "import time", "loaded",
)  # fmt: skip
TOTAL_COLUMNS = ("installation", "packages declared", "packages installed", "MB")
NOT_INSTALLED = "—"
HEAD = """# Dependencies

`uv run --group dev python benchmarks/dependencies.py` writes this page from `uv.lock`, the metadata of the installed
packages and `benchmarks/dependencies.csv`. Sizes are those of the files installed on Linux x86-64 with Python {python},
without compiled byte code. The dependencies of a package are all packages that it needs, directly or indirectly. A
dependency of several packages is counted for each of them, so do not add the sizes. The import time is the median of
{repetitions} new processes on a shared machine.

`tests/project/test_licences.py` refuses a package without a known permissive licence, and a package that is imported
but not declared. `tests/cli/test_startup.py` refuses a start that loads more than the two packages marked below.
"""


def main() -> None:
    """Write the page."""
    python = ".".join(map(str, sys.version_info[:2]))
    sections = [HEAD.format(python=python, repetitions=REPETITIONS)]
    sections += [_section(extra, names) for extra, names in direct().items()]
    sections.append(_totals())
    (ROOT / "docs" / "measured" / "dependencies.md").write_text("\n".join(sections), encoding="utf-8")


def _section(extra: str, names: Iterable[str]) -> str:
    """Return the section of an extra, or of the packages that every installation has if `extra` is empty."""
    title = f"## The extra `{extra}`" if extra else "## Every installation"
    return "\n".join([f"{title}\n", *_table_head(COLUMNS), *map(_row, sorted(names)), ""])


def _table_head(columns: Iterable[str]) -> list[str]:
    """Return the two header lines of a Markdown table."""
    names = list(columns)
    return [_table_row(names), _table_row(["---"] * len(names))]


def _table_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _row(package: str) -> str:
    """Return the table row of a package."""
    note, dependencies = notes()[package], _installed_here(closure([package]) - {package})
    remark = f"; {note['reason']}" if note["reason"] else ""
    size = total_size = count = NOT_INSTALLED
    if installed(package):
        size = f"{_size_mb(package):.1f}"
        total_size = f"{sum(map(_size_mb, dependencies | {package})):.0f}"
        count = str(len(dependencies))
    loaded = LOADED_AT_START.get(package, "when needed")
    purpose = note["purpose"] + remark
    return _table_row((package, purpose, licence(package), size, total_size, count, _import_time(package), loaded))


def _installed_here(packages: Iterable[str]) -> set[str]:
    """Return the packages that are installed here; packages for other systems are not."""
    return {package for package in packages if installed(package)}


@cache
def _size_mb(package: str) -> float:
    """Return the size of the installed files in MB; 0 if the package is not installed."""
    distribution = installed(package)
    files = [f.locate() for f in (distribution.files or ()) if not str(f).endswith(".pyc")] if distribution else []
    return sum(Path(str(f)).stat().st_size for f in files if Path(str(f)).is_file()) / 1e6


def _import_time(package: str) -> str:
    """Return the time of an import in milliseconds, without the start of Python; a dash if it cannot be imported."""
    module = MODULES.get(package, package)
    if not installed(package) or subprocess.run([sys.executable, "-c", f"import {module}"], check=False).returncode:
        return NOT_INSTALLED
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", code]
    outputs = [subprocess.run(command, capture_output=True, check=True).stdout for _ in range(REPETITIONS)]
    return f"{1000 * statistics.median(map(float, outputs)):.0f} ms"


def _totals() -> str:
    """Return the section with the number and size of packages per installation; an extra adds to the first row."""
    lines = ["## Totals\n", *_table_head(TOTAL_COLUMNS)]
    base = _installed_here(closure(direct()[""]))
    for extra, names in direct().items():
        packages = base if not extra else _installed_here(closure(names)) - base
        installation = f"the extra `{extra}` adds" if extra else "every installation"
        is_complete = all(installed(name) for name in names)
        figures = (str(len(packages)), f"{sum(map(_size_mb, packages)):.0f}") if is_complete else (NOT_INSTALLED,) * 2
        lines.append(_table_row((installation, str(len(names)), *figures)))
    return "\n".join([*lines, "", "A dash means that the package was not installed on the measuring machine.\n"])


if __name__ == "__main__":
    main()
