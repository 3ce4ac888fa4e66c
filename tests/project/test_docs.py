"""Test that both READMEs are short, have the same commands and links, and name only existing files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest
from support.project import ROOT

READMES = ("README.md", "README.zh.md")
COMMANDED = ("*.md", "Makefile", ".ci/run", "docs/**/*", "benchmarks/**/*", "tests/**/*", "notebooks/*")
MAX_README_LINES = 120
TOOL = re.compile(r"\b(?:pytest|ruff|mypy|codespell|jupyter|python (?:benchmarks|docs|tests)/?\S*)\b")


def commands_and_code(name: str) -> set[str]:
    """Return the commands in the code blocks of a README, without `--lang`, and the code in its text."""
    text = (ROOT / name).read_text(encoding="utf-8")
    commands = re.findall(r"^(?:\$ )?(uv run .*?)(?: --lang \w+)?$", text, re.MULTILINE)
    return {*commands, *re.findall(r"`((?:ogi|uv|make|data|python3|\.venv)\b[^`\n]*)`", text)}


def test_both_readmes_give_the_same_commands() -> None:
    english, chinese = (commands_and_code(name) for name in READMES)
    assert len(english) > 10
    assert {re.sub("<.*?>", "<>", text) for text in english} == {re.sub("<.*?>", "<>", text) for text in chinese}


@pytest.mark.parametrize("name", READMES)
def test_readme_is_short_and_names_only_existing_files(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_README_LINES
    for path in re.findall(r"\]\(([^):#]+)(?:#[\w-]+)?\)|src=\"([^\"]+)\"", text):
        assert (ROOT / "".join(path)).exists(), path
    for path in re.findall(r"`((?:pipeline|sql|expectations|data/raw|benchmarks)/[\w./]+)`", text):
        assert (ROOT / path).exists(), path


def test_ci_runs_the_test_command_of_the_readme() -> None:
    ci_lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    (test_command,) = (text for text in commands_and_code("README.md") if "pytest" in text)
    assert test_command in ci_lines


def test_uv_installs_the_packages_of_developers_only_on_request() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["uv"]["default-groups"] == []


def uv_commands() -> Iterator[tuple[str, str]]:
    """Yield the file and text of each `uv run` of a tool: up to the tool, also if a line ends between the two."""
    for path in sorted({p for pattern in COMMANDED for p in ROOT.glob(pattern) if p.is_file()}):
        if path.suffix in (".md", ".py", ".ipynb") or path.name in ("Makefile", "run"):
            for command in re.findall(r"\buv run\s[^`\\|]{0,120}", path.read_text(encoding="utf-8")):
                if (tool := TOOL.search(command)) and not re.search(r"\bogi\b|\n\S*\n", command[: tool.start()]):
                    yield path.relative_to(ROOT).as_posix(), command[: tool.end()]


def test_commands_of_developers_name_their_group() -> None:
    commands = list(uv_commands())
    assert len(commands) > 30
    assert [(name, command) for name, command in commands if " --group " not in command] == []
