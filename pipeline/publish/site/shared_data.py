"""The data of the site that do not belong to one city, body or indicator: index, quality and dictionary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import duckdb

from pipeline.core.form import forms
from pipeline.storage.database import ask

MAX_QUARANTINED_REPORTS = 2000


@dataclass(frozen=True)
class CityGroup:
    """A city with its members, or a body that belongs to no city.

    `position` is the 0-based place in the index, which names the files of the city. `bodies` begins with the city.
    `years` has the years for which any of the bodies has a report or should have one.
    """

    position: int
    city: str
    bodies: tuple[str, ...]
    years: tuple[int, ...]


def city_groups(connection: duckdb.DuckDBPyConnection) -> list[CityGroup]:
    """Return the cities of the register in the order of the index."""
    years_by_city: dict[str, list[int]] = {}
    for row in ask(connection, "site_city_years"):
        years_by_city.setdefault(row["city"], []).append(row["year"])
    rows_by_city = groupby(ask(connection, "site_bodies"), key=lambda row: row["city"])
    return [
        CityGroup(position, city, tuple(row["body_id"] for row in rows), tuple(years_by_city.get(city, ())))
        for position, (city, rows) in enumerate(rows_by_city)
    ]


def index_data(
    connection: duckdb.DuckDBPyConnection, groups: Sequence[CityGroup], snapshot_id: str, *, has_map: bool
) -> Any:
    """Return the content of `data/index.js`: bodies by city, years, indicators, rates and forms."""
    coverage = {(r["city"], r["year"]): (r["expected"], r["loaded"]) for r in ask(connection, "site_city_coverage")}
    failures = {(r["city"], r["severity"]): r["failures"] for r in ask(connection, "site_city_failures")}
    position_by_body = {body: group.position for group in groups for body in group.bodies}
    return {
        "snapshot": snapshot_id,
        "simulated": ask(connection, "simulated_reports")[0]["reports"],
        "map": has_map,
        "cities": [_city_entry(group, coverage, failures) for group in groups],
        "bodies": [
            [r["body_id"], r["name"], r["level"], position_by_body[r["body_id"]], r["region_code"]]
            for r in ask(connection, "site_bodies")
        ],
        "indicators": ask(connection, "site_indicators"),
        "rates": ask(connection, "site_rates"),
        "forms": [{"id": f.code, "zh": f.zh, "en": f.en, "dated": f.is_prescribed} for f in forms().values()],
    }


def _city_entry(
    group: CityGroup, coverage: Mapping[tuple[str, int], tuple[int, int]], failures: Mapping[tuple[str, str], int]
) -> dict[str, Any]:
    """Return a city of the index.

    `coverage` has the numbers of expected and loaded reports by city and year, `failures` the number of failed findings
    by city and severity.
    """
    counts = [coverage.get((group.city, year), (0, 0)) for year in group.years]
    return {
        "id": group.city,
        "years": group.years,
        "expected": [expected for expected, _ in counts],
        "loaded": [loaded for _, loaded in counts],
        "errors": failures.get((group.city, "error"), 0),
        "warnings": failures.get((group.city, "warning"), 0),
    }


def quality_data(connection: duckdb.DuckDBPyConnection) -> Any:
    """Return the content of `data/quality.js`.

    It has the numbers of passed, failed and unknown findings per identity and severity, and the quarantined reports.
    """
    names = {row["identity"]: (row["zh"], row["en"]) for row in ask(connection, "site_identities")}
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in ask(connection, "site_finding_counts"):
        counts.setdefault((row["identity"], row["severity"]), Counter())[row["status"]] += row["findings"]
    return {
        "rules": [
            {
                "id": identity,
                "name": names.get(identity),
                "severity": severity,
                "pass": by_status["pass"],
                "fail": by_status["fail"],
                "unknown": by_status["unknown"],
            }
            for (identity, severity), by_status in counts.items()
        ],
        "lost": ask(connection, "site_quarantined", {"most": MAX_QUARANTINED_REPORTS}),
    }


def dictionary_data(connection: duckdb.DuckDBPyConnection) -> Any:
    """Return the content of `data/dictionary.js`: the cells per indicator with reasons for gaps, and terms of rates."""
    return {
        "crosswalk": [
            [
                r["form"],
                f"{r['table']}/{r['row']}/{r['column']}",
                *_labels(r["form"], r["table"], r["row"], r["column"]),
                r["indicator"],
                r["relation"],
                r["note"],
            ]
            for r in ask(connection, "site_crosswalk")
        ],
        "terms": [list(row.values()) for row in ask(connection, "site_rate_terms")],
    }


def _labels(form_code: str, table_code: str, row: str, column: str) -> tuple[str, str]:
    """Return the printed labels of a line of the crosswalk in Chinese and English.

    A line for all forms (`*`) has the labels of the last form. A row that the form lacks is its own label.
    """
    form = forms().get(form_code) or list(forms().values())[-1]
    table = form.tables.get(table_code)
    if table is None or row not in table.rows:
        return row, row
    row_label, column_label = table.rows[row], table.columns.get(column)
    names_column = column_label is not None and len(table.columns) > 1
    zh = f"{table.zh}「{row_label.zh}」{column_label.zh if column_label and names_column else ''}"
    en = f"{table.en}: {row_label.en}{', ' + column_label.en if column_label and names_column else ''}"
    return zh, en
