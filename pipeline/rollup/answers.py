"""The answers of people to findings, matched when the findings of all checks are known.

A number of another report may have changed, so each roll-up matches the answers of its years again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from pipeline.core.decisions import Decision
from pipeline.core.model import Finding
from pipeline.edit.match_answers import (
    ANSWER_COLUMNS,
    failed_by_name,
    make_answer_finding,
    match_answers,
    quote_findings,
    state_of,
)
from pipeline.storage.database import Row, rows
from pipeline.storage.schema import schema

_NAME = """concat(f.identity, '@', f."place")"""
_DECISIONS = """
    SELECT d.*, r.provenance
    FROM decisions AS d
    INNER JOIN reports AS r ON r.report_id = d.report_id
    WHERE d.operation IN ('confirm', 'return')
    ORDER BY d.report_id, d.cell"""
_TEXTS = """
    SELECT c.report_id, concat(c."table", '/', c."row", '/', c."column") AS cell, c.raw
    FROM cells AS c
    WHERE c.report_id IN (SELECT report_id FROM decisions WHERE operation IN ('confirm', 'return'))"""
_ANSWERS = pa.schema([(name, pa.string()) for name in ("report_id", "cell", "status", *ANSWER_COLUMNS)])
DECISIONS_WITH_STATUS = """
    SELECT d.* REPLACE (coalesce(a.status, d.status) AS status)
    FROM decisions AS d
    LEFT JOIN matched_answers AS a ON a.report_id = d.report_id AND a.cell = d.cell"""


def match_all_answers(connection: duckdb.DuckDBPyConnection, findings: str) -> None:
    """Match the answers in the view `decisions` with the rows of the statement `findings`.

    Two temporary tables are the result: `matched_answers` with one row per answer, and `answer_findings` with one
    finding per answer that is not applied.
    """
    answers = [(_decision(row), row["provenance"]) for row in rows(connection, _DECISIONS)]
    by_report = _findings_by_report(connection, findings) if answers else {}
    texts = _texts_by_report(connection) if answers else {}
    matched: list[Row] = []
    reported: list[Row] = []
    for answer, provenance in answers:
        own, printed = by_report.get(answer.report_id or "", []), texts.get(answer.report_id or "", {})
        (answer,) = match_answers([answer], own, printed)
        matched.append(_answer_row(answer))
        if answer.status != "applied":
            quote = quote_findings(failed_by_name(own).get(answer.cell, ()), printed)
            reported.append(_finding_row(answer, quote, provenance))
    _create(connection, "matched_answers", matched, _ANSWERS)
    _create(connection, "answer_findings", reported, schema("findings"))


def with_answers(findings: str) -> str:
    """Return a statement for findings with the columns of their answers, and for the findings about answers."""
    answered = ", ".join(f"CASE WHEN f.status = 'fail' THEN a.{name} END AS {name}" for name in ANSWER_COLUMNS)
    return f"""
        SELECT f.* REPLACE ({answered})
        FROM ({findings}) AS f
        LEFT JOIN matched_answers AS a ON a.report_id = f.report_id AND a.cell = {_NAME}
        UNION ALL
        SELECT * FROM answer_findings"""


def _findings_by_report(connection: duckdb.DuckDBPyConnection, findings: str) -> Mapping[str, list[Finding]]:
    """Return the answered findings by report."""
    named = f"""
        SELECT f.* FROM ({findings}) AS f
        SEMI JOIN ({_DECISIONS}) AS d ON d.report_id = f.report_id AND d.cell = {_NAME}"""
    by_report: dict[str, list[Finding]] = {}
    for row in rows(connection, named):
        by_report.setdefault(row["report_id"], []).append(finding_of(row))
    return by_report


def _texts_by_report(connection: duckdb.DuckDBPyConnection) -> Mapping[str, dict[str, str]]:
    by_report: dict[str, dict[str, str]] = {}
    for row in rows(connection, _TEXTS):
        by_report.setdefault(row["report_id"], {})[row["cell"]] = row["raw"]
    return by_report


def finding_of(row: Row) -> Finding:
    """Return a row of table `findings` as a finding, without its answer."""
    names = ("identity", "place", "status", "severity", "lhs", "rhs", "note")
    return Finding(**{name: row[name] for name in names}, cells=tuple(row["cells"]))


def _decision(row: Row) -> Decision:
    return Decision(**{name: row[name] for name in Decision.__dataclass_fields__})


def _answer_row(answer: Decision) -> Row:
    values = (answer.report_id, answer.cell, answer.status, state_of(answer))
    return dict(zip(_ANSWERS.names, (*values, answer.reason, answer.evidence, answer.decided_by), strict=True))


def _finding_row(answer: Decision, quote: str, provenance: str) -> Row:
    finding = make_answer_finding(answer, quote)
    columns = {name: getattr(finding, name) for name in finding.__dataclass_fields__}
    report = {"report_id": answer.report_id, "provenance": provenance, "difference": None}
    return columns | report | dict.fromkeys(ANSWER_COLUMNS)


def _create(connection: duckdb.DuckDBPyConnection, name: str, lines: Sequence[Row], columns: pa.Schema) -> None:
    """Create a temporary table from rows."""
    table = pa.Table.from_pylist(list(lines), columns)
    connection.register("new_rows", table)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM new_rows")
    connection.unregister("new_rows")
