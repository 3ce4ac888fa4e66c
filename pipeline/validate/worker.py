"""The child process that validates: it imports Great Expectations, runs suites, and writes pages about failures.

Only the child imports the libraries, which takes seconds. Other processes import this module to name its functions.
"""

from __future__ import annotations

import atexit
import gc
import logging
import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.core.model import ProjectFault
from pipeline.runtime.child_process import Guard, without_garbage_collection
from pipeline.runtime.lazy_import import import_lazily
from pipeline.validate.assertions_page import write_assertions_page
from pipeline.validate.data_docs import ASSERTIONS, escape_values, make_offline
from pipeline.validate.results import AssertionResult

if TYPE_CHECKING:
    import pandas as pd

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when Great Expectations is imported; nothing leaves the machine
T = TypeVar("T")
MAX_ROWS_SHOWN = 5
LOW_PRIORITY = 5  # niceness: the run waits for its other processes
validating_child = Guard(timeout_seconds=None, memory_bytes=None)  # kept for the next run of this process
atexit.register(validating_child.close)
_state: dict[str, Any] = {}  # in the child: the context of Great Expectations


@dataclass(frozen=True)
class Violation:
    """An expectation that `count` rows do not meet: the keys of the first few `rows`, and the reason by language."""

    table: str
    expectation: str
    column: str
    count: int
    rows: tuple[Mapping[str, Any], ...]
    error: str = ""
    why: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SuiteResult:
    """The outcome of a suite on a sample: how many expectations were tested and met, and the violations."""

    table: str
    tested: int
    met: int
    violations: tuple[Violation, ...]


@dataclass(frozen=True)
class Sample:
    """The rows of a table in some files. `key` has the columns that identify a row.

    `owners` leaves only the rows of some bodies or reports: those with one of these values in the first column of the
    key.
    """

    table: str
    key: Sequence[str]
    paths: Sequence[Path]
    owners: Collection[str] | None = None


def import_libraries() -> None:
    """Import Great Expectations, without the libraries that it imports and does not use here."""
    if hasattr(os, "nice") and "great_expectations" not in sys.modules:
        os.nice(LOW_PRIORITY)
    # Great Expectations imports Spark if it is installed, which takes seconds and has crashed the child.
    sys.modules["pyspark"] = None  # type: ignore[assignment]
    with without_garbage_collection():
        import_lazily("scipy.stats", "altair")  # a third of the time, for expectations about distributions only
        import great_expectations  # noqa: F401
        import pyarrow.parquet  # noqa: F401


def prepare(docs: Path) -> None:
    """Import the libraries and empty the folder of the pages."""
    import_libraries()
    shutil.rmtree(docs, ignore_errors=True)
    _state["context"] = context = _context(docs)
    asset = context.data_sources.add_pandas("rows").add_dataframe_asset("rows")
    _state["definition"] = asset.add_batch_definition_whole_dataframe("rows")


def call_prepared(docs: Path, function: Callable[..., T], *arguments: Any) -> T:
    """Return the result of a function; prepare the child first if it is a new one."""
    if "context" not in _state:
        prepare(docs)
    return function(*arguments)


def run_suite(sample: Sample, expectations: list[dict[str, Any]]) -> SuiteResult:
    """Run the suite of a table on a sample. Raises ProjectFault if a part of the suite is not understood.

    At first only success is asked for. Rows and pages, which cost as much again, are made for a suite that fails.
    """
    columns = columns_to_read(_column_names(sample), sample.key, expectations)
    suite, rows = _suite(sample.table, expectations), _rows(sample, columns)
    if sample.owners is not None and rows.empty:  # they lost their rows; the table itself has other rows
        return SuiteResult(sample.table, 0, 0, ())
    result = _test(suite, rows)
    violations: list[Violation] = []
    if not result.success:
        result = _test_in_detail(sample, suite, _rows(sample, columns, text_as_category=False))
        # A suite that failed at first stays failed, even if the second test shows nothing.
        violations = list(_violations(sample.table, result)) or [Violation(sample.table, "suite", "", 0, (), "not met")]
    gc.collect()  # the rows refer to themselves
    return SuiteResult(
        sample.table, len(result.results), sum(bool(r.success) for r in result.results), tuple(violations)
    )


def _column_names(sample: Sample) -> list[str]:
    import pyarrow.parquet as pq

    names: list[str] = pq.read_schema(sample.paths[0]).names
    return names


def columns_to_read(
    names: Sequence[str], key: Sequence[str], expectations: Iterable[dict[str, Any]]
) -> list[str] | None:
    """Return the columns that the suite names, also in conditions, and the key; None (all) if it asks about columns.

    Great Expectations hashes all rows that it gets, twice; for lists this takes longer than all expectations.
    """
    if any(str(e.get("type")).startswith("expect_table_column") for e in expectations):
        return None
    texts = {*key}.union(*(_texts_in(e.get("kwargs")) for e in expectations))
    return [name for name in names if any(name in text for text in texts)]


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(part)


def _rows(sample: Sample, columns: list[str] | None, text_as_category: bool = True) -> pd.DataFrame:
    """Return the rows of a sample.

    Decimals become doubles: suites only compare them with bounds, and in pandas each decimal is an object, which takes
    twenty times as long. Texts become categories, which takes half of the time, unless they are to be shown.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = [f.name for f in pq.read_schema(sample.paths[0]) if pa.types.is_string(f.type)] if text_as_category else []
    chosen = None if sample.owners is None else [(sample.key[0], "in", sorted(sample.owners))]
    table = pq.read_table(sample.paths, columns=columns, read_dictionary=texts, filters=chosen, partitioning=None)
    types = [(f.name, pa.float64() if pa.types.is_decimal(f.type) else f.type) for f in table.schema]
    rows: pd.DataFrame = table.cast(pa.schema(types)).to_pandas()
    return rows


def _test(suite: Any, rows: pd.DataFrame) -> Any:
    """Test whether each expectation is met. One batch definition serves all calls, to save time."""
    definition = _state["definition"]
    try:
        return definition.get_batch({"dataframe": rows}).validate(suite, result_format="BOOLEAN_ONLY")
    finally:  # otherwise the rows of every sample would be kept
        definition.data_asset.datasource.get_execution_engine().batch_manager.reset_batch_cache()


def _test_in_detail(sample: Sample, suite: Any, rows: pd.DataFrame) -> Any:
    """Test a suite again with all rows that fail, and add the result to the pages."""
    import great_expectations as gx

    context = _state["context"]
    _state["detailed"] = _state.get("detailed", 0) + 1
    suite.name = name = f"{sample.table}-{_state['detailed']}"
    context.suites.add(suite)
    source = context.data_sources.add_pandas(name)
    batch = source.add_dataframe_asset(sample.table).add_batch_definition_whole_dataframe(sample.table)
    definition = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))
    detail = {"result_format": "COMPLETE", "unexpected_index_column_names": list(sample.key)}
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name=name, validation_definitions=[definition], result_format=detail)
    )
    (result,) = checkpoint.run(batch_parameters={"dataframe": rows}).run_results.values()
    context.data_sources.delete(name)
    return result


def _violations(table: str, result: Any) -> Iterator[Violation]:
    for outcome in (r.to_json_dict() for r in result.results if not r.success):
        config, detail = outcome["expectation_config"], outcome["result"]
        rows = tuple(detail.get("unexpected_index_list") or ())
        column = config["kwargs"].get("column") or ", ".join(config["kwargs"].get("column_list", ()))
        count = detail.get("unexpected_count") or len(rows)
        error = outcome.get("exception_info", {}).get("exception_message") or ""
        observed = detail.get("observed_value")
        error = error or ("" if observed is None else str(observed))
        why = (config.get("meta") or {}).get("why", {})
        yield Violation(table, config["type"], column, count, rows[:MAX_ROWS_SHOWN], error, why)


def write_pages(
    docs: Path, tables: Sequence[str], results: Sequence[SuiteResult], asserted: Sequence[AssertionResult]
) -> None:
    """Write the pages about suites that failed and about the assertions, and the index of all tables."""
    context = _state["context"]
    if any(result.violations for result in results):
        escape_values(context.validation_results_store)
        context.build_data_docs()
    docs.mkdir(parents=True, exist_ok=True)
    counts = {table: [(r.tested, r.met) for r in results if r.table == table] for table in tables}
    outcomes = {table: (sum(n for n, _ in of), sum(m for _, m in of)) for table, of in counts.items()}
    outcomes[ASSERTIONS] = (len(asserted), sum(result.is_met for result in asserted))
    make_offline(docs, outcomes)
    write_assertions_page(docs, asserted)


def _context(docs: Path) -> Any:
    """Return an ephemeral context: Great Expectations keeps nothing in the project but the suites."""
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)  # the job reports the violations
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


def _suite(table: str, expectations: list[dict[str, Any]]) -> Any:
    """Return the suite. Raises ProjectFault if Great Expectations ignored an expectation."""
    import great_expectations as gx

    suite = gx.ExpectationSuite(name=table, expectations=expectations)
    if len(suite.expectations) != len(expectations):
        understood = {e.expectation_type for e in suite.expectations}
        ignored = sorted({e.get("type", "?") for e in expectations} - understood)
        raise ProjectFault("suite.ignored", file=f"{table}.json", types=", ".join(ignored) or "?")
    return suite
