"""Corrupt a small snapshot in every way of `tests/support/corruptions.py`, and write which rule sees each corruption.

`uv run --group dev python benchmarks/mutations.py > docs/measured/mutations.md` takes a minute or two.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.corrupted import corrupted, failed_assertions, failed_expectations, load_snapshot, make_project
from support.corruptions import BY_A_READER, CORRUPTIONS, WRITTEN_LATER, Corruption

from pipeline.validate.assertions import assertions

INTRODUCTION = """# Corrupted snapshots

Written by `benchmarks/mutations.py`. A small snapshot has the shipped reports and a simulated corpus with planted
errors, changes of bodies, and decisions. Each corruption changes one table of it. The last columns give the number of
assertions (`sql/assertions`) that see it, with the first two, and the number of expectations of the table's own suite.
`tests/validate/test_assertions.py` requires that each corruption is seen, and that nothing is seen on the clean data.
"""
LATER = """Twelve mistakes of another style were written when the assertions were finished: they touch many rows or
several tables. The assertions saw eleven of them at first. Nothing was changed for the other one: no other table has
the hash of a file, so only the manifest in `data/raw` contradicts it."""
READER = """An analyst who had read the tables and views, but no assertion, wrote fourteen mistakes. The assertions saw
ten of them at first. For the others, three assertions were added and one was tightened: the city, province and function
of a body, the implied growth, and the doubts of a headline growth."""
GROUPS = (CORRUPTIONS, WRITTEN_LATER, BY_A_READER)
HEAD = "| table | corruption | assertions | first assertions | suite |\n|---|---|---:|---|---:|"


def main() -> None:
    """Print the page."""
    with tempfile.TemporaryDirectory() as folder:
        with redirect_stdout(sys.stderr):
            project = make_project(Path(folder) / "project")
        connection = load_snapshot(project)
        clean = len(list(failed_assertions(connection, assertions())))
        sections = [_section(connection, group, Path(folder)) for group in GROUPS]
    print(INTRODUCTION)
    print(f"{len(assertions())} assertions; on the clean snapshot {clean} fail.\n")
    print(f"## Corruptions for which the assertions were written\n\n{sections[0]}\n")
    print(f"## Corruptions written afterwards\n\n{LATER}\n\n{sections[1]}\n")
    print(f"## Corruptions written by a reader of the tables\n\n{READER}\n\n{sections[2]}")


def _section(connection: duckdb.DuckDBPyConnection, group: tuple[Corruption, ...], folder: Path) -> str:
    rows = [(corruption, *_seen_by(connection, corruption, folder)) for corruption in group]
    seen = sum(bool(failed or expectations) for _, failed, expectations in rows)
    lines = "\n".join(_line(*row) for row in rows)
    return f"{seen} of {len(rows)} are seen.\n\n{HEAD}\n{lines}"


def _seen_by(
    connection: duckdb.DuckDBPyConnection, corruption: Corruption, folder: Path
) -> tuple[list[str], list[str]]:
    """Return the assertions and the expectations of the table's suite that see a corruption."""
    readers = [assertion for assertion in assertions() if corruption.table in assertion.reads]
    with corrupted(connection, corruption):
        failed = list(failed_assertions(connection, readers))
        return failed, failed_expectations(connection, corruption.table, folder)


def _line(corruption: Corruption, failed: list[str], expectations: list[str]) -> str:
    names = ", ".join(f"`{name}`" for name in failed[:2])
    return f"| {corruption.table} | {corruption.kind} | {len(failed)} | {names} | {len(expectations)} |"


if __name__ == "__main__":
    main()
