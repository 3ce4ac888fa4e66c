"""What the child does that validates: it loads Great Expectations, runs suites and writes pages on what is not met.

Only the child loads the libraries, which takes seconds; others import this module to name what they want done.
"""

from __future__ import annotations

import atexit
import gc
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.core.model import ProjectFault
from pipeline.runtime.child_process import Guard, uncollected
from pipeline.runtime.lazy_import import load_later
from pipeline.validate.data_docs import escape_values, make_offline

if TYPE_CHECKING:
    import pandas as pd

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when Great Expectations is imported; nothing leaves the machine
T = TypeVar("T")
ROWS_SHOWN = 5
examiner = Guard(seconds=None, memory=None)  # kept for the next run of this process, if there is one
atexit.register(examiner.close)
_child: dict[str, Any] = {}  # in the child: the context of Great Expectations


@dataclass(frozen=True)
class Violation:
    """An expectation that was not met: the rows (by key) are the first few of `count`."""

    table: str
    expectation: str
    column: str
    count: int
    rows: tuple[Mapping[str, Any], ...]
    error: str = ""


@dataclass(frozen=True)
class Examined:
    """What came of the suite of a table on some of its files."""

    table: str
    tested: int
    met: int
    violations: tuple[Violation, ...]


def load_libraries() -> None:
    """Load Great Expectations, without what it would load and not use here; those whom others wait for go first."""
    if hasattr(os, "nice") and "great_expectations" not in sys.modules:
        os.nice(5)
    # It takes up Spark wherever it finds it, which takes seconds and has ended the child.
    sys.modules["pyspark"] = None  # type: ignore[assignment]
    with uncollected():
        load_later("scipy.stats", "altair")  # a third of the time, and for expectations on distributions only
        import great_expectations  # noqa: F401
        import pyarrow.parquet  # noqa: F401


def prepare(docs: Path) -> None:
    """Load the libraries and empty the folder of the pages."""
    load_libraries()
    shutil.rmtree(docs, ignore_errors=True)
    _child["context"] = context = _context(docs)
    asset = context.data_sources.add_pandas("rows").add_dataframe_asset("rows")
    _child["definition"] = asset.add_batch_definition_whole_dataframe("rows")


def prepared(docs: Path, function: Callable[..., T], *arguments: Any) -> T:
    """The function's result, in a child that may be new."""
    if "context" not in _child:
        prepare(docs)
    return function(*arguments)


def examine(table: str, key: Sequence[str], expectations: list[dict[str, Any]], files: Sequence[Path]) -> Examined:
    """Run the suite of a table, whose rows `key` tells apart, on some of its files. Raises ProjectFault where not all
    of the suite is understood.

    It is asked for yes or no first: rows and pages are wanted only of what is not met, and cost as much again.
    """
    columns, suite = _columns(_names(files), key, expectations), _suite_of(table, expectations)
    result = _answers(suite, _data(files, columns))
    violations: list[Violation] = []
    if not result.success:
        result = _results(table, key, suite, _data(files, columns, as_texts=True))
        # What was not met at first stays so, even where the second look has nothing to show.
        violations = list(_violations(table, result)) or [Violation(table, "suite", "", 0, (), "not met")]
    gc.collect()  # what is left of the rows names itself
    return Examined(table, len(result.results), sum(bool(r.success) for r in result.results), tuple(violations))


def _names(files: Sequence[Path]) -> list[str]:
    """The columns of the files, which are those of one table."""
    import pyarrow.parquet as pq

    names: list[str] = pq.read_schema(files[0]).names
    return names


def _answers(suite: Any, data: pd.DataFrame) -> Any:
    """Whether each expectation is met. One batch definition does for all: to make one takes as long as to use it."""
    definition = _child["definition"]
    try:
        return definition.get_batch({"dataframe": data}).validate(suite, result_format="BOOLEAN_ONLY")
    finally:  # or the rows of every portion would be kept
        definition.data_asset.datasource.get_execution_engine().batch_manager.reset_batch_cache()


def _data(files: Sequence[Path], columns: list[str] | None, as_texts: bool = False) -> pd.DataFrame:
    """The rows that are examined, in these columns or all. Decimals are doubles there: suites ask whether one is known
    or within bounds, and to pandas each decimal is an object, which takes twenty times as long. Texts are categories,
    which takes half of the time, unless they are to be shown.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    known = pq.read_schema(files[0])
    texts = [] if as_texts else [f.name for f in known if pa.types.is_string(f.type)]
    found = pq.read_table(files, columns=columns, read_dictionary=texts)
    kinds = [(f.name, pa.float64() if pa.types.is_decimal(f.type) else f.type) for f in found.schema]
    data: pd.DataFrame = found.cast(pa.schema(kinds)).to_pandas()
    return data


def _columns(names: Sequence[str], key: Sequence[str], expectations: Iterable[dict[str, Any]]) -> list[str] | None:
    """The columns that the suite names, were it within a condition, and the key; None, which is all, where it asks what
    columns there are. Great Expectations hashes all that it is given, twice, and of lists this takes longer than all
    that it is asked.
    """
    if any(str(e.get("type")).startswith("expect_table_column") for e in expectations):
        return None
    named = {*key}.union(*(_texts(e.get("kwargs")) for e in expectations))
    return [name for name in names if any(name in text for text in named)]


def _texts(found: object) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict | list):
        for part in found.values() if isinstance(found, dict) else found:
            yield from _texts(part)


def finish(docs: Path, tables: Sequence[str], examined: Sequence[Examined]) -> None:
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


def _results(table: str, key: Sequence[str], suite: Any, data: pd.DataFrame) -> Any:
    """What is not met, with all rows, entered in the pages."""
    import great_expectations as gx

    context = _child["context"]
    _child["shown"] = _child.get("shown", 0) + 1
    suite.name = name = f"{table}-{_child['shown']}"
    context.suites.add(suite)
    source = context.data_sources.add_pandas(name)
    batch = source.add_dataframe_asset(table).add_batch_definition_whole_dataframe(table)
    definition = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))
    shown = {"result_format": "COMPLETE", "unexpected_index_column_names": list(key)}
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name=name, validation_definitions=[definition], result_format=shown)
    )
    (result,) = checkpoint.run(batch_parameters={"dataframe": data}).run_results.values()
    context.data_sources.delete(name)
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
