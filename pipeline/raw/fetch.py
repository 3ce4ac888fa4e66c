"""`ogi fetch`: make `data/raw` what a store has: its manifest, the reports listed there, what it adds to the register.

What the store names is hostile: a path must stay below `data/raw`, and no file may be larger than one that is read.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.raw.file_state import Seen
from pipeline.raw.manifest import NOT_REPORTS, is_inside, lines, put_aside
from pipeline.raw.scan_cache import recall
from pipeline.registry.load import COLUMNS
from pipeline.runtime.object_store import TOGETHER, Store

REPORT_BYTES = 20 * 2**20  # as the readers have it
LIST_BYTES = 256 * 2**20  # of a manifest or a register: some two million reports
REPORTS = 5_000_000
OF_ONE = frozenset(("store.missing", "store.too_large", "fetch.name"))  # the others are of the whole store
NAMES = frozenset((errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.EILSEQ, errno.EINVAL))


@dataclass(frozen=True)
class Fetched:
    """What came of it: files brought, files that were there, files put aside, and by path what could not be brought."""

    brought: int
    kept: int
    aside: int
    faults: Mapping[str, DataFault]


def fetch(data: Data, store: Store) -> Fetched:
    """Make `data/raw` what the store has. A file with the SHA-256 that the store's manifest records is not fetched;
    what the store no longer lists, or has otherwise, is put aside. The manifest is replaced last. The caller holds the
    lock.

    Raises DataFault where the store has no manifest, denies access or breaks off: then only whole reports were
    replaced, and the next fetch goes on. Raises ProjectFault for a manifest without its columns.
    """
    data.raw.mkdir(parents=True, exist_ok=True)
    listing = data.raw / ".manifest.csv"
    listing.write_bytes(_listed(store))
    wanted = {(line["path"] or "").strip(): (number, line["sha256"]) for number, line in enumerate(lines(listing), 2)}
    if len(wanted) > REPORTS:
        raise DataFault("fetch.too_many", limit=REPORTS)
    seen = Seen(data.raw, recall(data.seen).blocks)
    faults = {path: DataFault("manifest.path", line=wanted[path][0]) for path in wanted if not _may_be(path, seen)}
    missing = [p for p in wanted if p not in faults and not (wanted[p][1] and seen.sha256(p) == wanted[p][1])]
    brought, failed = _bring(data, store, missing)
    _bring_register(data, store)
    aside = _withdraw(data, seen, wanted.keys())
    listing.replace(data.manifest)
    return Fetched(
        brought, len(wanted) - len(faults) - len(failed) - brought, aside, dict(sorted((faults | failed).items()))
    )


def _listed(store: Store) -> bytes:
    try:
        return store.read("manifest.csv", LIST_BYTES)
    except DataFault as fault:
        raise DataFault("fetch.no_manifest", url=store.url) if fault.code == "store.missing" else fault from fault


def _may_be(path: str, seen: Seen) -> bool:
    """Whether a report may have this path: below `data/raw`, links followed, and no file of ours or of the system's."""
    hidden = any(part.startswith((".", "~$")) for part in path.split("/"))
    return is_inside(path) and not hidden and path not in NOT_REPORTS and seen.inside(path)


def _bring(data: Data, store: Store, paths: Iterable[str]) -> tuple[int, dict[str, DataFault]]:
    """How many files were not what the store has, and the faults of single files."""

    def one(path: str) -> tuple[str, bool | DataFault]:
        try:
            return path, _placed(data, path, store.read(path, REPORT_BYTES))
        except DataFault as fault:
            if fault.code not in OF_ONE:
                raise
            return path, fault

    with ThreadPoolExecutor(TOGETHER) as pool:
        found = dict(pool.map(one, paths))
    failed = {path: fault for path, fault in found.items() if isinstance(fault, DataFault)}
    return sum(new is True for new in found.values()), failed


def _placed(data: Data, path: str, content: bytes) -> bool:
    """Raises DataFault for a name that cannot be here, as of a file that is a folder for others."""
    try:
        return _replace(data, path, content)
    except OSError as error:
        if error.errno not in NAMES:
            raise
        raise DataFault("fetch.name", error=error.strerror) from error


def _replace(data: Data, path: str, content: bytes) -> bool:
    """Write a file beside its place and rename it; what was there is put aside. Whether it was not there already."""
    target = data.raw / path
    if target.is_file():
        if hashlib.sha256(target.read_bytes()).digest() == hashlib.sha256(content).digest():
            return False
        put_aside(data, path)
    _write(target, content)
    return True


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.new")
    beside.write_bytes(content)
    beside.replace(target)


def _bring_register(data: Data, store: Store) -> None:
    """The office's own bodies, where the store has them."""
    for name in COLUMNS:
        try:
            _write(data.raw / name, store.read(name, LIST_BYTES))
        except DataFault as fault:
            if fault.code != "store.missing":
                raise


def _withdraw(data: Data, seen: Seen, wanted: Iterable[str]) -> int:
    """Put aside what the manifest at hand lists and that of the store does not."""
    listed = {line["path"] for line in lines(data.manifest)} if data.manifest.exists() else set()
    gone = sorted(path for path in listed.difference(wanted) & seen.files.keys() if _may_be(path, seen))
    for path in gone:
        put_aside(data, path)
        (data.raw / path).unlink()
    return len(gone)
