"""`ogi push`: the published snapshot to a store. Its files first, which no other snapshot has under the same names but
with the same bytes; then `current.json`, so that a reader sees the snapshot before or this one, whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.runtime.object_store import TOGETHER, Store
from pipeline.storage import snapshot

POINTER = "current.json"


@dataclass(frozen=True)
class Pushed:
    """The snapshot that the pointer names, the files that were put there, and those that were there."""

    snapshot: str
    put: int
    kept: int


def push(data: Data, store: Store) -> Pushed:
    """Publish the snapshot at a store. Nothing is removed there, for a reader may still be at an earlier snapshot.

    Raises DataFault where nothing is published here, a file here is damaged, one there has another size than it should
    after it was put, access is denied, or the connection breaks: then readers go on with the snapshot before.
    """
    folder = data.current.resolve()
    record = snapshot.whole(folder)
    if record is None:
        raise DataFault("push.nothing")
    if spoilt := snapshot.spoilt(folder, record):
        raise DataFault("push.damaged", path=spoilt[0])
    # The views of `ogi.duckdb` name files of this folder.
    files = {name: known for name, known in record.files.items() if name.endswith(".parquet")}
    sizes = {name: (folder / name).stat().st_size for name in files}
    missing = _missing(store, sizes)
    _put(store, folder, missing)
    if missing and (wrong := _missing(store, sizes)):
        raise DataFault("push.differs", url=store.url, path=wrong[0])
    pointer = json.dumps(asdict(replace(record, files=files)), ensure_ascii=False, indent=1, sort_keys=True)
    store.write(POINTER, f"{pointer}\n".encode())
    return Pushed(record.id, len(missing), len(files) - len(missing))


def _missing(store: Store, sizes: Mapping[str, int]) -> list[str]:
    """The files that the store lacks, or of which it has but a part."""
    there = store.sizes()
    return sorted(name for name, size in sizes.items() if there.get(name) != size)


def _put(store: Store, folder: Path, names: list[str]) -> None:
    try:
        with ThreadPoolExecutor(TOGETHER) as pool:
            for _ in pool.map(lambda name: store.put(folder / name, name), names):
                pass
    except DataFault as fault:
        raise DataFault("push.no_bucket", url=store.url) if fault.code == "store.missing" else fault from fault
