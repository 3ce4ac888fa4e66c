"""Threads of one process connect to a snapshot at the same time, as the pages of a web application do."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest
from support.project import run_here

from pipeline.storage import database
from pipeline.storage.database import Row, connect, rows


@pytest.mark.slow
def test_threads_connect_at_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_here(project) == 0

    def slow_rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
        """Let the other threads go on between the look at the settings and their change."""
        found = rows(connection, sql)
        time.sleep(0.1)
        return found

    def count(_: int) -> int:
        with connect(project / "data") as connection:
            with pytest.raises(duckdb.Error):
                connection.execute("SELECT * FROM read_csv('/etc/passwd')")
            return int(rows(connection, "SELECT count(*) AS n FROM reports")[0]["n"])

    monkeypatch.setattr(database, "rows", slow_rows)
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(count, range(16)))) == 1
