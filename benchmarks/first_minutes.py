"""Time what each user does first, on a fresh clone, and print the page `docs/measured/first_minutes.md`.

The committed state is cloned, and uv's cache is empty at first. The tasks run one after the other, as in the guides.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
MB = 1_000_000
# Exit code 1 of `ogi check` says that the report has errors.
SUCCESS = (0, 1)


class Task(NamedTuple):
    """A thing that a user does first: who, what, the command, and a text that its output must contain."""

    user: str
    title: str
    command: str
    expected_output: str


TASKS = (
    Task("everybody", "install and publish", "uv run ogi run --lang en", "62 reports"),
    Task("clerk", "check a Word file", "uv run ogi check docs/examples/hubin-2019.docx --lang en", "should be 17"),
    Task(
        "analyst",
        "one SELECT",
        "uv run ogi query \"SELECT body_id, value FROM observations WHERE cell = 'applications/new/total'\"",
        "3,525",
    ),
    Task("analyst", "one chart", "uv run --group notebooks python docs/examples/chart.py", "3525"),
    Task(
        "researcher",
        "one notebook",
        "uv run --group notebooks jupyter execute notebooks/3_trends.ipynb",
        "Executing notebook",
    ),
    Task("operator", "install for a nightly job", "uv sync --compile-bytecode", ""),
    Task("operator", "the nightly run", ".venv/bin/ogi run --quiet --wait 600 --lang en", "Nothing has changed"),
    Task(
        "developer",
        "test a new spelling",
        "uv run --group dev pytest tests/extract/test_labels.py",
        " passed",
    ),
    Task("developer", "all fast tests", "make test", " passed"),
)


def main() -> None:
    """Run the tasks and print the page."""
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "ogi"
        subprocess.run(["git", "clone", "--quiet", ROOT, project], check=True)
        environment = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")}
        environment["UV_CACHE_DIR"] = str(Path(scratch) / "cache")
        rows = [measure(task, project, environment) for task in TASKS]
    print(PAGE.format(rows="\n".join(rows)))


def measure(task: Task, project: Path, environment: Mapping[str, str]) -> str:
    """Return a line of the page. Raises SystemExit if the command fails or prints something else."""
    start = time.monotonic()
    result = subprocess.run(
        task.command, shell=True, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - start
    output = result.stdout + result.stderr
    if result.returncode not in SUCCESS or task.expected_output not in output:
        raise SystemExit(f"{task.command}\n{output}")
    packages, size = installed(project)
    return f"| {task.user} | {task.title} | `{task.command}` | {seconds:.0f} | {packages} | {size} |"


def installed(project: Path) -> tuple[int, int]:
    """Return the number of packages in the environment and its size in MB."""
    environment = project / ".venv"
    packages: Sequence[Path] = list(environment.rglob("*.dist-info"))
    size = sum(path.lstat().st_size for path in environment.rglob("*") if path.is_file())
    return len(packages), round(size / MB)


PAGE = """# The first ten minutes

Written by `benchmarks/first_minutes.py`. It clones the project and times what each user does first, in this order and
with an empty cache of uv. The time includes the download of packages, so it depends on the network. All tasks share one
environment: packages and MB are those after the task.

| user | task | command | seconds | packages | MB |
|---|---|---|---|---|---|
{rows}

The units for systemd and cron of `deploy/` were also started once from a fresh clone in `/srv/ogi`, with the commands
of the [guide for operators](../guide/operator.md), under systemd 252 and Debian's cron. Both published the data.
"""

if __name__ == "__main__":
    main()
