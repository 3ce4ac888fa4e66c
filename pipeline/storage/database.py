"""`ogi.duckdb`: a database of views on the Parquet files of a snapshot; written with it, opened read-only."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipeline.core.model import DataFault
from pipeline.core.paths import SQL, Data, quoted
from pipeline.storage.dictionary import dictionary
from pipeline.storage.draft import Draft
from pipeline.storage.schema import schema

DATABASE = "ogi.duckdb"
Row = dict[str, Any]


def write_database(draft: Draft, project: Path, views: Mapping[str, str]) -> None:
    """Write a view for each table of the dictionary, then the given views (name to SQL) in their order.

    The database holds views only, because the bytes of a table in it differ from run to run. The views name their files
    relative to the folder `project`, so that nothing depends on the machine. A table without rows gets one file, which
    shows its columns.
    """
    path = draft.folder.resolve() / DATABASE
    path.unlink(missing_ok=True)
    for table in dictionary():
        if not draft.files.names(table):
            draft.write(table, "none", schema(table).empty_table())
    with duckdb.connect() as connection:
        connection.execute(f"SET file_search_path = '{quoted(project.resolve())}'")
        connection.execute(f"ATTACH '{quoted(path)}' AS ogi (STORAGE_VERSION 'v1.0.0')")
        connection.execute("USE ogi")
        connection.execute("BEGIN")
        for table in dictionary():
            _create_table_view(connection, draft, project.resolve(), table)
        for name, sql in views.items():
            connection.execute(f"CREATE VIEW {name} AS {sql}")
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT ogi")  # closing would do it too, but hide a failure


def _create_table_view(connection: duckdb.DuckDBPyConnection, draft: Draft, project: Path, table: str) -> None:
    """Create a view on the files of a table, each by name, so that no reader ever mixes two snapshots."""
    folder = quoted(draft.folder.resolve().relative_to(project))
    files = ", ".join(f"'{folder}/{name}'" for name in draft.files.names(table).values())
    connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet([{files}])")


def connect(data: Data | Path | str, snapshot: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Return a read-only connection to the published snapshot, or to the snapshot in the given folder.

    A statement sees the files of the snapshot and nothing else of the machine or the network. Raises FileNotFoundError
    where nothing is published.
    """
    data = data if isinstance(data, Data) else Data(Path(data))
    path = (snapshot or data.current.resolve()) / DATABASE
    if not path.is_file():
        raise FileNotFoundError(path)
    project, folder = data.root.resolve().parent, path.resolve().parent
    connection = duckdb.connect(str(path), read_only=True)
    # The views name their files relative to the project; settings of the user's environment must not change that.
    connection.execute("SET file_search_path = $folder", {"folder": str(project)})
    if rows(connection, "SELECT current_setting('enable_external_access') AS open")[0]["open"]:
        # A second connection to the same database shares the settings of the first, and cannot set them again.
        folders = [str(folder), folder.relative_to(project).as_posix()]
        connection.execute("SET allowed_directories = $folders", {"folders": folders})
        connection.execute("SET enable_external_access = false")
    return connection


def rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
    """Return the rows of a statement as dictionaries. Parameters that the statement does not name are ignored."""
    statement = connection.extract_statements(sql)[0]
    named = {name: value for name, value in (parameters or {}).items() if name in statement.named_parameters}
    result = connection.execute(statement, named)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def ask(connection: duckdb.DuckDBPyConnection, page: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
    """Return the rows of the statement `sql/pages/<page>.sql`.

    Raises DataFault if an earlier version of ogi built the snapshot and it lacks a table or column of the statement.
    """
    try:
        return rows(connection, page_sql(page), parameters)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise DataFault("data.outdated", lack=str(error).splitlines()[0]) from error


@cache
def page_sql(page: str) -> str:
    """Return the text of `sql/pages/<page>.sql`."""
    return (SQL / "pages" / f"{page}.sql").read_text(encoding="utf-8")
