"""Checks of fetching and pushing that hold for every store: a local folder, memory, or an S3 server."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import fsspec
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from pipeline.core.paths import Data
from pipeline.publish.push import push
from pipeline.raw.fetch import fetch
from pipeline.runtime.object_store import Store
from pipeline.storage import snapshot
from support.project import ROOT, file_contents


def fill_store(url: str, raw: Path) -> None:
    """Copy a folder of reports to the store, as an office does with the tools of the service."""
    system, root = fsspec.url_to_fs(url)
    for path in sorted(p for p in raw.rglob("*") if p.is_file()):
        system.makedirs(f"{root}/{path.relative_to(raw).parent.as_posix()}", exist_ok=True)
        system.pipe_file(f"{root}/{path.relative_to(raw).as_posix()}", path.read_bytes())


def check_fetch(url: str, raw: Path, folder: Path) -> None:
    """Check that the first fetch downloads all reports, and later ones only changed, new and withdrawn reports."""
    data = Data(folder / "data")
    fill_store(url, raw)
    first = fetch(data, Store(url))
    reports = len((raw / "manifest.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert (first.downloaded, first.unchanged, first.withdrawn, first.faults) == (reports, 0, 0, {})
    expected = {n: c for n, c in file_contents(raw).items() if n != "README.md"}
    assert file_contents(data.raw) == expected
    second = fetch(data, Store(url))
    assert (second.downloaded, second.unchanged, second.withdrawn, second.faults) == (0, reports, 0, {})

    system, root = fsspec.url_to_fs(url)
    lines = (raw / "manifest.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    system.pipe_file(f"{root}/manifest.csv", "".join(lines[:-1]).encode())
    withdrawn, changed = lines[-1].partition(",")[0], lines[1].partition(",")[0]
    (data.raw / changed).write_bytes(b"damaged")
    third = fetch(data, Store(url))
    assert (third.downloaded, third.unchanged, third.withdrawn) == (1, reports - 2, 1)
    assert file_contents(data.raw).keys() == expected.keys() - {withdrawn}
    assert (data.raw / changed).read_bytes() == expected[changed]
    assert sorted(file_contents(data.replaced).values()) == sorted([b"damaged", expected[withdrawn]])


def check_missing_object(url: str, raw: Path, folder: Path) -> None:
    """Check that a missing object is reported, and that the other reports are downloaded."""
    data = Data(folder / "data")
    fill_store(url, raw)
    path = (raw / "manifest.csv").read_text(encoding="utf-8").splitlines()[1].partition(",")[0]
    system, root = fsspec.url_to_fs(url)
    system.rm_file(f"{root}/{path}")
    result = fetch(data, Store(url))
    assert {p: f.code for p, f in result.faults.items()} == {path: "store.missing"}
    assert data.manifest.is_file()
    assert not (data.raw / path).exists()


def check_push(url: str, project: Path, folder: Path) -> None:
    """Check that each file is uploaded once, and that a reader of the store gets the published table."""
    data = Data(shutil.copytree(project / "data", folder / "data", symlinks=True))
    first = push(data, Store(url))
    record = snapshot.published(data)
    assert record is not None
    parquet = [name for name in record.files if name.endswith(".parquet")]
    assert (first.snapshot, first.uploaded, first.unchanged) == (record.id, len(parquet), 0)
    system, root = fsspec.url_to_fs(url)
    before = modification_times(system, root)
    second = push(data, Store(url))
    assert (second.uploaded, second.unchanged) == (0, len(parquet))
    assert modification_times(system, root) == before
    assert read_pushed_table(url, "observations").equals(pq.read_table(data.current / "observations"))


def modification_times(system: Any, root: str) -> dict[str, Any]:
    """Return the time at which each Parquet file was written, by name."""
    system.invalidate_cache()
    details = system.find(root, detail=True)
    times = {name: d.get("LastModified") or d.get("mtime") or d["created"] for name, d in details.items()}
    return {name: time for name, time in times.items() if name.endswith(".parquet")}


def read_pushed_table(url: str, table: str) -> Any:
    """Read a table of the pushed snapshot by the program in the guide for analysts."""
    guide = (ROOT / "docs" / "guide" / "analyst.md").read_text(encoding="utf-8")
    (program,) = (p for p in re.findall(r"```python\n(.*?)```", guide, re.DOTALL) if "fsspec" in p)
    names: dict[str, Any] = {}
    exec(program.replace("s3://bucket/ogi", url).replace("observations/", f"{table}/"), names)
    assert len(names["frame"]) == names["observations"].count_rows(filter=ds.field("year") == 2024) > 0
    return names["observations"].to_table()
