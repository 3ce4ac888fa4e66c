"""Extract in batches: any `concurrent.futures` executor reads batches of reports, and returns rows of tables.

Each batch is read in a guarded child of the process that the executor runs it in, so a hostile file costs only itself.
The order of the rows, and so every byte, is the same for every executor.
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pipeline.core.decisions import Decision
from pipeline.core.model import DataFault, Entry
from pipeline.extract.figure_phrases import load_phrases
from pipeline.job.inventory import Partition
from pipeline.read import load_bytes
from pipeline.registry.load import office_register_bytes, register_from_bytes
from pipeline.report import apply_identities, process_report, quarantine_duplicates
from pipeline.runtime.child_process import Guard, report_position
from pipeline.storage.load import Tables, tables_of
from pipeline.storage.schema import keep_pandas_out

# Enough reports to build tables cheaply, and few enough bytes to send.
BATCH_REPORTS, BATCH_BYTES = 50, 8 * 2**20
BATCHES_PER_WORKER = 4  # submitted at a time, so that memory does not grow with the number of reports
_thread = threading.local()
T = TypeVar("T")


@dataclass(frozen=True)
class Batch:
    """Reports of one year with everything that their rows depend on. Reading a batch needs no file of the data folder.

    `contents` has the bytes of each entry, empty for an entry with a fault.
    """

    entries: tuple[Entry, ...]
    contents: tuple[bytes, ...]
    decisions: tuple[Decision, ...]
    office_register: bytes


@dataclass(frozen=True)
class Readers:
    """An executor, and how many batches it reads at a time."""

    executor: Executor
    workers: int


@contextmanager
def local_readers(workers: int, first_child: Guard | None = None) -> Iterator[Readers]:
    """Read on this machine: one thread per worker, and one child process per thread.

    `first_child` is lent to the first thread; the others end with the context.
    """
    prepared = [first_child] if first_child else []
    with ThreadPoolExecutor(workers, initializer=_adopt_child, initargs=(prepared,)) as executor:
        try:
            yield Readers(executor, workers)
        finally:
            # Each thread stops its child once: it waits for the others, so that no thread gets two of these calls.
            barrier = threading.Barrier(workers)
            list(executor.map(_stop_child, [barrier] * workers, [first_child] * workers))


def extract(
    partitions: Iterable[Partition], root: Path, readers: Readers, done: Callable[[int], None]
) -> Iterator[tuple[Partition, list[Tables]]]:
    """Yield the tables of each partition's batches, in order. Call `done` with the number of reports of each batch."""
    tables: list[Tables] = []
    jobs = _submit(partitions, root, readers.executor)
    for partition, future in _look_ahead(jobs, BATCHES_PER_WORKER * readers.workers):
        if future is None:
            yield partition, tables
            tables = []
        else:
            tables.append(future.result())
            done(tables[-1]["reports"].num_rows)


def _submit(
    partitions: Iterable[Partition], root: Path, executor: Executor
) -> Iterator[tuple[Partition, Future[Tables] | None]]:
    """Submit each batch and yield its future; yield None at the end of each partition."""
    office_register = office_register_bytes(root / "raw")
    for partition in partitions:
        for batch in batches(partition, root, office_register):
            yield partition, executor.submit(read_batch, batch)
        yield partition, None


def _look_ahead(jobs: Iterable[T], count: int) -> Iterator[T]:
    """Yield the jobs in order, each after up to `count` jobs have been taken."""
    waiting: deque[T] = deque()
    for job in jobs:
        waiting.append(job)
        if len(waiting) >= count:
            yield waiting.popleft()
    yield from waiting


def batches(partition: Partition, root: Path, office_register: bytes) -> Iterator[Batch]:
    """Yield the reports of a partition in batches. Reports that share body and year are in the same batch."""
    groups: list[list[Entry]] = [[], []]
    for entry in partition.entries:
        groups[entry.source.report_id not in partition.duplicates].append(entry)
    loaded = ([_load(e, root) for e in groups[0]], *_cut(_load(e, root) for e in groups[1]))
    for group in filter(None, loaded):
        yield Batch(tuple(e for e, _ in group), tuple(c for _, c in group), partition.decisions, office_register)


def _cut(reports: Iterable[tuple[Entry, bytes]]) -> Iterator[list[tuple[Entry, bytes]]]:
    group: list[tuple[Entry, bytes]] = []
    for report in reports:
        group.append(report)
        if len(group) == BATCH_REPORTS or sum(len(content) for _, content in group) > BATCH_BYTES:
            yield group
            group = []
    yield group


def _load(entry: Entry, root: Path) -> tuple[Entry, bytes]:
    """Return the entry and its bytes; with a fault if they cannot be read or changed after the plan was made."""
    if entry.fault is not None:
        return entry, b""
    try:
        content = load_bytes(root / entry.source.path)
    except DataFault as fault:
        return entry._replace(fault=fault), b""
    if hashlib.sha256(content).hexdigest() != entry.source.sha256:
        return entry._replace(fault=DataFault("read.changed")), b""
    return entry, content


def read_batch(batch: Batch) -> Tables:
    """Return the tables of a batch, read in a child of this process.

    A report that crashes its child gets the fault, and the others are read again. Other causes, such as a lack of
    memory, crash a child too, so only the second crash at the same report counts. Raises DataFault if children crash
    before they start a report.
    """
    child = _child()
    crashed_at: set[int | None] = set()
    while True:
        try:
            return child.call(read_here, batch)
        except DataFault as fault:
            if fault.code == "read.crashed" and child.position not in crashed_at:
                crashed_at.add(child.position)
                continue
            if child.position is None:
                raise DataFault("run.child") from fault
            batch = _with_fault(batch, child.position, fault)


def prepare_reader(office_register: bytes) -> None:
    """Load the register and the phrases, which every report needs."""
    register_from_bytes(office_register)
    load_phrases()


def read_here(batch: Batch) -> Tables:
    """Return the tables of a batch, read in this process."""
    keep_pandas_out()
    register, reports = register_from_bytes(batch.office_register), []
    for number, (entry, content) in enumerate(zip(batch.entries, batch.contents, strict=True)):
        report_position(number)
        reports.append(process_report(entry, content, register, batch.decisions))
    quarantine_duplicates(reports)
    apply_identities(reports)
    return tables_of(reports)


def _with_fault(batch: Batch, number: int, fault: DataFault) -> Batch:
    entries: Sequence[Entry] = batch.entries
    return replace(batch, entries=(*entries[:number], entries[number]._replace(fault=fault), *entries[number + 1 :]))


def _adopt_child(prepared: list[Guard]) -> None:
    if prepared:
        _thread.child = prepared.pop()


def _child() -> Guard:
    if not hasattr(_thread, "child"):
        _thread.child = Guard()
    child: Guard = _thread.child
    return child


def _stop_child(barrier: threading.Barrier, lent: Guard | None) -> None:
    barrier.wait()
    if hasattr(_thread, "child") and _thread.child is not lent:
        _thread.child.stop()
