"""Reuse of an earlier site: the files of a group are copied if nothing changed that decides them.

`ogi-site.txt`, which identifies a folder as a site, has the id of the snapshot, and then one line per group: the hash
of what decides its files, and the hash of their contents.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from pipeline.core.paths import PACKAGE, SQL
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot
from pipeline.publish.site.shared_data import Group
from pipeline.storage.database import ask

MARKER_FILE = "ogi-site.txt"
ALL_BODIES = "*"  # whose hash is that of the registers
PROGRAM_SUFFIXES = (".py", ".sql", ".csv", ".yaml")


def input_hashes(snapshot: PublishedSnapshot, groups: Sequence[Group]) -> list[str]:
    """Return the hash of everything that decides the files of each group: program, place in the site, and rows."""
    with snapshot.connect() as connection:
        row_hashes = {row["body_id"]: row["hash"] for row in ask(connection, "site_row_hashes")}
    shared = (_program_hash(), row_hashes.get(ALL_BODIES))
    return [_hash(repr((shared, group, [row_hashes.get(body) for body in group.bodies])).encode()) for group in groups]


def copy_unchanged(earlier: Path, folder: Path, groups: Sequence[Group], hashes: Sequence[str]) -> list[Group]:
    """Copy the files of groups with the same input from an earlier site; return the other groups.

    A file that was changed or lost after the earlier site was written is not copied. `earlier` may be missing.
    """
    content_hashes = _read_record(earlier)
    return [
        group
        for group, input_hash in zip(groups, hashes, strict=True)
        if not _copy(earlier, folder, group, content_hashes.get(input_hash))
    ]


def write_record(folder: Path, snapshot_id: str, groups: Sequence[Group], hashes: Sequence[str]) -> None:
    """Write the record of a complete site."""
    lines = (f"{key} {_content_hash(_contents(folder, group))}" for key, group in zip(hashes, groups, strict=True))
    text = "".join(f"{line}\n" for line in (snapshot_id, *lines))
    (folder / MARKER_FILE).write_text(text, encoding="utf-8", newline="\n")


def _read_record(folder: Path) -> Mapping[str, str]:
    """Return the content hashes of the groups of a site by input hash; none if there is no site with a record."""
    try:
        lines = (folder / MARKER_FILE).read_text(encoding="utf-8").splitlines()[1:]
    except (OSError, ValueError):
        return {}
    return {key: value for key, _, value in (line.partition(" ") for line in lines)}


def _copy(earlier: Path, folder: Path, group: Group, content_hash: str | None) -> bool:
    """Copy the files of a group if they have the content hash; return whether they do."""
    if content_hash is None:
        return False
    try:
        contents = _contents(earlier, group)
    except OSError:
        return False
    if _content_hash(contents) != content_hash:
        return False
    for name in group.files:
        _link_or_copy(earlier / "data" / name, folder / "data" / name)
    return True


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # a file system without links
        shutil.copyfile(source, target)


def _contents(folder: Path, group: Group) -> dict[str, bytes]:
    return {name: (folder / "data" / name).read_bytes() for name in group.files}


def _content_hash(contents: Mapping[str, bytes]) -> str:
    return _hash(*contents.values())


@cache
def _program_hash() -> str:
    """Return a hash of the code, statements and registers of ogi, computed once: files may change, loaded code not."""
    files = [path for root in (PACKAGE, SQL) for path in root.rglob("*") if path.suffix in PROGRAM_SUFFIXES]
    return _hash(*(path.read_bytes() for path in sorted(files)))


def _hash(*contents: bytes) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(b"%d " % len(content) + content)
    return digest.hexdigest()
