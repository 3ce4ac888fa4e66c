"""Trace: a published number down to members, reports, cells and printed text; a cell up to the numbers it enters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from pipeline.storage.database import rows

Row = dict[str, Any]

OWN = """
    SELECT o.*, b.name AS body, r.path, r.form, CAST(NULL AS VARCHAR) AS note FROM observations AS o
    INNER JOIN bodies AS b ON b.body_id = o.body_id INNER JOIN reports AS r ON r.report_id = o.report_id
    WHERE o.body_id = $body AND o.year = $year AND o.indicator = $indicator AND o.applicant = $applicant"""
MEMBERS = """
    SELECT
        c.body_id, c.body, c.status, c.note, o.value, o.unit, o.obs_status, o.provenance, o.report_id, o.cell, r.path,
        r.form
    FROM coverage AS c
    LEFT JOIN observations AS o
        ON o.body_id = c.body_id AND o.year = c.year AND o.indicator = $indicator AND o.applicant = $applicant
    LEFT JOIN reports AS r ON r.report_id = c.report_id
    WHERE c.city_id = $body AND c.year = $year ORDER BY c.body_id"""
COMPILED = """
    SELECT * FROM city_year
    WHERE body_id = $body AND year = $year AND indicator = $indicator AND applicant = $applicant"""
GROWTH = """
    SELECT * FROM growth WHERE body_id = $body AND year = $year AND indicator = $indicator AND applicant = $applicant
    ORDER BY basis"""
CELLS = """
    SELECT
        c.report_id, concat(c."table", '/', c."row", '/', c."column") AS cell, c.raw, c.value, c.kind, c.unit, c.page,
        c.grid, c.grid_row, c.grid_column, c.confidence, e.value AS published,
        d.value IS NOT NULL AS derived, x.operation AS decision, x.decided_by, x.reason
    FROM cells AS c
    INNER JOIN edited AS e
        ON e.report_id = c.report_id AND e."table" = c."table" AND e."row" = c."row" AND e."column" = c."column"
    LEFT JOIN derived AS d
        ON d.report_id = c.report_id AND d.cell = concat(c."table", '/', c."row", '/', c."column")
    LEFT JOIN decisions AS x
        ON x.report_id = c.report_id AND x.cell = concat(c."table", '/', c."row", '/', c."column")
        AND x.status = 'applied'
    WHERE list_contains($reports, c.report_id)
        AND list_contains($cells, concat(c."table", '/', c."row", '/', c."column"))
    UNION ALL
    SELECT
        f.report_id, concat('narrative/', f."row", '/value'), f.raw, f.value, 'number', NULL, f.page, NULL, NULL, NULL,
        NULL, f.value, FALSE, NULL, NULL, NULL
    FROM figures AS f
    WHERE f.scope = 'whole' AND list_contains($reports, f.report_id)
        AND list_contains($cells, concat('narrative/', f."row", '/value'))
    UNION ALL
    SELECT
        d.report_id, d.cell, NULL, NULL, 'blank', d.unit, NULL, NULL, NULL, NULL, NULL, d.value, TRUE, NULL, NULL, NULL
    FROM derived AS d
    LEFT JOIN cells AS c
        ON c.report_id = d.report_id AND d.cell = concat(c."table", '/', c."row", '/', c."column")
    WHERE c.report_id IS NULL AND list_contains($reports, d.report_id) AND list_contains($cells, d.cell)"""
ENTERED = """
    SELECT o.* FROM observations AS o
    WHERE o.report_id = $report AND list_contains(string_split(o.cell, '+'), $cell) ORDER BY o.indicator"""
SUMMED = """
    SELECT c.*, 'compiled' AS basis FROM city_year AS c
    INNER JOIN coverage AS m ON m.city_id = c.body_id AND m.year = c.year AND m.status = 'loaded'
    WHERE m.body_id = $body AND c.year = $year AND c.indicator = $indicator AND c.applicant = $applicant
        AND c.compiled IS NOT NULL
    UNION ALL
    SELECT c.*, 'reported' FROM city_year AS c
    WHERE c.body_id = $body AND c.year = $year AND c.indicator = $indicator AND c.applicant = $applicant
        AND c.reported IS NOT NULL"""
RATED = """
    SELECT DISTINCT r.body_id, r.basis, r.year, r.rate, t.zh, t.en, r.percent FROM rates AS r
    INNER JOIN rate_terms AS t ON t.rate = r.rate
    WHERE t.indicator = $indicator AND r.year = $year AND r.body_id = $body AND r.basis = $basis
    ORDER BY r.rate"""


def down(connection: duckdb.DuckDBPyConnection, body: str, year: int, indicator: str, applicant: str) -> Row:
    """All that stands behind the figures of one body: `reported` (its own report's cells), `compiled` (its members',
    each with report and cells; those missing too) and `growth`. Parts that do not exist are None or empty.
    """
    place: Row = {"body": body, "year": year, "indicator": indicator, "applicant": applicant}
    own = rows(connection, OWN, place)
    compiled = rows(connection, COMPILED, place)
    members = rows(connection, MEMBERS, place) if compiled and compiled[0]["compiled"] is not None else []
    cells = _cells(connection, [*own, *members])
    return {
        **place,
        "reported": _with_cells(own[0], cells) if own else None,
        "compiled": {**compiled[0], "members": [_with_cells(m, cells) for m in members]} if members else None,
        "growth": rows(connection, GROWTH, place),
    }


def up(connection: duckdb.DuckDBPyConnection, report: str, cell: str) -> list[Row]:
    """The numbers that a cell enters: each observation with the sums, growths and rates that rest on it."""
    found = rows(connection, ENTERED, {"report": report, "cell": cell})
    return [{**o, "enters": _above(connection, o)} for o in found]


def _above(connection: duckdb.DuckDBPyConnection, observation: Row) -> list[Row]:
    keys = ("body_id", "year", "indicator", "applicant")
    body, year, indicator, applicant = (observation[k] for k in keys)
    place: Row = {"body": body, "year": year, "indicator": indicator, "applicant": applicant}
    sums = rows(connection, SUMMED, place)
    entered: list[Row] = [{"table": "city_year", **_kept(s, (*keys, "basis")), "value": s[s["basis"]]} for s in sums]
    for basis, owner in (("reported", body), *(("compiled", s["body_id"]) for s in sums if s["basis"] == "compiled")):
        at = {**place, "body": owner}
        entered += [
            {"table": "growth", **_kept(g, (*keys, "basis", "value", "prior", "growth_percent"))}
            for y in (year, year + 1)
            for g in rows(connection, GROWTH, {**at, "year": y})
            if g["basis"] == basis and (y == year or g["prior"] is not None)
        ]
        if applicant == "total":
            rated = rows(connection, RATED, {k: v for k, v in at.items() if k != "applicant"} | {"basis": basis})
            entered += [{"table": "rates", **r} for r in rated]
    return entered


def _kept(row: Row, names: Sequence[str]) -> Row:
    return {n: row[n] for n in names}


def _cells(connection: duckdb.DuckDBPyConnection, observations: Iterable[Row]) -> Mapping[tuple[str, str], list[Row]]:
    """The cells of these observations, by report and address."""
    named = [o for o in observations if o["cell"]]
    wanted = {
        "reports": sorted({o["report_id"] for o in named}),
        "cells": sorted({a for o in named for a in o["cell"].split("+")}),
    }
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows(connection, CELLS, wanted) if named else ():
        found.setdefault((row["report_id"], row["cell"]), []).append(row)
    return found


def _with_cells(observation: Row, cells: Mapping[tuple[str, str], list[Row]]) -> Row:
    addresses = observation["cell"].split("+") if observation["cell"] else []
    return {**observation, "cells": [c for a in addresses for c in cells.get((observation["report_id"], a), [])]}
