"""The published database, opened read-only for one question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from pipeline.core.paths import Data
from pipeline.rollup import DATABASE


def connect(data: Data, snapshot: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the published snapshot, or to the one of that folder, for who also reads its files.
    Raises FileNotFoundError where nothing is published.
    """
    path = (snapshot or data.current.resolve()) / DATABASE
    if not path.is_file():
        raise FileNotFoundError(path)
    project, folder = data.root.resolve().parent, path.resolve().parent
    connection = duckdb.connect(str(path), read_only=True)
    # The views name their files as seen from the project; nobody else's setting is read from the environment.
    connection.execute("SET file_search_path = $folder", {"folder": str(project)})
    if rows(connection, "SELECT current_setting('enable_external_access') AS open")[0]["open"]:
        # A question, whoever wrote it, sees the snapshot's files and nothing else of machine or network. Another
        # connection to the same database shares what the first has set, and cannot set it again.
        seen = [str(folder), folder.relative_to(project).as_posix()]
        connection.execute("SET allowed_directories = $folders", {"folders": seen})
        connection.execute("SET enable_external_access = false")
    return connection


def rows(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The rows of a statement as dictionaries."""
    result = connection.execute(sql, parameters or {})
    names = [d[0] for d in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
