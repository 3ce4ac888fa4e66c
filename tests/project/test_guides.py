"""Run every command of the guides in order, and compare its output with the lines that the guide shows."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from support.project import ROOT, fresh, ogi_here

pytestmark = pytest.mark.slow

GUIDES = (
    "../README.md", "../README.zh.md", "guide/clerk.zh.md", "guide/analyst.md", "guide/questions.md",
    "guide/developer.md", "architecture.md",
)  # fmt: skip
OWN_DATA = ("guide/clerk.zh.md",)  # guides that start in an empty folder
ANYTHING = "…"  # in an expected line: any text; as a whole line: any number of lines


class Step(NamedTuple):
    """A command of a guide, and the lines of its output that the guide shows."""

    command: str
    output_lines: list[str]


def read_steps(name: str) -> list[Step]:
    """Return the steps in the ```console blocks of a guide."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    steps: list[Step] = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append(Step(line[2:], []))
            elif line.strip():
                steps[-1].output_lines.append(line)
    return steps


def matches(expected: str, line: str) -> bool:
    """Return whether a line is the expected one; the widths of spaces may differ."""
    pattern = ".*".join(re.escape(part) for part in " ".join(expected.split()).split(ANYTHING))
    return re.fullmatch(pattern, " ".join(line.split())) is not None


def first_missing_line(expected_lines: list[str], output: str) -> str | None:
    """Return the first expected line that the output lacks, None if it has all of them in this order."""
    lines = iter(output.splitlines())
    for expected in expected_lines:
        if expected.strip() != ANYTHING and not any(matches(expected, line) for line in lines):
            return expected
    return None


def run(folder: Path, command: str) -> str:
    """Run `ogi` or a script in a folder. Return its output, and the exit code of `ogi`."""
    program, *arguments = shlex.split(re.sub(r"^uv run (--group \w+ )?", "", command))
    if program == "python":
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.check_output([sys.executable, *arguments], cwd=folder, env=environment, text=True)
    assert program == "ogi", command
    result = ogi_here(folder, *arguments)
    assert result.returncode in (0, 1), result.stderr
    return f"{result.stdout}\n{result.stderr}\n退出码 {result.returncode} exit code {result.returncode}"


@pytest.mark.parametrize("name", GUIDES)
def test_commands_print_the_lines_that_the_guide_shows(name: str, built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    if name not in OWN_DATA:
        fresh(folder)
        # The first `ogi run` then finds its snapshot built but not published, and prints the same.
        shutil.copytree(built / "data" / "versions", folder / "data" / "versions")
    shutil.copytree(ROOT / "docs" / "examples", folder / "docs" / "examples")
    steps = read_steps(name)
    assert len(steps) >= 3
    for step in steps:
        output = run(folder, step.command)
        missing_line = first_missing_line(step.output_lines, output)
        assert missing_line is None, f"$ {step.command}\nlacks: {missing_line}\n{output}"


@pytest.mark.parametrize("name", GUIDES)
def test_guide_shows_only_pictures_and_files_that_exist(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / "docs" / name).parent / link).exists(), link
    for path in re.findall(r"`((?:pipeline|sql|expectations|tests|benchmarks|deploy|notebooks)/[\w./]*)`", text):
        assert (ROOT / path).exists(), path


def test_missing_line_is_noticed() -> None:
    assert first_missing_line(["a … c", "…", "last"], "a b  c\nmore\nlast") is None
    assert first_missing_line(["a", "b"], "b\na") == "b"
