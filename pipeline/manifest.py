"""`data/raw/manifest.csv`: which file is whose report, for which year, from where, and its bytes when recorded."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.model import LEVELS, PROVENANCES, DataFault, ProjectFault, Source
from pipeline.paths import Data

FIELDS = ("path", "body", "region_code", "level", "year", "provenance", "source", "sha256")
NOT_REPORTS = frozenset({"manifest.csv", "README.md"})


@dataclass(frozen=True)
class Entry:
    """A line of the manifest, or a file without one, and the fault that keeps it from being read."""

    source: Source
    fault: DataFault | None = None


def entries(data: Data) -> tuple[Entry, ...]:
    """Every line of the manifest and every file that has none, by path.

    Raises ProjectFault where there is no manifest, or one without its columns.
    """
    found = [_entry(data, line, number) for number, line in enumerate(lines(data), start=2)]
    listed = [e.source.report_id for e in found]
    twice = {r for r in listed if listed.count(r) > 1} if len(set(listed)) < len(listed) else set()
    found = [Entry(e.source, DataFault("manifest.twice")) if e.source.report_id in twice else e for e in found]
    unlisted = sorted(_files(data.raw) - set(listed))
    strays = [Entry(_stray(data, path), DataFault("manifest.unlisted")) for path in unlisted]
    return tuple(sorted([*found, *strays], key=lambda e: e.source.report_id))


def lines(data: Data) -> Iterator[dict[str, str]]:
    """The lines of the manifest as they stand."""
    try:
        text = data.manifest.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ProjectFault(f"{data.manifest}: no manifest") from error
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != FIELDS:
        raise ProjectFault(f"{data.manifest}: the columns must be {','.join(FIELDS)}")
    yield from reader


def sha256(path: Path) -> str:
    """SHA-256 of a file, '' where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _entry(data: Data, line: Mapping[str, str | None], number: int) -> Entry:
    values = {f: (line.get(f) or "").strip() for f in FIELDS}
    fault = _fault(values, number)
    path = values["path"]
    inside = _is_inside(path)
    found = sha256(data.raw / path) if inside else ""
    year = int(values["year"]) if values["year"].isdecimal() else 0
    source = Source(
        path or f"line {number}", f"raw/{path}", values["body"], values["region_code"], values["level"], year,
        values["provenance"], values["source"], values["sha256"], found,
    )  # fmt: skip
    if fault is None and not found:
        fault = DataFault("read.missing")
    return Entry(source, fault)


def _fault(values: Mapping[str, str], number: int) -> DataFault | None:
    if not _is_inside(values["path"]):
        return DataFault("manifest.path", line=number)
    known = values["level"] in LEVELS and values["provenance"] in PROVENANCES
    if not (known and values["body"] and values["source"] and values["year"].isdecimal()):
        return DataFault("manifest.line", line=number)
    return None


def _is_inside(path: str) -> bool:
    """Whether a manifest's path stays below `data/raw`."""
    pure = PurePosixPath(path)
    return bool(path) and not pure.is_absolute() and ".." not in pure.parts and "\\" not in path and ":" not in path


def _files(raw: Path) -> set[str]:
    found = (p for p in raw.rglob("*") if p.is_file() and not p.name.startswith((".", "~$")))
    return {p.relative_to(raw).as_posix() for p in found} - NOT_REPORTS


def _stray(data: Data, path: str) -> Source:
    return Source(path, f"raw/{path}", "", "", "", 0, "", "", "", sha256(data.raw / path))
