"""What every page of the site knows: the bodies by city, the years, the indicators, rates and forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import duckdb

from pipeline.core.form import forms
from pipeline.publish.site.script import fetch

BODIES = """
    SELECT coalesce(parent, body_id) AS city, body_id, name, level, region_code FROM bodies
    ORDER BY city, body_id != city, position"""
YEARS = """
    SELECT DISTINCT coalesce(b.parent, b.body_id) AS city, y.year FROM bodies AS b
    INNER JOIN (SELECT body_id, year FROM reports UNION SELECT body_id, year FROM coverage) AS y USING (body_id)
    ORDER BY city, y.year"""
EXPECTED = """
    SELECT city_id, year, count(*), count(*) FILTER (status = 'loaded') FROM coverage GROUP BY city_id, year"""
PROBLEMS = """
    SELECT coalesce(b.parent, b.body_id), f.severity, count(*) FROM findings AS f
    INNER JOIN reports AS r ON r.report_id = f.report_id INNER JOIN bodies AS b ON b.body_id = r.body_id
    WHERE f.status = 'fail' GROUP BY ALL"""
INDICATORS = "SELECT indicator, zh, en, unit FROM indicators ORDER BY position"
RATES = """
    SELECT rate, first(zh ORDER BY position), first(en ORDER BY position) FROM rate_terms
    GROUP BY rate ORDER BY min(position)"""
SIMULATED = "SELECT count(*) FROM reports WHERE provenance = 'simulated' AND status = 'loaded'"


@dataclass(frozen=True)
class Group:
    """A city with the bodies it compiles, itself first, or a body that stands alone."""

    position: int
    city: str
    bodies: tuple[str, ...]
    years: tuple[int, ...]


def groups(connection: duckdb.DuckDBPyConnection) -> list[Group]:
    """Every city of the register with its bodies and the years that anything is known of."""
    years: dict[str, list[int]] = {}
    for city, year in fetch(connection, YEARS):
        years.setdefault(city, []).append(year)
    lines = groupby(fetch(connection, BODIES), key=lambda line: line[0])
    return [
        Group(position, city, tuple(line[1] for line in own), tuple(years.get(city, ())))
        for position, (city, own) in enumerate(lines)
    ]


def index(connection: duckdb.DuckDBPyConnection, found: Sequence[Group], snapshot: str, *, mapped: bool) -> Any:
    """`data/index.js`."""
    expected = {(c, y): (n, loaded) for c, y, n, loaded in fetch(connection, EXPECTED)}
    problems = {(c, severity): n for c, severity, n in fetch(connection, PROBLEMS)}
    position = {b: g.position for g in found for b in g.bodies}
    return {
        "snapshot": snapshot,
        "simulated": fetch(connection, SIMULATED)[0][0],
        "map": mapped,
        "cities": [_city(g, expected, problems) for g in found],
        "bodies": [[b, name, level, position[b], code] for _, b, name, level, code in fetch(connection, BODIES)],
        "indicators": [
            dict(zip(("id", "zh", "en", "unit"), row, strict=True)) for row in fetch(connection, INDICATORS)
        ],
        "rates": [dict(zip(("id", "zh", "en"), row, strict=True)) for row in fetch(connection, RATES)],
        "forms": [{"id": f.code, "zh": f.zh, "en": f.en} for f in forms().values()],
    }


def _city(group: Group, expected: Mapping[Any, Any], problems: Mapping[Any, int]) -> dict[str, Any]:
    due = [expected.get((group.city, year), (0, 0)) for year in group.years]
    return {
        "id": group.city,
        "years": group.years,
        "expected": [d[0] for d in due],
        "loaded": [d[1] for d in due],
        "errors": problems.get((group.city, "error"), 0),
        "warnings": problems.get((group.city, "warning"), 0),
    }


RULES = "SELECT identity, first(zh ORDER BY position), first(en ORDER BY position) FROM identities GROUP BY identity"
COUNTS = """
    SELECT f.identity, f.severity, f.status, count(*) FROM findings AS f GROUP BY ALL ORDER BY ALL"""
LOST = """
    SELECT path, body, year, reason_zh, reason_en FROM reports WHERE status = 'quarantined' ORDER BY path LIMIT 2000"""


def quality(connection: duckdb.DuckDBPyConnection) -> Any:
    """`data/quality.js`: how often each rule held, failed or could not be tested, and the reports not read."""
    names = {identity: (zh, en) for identity, zh, en in fetch(connection, RULES)}
    counts: dict[tuple[str, str], Counter[str]] = {}
    for identity, severity, status, n in fetch(connection, COUNTS):
        counts.setdefault((identity, severity), Counter())[status] += n
    return {
        "rules": [
            {
                "id": identity,
                "name": names.get(identity),
                "severity": severity,
                "pass": c["pass"],
                "fail": c["fail"],
                "unknown": c["unknown"],
            }
            for (identity, severity), c in counts.items()
        ],
        "lost": [dict(zip(("path", "body", "year", "zh", "en"), row, strict=True)) for row in fetch(connection, LOST)],
    }


CROSSWALK = """
    SELECT c.form, c."table", c."row", c."column", c.indicator, c.relation, c.note FROM crosswalk AS c
    ORDER BY c.position"""
TERMS = "SELECT rate, part, indicator, sign FROM rate_terms ORDER BY position"


def dictionary(connection: duckdb.DuckDBPyConnection) -> Any:
    """`data/dictionary.js`: which cell of which form an indicator is, and what has no counterpart and why."""
    return {
        "crosswalk": [
            [form, f"{table}/{row}/{column}", *_labels(form, table, row, column), indicator, relation, note]
            for form, table, row, column, indicator, relation, note in fetch(connection, CROSSWALK)
        ],
        "terms": fetch(connection, TERMS),
    }


def _labels(form: str, table: str, row: str, column: str) -> tuple[str, str]:
    """The printed labels in both languages; those of the last form for a line that speaks of all."""
    known = forms().get(form) or list(forms().values())[-1]
    found = known.tables.get(table)
    if found is None or row not in found.rows:
        return row, row
    label, head = found.rows[row], found.columns.get(column)
    several = head is not None and len(found.columns) > 1
    zh = f"{found.zh}「{label.zh}」{head.zh if head and several else ''}"
    en = f"{found.en}: {label.en}{', ' + head.en if head and several else ''}"
    return zh, en
