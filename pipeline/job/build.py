"""Build a snapshot: all stages from `data/raw` to what is published. With `check` the only place that joins them.

Only the parts are built that changed, or whose year before did; the others are those of the published snapshot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.job import batches as workers
from pipeline.job.run import Outcome, Plan, Progress, Setting
from pipeline.registry.load import load_register
from pipeline.rollup import Model, models, roll_up
from pipeline.rollup.partitions import COMPARISONS, part_stem
from pipeline.runtime.child_process import Guard
from pipeline.runtime.machine import cores
from pipeline.storage import load, snapshot
from pipeline.storage.load import Tables
from pipeline.storage.partition import Part, Share
from pipeline.storage.schema import REGISTERS, schema, without_pandas
from pipeline.storage.snapshot import PartRecord, Record
from pipeline.validate.gate import Validator

FEW = 5  # reports that are read, unless they are scans, before a second child has started
MOVED = ("read.changed", "read.unreadable", "read.no_file")


def build(
    data: Data, wanted: Plan, current: Record | None, progress: Progress, setting: Setting, reader: Guard
) -> Outcome:
    """Build what the plan wants and publish it. `reader` may be at work already to be the first to read."""
    without_pandas()
    folder = snapshot.begin(data, wanted.id)
    earlier = current if current and current.engine == wanted.engine else None
    changed = _changed(wanted, earlier)
    stale = _stale(wanted, earlier, changed)
    fresh = changed if earlier and earlier.rules == wanted.rules else stale
    found = models()
    if earlier:
        snapshot.adopt(folder, data.current, _lasting(wanted, earlier, changed, fresh, stale, found))
    with Validator(data.data_docs) as validator:
        _extract_and_load(data, folder, wanted, earlier, changed, progress, partial(_readers, setting, reader))
        if not _any_loaded(folder):
            return Outcome(ExitCode.NOTHING, current, changed=False, empty=True)
        wanted, folder = _as_read(data, folder, wanted, changed)
        if current and current.id == wanted.id:  # the same could not be read the last time
            return Outcome(current.exit_code, current, changed=False)
        known = earlier.files if earlier and earlier.rules == wanted.rules else {}
        validator.submit(folder, load.LOADED, known)
        with progress.stage("rollup"):
            written = partial(validator.submit_table, folder, known)
            roll_up(folder, data.root.resolve().parent, found, fresh, stale, load_register(data.raw), written)
        with progress.stage("validate"):
            validator.submit(folder, None, known)
            violations = validator.violations()
    if violations:
        return Outcome(ExitCode.NOTHING, current, changed=False, violations=tuple(violations))
    with progress.stage("publish"):
        record = _record(folder, wanted, earlier, stale)
        snapshot.seal(folder, record)
        snapshot.switch(data, wanted.id)
    return Outcome(record.exit_code, record, changed=True)


def _changed(wanted: Plan, earlier: Record | None) -> set[Part]:
    """The parts whose reports must be read, or some of them."""
    before = {stem: part["digest"] for stem, part in earlier.parts.items()} if earlier else {}
    return {part for part, digest in wanted.digests.items() if before.get(part.stem) != digest}


def _stale(wanted: Plan, earlier: Record | None, changed: set[Part]) -> set[Part]:
    """The parts whose marts must be made: those that changed, and those after a part that changed or is gone."""
    if earlier is None or earlier.rules != wanted.rules:
        return set(wanted.shares)
    moved = {part.stem for part in changed} | (earlier.parts.keys() - {part.stem for part in wanted.shares})
    return changed | {part for part in wanted.shares if part.before.stem in moved}


def _lasting(
    wanted: Plan, earlier: Record, changed: set[Part], fresh: set[Part], stale: set[Part], found: Sequence[Model]
) -> Iterator[str]:
    """The files of the earlier snapshot that hold in the new one too; registers follow from engine and rules."""
    parts = {part.stem: part for part in wanted.shares}
    anew = dict.fromkeys(load.LOADED, changed)
    anew |= {model.name: stale if model.compares else fresh for model in found if model.kind == "rollup"}
    for name in earlier.files:
        table, _, file = name.partition("/")
        stem = file.rpartition("-")[0]
        part = parts.get(part_stem(name))
        if table in REGISTERS:
            lasts = earlier.rules == wanted.rules
        else:
            lasts = part is not None and table in anew and part not in (anew[table] if stem == part.stem else stale)
        if lasts:
            yield name


def _extract_and_load(
    data: Data,
    folder: Path,
    wanted: Plan,
    earlier: Record | None,
    changed: set[Part],
    progress: Progress,
    readers: Callable[[int], AbstractContextManager[tuple[Executor, int]]],
) -> None:
    """Write the loaded tables of the parts that changed."""
    shares = {part: wanted.shares[part] for part in sorted(changed)}
    kept = {part: _kept(data, part, share, earlier) for part, share in shares.items()}
    again = {part: _without(share, kept[part]) for part, share in shares.items()}
    reading = sum(len(share.entries) for share in again.values())
    total = wanted.shares.reports
    with (
        progress.stage("extract", count=reading, kept=total - reading),
        progress.reading(reading) as done,
        readers(reading) as (executor, count),
    ):
        for part, found in workers.extract(again, data.root, executor, 4 * count, done):
            earlier_rows = load.read_part(data.current, part) if kept[part] else None
            if earlier_rows is not None:
                found = [load.of_reports(earlier_rows, kept[part]), *found]
            _write(folder, part, load.together(found))


def _readers(setting: Setting, reader: Guard, reports: int) -> AbstractContextManager[tuple[Executor, int]]:
    """Who reads so many reports, and how many at once."""
    if not setting.scheduler:
        return workers.local(1 if reports <= FEW else setting.workers or cores(), reader)
    from pipeline.job.dask import cluster  # few have one

    return cluster(setting.scheduler)


def _kept(data: Data, part: Part, share: Share, earlier: Record | None) -> set[str]:
    """The reports of a part whose rows are those of the earlier snapshot."""
    before = earlier.parts.get(part.stem) if earlier else None
    if before is None or before["decided"] != share.decided:
        return set()
    tables = load.read_part(data.current, part)
    alone = (e.source for e in share.entries if e.source.report_id in share.alone)
    return load.unchanged(tables, alone) if tables else set()


def _without(share: Share, kept: set[str]) -> Share:
    return replace(share, entries=tuple(e for e in share.entries if e.source.report_id not in kept))


def _write(folder: Path, part: Part, tables: Tables) -> None:
    for table, rows in tables.items():
        if rows.num_rows:
            load.write(folder, table, part.stem, rows)


def _as_read(data: Data, folder: Path, wanted: Plan, changed: set[Part]) -> tuple[Plan, Path]:
    """The plan and the folder, under another id where the bytes of a report were not those of the plan: the next run,
    which may have them, must not take this snapshot for what it wants, nor these parts for done.
    """
    moved = {part: " ".join(_moved(folder, part, wanted.shares[part])) for part in sorted(changed)}
    moved = {part: ids for part, ids in moved.items() if ids}
    if not moved:
        return wanted, folder
    digests = {part: f"{digest} {moved[part]}" if part in moved else digest for part, digest in wanted.digests.items()}
    name = snapshot.identifier({"": wanted.id} | {part.stem: ids for part, ids in moved.items()})
    return replace(wanted, id=name, digests=digests), snapshot.rename(data, folder, name)


def _moved(folder: Path, part: Part, share: Share) -> list[str]:
    """The reports that were there when the run was planned, and otherwise or not at all when they were to be read."""
    planned = {e.source.report_id for e in share.entries if e.fault is None}
    found = _rows(folder, "reports", part, ["report_id", "reason_code"]).to_pylist()
    return [
        f"{r['report_id']} {r['reason_code']}" for r in found if r["report_id"] in planned and r["reason_code"] in MOVED
    ]


def _any_loaded(folder: Path) -> bool:
    reports = (pq.read_table(path, columns=["status"]) for path in load.files(folder, "reports").values())
    return any(pc.any(pc.equal(table["status"], "loaded")).as_py() for table in reports)


def _record(folder: Path, wanted: Plan, earlier: Record | None, stale: set[Part]) -> Record:
    known = {n: h for n, h in earlier.files.items() if n.endswith(".parquet")} if earlier else {}
    hashes = snapshot.file_hashes(folder, known)
    before = earlier.parts if earlier else {}
    parts = {
        part.stem: _part_record(folder, part, wanted) if part in stale else before[part.stem] for part in wanted.shares
    }
    summary = Counter[str]()
    for record in parts.values():
        summary.update(record["summary"])
    exit_code = ExitCode.PROBLEMS if summary["quarantined"] or summary["errors"] else ExitCode.OK
    return Record(wanted.id, wanted.engine, wanted.rules, hashes, parts, dict(summary), exit_code)


def _part_record(folder: Path, part: Part, wanted: Plan) -> PartRecord:
    return {"digest": wanted.digests[part], "decided": wanted.shares[part].decided, "summary": _summary(folder, part)}


def _summary(folder: Path, part: Part) -> dict[str, int]:
    """How many reports are loaded, simulated, quarantined, and how many errors and warnings there are. What a proposal
    accounts for is one error, however many identities it breaks.
    """
    reports = _rows(folder, "reports", part, ["status", "provenance"])
    findings = _rows(folder, "findings", part, ["report_id", "identity", "place", "status", "severity"])
    proposals = _rows(folder, "proposals", part, ["report_id", "anchor", "identities", "status"]).to_pylist()
    loaded = reports.filter(pc.equal(reports["status"], "loaded"))
    failed = findings.filter(pc.equal(findings["status"], "fail")).to_pylist()
    open_ = [p for p in proposals if p["status"] == "open"]
    told = {(p["report_id"], identity) for p in open_ for identity in p["identities"]}
    alone = Counter(f["severity"] for f in failed if (f["report_id"], f"{f['identity']}@{f['place']}") not in told)
    return {
        "loaded": loaded.num_rows,
        "simulated": loaded.filter(pc.equal(loaded["provenance"], "simulated")).num_rows,
        "quarantined": reports.num_rows - loaded.num_rows,
        "errors": alone["error"] + len({(p["report_id"], p["anchor"]) for p in open_}),
        "warnings": alone["warning"],
    }


def _rows(folder: Path, table: str, part: Part, columns: Sequence[str]) -> pa.Table:
    """The rows of a part, those of the comparisons among them."""
    at_hand = load.files(folder, table)
    found = [at_hand[stem] for stem in (part.stem, part.stem + COMPARISONS) if stem in at_hand]
    empty = schema(table).empty_table().select(columns)
    return pa.concat_tables([empty, *(pq.read_table(path, columns=columns) for path in found)])
