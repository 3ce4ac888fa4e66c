"""`data/raw/manifest.csv`: one line per report: its path, body, year, origin, and the hash of its bytes when added."""

from __future__ import annotations

import errno
import os
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

from pipeline.core.model import (
    ANNUAL_REPORT,
    LEVELS,
    NOT_COLLECTED,
    PROVENANCES,
    DataFault,
    Entry,
    FilePlace,
    Source,
    WebOrigin,
)
from pipeline.core.paths import KINDS, Data
from pipeline.core.project_csv import Layout, ProjectCsv, Warn, clean, read_project_csv
from pipeline.core.project_update import update_lines
from pipeline.raw.file_state import RawFiles, sha256

MANIFEST = Layout(
    {
        "path": "text", "body": "text", "region_code": "code", "level": "code", "year": "whole", "provenance": "code",
        "source": "text", "sha256": "code",
        "url": "text", "published_on": "text", "collected_on": "text", "vanished_on": "text", "supersedes": "text",
        "kind": "code", "quarter": "whole", "subject": "code",
    },
    optional=frozenset((*WebOrigin._fields, "kind", "quarter", "subject")),
)  # fmt: skip
MANIFEST_COLUMNS = tuple(name for name in MANIFEST.columns if name not in MANIFEST.optional)
"""The columns that every manifest has; the others are added with the first report that has something in them."""
FACT_COUNT, KIND_START = len(MANIFEST_COLUMNS), len(MANIFEST_COLUMNS) + len(WebOrigin._fields)
QUARTERS = ("", "0", "1", "2", "3", "4")
REGION_CODE, YEAR = re.compile(r"[0-9]{6}"), re.compile(r"20[0-9]{2}")
DATE = re.compile(r"(20[0-9]{2})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
NOT_REPORTS = frozenset({"manifest.csv", "bodies.csv", "successions.csv", "population.csv", "sources.csv", "README.md"})


def read_entries(manifest: Path, files: RawFiles, warn: Warn = lambda _: None) -> list[Entry]:
    """Return an entry per line of the manifest and per file that it does not list, in order of report id.

    Equal lines count once, and `warn` gets a note on each. Different lines that share a path have a fault, because it
    is unclear which one is right. Raises ProjectFault for a manifest that cannot be read.
    """
    listed = list(_listed(read_project_csv(manifest, MANIFEST), files))
    lines_per_path = Counter(entry.source.report_id for _, entry in listed)
    if len(lines_per_path) < len(listed):
        listed = list(_without_repeats(manifest, listed, warn))
    entries = [entry for _, entry in listed]
    of_kinds = {path for path in files.states if path.startswith(f"{KINDS.name}/")}
    unlisted = (
        files.states.keys() - of_kinds - lines_per_path.keys() - NOT_REPORTS - _listed_in_other_case(entries, files)
    )
    entries += [Entry(_unlisted_source(path, files), DataFault("manifest.unlisted")) for path in unlisted]
    return sorted(entries, key=lambda e: e.source.report_id)


def read_lines(manifest: Path) -> list[dict[str, str]]:
    """Return the lines of the manifest by column; missing fields are empty. Raises ProjectFault."""
    return [row.values for row in read_project_csv(manifest, MANIFEST).rows()]


def update_manifest(manifest: Path, lines: Iterable[Mapping[str, str]], removed: Collection[str] = ()) -> None:
    """Add lines, or replace those with the same path, and remove those whose path is in `removed`.

    Raises as `update_lines` does.
    """
    update_lines(manifest, MANIFEST, lambda line: line["path"], lines, removed)


def keep_replaced(data: Data, report_id: str) -> None:
    """Copy a report that will be replaced or withdrawn to `data/replaced`, with a part of its hash in the name."""
    copy = _place_of_copy(data, report_id)
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(data.raw / report_id, copy)


def is_kept(data: Data, report_id: str) -> bool:
    """Return whether `data/replaced` has a copy of a report as it is."""
    return _place_of_copy(data, report_id).is_file()


def _place_of_copy(data: Data, report_id: str) -> Path:
    copy = data.replaced / report_id
    return copy.with_name(f"{copy.stem}-{sha256(data.raw / report_id)[:12]}{copy.suffix}")


def is_plain_path(path: str) -> bool:
    """Return whether a manifest's path stays below `data/raw` and is the normal spelling of that path."""
    printable = path.isprintable() and "\\" not in path and ":" not in path
    return printable and not {"", ".", ".."}.intersection(path.split("/"))


def _listed(table: ProjectCsv, files: RawFiles) -> Iterator[tuple[int, Entry]]:
    """Yield the number and the entry of each line. Of 100,000 lines, only odd fields are cleaned."""
    strip = partial(clean, "text") if table.has_quotes else str.strip  # a formula has quotes
    for line, record in table.numbered_records():
        yield line, _entry(list(map(strip, table.fields(record))), line, files)


def _listed_in_other_case(entries: Iterable[Entry], files: RawFiles) -> set[str]:
    """Return the files that the manifest lists in other letters, `A.HTML` for `a.html`: for Windows it is the same."""
    other = (e.source for e in entries if e.source.sha256 and e.source.report_id not in files.states)
    listed = {source.report_id.casefold() for source in other}
    return {path for path in files.states if path.casefold() in listed} if listed else set()


def _without_repeats(manifest: Path, listed: Sequence[tuple[int, Entry]], warn: Warn) -> Iterator[tuple[int, Entry]]:
    """Yield one entry for lines that are equal, and entries with a fault for different lines that share a path."""
    by_path: dict[str, list[tuple[int, Entry]]] = {}
    for line, entry in listed:
        by_path.setdefault(entry.source.report_id, []).append((line, entry))
    for (first, entry), *others in by_path.values():
        if all(other.source == entry.source for _, other in others):
            for line, _ in others:
                places = {"place": FilePlace(str(manifest), line), "first": FilePlace(str(manifest), first)}
                warn(("project.repeated", places))
            yield first, entry
        else:
            lines = ", ".join(str(line) for line, _ in ((first, entry), *others))
            fault = DataFault("manifest.twice", lines=lines)
            yield from ((line, Entry(other.source, fault)) for line, other in ((first, entry), *others))


def _entry(fields: Sequence[str], line_number: int, files: RawFiles) -> Entry:
    """Return the entry of a record; `line_number` is its first line in the file."""
    path, body, code, level, year, provenance, origin, recorded = fields[:FACT_COUNT]
    code, level, year, provenance, is_valid = _facts(code, level, year, provenance)
    web, has_dates = _web_origin(fields[FACT_COUNT:KIND_START]) if any(fields[FACT_COUNT:]) else (NOT_COLLECTED, True)
    kind, quarter, subject = fields[KIND_START:]
    inside = is_plain_path(path) and files.contains(path)
    digest = files.sha256(path) if inside else ""
    fault = None if inside else DataFault("manifest.path", line=line_number)
    if inside and not (body and origin and is_valid and has_dates and quarter in QUARTERS):
        fault = DataFault("manifest.line", line=line_number)
    if fault:  # invalid fields are not repeated in the data; the message names the line
        code, level, year, provenance, quarter = "", "", "0", "", ""
    report_id = path or f"line {line_number}"
    facts = (report_id, f"raw/{path}", body, code, level, int(year), provenance, origin, recorded, digest, web)
    source = Source(*facts, kind or ANNUAL_REPORT, int(quarter or 0), subject)
    return Entry(source, fault or (None if digest else _fault_without_hash(path, files)))


def _fault_without_hash(path: str, files: RawFiles) -> DataFault:
    """Return why a file has no hash: the scan did not see it, or it may not be read."""
    if path in files.states:
        return DataFault("read.unreadable", error=PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    return DataFault("read.missing")


@lru_cache(maxsize=100_000)
def _facts(*fields: str) -> tuple[str, str, str, str, bool]:
    """Return code, level, year and provenance as they were meant, and whether they are valid."""
    names = ("region_code", "level", "year", "provenance")
    code, level, year, provenance = (
        clean(MANIFEST.columns[name], text) for name, text in zip(names, fields, strict=True)
    )
    is_valid = bool(REGION_CODE.fullmatch(code) and YEAR.fullmatch(year))
    return code, level, year, provenance, is_valid and level in LEVELS and provenance in PROVENANCES


def _web_origin(fields: Sequence[str]) -> tuple[WebOrigin, bool]:
    """Return the web origin of a line, and whether its dates are valid. Excel writes 2024/1/30 for 2024-01-30."""
    url, *dates, supersedes = fields
    days = [day for text in dates if (day := _date(text)) is not None]
    if len(days) < len(dates):
        return NOT_COLLECTED, False
    published, collected, vanished = days
    return WebOrigin(url, published, collected, vanished, supersedes), True


@lru_cache(maxsize=10_000)
def _date(text: str) -> str | None:
    """Return a date as ISO 8601, '' for an empty text, None if it is no date."""
    if not text:
        return ""
    match = DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    try:
        return date(*map(int, match.groups())).isoformat() if match else None
    except ValueError:
        return None


def _unlisted_source(path: str, files: RawFiles) -> Source:
    """Return the source of a file without a line. A name that is not UTF-8 is escaped, because the data is UTF-8."""
    digest = files.sha256(path) if files.contains(path) else ""
    name = path.encode(errors="surrogateescape").decode(errors="backslashreplace")
    return Source(name, f"raw/{name}", "", "", "", 0, "", "", "", digest)
