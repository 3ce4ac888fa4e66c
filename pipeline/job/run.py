"""The job: what is to be published, and whether anything is to be done; `build` then joins the stages.

Exit codes: 0 all published; 1 published, but reports are quarantined or findings are errors; 3 nothing published.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any, Protocol

from pipeline.core.decisions import read_decisions
from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE, Data
from pipeline.job.inventory import Inventory
from pipeline.registry.load import office_register_bytes, register_fingerprint
from pipeline.runtime import tools
from pipeline.runtime.child_process import Guard, by_name, uncollected
from pipeline.storage import snapshot
from pipeline.storage.partition import Part
from pipeline.storage.snapshot import Record
from pipeline.validate.worker import examiner, load_libraries


class Progress(Protocol):
    """What the command line shows while the job runs."""

    def stage(self, name: str, **values: object) -> AbstractContextManager[None]:
        """Announce a stage; when the context ends the stage has ended."""

    def reading(self, count: int) -> AbstractContextManager[Callable[[int], None]]:
        """Show how far the reading of so many reports is; what it gives is told how many more are done."""


@dataclass(frozen=True)
class Setting:
    """How a run is done; nothing in it decides what is published, but the decisions. `workers` of 0 is one a core;
    with the address of a `scheduler` those of its cluster read the reports.
    """

    decisions: Path = REFERENCE / "decisions.csv"
    keep: int = snapshot.KEPT
    workers: int = 0
    scheduler: str | None = None


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
    """What a run would publish, known before anything is read but the bytes: the reports by part, and hashes of all
    that decides what is taken from a report (`engine`) and what is made of it (`rules`).
    """

    id: str
    engine: str
    rules: str
    shares: Inventory
    digests: Mapping[Part, str]


def plan(data: Data, decisions: Path) -> Plan:
    """Hash all that goes into the snapshot. Raises ProjectFault for a manifest that cannot be read, and for a decision
    on what nobody reports: it is misspelt, and would be passed over for ever.
    """
    decided = read_decisions(decisions)
    program = {
        "code": snapshot.engine(),
        "register": register_fingerprint(data.raw),
        "tools": " ".join(tools.present()),
    }
    engine = snapshot.identifier(program)
    with uncollected():
        found = Inventory(data, snapshot.identifier({"engine": engine, "decisions": repr(decided)}), decided)
    if orphans := found.orphans():
        listed = "; ".join(sorted(f"{d.body_id} {d.year} {d.cell}" for d in orphans))
        raise ProjectFault(f"decisions.csv: no such report: {listed}")
    found.remember()
    rules = snapshot.rules()
    parts = {part.stem: digest for part, digest in found.digests.items()}
    folder = data.root.resolve().name  # the views of the database name it
    return Plan(
        snapshot.identifier({"engine": engine, "rules": rules, "folder": folder} | parts),
        engine,
        rules,
        found,
        found.digests,
    )


def run(data: Data, progress: Progress, setting: Setting) -> Outcome:
    """Publish what `data/raw` says now. The caller holds the lock."""
    with Guard() as reader, ThreadPoolExecutor(1) as aside:
        if _renewed(data):
            if not setting.scheduler:
                reader.prepare(by_name, "pipeline.job.batches", "get_ready", office_register_bytes(data.raw))
            examiner.prepare(load_libraries)
        looked_at = aside.submit(_looked_at, data.current)
        wanted = plan(data, setting.decisions)
        current = _unspoilt(*looked_at.result(), progress)
        held = snapshot.held(data) == wanted.id
        if current and (current.id == wanted.id or held):
            return Outcome(current.exit_code, current, changed=False, held=held)
        outcome = _again(data, wanted, progress)
        if outcome is None:
            from pipeline.job.build import build  # a run that has nothing to do must not wait for it

            if swept := snapshot.sweep(data, setting.keep):
                aside.submit(rmtree, swept, ignore_errors=True)
            outcome = build(data, wanted, current, progress, setting, reader)
    if outcome.changed:
        snapshot.release(data)
    return outcome


def _renewed(data: Data) -> bool:
    """Whether there is something to do, most likely: then those who do it load their libraries while this process looks
    at the files. That costs nothing but work where it was wrong, and time where nothing in the manifest tells.
    """
    try:
        return data.manifest.stat().st_mtime_ns > (data.current / snapshot.RECORD).stat().st_mtime_ns
    except OSError:  # no snapshot, or no manifest, as will be told
        return True


def _looked_at(folder: Path) -> tuple[Record | None, list[str]]:
    """The record of a snapshot, None where there is none, and its damaged files."""
    record = snapshot.whole(folder)
    return record, snapshot.spoilt(folder, record) if record else []


def _unspoilt(record: Record | None, spoilt: list[str], progress: Progress) -> Record | None:
    """The record, None for that of a damaged snapshot: nothing of it is used, and no reader can believe it."""
    if not spoilt:
        return record
    with progress.stage("damaged", count=len(spoilt), first=spoilt[0]):
        return None


def _again(data: Data, wanted: Plan, progress: Progress) -> Outcome | None:
    """Publish a snapshot that is still kept, because the input is again what it was."""
    kept = _unspoilt(*_looked_at(data.versions / wanted.id), progress)
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
    others = [r for r in others if not snapshot.spoilt(data.versions / r.id, r)]
    chosen = next((r for r in others if wanted is None or r.id == wanted), None)
    if chosen is None:
        raise LookupError(wanted or "")
    snapshot.hold(data, plan(data, decisions).id)
    snapshot.switch(data, chosen.id)
    return chosen
