"""`data/raw/manifest.csv`: which file is whose report, for which year, from where, and its bytes when recorded."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from pathlib import Path

from pipeline.core.model import LEVELS, PROVENANCES, DataFault, Entry, ProjectFault, Source
from pipeline.core.paths import Data
from pipeline.raw.file_state import Seen, sha256

FIELDS = ("path", "body", "region_code", "level", "year", "provenance", "source", "sha256")
CODE, YEAR = re.compile(r"[0-9]{6}"), re.compile(r"20[0-9]{2}")
LONGEST = 100_000  # characters of a line
NOT_REPORTS = frozenset({"manifest.csv", "bodies.csv", "successions.csv", "README.md"})


def records(manifest: Path) -> list[str]:
    """The manifest as text, cut into its lines; a quoted field may run over several, which are one then. The first is
    the header. Raises ProjectFault where there is no manifest, or one without its columns.
    """
    text = _text(manifest)
    found = text.split("\n")
    if '"' in text and any(line.count('"') % 2 for line in found):
        found = list(_runs(manifest, found))
    if long := next((number for number, line in enumerate(found, 1) if len(line) > LONGEST), None):
        raise ProjectFault(f"{manifest}: record {long} is longer than {LONGEST} characters")
    if tuple(_row(found[0])) != FIELDS:
        raise ProjectFault(f"{manifest}: the columns must be {','.join(FIELDS)}")
    return found


def _text(manifest: Path) -> str:
    try:
        return manifest.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError as error:
        raise ProjectFault(f"{manifest}: no manifest") from error
    except UnicodeDecodeError as error:
        raise ProjectFault(f"{manifest}: {error}") from error


def _runs(manifest: Path, found: Sequence[str]) -> Iterator[str]:
    """The lines, those that make one row joined. Raises ProjectFault where a quote is opened and not closed."""
    reader, last = csv.reader(f"{line}\n" for line in found), 0
    try:
        for _fields in reader:
            record = "\n".join(found[last : reader.line_num])
            if len(record) > LONGEST:
                raise csv.Error(f"longer than {LONGEST}")
            yield record
            last = reader.line_num
    except csv.Error as error:
        raise ProjectFault(f"{manifest}:{last + 1}: is a quote opened and not closed? {error}") from error


def _row(record: str) -> list[str]:
    """The fields of a record, as csv has them; those that it lacks are empty."""
    found = next(csv.reader([record]), []) if '"' in record else record.split(",")
    return found if len(found) == len(FIELDS) else (found + [""] * len(FIELDS))[: len(FIELDS)]


def without_twins(found: Iterable[Entry]) -> list[Entry]:
    """The entries by path; those that share one have a fault, for nobody knows which is meant."""
    listed = Counter(e.source.report_id for e in found)
    twice = (Entry(e.source, DataFault("manifest.twice")) if listed[e.source.report_id] > 1 else e for e in found)
    return sorted(twice, key=lambda e: e.source.report_id)


def strays(seen: Seen, listed: Set[str]) -> list[Entry]:
    """The files that the manifest does not list."""
    unlisted = sorted(seen.files.keys() - listed - NOT_REPORTS)
    return [Entry(_stray(seen, path), DataFault("manifest.unlisted")) for path in unlisted]


def lines(manifest: Path) -> list[dict[str, str]]:
    """The lines of the manifest as they stand; a field that a line lacks is empty."""
    return [dict(zip(FIELDS, _row(record), strict=True)) for record in records(manifest)[1:] if record]


def renew(manifest: Path, changed: Iterable[Mapping[str, str]]) -> None:
    """Write lines in place of those with the same path; the others stay. The file is replaced in one step, sorted."""
    kept = {line["path"]: line for line in (lines(manifest) if manifest.exists() else ())}
    kept |= {line["path"]: dict(line) for line in changed}
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(kept[path] for path in sorted(kept))
    fresh = manifest.with_name(f".{manifest.name}")
    fresh.write_bytes(text.getvalue().encode("utf-8"))
    fresh.replace(manifest)


def put_aside(data: Data, report_id: str) -> None:
    """Keep the bytes of a report that is replaced or withdrawn: what was once published can be shown."""
    old = data.raw / report_id
    kept = data.replaced / report_id
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(old, kept.with_name(f"{kept.stem}-{sha256(old)[:12]}{kept.suffix}"))


def entry_of(seen: Seen, record: str, number: int) -> Entry:
    """The entry of a record of the manifest, which begins at line `number`."""
    path, body, code, level, year, provenance, origin, recorded = map(str.strip, _row(record))
    inside = is_inside(path) and seen.inside(path)
    found = seen.sha256(path) if inside else ""
    fault = None if inside else DataFault("manifest.path", line=number)
    if inside and not (body and origin and _understood(code, level, year, provenance)):
        fault = DataFault("manifest.line", line=number)
    if fault:  # what is not understood is not repeated in the data; the message names the line
        code, level, year, provenance = "", "", "0", ""
    source = Source(
        path or f"line {number}", f"raw/{path}", body, code, level, int(year), provenance, origin, recorded, found
    )
    if fault is None and not found:
        fault = DataFault("read.missing")
    return Entry(source, fault)


@lru_cache(maxsize=100_000)
def _understood(code: str, level: str, year: str, provenance: str) -> bool:
    known = level in LEVELS and provenance in PROVENANCES
    return known and bool(CODE.fullmatch(code) and YEAR.fullmatch(year))


def is_inside(path: str) -> bool:
    """Whether a manifest's path stays below `data/raw`, and is written in the one way that names its file."""
    plain = path.isprintable() and "\\" not in path and ":" not in path
    return plain and not {"", ".", ".."}.intersection(path.split("/"))


def _stray(seen: Seen, path: str) -> Source:
    found = seen.sha256(path) if seen.inside(path) else ""
    return Source(path, f"raw/{path}", "", "", "", 0, "", "", "", found)
