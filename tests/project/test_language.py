"""Test the English of code, messages and documents: no misspelt word, and no idiom that is hard to read.

Many readers are not native speakers. A sentence that must be read twice is a defect.
"""

from __future__ import annotations

import ast
import csv
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

from support.project import ROOT

FOLDERS = ("pipeline", "sql", "tests", "benchmarks", "docs", "docs_build", "deploy", "notebooks")
ROOT_FILES = (
    "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "CITATION.cff", "data/LICENSE", "pyproject.toml",
)  # fmt: skip
# Chinese text, texts of other authors, and documents that are input.
SKIPPED = re.compile(
    r"\.zh\.md$|/assets/echarts/|htmx\.min\.js$|/corpus/|/regressions/|/seeds/|/offline/|regions[^/]*\.csv$"
)
ENGLISH_COLUMNS = {"pipeline/core/messages.csv": "en", "pipeline/reference/columns.csv": "en"}
# Patterns of idioms, and the words to write instead.
IDIOMS = {
    r"\btold\b": "reported, detected, shown",
    r"\bstands?\b(?! for\b)(?!-in)": "is",
    r"\bbeside\b": "next to",
    r"\banew\b": "again",
    r"\bmend(?:s|ed|ing)?\b": "correct, repair",
    r"\bgoe?s? into\b": "is written to, is part of",
    r"(?<!two )(?<!one )(?<!some )(?<!most )\bof which\b": "name the thing again",
    r"\bso many\b": "the number, up to `count`",
    r"\b(?:cannot|could not|can) be had\b": "is missing, cannot be downloaded",
    r"\bin vain\b": "without success",
    r"\bwhoever\b": "a person who",
    r"\bnothing but\b": "only",
    r"\bbe it\b": "also",
    r"\bas it were\b": "leave it out",
    r"\bto be had\b": "available",
    r"\bthereof\b|\bwherein\b|\bwhereby\b|\blest\b": "a modern word",
    r", for (?:it|they|there|nobody|nothing|no|what|its)\b": "because",
    r"\ba (?:line|row|file|report|sentence) (?:a|an|each) \w+\b": "per",
    r"^What \w+": "a verb in the imperative, or a noun",
}


def english_files() -> list[Path]:
    """Return the files with English text that the project's authors write."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    paths += [ROOT / name for name in ROOT_FILES]
    suffixes = (".py", ".sql", ".md", ".yaml", ".toml", ".js", ".css", ".html", ".cron", ".service", ".timer")
    names = {path: path.relative_to(ROOT).as_posix() for path in paths}
    return sorted(
        path
        for path, name in names.items()
        if (path.suffix in suffixes or name in (*ENGLISH_COLUMNS, *ROOT_FILES)) and not SKIPPED.search(name)
    )


def english_texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line number and text of the docstrings and comments of code, the English messages, and other lines."""
    name, content = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _docstrings(content)
        tokens = tokenize.generate_tokens(io.StringIO(content).readline)
        yield from ((token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT)
    elif name in ENGLISH_COLUMNS:
        lines = csv.DictReader(io.StringIO(content))
        yield from ((lines.line_num, line[ENGLISH_COLUMNS[name]]) for line in lines)
    else:
        marks = {".sql": "--", ".js": "//", ".toml": "#", ".yaml": "#"}
        mark = marks.get(path.suffix, "")
        for number, line in enumerate(content.splitlines(), 1):
            if mark in line:
                yield number, line.split(mark, 1)[1] if mark else line


def _docstrings(content: str) -> Iterator[tuple[int, str]]:
    """Yield line number and text of each docstring, with its line breaks as spaces."""
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (text := ast.get_docstring(node)):
            yield node.body[0].lineno, " ".join(text.split())


def test_no_text_uses_an_idiom_that_is_hard_to_read() -> None:
    patterns = {re.compile(i, re.IGNORECASE if not i.startswith("^") else 0): better for i, better in IDIOMS.items()}
    matches = [
        f"{path.relative_to(ROOT)}:{number}: {text.strip()[:100]} (write: {better})"
        for path in english_files()
        if path != Path(__file__)
        for number, text in english_texts(path)
        for pattern, better in patterns.items()
        if pattern.search(text)
    ]
    assert matches == []


def test_no_word_is_misspelt() -> None:
    files = [str(path.relative_to(ROOT)) for path in english_files()]
    command = [sys.executable, "-m", "codespell_lib", *files]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.stdout == ""


def test_check_finds_an_idiom_and_a_misspelt_word(tmp_path: Path) -> None:
    text = (
        '"""What is told."""\n\n\ndef get() -> int:\n'
        '    """Recieve it."""\n'  # codespell:ignore recieve
        "    return 1  # it stands here\n"
    )
    assert [line for line, _ in _docstrings(text)] == [1, 5]
    assert re.search(r"^What \w+", next(_docstrings(text))[1])
    (tmp_path / "a.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "codespell_lib", "a.py"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Recieve ==> Receive" in result.stdout  # codespell:ignore recieve
