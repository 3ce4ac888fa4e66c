"""Play the January of `docs_build/january.py` by commands, and print the page `docs/measured/january.md`.

`uv run --group dev python -m benchmarks.january > docs/measured/january.md`. The files are simulated.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from docs_build.january import write_january

WHY = ("--reason", "核对过", "--evidence", "办件系统导出表", "--who", "王某")


class Goal(NamedTuple):
    """A wish of a person, and the commands for it, without the name of the program."""

    title: str
    commands: tuple[tuple[str, ...], ...]


GOALS = (
    Goal(
        "set up: members, last year's reports",
        (("init", "洛阳市", "--members", "一月/部门.txt"), ("add", "一月/上年年报.zip"), ("run",)),
    ),
    Goal(
        "(a) a list of what is wrong, with pages and notices",
        (("check", "一月/收到", "--year", "2024", "--html", "核对"),),
    ),
    Goal(
        "receive: accept, two versions, a new bureau, late reports",
        (
            ("add", "一月/收到", "--year", "2024"),
            ("add", "一月/收到/孟津区（改）.docx", "--replace"),
            ("add", "一月/收到/数据局.docx", "--body", "洛阳市数据局"),
            ("bodies", "洛阳市数据局", "--confirm"),
            ("add", "一月/补交", "--year", "2024", "--replace"),
            ("run",),
        ),
    ),
    Goal(
        "(b) the compiled Word file, after two decisions",
        (
            ("decide", "2024/410302.docx", "applications/handled/total", "--accept", *WHY),
            ("decide", "2024/410307.docx", "proactive/fees/amount", "--now", "159.2", *WHY),
            ("run",),
            ("compile", "--city", "洛阳市", "--year", "2024", "--format", "docx", "--out", "上报"),
        ),
    ),
    Goal("(c) the manager's page", (("brief", "--city", "洛阳市", "--year", "2024"),)),
)
PAGE = """# A January by commands

Written by `benchmarks/january.py`: the made January of 洛阳市 ([the clerk's guide](../guide/clerk.zh.md)), 22 files of
17 members and a new bureau, played by commands in a new folder. The seconds are those of the machine; reading and
deciding take a person longer. All reports are simulated.

| goal | commands | seconds |
|---|---:|---:|
{rows}

Before `ogi init`, `ogi add FOLDER`, `ogi check FOLDER`, `ogi brief` and the desk existed, a trial of the same tasks for
a city that is not shipped took some 25 commands, a register written by hand, and half a day.
"""


def seconds_for(goal: Goal, folder: Path) -> float:
    """Run the commands of a goal; return the seconds. Exits where a command fails."""
    started = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "zh_CN.UTF-8"}
    for command in goal.commands:
        program = [sys.executable, "-m", "pipeline.cli", *command]
        result = subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if result.returncode > 1:  # 1 says that something needs a person
            raise SystemExit(f"{command}\n{result.stdout}{result.stderr}")
    return time.monotonic() - started


def main() -> None:
    """Play the January, and print the page."""
    with tempfile.TemporaryDirectory() as scratch:
        write_january(Path(scratch) / "一月")
        rows = [(goal.title, len(goal.commands), seconds_for(goal, Path(scratch))) for goal in GOALS]
        compiled = list((Path(scratch) / "上报").glob("*年度报告.docx"))
        if len(compiled) != 1:
            raise SystemExit(f"compiled: {compiled}")
    rows.append(("in all", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    print(PAGE.format(rows="\n".join(f"| {title} | {count} | {seconds:.0f} |" for title, count, seconds in rows)))


if __name__ == "__main__":
    main()
