"""Snapshots: one published state of all tables, built as a draft and switched in one step.

The id of a snapshot is a hash of everything that decides its content. So the same input leads to the same snapshot, and
a run without anything to do changes no byte.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import mkdtemp
from typing import TypedDict

from pipeline.core.links import is_link
from pipeline.core.paths import Data
from pipeline.raw.file_state import sha256

RECORD = "snapshot.json"
DATABASE = "ogi.duckdb"
CHECKSUM = f"{DATABASE}.sha256"  # not in the record, because the bytes of the database differ from run to run
HELD_BACK = "held"
DEFAULT_KEPT = 3  # the published snapshot and the two before, so that running queries can end


class YearRecord(TypedDict):
    """A report year of a snapshot: the fingerprint of its input, and the counts of reports, errors and warnings."""

    digest: str
    summary: dict[str, int]


@dataclass(frozen=True)
class Record:
    """`snapshot.json`: the input of a snapshot, its files with their SHA-256, its counts, and its exit code.

    `rules` is the fingerprint of the rules by which it was validated.
    """

    id: str
    extraction_fingerprint: str
    rollup_fingerprint: str
    files: Mapping[str, str]
    years: Mapping[str, YearRecord]
    summary: Mapping[str, int]
    exit_code: int
    rules: str = ""


def published(data: Data) -> Record | None:
    """Return the record of the published snapshot, or None if there is none or one of its files is missing."""
    return read_record(data.current)


def read_record(folder: Path) -> Record | None:
    """Return the record of the snapshot in a folder, or None if there is none or one of its files is missing.

    Fields that an earlier version did not write are empty: such a snapshot can be read, but no file of it is reused.
    """
    try:
        content = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        empty = {"extraction_fingerprint": "", "rollup_fingerprint": "", "years": {}, "rules": ""}
        record = Record(**{f.name: content.get(f.name, empty.get(f.name)) for f in fields(Record)})
        names = (*record.files, DATABASE)
        complete = all(os.path.isfile(f"{folder}/{name}") for name in names)  # noqa: PTH113 (faster for many)
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return record if complete and isinstance(record.files, dict) and isinstance(record.summary, dict) else None


def damaged_files(folder: Path, record: Record) -> list[str]:
    """Return the files of a snapshot that changed after it was sealed. All files are read."""
    damaged = [] if record.id == folder.resolve().name else [RECORD]
    return damaged + changed_files(folder, record)


def changed_files(folder: Path, record: Record) -> list[str]:
    """Return the files that changed after the snapshot was sealed, wherever its folder is now. All files are read."""
    changed = [] if _is_database_whole(folder) else [DATABASE]
    return changed + [name for name, digest in record.files.items() if sha256(f"{folder}/{name}") != digest]


def write_checksum(folder: Path) -> None:
    """Write the SHA-256 of the database next to it."""
    (folder / CHECKSUM).write_text(sha256(folder / DATABASE) + "\n", encoding="utf-8", newline="\n")


def _is_database_whole(folder: Path) -> bool:
    """Return whether the database has its checksum. A snapshot of an earlier version has its hash in the record."""
    path = folder / CHECKSUM
    return not path.exists() or path.read_text(encoding="utf-8", errors="replace").strip() == sha256(folder / DATABASE)


def file_hashes(folder: Path, reusable: Mapping[str, str]) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder except the record and the database, by path.

    `reusable` has the hashes of files that have not changed.
    """
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    others = (RECORD, DATABASE, CHECKSUM)
    return {name: reusable.get(name) or sha256(folder / name) for name in sorted(names) if name not in others}


def kept(data: Data) -> list[Record]:
    """Return the complete snapshots on disk, the latest first."""
    folders = [path for path in data.versions.iterdir() if path.is_dir()] if data.versions.is_dir() else []
    return [record for record in map(read_record, _latest_first(folders)) if record]


def hold_back(data: Data, snapshot_id: str) -> None:
    """Record that a snapshot was rolled back, so that the same input does not publish it again."""
    (data.versions / HELD_BACK).write_text(snapshot_id + "\n", encoding="utf-8", newline="\n")


def held_back(data: Data) -> str | None:
    """Return the id of the snapshot that was rolled back, if one was."""
    try:
        return (data.versions / HELD_BACK).read_text(encoding="utf-8").strip()
    except OSError:
        return None


def release(data: Data) -> None:
    """Delete the record of a rollback, because another snapshot is published."""
    (data.versions / HELD_BACK).unlink(missing_ok=True)


def sweep(data: Data, keep: int = DEFAULT_KEPT) -> Path | None:
    """Move drafts of killed runs and old snapshots to one folder. Return it, so that the caller can delete it.

    The published snapshot and the latest `keep - 1` others stay. Return None if there is nothing to move, or if the
    folder cannot be made; what cannot be moved is deleted here. Only the run that holds the lock may call this.
    Deleting can take long, so the caller can do it in the background.
    """
    garbage = list(_garbage(data, keep))
    swept = None
    with suppress(OSError):  # the disk is full
        swept = Path(mkdtemp(prefix=".swept-", dir=data.versions)) if garbage else None
    for path in garbage:
        if swept is None or not _move(path, swept):
            shutil.rmtree(path, ignore_errors=True)
    return swept


def _move(path: Path, folder: Path) -> bool:
    try:
        path.rename(folder / path.name)  # not tried again: the next run sweeps too
    except OSError:  # a reader on Windows has it open
        return False
    return True


def _garbage(data: Data, keep: int) -> Iterator[Path]:
    """Yield the folders of `versions` that may be deleted; delete links that a killed run left."""
    if not data.versions.is_dir():
        return
    current = data.current.resolve()
    for link in (path for path in data.versions.iterdir() if is_link(path)):
        link.unlink()
    folders = [path for path in data.versions.iterdir() if path.is_dir() and path.resolve() != current]
    sealed = [path for path in folders if (path / RECORD).is_file()]
    yield from (path for path in folders if path not in sealed)
    yield from _latest_first(sealed)[max(keep, 1) - 1 :]


def _latest_first(folders: Iterable[Path]) -> list[Path]:
    return sorted(folders, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
