"""Add reports to `data/raw`, and remove them: the file and its line in the manifest.

A report is identified by its body and year, never by its path: another report of the same body and year takes its
place, whatever the formats of the two files. The earlier one is kept in `data/replaced`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from pipeline.core.files import write_atomically
from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.raw.file_state import sha256
from pipeline.raw.manifest import MANIFEST_COLUMNS, is_kept, is_plain_path, keep_replaced, read_lines, update_manifest
from pipeline.registry.bodies import Body, Register
from pipeline.registry.load import load_register
from pipeline.registry.lookup import find_body

LOCK_SECONDS = 60


@dataclass(frozen=True)
class NewReport:
    """A report to add, and the path of the registered report that it replaces, '' for the first one."""

    file: Path
    body: Body
    year: int
    source: str
    provenance: str = "published"
    replaces: str = ""


def list_registered(data: Data, year: int, register: Register | None = None) -> dict[str, Mapping[str, str]]:
    """Return the manifest's line of each body's report on a year, by body id."""
    register = register or load_register(data.raw)
    lines = read_lines(data.manifest) if data.manifest.is_file() else []
    found: dict[str, Mapping[str, str]] = {}
    for line in lines:
        if line["year"] == str(year) and is_plain_path(line["path"]):
            body = find_body(register, line["body"], line["region_code"])
            if body:
                found.setdefault(body.body_id, line)
    return found


def find_registered(data: Data, body: Body, year: int) -> Mapping[str, str]:
    """Return the manifest's line of the report of a body and year, an empty one if there is none."""
    return list_registered(data, year).get(body.body_id, {})


def add_report(data: Data, new: NewReport) -> str:
    """Copy a report to `data/raw`, write its line, and move the report that it replaces aside. Return its path.

    A kill between these steps loses nothing: the next call for the body and year completes them.

    Raises DataFault (`add.changed`) if another report was registered since `new.replaces` was looked up.
    """
    with _changing(data):
        registered = find_registered(data, new.body, new.year).get("path", "")
        if registered != new.replaces:
            raise DataFault("add.changed", body=new.body.name, year=new.year)
        before = data.raw / registered
        if registered and before.is_file() and sha256(before) != sha256(new.file):
            keep_replaced(data, registered)
        report_id = _copy(data, new)
        update_manifest(data.manifest, [_line(data, new, report_id)], {registered} - {""})
        for path in _other_files(data, new, report_id):
            (data.raw / path).unlink()
    return report_id


def remove_report(data: Data, body: Body, year: int) -> str:
    """Move the report of a body and year to `data/replaced` and drop its line; return its path.

    Raises DataFault (`remove.none`) if none is registered.
    """
    with _changing(data):
        report_id = find_registered(data, body, year).get("path", "")
        if not report_id:
            raise DataFault("remove.none", body=body.name, year=year)
        is_there = (data.raw / report_id).is_file()
        if is_there:
            keep_replaced(data, report_id)
        update_manifest(data.manifest, [], {report_id})
        if is_there:
            (data.raw / report_id).unlink()
    return report_id


@contextmanager
def _changing(data: Data) -> Iterator[None]:
    """Let only one process at a time change which reports are registered."""
    with FileLock(data.root / ".add.lock", timeout=LOCK_SECONDS):
        yield


def _copy(data: Data, new: NewReport) -> str:
    """Copy the file to its place, unless it is below `data/raw` already; return its path below that."""
    if new.file.resolve().is_relative_to(data.raw.resolve()):
        return new.file.resolve().relative_to(data.raw.resolve()).as_posix()
    suffix = new.file.suffix.lower()  # for people; the readers look at the bytes
    report_id = f"{new.year}/{new.body.body_id}{suffix if suffix[1:].isascii() and suffix[1:].isalnum() else ''}"
    target = data.raw / report_id
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, new.file.read_bytes())
    return report_id


def _line(data: Data, new: NewReport, report_id: str) -> Mapping[str, str]:
    body, digest = new.body, sha256(data.raw / report_id)
    fields = (report_id, body.name, body.region_code, body.level, str(new.year), new.provenance, new.source, digest)
    return dict(zip(MANIFEST_COLUMNS, fields, strict=True))


def _other_files(data: Data, new: NewReport, report_id: str) -> list[str]:
    """Return the files of the body and year that a replacement left behind, now or before a kill.

    Each has a copy in `data/replaced`. A file that somebody put there by hand has none, and stays.
    """
    listed = {line["path"] for line in read_lines(data.manifest)}
    folder = data.raw / str(new.year)
    names = {f"{new.year}/{p.name}" for p in folder.glob(f"{new.body.body_id}*") if p.stem == new.body.body_id}
    candidates = (names | ({new.replaces} - {""})) - listed - {report_id}
    return sorted(path for path in candidates if (data.raw / path).is_file() and is_kept(data, path))
