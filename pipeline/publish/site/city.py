"""The figures of a city and its bodies: every indicator and rate by year, compiled beside reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from pipeline.publish.site.index import Group
from pipeline.publish.site.script import aligned, codes, fetch, numbers

PROVENANCE = {"simulated": "s", "transcribed": "t", "published": "p", "mixed": "m"}
STATUS = {"loaded": "l", "quarantined": "q", "absent": "a"}
PRIOR = {"same": "s", "predecessors": "p", "new": "n", "split": "x", "missing": "-", "members_differ": "d"}
AGREES = {"equal": "e", "differs": "d", "members_missing": "m", "not_reported": "r", "not_compiled": "c"}
OBSERVED = {c: c for c in "AIEML"}

SERIES = """
    SELECT
        o.body_id, i.position, list(o.year ORDER BY o.year), list(CAST(o.value AS DOUBLE) ORDER BY o.year),
        list(o.obs_status ORDER BY o.year)
    FROM observations AS o INNER JOIN indicators AS i ON i.indicator = o.indicator
    WHERE o.applicant = 'total' AND o.body_id IN (SELECT unnest($bodies)) GROUP BY ALL ORDER BY ALL"""
COMPILED = """
    SELECT
        c.body_id, i.position, list(c.year ORDER BY c.year), list(CAST(c.compiled AS DOUBLE) ORDER BY c.year),
        list(c.compiled_provenance ORDER BY c.year), list(c.members_counted ORDER BY c.year),
        list(c.status ORDER BY c.year)
    FROM city_year AS c INNER JOIN indicators AS i ON i.indicator = c.indicator
    WHERE c.applicant = 'total' AND c.body_id IN (SELECT unnest($bodies)) GROUP BY ALL ORDER BY ALL"""
GROWTH = """
    SELECT
        g.body_id, g.basis, i.position, list(g.year ORDER BY g.year),
        list(CAST(g.growth_percent AS DOUBLE) ORDER BY g.year), list(g.prior_basis ORDER BY g.year)
    FROM growth AS g INNER JOIN indicators AS i ON i.indicator = g.indicator
    WHERE g.applicant = 'total' AND g.prior_basis != 'missing' AND g.body_id IN (SELECT unnest($bodies))
    GROUP BY ALL ORDER BY ALL"""
RATES = """
    SELECT
        body_id, basis, rate, list(year ORDER BY year), list(CAST(percent AS DOUBLE) ORDER BY year),
        list(CAST(numerator AS DOUBLE) ORDER BY year), list(CAST(denominator AS DOUBLE) ORDER BY year),
        list(provenance ORDER BY year)
    FROM rates WHERE body_id IN (SELECT unnest($bodies)) GROUP BY ALL ORDER BY ALL"""
REPORTS = """
    SELECT
        body_id, list(year ORDER BY year), list(status ORDER BY year), list(form ORDER BY year),
        list(provenance ORDER BY year)
    FROM (SELECT DISTINCT ON (body_id, year) * FROM reports ORDER BY body_id, year, status, report_id)
    WHERE body_id IN (SELECT unnest($bodies)) GROUP BY body_id ORDER BY body_id"""
COVERAGE = """
    SELECT body_id, list(year ORDER BY year), list(status ORDER BY year), list(note ORDER BY year) FROM coverage
    WHERE body_id IN (SELECT unnest($bodies)) GROUP BY body_id ORDER BY body_id"""


def cities(connection: duckdb.DuckDBPyConnection, found: Sequence[Group]) -> list[dict[str, Any]]:
    """`data/c<position>.js` of these cities."""
    bodies = [b for g in found for b in g.bodies]
    tables = {
        name: _by_body(fetch(connection, sql, bodies=bodies))
        for name, sql in (
            ("series", SERIES), ("compiled", COMPILED), ("growth", GROWTH), ("rates", RATES), ("reports", REPORTS),
            ("coverage", COVERAGE),
        )
    }  # fmt: skip
    return [_city(g, tables) for g in found]


Lines = Mapping[str, list[tuple[Any, ...]]]


def _by_body(lines: Sequence[tuple[Any, ...]]) -> Lines:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for body, *rest in lines:
        found.setdefault(body, []).append(tuple(rest))
    return found


def _city(group: Group, tables: Mapping[str, Lines]) -> dict[str, Any]:
    years = group.years
    growth = {b: _growth(years, tables["growth"].get(b, ())) for b in group.bodies}
    return {
        "id": group.city,
        "years": years,
        "bodies": {b: _body(years, b, tables) for b in group.bodies},
        "series": {b: _series(years, tables["series"][b], growth[b]) for b in group.bodies if b in tables["series"]},
        "compiled": _compiled(years, tables["compiled"].get(group.city, ()), growth[group.city]),
        "rates": {b: _rates(years, tables["rates"][b]) for b in group.bodies if b in tables["rates"]},
    }


def _body(years: Sequence[int], body: str, tables: Mapping[str, Lines]) -> dict[str, Any]:
    """How the body reported: status, form and provenance by year, and what became of it."""
    known: dict[str, Any] = {"status": "-" * len(years), "forms": [None] * len(years), "prov": "-" * len(years)}
    for own, status, form, provenance in tables["reports"].get(body, ()):
        known["status"] = codes(years, own, status, STATUS)
        known["forms"] = aligned(years, own, form)
        known["prov"] = codes(years, own, provenance, PROVENANCE)
    for own, status, note in tables["coverage"].get(body, ()):
        known["status"] = codes(years, own, status, STATUS)
        notes = {y: n for y, n in zip(own, note, strict=True) if n}
        known |= {"notes": notes} if notes else {}
    return known


def _growth(years: Sequence[int], lines: Sequence[tuple[Any, ...]]) -> dict[tuple[str, int], dict[str, Any]]:
    return {
        (basis, position): {"g": numbers(years, own, percent), "b": codes(years, own, prior, PRIOR)}
        for basis, position, own, percent, prior in lines
    }


def _series(years: Sequence[int], lines: Sequence[tuple[Any, ...]], growth: Mapping[Any, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for position, own, values, status in lines:
        one: dict[str, Any] = {"v": numbers(years, own, values)}
        if set(status) != {"A"}:
            one["s"] = codes(years, own, status, OBSERVED)
        found[str(position)] = one | growth.get(("reported", position), {})
    return found


def _compiled(years: Sequence[int], lines: Sequence[tuple[Any, ...]], growth: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        str(position): {
            "v": numbers(years, own, values),
            "p": codes(years, own, provenance, PROVENANCE),
            "n": aligned(years, own, counted, 0),
            "a": codes(years, own, status, AGREES),
            **growth.get(("compiled", position), {}),
        }
        for position, own, values, provenance, counted, status in lines
    }


def _rates(years: Sequence[int], lines: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for basis, rate, own, percent, numerator, denominator, provenance in lines:
        found.setdefault(rate, {})[basis] = {
            "v": numbers(years, own, percent),
            "n": numbers(years, own, numerator),
            "d": numbers(years, own, denominator),
            "p": codes(years, own, provenance, PROVENANCE),
        }
    return found


ACROSS = """
    SELECT i.position, c.body_id, list(c.year ORDER BY c.year), list(CAST(c.compiled AS DOUBLE) ORDER BY c.year),
        list(c.compiled_provenance ORDER BY c.year), list(CAST(c.reported AS DOUBLE) ORDER BY c.year),
        list(c.reported_provenance ORDER BY c.year)
    FROM city_year AS c INNER JOIN indicators AS i ON i.indicator = c.indicator
    WHERE c.applicant = 'total' GROUP BY ALL ORDER BY ALL"""


def across(connection: duckdb.DuckDBPyConnection, years: Sequence[int]) -> dict[int, dict[str, Any]]:
    """`data/i<position>.js`: one indicator of all cities."""
    found: dict[int, dict[str, Any]] = {}
    for position, city, own, compiled, first, reported, second in fetch(connection, ACROSS):
        found.setdefault(position, {"years": years, "cities": {}})["cities"][city] = {
            "c": numbers(years, own, compiled),
            "cp": codes(years, own, first, PROVENANCE),
            "r": numbers(years, own, reported),
            "rp": codes(years, own, second, PROVENANCE),
        }
    return found
