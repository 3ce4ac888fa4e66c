"""Test that a site which reuses an earlier one has the same bytes as a site built from nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp
from support.project import current_snapshot, file_contents

from pipeline.core.paths import SQL
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot, published_views
from pipeline.publish.site import build, group_files
from pipeline.publish.site.reuse import MARKER_FILE
from pipeline.publish.site.shared_data import Group
from pipeline.storage.database import page_sql

pytestmark = pytest.mark.slow

# Statements whose rows go to the files of groups and bodies have one of these parameters.
PARAMETERS = re.compile(r"\$(bodies|reports)\b")
# A change of rows of one body per table.
CHANGES = {
    "observations": "value = value + 1 WHERE body_id = '411202' AND indicator = 'disclosed.items'",
    "cells": "raw = '7' WHERE report_id = (SELECT min(report_id) FROM reports WHERE body_id = '411202') AND page = 1",
    "findings": "note = 'x' WHERE report_id = (SELECT min(report_id) FROM reports WHERE body_id = '411202')",
}


@pytest.fixture
def snapshot(built: Path) -> PublishedSnapshot:
    """The published shipped data."""
    return PublishedSnapshot(current_snapshot(built), "first")


@pytest.fixture
def written_heads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The heads of the groups whose files were written, not copied."""
    heads: list[str] = []

    def write(snapshot: PublishedSnapshot, groups: Sequence[Group], folder: Path) -> None:
        heads.extend(group.head for group in groups)
        group_files.write_groups(snapshot, groups, folder)

    monkeypatch.setattr(build, "write_groups", write)
    return heads


def changed_snapshot(snapshot: PublishedSnapshot, folder: Path, table: str) -> PublishedSnapshot:
    """Return a copy of a snapshot in which a few rows of one body are different."""
    shutil.copytree(snapshot.folder, folder)
    changed = PublishedSnapshot(folder, "changed")
    with changed.connect() as connection:
        for file in changed.files(table):
            connection.execute(f"CREATE OR REPLACE TEMP TABLE changed AS FROM read_parquet('{file}')")
            connection.execute(f"UPDATE changed SET {CHANGES[table]}")
            file.unlink()
            connection.execute(f"COPY changed TO '{file}' (FORMAT parquet)")
    return changed


def tables_of(sql: str) -> set[str]:
    """Return the tables that a statement reads, also through published views."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    own = {expression.alias for expression in tree.find_all(exp.CTE)}
    names = {table.name for table in tree.find_all(exp.Table)} - own - {""}
    views = published_views()
    return names - views.keys() | {table for name in names & views.keys() for table in tables_of(views[name])}


@pytest.mark.parametrize("table", CHANGES)
def test_site_after_a_change_has_the_bytes_of_a_site_from_nothing(
    snapshot: PublishedSnapshot, tmp_path: Path, written_heads: list[str], table: str
) -> None:
    build.write_site(snapshot, tmp_path / "earlier", None)
    all_heads = sorted(written_heads)
    changed = changed_snapshot(snapshot, tmp_path / "changed", table)
    written_heads.clear()
    build.write_site(changed, tmp_path / "site", None, earlier=tmp_path / "earlier")
    assert "411200" in written_heads
    assert len(written_heads) < len(all_heads)
    build.write_site(changed, tmp_path / "new", None)
    site = file_contents(tmp_path / "site")
    assert site == file_contents(tmp_path / "new")
    assert site != file_contents(tmp_path / "earlier")


def test_only_undamaged_files_of_the_same_input_are_copied(
    snapshot: PublishedSnapshot, tmp_path: Path, written_heads: list[str]
) -> None:
    earlier = tmp_path / "earlier"
    build.write_site(snapshot, earlier, None)
    content, heads = file_contents(earlier), sorted(written_heads)

    def heads_written_again(name: str) -> list[str]:
        written_heads.clear()
        build.write_site(snapshot, tmp_path / name, None, earlier=earlier)
        assert file_contents(tmp_path / name) == content
        return sorted(written_heads)

    assert heads_written_again("same") == []
    (earlier / "data" / "c0.js").write_bytes(b"")  # as after a power failure
    (earlier / "data" / "q1.js").unlink()
    assert len(heads_written_again("damaged")) == 2
    (earlier / MARKER_FILE).write_text("first\n", encoding="utf-8")  # as earlier versions wrote it
    assert heads_written_again("old") == heads


def test_files_do_not_depend_on_batches_and_processes(
    snapshot: PublishedSnapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.write_site(snapshot, tmp_path / "here", None)
    monkeypatch.setattr(group_files, "MIN_BATCH_BODIES", 1)
    monkeypatch.setattr(build, "cores", lambda: 2)
    build.write_site(snapshot, tmp_path / "children", None)
    assert file_contents(tmp_path / "children") == file_contents(tmp_path / "here")


def test_row_hashes_cover_all_tables_of_the_files() -> None:
    statements = [path.read_text(encoding="utf-8") for path in sorted((SQL / "pages").glob("site_*.sql"))]
    read = {table for sql in statements if PARAMETERS.search(sql) for table in tables_of(sql)}
    assert read == tables_of(page_sql("site_row_hashes"))
