"""The memory of the last plan: used only where no file, decision or rule has changed."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from pipeline.core.paths import Data
from pipeline.job import same_input
from pipeline.job.same_input import input_key, remember_plan, remembered_plan
from pipeline.raw.file_state import RawFiles


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """A data folder whose files changed long before the scan."""
    made = Data(tmp_path / "data")
    (made.raw / "2019").mkdir(parents=True)
    (made.raw / "2019" / "a.html").write_bytes(b"a")
    made.manifest.write_bytes(b"path")
    return made


def key(data: Data, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """Return the key as if the files had changed an hour ago."""
    with monkeypatch.context() as later:
        later.setattr(time, "time_ns", lambda now=time.time_ns: now() + 3600 * 10**9)
        return input_key(data, RawFiles(data.raw), data.decisions)


def test_same_files_have_the_same_key(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    first = key(data, monkeypatch)
    assert first is not None
    assert key(data, monkeypatch) == first


@pytest.mark.parametrize("change", ["content", "new file", "removed file", "decisions", "manifest", "link", "rules"])
def test_any_change_gives_another_key(data: Data, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    before, report = key(data, monkeypatch), data.raw / "2019" / "a.html"
    status = report.stat()
    if change == "content":  # of the same size, with the times set back
        report.write_bytes(b"b")
        os.utime(report, ns=(status.st_atime_ns, status.st_mtime_ns))
    elif change == "new file":
        (data.raw / "2019" / "b.html").write_bytes(b"b")
    elif change == "removed file":
        report.unlink()
    elif change == "decisions":
        data.decisions.write_bytes(b"body_id")
    elif change == "manifest":
        data.manifest.write_bytes(b"path,body")
    elif change == "link":
        (data.raw / "2020").symlink_to(data.raw / "2019")
    else:
        monkeypatch.setattr(same_input, "rollup_fingerprint", lambda: "other")
    assert key(data, monkeypatch) != before


def test_file_that_just_changed_has_no_key(data: Data) -> None:
    assert input_key(data, RawFiles(data.raw), data.decisions) is None
    remember_plan(data, None, "plan")
    assert remembered_plan(data, None) is None
    assert not (data.root / ".same_input").exists()


@pytest.mark.parametrize("stored", [b"", b"{", b"[]", b'{"plan": "p"}', b'{"key": "other", "plan": "p"}', b"\xff"])
def test_damaged_memory_is_ignored(data: Data, stored: bytes) -> None:
    (data.root / ".same_input").write_bytes(stored)
    assert remembered_plan(data, "key") is None


def test_plan_is_remembered(data: Data) -> None:
    remember_plan(data, "key", "plan")
    assert remembered_plan(data, "key") == "plan"
    assert remembered_plan(data, "other") is None
    assert set(json.loads((data.root / ".same_input").read_text())) == {"key", "plan"}
