"""`ogi fetch`: make `data/raw` equal to a store: its manifest, the reports listed there, and its register files.

The store's file names are untrusted: a path must stay below `data/raw`. A file must not exceed the readers' limit.
"""

from __future__ import annotations

import errno
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipeline.core.files import replace_path, write_atomically
from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.core.project_update import locked_file
from pipeline.raw.file_state import RawFiles
from pipeline.raw.manifest import NOT_REPORTS, is_plain_path, keep_replaced, read_lines
from pipeline.raw.scan_cache import read_scan_cache
from pipeline.registry.load import COLUMNS
from pipeline.runtime.object_store import CONCURRENT_FILES, Store

MAX_REPORT_BYTES = 20 * 2**20  # the limit of the readers
MAX_LIST_BYTES = 256 * 2**20  # of a manifest or a register file: some two million reports
MAX_REPORTS = 5_000_000
FAULTS_OF_ONE_FILE = frozenset(("store.missing", "store.too_large", "fetch.name"))  # others stop the whole fetch
BAD_NAME = frozenset((errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.EILSEQ, errno.EINVAL))


@dataclass(frozen=True)
class Fetched:
    """The outcome: counts of files downloaded, unchanged and withdrawn, and the fault of each file that was skipped."""

    downloaded: int
    unchanged: int
    withdrawn: int
    faults: Mapping[str, DataFault]


def fetch(data: Data, store: Store) -> Fetched:
    """Make `data/raw` equal to the store. The caller holds the lock of the data folder.

    A file whose SHA-256 is the one in the store's manifest is not downloaded. Reports that the store has changed or no
    longer lists are kept in `data/replaced`. The manifest is replaced last.

    Raises DataFault if the store has no manifest, denies access or disconnects: then only whole reports were
    replaced, and the next fetch goes on from there. Raises ProjectFault for a manifest without its columns.
    """
    data.raw.mkdir(parents=True, exist_ok=True)
    listing = data.raw / ".manifest.csv"
    listing.write_bytes(_manifest(store))
    lines = {line["path"].strip(): (number, line["sha256"]) for number, line in enumerate(read_lines(listing), 2)}
    if len(lines) > MAX_REPORTS:
        raise DataFault("fetch.too_many", limit=MAX_REPORTS)
    files = RawFiles(data.raw, read_scan_cache(data.scan_cache))
    faults = {
        p: DataFault("manifest.path", line=number) for p, (number, _) in lines.items() if not _is_allowed(p, files)
    }
    missing = [p for p, (_, digest) in lines.items() if p not in faults and not (digest and files.sha256(p) == digest)]
    downloaded, failed = _download(data, store, missing)
    _download_register(data, store)
    withdrawn = _withdraw(data, files, lines.keys())
    with locked_file(data.manifest):
        replace_path(listing, data.manifest)
    unchanged = len(lines) - len(faults) - len(failed) - downloaded
    return Fetched(downloaded, unchanged, withdrawn, dict(sorted((faults | failed).items())))


def _manifest(store: Store) -> bytes:
    try:
        return store.read("manifest.csv", MAX_LIST_BYTES)
    except DataFault as fault:
        raise DataFault("fetch.no_manifest", url=store.url) if fault.code == "store.missing" else fault from fault


def _is_allowed(path: str, files: RawFiles) -> bool:
    """Return whether a report may have this path: below `data/raw`, and no file of ours or of the system."""
    hidden = any(name.startswith((".", "~$")) for name in path.split("/"))
    return is_plain_path(path) and not hidden and path not in NOT_REPORTS and files.contains(path)


def _download(data: Data, store: Store, paths: Iterable[str]) -> tuple[int, dict[str, DataFault]]:
    """Download reports. Return how many differed from the files here, and the faults of single files."""

    def download(path: str) -> tuple[str, bool | DataFault]:
        try:
            return path, _replace(data, path, store.read(path, MAX_REPORT_BYTES))
        except DataFault as fault:
            if fault.code not in FAULTS_OF_ONE_FILE:
                raise
            return path, fault

    with ThreadPoolExecutor(CONCURRENT_FILES) as pool:
        outcomes = dict(pool.map(download, paths))
    faults = {path: outcome for path, outcome in outcomes.items() if isinstance(outcome, DataFault)}
    return sum(outcome is True for outcome in outcomes.values()), faults


def _replace(data: Data, path: str, content: bytes) -> bool:
    """Write a report, and keep the bytes that it replaces. Return False if it has these bytes already.

    Raises DataFault for a name that is impossible here, such as a file where a folder is.
    """
    target = data.raw / path
    try:
        if target.is_file():
            if sha256(target.read_bytes()).digest() == sha256(content).digest():
                return False
            keep_replaced(data, path)
        _write(target, content)
    except OSError as error:
        if error.errno not in BAD_NAME:
            raise
        raise DataFault("fetch.name", error=OSError(error.errno, error.strerror)) from error
    return True


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, content, durable=False)  # a report that a power failure empties is fetched again


def _download_register(data: Data, store: Store) -> None:
    """Download the office's own bodies and successions, where the store has them."""
    for name in COLUMNS:
        try:
            _write(data.raw / name, store.read(name, MAX_LIST_BYTES))
        except DataFault as fault:
            if fault.code != "store.missing":
                raise


def _withdraw(data: Data, files: RawFiles, listed: Collection[str]) -> int:
    """Move reports that the old manifest lists and the store does not to `data/replaced`; return how many."""
    before = {line["path"] for line in read_lines(data.manifest)} if data.manifest.exists() else set()
    gone = sorted(p for p in before.difference(listed) & files.states.keys() if _is_allowed(p, files))
    for path in gone:
        keep_replaced(data, path)
        (data.raw / path).unlink()
    return len(gone)
