"""Validate the snapshot in a folder: its files, its suites and the assertions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.storage.dictionary import dictionary
from pipeline.storage.fingerprint import rollup_fingerprint
from pipeline.storage.partition import TableFiles
from pipeline.storage.snapshot import Record, changed_files, file_hashes
from pipeline.validate.assertions import assertions
from pipeline.validate.gate import validate
from pipeline.validate.results import AssertionResult
from pipeline.validate.staged import assert_tables
from pipeline.validate.worker import Violation


@dataclass(frozen=True)
class SnapshotCheck:
    """The outcome: files that differ from the record, violations, warnings, and what was tested.

    `is_other_version` says that another version of ogi built the snapshot.
    """

    damaged: Sequence[str]
    violations: Sequence[Violation]
    warnings: Sequence[AssertionResult]
    files: int
    tables: int
    assertions: int
    is_other_version: bool

    @property
    def is_valid(self) -> bool:
        """Whether no file is damaged and no rule violated."""
        return not self.damaged and not self.violations


def check_snapshot(folder: Path, record: Record) -> SnapshotCheck:
    """Validate all tables of the snapshot in a folder. The pages of Great Expectations are not kept."""
    other_version = record.rules != rollup_fingerprint()
    files = TableFiles(folder)
    years = [int(stem) for stem in files.names("reports") if stem.isdigit()]
    tested = [a for a in assertions() if not (other_version and a.compares_with_program)]
    asserted = assert_tables(files, years, chosen=tested)
    with TemporaryDirectory() as docs:
        violations = validate(folder, Path(docs), asserted)
    damaged = [*changed_files(folder, record), *sorted(file_hashes(folder, record.files).keys() - record.files.keys())]
    warnings = [result for result in asserted if not result.is_met and result.severity == "warning"]
    return SnapshotCheck(
        damaged, violations, warnings, len(record.files), len(dictionary()), len(asserted), other_version
    )
