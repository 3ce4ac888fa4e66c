"""The data dictionary `reference/columns.csv`: the curated tables with their columns, types and keys.

This module imports no library, so that a run that has nothing to do can use it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from pipeline.core.paths import REFERENCE

# Registers come from `reference/` and the office's own files; loaded tables come from the reports. Every other table of
# the dictionary is a mart, made by SQL. A register is one file, every other table one file per report year.
REGISTERS = (
    "bodies", "successions", "regions", "lineage", "indicators", "rate_terms", "crosswalk", "identities",
)  # fmt: skip
LOADED = ("reports", "cells", "figures", "findings", "derived", "proposals", "decisions")


@cache
def dictionary() -> Mapping[str, tuple[dict[str, str], ...]]:
    """Return the lines of `columns.csv` by table."""
    with (REFERENCE / "columns.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    return {t: tuple(x for x in lines if x["table"] == t) for t in dict.fromkeys(x["table"] for x in lines)}


def key(table: str) -> tuple[str, ...]:
    """Return the columns that identify a row. Files are sorted by them."""
    return tuple(line["column"] for line in dictionary()[table] if line["key"])
