"""Validate: run the Great Expectations suites of `expectations/` on every curated table before it is published.

Suites are plain JSON files, one a table. Great Expectations drops an expectation whose type it does not know and then
reports success, so what it kept is counted; and its `success` is the gate here whatever an expectation's severity.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import pyarrow.parquet as pq

from pipeline.core.model import DataFault, ProjectFault
from pipeline.core.paths import EXPECTATIONS
from pipeline.storage import load
from pipeline.storage.schema import dictionary, key
from pipeline.validate import worker as examine
from pipeline.validate.worker import Examined, Violation, examiner

T = TypeVar("T")
ROWS = 250_000  # validated at a time: a GB as pandas has them


def suites(folder: Path = EXPECTATIONS) -> dict[str, list[dict[str, Any]]]:
    """The expectations of each table. Raises ProjectFault for a file that is no suite, or a table without one."""
    found = {path.stem: _suite(path) for path in sorted(folder.glob("*.json"))}
    differing = set(found) ^ set(dictionary())
    if differing:
        raise ProjectFault(f"expectations: one suite a curated table is needed; wrong: {sorted(differing)}")
    return found


def _suite(path: Path) -> list[dict[str, Any]]:
    try:
        suite = json.loads(path.read_text(encoding="utf-8"))
        expectations = suite["expectations"]
    except (ValueError, KeyError, TypeError) as error:
        raise ProjectFault(f"{path.name}: no suite: {error}") from error
    if suite.get("name") != path.stem or not isinstance(expectations, list) or not expectations:
        raise ProjectFault(f"{path.name}: must be named {path.stem} and hold expectations")
    return expectations


class Validator:
    """Runs the suites beside the rest of the job, in a child process: Great Expectations takes seconds to be loaded.

    Its pages on the suites that are not met, and an index of all, are written to `docs`.
    """

    def __init__(self, docs: Path) -> None:
        self._docs = docs
        self._wanted = suites()
        self._thread = ThreadPoolExecutor(1)
        self._submitted: set[str] = set()
        self._over = False
        self._examined: list[Future[Examined]] = []

    def __enter__(self) -> Validator:
        self._thread.submit(examiner.call, examine.prepare, self._docs)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if fault is not None:  # what it is at is not wanted any more
            self._over = True
            examiner.interrupt()
        self._thread.shutdown(cancel_futures=True)

    def submit(self, folder: Path, tables: Iterable[str] | None, known: Container[str]) -> None:
        """Validate the files of these tables, of all for None, but those that are known to be valid."""
        for table in tables or self._wanted:
            self.submit_table(folder, known, table)

    def submit_table(self, folder: Path, known: Container[str], table: str) -> None:
        """Validate the files of a table, but those that are known to be valid."""
        names = [f"{table}/{name}" for name in load.names(folder, table).values()]
        fresh = [name for name in names if name not in known and name not in self._submitted]
        self._submitted.update(fresh)
        for files in _portions([folder / name for name in fresh]):
            call = partial(self._call, examine.examine, table, key(table), self._wanted[table], files)
            self._examined.append(self._thread.submit(call))

    def violations(self) -> list[Violation]:
        """What is not met, once all that was submitted is examined."""
        examined = [future.result() for future in self._examined]
        self._thread.submit(self._call, examine.finish, self._docs, list(self._wanted), examined).result()
        return [v for e in sorted(examined, key=lambda e: list(self._wanted).index(e.table)) for v in e.violations]

    def _call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Have the child do it; another child, once, where the first died. Raises DataFault where that dies too."""
        try:
            return self._once(function, *arguments)
        except DataFault:
            if self._over:
                raise
        try:
            return self._once(function, *arguments)
        except DataFault as fault:
            raise DataFault("run.child") from fault

    def _once(self, function: Callable[..., T], *arguments: Any) -> T:
        found: T = examiner.call(examine.prepared, self._docs, function, *arguments)
        return found


def validate(folder: Path, docs: Path) -> list[Violation]:
    """The violations in a staged snapshot."""
    with Validator(docs) as validator:
        validator.submit(folder, None, ())
        return validator.violations()


def _portions(files: Sequence[Path]) -> Iterator[list[Path]]:
    """The files in portions that fit into memory as pandas has them. No expectation looks beyond a part."""
    found: list[Path] = []
    rows = 0
    for path in files:
        found.append(path)
        rows += pq.read_metadata(path).num_rows
        if rows >= ROWS:
            yield found
            found, rows = [], 0
    if found:
        yield found
