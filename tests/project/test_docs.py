from __future__ import annotations

import re

import pytest
from support.project import ROOT

from pipeline.cli.main import COMMANDS

READMES = ("README.md", "README.zh.md")


def blocks(name: str) -> list[str]:
    return re.findall(r"```\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)


def test_both_readmes_give_the_same_commands() -> None:
    first, second = (blocks(name) for name in READMES)
    assert first == second
    assert len(first) > 3


@pytest.mark.parametrize("name", READMES)
def test_a_readme_names_every_command_and_only_existing_files(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `ogi (\w+)", text, re.MULTILINE)) == set(COMMANDS)
    for path in re.findall(r"`((?:pipeline|sql|expectations|data/raw|benchmarks)/[\w./]+)`", text):
        assert (ROOT / path).exists(), path


def test_ci_runs_the_tests_as_the_readme_says() -> None:
    commands = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (tests,) = [b.strip() for b in blocks("README.md") if "pytest" in b]
    assert tests in commands.splitlines()
