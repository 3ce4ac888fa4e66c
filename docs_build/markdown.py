"""Parts of a Markdown page: escaped text, code, tables, and the head of a generated page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path

_SPECIAL = re.compile(r"([\\*_\[\]|])")


def text(value: object) -> str:
    """Return a text that Markdown shows as it is, on one line; its code spans stay code."""
    parts = str(value).strip().split("`")
    for i in range(0, len(parts), 2):  # the parts between are code
        parts[i] = _SPECIAL.sub(r"\\\1", parts[i]).replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    return "`".join(parts)


def code(value: object) -> str:
    """Return a code span; '' for an empty text. A table cannot hold a bar in one."""
    return f"`{value}`" if str(value) else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table with cells that are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def page(title: str, lead: str, sections: Iterable[str]) -> str:
    """Return a page with a heading, the sentences about it, and the way to write it again."""
    note = "Written by `uv run python -m docs_build`; do not edit this page."
    return "\n".join([f"# {title}\n", f"{lead}\n", f"{note}\n", *sections]).rstrip("\n") + "\n"


def first_comment(path: Path) -> str:
    """Return the comment at the head of a SQL file, which says what a row is."""
    lines = takewhile(lambda line: line.startswith("-- "), path.read_text(encoding="utf-8").splitlines())
    return " ".join(line.removeprefix("-- ") for line in lines)
