"""Test that the cached hash of a file is reused only while its content is certainly unchanged."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pipeline.raw.file_state import CLOCK_RESOLUTION_NS, RawFiles, sha256
from pipeline.raw.scan_cache import read_scan_cache, write_scan_cache

pytestmark = pytest.mark.slow

REPORT = "2019/a.html"


def hash_with_cache(folder: Path) -> str:
    """Return the hash of the report as a run computes it, with a scan cache that is read and written."""
    files = RawFiles(folder / "raw", read_scan_cache(folder / "cache"))
    digest = files.sha256(REPORT)
    if (hashes := files.cacheable()) is not None:
        write_scan_cache(folder / "cache", hashes)
    return digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder whose `raw` has one report."""
    (tmp_path / "raw" / "2019").mkdir(parents=True)
    (tmp_path / "raw" / REPORT).write_text("one")
    return tmp_path


def wait_for_the_clock() -> None:
    """Wait until the cache trusts files that were written before now."""
    time.sleep(CLOCK_RESOLUTION_NS / 1e9 + 0.1)


def test_unchanged_file_is_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for_the_clock()
    first = hash_with_cache(folder)
    assert first == sha256(folder / "raw" / REPORT)
    monkeypatch.setattr("pipeline.raw.file_state.sha256", lambda path: pytest.fail(f"read {path}"))
    assert hash_with_cache(folder) == first
    assert RawFiles(folder / "raw", read_scan_cache(folder / "cache")).cacheable() is None


def test_hash_of_a_file_just_written_is_not_cached(folder: Path) -> None:
    first = hash_with_cache(folder)
    (folder / "raw" / REPORT).write_text("two")  # the same size, within the resolution of the clock
    assert hash_with_cache(folder) != first
    assert read_scan_cache(folder / "cache") == {}


@pytest.mark.parametrize("change", ["longer", "same length", "other file", "old time"])
def test_changed_file_is_read_again(folder: Path, change: str) -> None:
    file = folder / "raw" / REPORT
    wait_for_the_clock()
    first = hash_with_cache(folder)
    status = file.stat()
    if change == "other file":
        (folder / "b").write_text("two")
        (folder / "b").replace(file)
    else:
        file.write_text("three" if change == "longer" else "two")
    if change == "old time":  # a wrong clock or a copy program gives the file its old time
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert hash_with_cache(folder) == sha256(file) != first


def test_removed_file_is_removed_from_the_cache(folder: Path) -> None:
    wait_for_the_clock()
    hash_with_cache(folder)
    assert set(read_scan_cache(folder / "cache")) == {REPORT}
    (folder / "raw" / REPORT).unlink()
    assert hash_with_cache(folder) == ""
    assert read_scan_cache(folder / "cache") == {}


def test_damaged_cache_is_not_used(folder: Path) -> None:
    wait_for_the_clock()
    first = hash_with_cache(folder)
    intact = (folder / "cache").read_bytes()
    flipped = intact.replace(first[:4].encode(), b"0000")
    for damaged in (b"", b"\xff\xfe", b"\n", intact[: len(intact) // 2], intact + b"\0", flipped):
        (folder / "cache").write_bytes(damaged)
        assert read_scan_cache(folder / "cache") == {}
        assert hash_with_cache(folder) == first


def test_cache_keeps_odd_file_names(folder: Path) -> None:
    hashes = {'x y,"\n': ("1:2:3:4", "d"), "\udcff": ("", "")}
    write_scan_cache(folder / "cache", hashes)
    assert read_scan_cache(folder / "cache") == hashes


def test_missing_file_has_no_hash_and_an_unwritable_cache_is_ignored(folder: Path) -> None:
    assert RawFiles(folder / "raw").sha256("2019/gone.html") == ""
    wait_for_the_clock()
    (folder / "cache").mkdir()
    assert hash_with_cache(folder) == sha256(folder / "raw" / REPORT)
