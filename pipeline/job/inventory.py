"""The inventory: the reports in `data/raw` by partition (report year), each with a digest of its input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import islice

from pipeline.core.decisions import Decision
from pipeline.core.model import DataFault, Entry, Source
from pipeline.core.paths import Data
from pipeline.core.project_csv import Warn
from pipeline.raw.file_state import RawFiles
from pipeline.raw.manifest import read_entries
from pipeline.raw.scan_cache import read_scan_cache, write_scan_cache
from pipeline.registry.bodies import Register
from pipeline.registry.lookup import find_body

MAX_NAMED = 5  # identical files that a message names
Owner = tuple[str, int, str, int, str]  # a body, and the period, kind and subject of its report
EMPTY_FILE = sha256(b"").hexdigest()  # its cause is another


@dataclass(frozen=True)
class Partition:
    """The reports of one year and the decisions on them; year 0 holds the files whose year is unknown.

    `duplicates` are the ids of reports that share their body, kind and period with another report. They are quarantined
    together, so they must be read together. `body_ids` are the bodies that report.
    """

    year: int
    entries: tuple[Entry, ...]
    decisions: tuple[Decision, ...]
    duplicates: frozenset[str]
    body_ids: frozenset[str] = frozenset()

    @property
    def stem(self) -> str:
        """The stem of the partition's files."""
        return str(self.year)

    @cached_property
    def digest(self) -> str:
        """A hash of everything that decides the loaded rows of this year, besides code and register."""
        lines = ["\x1f".join(map(str, e.source)) + (repr(e.fault) if e.fault else "") for e in self.entries]
        lines += map(repr, self.decisions)
        return sha256("".join(f"{len(line)}\0{line}" for line in lines).encode(errors="surrogateescape")).hexdigest()

    def without(self, report_ids: Iterable[str]) -> Partition:
        """Return the partition without some of its reports."""
        excluded = frozenset(report_ids)
        return replace(self, entries=tuple(e for e in self.entries if e.source.report_id not in excluded))


def read_inventory(
    data: Data, register: Register, decisions: Sequence[Decision], warn: Warn = lambda _: None,
    files: RawFiles | None = None,
) -> dict[int, Partition]:  # fmt: skip
    """Return the partitions by year, in order. Raises ProjectFault for a manifest that cannot be read.

    `warn` gets a note on each line of the manifest that repeats another. The hashes of files are kept in the scan cache
    for the next run. `files` is the scan of the folder, if there is one already.
    """
    files = files or RawFiles(data.raw)
    files.use_hashes(read_scan_cache(data.scan_cache))
    entries = read_entries(data.manifest, files, warn)
    if (hashes := files.cacheable()) is not None:
        write_scan_cache(data.scan_cache, hashes)
    return partitions_by_year(entries, register, decisions)


def partitions_by_year(
    entries: Iterable[Entry], register: Register, decisions: Sequence[Decision]
) -> dict[int, Partition]:
    """Return the entries of a manifest as partitions by year, in order. Nothing is read or written."""
    by_year: dict[int, list[Entry]] = {}
    for entry in _quarantine_copies(list(entries)):
        by_year.setdefault(entry.source.year, []).append(entry)
    return {year: _partition(year, by_year[year], register, decisions) for year in sorted(by_year)}


def _quarantine_copies(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the entries, with a fault for files that are registered for two bodies or two years."""
    paths_by_hash: dict[str, dict[Owner, str]] = {}
    for source in (entry.source for entry in entries):
        paths_by_hash.setdefault(source.sha256, {}).setdefault(_owner(source), source.path)
    for entry in entries:
        source = entry.source
        paths = paths_by_hash[source.sha256]
        if len(paths) > 1 and entry.fault is None and source.sha256 not in ("", EMPTY_FILE):
            others = islice((path for owner, path in paths.items() if owner != _owner(source)), MAX_NAMED)
            yield entry._replace(fault=DataFault("report.same_file", others=", ".join(others)))
        else:
            yield entry


def _owner(source: Source) -> Owner:
    return source.body, source.year, source.kind, source.quarter, source.subject


def unused_decisions(partitions: Mapping[int, Partition], decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions on bodies and years without a report."""
    used = {decision.place for partition in partitions.values() for decision in partition.decisions}
    return [decision for decision in decisions if decision.place not in used]


def _partition(year: int, entries: Sequence[Entry], register: Register, decisions: Iterable[Decision]) -> Partition:
    ids_by_place: dict[Owner, list[str]] = {}
    bodies = set()
    for entry in entries:
        if body := find_body(register, entry.source.body, entry.source.region_code):
            bodies.add(body.body_id)
            if entry.fault is None:
                place = (body.body_id, *_owner(entry.source)[1:])
                ids_by_place.setdefault(place, []).append(entry.source.report_id)
    duplicates = frozenset(report_id for ids in ids_by_place.values() if len(ids) > 1 for report_id in ids)
    decided = tuple(d for d in decisions if d.year == year and d.body_id in bodies)
    return Partition(year, tuple(entries), decided, duplicates, frozenset(bodies))
