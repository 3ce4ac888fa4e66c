"""Saved queries: the statements of `sql/queries` and `sql/pages` by name, and their named parameters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from pipeline.core.model import DataFault
from pipeline.core.paths import SQL
from pipeline.storage.choose import choose_all
from pipeline.storage.pure import only_reads

FOLDERS = ("queries", "pages")


def saved_queries() -> dict[str, Path]:
    """Return the saved queries by name: those for people, then those behind pages and commands."""
    return {path.stem: path for folder in FOLDERS for path in sorted((SQL / folder).glob("*.sql"))}


def prepare(
    connection: duckdb.DuckDBPyConnection, text: str, given: Mapping[str, Any], lang: str
) -> tuple[str, dict[str, Any]]:
    """Return the SQL and the parameters of a saved query or of a single statement that only reads.

    Bodies, indicators and the like are given by id, name or alias. A parameter that is not given is null, because a
    saved query says `$name IS NULL OR ...`. Raises DataFault for an unknown query, parameter or name, and for a
    statement that does not only read.
    """
    saved = saved_queries().get(text)
    if saved is None and text.isidentifier():
        raise DataFault("query.unknown", name=text)
    sql = text if saved is None else saved.read_text(encoding="utf-8")
    if saved is not None:
        _check_names(connection, sql, given)
        given = choose_all(connection, {name: str(value) for name, value in given.items()})
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or not only_reads(connection, statements[0]):
        raise DataFault("query.readonly")
    named = dict.fromkeys(statements[0].named_parameters)
    language = {"lang": lang} if "lang" in named else {}
    return statements[0].query, {**named, **language, **given}


def _check_names(connection: duckdb.DuckDBPyConnection, sql: str, given: Mapping[str, Any]) -> None:
    """Raise DataFault for a parameter that a saved query does not have."""
    known = sorted(connection.extract_statements(sql)[0].named_parameters - {"lang"})
    for name in given:
        if name not in known:
            raise DataFault("query.no_parameter", name=name, known="、".join(known) or "—")
