"""Build a snapshot: join all stages from `data/raw` to publication, for the years that changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.job.batches import Readers, extract, local_readers
from pipeline.job.dask import cluster_readers
from pipeline.job.inventory import Partition
from pipeline.job.plan import Outcome, Plan, Progress, RunOptions
from pipeline.job.volume import find_falls, loaded_by_year
from pipeline.rollup import roll_up
from pipeline.runtime.child_process import Guard
from pipeline.runtime.machine import cores
from pipeline.storage.dictionary import LOADED, REGISTERS
from pipeline.storage.differences import Differences
from pipeline.storage.draft import Draft
from pipeline.storage.fingerprint import combine, rollup_fingerprint
from pipeline.storage.load import reusable_reports
from pipeline.storage.partition import TableFiles, stem_of, table_of
from pipeline.storage.schema import keep_pandas_out
from pipeline.storage.snapshot import Record, YearRecord
from pipeline.storage.splice import with_reused
from pipeline.validate.gate import Validator
from pipeline.validate.results import AssertionResult
from pipeline.validate.staged import assert_tables

FEW_REPORTS = 5  # read by one child: a second one would start too late to help
CHANGED_WHILE_READING = ("read.changed", "read.unreadable", "read.no_file")


@dataclass(frozen=True)
class Job:
    """The input of a build: the plan, the published snapshot if there is one, and a child process ready to read."""

    data: Data
    plan: Plan
    published: Record | None
    options: RunOptions
    progress: Progress
    reader: Guard


def build(job: Job) -> Outcome:
    """Build and publish the snapshot that the plan asks for. Raises DataFault or OSError; then nothing has changed."""
    keep_pandas_out()
    draft = Draft(job.data, job.plan.id)
    draft.adopt(job.data.current, _files_to_adopt(job))
    valid = _valid_files(job)
    differences = Differences(draft.published_files, valid) if valid else None
    with Validator(job.data.data_docs, valid, differences) as validator:
        _extract(job, draft)
        loaded = loaded_by_year(draft.files)
        if not any(loaded.values()):
            return Outcome(ExitCode.NOTHING, job.published, changed=False, empty=True)
        falls = () if job.options.accept_fewer else find_falls(job.published, loaded)
        if falls:
            return Outcome(ExitCode.NOTHING, job.published, changed=False, falls=falls)
        digests = _digests(job.plan, draft)
        if digests and not draft.rename(combine(digests | {"plan": job.plan.id})) and job.published:
            return Outcome(ExitCode(job.published.exit_code), job.published, changed=False)  # as in the last run
        validator.submit_loaded(draft.files)
        with job.progress.stage("rollup"):
            written = partial(validator.submit_written, draft.files)
            summaries = roll_up(draft, job.data, *job.plan.years_to_roll_up(job.published), written)
        with job.progress.stage("validate"):
            validator.submit_all(draft.files)
            years = job.plan.years_to_roll_up(job.published)
            asserted = assert_tables(draft.files, *years, differences=differences)
            violations = validator.violations(asserted)
    if violations:
        return Outcome(ExitCode.NOTHING, job.published, changed=False, violations=tuple(violations))
    with job.progress.stage("publish"):
        record = _record(job, draft, digests, summaries)
        draft.seal(record)
        draft.publish()
    return Outcome(ExitCode(record.exit_code), record, changed=True, warnings=tuple(_warnings(asserted)))


def _warnings(asserted: Iterable[AssertionResult]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield a message per assertion that is not met and does not prevent publication."""
    for result in asserted:
        if not result.is_met:
            yield "run.asserted", {"name": result.name, "count": result.count}


def _files_to_adopt(job: Job) -> Iterator[str]:
    """Yield the files of the published snapshot that the new one shares."""
    published, plan = job.published, job.plan
    if published is None or published.extraction_fingerprint != plan.extraction_fingerprint:
        return
    changed, to_roll_up = plan.changed_years(published), plan.years_to_roll_up(published).changed
    for name in published.files:
        table, stem = table_of(name), stem_of(name)
        if table in REGISTERS:
            is_current = published.rollup_fingerprint == plan.rollup_fingerprint
        else:
            year = int(stem) if stem.isdigit() else None
            is_current = year in plan.partitions and year not in (changed if table in LOADED else to_roll_up)
        if is_current:
            yield name


def _valid_files(job: Job) -> Mapping[str, str]:
    """Return the files of the published snapshot if they were validated with the current suites, else none."""
    same_rules = job.published and job.published.rollup_fingerprint == job.plan.rollup_fingerprint
    return job.published.files if job.published and same_rules else {}


def _extract(job: Job, draft: Draft) -> None:
    """Write the loaded tables of the years that changed."""
    files = TableFiles(job.data.current)
    changed = [job.plan.partitions[year] for year in sorted(job.plan.changed_years(job.published))]
    reused = {partition.year: _reusable(job, files, partition) for partition in changed}
    to_read = [partition.without(reused[partition.year]) for partition in changed]
    count = sum(len(partition.entries) for partition in to_read)
    total = sum(len(partition.entries) for partition in job.plan.partitions.values())
    with (
        job.progress.stage("extract", count=count, kept=total - count),
        job.progress.reading(count) as done,
        _readers(job, count) as readers,
    ):
        for partition, tables in extract(to_read, job.data.root, readers, done):
            for table, rows in with_reused(files, partition.stem, reused[partition.year], tables):
                if rows.num_rows:
                    draft.write(table, partition.stem, rows)


def _reusable(job: Job, files: TableFiles, partition: Partition) -> set[str]:
    """Return the ids of the reports of a year whose published rows still hold."""
    if job.published is None or job.published.extraction_fingerprint != job.plan.extraction_fingerprint:
        return set()
    sources = [e.source for e in partition.entries if e.source.report_id not in partition.duplicates]
    return reusable_reports(files, partition.stem, sources, partition.decisions)


def _readers(job: Job, reports: int) -> AbstractContextManager[Readers]:
    if job.options.scheduler:
        return cluster_readers(job.options.scheduler)
    return local_readers(1 if reports <= FEW_REPORTS else job.options.workers or cores(), job.reader)


def _digests(plan: Plan, draft: Draft) -> dict[str, str]:
    """Return new digests for the years with reports whose bytes changed while they were read.

    They give the snapshot another id than the plan's. So the next run, which may find the planned bytes, reads again.
    """
    digests = {}
    for partition in plan.partitions.values():
        planned = {entry.source.report_id for entry in partition.entries if entry.fault is None}
        columns = ["report_id", "reason_code"]
        both = [draft.files.read(table, partition.stem, columns) for table in ("reports", "kind_reports")]
        reports = pa.concat_tables(both)
        suspects = reports.filter(pc.is_in(reports["reason_code"], pa.array(CHANGED_WHILE_READING))).to_pylist()
        if changed := [row for row in suspects if row["report_id"] in planned]:
            digests[partition.stem] = combine(
                {r["report_id"]: r["reason_code"] for r in changed} | {"": partition.digest}
            )
    return digests


def _record(job: Job, draft: Draft, digests: Mapping[str, str], summaries: Mapping[int, Mapping[str, int]]) -> Record:
    published = job.published
    reusable = {n: h for n, h in published.files.items() if n.endswith(".parquet")} if published else {}
    years: dict[str, YearRecord] = {}
    summary = Counter[str]()
    for year, partition in job.plan.partitions.items():
        before = published.years if published else {}
        counts = dict(summaries[year] if year in summaries else before[partition.stem]["summary"])
        years[partition.stem] = {"digest": digests.get(partition.stem, partition.digest), "summary": counts}
        summary.update(counts)
    exit_code = ExitCode.PROBLEMS if summary["quarantined"] or summary["errors"] else ExitCode.OK
    return Record(
        draft.id, job.plan.extraction_fingerprint, job.plan.rollup_fingerprint, draft.hashes(reusable), years,
        dict(summary), int(exit_code), rollup_fingerprint(),
    )  # fmt: skip
