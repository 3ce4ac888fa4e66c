"""Validate: run the Great Expectations suites of `expectations/` on every curated table before it is published.

Suites are plain JSON files, one a table. Great Expectations drops an expectation whose type it does not know and then
reports success, so what it kept is counted; and its `success` is the gate here whatever an expectation's severity.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from pipeline.data_docs import escape_values, make_offline
from pipeline.model import ProjectFault
from pipeline.paths import EXPECTATIONS
from pipeline.tables import dictionary, key

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when Great Expectations is imported; nothing leaves the machine
ROWS_SHOWN = 5


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


def validate(folder: Path, docs: Path) -> list[Violation]:
    """The violations in a staged snapshot; Data Docs are written to `docs` either way."""
    wanted = suites()
    context = _context(docs)
    found: list[Violation] = []
    outcomes: dict[str, tuple[int, int]] = {}
    for table, expectations in wanted.items():
        data = pq.read_table(sorted((folder / table).glob("*.parquet"))).to_pandas()
        result = _results(context, table, expectations, data)
        found += _violations(table, result)
        outcomes[table] = (len(result.results), sum(bool(r.success) for r in result.results))
    escape_values(context.validation_results_store)
    context.build_data_docs()
    make_offline(docs, outcomes)
    return found


def _context(docs: Path) -> Any:
    """An ephemeral context: nothing of Great Expectations is kept in the project but the suites."""
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)  # its violations are reported here
    shutil.rmtree(docs, ignore_errors=True)
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


def _results(context: Any, table: str, expectations: list[dict[str, Any]], data: pd.DataFrame) -> Any:
    import great_expectations as gx

    suite = gx.ExpectationSuite(name=table, expectations=expectations)
    if len(suite.expectations) != len(expectations):
        kept = {e.expectation_type for e in suite.expectations}
        dropped = sorted({e.get("type", "?") for e in expectations} - kept)
        raise ProjectFault(f"{table}.json: expectations that cannot be understood: {dropped or 'see their arguments'}")
    context.suites.add(suite)
    source = context.data_sources.add_pandas(table)
    batch = source.add_dataframe_asset(table).add_batch_definition_whole_dataframe(table)
    definition = context.validation_definitions.add(gx.ValidationDefinition(name=table, data=batch, suite=suite))
    shown = {"result_format": "COMPLETE", "unexpected_index_column_names": list(key(table))}
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name=table, validation_definitions=[definition], result_format=shown)
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
