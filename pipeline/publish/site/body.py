"""The reports of a body: every cell as printed with its page, what is wrong or asked, and where the report is from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from pipeline.core.form import Form, Table, forms
from pipeline.core.sentences import number, problems
from pipeline.publish.drawn_table import draw_table
from pipeline.publish.site.index import Group
from pipeline.publish.site.script import plain, records

REPORTS = """
    SELECT
        report_id, body_id, year, form, path, sha256, format, reader, provenance, source, status, reason_zh, reason_en
    FROM reports WHERE body_id IN (SELECT unnest($bodies)) ORDER BY body_id, year, report_id"""
CELLS = """
    SELECT report_id, list(concat("table", '/', "row", '/', "column")), list(raw), list(page), list(grid) FROM cells
    WHERE report_id IN (SELECT unnest($reports)) GROUP BY report_id"""
FIGURES = """
    SELECT report_id, "row", raw, CAST(value AS DOUBLE), approximate, scope, page FROM figures
    WHERE report_id IN (SELECT unnest($reports))
    ORDER BY report_id, paragraph, start, "end", "row", scope"""
FAILED = """
    SELECT * FROM findings WHERE status = 'fail' AND report_id IN (SELECT unnest($reports))
    ORDER BY report_id, identity, "place", note"""
PROPOSED = """
    SELECT * FROM proposals WHERE status = 'open' AND report_id IN (SELECT unnest($reports))
    ORDER BY report_id, anchor, cell"""
DERIVED = """
    SELECT report_id, cell, value FROM derived WHERE report_id IN (SELECT unnest($reports)) ORDER BY report_id, cell"""
DECIDED = """
    SELECT report_id, cell, decided_value, decided_by, reason FROM decisions
    WHERE status = 'applied' AND report_id IN (SELECT unnest($reports)) ORDER BY report_id, cell"""
TABLES = {
    "cells": CELLS, "figures": FIGURES, "failed": FAILED, "proposed": PROPOSED, "derived": DERIVED, "decided": DECIDED,
}  # fmt: skip
Parts = Mapping[str, Mapping[str, list[dict[str, Any]]]]


def bodies(connection: duckdb.DuckDBPyConnection, found: Sequence[Group]) -> dict[str, list[dict[str, Any]]]:
    """The reports of each body of these cities, by year."""
    wanted = [b for g in found for b in g.bodies]
    reports = records(connection, REPORTS, bodies=wanted)
    ids = [r["report_id"] for r in reports]
    parts = {name: _by_report(records(connection, sql, reports=ids)) for name, sql in TABLES.items()}
    by_body: dict[str, list[dict[str, Any]]] = {b: [] for b in wanted}
    for report in reports:
        by_body[report["body_id"]].append(_report(report, parts))
    return by_body


def _by_report(lines: Sequence[dict[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        found.setdefault(line["report_id"], []).append(line)
    return found


def _report(report: dict[str, Any], parts: Parts) -> dict[str, Any]:
    own = {name: lines.get(report["report_id"], []) for name, lines in parts.items()}
    form = forms().get(report["form"] or "")
    shown = {k: v for k, v in report.items() if k not in ("report_id", "body_id") and v is not None}
    if form:
        shown |= _cells(form, own["cells"])
    if own["figures"]:
        shown["figures"] = [_figure(f) for f in own["figures"]]
    if own["failed"] or own["proposed"]:
        shown |= _problems(report, own)
    marks = _marks(own)
    return shown | ({"marks": marks} if marks else {})


def _figure(figure: Mapping[str, Any]) -> list[Any]:
    _, row, raw, value, approximate, scope, page = figure.values()
    return [row, raw, plain(value), bool(approximate), scope, page]


def _cells(form: Form, lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The printed texts in the order of the form; null where the report has no such cell."""
    known: dict[str, tuple[Any, Any, Any]] = {}
    for _, addresses, raw, page, grid in (line.values() for line in lines):
        known |= dict(zip(addresses, zip(raw, page, grid, strict=True), strict=True))
    order = form.addresses(form.printed_tables)
    found = [known.get(a, (None, None, None)) for a in order]
    return {"raw": [f[0] for f in found], "pages": _runs([f[1] for f in found]), "grids": _runs([f[2] for f in found])}


def _runs(values: Sequence[Any]) -> list[list[Any]]:
    """Equal neighbours as [value, how many]: cells of one table share their page."""
    runs: list[list[Any]] = []
    for value in values:
        if runs and runs[-1][0] == value:
            runs[-1][1] += 1
        else:
            runs.append([value, 1])
    return runs


def _problems(report: Mapping[str, Any], own: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """What is wrong, and what the prose makes one ask, a sentence each in both languages."""
    told = [problems(own["proposed"], own["failed"], report["form"], lang) for lang in ("zh", "en")]
    prose = [f for f in own["failed"] if f["identity"].startswith("narrative.")]
    return {
        **{
            kind: list(zip(told[0][kind], told[1][kind], strict=True)) for kind in ("error", "warning") if told[0][kind]
        },
        "prose": [
            [f["identity"], f["place"], f["note"], *(number(f[side]) for side in ("lhs", "rhs", "difference"))]
            for f in prose
        ],
    }


def _marks(own: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    """The look of a cell and the note beside it: asked about, in doubt, wrong, derived, decided; the last holds."""
    marks: dict[str, list[str]] = {}
    told = {identity for p in own["proposed"] for identity in p["identities"]}
    for f in own["failed"]:
        if f"{f['identity']}@{f['place']}" not in told:
            look = "asked" if f["severity"] == "warning" else "doubted"
            marks |= {a: [look, ""] for a in [*f["cells"], f["place"]]}
    for p in own["proposed"]:
        named = [c.partition("=")[0] for a in p["alternatives"] for c in a.split("; ")] if p["implied"] is None else []
        marks |= {a: ["doubted", ""] for a in [p["cell"], *named]}
        marks |= {p["cell"]: ["wrong", number(p["implied"])]} if p["implied"] is not None else {}
    marks |= {d["cell"]: ["derived", number(d["value"])] for d in own["derived"]}
    return marks | {
        d["cell"]: ["decided", number(d["decided_value"]) if d["decided_value"] is not None else ""]
        for d in own["decided"]
    }


def form_page(form: Form) -> dict[str, Any]:
    """`data/form-<code>.js`: the tables as printed, each place [text, rowspan, colspan, number of the cell or -1]."""
    order = form.addresses(form.printed_tables)
    at = {a: i for i, a in enumerate(order)}
    prose = next(t for t in form.tables.values() if t.layout == "prose")
    return {
        "zh": form.zh,
        "en": form.en,
        "source": form.source,
        "addresses": order,
        "labels": [[form.label(a, "zh"), form.label(a, "en")] for a in order],
        "prose": {r: [label.zh, label.en, label.unit] for r, label in prose.rows.items()},
        "tables": [{"zh": t.zh, "en": t.en, "lines": _lines(t, at)} for t in form.printed_tables],
    }


def _lines(table: Table, at: Mapping[str, int]) -> list[list[list[Any]]]:
    return [[[p.text, p.rowspan, p.colspan, at.get(p.address, -1)] for p in line] for line in draw_table(table, {})]
