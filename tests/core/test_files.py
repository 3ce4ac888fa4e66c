"""Replace files that are open, and choose names that every system can have."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.core import files
from pipeline.core.file_names import is_portable_name, portable_name
from pipeline.core.files import replace_path, write_atomically
from pipeline.core.messages import say
from pipeline.core.model import DataFault
from pipeline.core.open_files import FileInUse
from pipeline.core.path_length import LONGEST_BELOW_DATA, check_path_length


class Refusals:
    """An `os.replace` that refuses as Windows does while a file is open."""

    def __init__(self, count: int, winerror: int) -> None:
        self.left, self.winerror, self.replace = count, winerror, os.replace

    def __call__(self, source: Path, target: Path) -> None:
        """Refuse, or replace."""
        if self.left:
            self.left -= 1
            error = PermissionError(13, "Access is denied", str(source))
            error.winerror = self.winerror  # type: ignore[attr-defined,unused-ignore]
            raise error
        self.replace(source, target)


@pytest.mark.parametrize("winerror", [5, 32, 33])
def test_file_that_is_open_for_a_moment_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, winerror: int
) -> None:
    path = tmp_path / "manifest.csv"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", Refusals(3, winerror))
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["manifest.csv"]


def test_file_that_stays_open_is_named_with_its_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "manifest.csv"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", Refusals(10**6, 5))
    monkeypatch.setattr(files, "WAIT_SECONDS", 0.1)
    with pytest.raises(FileInUse) as without_name:
        write_atomically(path, b"new")
    monkeypatch.setattr(files, "programs_with", lambda _: ("WPS Office",))
    with pytest.raises(FileInUse) as fault:
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["manifest.csv"]
    assert f"文件正被WPS Office打开。请在那里关闭它，再试一次（{path}）" in say("run.disk", "zh", error=fault.value)
    assert "文件正被另一个程序（如 WPS、Excel）打开" in say("run.disk", "zh", error=without_name.value)


def test_other_refusals_are_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: pytest.fail("waited"))
    with pytest.raises(FileNotFoundError):
        replace_path(tmp_path / "none", tmp_path / "other")


@pytest.mark.parametrize(
    ("name", "portable"),
    [
        ("411200.docx", "411200.docx"), ("三门峡市 2019 年.docx", "三门峡市 2019 年.docx"), (".scan", ".scan"),
        ("aux.docx", "_aux.docx"), ("CON", "_CON"), ("nul .txt", "_nul .txt"), ("com1.a.b", "_com1.a.b"),
        ("LPT³", "_LPT³"), ("console.txt", "console.txt"), ("a:b?.pdf", "a_b_.pdf"), ("a/b\\c", "a_b_c"),
        ("end.", "end"), ("end . ", "end"), ("..", "_"), ("", "_"), ("a\nb\x00", "a_b_"), ("com10", "com10"),
    ],
)  # fmt: skip
def test_name_is_made_portable(name: str, portable: str) -> None:
    assert portable_name(name) == portable
    assert is_portable_name(portable)
    assert is_portable_name(name) == (name == portable)


def test_folder_in_a_place_that_is_too_deep_for_windows_is_refused(tmp_path: Path) -> None:
    length = len(str(tmp_path.resolve()))
    check_path_length(tmp_path)
    check_path_length(tmp_path, length + LONGEST_BELOW_DATA)
    with pytest.raises(DataFault) as fault:
        check_path_length(tmp_path, length + LONGEST_BELOW_DATA - 1)
    assert str(length + LONGEST_BELOW_DATA) in say(fault.value.code, "zh", **fault.value.values)


@pytest.mark.slow
def test_no_path_below_a_data_folder_is_longer_than_assumed(built: Path) -> None:
    folder = built / "data"
    longest = max(len(str(path.relative_to(folder))) for path in folder.rglob("*"))
    assert longest < LONGEST_BELOW_DATA - 1  # and the separator
