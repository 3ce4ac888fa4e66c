"""`ogi.duckdb`: the tables and views of a snapshot in one file; written with it, opened read-only."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from pipeline.core.messages import say
from pipeline.core.model import DataFault
from pipeline.core.paths import KINDS, SQL, Data, quoted
from pipeline.registry.load import load_register
from pipeline.storage.dictionary import descriptions, dictionary
from pipeline.storage.draft import Draft
from pipeline.storage.schema import schema
from pipeline.storage.snapshot import DATABASE

PARQUET_PATH = re.compile(r"'((?:/|[A-Za-z]:)[^']+\.parquet)'")  # an absolute one
MAX_ROWS = 1_000_000  # of a table; to write a larger one would take longer than to read its Parquet files
Row = dict[str, Any]
_connecting = threading.Lock()  # two threads that connect at once would both set the settings that they share


def write_database(draft: Draft, views: Mapping[str, str]) -> None:
    """Write each table of the dictionary with its rows, then the given views (name to SQL) in their order.

    The file is complete: it opens from any folder, and after a copy. Only a table with more than `MAX_ROWS` rows is a
    view, on its Parquet files by their absolute paths. Tables and columns have the texts of the dictionary as comments.
    The bytes of the file differ from run to run.
    """
    for table in dictionary():
        if not draft.files.names(table):
            draft.write(table, "none", schema(table).empty_table())  # one file, which shows the columns
    files = {table: [path.resolve() for path in draft.files.paths(table)] for table in dictionary()}
    write_tables(draft.folder.resolve() / DATABASE, files, views, MAX_ROWS)


def write_tables(path: Path, files: Mapping[str, Sequence[Path]], views: Mapping[str, str], max_rows: int) -> None:
    """Write a database with each table from its Parquet files, then the views. A table over `max_rows` is a view."""
    path.unlink(missing_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{quoted(path)}' AS ogi (STORAGE_VERSION 'v1.0.0')")
        connection.execute("USE ogi")
        connection.execute("BEGIN")
        for table, paths in files.items():
            _create_table(connection, table, paths, max_rows)
        for name, sql in views.items():
            connection.execute(f"CREATE VIEW {name} AS {sql}")
            _comment(connection, f"VIEW {name}", {lang: say(f"view.{name}", lang) for lang in ("zh", "en")})
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT ogi")  # closing would do it too, but hide a failure


def _create_table(connection: duckdb.DuckDBPyConnection, table: str, paths: Sequence[Path], max_rows: int) -> None:
    """Create a table or view from files, each by name, so that no reader ever mixes two snapshots."""
    kind = "VIEW" if sum(pq.read_metadata(path).num_rows for path in paths) > max_rows else "TABLE"
    files = ", ".join(f"'{quoted(path)}'" for path in paths)
    connection.execute(f"CREATE {kind} {table} AS SELECT * FROM read_parquet([{files}])")
    _comment(connection, f"{kind} {table}", descriptions()[table])
    for line in dictionary()[table]:
        _comment(connection, f'COLUMN {table}."{line["column"]}"', line)


def _comment(connection: duckdb.DuckDBPyConnection, item: str, texts: Mapping[str, str]) -> None:
    comment = f"{texts['zh']} / {texts['en']}".replace("'", "''")
    connection.execute(f"COMMENT ON {item} IS '{comment}'")


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
    if (data.raw / KINDS.name).is_dir():
        _ = load_register(data.raw).kinds  # texts about reports of the office's own kinds need their forms
    with _connecting:
        connection = duckdb.connect(str(path), read_only=True)
        # The views of an earlier version name their files relative to the project.
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
    with lost_files_reported(connection):
        result = connection.execute(statement, named)
        fetched = result.fetchall()
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in fetched]


@contextmanager
def lost_files_reported(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Raise DataFault in place of an error of DuckDB if a table is a view on files that are not in this snapshot.

    `write_database` names the files of a large table by absolute paths, so moving the data folder loses them.
    """
    try:
        yield
    except (duckdb.IOException, duckdb.PermissionException) as error:
        for table, folder in _folders_of_views(connection):
            if folder not in _folders_of_databases(connection):
                raise DataFault("data.moved", table=table, folder=folder) from error
        raise


def _folders_of_views(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, Path]]:
    """Return the tables that are views on files, each with the folder of the snapshot of its first file."""
    views = connection.execute("SELECT view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY 1").fetchall()
    paths = ((name, PARQUET_PATH.search(sql)) for name, sql in views)
    return [(name, Path(path[1]).parent.parent) for name, path in paths if path]


def _folders_of_databases(connection: duckdb.DuckDBPyConnection) -> list[Path]:
    paths = connection.execute("SELECT path FROM duckdb_databases() WHERE path IS NOT NULL").fetchall()
    return [Path(path).resolve().parent for (path,) in paths]


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
