"""Fetch reports from a store and push snapshots to one, in folders and memory; `test_s3.py` uses a bucket."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from support import stores
from support.project import ROOT, ogi_here

from pipeline.core.model import DataFault, ProjectFault
from pipeline.core.paths import Data
from pipeline.publish import push as push_module
from pipeline.publish.push import push
from pipeline.raw import fetch as fetch_module
from pipeline.raw.fetch import fetch
from pipeline.runtime.object_store import Store

RAW = ROOT / "data" / "raw"
MANIFEST_HEADER = "path,body,region_code,level,year,provenance,source,sha256\n"


@pytest.fixture(params=["file", "memory", "path"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty store: a file URL, memory, or a plain path."""
    folder = tmp_path / "store"
    return {"file": folder.as_uri(), "memory": f"memory://{uuid.uuid4()}", "path": str(folder)}[request.param]


@pytest.mark.parametrize("check", [stores.check_fetch, stores.check_missing_object])
def test_reports_are_fetched(url: str, tmp_path: Path, check: Callable[[str, Path, Path], None]) -> None:
    check(url, RAW, tmp_path)


def test_snapshot_is_pushed(url: str, built: Path, tmp_path: Path) -> None:
    stores.check_push(url, built, tmp_path)


def create_store(tmp_path: Path, *paths: str) -> tuple[Data, Store]:
    """Create a store that has 2019/x.html and a manifest with these paths; return a new data folder and the store."""
    folder = tmp_path / "store"
    (folder / "2019").mkdir(parents=True)
    lines = "".join(f'"{path}",三门峡市人民政府,411200,city,2019,transcribed,公报,\n' for path in paths)
    (folder / "manifest.csv").write_text(MANIFEST_HEADER + lines, encoding="utf-8")
    (folder / "2019" / "x.html").write_text("<table>", encoding="utf-8")
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    return Data(tmp_path / "data"), Store(folder.as_uri())


@pytest.mark.parametrize(
    "path",
    [
        "../secret.html", "2019/../../secret.html", "/etc/passwd", "C:/x.html", "2019\\..\\x.html", "", ".",
        "2019/a\x1b[31m.html", "./2019/x.html", "2019//x.html", "manifest.csv", ".scan_cache", "2019/.x.html",
        "bodies.csv", "out/x.html",
    ],
)  # fmt: skip
def test_path_out_of_the_folder_is_refused_and_the_other_reports_are_downloaded(tmp_path: Path, path: str) -> None:
    data, store = create_store(tmp_path, path, "2019/x.html")
    data.raw.mkdir(parents=True)
    (data.raw / "out").symlink_to(tmp_path / "outside", target_is_directory=True)
    (tmp_path / "outside").mkdir()
    result = fetch(data, store)
    assert {p: f.code for p, f in result.faults.items()} == {path: "manifest.path"}
    assert result.downloaded == 1
    assert not list((tmp_path / "outside").iterdir())
    assert {p.name for p in data.raw.rglob("*") if p.is_file() and p.suffix != ".lock"} == {"manifest.csv", "x.html"}


def test_path_that_cannot_be_a_file_fails_alone(tmp_path: Path) -> None:
    """One path is a folder for other reports. Another is too long for a file system, but not for the store."""
    data, _ = create_store(tmp_path, "2019/x.html", "2019", "2019/" + "长" * 200)
    url = f"memory://{uuid.uuid4()}"
    store = Store(url)
    stores.fill_store(url, tmp_path / "store")
    store.write("2019/" + "长" * 200, b"<table>")
    data.raw.mkdir(parents=True)
    result = fetch(data, store)
    assert {p[:6]: f.code for p, f in result.faults.items()} == {"2019": "store.missing", "2019/长": "fetch.name"}
    assert result.downloaded == 1


def test_report_or_manifest_beyond_the_limits_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, store = create_store(tmp_path, "2019/x.html", "2019/y.html")
    (tmp_path / "store" / "2019" / "y.html").write_bytes(b"x" * 101)
    monkeypatch.setattr(fetch_module, "MAX_REPORT_BYTES", 100)
    result = fetch(data, store)
    assert {p: f.code for p, f in result.faults.items()} == {"2019/y.html": "store.too_large"}
    monkeypatch.setattr(fetch_module, "MAX_REPORTS", 1)
    with pytest.raises(DataFault) as fault:
        fetch(data, store)
    assert fault.value.code == "fetch.too_many"


def test_interrupted_fetch_keeps_the_local_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, store = create_store(tmp_path, "2019/x.html")
    fetch(data, store)
    before = data.manifest.read_bytes()
    with (tmp_path / "store" / "manifest.csv").open("a", encoding="utf-8") as file:
        file.write("2019/y.html,三门峡市人民政府,411200,city,2019,transcribed,公报,\n")

    def fail_to_read(_path: str, _max_bytes: int) -> bytes:
        raise DataFault("store.broken", url="", error="")

    read = store.read
    monkeypatch.setattr(
        store, "read", lambda p, max_bytes: read(p, max_bytes) if p == "manifest.csv" else fail_to_read(p, max_bytes)
    )
    with pytest.raises(DataFault):
        fetch(data, store)
    assert data.manifest.read_bytes() == before
    (tmp_path / "store" / "manifest.csv").write_text("path\n", encoding="utf-8")
    with pytest.raises(ProjectFault, match="columns"):
        fetch(data, store)
    assert data.manifest.read_bytes() == before


def test_interrupted_push_writes_no_pointer_and_the_next_one_completes_it(
    ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next push uploads the missing files, and also a file that was only partly uploaded."""
    data, store = Data(ready / "data"), Store((tmp_path / "store").as_uri())
    put, remaining_uploads = store.put, [5]

    def put_some(local: Path, path: str) -> None:
        remaining_uploads[0] -= 1
        if remaining_uploads[0] < 0:
            raise DataFault("store.broken", url="", error="")
        put(local, path)

    monkeypatch.setattr(store, "put", put_some)
    with pytest.raises(DataFault):
        push(data, store)
    assert not (tmp_path / "store" / push_module.POINTER).exists()
    monkeypatch.setattr(store, "put", put)
    partial_file = next((tmp_path / "store").rglob("*.parquet"))
    partial_file.write_bytes(partial_file.read_bytes()[:-1])
    assert push(data, store).uploaded > 0
    assert stores.read_pushed_table(store.url, "reports").num_rows == 62
    assert not list((tmp_path / "store").rglob(".*"))


def test_pointer_is_not_written_if_an_uploaded_file_is_missing(
    ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store((tmp_path / "store").as_uri())
    monkeypatch.setattr(store, "put", lambda local, path: None)
    with pytest.raises(DataFault) as fault:
        push(Data(ready / "data"), store)
    assert fault.value.code == "push.differs"
    assert not (tmp_path / "store" / push_module.POINTER).exists()


def test_damaged_snapshot_is_not_pushed(ready: Path, tmp_path: Path) -> None:
    data = Data(ready / "data")
    next((data.current / "cells").iterdir()).write_bytes(b"PAR1")
    with pytest.raises(DataFault) as fault:
        push(data, Store((tmp_path / "store").as_uri()))
    assert fault.value.code == "push.damaged"
    assert not (tmp_path / "store").exists()


def test_push_and_fetch_commands_report_their_results(built: Path, project: Path, tmp_path: Path) -> None:
    store, raw = tmp_path / "out", project / "data" / "raw"
    assert "ogi run" in ogi_here(project, "push", str(store)).stderr
    pushed = ogi_here(built, "push", str(store), "--lang", "en")
    assert (pushed.returncode, "Published" in pushed.stdout) == (0, True), pushed.stderr
    assert json.loads((store / "current.json").read_text(encoding="utf-8"))["summary"]["loaded"] == 62
    (raw / "2024" / "320800.html").unlink()
    fetched = ogi_here(tmp_path, "fetch", raw.as_uri(), "--data", "new", "--lang", "en")
    assert (fetched.returncode, "61 files downloaded" in fetched.stdout) == (1, True), fetched.stdout + fetched.stderr
    assert "has no 2024/320800.html" in fetched.stderr
    no_store = ogi_here(tmp_path, "fetch", str(tmp_path / "nowhere"), "--data", "new")
    assert (no_store.returncode, "manifest.csv" in no_store.stderr) == (3, True)


def test_missing_write_permission_is_reported(built: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("file modes do not restrict root")
    (tmp_path / "store").mkdir(mode=0o500)
    with pytest.raises(DataFault) as fault:
        push(Data(built / "data"), Store(str(tmp_path / "store")))
    assert fault.value.code == "store.denied"
