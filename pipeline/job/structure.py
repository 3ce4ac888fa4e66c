"""Audit the structure of report files, each in a child process, because a file may be hostile."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.core.model import DataFault, Finding
from pipeline.extract import extract
from pipeline.job.structure_rules import audit_structure
from pipeline.read import read
from pipeline.registry.load import load_register
from pipeline.runtime.child_process import Guard, kept_child


def audit_files(paths: Sequence[Path], raw: Path) -> list[tuple[Finding, ...]]:
    """Return the findings `structure.*` of each file; none for a file that cannot be read."""
    with kept_child() as reader:
        return [_audit(reader, path, raw) for path in paths]


def _audit(reader: Guard, path: Path, raw: Path) -> tuple[Finding, ...]:
    try:
        findings: tuple[Finding, ...] = reader.call(audit_file, path, raw)
    except DataFault:
        return ()
    return findings


def audit_file(path: Path, raw: Path) -> tuple[Finding, ...]:
    """Read a file and audit its structure. Raises DataFault."""
    document = read(path)
    return audit_structure(document, extract(document, load_register(raw), path.resolve()))
