"""Every command of the guides is run, in order, and prints what they say it prints."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from support.project import ROOT, fresh, ogi_here, ogi_in

GUIDES = ("clerk.zh.md", "analyst.md", "developer.md")
Step = tuple[str, list[str]]


def steps(name: str) -> list[Step]:
    """(command, lines of its output) of each ```console block; `…` stands for anything, a line of it for many lines."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    found: list[Step] = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif line.strip():
                found[-1][1].append(line)
    return found


def fits(expected: str, line: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in " ".join(expected.split()).split("…"))
    return re.fullmatch(pattern, " ".join(line.split())) is not None


def unmet(expected: list[str], said: str) -> str | None:
    """The first line that the output lacks, in order."""
    lines = iter(said.splitlines())
    for wanted in expected:
        if wanted.strip() != "…" and not any(fits(wanted, line) for line in lines):
            return wanted
    return None


def run(folder: Path, command: str) -> str:
    """The output of a step: `ogi`, or one of the few commands of a shell that the guides use."""
    program, *arguments = shlex.split(command)
    if program == "cp":
        shutil.copy(folder / arguments[0], folder / arguments[1])
        return ""
    assert program == "ogi", command
    ogi = ogi_in if arguments[0] == "run" else ogi_here
    result = ogi(folder, *arguments)
    assert result.returncode in (0, 1), result.stderr
    return f"{result.stdout}\n{result.stderr}\n退出码 {result.returncode} exit code {result.returncode}"


@pytest.mark.parametrize("name", GUIDES)
def test_the_commands_of_a_guide_print_what_it_says(name: str, built: Path, tmp_path: Path) -> None:
    folder = fresh(tmp_path / "project")
    # The first `ogi run` finds what it would publish built but not published, and says the same.
    shutil.copytree(built / "data" / "versions", folder / "data" / "versions")
    shutil.copytree(ROOT / "docs" / "examples", folder / "examples")
    found = steps(name)
    assert len(found) >= 3
    for command, expected in found:
        said = run(folder, command)
        assert unmet(expected, said) is None, f"$ {command}\nlacks: {unmet(expected, said)}\n{said}"


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_shows_only_pictures_and_files_that_exist(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / "docs" / link).exists(), link
    for path in re.findall(r"`((?:pipeline|sql|expectations|tests|benchmarks|deploy|notebooks)/[\w./]*)`", text):
        assert (ROOT / path).exists(), path


def test_the_runner_notices_a_missing_line() -> None:
    assert unmet(["a … c", "…", "last"], "a b  c\nmore\nlast") is None
    assert unmet(["a", "b"], "b\na") == "b"
