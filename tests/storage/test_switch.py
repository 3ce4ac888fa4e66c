"""Switch between snapshots by a link, and by a pointer file where the system refuses links."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pipeline.core import links
from pipeline.core.paths import Data
from pipeline.storage import switch as switching
from pipeline.storage.snapshot import DATABASE, RECORD
from pipeline.storage.switch import is_copied, restore_link, switch

SNAPSHOTS = ("0123456789abcdef", "fedcba9876543210")


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """Return a data folder with two complete snapshots that are not published."""
    for name in SNAPSHOTS:
        folder = tmp_path / "versions" / name
        folder.mkdir(parents=True)
        (folder / DATABASE).write_bytes(b"")
        record = f'{{"id": "{name}", "files": {{}}, "summary": {{}}, "exit_code": 0}}'
        (folder / RECORD).write_text(record, encoding="utf-8")
    return Data(tmp_path)


@pytest.fixture
def without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse symbolic links as Windows does."""

    def refuse(*_: object, **__: object) -> None:
        error = OSError(22, "A required privilege is not held by the client")
        error.winerror = 1314  # type: ignore[attr-defined,unused-ignore]
        raise error

    monkeypatch.setattr(os, "symlink", refuse)


@pytest.fixture
def with_junctions(monkeypatch: pytest.MonkeyPatch, without_links: None) -> None:
    """Make links in the place of junctions."""

    def make(link: Path, target: Path) -> bool:
        if links.is_link(link) or link.is_file():
            link.unlink()
        os.system(f"ln -s '{target.resolve()}' '{link}'")
        return True

    monkeypatch.setattr(switching, "make_junction", make)


def test_link_leads_to_the_snapshot(data: Data) -> None:
    for name in SNAPSHOTS:
        switch(data, name)
        assert str(data.current_link.readlink()) == f"../versions/{name}"
        assert data.current.resolve().name == name
    assert not data.current_pointer.exists()


@pytest.mark.usefixtures("without_links")
def test_pointer_names_the_snapshot_where_links_are_refused(data: Data) -> None:
    for name in SNAPSHOTS:
        switch(data, name)
        assert data.current == data.versions / name
    assert not data.current_link.exists()
    before = data.current_pointer.stat().st_mtime_ns
    restore_link(data)
    assert data.current_pointer.stat().st_mtime_ns == before
    assert not list(data.versions.glob(".*"))


@pytest.mark.usefixtures("with_junctions")
def test_junction_follows_the_pointer_and_is_restored(data: Data) -> None:
    for name in SNAPSHOTS:
        switch(data, name)
        assert data.current == data.versions / name
        assert data.current_link.resolve().name == name
    data.current_link.unlink()  # a run was killed between pointer and junction, or the folder was moved
    restore_link(data)
    assert data.current_link.resolve().name == SNAPSHOTS[-1]
    restore_link(data)
    assert data.current.name == SNAPSHOTS[-1]


def test_link_that_cannot_be_replaced_gives_way_to_a_pointer(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    switch(data, SNAPSHOTS[0])
    replace = os.replace

    def refuse_folders(source: Path, target: Path) -> None:
        if Path(target).is_dir():
            error = PermissionError(13, "Access is denied")
            error.winerror = 5  # type: ignore[attr-defined,unused-ignore]
            raise error
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse_folders)
    switch(data, SNAPSHOTS[1])
    assert data.current == data.versions / SNAPSHOTS[1]


def test_full_disk_is_no_reason_for_a_pointer(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    switch(data, SNAPSHOTS[0])

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "symlink", fail)
    with pytest.raises(OSError, match="No space"):
        switch(data, SNAPSHOTS[1])
    assert data.current.resolve().name == SNAPSHOTS[0]
    assert not data.current_pointer.exists()


@pytest.mark.parametrize(
    "text", ["fedcba9876543210", "../versions/fedcba9876543210", "..\\versions\\fedcba9876543210\r\n"]
)
@pytest.mark.parametrize("name", ["current", "current.txt"])
def test_text_of_a_link_is_followed(data: Data, text: str, name: str) -> None:
    data.curated.mkdir()
    (data.curated / name).write_bytes(text.encode())
    assert data.current == data.versions / SNAPSHOTS[1]
    assert is_copied(data) == (name == "current")
    restore_link(data)
    assert data.current_link.is_symlink()
    assert data.current.resolve().name == SNAPSHOTS[1]
    assert not data.current_pointer.exists()


@pytest.mark.parametrize("text", ["", "..", "../../..", "/etc", "nothing", "../versions/0123456789abcdef/x", "\0"])
def test_pointer_that_names_no_snapshot_leads_nowhere(data: Data, text: str) -> None:
    switch(data, SNAPSHOTS[0])
    data.current_pointer.write_text(text, encoding="utf-8")
    assert data.current == data.current_link


@pytest.mark.usefixtures("without_links")
def test_copied_folder_becomes_the_snapshot_that_the_pointer_names(data: Data) -> None:
    switch(data, SNAPSHOTS[1])
    shutil.copytree(data.versions / SNAPSHOTS[0], data.current_link)
    assert is_copied(data)
    restore_link(data)
    assert data.current == data.versions / SNAPSHOTS[1]
    assert not data.current_link.exists()
