"""Check: one report through all tests before it is submitted, without writing any data. The other place, beside `run`,
that joins the stages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.core.model import DataFault, Extraction, Finding, Source
from pipeline.core.paths import Data
from pipeline.registry.load import Body, load_register
from pipeline.report import Intake, about_source, confront_all, read_report
from pipeline.rollup import compare
from pipeline.runtime.child_process import Guard
from pipeline.storage import load
from pipeline.storage.partition import Part


def check(paths: Sequence[Path], data: Data) -> list[Intake]:
    """Each file as a report with all findings, proposals and derived values; one that cannot be read has its fault.

    Years, members and prose are compared with each other and with what `data` has published, if there is any.
    """
    with Guard() as guard:
        intakes = [_taken(guard, path, number, data.raw) for number, path in enumerate(paths)]
    confront_all(intakes)
    read_ones = [i for i in intakes if i.fault is None]
    if read_ones:
        compared = compare(_with_neighbours(load.tables_of(read_ones), data), load_register(data.raw))
        by_report = _by_report(compared)
        for intake in read_ones:
            intake.findings += [_finding(row) for row in by_report.get(intake.source.report_id, ())]
    return intakes


def _taken(guard: Guard, path: Path, number: int, raw: Path) -> Intake:
    try:
        extraction = guard.call(read_report, path, raw, True)
    except DataFault as fault:
        return Intake(_source(path, number, None, None), fault=fault)
    body = load_register(raw).find(extraction.body) if extraction.body else None
    intake = Intake(_source(path, number, extraction, body), body, extraction)
    intake.findings = [*extraction.findings, *(about_source(intake) if extraction.year is not None else ())]
    intake.edit(())
    return intake


def _source(path: Path, number: int, taken: Extraction | None, body: Body | None) -> Source:
    """A file that is in no manifest: it is what it says it is."""
    return Source(
        report_id=f"{number:04} {path.name}",
        path=str(path),
        body=(taken.body if taken else None) or "",
        region_code=body.region_code if body else "",
        level=body.level if body else "",
        year=(taken.year if taken else None) or 0,
        provenance="simulated" if taken and taken.simulated else "published",
        source="",
        recorded_sha256="",
        sha256="",
    )


def _with_neighbours(tables: load.Tables, data: Data) -> load.Tables:
    """The tables, with the published reports that they are compared with: the year before, and a city's members."""
    reports = [r for r in tables["reports"].to_pylist() if r["body_id"] and r["year"]]
    wanted = [(r["body_id"], r["year"]) for r in reports]
    parts = {Part(r["year"], r["region_code"][:2]) for r in reports}
    found = [tables]
    for part in sorted(parts | {part.before for part in parts}):
        published = load.read_part(data.current, part)
        if published is None:
            continue
        kept = [
            r["report_id"]
            for r in published["reports"].to_pylist()
            if (r["body_id"], part.year) not in wanted
            and ((r["body_id"], part.year + 1) in wanted or (r["parent"], part.year) in wanted)
        ]
        found.append(load.of_reports(published, kept))
    return load.together(found)


def _by_report(compared: pa.Table) -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in compared.to_pylist():
        found.setdefault(row["report_id"], []).append(row)
    return found


def _finding(row: Mapping[str, Any]) -> Finding:
    names = ("identity", "place", "status", "severity", "lhs", "rhs")
    return Finding(**{n: row[n] for n in names}, cells=tuple(row["cells"]), note=row["note"])
