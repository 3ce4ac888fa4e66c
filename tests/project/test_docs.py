"""Test that both READMEs have the same commands, name every command of ogi, and name only existing files."""

from __future__ import annotations

import re

import pytest
from support.project import ROOT

from pipeline.cli.main import COMMANDS

READMES = ("README.md", "README.zh.md")


def code_blocks(name: str) -> list[str]:
    """Return the code blocks of a README."""
    return re.findall(r"```\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)


def test_both_readmes_give_the_same_commands() -> None:
    english, chinese = (code_blocks(name) for name in READMES)
    assert english == chinese
    assert len(english) > 3


@pytest.mark.parametrize("name", READMES)
def test_readme_names_every_command_and_only_existing_files(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `ogi (\w+)", text, re.MULTILINE)) == set(COMMANDS)
    for path in re.findall(r"`((?:pipeline|sql|expectations|data/raw|benchmarks)/[\w./]+)`", text):
        assert (ROOT / path).exists(), path


def test_ci_runs_the_test_command_of_the_readme() -> None:
    ci_lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    (test_command,) = [block.strip() for block in code_blocks("README.md") if "pytest" in block]
    assert test_command in ci_lines
