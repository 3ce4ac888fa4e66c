"""`ogi push`: upload the published snapshot to a store: first its files, then the pointer `current.json`.

The names of files are hashes of their content, so a reader sees the previous snapshot or this one, complete.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.runtime.object_store import CONCURRENT_FILES, Store
from pipeline.storage import snapshot

POINTER = "current.json"


@dataclass(frozen=True)
class Pushed:
    """The id of the uploaded snapshot, and how many of its files were uploaded or there already."""

    snapshot: str
    uploaded: int
    unchanged: int


def push(data: Data, store: Store) -> Pushed:
    """Publish the snapshot at a store. Nothing is deleted there, because a reader may still use an earlier snapshot.

    Raises DataFault where nothing is published here, a file here is damaged, an uploaded file has the wrong size,
    access is denied, or the connection breaks: then readers of the store continue with the previous snapshot.
    """
    folder = data.current.resolve()
    record = snapshot.read_record(folder)
    if record is None:
        raise DataFault("push.nothing")
    if damaged := snapshot.damaged_files(folder, record):
        raise DataFault("push.damaged", path=damaged[0])
    # Who reads a store reads the Parquet files; `ogi.duckdb` would be the same rows again.
    files = {name: digest for name, digest in record.files.items() if name.endswith(".parquet")}
    sizes = {name: (folder / name).stat().st_size for name in files}
    missing = _missing(store, sizes)
    _upload(store, folder, missing)
    if missing and (wrong := _missing(store, sizes)):
        raise DataFault("push.differs", url=store.url, path=wrong[0])
    pointer = json.dumps(asdict(replace(record, files=files)), ensure_ascii=False, indent=1, sort_keys=True)
    store.write(POINTER, f"{pointer}\n".encode())
    return Pushed(record.id, len(missing), len(files) - len(missing))


def _missing(store: Store, sizes: Mapping[str, int]) -> list[str]:
    """Return the files that the store lacks or has with another size."""
    stored = store.sizes()
    return sorted(name for name, size in sizes.items() if stored.get(name) != size)


def _upload(store: Store, folder: Path, names: list[str]) -> None:
    """Upload files in parallel. Raises DataFault if the bucket does not exist or an upload fails."""
    try:
        with ThreadPoolExecutor(CONCURRENT_FILES) as pool:
            for _ in pool.map(lambda name: store.put(folder / name, name), names):
                pass
    except DataFault as fault:
        raise DataFault("push.no_bucket", url=store.url) if fault.code == "store.missing" else fault from fault
