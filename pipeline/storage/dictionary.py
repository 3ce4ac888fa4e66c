"""The data dictionary `reference/columns.csv`: the curated tables with their columns, types and keys.

A line without a column describes the table. `nullable` is `yes` for a column that may be null; `allowed` lists the
values of a column; `references` names the column of another table whose values it uses. This module imports no library,
so that a run without anything to do can use it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from pipeline.core.paths import REFERENCE

# Registers come from `reference/` and the office's own files; loaded tables come from the reports. Every other table of
# the dictionary is a mart, made by SQL. A register is one file, every other table one file per report year.
REGISTERS = (
    "bodies", "successions", "regions", "lineage", "population", "indicators", "rate_terms", "crosswalk", "identities",
    "soft_thresholds", "deadlines", "kinds", "kind_rows", "kind_lists", "kind_edits",
)  # fmt: skip
LOADED_ANNUAL = ("reports", "cells", "figures", "findings", "derived", "proposals", "decisions")
# The tables of the other kinds of report: as those of the annual reports, and a table of texts.
OF_KINDS = "kind_"
LOADED_OF_KINDS = (
    "kind_reports", "kind_cells", "kind_findings", "kind_derived", "kind_proposals", "kind_decisions", "kind_entries",
)  # fmt: skip
LOADED = (*LOADED_ANNUAL, *LOADED_OF_KINDS)


@cache
def dictionary() -> Mapping[str, tuple[dict[str, str], ...]]:
    """Return the lines of the columns by table."""
    columns = [line for line in _lines() if line["column"]]
    tables = dict.fromkeys(line["table"] for line in columns)
    return {table: tuple(line for line in columns if line["table"] == table) for table in tables}


@cache
def descriptions() -> Mapping[str, Mapping[str, str]]:
    """Return the sentence that describes each table, by language."""
    return {line["table"]: {lang: line[lang] for lang in ("zh", "en")} for line in _lines() if not line["column"]}


@cache
def chinese_headings() -> Mapping[str, str]:
    """Return the Chinese heading of each column.

    The first description of a column is the general one: `value` is 数值 in cells and 本年 in growth.
    """
    return {line["column"]: line["zh"] for lines in reversed(list(dictionary().values())) for line in lines}


@cache
def _lines() -> tuple[dict[str, str], ...]:
    with (REFERENCE / "columns.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def key(table: str) -> tuple[str, ...]:
    """Return the columns that identify a row. Files are sorted by them."""
    return tuple(line["column"] for line in dictionary()[table] if line["key"])
