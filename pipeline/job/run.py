"""Run the job: under the lock, publish what `data/raw` asks for, and record the run in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import rmtree

from filelock import FileLock, Timeout

from pipeline.core.links import is_link
from pipeline.core.model import DataFault, ExitCode
from pipeline.core.path_length import check_path_length
from pipeline.core.paths import Data
from pipeline.core.project_csv import Note
from pipeline.job.plan import OLD_DECISIONS, Outcome, Plan, Progress, RunOptions, Silent, decisions_file, make_plan
from pipeline.job.recorder import RunRecorder
from pipeline.job.same_input import input_key, remember_plan, remembered_plan
from pipeline.job.volume import find_falls, loaded_in
from pipeline.raw.file_state import RawFiles
from pipeline.registry.load import office_register_bytes
from pipeline.runtime.child_process import Guard, call_by_name, kept_child
from pipeline.storage import snapshot
from pipeline.storage.snapshot import Record
from pipeline.storage.switch import restore_link, switch
from pipeline.validate.worker import import_libraries, validating_child


def run(data: Data | Path | str, options: RunOptions | None = None, progress: Progress | None = None) -> Outcome:
    """Build and publish a snapshot of the reports in the data folder; do nothing if it is already published.

    A snapshot is published complete and validated, or the old one stays. The ledger gets a row per run, also for a run
    that fails. Only one run at a time works on a data folder.

    Raises DataFault (`run.locked`) if another run still works after `wait_seconds`; ProjectFault for a manifest,
    decisions or rules that cannot be read; DataFault or OSError if the machine, a cluster or the disk fails.

    Example::

        from pipeline import run
        outcome = run("data")
        print(outcome.exit_code, outcome.record.summary)
    """
    data = data if isinstance(data, Data) else Data(Path(data))
    options, progress = options or RunOptions(), progress or Silent()
    check_path_length(data.root)
    with locked(data, options.wait_seconds), RunRecorder(data, progress, options.lang) as recorder:
        outcome = _run(data, options, recorder)
        recorder.outcome = outcome
    return outcome if recorder.fault is None else replace(outcome, warnings=(*outcome.warnings, recorder.fault))


@contextmanager
def locked(data: Data, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the lock of a data folder, for at most `wait_seconds`. Raises DataFault if another run holds it."""
    try:
        with FileLock(data.lock, timeout=wait_seconds):
            yield
    except Timeout as error:
        raise DataFault("run.locked") from error


def _run(data: Data, options: RunOptions, progress: Progress) -> Outcome:
    restore_link(data)
    files = RawFiles(data.raw)
    key = input_key(data, files, options.decisions or decisions_file(data))
    with kept_child() as reader, ThreadPoolExecutor(1) as background:
        reading = background.submit(_read_undamaged, data.current)
        if _is_probably_outdated(data):
            _warm_up(data, options, reader)
        elif (published := reading.result()[0]) and remembered_plan(data, key) == published.id:
            outcome = Outcome(ExitCode(published.exit_code), published, changed=False, previous=published.id)
            return replace(outcome, warnings=tuple(_place_warnings(data, options)))
        plan = make_plan(data, options.decisions, files)
        published, damaged = reading.result()
        _show_damaged(damaged, progress)
        held_back = snapshot.held_back(data) == plan.id
        previous = published.id if published else None
        if published and (published.id == plan.id or held_back):
            outcome = Outcome(ExitCode(published.exit_code), published, changed=False, held_back=held_back)
        elif (kept := _publish_kept(data, plan, published, options, progress)) is not None:
            outcome = kept
        else:
            # A run that has nothing to do must not wait for DuckDB, pyarrow and others.
            from pipeline.job.build import Job, build

            if swept := snapshot.sweep(data, options.keep):
                background.submit(rmtree, swept, ignore_errors=True)
            outcome = build(Job(data, plan, published, options, progress, reader))
    if outcome.changed:
        snapshot.release(data)
    if outcome.record and outcome.record.id == plan.id and not plan.has_warnings:
        remember_plan(data, key, plan.id)
    warnings = (*outcome.warnings, *_place_warnings(data, options), *_warnings(plan))
    return replace(outcome, previous=previous, warnings=warnings)


def _is_probably_outdated(data: Data) -> bool:
    """Guess from the time of the manifest whether the published snapshot is outdated. A wrong guess costs only time."""
    try:
        return data.manifest.stat().st_mtime_ns > (data.current / snapshot.RECORD).stat().st_mtime_ns
    except OSError:  # no snapshot, or no manifest, which the plan reports
        return True


def _warm_up(data: Data, options: RunOptions, reader: Guard) -> None:
    """Let the child processes import their libraries while this process looks at the files."""
    if not options.scheduler:
        reader.prepare(call_by_name, "pipeline.job.batches", "prepare_reader", office_register_bytes(data.raw))
    validating_child.prepare(import_libraries)


def _read_undamaged(folder: Path) -> tuple[Record | None, list[str]]:
    """Return the record of a snapshot, None if there is none or it is damaged, and its damaged files."""
    record = snapshot.read_record(folder)
    damaged = snapshot.damaged_files(folder, record) if record else []
    return (None if damaged else record), damaged


def _show_damaged(damaged: list[str], progress: Progress) -> None:
    if damaged:
        with progress.stage("damaged", count=len(damaged), first=damaged[0]):
            pass


def _publish_kept(
    data: Data, plan: Plan, published: Record | None, options: RunOptions, progress: Progress
) -> Outcome | None:
    """Publish a snapshot that is still on disk, where the input is what it was then; None if there is none."""
    record, damaged = _read_undamaged(data.versions / plan.id)
    _show_damaged(damaged, progress)
    if record is None:
        return None
    if not options.accept_fewer and (falls := find_falls(published, loaded_in(record))):
        return Outcome(ExitCode.NOTHING, published, changed=False, falls=falls)
    switch(data, record.id)
    return Outcome(ExitCode(record.exit_code), record, changed=True)


def _place_warnings(data: Data, options: RunOptions) -> Iterator[Note]:
    """Yield the warnings about the places of files."""
    if options.decisions is None and decisions_file(data) == OLD_DECISIONS:
        yield "decisions.old_place", {"old": OLD_DECISIONS, "new": data.decisions}
    if not is_link(data.current_link) and data.current_pointer.is_file():
        yield "current.pointer", {"folder": data.current, "pointer": data.current_pointer}


def _warnings(plan: Plan) -> Iterator[Note]:
    """Yield the warnings about the lines of project files."""
    yield from plan.notes
    for decision in plan.unused_decisions:
        yield "decisions.unused", {"body": decision.body_id, "year": decision.year, "cell": decision.cell}


def roll_back(data: Data, snapshot_id: str | None = None, decisions: Path | None = None) -> Record:
    """Publish an earlier snapshot again, by default the previous one, and hold back the current input until it changes.

    Raises LookupError if that snapshot is not kept or is damaged; DataFault where a run is under way.
    """
    with locked(data):
        restore_link(data)
        published = snapshot.published(data)
        for record in snapshot.kept(data):
            is_wanted = record.id == snapshot_id if snapshot_id else published is None or record.id != published.id
            if is_wanted and not snapshot.damaged_files(data.versions / record.id, record):
                snapshot.hold_back(data, make_plan(data, decisions).id)
                switch(data, record.id)
                return record
    raise LookupError(snapshot_id or "")
