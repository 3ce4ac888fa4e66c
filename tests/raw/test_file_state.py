"""What is remembered of files: never a hash of bytes that are not there any more."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pipeline.raw.file_state import GRAIN, Seen, sha256
from pipeline.raw.scan_cache import DOUBTFUL, Block, Remembered, recall, write_down


def look(folder: Path) -> str:
    """The hash of the one file, as a run finds it that remembers."""
    earlier = recall(folder / ".seen")
    seen = Seen(folder / "raw", earlier.blocks)
    found = seen.sha256("2019/a.html")
    block = Block("2019-41", "", "", "2019/a.html", seen.state("2019/a.html"), found)
    write_down(folder / ".seen", "key", [block])
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
    monkeypatch.setattr("pipeline.raw.file_state.sha256", lambda path: pytest.fail(f"read {path}"))
    assert look(folder) == first


def test_a_file_that_has_just_been_written_is_not_believed(folder: Path) -> None:
    file = folder / "raw" / "2019" / "a.html"
    first = look(folder)
    file.write_text("two")  # as long as before, within the grain of the clock
    assert look(folder) != first
    assert recall(folder / ".seen").blocks[0].states == DOUBTFUL


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


def test_a_broken_memory_is_none(folder: Path) -> None:
    age(folder / "raw" / "2019" / "a.html")
    first = look(folder)
    whole = (folder / ".seen").read_bytes()
    flipped = whole.replace(first[:4].encode(), b"0000")
    for broken in (b"", b"\xff\xfe", b"\n", whole[: len(whole) // 2], whole + b"\0", flipped):
        (folder / ".seen").write_bytes(broken)
        assert recall(folder / ".seen") == Remembered()
        assert look(folder) == first


def test_what_was_written_down_is_recalled_however_odd(folder: Path) -> None:
    block = Block("2019-41", "abc", 'a,b\0"a\nb",c\0', "x y\0\udcff", f"1:2:3:4\0{DOUBTFUL}", "d\0")
    write_down(folder / ".seen", "key", [block, block._replace(stem="2019-42")])
    found = recall(folder / ".seen")
    assert found == Remembered("key", (block, block._replace(stem="2019-42")))
    assert dict(found.blocks[0].known) == {"x y": ("1:2:3:4", "d"), "\udcff": (DOUBTFUL, "")}


def test_what_cannot_be_read_has_no_hash_and_a_read_only_folder_costs_time_only(folder: Path) -> None:
    assert Seen(folder / "raw").sha256("2019/gone.html") == ""
    (folder / ".seen.new").mkdir()
    assert look(folder) == sha256(folder / "raw" / "2019" / "a.html")
