"""What is remembered of files: never a hash of bytes that are not there any more."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pipeline.seen import GRAIN, Seen, sha256


def look(folder: Path) -> str:
    seen = Seen(folder / "raw", folder / ".seen")
    found = seen.sha256("2019/a.html")
    seen.remember()
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "raw" / "2019").mkdir(parents=True)
    (tmp_path / "raw" / "2019" / "a.html").write_text("one")
    return tmp_path


def age(file: Path) -> None:
    """As if the file had been left alone for long: only its own clock can be set, so the grain is awaited."""
    time.sleep(GRAIN / 1e9 + 0.1)
    assert file.is_file()


def test_a_file_that_was_left_alone_is_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "raw" / "2019" / "a.html"
    age(file)
    first = look(folder)
    assert first == sha256(file)
    monkeypatch.setattr("pipeline.seen.sha256", lambda path: pytest.fail(f"read {path}"))
    assert look(folder) == first


def test_a_file_that_has_just_been_written_is_not_believed(folder: Path) -> None:
    file = folder / "raw" / "2019" / "a.html"
    first = look(folder)
    file.write_text("two")  # as long as before, within the grain of the clock
    assert look(folder) != first
    assert not (folder / ".seen").exists()


@pytest.mark.parametrize("how", ["longer", "same length", "other file", "set back"])
def test_a_changed_file_is_read_again(folder: Path, how: str) -> None:
    file = folder / "raw" / "2019" / "a.html"
    age(file)
    first = look(folder)
    told = file.stat()
    if how == "other file":
        (folder / "b").write_text("two")
        (folder / "b").replace(file)
    else:
        file.write_text("three" if how == "longer" else "two")
    if how == "set back":  # the clock, or somebody, gives the file its old time
        os.utime(file, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert look(folder) == sha256(file) != first


def test_the_memory_is_not_written_anew_for_a_little(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.seen.A_LITTLE", 3)
    for name in "bcd":
        (folder / "raw" / "2019" / f"{name}.html").write_text(name)
    age(folder / "raw" / "2019" / "a.html")
    look_at_all(folder)
    written = (folder / ".seen").read_bytes()
    for name, same in (("b", True), ("c", False)):
        (folder / "raw" / "2019" / f"{name}.html").write_text(f"{name} again")
        age(folder / "raw" / "2019" / "a.html")
        assert look_at_all(folder)[f"2019/{name}.html"] == sha256(folder / "raw" / "2019" / f"{name}.html")
        assert ((folder / ".seen").read_bytes() == written) == same


def look_at_all(folder: Path) -> dict[str, str]:
    seen = Seen(folder / "raw", folder / ".seen")
    found = {path: seen.sha256(path) for path in seen.files}
    seen.remember()
    return found


def test_a_broken_memory_is_none(folder: Path) -> None:
    age(folder / "raw" / "2019" / "a.html")
    first = look(folder)
    whole = (folder / ".seen").read_bytes()
    for broken in (b"\xff\xfe", b"\n", whole[: len(whole) // 2], b"1 2 3 4 5\n" + b"x " * 9):
        (folder / ".seen").write_bytes(broken)
        assert look(folder) == first


def test_what_cannot_be_read_has_no_hash_and_a_read_only_folder_costs_time_only(folder: Path) -> None:
    assert Seen(folder / "raw", folder / ".seen").sha256("2019/gone.html") == ""
    (folder / ".seen.new").mkdir()
    assert look(folder) == sha256(folder / "raw" / "2019" / "a.html")
