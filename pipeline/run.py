"""The job: all stages from `data/raw` to a published snapshot. The only place that joins them.

Exit codes: 0 all published; 1 published, but reports are quarantined or findings are errors; 3 nothing published.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from pipeline import snapshot, tools
from pipeline.edit.decide import Decision
from pipeline.manifest import Entry, entries
from pipeline.model import ProjectFault, Source
from pipeline.paths import REFERENCE, Data
from pipeline.register import Register, added, register
from pipeline.snapshot import Record

PUBLISHED, DOUBTFUL, USAGE, NOTHING = 0, 1, 2, 3


class Progress(Protocol):
    """What the command line shows while the job runs."""

    def stage(self, name: str, **values: object) -> AbstractContextManager[None]:
        """Announce a stage; when the context ends the stage has ended."""

    def each(self, reports: Sequence[Entry]) -> Iterable[Entry]:
        """Go through the reports, showing how far."""


@dataclass(frozen=True)
class Outcome:
    """How a run ended. `record` is the published snapshot; `violations` are what kept a new one back."""

    exit_code: int
    record: Record | None
    changed: bool
    violations: tuple[Any, ...] = ()
    empty: bool = False
    held: bool = False  # the input is that of a snapshot that was rolled back


@dataclass(frozen=True)
class Plan:
    """What a run would publish, known before anything is read but the bytes. `engine` is all that decides what is taken
    from a report: the program and the register.
    """

    id: str
    engine: str
    decisions: str
    entries: tuple[Entry, ...]


def plan(data: Data, decisions: Path) -> Plan:
    """Hash all that goes into the snapshot. Raises ProjectFault for a manifest that cannot be read."""
    found = entries(data)
    parts = {
        "engine": f"{snapshot.engine()} {added(data.raw)}".strip(),
        "decisions": hashlib.sha256(decisions.read_bytes()).hexdigest(),
        "rules": snapshot.rules(),
        "sources": json.dumps([asdict(e.source) for e in found], sort_keys=True),
        "tools": " ".join(tools.present()),  # a report that lacked one is read once it is there
        "folder": data.root.resolve().name,  # the views of the database name it
    }
    return Plan(snapshot.identifier(parts), parts["engine"], parts["decisions"], found)


def run(
    data: Data, progress: Progress, decisions: Path = REFERENCE / "decisions.csv", keep: int = snapshot.KEPT
) -> Outcome:
    """Publish what `data/raw` says now, and keep so many snapshots. The caller holds the lock."""
    wanted = plan(data, decisions)
    current = snapshot.published(data)
    held = snapshot.held(data) == wanted.id
    if current and (current.id == wanted.id or held):
        return Outcome(current.exit_code, current, changed=False, held=held)
    snapshot.sweep(data, keep)
    outcome = _again(data, wanted) or _build(data, wanted, current, progress, decisions)
    if outcome.changed:
        snapshot.release(data)
    return outcome


def _again(data: Data, wanted: Plan) -> Outcome | None:
    """Publish a snapshot that is still kept, because the input is again what it was."""
    kept = snapshot.whole(data.versions / wanted.id)
    if kept is None:
        return None
    snapshot.switch(data, kept.id)
    return Outcome(kept.exit_code, kept, changed=True)


def roll_back(data: Data, wanted: str | None, decisions: Path) -> Record:
    """Publish an earlier snapshot again, by default the one before, and hold back what `data/raw` says now until it
    changes. The caller holds the lock. Raises LookupError where that snapshot is not kept.
    """
    current = snapshot.published(data)
    others = [r for r in snapshot.kept(data) if current is None or r.id != current.id]
    chosen = next((r for r in others if wanted is None or r.id == wanted), None)
    if chosen is None:
        raise LookupError(wanted or "")
    snapshot.hold(data, plan(data, decisions).id)
    snapshot.switch(data, chosen.id)
    return chosen


def _build(data: Data, wanted: Plan, current: Record | None, progress: Progress, decisions: Path) -> Outcome:
    # Imported here because a run that has nothing to do must not wait for them.
    from pipeline.rollup import roll_up
    from pipeline.validate import validate

    folder = snapshot.begin(data, wanted.id)
    if not _extract_and_load(data, folder, wanted, current, progress, decisions):
        return Outcome(NOTHING, current, changed=False, empty=True)
    with progress.stage("rollup"):
        roll_up(folder, data.root.resolve().parent, register(data.raw))
    with progress.stage("validate"):
        violations = validate(folder, data.data_docs)
    if violations:
        return Outcome(NOTHING, current, changed=False, violations=tuple(violations))
    with progress.stage("publish"):
        record = _record(folder, wanted)
        snapshot.seal(folder, record)
        snapshot.switch(data, wanted.id)
    return Outcome(record.exit_code, record, changed=True)


def _extract_and_load(
    data: Data, folder: Path, wanted: Plan, current: Record | None, progress: Progress, decisions: Path
) -> bool:
    """Write the loaded tables of every year; False where not one report could be read."""
    from pipeline import load
    from pipeline.edit.decide import decisions as read_decisions
    from pipeline.guard import Guard
    from pipeline.intake import confront_all, refuse_duplicates, take_in

    known, decided = register(data.raw), read_decisions(decisions)
    _refuse_orphans(decided, wanted, known)
    years = sorted({str(e.source.year) for e in wanted.entries})
    earlier = _earlier(data, wanted, current, years)
    alone = [asdict(s) for s in _alone(wanted, known)]
    kept = {year: load.unchanged(tables, alone) for year, tables in earlier.items()}
    again = [e for e in wanted.entries if e.source.report_id not in kept.get(str(e.source.year), set())]
    with progress.stage("extract", count=len(again), kept=len(wanted.entries) - len(again)):
        with Guard() as guard:
            intakes = [take_in(entry, data, guard, decided) for entry in progress.each(again)]
        refuse_duplicates(intakes)
        confront_all(intakes)
    loaded = any(i.fault is None for i in intakes) or any(kept.values())
    with progress.stage("load"):
        for year in years if loaded else ():
            tables = load.tables_of([i for i in intakes if str(i.source.year) == year])
            if year in earlier:
                tables = load.merged(earlier[year], kept[year], tables)
            for table, rows in tables.items():
                load.write(folder, table, year, rows)
    return loaded


def _earlier(data: Data, wanted: Plan, current: Record | None, years: Iterable[str]) -> dict[str, Any]:
    """The loaded tables by year of the published snapshot, if the same rules made them."""
    from pipeline import load

    if current is None or (current.engine, current.decisions) != (wanted.engine, wanted.decisions):
        return {}
    found = {year: load.read_year(data.current, year) for year in years}
    return {year: tables for year, tables in found.items() if tables is not None}


def _refuse_orphans(decided: Iterable[Decision], wanted: Plan, known: Register) -> None:
    """A decision on a body and year that nobody reports is misspelt: it would be passed over for ever."""
    places = {(b.body_id, e.source.year) for e in wanted.entries if (b := known.find(e.source.body))}
    orphans = [f"{d.body_id} {d.year} {d.cell}" for d in decided if (d.body_id, d.year) not in places]
    if orphans:
        raise ProjectFault(f"decisions.csv: no such report: {'; '.join(orphans)}")


def _alone(wanted: Plan, known: Register) -> list[Source]:
    """The sources that are their body's only one of the year; two must be judged together, so both are read."""
    good = [(e.source, known.find(e.source.body)) for e in wanted.entries if e.fault is None]
    places = Counter((body.body_id, source.year) for source, body in good if body)
    return [source for source, body in good if body and places[body.body_id, source.year] == 1]


def _record(folder: Path, wanted: Plan) -> Record:
    summary = _summary(folder)
    exit_code = DOUBTFUL if summary["quarantined"] or summary["errors"] else PUBLISHED
    return Record(wanted.id, wanted.engine, wanted.decisions, snapshot.file_hashes(folder), summary, exit_code)


def _summary(folder: Path) -> dict[str, int]:
    """How many reports are loaded, simulated, quarantined, and how many errors and warnings there are. What a proposal
    accounts for is one error, however many identities it breaks.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    def table(name: str, columns: list[str]) -> Any:
        return pq.read_table(sorted((folder / name).glob("*.parquet")), columns=columns)

    reports = table("reports", ["status", "provenance"])
    findings = table("findings", ["report_id", "identity", "place", "status", "severity"])
    proposals = table("proposals", ["report_id", "anchor", "identities", "status"]).to_pylist()
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
