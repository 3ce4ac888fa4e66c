"""The gate: run the Great Expectations suites of `expectations/` on every curated table before it is published.

The job runs the assertions of `sql/assertions` itself (`staged`), while the suites run in a child process.

Suites are plain JSON files, one per table. Great Expectations ignores an expectation of an unknown type and reports
success, so `worker` compares the number of expectations. A violation of any severity prevents publication.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import pyarrow.parquet as pq

from pipeline.core.model import DataFault
from pipeline.storage.dictionary import LOADED, dictionary, key
from pipeline.storage.differences import Differences
from pipeline.storage.partition import TableFiles, stem_of
from pipeline.validate import worker
from pipeline.validate.data_docs import ASSERTIONS
from pipeline.validate.results import AssertionResult
from pipeline.validate.suites import read_suites
from pipeline.validate.worker import Sample, SuiteResult, Violation, validating_child

T = TypeVar("T")
REWRITTEN = ("findings", "decisions")  # loaded tables that the roll-up writes again
SAMPLE_ROWS = 250_000  # validated together: they take 1 GB in pandas


class Validator:
    """Runs suites in a child process while the job continues, because importing Great Expectations takes seconds.

    Files in `valid` met their suites in an earlier run, and so did the rows that `differences` finds in another file of
    the same table and year: no expectation compares the rows of different bodies or reports. The folder `docs` gets a
    page per violated suite and an index.
    """

    def __init__(self, docs: Path, valid: Container[str] = (), differences: Differences | None = None) -> None:
        # The child, which later runs of this process use too, may have another working directory.
        self._docs, self._valid, self._differences = docs.resolve(), valid, differences
        self._suites = read_suites()
        self._thread = ThreadPoolExecutor(1)
        self._submitted: set[str] = set()
        self._cancelled = False
        self._results: list[Future[list[SuiteResult]]] = []

    def __enter__(self) -> Validator:
        self._thread.submit(validating_child.call, worker.prepare, self._docs)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if fault is not None:  # nobody needs the result of the suite that is running
            self._cancelled = True
            validating_child.interrupt()
        self._thread.shutdown(cancel_futures=True)

    def submit_all(self, files: TableFiles) -> None:
        """Validate the files of all tables that were not submitted before."""
        for table in dictionary():
            self.submit(files, table)

    def submit_loaded(self, files: TableFiles) -> None:
        """Validate the loaded tables. The roll-up writes the tables `REWRITTEN` again, so they are submitted later."""
        for table in LOADED:
            if table not in REWRITTEN:
                self.submit(files, table)

    def submit_written(self, files: TableFiles, table: str, stems: Collection[str]) -> None:
        """Validate the files of a table with these stems; its other files may still be written again."""
        self._submit(table, files, [name for stem, name in files.names(table).items() if stem in stems])

    def submit(self, files: TableFiles, table: str) -> None:
        """Validate the files of a table that are not known to be valid."""
        self._submit(table, files, files.names(table).values())

    def _submit(self, table: str, files: TableFiles, candidates: Iterable[str]) -> None:
        names = [name for name in candidates if name not in self._valid and name not in self._submitted]
        self._submitted.update(names)
        if names:
            self._results.append(self._thread.submit(self._test, table, TableFiles(files.folder.resolve()), names))

    def _test(self, table: str, files: TableFiles, names: Iterable[str]) -> list[SuiteResult]:
        """Test some files of a table: of a file that is compared with a valid one, the rows of those that differ."""
        whole: list[Path] = []
        samples: list[Sample] = []
        for name in names:
            owners = self._differences.changed_owners(files, table, stem_of(name)) if self._differences else None
            if owners is None:
                whole.append(files.folder / name)
            elif owners:
                samples.append(Sample(table, key(table), [files.folder / name], owners))
        samples += [Sample(table, key(table), paths) for paths in _samples(whole)]
        return [self._call(worker.run_suite, sample, self._suites[table]) for sample in samples]

    def violations(self, asserted: Sequence[AssertionResult] = ()) -> list[Violation]:
        """Wait until all submitted files are validated; return the expectations and the `asserted` that are not met.

        An assertion of severity `warning` is only shown on its page.
        """
        results = [result for future in self._results for result in future.result()]
        self._thread.submit(self._call, worker.write_pages, self._docs, list(self._suites), results, asserted).result()
        order = list(self._suites)
        in_suites = [v for r in sorted(results, key=lambda r: order.index(r.table)) for v in r.violations]
        return in_suites + [assertion_violation(r) for r in asserted if not r.is_met and r.severity == "error"]

    def _call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call a function in the child, and again in a new child if it crashes. Raises DataFault after two crashes."""
        try:
            return self._call_once(function, *arguments)
        except DataFault:
            if self._cancelled:
                raise
        try:
            return self._call_once(function, *arguments)
        except DataFault as fault:
            raise DataFault("run.child") from fault

    def _call_once(self, function: Callable[..., T], *arguments: Any) -> T:
        result: T = validating_child.call(worker.call_prepared, self._docs, function, *arguments)
        return result


def validate(folder: Path, docs: Path, asserted: Sequence[AssertionResult] = ()) -> list[Violation]:
    """Return the expectations, and the `asserted`, that a snapshot in a folder does not meet."""
    with Validator(docs) as validator:
        validator.submit_all(TableFiles(folder))
        return validator.violations(asserted)


def assertion_violation(result: AssertionResult) -> Violation:
    """Return the outcome of an assertion as a violation, with `assertions` in the place of the table."""
    return Violation(ASSERTIONS, result.name, "", result.count, result.rows, result.error, result.why)


def _samples(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Yield the files in groups that fit into memory. No expectation compares the rows of different years."""
    group: list[Path] = []
    rows = 0
    for path in paths:
        group.append(path)
        rows += pq.read_metadata(path).num_rows
        if rows >= SAMPLE_ROWS:
            yield group
            group, rows = [], 0
    if group:
        yield group
