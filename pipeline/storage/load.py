"""Load: turn processed reports into rows of the loaded tables, and reuse the rows of unchanged reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.core.decisions import COLUMNS as DECISION_COLUMNS
from pipeline.core.decisions import Decision
from pipeline.core.messages import say
from pipeline.core.model import Finding, Source, WebOrigin
from pipeline.edit.match_answers import answer_columns
from pipeline.report import ProcessedReport
from pipeline.storage.dictionary import LOADED
from pipeline.storage.partition import TableFiles
from pipeline.storage.schema import table_from_rows

# The facts about a report that decide its rows, besides the code and the decisions.
SOURCE_COLUMNS = (
    "report_id", "body", "region_code", "level", "year", "sha256", "recorded_sha256", "provenance", "source",
)  # fmt: skip

Tables = dict[str, pa.Table]


def tables_of(reports: Sequence[ProcessedReport]) -> Tables:
    """Return the rows of the loaded tables for these reports. A quarantined report has a row in `reports` only."""
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in LOADED}
    for report in reports:
        rows["reports"].append(_report_row(report))
        if report.fault is None and report.extraction:
            base = {"report_id": report.source.report_id, "provenance": report.source.provenance}
            figures, answers = report.extraction.figures, report.answers
            rows["cells"] += [base | _fields(c) for c in report.extraction.cells]
            rows["figures"] += [base | _fields(f) | {"named_body": f.named_body or None} for f in figures]
            rows["findings"] += [base | _finding_row(f, answers) for f in dict.fromkeys(report.findings)]
            rows["derived"] += [base | _fields(d) for d in report.derived]
            rows["proposals"] += [base | _fields(p) for p in report.proposals]
            rows["decisions"] += [_fields(d) for d in report.decisions]
    return {table: table_from_rows(table, lines) for table, lines in rows.items()}


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def _finding_row(finding: Finding, answers: Mapping[str, Decision]) -> dict[str, Any]:
    sides = finding.lhs, finding.rhs
    difference = None if None in sides else finding.lhs - finding.rhs  # type: ignore[operator]
    return _fields(finding) | answer_columns(finding, answers) | {"difference": difference}


def _report_row(report: ProcessedReport) -> dict[str, Any]:
    source, fault, extraction, body = report.source, report.fault, report.extraction, report.body
    return {
        **dict(zip((*SOURCE_COLUMNS, *WebOrigin._fields), _facts(source), strict=True)),
        "report_id": source.report_id,
        "path": source.path,
        "body_id": body.body_id if body else None,
        "parent": body.parent or None if body else None,
        "form": extraction.form if extraction and not fault else None,
        "format": extraction.format if extraction else None,
        "reader": extraction.reader if extraction else None,
        "status": report.status,
        "reason_code": fault.code if fault else None,
        "reason_zh": say(fault.code, "zh", **fault.values) if fault else None,
        "reason_en": say(fault.code, "en", **fault.values) if fault else None,
    }


def _facts(source: Source) -> tuple[Any, ...]:
    """Return the facts of a source as the table has them, in the order of `SOURCE_COLUMNS` and of a web origin."""
    url, *days, supersedes = source.web
    dates = (date.fromisoformat(day) if day else None for day in days)
    return (*(getattr(source, name) or None for name in SOURCE_COLUMNS), url or None, *dates, supersedes or None)


def read_tables(files: TableFiles, stem: str) -> Tables:
    """Return the loaded tables of a year from the files of a snapshot; a table without a file has no rows."""
    return {table: files.read(table, stem) for table in LOADED}


def reusable_reports(
    files: TableFiles, stem: str, sources: Iterable[Source], decisions: Iterable[Decision]
) -> set[str]:
    """Return the ids of the reports whose rows in the files of a year are still valid.

    Such a report was not quarantined, and its manifest line, its bytes and the decisions on its body are unchanged. The
    caller leaves out reports that share body and year with another.
    """
    current = {_facts(source) for source in sources}
    facts = (*SOURCE_COLUMNS, *WebOrigin._fields)
    reports = files.read("reports", stem, [*facts, "body_id", "status"])
    rows = reports.filter(pc.not_equal(reports["status"], "quarantined")).to_pylist()
    changed = _bodies_with_other_decisions(files.read("decisions", stem), decisions)
    return {
        row["report_id"]
        for row in rows
        if row["body_id"] not in changed and tuple(row[name] for name in facts) in current
    }


def _bodies_with_other_decisions(rows: pa.Table, decisions: Iterable[Decision]) -> set[str]:
    before = {tuple(row[name] for name in DECISION_COLUMNS) for row in rows.to_pylist()}
    now = {tuple(getattr(decision, name) for name in DECISION_COLUMNS) for decision in decisions}
    return {decision[0] for decision in before ^ now}


def rows_of_reports(tables: Tables, report_ids: Iterable[str]) -> Tables:
    """Return the rows that belong to these reports."""
    ids = pa.array(sorted(report_ids), pa.string())
    return {table: rows.filter(pc.is_in(rows["report_id"], ids)) for table, rows in tables.items()}


def concatenate(parts: Sequence[Tables]) -> Tables:
    """Return the rows of all parts."""
    return {table: pa.concat_tables([part[table] for part in parts]) for table in LOADED}
