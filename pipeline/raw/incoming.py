"""Incoming files: what a person hands in. Folders are listed, archives are unpacked, files of the system are named.

An office sends what it has: a folder, a ZIP file whose names are in GBK, lock files of Word, `Thumbs.db`.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from pipeline.core.file_names import safe_file_name
from pipeline.core.messages import visible
from pipeline.core.model import DataFault
from pipeline.read import MAX_BYTES, is_archive
from pipeline.read.zip_archive import check_directory, inflate

MAX_ARCHIVE_BYTES = 200 * 2**20
MAX_FILES = 2_000  # of one archive
MAX_UNPACKED_BYTES = 300 * 2**20  # of one archive
MAX_SUFFIX_CHARS = 8
UTF8_NAME = 0x800  # flag of a ZIP member
_END_OF_ARCHIVE_BYTES = 2**17  # has the record that ends the directory, and its comment
# Word, WPS and LibreOffice make these files while a document is open; Windows and macOS make them in any folder.
_OF_THE_SYSTEM = re.compile(
    r"~\$.*|\.~.*|~.*\.tmp|.*\.tmp|\..*|thumbs\.db|ehthumbs\.db|desktop\.ini|.*\.lnk|.*\.crdownload", re.IGNORECASE
)
_FOLDERS_OF_THE_SYSTEM = frozenset({"__MACOSX", "$RECYCLE.BIN", "System Volume Information"})


@dataclass(frozen=True)
class IncomingFile:
    """A file that came in. `name` is its name as it was sent, in an archive or folder with the path inside it.

    `path` has its bytes, and `origin` says where it is, for people; '' means at `path`. `fault` says why it cannot be a
    report: it is a file of the system, or an archive that cannot be unpacked.
    """

    name: str
    path: Path
    fault: DataFault | None = None
    origin: str = ""


def list_incoming(paths: Iterable[Path], folder: Path) -> list[IncomingFile]:
    """Return the files that paths lead to, in order of name; archives are unpacked below `folder`, one level deep."""
    return [file for number, path in enumerate(paths) for file in _list(path, folder / str(number))]


def clean_name(name: str) -> str:
    """Return the last part of a name as a name that every system can have, with its suffix."""
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1].strip()
    stem, suffix = os.path.splitext(last)  # noqa: PTH122 (the name is no path)
    is_suffix = suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= MAX_SUFFIX_CHARS
    return safe_file_name(stem) + suffix if is_suffix else safe_file_name(last)


def is_of_the_system(name: str) -> bool:
    """Return whether a file is made by an office program or the system, and holds no report."""
    *folders, last = re.split(r"[/\\]", name)
    is_hidden = any(folder.startswith(".") or folder in _FOLDERS_OF_THE_SYSTEM for folder in folders)
    return is_hidden or _OF_THE_SYSTEM.fullmatch(last) is not None


def _list(path: Path, folder: Path) -> Iterator[IncomingFile]:
    if not os.path.isdir(path):  # noqa: PTH112 (a name that is too long is no folder; pathlib raises)
        yield from _look_into(IncomingFile(path.name, path), folder)
        return
    inside = sorted(p for p in path.rglob("*") if p.is_file())
    for number, file in enumerate(inside):
        yield from _look_into(IncomingFile(file.relative_to(path).as_posix(), file), folder / str(number))


def _look_into(file: IncomingFile, folder: Path) -> Iterator[IncomingFile]:
    """Yield a file, or the members of an archive."""
    if is_of_the_system(file.name):
        yield replace(file, fault=DataFault("incoming.system"))
    elif os.path.isfile(file.path) and is_archive(file.path):  # noqa: PTH113 (pathlib raises for a name that is too long)
        yield from _unpack(file, folder)
    else:
        yield file


def _unpack(file: IncomingFile, folder: Path) -> Iterator[IncomingFile]:
    """Yield the members of an archive. What is wrong with it is a file with a fault, after the members before it."""
    try:
        for number, (name, content) in enumerate(_members(file.path)):
            target = folder / str(number) / clean_name(name)
            inside = IncomingFile(f"{file.name}/{name}", target, origin=f"{file.path}/{name}")
            if is_of_the_system(name):
                yield replace(inside, fault=DataFault("incoming.system"))
                continue
            inside.path.parent.mkdir(parents=True, exist_ok=True)
            inside.path.write_bytes(content)
            nested = is_archive(inside.path)
            yield replace(inside, fault=DataFault("incoming.nested")) if nested else inside
    except DataFault as fault:
        yield replace(file, fault=fault)


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each file of an archive.

    Raises DataFault for an archive that is damaged, encrypted, or larger than a collection of reports.
    """
    bytes_left = MAX_UNPACKED_BYTES
    with _open(path) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                most, limit = min((bytes_left, MAX_UNPACKED_BYTES), (MAX_BYTES, MAX_BYTES))
                content = inflate(archive, member, most, limit)
                bytes_left -= len(content)
                yield _member_name(member), content


def _open(path: Path) -> zipfile.ZipFile:
    if path.stat().st_size > MAX_ARCHIVE_BYTES:
        raise DataFault("incoming.archive_size", limit=MAX_ARCHIVE_BYTES // 2**20)
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _END_OF_ARCHIVE_BYTES))
        check_directory(file.read())
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise DataFault("read.broken_zip") from error
    if len(archive.infolist()) > MAX_FILES:
        raise DataFault("read.too_many_members", limit=MAX_FILES)
    return archive


def _member_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a member. Chinese Windows writes GBK and does not mark it; other programs write UTF-8."""
    if member.flag_bits & UTF8_NAME:
        name = member.filename
    else:
        encoded = member.orig_filename.encode("cp437", errors="replace")
        name = _decode(encoded)
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", ".", "..")]
    return visible("/".join(parts)) or "_"


def _decode(encoded: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return encoded.decode(encoding)
        except UnicodeDecodeError:
            continue
    return encoded.decode("cp437")
