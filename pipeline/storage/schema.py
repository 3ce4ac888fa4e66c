"""The curated tables: columns, types and keys as `reference/columns.csv`, the data dictionary, has them."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.abc import MetaPathFinder
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.core.paths import REFERENCE

# Registers come from `reference/`; base tables from the reports; every other table of the dictionary is a mart made
# by SQL. All but the registers are one file a report year and province.
REGISTERS = (
    "bodies", "successions", "regions", "lineage", "indicators", "rate_terms", "crosswalk", "identities",
)  # fmt: skip
BASE = ("reports", "cells", "figures", "findings", "derived", "proposals", "observations", "decisions")
TYPES = {
    "string": pa.string(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "double": pa.float64(),
    "bool": pa.bool_(),
    "decimal": pa.decimal128(18, 6),
    "percent": pa.decimal128(18, 4),
    "list": pa.list_(pa.string()),
}
SQL_TYPES = {
    "string": "VARCHAR", "int32": "INTEGER", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN",
    "decimal": "DECIMAL(18, 6)", "percent": "DECIMAL(18, 4)", "list": "VARCHAR[]",
}  # fmt: skip
# How Parquet is written; a DECIMAL(18, 6) as a 64-bit integer, not as an array of bytes.
WRITING = {
    "compression": "zstd", "compression_level": 9, "store_schema": False, "store_decimal_as_integer": True,
}  # fmt: skip


class _NoPandas(MetaPathFinder):
    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


def without_pandas() -> None:
    """For a process that gives pyarrow nothing of pandas: given its first list pyarrow loads pandas, to ask whether it
    is one of its own, which takes a quarter of a second. So it is asked while there is none.
    """
    if "pandas" in sys.modules:
        return
    sys.meta_path.insert(0, absent := _NoPandas())
    try:
        pa.array([])
    finally:
        sys.meta_path.remove(absent)


@cache
def dictionary() -> Mapping[str, tuple[dict[str, str], ...]]:
    """The lines of `columns.csv` by table."""
    with (REFERENCE / "columns.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    return {t: tuple(x for x in lines if x["table"] == t) for t in dict.fromkeys(x["table"] for x in lines)}


def schema(table: str) -> pa.Schema:
    """The Arrow schema of a table."""
    return pa.schema([(line["column"], TYPES[line["type"]]) for line in dictionary()[table]])


def no_rows(table: str) -> str:
    """SQL that gives the table's columns and no row."""
    columns = (f'CAST(NULL AS {SQL_TYPES[line["type"]]}) AS "{line["column"]}"' for line in dictionary()[table])
    return f"SELECT {', '.join(columns)} WHERE false"


def key(table: str) -> tuple[str, ...]:
    """The columns that identify a row, which is also the order of rows in a file."""
    return tuple(line["column"] for line in dictionary()[table] if line["key"])


def from_rows(table: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as an Arrow table of the dictionary's schema."""
    return pa.table({f.name: pa.array([r[f.name] for r in rows], f.type) for f in schema(table)}, schema=schema(table))


def conformed(table: str, data: pa.Table) -> pa.Table:
    """An Arrow table with the dictionary's columns, types and order of rows. Raises KeyError for a missing column."""
    data = data.select([f.name for f in schema(table)]).cast(schema(table)).combine_chunks()
    return data.take(pc.sort_indices(data, [(k, "ascending") for k in key(table)]))


def to_parquet(table: str, data: pa.Table) -> bytes:
    """The bytes of the table's Parquet file: sorted, zstd, the same for the same rows."""
    buffer = io.BytesIO()
    pq.write_table(conformed(table, data), buffer, **WRITING)
    return buffer.getvalue()
