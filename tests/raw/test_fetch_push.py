"""Reports from a store and snapshots to one: folders and memory; `test_s3.py` does the same with a bucket."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable
from pathlib import Path

import fsspec
import pytest
from support import stores
from support.project import ROOT, ogi_in

from pipeline.core.model import DataFault, ProjectFault
from pipeline.core.paths import Data
from pipeline.publish import push as pushing
from pipeline.publish.push import push
from pipeline.raw import fetch as fetching
from pipeline.raw.fetch import fetch
from pipeline.runtime.object_store import Store

RAW = ROOT / "data" / "raw"
HEAD = "path,body,region_code,level,year,provenance,source,sha256\n"


@pytest.fixture(params=["file", "memory", "path"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    folder = tmp_path / "store"
    return {"file": folder.as_uri(), "memory": f"memory://{uuid.uuid4()}", "path": str(folder)}[request.param]


@pytest.mark.parametrize("holds", [stores.fetches, stores.misses])
def test_reports_are_fetched(url: str, tmp_path: Path, holds: Callable[[str, Path, Path], None]) -> None:
    holds(url, RAW, tmp_path)


def test_a_snapshot_is_pushed(url: str, built: Path, tmp_path: Path) -> None:
    stores.pushes(url, built, tmp_path)


def listing(tmp_path: Path, *paths: str) -> tuple[Data, Store]:
    """A store whose manifest names these paths, and has a file for each that can be one."""
    folder = tmp_path / "store"
    (folder / "2019").mkdir(parents=True)
    lines = "".join(f'"{path}",三门峡市人民政府,411200,city,2019,transcribed,公报,\n' for path in paths)
    (folder / "manifest.csv").write_text(HEAD + lines, encoding="utf-8")
    (folder / "2019" / "x.html").write_text("<table>", encoding="utf-8")
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    return Data(tmp_path / "data"), Store(folder.as_uri())


@pytest.mark.parametrize(
    "path",
    [
        "../secret.html", "2019/../../secret.html", "/etc/passwd", "C:/x.html", "2019\\..\\x.html", "", ".",
        "2019/a\x1b[31m.html", "./2019/x.html", "2019//x.html", "manifest.csv", ".seen", "2019/.x.html", "bodies.csv",
        "out/x.html",
    ],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_told_and_the_rest_is_brought(tmp_path: Path, path: str) -> None:
    data, store = listing(tmp_path, path, "2019/x.html")
    data.raw.mkdir(parents=True)
    (data.raw / "out").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "elsewhere").mkdir()
    found = fetch(data, store)
    assert {p: f.code for p, f in found.faults.items()} == {path: "manifest.path"}
    assert found.downloaded == 1
    assert not list((tmp_path / "elsewhere").iterdir())
    assert {p.name for p in data.raw.rglob("*") if p.is_file()} == {"manifest.csv", "x.html"}


def test_a_name_that_no_file_can_have_costs_itself(tmp_path: Path) -> None:
    """A file at the place of a folder, and a name that is too long where the store has no such limit."""
    data, _ = listing(tmp_path, "2019/x.html", "2019", "2019/" + "长" * 200)
    url = f"memory://{uuid.uuid4()}"
    store = Store(url)
    stores.fill(url, tmp_path / "store")
    store.write("2019/" + "长" * 200, b"<table>")
    data.raw.mkdir(parents=True)
    found = fetch(data, store)
    assert {p[:6]: f.code for p, f in found.faults.items()} == {"2019": "store.missing", "2019/长": "fetch.name"}
    assert found.downloaded == 1


def test_what_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, store = listing(tmp_path, "2019/x.html", "2019/y.html")
    (tmp_path / "store" / "2019" / "y.html").write_bytes(b"x" * 101)
    monkeypatch.setattr(fetching, "MAX_REPORT_BYTES", 100)
    found = fetch(data, store)
    assert {p: f.code for p, f in found.faults.items()} == {"2019/y.html": "store.too_large"}
    monkeypatch.setattr(fetching, "MAX_REPORTS", 1)
    with pytest.raises(DataFault) as fault:
        fetch(data, store)
    assert fault.value.code == "fetch.too_many"


def test_what_breaks_off_leaves_the_manifest_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, store = listing(tmp_path, "2019/x.html")
    fetch(data, store)
    held = data.manifest.read_bytes()
    with (tmp_path / "store" / "manifest.csv").open("a", encoding="utf-8") as file:
        file.write("2019/y.html,三门峡市人民政府,411200,city,2019,transcribed,公报,\n")

    def broken(_path: str, _most: int) -> bytes:
        raise DataFault("store.broken", url="", error="")

    read = store.read
    monkeypatch.setattr(store, "read", lambda p, most: read(p, most) if p == "manifest.csv" else broken(p, most))
    with pytest.raises(DataFault):
        fetch(data, store)
    assert data.manifest.read_bytes() == held
    (tmp_path / "store" / "manifest.csv").write_text("path\n", encoding="utf-8")
    with pytest.raises(ProjectFault, match="columns"):
        fetch(data, store)
    assert data.manifest.read_bytes() == held


def test_a_push_that_breaks_off_leaves_the_pointer(
    ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one goes on where it was; a file of which there is only a part is put again."""
    data, store = Data(ready / "data"), Store((tmp_path / "store").as_uri())
    put, left = store.put, [5]

    def some(local: Path, path: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise DataFault("store.broken", url="", error="")
        put(local, path)

    monkeypatch.setattr(store, "put", some)
    with pytest.raises(DataFault):
        push(data, store)
    assert not (tmp_path / "store" / pushing.POINTER).exists()
    monkeypatch.setattr(store, "put", put)
    part = next((tmp_path / "store").rglob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-1])
    assert push(data, store).uploaded > 0
    assert stores.read(store.url, "reports").num_rows == 60
    assert not list((tmp_path / "store").rglob(".*"))


def test_a_file_that_is_not_there_after_it_was_put_keeps_the_pointer_back(
    ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store((tmp_path / "store").as_uri())
    monkeypatch.setattr(store, "put", lambda local, path: None)
    with pytest.raises(DataFault) as fault:
        push(Data(ready / "data"), store)
    assert fault.value.code == "push.differs"
    assert not (tmp_path / "store" / pushing.POINTER).exists()


def test_damaged_data_is_not_pushed(ready: Path, tmp_path: Path) -> None:
    data = Data(ready / "data")
    next((data.current / "cells").iterdir()).write_bytes(b"PAR1")
    with pytest.raises(DataFault) as fault:
        push(data, Store((tmp_path / "store").as_uri()))
    assert fault.value.code == "push.damaged"
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("url", ["s3://key:secret@bucket/x", "simplecache::s3://bucket", "nothing://x", "s3://b?key=x"])
def test_an_address_that_cannot_be_used_is_told_without_its_secrets(built: Path, url: str) -> None:
    ended = ogi_in(built, "push", url, "--lang", "en")
    assert ended.returncode == 3
    assert "cannot be used" in ended.stderr
    assert "secret" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_commands(built: Path, project: Path, tmp_path: Path) -> None:
    store, raw = tmp_path / "out", project / "data" / "raw"
    assert "ogi run" in ogi_in(project, "push", str(store)).stderr
    pushed = ogi_in(built, "push", str(store), "--lang", "en")
    assert (pushed.returncode, "Published" in pushed.stdout) == (0, True), pushed.stderr
    assert json.loads((store / "current.json").read_text(encoding="utf-8"))["summary"]["loaded"] == 60
    (raw / "2024" / "320800.html").unlink()
    fetched = ogi_in(tmp_path, "fetch", raw.as_uri(), "--data", "new", "--lang", "en")
    assert (fetched.returncode, "59 files downloaded" in fetched.stdout) == (1, True), fetched.stdout + fetched.stderr
    assert "has no 2024/320800.html" in fetched.stderr
    nothing = ogi_in(tmp_path, "fetch", str(tmp_path / "nowhere"), "--data", "new")
    assert (nothing.returncode, "manifest.csv" in nothing.stderr) == (3, True)


def refused(url: str) -> None:
    raise ImportError("Install s3fs to access S3")


def test_the_extra_is_named_where_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fsspec, "url_to_fs", refused)
    with pytest.raises(DataFault) as fault:
        Store("s3://bucket/prefix")
    assert fault.value.code == "store.extra"


def test_no_right_to_write_is_told(built: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("nothing is forbidden to root")
    (tmp_path / "store").mkdir(mode=0o500)
    with pytest.raises(DataFault) as fault:
        push(Data(built / "data"), Store(str(tmp_path / "store")))
    assert fault.value.code == "store.denied"
