"""Decide whether a statement only reads: it is a SELECT whose functions are all known to have no side effect.

DuckDB has functions that change settings or write files inside a SELECT (`enable_logging`, `force_checkpoint`), and a
later version may have more. So a function is refused unless it is known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb

# Of functions that return a table DuckDB does not say whether they have side effects; `duckdb_...` describe a database.
PURE_TABLE_FUNCTIONS = frozenset(
    "generate_series histogram histogram_values icu_calendar_names json_each json_tree parquet_file_metadata "  # noqa: SIM905
    "parquet_kv_metadata parquet_metadata parquet_scan parquet_schema pg_timezone_names pragma_database_size "
    "pragma_show pragma_storage_info pragma_table_info pragma_version range read_parquet repeat repeat_row summary "
    "unnest".split()
)
PURE_VOLATILE_FUNCTIONS = frozenset(("random", "uuid", "uuidv4", "uuidv7", "gen_random_uuid"))
_FUNCTIONS = "SELECT function_name, function_type, stability FROM duckdb_functions()"
_EXPLAIN = re.compile(r"\s*explain\s+(?:analyze\s+)?(?:\([^()]*\)\s*)?", re.IGNORECASE)
_DESCRIPTION = re.compile(r"\s*(?:describe|show|summarize)\s+(?:table\s+)?[\w.\"*]+\s*;?\s*", re.IGNORECASE)


def only_reads(connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement) -> bool:
    """Return whether a statement is a SELECT, describes a table, or explains a SELECT, and has no side effect.

    EXPLAIN ANALYZE of a statement that writes does write.
    """
    query = statement.query
    if statement.type == duckdb.StatementType.EXPLAIN:
        inner = connection.extract_statements(_EXPLAIN.sub("", query, count=1))
        return len(inner) == 1 and inner[0].type == duckdb.StatementType.SELECT and only_reads(connection, inner[0])
    if statement.type != duckdb.StatementType.SELECT:
        return False
    return bool(_DESCRIPTION.fullmatch(query)) or _calls_only_pure_functions(connection, query)


def _calls_only_pure_functions(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    """Return whether every function of a SELECT is known to be pure; False for one that cannot be taken apart."""
    (text,) = connection.execute("SELECT json_serialize_sql($query)", {"query": query}).fetchone() or ("",)
    tree = json.loads(text)
    return not tree["error"] and set(_function_names(tree)) <= _pure_functions(connection)


def _pure_functions(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the names of all functions that are known to have no side effect."""
    functions = connection.execute(_FUNCTIONS).fetchall()
    tables = {name for name, kind, _ in functions if kind in ("table", "table_macro", "pragma")}
    volatile = {name for name, _, stability in functions if stability == "VOLATILE"}
    consistent = {name for name, _, _ in functions} - tables - volatile
    descriptions = {name for name in tables if name.startswith("duckdb_")}
    return consistent | descriptions | PURE_TABLE_FUNCTIONS | PURE_VOLATILE_FUNCTIONS


def _function_names(node: Any) -> Iterator[str]:
    """Yield the names of all functions that a syntax tree calls."""
    if isinstance(node, dict):
        if isinstance(name := node.get("function_name"), str):
            yield name.lower()
        node = node.values()
    elif not isinstance(node, list):
        return
    for child in node:
        yield from _function_names(child)
