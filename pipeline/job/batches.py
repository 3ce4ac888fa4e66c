"""Extraction by many: batches of reports go to any `concurrent.futures` executor, and come back as tables.

Each batch is read in a guarded child of the process that the executor runs it in, so one hostile file costs that file,
wherever it is read. Order, and so every byte, is the same whatever the executor.
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pipeline.core.decisions import Decision
from pipeline.core.model import DataFault, Entry
from pipeline.extract.figure_phrases import load_phrases
from pipeline.read import load_bytes
from pipeline.registry.load import packed, unpacked
from pipeline.report import confront_all, refuse_duplicates, take_in
from pipeline.runtime.child_process import Guard, reached
from pipeline.storage.load import Tables, tables_of
from pipeline.storage.partition import Part, Share
from pipeline.storage.schema import without_pandas

# As many reports as make the tables cheap to build, and not so many bytes that a batch is a burden to send.
REPORTS, BYTES = 50, 8 * 2**20
_own = threading.local()
T = TypeVar("T")


@dataclass(frozen=True)
class Batch:
    """Reports of one part, with their bytes, empty for those with a fault, and with what the data folder adds to the
    register: who reads them needs no other file.
    """

    part: Part
    entries: tuple[Entry, ...]
    contents: tuple[bytes, ...]
    decisions: tuple[Decision, ...]
    added: bytes


@contextmanager
def local(workers: int, reader: Guard | None = None) -> Iterator[tuple[Executor, int]]:
    """An executor on this machine: a thread for each worker, and a child for each thread, `reader` for the first; and
    how many they are.
    """
    readers = [reader] if reader else []
    with ThreadPoolExecutor(workers, initializer=_begin, initargs=(readers,)) as executor:
        try:
            yield executor, workers
        finally:
            # One stop for each thread: it waits for the others, so that none is given two.
            barrier = threading.Barrier(workers)
            list(executor.map(_stop, [barrier] * workers))


def extract(
    shares: Mapping[Part, Share], root: Path, executor: Executor, ahead: int, done: Callable[[int], None]
) -> Iterator[tuple[Part, list[Tables]]]:
    """The tables of each part's batches, in order. At most `ahead` batches are under way, so that memory does not grow
    with the number of reports; `done` is told how many reports came back.
    """
    found: list[Tables] = []
    for part, future in _ahead(_submitted(shares, root, executor), ahead):
        if future is None:
            yield part, found
            found = []
        else:
            found.append(future.result())
            done(found[-1]["reports"].num_rows)


def _submitted(
    shares: Mapping[Part, Share], root: Path, executor: Executor
) -> Iterator[tuple[Part, Future[Tables] | None]]:
    """Each batch as it is submitted, and None at the end of each part."""
    added = packed(root / "raw")
    for part, share in shares.items():
        for batch in batches(part, share, root, added):
            yield part, executor.submit(take, batch)
        yield part, None


def _ahead(jobs: Iterable[T], most: int) -> Iterator[T]:
    """The jobs in order; up to `most` are taken before the first of them is asked for."""
    waiting: deque[T] = deque()
    for job in jobs:
        waiting.append(job)
        if len(waiting) >= most:
            yield waiting.popleft()
    yield from waiting


def batches(part: Part, share: Share, root: Path, added: bytes) -> Iterator[Batch]:
    """The reports of a part in batches. Reports of one body and year are judged together, so they are in one batch."""
    together = [e for e in share.entries if e.source.report_id not in share.alone]
    apart = [e for e in share.entries if e.source.report_id in share.alone]
    if together:
        yield _batch(part, [_loaded(e, root) for e in together], share, added)
    for loaded in _cut(_loaded(e, root) for e in apart):
        yield _batch(part, loaded, share, added)


def _cut(loaded: Iterable[tuple[Entry, bytes]]) -> Iterator[list[tuple[Entry, bytes]]]:
    found: list[tuple[Entry, bytes]] = []
    size = 0
    for entry, content in loaded:
        found.append((entry, content))
        size += len(content)
        if len(found) == REPORTS or size > BYTES:
            yield found
            found, size = [], 0
    if found:
        yield found


def _batch(part: Part, loaded: Sequence[tuple[Entry, bytes]], share: Share, added: bytes) -> Batch:
    return Batch(part, tuple(e for e, _ in loaded), tuple(c for _, c in loaded), share.decisions, added)


def _loaded(entry: Entry, root: Path) -> tuple[Entry, bytes]:
    """The entry with its bytes; with a fault where they cannot be had, or are not those that the run was planned on."""
    if entry.fault is not None:
        return entry, b""
    try:
        content = load_bytes(root / entry.source.path)
    except DataFault as fault:
        return entry._replace(fault=fault), b""
    if hashlib.sha256(content).hexdigest() != entry.source.sha256:
        return entry._replace(fault=DataFault("read.changed")), b""
    return entry, content


def take(batch: Batch) -> Tables:
    """The tables of a batch, read in a child of this process. A report that the child does not survive gets the fault,
    and the others are read again. That a child dies may have another cause, such as a system short of memory: only
    when a second one dies at the same place is the report to blame. Raises DataFault where none gets to a report.
    """
    guard = _guard()
    died: set[int | None] = set()
    while True:
        try:
            return guard.call(take_all, batch)
        except DataFault as fault:
            if fault.code == "read.crashed" and guard.at not in died:
                died.add(guard.at)
                continue
            if guard.at is None:
                raise DataFault("run.child") from fault
            batch = _blame(batch, guard.at, fault)


def get_ready(added: bytes) -> None:
    """Read what every report is read with, and what the data folder adds to the register."""
    unpacked(added)
    load_phrases()


def take_all(batch: Batch) -> Tables:
    """The tables of a batch, read in this process."""
    without_pandas()
    intakes, known = [], unpacked(batch.added)
    for number, (entry, content) in enumerate(zip(batch.entries, batch.contents, strict=True)):
        reached(number)
        intakes.append(take_in(entry, content, known, batch.decisions))
    refuse_duplicates(intakes)
    confront_all(intakes)
    return tables_of(intakes)


def _blame(batch: Batch, number: int, fault: DataFault) -> Batch:
    entries = [e._replace(fault=fault) if i == number else e for i, e in enumerate(batch.entries)]
    return replace(batch, entries=tuple(entries))


def _begin(readers: list[Guard]) -> None:
    if readers:
        _own.guard = readers.pop()


def _guard() -> Guard:
    if not hasattr(_own, "guard"):
        _own.guard = Guard()
    guard: Guard = _own.guard
    return guard


def _stop(barrier: threading.Barrier) -> None:
    barrier.wait()
    if hasattr(_own, "guard"):
        _own.guard.stop()
        del _own.guard
