"""Snapshots: built in a folder of their own, sealed when whole, switched in one step, swept when old.

A snapshot's id is the hash of everything that went into it, so the same input finds the same snapshot, and a run that
has nothing to do changes no byte.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TypedDict

from pipeline.core.paths import EXPECTATIONS, PACKAGE, SQL, Data
from pipeline.raw.file_state import sha256

RECORD = "snapshot.json"
HELD = "held"
KEPT = 3  # the published snapshot and those before it, so that a reader's open query can end


@dataclass(frozen=True)
class Record:
    """`snapshot.json`: what the snapshot was built from, its files and their hashes, what it holds in all and by part,
    and how the run ended.
    """

    id: str
    engine: str
    rules: str
    files: Mapping[str, str]
    parts: Mapping[str, PartRecord]
    summary: Mapping[str, int]
    exit_code: int


class PartRecord(TypedDict):
    """A part as it was built: hashes of what went into it and of the decisions among that, and what came of it."""

    digest: str
    decided: str
    summary: dict[str, int]


def engine() -> str:
    """A hash of all code and rules that decide what is taken from a report."""
    files = [p for p in PACKAGE.rglob("*") if p.suffix in (".py", ".yaml", ".csv") and p.name != "decisions.csv"]
    return _hash((p.relative_to(PACKAGE).as_posix(), p.read_bytes()) for p in sorted(files))


def rules() -> str:
    """A hash of the SQL and the suites."""
    files = sorted([*SQL.rglob("*.sql"), *EXPECTATIONS.rglob("*.json")])
    return _hash((f"{p.parent.name}/{p.name}", p.read_bytes()) for p in files)


def identifier(parts: Mapping[str, str]) -> str:
    """The id of the snapshot that follows from the parts."""
    return _hash((name, part.encode()) for name, part in sorted(parts.items()))[:16]


def published(data: Data) -> Record | None:
    """The record of the published snapshot, if there is one and all its files are there."""
    return whole(data.current)


def whole(folder: Path) -> Record | None:
    """The record of a snapshot, if all the files it lists are there."""
    try:
        record = Record(**json.loads((folder / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    if not isinstance(record.files, dict) or not isinstance(record.parts, dict):
        return None
    return record if all(os.path.isfile(f"{folder}/{name}") for name in record.files) else None  # noqa: PTH113 (as in `seen`)


def spoilt(folder: Path, record: Record) -> list[str]:
    """The files of a snapshot that are not what they were when it was sealed. All are read, which takes
    a third of a second of processor time for the 6,000 files of 100,000 reports.
    """
    wrong = [] if record.id == folder.resolve().name else [RECORD]
    return wrong + [name for name, known in record.files.items() if sha256(f"{folder}/{name}") != known]


def seal(folder: Path, record: Record) -> None:
    """Write the record, the last file of a snapshot, and force all to the disk but what an earlier one shares."""
    text = json.dumps(asdict(record), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / RECORD).write_text(text + "\n", encoding="utf-8")
    for name in (*record.files, RECORD):
        if os.stat(f"{folder}/{name}").st_nlink == 1:  # noqa: PTH116 (as in `seen`)
            _sync(folder / name)
    for path in sorted({folder, *((folder / name).parent for name in record.files)}):
        _sync(path)


def file_hashes(folder: Path, known: Mapping[str, str]) -> dict[str, str]:
    """SHA-256 of every file of a folder, by path below it; of what an earlier snapshot has too it is known."""
    names: list[str] = []
    for place, _, files in os.walk(folder):
        names += [f"{os.path.relpath(place, folder)}/{file}".removeprefix("./") for file in files if file != RECORD]
    return {n: known.get(n) or hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in sorted(names)}


def adopt(folder: Path, earlier: Path, names: Iterable[str]) -> None:
    """Take files of an earlier snapshot over as they are: as links where the file system has them, else as copies."""
    wanted = list(names)
    for table in {name.rpartition("/")[0] for name in wanted}:
        (folder / table).mkdir(parents=True, exist_ok=True)
    source, target = os.fspath(earlier), os.fspath(folder)
    for name in wanted:
        try:
            os.link(f"{source}/{name}", f"{target}/{name}")
        except OSError:
            shutil.copyfile(f"{source}/{name}", f"{target}/{name}")


def begin(data: Data, name: str) -> Path:
    """An empty folder for a snapshot; until it is sealed nothing points at it and the next run sweeps it away."""
    folder = data.versions / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def rename(data: Data, folder: Path, name: str) -> Path:
    """The folder under another name, but of the published snapshot; it is then left for the next run to sweep."""
    other = data.versions / name
    if other.resolve() == data.current.resolve():
        return folder
    shutil.rmtree(other, ignore_errors=True)
    return folder.rename(other)


def switch(data: Data, name: str) -> None:
    """Point `curated/current` at a kept snapshot: readers see the old one or the new one, never a mixture."""
    link = data.current
    link.parent.mkdir(parents=True, exist_ok=True)
    fresh = data.versions / f".{name}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(data.versions / name, link.parent), target_is_directory=True)
    fresh.replace(link)
    _sync(link.parent)


def hold(data: Data, refused: str) -> None:
    """Remember that a snapshot was rolled back, so that the same input does not publish it again."""
    (data.versions / HELD).write_text(refused + "\n", encoding="utf-8")


def held(data: Data) -> str | None:
    """The snapshot that was rolled back, if one was."""
    try:
        return (data.versions / HELD).read_text(encoding="utf-8").strip()
    except OSError:
        return None


def release(data: Data) -> None:
    """Forget a rollback: something else is published."""
    (data.versions / HELD).unlink(missing_ok=True)


def kept(data: Data) -> list[Record]:
    """The whole snapshots at hand, the latest built first."""
    folders = [p for p in data.versions.iterdir() if p.is_dir()] if data.versions.is_dir() else []
    ordered = sorted(folders, key=lambda p: (p.stat().st_mtime, p.name), reverse=True)
    return [record for record in map(whole, ordered) if record]


def sweep(data: Data, keep: int = KEPT) -> Path | None:
    """Put aside what a killed run left, and all but the last few snapshots. Returns the folder that they are in now, to
    be removed, which takes as long as there are files; nothing else uses it. Only for the run that holds the lock.
    """
    found = list(_not_kept(data, keep))
    swept = None
    with suppress(OSError):  # the disk is full
        swept = Path(mkdtemp(prefix=".swept-", dir=data.versions)) if found else None
    for path in found:
        if swept is None or not _moved(path, swept):
            shutil.rmtree(path, ignore_errors=True)
    return swept


def _moved(path: Path, folder: Path) -> bool:
    try:
        path.rename(folder / path.name)
    except OSError:  # a reader on Windows has it open
        return False
    return True


def _not_kept(data: Data, keep: int) -> Iterator[Path]:
    if not data.versions.is_dir():
        return
    current = data.current.resolve()
    for link in (p for p in data.versions.iterdir() if p.is_symlink()):
        link.unlink()
    folders = [p for p in data.versions.iterdir() if p.is_dir() and p.resolve() != current]
    sealed = [p for p in folders if (p / RECORD).is_file()]
    older = sorted(sealed, key=lambda p: (p.stat().st_mtime, p.name), reverse=True)
    yield from (p for p in folders if p not in sealed)
    yield from older[max(keep, 1) - 1 :]


def _hash(parts: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for name, content in parts:
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _sync(path: Path) -> None:
    """fsync; a folder too, where the system lets one be opened."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:  # Windows does not open folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
