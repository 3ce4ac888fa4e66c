"""`ogi add`: copy a report to `data/raw` and register it in the manifest."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pipeline.core.model import DataFault, Extraction
from pipeline.core.paths import Data
from pipeline.raw.file_state import sha256
from pipeline.raw.manifest import MANIFEST_COLUMNS, keep_replaced, update_manifest
from pipeline.registry.bodies import Body
from pipeline.registry.load import load_register
from pipeline.registry.lookup import find_candidates
from pipeline.report import read_report
from pipeline.runtime.child_process import Guard

T = TypeVar("T")


@dataclass(frozen=True)
class NewReport:
    """A report to add. `body` and `year` are needed only where the document itself does not give them."""

    file: Path
    source: str
    body: str | None = None
    year: int | None = None
    provenance: str = "published"
    replace: bool = False


@dataclass(frozen=True)
class AddedReport:
    """A report that was added: its path below `data/raw`, the name of its body, and its year."""

    report_id: str
    body: str
    year: int


def add_report(data: Data, new: NewReport) -> AddedReport:
    """Copy a report to `data/raw` and add its line to the manifest.

    Raises DataFault if the document cannot be read, its body or year stays unknown, or another file is in its place.
    """
    with Guard() as guard:
        extraction = guard.call(read_report, new.file, data.raw, True)
    name = new.body or _sure(extraction, extraction.body, "who.body", "add.body")
    year = new.year or _sure(extraction, extraction.year, "who.year", "add.year")
    body = _body(data, name, year)
    report_id = _copy(data, new, body, year)
    digest = sha256(data.raw / report_id)
    # A document that calls itself simulated is registered as simulated, whatever the user says.
    provenance = "simulated" if extraction.simulated else new.provenance
    fields = (report_id, body.name, body.region_code, body.level, str(year), provenance, new.source, digest)
    update_manifest(data.manifest, [dict(zip(MANIFEST_COLUMNS, fields, strict=True))])
    return AddedReport(report_id, body.name, year)


def _sure(extraction: Extraction, value: T | None, question: str, code: str) -> T:
    """Return a value that the document gives without a question. Raises DataFault with the candidates otherwise."""
    notes = [finding.note for finding in extraction.findings if finding.identity == question]
    if value is None or notes:
        raise DataFault(code, candidates=" | ".join(notes))
    return value


def _body(data: Data, name: str, year: int) -> Body:
    """Return the body that a name means. Raises DataFault if it is unknown, or may mean several bodies."""
    candidates = find_candidates(load_register(data.raw), name, year)
    if len(candidates) > 1:
        raise DataFault("add.body", candidates=" | ".join(body.name for body in candidates))
    if not candidates:
        raise DataFault("register.unknown", body=name)
    return candidates[0]


def _copy(data: Data, new: NewReport, body: Body, year: int) -> str:
    """Copy the file to its place, unless it is below `data/raw` already; return its path below that."""
    if new.file.resolve().is_relative_to(data.raw.resolve()):
        return new.file.resolve().relative_to(data.raw.resolve()).as_posix()
    suffix = new.file.suffix.lower()  # for people; the readers look at the bytes
    report_id = f"{year}/{body.body_id}{suffix if suffix[1:].isascii() and suffix[1:].isalnum() else ''}"
    target = data.raw / report_id
    if target.exists() and sha256(target) != sha256(new.file):
        if not new.replace:
            raise DataFault("add.exists", path=target)
        keep_replaced(data, report_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(new.file, target)
    return report_id
