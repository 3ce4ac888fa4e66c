"""The plan of a run: the snapshot to publish, and its years that must be built. Also the options and the outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pipeline.core.decisions import Decision, read_decisions
from pipeline.core.model import ExitCode
from pipeline.core.paths import KINDS, REFERENCE, Data
from pipeline.core.project_csv import Note
from pipeline.job.inventory import Partition, read_inventory, unused_decisions
from pipeline.raw.file_state import RawFiles
from pipeline.registry.load import load_register, population_fingerprint, register_fingerprint
from pipeline.runtime.child_process import without_garbage_collection
from pipeline.runtime.tools import installed_tools
from pipeline.storage.fingerprint import combine, extraction_fingerprint, rollup_fingerprint
from pipeline.storage.snapshot import DEFAULT_KEPT, Record

if TYPE_CHECKING:
    from pipeline.job.volume import Fall
    from pipeline.validate.worker import Violation

# Where earlier versions kept decisions: inside the program, so that an update could lose them.
OLD_DECISIONS = REFERENCE / "decisions.csv"


@dataclass(frozen=True)
class RunOptions:
    """The options of a run. Only the decisions change the published data.

    `decisions` replaces the data folder's file; `keep` counts the snapshots to keep; `workers` is the number of
    reading processes (0: one per core); `scheduler` is the address of a Dask cluster that reads the reports instead;
    `wait_seconds` is the time to wait for another run to end; `lang` is the language of messages in the ledger.
    `accept_fewer` publishes also far fewer reports than before (`volume`).
    """

    decisions: Path | None = None
    keep: int = DEFAULT_KEPT
    workers: int = 0
    scheduler: str | None = None
    wait_seconds: float = 0
    lang: str = "zh"
    accept_fewer: bool = False


class Progress(Protocol):
    """The display of a caller while the job runs."""

    def stage(self, name: str, **values: object) -> AbstractContextManager[None]:
        """Announce a stage. The stage ends with the context."""

    def reading(self, count: int) -> AbstractContextManager[Callable[[int], None]]:
        """Announce the reading of `count` reports. The context yields a function to call with each number done."""


class Silent:
    """Progress that shows nothing."""

    @contextmanager
    def stage(self, name: str, **values: object) -> Iterator[None]:  # noqa: ARG002 (see Progress)
        """Do nothing."""
        yield

    @contextmanager
    def reading(self, count: int) -> Iterator[Callable[[int], None]]:  # noqa: ARG002 (see Progress)
        """Do nothing."""
        yield lambda _done: None


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    `record` is the published snapshot and `previous` the id of the one before the run. `violations` are expectations
    that kept a new snapshot back. `empty` means that no report could be read, `held_back` that the input asks for a
    snapshot that was rolled back. `falls` are years with far fewer reports, which also keep a snapshot back. `warnings`
    are codes of messages with their values.
    """

    exit_code: ExitCode
    record: Record | None
    changed: bool
    previous: str | None = None
    violations: tuple[Violation, ...] = ()
    falls: tuple[Fall, ...] = ()
    empty: bool = False
    held_back: bool = False
    warnings: tuple[tuple[str, Mapping[str, object]], ...] = ()


class YearsToRollUp(NamedTuple):
    """The years whose marts must be computed, and the other years after them, whose marts look back to them."""

    changed: set[int]
    following: set[int]


@dataclass(frozen=True)
class Plan:
    """The snapshot that a run should publish, known before any report is read: its id, and its partitions by year.

    `notes` are about lines of project files that are left out.
    """

    id: str
    extraction_fingerprint: str
    rollup_fingerprint: str
    partitions: Mapping[int, Partition]
    unused_decisions: tuple[Decision, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def has_warnings(self) -> bool:
        """Whether a run with this plan says something about its project files."""
        return bool(self.notes or self.unused_decisions)

    def changed_years(self, previous: Record | None) -> set[int]:
        """Return the years whose reports or decisions differ from those of a previous snapshot."""
        if previous is None or previous.extraction_fingerprint != self.extraction_fingerprint:
            return set(self.partitions)
        before = {year: record["digest"] for year, record in previous.years.items()}
        return {year for year, p in self.partitions.items() if before.get(p.stem) != p.digest}

    def years_to_roll_up(self, previous: Record | None) -> YearsToRollUp:
        """Return the years whose marts differ from those of a previous snapshot: all if the rules differ."""
        if previous is None or previous.rollup_fingerprint != self.rollup_fingerprint:
            return YearsToRollUp(set(self.partitions), set())
        changed = self.changed_years(previous)
        removed = {int(year) for year in previous.years} - set(self.partitions)
        following = {year for year in self.partitions if year - 1 in changed | removed}
        return YearsToRollUp(changed, following - changed)


def decisions_file(data: Data) -> Path:
    """Return the file of decisions: the data folder's, or the old one if only that exists."""
    return OLD_DECISIONS if OLD_DECISIONS.is_file() and not data.decisions.is_file() else data.decisions


def make_plan(data: Data, decisions: Path | None = None, files: RawFiles | None = None) -> Plan:
    """Return the plan; `files` is the scan of `data/raw`, if there is one already.

    Raises ProjectFault for a manifest or a file of decisions that cannot be read.
    """
    path = decisions or decisions_file(data)
    notes: list[Note] = []
    decided = read_decisions(path, notes.append) if decisions or path.is_file() else ()
    register = load_register(data.raw)
    if (data.raw / KINDS.name).is_dir():
        _ = register.kinds  # what is wrong with an office's own kinds is said before any report is read
    extraction = combine(
        {
            "code": extraction_fingerprint(),
            "register": register_fingerprint(data.raw),
            "tools": " ".join(installed_tools()),
        }
    )
    with without_garbage_collection():
        partitions = read_inventory(data, register, decided, notes.append, files)
    # The published bodies follow from those that report: with another one, all marts may differ.
    body_ids = sorted({body_id for partition in partitions.values() for body_id in partition.body_ids})
    population = population_fingerprint(data.raw)
    rollup = combine({"rules": rollup_fingerprint(), "bodies": " ".join(body_ids), "population": population})
    digests = {partition.stem: partition.digest for partition in partitions.values()}
    # The views of the database name the data folder.
    parts = {"extraction": extraction, "rollup": rollup, "folder": data.root.resolve().name}
    unused = tuple(unused_decisions(partitions, decided))
    return Plan(combine(parts | digests), extraction, rollup, partitions, unused, (*notes, *register.notes))
