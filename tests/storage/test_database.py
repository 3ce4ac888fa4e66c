"""The database of a snapshot: it opens anywhere, and describes itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from support.project import current_snapshot, ogi_here, run_here

from pipeline.core.paths import Data
from pipeline.publish.interchange.snapshot_tables import published_views
from pipeline.storage.database import write_database
from pipeline.storage.dictionary import dictionary
from pipeline.storage.draft import Draft
from pipeline.storage.snapshot import damaged_files, published, read_record

CELL = ("2019/411200.html", "applications/new/total")


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Return the rows of a statement on a database that sees no other file."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_database_opens_in_any_folder_after_a_copy(built: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copyfile(built / "data" / "curated" / "current" / "ogi.duckdb", tmp_path / "sent.duckdb"))
    ((cells, edited),) = rows(copied, "SELECT (SELECT count(*) FROM cells), (SELECT count(*) FROM edited)")
    assert isinstance(cells, int)
    assert isinstance(edited, int)
    assert edited >= cells > 5000
    assert rows(copied, "SELECT 1 FROM duckdb_views() WHERE NOT internal AND contains(sql, '.parquet')") == []


def test_tables_columns_and_views_have_comments_in_both_languages(built: Path) -> None:
    path = built / "data" / "curated" / "current" / "ogi.duckdb"
    tables = rows(path, "SELECT table_name, comment FROM duckdb_tables()")
    assert {name for name, _ in tables} == dictionary().keys()
    views = rows(path, "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal")
    of_tables = "table_name IN (SELECT table_name FROM duckdb_tables())"
    columns = rows(path, f"SELECT column_name, comment FROM duckdb_columns() WHERE {of_tables}")
    assert len(columns) == sum(len(lines) for lines in dictionary().values())
    assert [name for name, comment in (*tables, *views, *columns) if " / " not in str(comment)] == []


def test_table_with_many_rows_is_a_view_on_its_files(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, record = Data(built / "data"), published(Data(built / "data"))
    assert record
    draft = Draft(Data(tmp_path / "data"), "large")
    draft.adopt(source.current, [name for name in record.files if name.endswith(".parquet")])
    monkeypatch.setattr("pipeline.storage.database.MAX_ROWS", 5000)
    write_database(draft, {})
    monkeypatch.chdir("/")
    path = draft.folder / "ogi.duckdb"
    views = {name for (name,) in rows(path, "SELECT view_name FROM duckdb_views() WHERE NOT internal")}
    assert "cells" in views
    assert "bodies" not in views
    ((cells,),) = rows(path, "SELECT count(*) > 5000 FROM cells")
    assert cells


@pytest.mark.slow
@pytest.mark.parametrize("keeps_old_folder", [False, True])
def test_moved_folder_with_a_large_table_is_one_message(
    ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keeps_old_folder: bool
) -> None:
    source, record = Data(ready / "data"), published(Data(ready / "data"))
    assert record
    draft = Draft(Data(tmp_path / "old" / "data"), record.id)
    draft.adopt(source.current.resolve(), record.files)
    monkeypatch.setattr("pipeline.storage.database.MAX_ROWS", 5000)
    write_database(draft, published_views())
    draft.seal(record)
    draft.publish()
    (tmp_path / "old" / "data" / "raw").mkdir()
    if keeps_old_folder:
        shutil.copytree(tmp_path / "old", tmp_path / "new", symlinks=True)
    else:
        (tmp_path / "old").rename(tmp_path / "new")
    calls = (["query", "SELECT count(*) FROM cells"], ["explain", CELL[0], CELL[1]], ["query", "applicants"])
    for call in calls:
        result = ogi_here(tmp_path / "new", *call, "--lang", "en")
        assert result.returncode == 3, call
        assert result.stderr.startswith("The data folder was moved or copied: the database still reads "), call
        assert str(tmp_path / "old") in result.stderr
    assert ogi_here(tmp_path / "new", "query", "SELECT count(*) FROM bodies").returncode == 0
    assert ogi_here(tmp_path / "new", "query", "SELECT nothing FROM bodies").returncode == 2
    assert ogi_here(tmp_path / "new", "site").returncode == 0  # it reads the Parquet files, wherever they are
    assert ogi_here(tmp_path / "new", "export", "duckdb", "out").returncode == 0
    assert rows(tmp_path / "new" / "out" / "ogi.duckdb", "SELECT count(*) > 5000 FROM cells") == [(True,)]


@pytest.mark.slow
def test_run_builds_a_deleted_database_again(ready: Path) -> None:
    (current_snapshot(ready) / "ogi.duckdb").unlink()
    assert run_here(ready) == 0
    assert rows(current_snapshot(ready) / "ogi.duckdb", "SELECT count(*) > 5000 FROM cells") == [(True,)]


def test_damaged_database_is_noticed(built: Path, tmp_path: Path) -> None:
    folder, record = tmp_path / current_snapshot(built).name, published(Data(built / "data"))
    assert record
    shutil.copytree(current_snapshot(built), folder)
    assert damaged_files(folder, record) == []
    content = bytearray((folder / "ogi.duckdb").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "ogi.duckdb").write_bytes(content)
    assert damaged_files(folder, record) == ["ogi.duckdb"]
    (folder / "ogi.duckdb").unlink()
    assert read_record(folder) is None
