"""`data/raw/manifest.csv`: one line per report: its path, body, year, origin, and the hash of its bytes when added."""

from __future__ import annotations

import csv
import errno
import io
import os
import re
import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from pipeline.core.files import write_atomically
from pipeline.core.model import LEVELS, PROVENANCES, DataFault, Entry, ProjectFault, Source
from pipeline.core.paths import Data
from pipeline.raw.file_state import RawFiles, sha256

MANIFEST_COLUMNS = ("path", "body", "region_code", "level", "year", "provenance", "source", "sha256")
REGION_CODE, YEAR = re.compile(r"[0-9]{6}"), re.compile(r"20[0-9]{2}")
MAX_LINE_CHARACTERS = 100_000
NOT_REPORTS = frozenset({"manifest.csv", "bodies.csv", "successions.csv", "population.csv", "README.md"})


def read_entries(manifest: Path, files: RawFiles) -> list[Entry]:
    """Return an entry per line of the manifest and per file that it does not list, in order of report id.

    Lines that share a path have a fault, because it is unclear which one is right. Raises ProjectFault for a manifest
    that cannot be read.
    """
    entries = list(_listed(manifest, files))
    lines_per_path = Counter(e.source.report_id for e in entries)
    entries = [
        Entry(e.source, DataFault("manifest.twice")) if lines_per_path[e.source.report_id] > 1 else e for e in entries
    ]
    unlisted = files.states.keys() - lines_per_path.keys() - NOT_REPORTS
    entries += [Entry(_unlisted_source(path, files), DataFault("manifest.unlisted")) for path in unlisted]
    return sorted(entries, key=lambda e: e.source.report_id)


def read_lines(manifest: Path) -> list[dict[str, str]]:
    """Return the lines of the manifest by column; missing fields are empty. Raises ProjectFault."""
    return [
        dict(zip(MANIFEST_COLUMNS, _fields(record), strict=True)) for record in read_records(manifest)[1:] if record
    ]


def read_records(manifest: Path) -> list[str]:
    """Return the text of the header and of each record; a record has several lines if a quoted field has.

    Raises ProjectFault if there is no manifest, its columns are wrong, or a record is too long.
    """
    text = _text(manifest)
    records = text.split("\n")
    if '"' in text and any(line.count('"') % 2 for line in records):
        records = list(_join_quoted_lines(manifest, records))
    if long := next((number for number, record in enumerate(records, 1) if len(record) > MAX_LINE_CHARACTERS), None):
        raise ProjectFault(f"{manifest}: record {long} is longer than {MAX_LINE_CHARACTERS} characters")
    if tuple(_fields(records[0])) != MANIFEST_COLUMNS:
        raise ProjectFault(f"{manifest}: the columns must be {','.join(MANIFEST_COLUMNS)}")
    return records


def update_manifest(manifest: Path, lines: Iterable[Mapping[str, str]]) -> None:
    """Add lines, or replace those with the same path. The file is replaced in one step, sorted by path."""
    replace_lines(manifest, (), lines)


def replace_lines(manifest: Path, paths: Collection[str], lines: Iterable[Mapping[str, str]]) -> None:
    """Drop the lines of `paths`, then add lines as `update_manifest` does; all in one step."""
    by_path = {line["path"]: line for line in (read_lines(manifest) if manifest.exists() else ())}
    by_path = {path: line for path, line in by_path.items() if path not in paths}
    by_path |= {line["path"]: dict(line) for line in lines}
    text = io.StringIO()
    writer = csv.DictWriter(text, MANIFEST_COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(by_path[path] for path in sorted(by_path))
    write_atomically(manifest, text.getvalue().encode())


def keep_replaced(data: Data, report_id: str) -> None:
    """Copy a report that will be replaced or withdrawn to `data/replaced`, with a part of its hash in the name."""
    report, copy = data.raw / report_id, data.replaced / report_id
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(report, copy.with_name(f"{copy.stem}-{sha256(report)[:12]}{copy.suffix}"))


def is_plain_path(path: str) -> bool:
    """Return whether a manifest's path stays below `data/raw` and is the normal spelling of that path."""
    printable = path.isprintable() and "\\" not in path and ":" not in path
    return printable and not {"", ".", ".."}.intersection(path.split("/"))


def _text(manifest: Path) -> str:
    try:
        return manifest.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError as error:
        raise ProjectFault(f"{manifest}: no manifest") from error
    except UnicodeDecodeError as error:
        raise ProjectFault(f"{manifest}: {error}") from error


def _join_quoted_lines(manifest: Path, lines: Sequence[str]) -> Iterator[str]:
    """Yield the records. Raises ProjectFault if a quote is opened and not closed."""
    reader, last_line = csv.reader(f"{line}\n" for line in lines), 0
    try:
        for _ in reader:
            record = "\n".join(lines[last_line : reader.line_num])
            if len(record) > MAX_LINE_CHARACTERS:
                raise csv.Error(f"longer than {MAX_LINE_CHARACTERS}")
            yield record
            last_line = reader.line_num
    except csv.Error as error:
        raise ProjectFault(f"{manifest}:{last_line + 1}: is a quote opened and not closed? {error}") from error


def _fields(record: str) -> list[str]:
    """Return one field per column of the manifest; missing fields are empty, further fields are dropped."""
    fields = next(csv.reader([record]), []) if '"' in record else record.split(",")
    return (
        fields
        if len(fields) == len(MANIFEST_COLUMNS)
        else (fields + [""] * len(MANIFEST_COLUMNS))[: len(MANIFEST_COLUMNS)]
    )


def _listed(manifest: Path, files: RawFiles) -> Iterator[Entry]:
    line_number = 1
    for record in read_records(manifest):
        if record and line_number > 1:
            yield _entry(record, line_number, files)
        line_number += 1 + record.count("\n")


def _entry(record: str, line_number: int, files: RawFiles) -> Entry:
    """Return the entry of a record; `line_number` is its first line in the file."""
    path, body, code, level, year, provenance, origin, recorded = map(str.strip, _fields(record))
    inside = is_plain_path(path) and files.contains(path)
    digest = files.sha256(path) if inside else ""
    fault = None if inside else DataFault("manifest.path", line=line_number)
    if inside and not (body and origin and _is_valid(code, level, year, provenance)):
        fault = DataFault("manifest.line", line=line_number)
    if fault:  # invalid fields are not repeated in the data; the message names the line
        code, level, year, provenance = "", "", "0", ""
    report_id = path or f"line {line_number}"
    source = Source(report_id, f"raw/{path}", body, code, level, int(year), provenance, origin, recorded, digest)
    return Entry(source, fault or (None if digest else _fault_without_hash(path, files)))


def _fault_without_hash(path: str, files: RawFiles) -> DataFault:
    """Return why a file has no hash: the scan did not see it, or it may not be read."""
    if path in files.states:
        return DataFault("read.unreadable", error=PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    return DataFault("read.missing")


@lru_cache(maxsize=100_000)
def _is_valid(code: str, level: str, year: str, provenance: str) -> bool:
    is_listed = level in LEVELS and provenance in PROVENANCES
    return is_listed and bool(REGION_CODE.fullmatch(code) and YEAR.fullmatch(year))


def _unlisted_source(path: str, files: RawFiles) -> Source:
    """Return the source of a file without a line. A name that is not UTF-8 is escaped, because the data is UTF-8."""
    digest = files.sha256(path) if files.contains(path) else ""
    name = path.encode(errors="surrogateescape").decode(errors="backslashreplace")
    return Source(name, f"raw/{name}", "", "", "", 0, "", "", "", digest)
