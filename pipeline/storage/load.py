"""Load: turn processed reports into rows of the loaded tables, and reuse the rows of unchanged reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.core.decisions import COLUMNS as DECISION_COLUMNS
from pipeline.core.decisions import Decision, with_part
from pipeline.core.kind import report_part
from pipeline.core.messages import say
from pipeline.core.model import ANNUAL_REPORT, Cell, Finding, ProseCell, Source, WebOrigin
from pipeline.edit.match_answers import answer_columns
from pipeline.report import ProcessedReport
from pipeline.storage.dictionary import LOADED, OF_KINDS
from pipeline.storage.partition import TableFiles
from pipeline.storage.schema import table_from_rows

# The facts about a report that decide its rows, besides the code and the decisions.
SOURCE_COLUMNS = (
    "report_id", "body", "region_code", "level", "year", "sha256", "recorded_sha256", "provenance", "source",
)  # fmt: skip

KIND_COLUMNS = ("kind", "quarter", "subject")  # None for an annual report

Tables = dict[str, pa.Table]


def tables_of(reports: Sequence[ProcessedReport]) -> Tables:
    """Return the rows of the loaded tables for these reports. A quarantined report has a row in `reports` only."""
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in LOADED}
    for report in reports:
        of = OF_KINDS if report.kind or report.source.kind != ANNUAL_REPORT else ""
        rows[f"{of}reports"].append(_report_row(report))
        if report.fault is None and report.extraction:
            base = {"report_id": report.source.report_id, "provenance": report.source.provenance}
            figures, answers = report.extraction.figures, report.answers
            rows[f"{of}cells"] += [base | (_kind_cell(c) if of else _fields(c)) for c in report.extraction.cells]
            rows["figures"] += [base | _fields(f) | {"named_body": f.named_body or None} for f in figures]
            rows[f"{of}findings"] += [base | _finding_row(f, answers) for f in dict.fromkeys(report.findings)]
            rows[f"{of}derived"] += [base | _fields(d) for d in report.derived]
            rows[f"{of}proposals"] += [base | _fields(p) for p in report.proposals]
            rows[f"{of}decisions"] += [_fields(d) | {"cell": _decided_place(report, d)} for d in report.decisions]
            rows[f"{OF_KINDS}entries"] += [base | _fields(e) for e in report.extraction.entries]
    return {table: table_from_rows(table, lines) for table, lines in rows.items()}


def _kind_cell(cell: Cell) -> dict[str, Any]:
    """Return a cell of another kind of report; one of the prose has no table, but offsets."""
    if isinstance(cell, ProseCell):
        return _fields(cell) | {"grid": None}
    return _fields(cell) | {"start": None, "end": None}


def _decided_place(report: ProcessedReport, decision: Decision) -> str:
    """Return the cell or finding of a decision as `decisions.csv` has it."""
    source = report.source
    return with_part(report_part(source.kind, source.quarter, source.subject), decision.cell)


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
        "kind": None if fault and fault.code == "kind.unknown" else source.kind,
        "quarter": source.quarter or None,
        "subject": source.subject or None,
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


def _kind_facts(source: Source) -> tuple[Any, ...]:
    """Return what a row of `KIND_COLUMNS` has, all None for an annual report."""
    is_annual = source.kind == ANNUAL_REPORT
    return (None, None, None) if is_annual else (source.kind, source.quarter or None, source.subject or None)


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
    current = {(*_facts(source), *_kind_facts(source)) for source in sources}
    facts = (*SOURCE_COLUMNS, *WebOrigin._fields)
    all_facts = (*facts, *KIND_COLUMNS)
    kept = ("reports", facts), (f"{OF_KINDS}reports", (*facts, *KIND_COLUMNS))
    tables = [files.read(table, stem, [*columns, "body_id", "status"]) for table, columns in kept]
    rows = [row for t in tables for row in t.filter(pc.not_equal(t["status"], "quarantined")).to_pylist()]
    decided = [row for of in ("", OF_KINDS) for row in files.read(f"{of}decisions", stem).to_pylist()]
    changed = _bodies_with_other_decisions(decided, decisions)
    return {
        row["report_id"]
        for row in rows
        if row["body_id"] not in changed and tuple(row.get(name) for name in all_facts) in current
    }


def _bodies_with_other_decisions(rows: Iterable[dict[str, Any]], decisions: Iterable[Decision]) -> set[str]:
    before = {tuple(row[name] for name in DECISION_COLUMNS) for row in rows}
    now = {tuple(getattr(decision, name) for name in DECISION_COLUMNS) for decision in decisions}
    return {decision[0] for decision in before ^ now}


def rows_of_reports(tables: Tables, report_ids: Iterable[str]) -> Tables:
    """Return the rows that belong to these reports."""
    ids = pa.array(sorted(report_ids), pa.string())
    return {table: rows.filter(pc.is_in(rows["report_id"], ids)) for table, rows in tables.items()}


def concatenate(parts: Sequence[Tables]) -> Tables:
    """Return the rows of all parts."""
    return {table: pa.concat_tables([part[table] for part in parts]) for table in LOADED}
