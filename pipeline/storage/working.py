"""A database in memory for a stage's own work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@contextmanager
def working_database() -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield an empty database in memory; what the memory cannot hold goes to the system's temporary folder.

    DuckDB's default is the folder in which ogi was started, where a service often must not write. Raises OSError if
    the disk or the memory is full.
    """
    import duckdb

    with TemporaryDirectory(prefix="ogi-", ignore_cleanup_errors=True) as folder:
        try:
            with duckdb.connect(config={"temp_directory": folder}) as connection:
                yield connection
        except duckdb.OperationalError as fault:  # no disk, no memory
            raise OSError(str(fault)) from fault
