"""Roll up: run the SQL of `sql/` over the Parquet files of a draft, or only its checks over single reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb
import pyarrow.parquet as pq

from pipeline.core.paths import Data
from pipeline.registry.bodies import Body, Register
from pipeline.registry.load import load_register
from pipeline.registry.lookup import add_reporting_bodies, find_body
from pipeline.rollup.comparison import Comparison, compare
from pipeline.rollup.models import models
from pipeline.rollup.partitions import Written, YearsRollup
from pipeline.rollup.registers import register_table
from pipeline.storage.database import write_database
from pipeline.storage.dictionary import REGISTERS
from pipeline.storage.draft import Draft
from pipeline.storage.schema import conform
from pipeline.storage.working import working_database

MAX_REPORTS = 12_000  # per group of years, about two million cells: it limits the memory

__all__ = ["Comparison", "compare", "roll_up"]


def roll_up(
    draft: Draft, data: Data, changed: set[int], following: set[int], written: Written
) -> dict[int, dict[str, int]]:
    """Write the missing registers, the marts and the findings of the checks, and `ogi.duckdb`.

    All marts are written for the `changed` years, but only those that look back for the `following` years, whose other
    marts the draft has. Call `written` with each table and the stems of its files after they are written. Return the
    counts per year of `sql/job/year_summary.sql`. Raises OSError if the disk or the memory is full.
    """
    summaries: dict[int, dict[str, int]] = {}
    _write_registers(draft, data, written)
    for group in _groups(draft, changed | following):
        with working_database() as connection:
            summaries |= YearsRollup(connection, draft, group, following, written).run()
    views = {model.name: model.sql for model in models() if model.folder == "publish"}
    try:
        write_database(draft, views)
    except duckdb.OperationalError as fault:  # no disk, no memory
        raise OSError(str(fault)) from fault
    return summaries


def _write_registers(draft: Draft, data: Data, written: Written) -> None:
    """Write the register tables (`REGISTERS`) that the draft lacks, and call `written` for each."""
    if missing := [name for name in REGISTERS if not draft.files.names(name)]:
        register = add_reporting_bodies(load_register(data.raw), _reporting(draft, load_register(data.raw)))
        for name in missing:
            draft.write(name, name, conform(name, register_table(name, register)))
            written(name, (name,))


def _reporting(draft: Draft, register: Register) -> set[Body]:
    """Return the bodies of the loaded reports."""
    tables = [
        draft.files.read(table, stem, ["body", "region_code"])
        for table in ("reports", "kind_reports")
        for stem in draft.files.names(table)
    ]
    names = {(row["body"], row["region_code"]) for table in tables for row in table.to_pylist()}
    found = (find_body(register, name, code or "") for name, code in names if name)
    return {body for body in found if body}


def _groups(draft: Draft, years: Iterable[int]) -> Iterator[list[int]]:
    """Yield the years in groups of about `MAX_REPORTS` reports, in order: a year may look back to the one before."""
    group: list[int] = []
    reports = 0
    for year in sorted(years):
        group.append(year)
        reports += sum(pq.read_metadata(path).num_rows for path in draft.files.paths("reports", [str(year)]))
        if reports >= MAX_REPORTS:
            yield group
            group, reports = [], 0
    if group:
        yield group
