"""One SQLite database with all tables and views: `ogi.sqlite`.

A whole decimal is an INTEGER, another one a REAL: the nearest binary number, which prints as the same decimal if it has
at most 15 digits. A boolean is 0 or 1, a list is a JSON array. A view whose SQL SQLite does not understand is a table
with the same rows. The table `dictionary` describes all columns, the table `about` the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.publish.interchange.csv_format import csv_text
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot, about, published_views, sorted_rows
from pipeline.storage.dictionary import dictionary, key

FILE = "ogi.sqlite"
SQLITE_TYPES = {
    "string": "TEXT", "int32": "INTEGER", "int64": "INTEGER", "double": "REAL", "bool": "INTEGER", "date": "TEXT",
    "decimal": "NUMERIC",
    "percent": "NUMERIC", "list": "TEXT",
}  # fmt: skip
DICTIONARY_COLUMNS = ("table", "column", "type", "key", "nullable", "allowed", "references", "zh", "en")


def export(snapshot: PublishedSnapshot, folder: Path) -> None:
    """Write the database. Raises OutdatedSnapshot, and OSError if it cannot be written."""
    try:
        with closing(sqlite3.connect(folder / FILE)) as database:
            database.execute("PRAGMA journal_mode = OFF")  # an export that fails is deleted
            database.execute("PRAGMA synchronous = OFF")
            with database:
                database.execute("BEGIN")
                _write_all(database, snapshot)
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error


def _write_all(database: sqlite3.Connection, snapshot: PublishedSnapshot) -> None:
    """Write the tables, the views, and the tables that describe them."""
    for table in dictionary():
        _write_table(database, snapshot, table)
    _create(database, "about", ("item", "zh", "en"), about(snapshot))
    lines = (tuple(line[name] for name in DICTIONARY_COLUMNS) for columns in dictionary().values() for line in columns)
    _create(database, "dictionary", _quoted(DICTIONARY_COLUMNS), lines)
    for name, sql in published_views().items():
        if not _create_view(database, name, sql):
            _copy_view(database, snapshot, name)


def _write_table(database: sqlite3.Connection, snapshot: PublishedSnapshot, table: str) -> None:
    """Create a table of the dictionary with its rows, and with its key as the primary key where that is possible."""
    definitions = [_definition(line) for line in dictionary()[table]]
    if snapshot.has_primary_key(table):
        definitions.append(f"PRIMARY KEY ({', '.join(_quoted(key(table)))})")
    _create(database, table, definitions, snapshot.row_tuples(table))


def _definition(line: dict[str, str]) -> str:
    """Return the SQL that defines a column, given as a line of the dictionary."""
    constraint = "" if line["nullable"] else " NOT NULL"
    return f'"{line["column"]}" {SQLITE_TYPES[line["type"]]}{constraint}'


def _create_view(database: sqlite3.Connection, name: str, sql: str) -> bool:
    """Create a view and return True, or return False if SQLite does not understand its SQL."""
    try:
        database.execute(f"CREATE VIEW {name} AS {sql}")
        database.execute(f"SELECT * FROM {name} LIMIT 1").fetchall()
    except sqlite3.OperationalError:
        database.execute(f"DROP VIEW IF EXISTS {name}")
        return False
    return True


def _copy_view(database: sqlite3.Connection, snapshot: PublishedSnapshot, name: str) -> None:
    """Create a table with the rows of a view, as DuckDB returns them, sorted."""
    with snapshot.connect() as connection:
        columns, rows = sorted_rows(connection, name)
        _create(database, name, _quoted(columns), rows)


def _create(
    database: sqlite3.Connection, table: str, definitions: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Create a table with its columns and constraints, given as SQL, and insert its rows."""
    database.execute(f"CREATE TABLE {table} ({', '.join(definitions)})")
    places = ", ".join("?" * len(database.execute(f"PRAGMA table_info({table})").fetchall()))
    values = ([_sqlite_value(value) for value in row] for row in rows)
    database.executemany(f"INSERT INTO {table} VALUES ({places})", values)


def _sqlite_value(value: Any) -> Any:
    """Return a value as SQLite stores it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return csv_text(value) if isinstance(value, list) else value


def _quoted(columns: Iterable[str]) -> list[str]:
    """Return names as SQL."""
    return [f'"{name}"' for name in columns]
