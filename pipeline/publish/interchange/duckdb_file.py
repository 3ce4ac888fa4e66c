"""One DuckDB database with all tables and views, which needs no other file: `ogi.duckdb`.

The database of a snapshot is the same, except that there a large table is a view on its Parquet files.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot, about, published_views
from pipeline.storage.database import write_tables
from pipeline.storage.dictionary import dictionary

FILE = "ogi.duckdb"


def export(snapshot: PublishedSnapshot, folder: Path) -> None:
    """Write the database. Raises OutdatedSnapshot, and OSError if it cannot be written."""
    files = {table: snapshot.complete_files(table) for table in dictionary()}
    try:
        write_tables(folder / FILE, files, published_views(), sys.maxsize)
        with duckdb.connect(str(folder / FILE)) as connection:
            connection.execute("CREATE TABLE about (item VARCHAR, zh VARCHAR, en VARCHAR)")
            connection.executemany("INSERT INTO about VALUES (?, ?, ?)", about(snapshot))
    except duckdb.IOException as error:
        raise OSError(str(error).splitlines()[0]) from error
