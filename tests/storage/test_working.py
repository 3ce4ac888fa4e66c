"""Test the database in memory for a stage's own work."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from pipeline.storage.working import working_database


def test_what_exceeds_the_memory_goes_to_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with working_database() as connection:
        connection.execute("SET memory_limit = '40MB'; SET threads = 1")
        connection.execute("CREATE TABLE numbers AS SELECT range AS n, hash(range) AS h FROM range(4_000_000)")
        ((count,),) = connection.execute("SELECT count(*) FROM numbers").fetchall()
        folder = connection.execute("SELECT current_setting('temp_directory')").fetchall()[0][0]
        assert any(Path(folder).iterdir())
    assert count == 4_000_000
    assert Path(folder).is_relative_to(tempfile.gettempdir())
    assert not Path(folder).exists()
    assert not list(tmp_path.iterdir())


def test_full_memory_is_an_error_of_the_system() -> None:
    limits = "SET memory_limit = '20MB'; SET max_temp_directory_size = '0KB'"
    with pytest.raises(OSError, match="memory"), working_database() as connection:
        connection.execute(f"{limits}; CREATE TABLE numbers AS SELECT hash(range) AS h FROM range(8_000_000)")
