"""Validate: run the Great Expectations suites of `expectations/` on every curated table before it is published.

Suites are plain JSON files, one a table. Great Expectations drops an expectation whose type it does not know and then
reports success, so what it kept is counted; and its `success` is the gate here whatever an expectation's severity.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import shutil
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow.parquet as pq

from pipeline import load
from pipeline.data_docs import escape_values, make_offline
from pipeline.guard import Guard
from pipeline.model import DataFault, ProjectFault
from pipeline.paths import EXPECTATIONS
from pipeline.tables import dictionary, key

if TYPE_CHECKING:
    import pandas as pd

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when Great Expectations is imported; nothing leaves the machine
T = TypeVar("T")
ROWS_SHOWN = 5
ROWS = 250_000  # validated at a time: a GB as pandas has them
_guard = Guard(seconds=None, memory=None)  # kept for the next run of this process, if there is one
atexit.register(_guard.close)


@dataclass(frozen=True)
class Violation:
    """An expectation that was not met: the rows (by key) are the first few of `count`."""

    table: str
    expectation: str
    column: str
    count: int
    rows: tuple[Mapping[str, Any], ...]
    error: str = ""


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


@dataclass(frozen=True)
class Examined:
    """What came of the suite of a table on some of its files."""

    table: str
    tested: int
    met: int
    violations: tuple[Violation, ...]


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
        self._thread.submit(_guard.call, _prepare, self._docs)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if fault is not None:  # what it is at is not wanted any more
            self._over = True
            _guard.interrupt()
        self._thread.shutdown(cancel_futures=True)

    def submit(self, folder: Path, tables: Iterable[str] | None, known: Container[str]) -> None:
        """Validate the files of these tables, of all for None, but those that are known to be valid."""
        for table in tables or self._wanted:
            names = [f"{table}/{path.name}" for path in load.files(folder, table).values()]
            fresh = [name for name in names if name not in known and name not in self._submitted]
            self._submitted.update(fresh)
            for files in _portions([folder / name for name in fresh]):
                call = partial(self._call, _examine, table, self._wanted[table], files)
                self._examined.append(self._thread.submit(call))

    def violations(self) -> list[Violation]:
        """What is not met, once all that was submitted is examined."""
        examined = [future.result() for future in self._examined]
        self._thread.submit(self._call, _finish, self._docs, list(self._wanted), examined).result()
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
        found: T = _guard.call(_prepared, self._docs, function, *arguments)
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


_child: dict[str, Any] = {}  # in the child: the context of Great Expectations


def _prepare(docs: Path) -> None:
    """Load Great Expectations and empty the folder of its pages."""
    # Great Expectations takes up Spark wherever it finds it, which takes seconds and has ended the child.
    sys.modules["pyspark"] = None  # type: ignore[assignment]
    import pandas  # noqa: F401

    shutil.rmtree(docs, ignore_errors=True)
    _child["context"] = _context(docs)


def _prepared(docs: Path, function: Callable[..., T], *arguments: Any) -> T:
    """The function's result, in a child that may be new."""
    if "context" not in _child:
        _prepare(docs)
    return function(*arguments)


def _examine(table: str, expectations: list[dict[str, Any]], files: Sequence[Path]) -> Examined:
    """Ask for yes or no first: rows and pages are wanted only of what is not met, and cost as much again."""
    context, data = _child["context"], pq.read_table(files).to_pandas()
    suite = _suite_of(table, expectations)
    _child["examined"] = _child.get("examined", 0) + 1
    name = f"{table}-{_child['examined']}"
    source = context.data_sources.add_pandas(name)
    batch = source.add_dataframe_asset(table).add_batch_definition_whole_dataframe(table)
    result = batch.get_batch({"dataframe": data}).validate(suite, result_format="BOOLEAN_ONLY")
    violations: list[Violation] = []
    if not result.success:
        result = _results(context, name, suite, batch, data)
        # What was not met at first stays so, even where the second look has nothing to show.
        violations = list(_violations(table, result)) or [Violation(table, "suite", "", 0, (), "not met")]
    context.data_sources.delete(name)  # or it would keep the rows of every portion
    return Examined(table, len(result.results), sum(bool(r.success) for r in result.results), tuple(violations))


def _finish(docs: Path, tables: Sequence[str], examined: Sequence[Examined]) -> None:
    """Write the pages."""
    context = _child["context"]
    if any(e.violations for e in examined):
        escape_values(context.validation_results_store)
        context.build_data_docs()
    docs.mkdir(parents=True, exist_ok=True)
    outcomes = {t: [(e.tested, e.met) for e in examined if e.table == t] for t in tables}
    summed = {t: (sum(n for n, _ in found), sum(m for _, m in found)) for t, found in outcomes.items()}
    make_offline(docs, summed)


def _context(docs: Path) -> Any:
    """An ephemeral context: nothing of Great Expectations is kept in the project but the suites."""
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)  # its violations are reported here
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs.resolve())}
    for name in list(context.get_site_names()):
        context.delete_data_docs_site(name)
    context.add_data_docs_site(
        "local",
        {
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": store,
        },
    )
    return context


def _suite_of(table: str, expectations: list[dict[str, Any]]) -> Any:
    """The suite. Raises ProjectFault where not all of it is understood."""
    import great_expectations as gx

    suite = gx.ExpectationSuite(name=table, expectations=expectations)
    if len(suite.expectations) != len(expectations):
        kept = {e.expectation_type for e in suite.expectations}
        dropped = sorted({e.get("type", "?") for e in expectations} - kept)
        raise ProjectFault(f"{table}.json: expectations that cannot be understood: {dropped or 'see their arguments'}")
    return suite


def _results(context: Any, name: str, suite: Any, batch: Any, data: pd.DataFrame) -> Any:
    """What is not met, with all rows, entered in the pages."""
    import great_expectations as gx

    table, suite.name = suite.name, name
    context.suites.add(suite)
    definition = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))
    shown = {"result_format": "COMPLETE", "unexpected_index_column_names": list(key(table))}
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name=name, validation_definitions=[definition], result_format=shown)
    )
    (result,) = checkpoint.run(batch_parameters={"dataframe": data}).run_results.values()
    return result


def _violations(table: str, result: Any) -> Iterator[Violation]:
    for outcome in (r.to_json_dict() for r in result.results if not r.success):
        config, detail = outcome["expectation_config"], outcome["result"]
        rows = tuple(detail.get("unexpected_index_list") or ())
        column = config["kwargs"].get("column") or ", ".join(config["kwargs"].get("column_list", ()))
        count = detail.get("unexpected_count") or len(rows)
        error = outcome["exception_info"].get("exception_message") or "" if "exception_info" in outcome else ""
        observed = detail.get("observed_value")
        yield Violation(
            table,
            config["type"],
            column,
            count,
            rows[:ROWS_SHOWN],
            error or ("" if observed is None else str(observed)),
        )
