"""Test which snapshots a run keeps and which it removes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.project import current_snapshot, ogi_here, replace_in_report, run_here

from pipeline.core.paths import Data
from pipeline.storage import snapshot
from pipeline.storage.snapshot import DEFAULT_KEPT

pytestmark = pytest.mark.slow

# Any change of a report leads to a new snapshot. The exit code is 1, because the file no longer has the listed hash.
CHANGE = ("2023/321300.html", "</h1>", "</h1><p>more</p>")


def test_only_kept_snapshots_remain_and_the_published_one_is_never_removed(ready: Path) -> None:
    data = Data(ready / "data")
    first = data.current.resolve().name
    for number in (251, 252):
        replace_in_report(ready, "2019/411200.html", f"<td>{number}</td><td>8</td>", f"<td>{number + 1}</td><td>8</td>")
        before = data.current.resolve().name
        assert ogi_here(ready, "run", "--quiet", "--keep", "1").returncode == 1
        # The previous snapshot remains until the next run removes it, because readers may still use it.
        assert {r.id for r in snapshot.kept(data)} == {before, data.current.resolve().name}
    assert first not in {r.id for r in snapshot.kept(data)}


def test_old_snapshots_beyond_the_default_number_are_removed(ready: Path) -> None:
    versions = ready / "data" / "versions"
    for count in range(DEFAULT_KEPT + 1):
        shutil.copytree(current_snapshot(ready), versions / f"{count:016x}")
    replace_in_report(ready, *CHANGE)
    assert run_here(ready) == 1
    assert len(list(versions.iterdir())) == DEFAULT_KEPT + 1


def test_leftovers_of_a_killed_removal_are_removed(ready: Path) -> None:
    leftover = ready / "data" / "versions" / ".swept-left"
    shutil.copytree(current_snapshot(ready), leftover / "0123456789abcdef")
    replace_in_report(ready, *CHANGE)
    assert run_here(ready) == 1
    assert not [p for p in leftover.parent.iterdir() if p.name.startswith(".")]


@pytest.mark.parametrize("with_versions", [True, False])
def test_folder_in_the_place_of_the_link_becomes_the_snapshot_again(ready: Path, with_versions: bool) -> None:
    """A ZIP archive or a copy by hand has the files of the snapshot where the link was."""
    data = Data(ready / "data")
    folder = data.current.resolve()
    data.current.unlink()
    shutil.copytree(folder, data.current)
    if not with_versions:
        shutil.rmtree(data.versions)
    assert ogi_here(ready, "query", "SELECT count(*) FROM cells").returncode == 0
    assert run_here(ready) == 0
    assert data.current.is_symlink()
    assert data.current.resolve().name == folder.name
    assert [record.id for record in snapshot.kept(data)] == [folder.name]


def test_incomplete_folder_in_the_place_of_the_link_is_built_again(ready: Path) -> None:
    data = Data(ready / "data")
    folder = data.current.resolve()
    data.current.unlink()
    shutil.copytree(folder, data.current, ignore=shutil.ignore_patterns("ogi.duckdb"))
    shutil.rmtree(data.versions)
    assert run_here(ready) == 0
    assert data.current.is_symlink()
    assert data.current.resolve().name == folder.name
    assert [path.name for path in data.versions.iterdir() if path.is_dir()] == [folder.name]


def test_renamed_data_folder_is_read_and_run(ready: Path) -> None:
    moved = ready.rename(ready.parent / "别处")
    assert ogi_here(moved, "query", "SELECT count(*) FROM cells").returncode == 0
    assert ogi_here(moved, "run", "--quiet").returncode == 0
