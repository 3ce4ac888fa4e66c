"""A run killed at any moment leaves the published snapshot whole, and the next run completes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
from conftest import ROOT, run_here

from pipeline import snapshot
from pipeline.paths import REFERENCE, Data
from pipeline.run import plan

MOMENTS = 20


def start(folder: Path) -> subprocess.Popen[bytes]:
    """A run in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", "--quiet"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def change(folder: Path, number: int) -> None:
    """Make the next run build another snapshot; its figures stay as they are."""
    page = folder / "data" / "raw" / "2024" / "320800.html"
    text = page.read_text(encoding="utf-8").split("<!--")[0]
    page.write_text(f"{text}<!-- {number} -->", encoding="utf-8")


def assert_whole(data: Data) -> str:
    """The published snapshot is complete to the byte and answers queries; returns its id."""
    record = snapshot.published(data)
    assert record is not None
    assert dict(record.files) == snapshot.file_hashes(data.current.resolve(), {})
    with duckdb.connect(str(data.current.resolve() / "ogi.duckdb"), read_only=True) as connection:
        connection.execute("SET file_search_path = $folder", {"folder": str(data.root.parent)})
        statement = "SELECT compiled FROM headline WHERE body_id = '411200' AND year = 2019 AND zh LIKE '主动公开%'"
        assert connection.execute(statement).fetchall() == [(129790,)]
    return record.id


def wanted(data: Data) -> str:
    """The id of the snapshot that the input asks for."""
    return plan(data, REFERENCE / "decisions.csv").id


def test_a_run_killed_at_random_moments(ready: Path) -> None:
    data, moments = Data(ready / "data"), random.Random(2019)
    begun = time.monotonic()
    change(ready, -1)
    assert start(ready).wait(timeout=120) == 1  # the bytes are no longer the registered ones
    usual, killed = time.monotonic() - begun, 0
    for number in range(MOMENTS):
        change(ready, number)
        before = assert_whole(data)
        run = start(ready)
        try:
            run.wait(timeout=moments.uniform(0, usual))
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            killed += 1
        assert assert_whole(data) in (before, wanted(data))
    assert killed >= MOMENTS // 2
    assert run_here(ready) == 1
    assert_whole(data)
    versions = [p for p in data.versions.iterdir() if snapshot.whole(p) is None]
    assert versions == []


def test_every_moment_between_two_steps_of_publishing_is_safe(ready: Path) -> None:
    """What a run leaves that dies between sealing and switching, or between two files, is used or swept."""
    data = Data(ready / "data")
    before = assert_whole(data)
    torn = snapshot.begin(data, "torn")
    (torn / "cells").mkdir()
    (torn / "cells" / "2019-half.parquet").write_bytes(b"PAR1")
    (data.versions / ".fresh").symlink_to("torn")
    assert assert_whole(data) == before
    change(ready, 0)
    assert run_here(ready) == 1
    assert not torn.exists()
    assert not (data.versions / ".fresh").is_symlink()
    after = assert_whole(data)
    snapshot.switch(data, before)
    assert assert_whole(data) == before
    assert run_here(ready) == 1  # the sealed snapshot of this input is still there and only switched to
    assert assert_whole(data) == after
