"""What must hold of a store, whatever it is: a folder here, memory, or a server that speaks S3."""

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
from support.project import ROOT


def fill(url: str, raw: Path) -> None:
    """Put a folder of reports into the store, as an office does with the service's own tools."""
    system, root = fsspec.url_to_fs(url)
    for path in sorted(p for p in raw.rglob("*") if p.is_file()):
        system.makedirs(f"{root}/{path.relative_to(raw).parent.as_posix()}", exist_ok=True)
        system.pipe_file(f"{root}/{path.relative_to(raw).as_posix()}", path.read_bytes())


def content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def fetches(url: str, raw: Path, folder: Path) -> None:
    """Everything is brought once; then what changed, what is new and what is withdrawn."""
    data = Data(folder / "data")
    fill(url, raw)
    first = fetch(data, Store(url))
    reports = len((raw / "manifest.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert (first.downloaded, first.unchanged, first.withdrawn, first.faults) == (reports, 0, 0, {})
    wanted = {n: c for n, c in content(raw).items() if n != "README.md"}
    assert content(data.raw) == wanted
    again = fetch(data, Store(url))
    assert (again.downloaded, again.unchanged, again.withdrawn, again.faults) == (0, reports, 0, {})

    system, root = fsspec.url_to_fs(url)
    listed = (raw / "manifest.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    system.pipe_file(f"{root}/manifest.csv", "".join(listed[:-1]).encode())
    gone, changed = listed[-1].partition(",")[0], listed[1].partition(",")[0]
    (data.raw / changed).write_bytes(b"damaged")
    third = fetch(data, Store(url))
    assert (third.downloaded, third.unchanged, third.withdrawn) == (1, reports - 2, 1)
    assert content(data.raw).keys() == wanted.keys() - {gone}
    assert (data.raw / changed).read_bytes() == wanted[changed]
    assert sorted(content(data.replaced).values()) == sorted([b"damaged", wanted[gone]])


def misses(url: str, raw: Path, folder: Path) -> None:
    """An object that is missing costs itself, whether or not it was here before."""
    data = Data(folder / "data")
    fill(url, raw)
    path = (raw / "manifest.csv").read_text(encoding="utf-8").splitlines()[1].partition(",")[0]
    system, root = fsspec.url_to_fs(url)
    system.rm_file(f"{root}/{path}")
    found = fetch(data, Store(url))
    assert {p: f.code for p, f in found.faults.items()} == {path: "store.missing"}
    assert data.manifest.is_file()
    assert not (data.raw / path).exists()


def pushes(url: str, project: Path, folder: Path) -> None:
    """Each file is put once; the pointer names them all; a reader reads the table as it is here."""
    data = Data(shutil.copytree(project / "data", folder / "data", symlinks=True))
    first = push(data, Store(url))
    record = snapshot.published(data)
    assert record is not None
    parquet = [name for name in record.files if name.endswith(".parquet")]
    assert (first.snapshot, first.uploaded, first.unchanged) == (record.id, len(parquet), 0)
    system, root = fsspec.url_to_fs(url)
    before = moments(system, root)
    again = push(data, Store(url))
    assert (again.uploaded, again.unchanged) == (0, len(parquet))
    assert moments(system, root) == before
    assert read(url, "observations").equals(pq.read_table(data.current / "observations"))


def moments(system: Any, root: str) -> dict[str, Any]:
    """When each file but the pointer was written."""
    system.invalidate_cache()
    found = system.find(root, detail=True)
    when = {name: told.get("LastModified") or told.get("mtime") or told["created"] for name, told in found.items()}
    return {name: moment for name, moment in when.items() if name.endswith(".parquet")}


def read(url: str, table: str) -> Any:
    """A table of the pushed snapshot, by the words of the guide for analysts."""
    guide = (ROOT / "docs" / "analyst.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    names: dict[str, Any] = {}
    exec(program.replace("s3://bucket/ogi", url).replace("observations/", f"{table}/"), names)
    assert len(names["frame"]) == names["observations"].count_rows(filter=ds.field("year") == 2024) > 0
    return names["observations"].to_table()
