"""The figures of a group of bodies by year: indicators, rates, growths, compiled and reported totals.

A series has one entry per year of the group. Words that repeat in a series are stored as one letter each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from pipeline.publish.site.series import NO_LETTER, align_to_years, letters_by_year, numbers_by_year
from pipeline.publish.site.shared_data import Group
from pipeline.storage.database import Row, ask

PROVENANCE_LETTERS = {"simulated": "s", "transcribed": "t", "published": "p", "mixed": "m"}
REPORT_STATUS_LETTERS = {"loaded": "l", "quarantined": "q", "absent": "a", "blank": "b"}
PRIOR_BASIS_LETTERS = {
    "same": "s", "predecessors": "p", "new": "n", "split": "x", "missing": "-", "members_differ": "d",
    "series_broken": "k",
}  # fmt: skip
AGREEMENT_LETTERS = {
    "equal": "e", "differs": "d", "members_missing": "m", "not_reported": "r", "not_compiled": "c",
}  # fmt: skip
OBS_STATUS_LETTERS = {letter: letter for letter in "AIEML"}
NORMAL_OBS_STATUS = "A"
SERIES = ("reported", "compiled", "growth", "rate", "report", "coverage", "problem", "published")

RowsByBody = Mapping[str, Sequence[Row]]
GrowthByFigure = Mapping[tuple[str, int], dict[str, Any]]
"""The growth of a figure by basis and position of the indicator."""


def group_data(connection: duckdb.DuckDBPyConnection, groups: Sequence[Group]) -> list[dict[str, Any]]:
    """Return the content of `data/c<position>.js` for each of these groups."""
    bodies = [body for group in groups for body in group.bodies]
    series = {name: _rows_by_body(ask(connection, f"site_{name}_series", {"bodies": bodies})) for name in SERIES}
    return [_group(group, series) for group in groups]


def _rows_by_body(rows: Iterable[Row]) -> RowsByBody:
    """Return the rows by body id, in their order."""
    by_body: dict[str, list[Row]] = {}
    for row in rows:
        by_body.setdefault(row["body_id"], []).append(row)
    return by_body


def _group(group: Group, series: Mapping[str, RowsByBody]) -> dict[str, Any]:
    """Return the content of the file of one group. `series` has the rows by name, one of SERIES, and by body."""
    years = group.years
    growth = {body: _growth(years, series["growth"].get(body, ())) for body in group.bodies}
    reported, rates = series["reported"], series["rate"]
    return {
        "id": group.head,
        "years": years,
        "bodies": {body: _reports(years, body, series) for body in group.bodies},
        "series": {body: _reported(years, reported[body], growth[body]) for body in group.bodies if body in reported},
        "compiled": _compiled(years, series["compiled"].get(group.head, ()), growth[group.head]),
        "rates": {body: _rates(years, rates[body]) for body in group.bodies if body in rates},
    }


def _reports(years: Sequence[int], body: str, series: Mapping[str, RowsByBody]) -> dict[str, Any]:
    """Return status, form and provenance of a body's reports by year, and the notes about expected reports.

    The status of an expected report, which can also be `absent`, replaces that of the report. `e` and `w` have the
    numbers of errors and warnings, `published` the dates of publication and `late` the days after the deadline, where
    there are any.
    """
    entry: dict[str, Any] = {
        "status": NO_LETTER * len(years), "forms": [None] * len(years), "prov": NO_LETTER * len(years),
    }  # fmt: skip
    for row in series["report"].get(body, ()):
        entry["status"] = letters_by_year(years, row["years"], row["statuses"], REPORT_STATUS_LETTERS)
        entry["forms"] = align_to_years(years, row["years"], row["forms"])
        entry["prov"] = letters_by_year(years, row["years"], row["provenances"], PROVENANCE_LETTERS)
    for row in series["coverage"].get(body, ()):
        entry["status"] = letters_by_year(years, row["years"], row["statuses"], REPORT_STATUS_LETTERS)
        notes = {year: note for year, note in zip(row["years"], row["notes"], strict=True) if note}
        entry |= {"notes": notes} if notes else {}
    for row in series["published"].get(body, ()):
        entry["published"] = align_to_years(years, row["years"], row["dates"])
        entry["late"] = align_to_years(years, row["years"], row["days_late"])
    for row in series["problem"].get(body, ()):
        entry["e"] = align_to_years(years, row["years"], row["errors"], 0)
        entry["w"] = align_to_years(years, row["years"], row["warnings"], 0)
    return entry


def _growth(years: Sequence[int], rows: Iterable[Row]) -> GrowthByFigure:
    """Return the growths `g` in percent and their prior bases `b`, by basis and position of the indicator."""
    return {
        (row["basis"], row["position"]): {
            "g": numbers_by_year(years, row["years"], row["percents"]),
            "b": letters_by_year(years, row["years"], row["prior_bases"], PRIOR_BASIS_LETTERS),
        }
        for row in rows
    }


def _reported(years: Sequence[int], rows: Iterable[Row], growth: GrowthByFigure) -> dict[str, Any]:
    """Return a body's own totals by position of the indicator; statuses only where one of them is not normal.

    `x` has the levels of doubt, where there is one."""
    by_indicator: dict[str, Any] = {}
    for row in rows:
        entry: dict[str, Any] = {"v": numbers_by_year(years, row["years"], row["values"])}
        if set(row["statuses"]) != {NORMAL_OBS_STATUS}:
            entry["s"] = letters_by_year(years, row["years"], row["statuses"], OBS_STATUS_LETTERS)
        if any(row["doubts"]):
            entry["x"] = align_to_years(years, row["years"], row["doubts"])
        by_indicator[str(row["position"])] = entry | growth.get(("reported", row["position"]), {})
    return by_indicator


def _compiled(years: Sequence[int], rows: Iterable[Row], growth: GrowthByFigure) -> dict[str, Any]:
    """Return the head's compiled totals by position of the indicator, with provenance, members counted, agreement.

    `x` has the number of figures in doubt, where there is one."""
    return {
        str(row["position"]): {
            "v": numbers_by_year(years, row["years"], row["values"]),
            "p": letters_by_year(years, row["years"], row["provenances"], PROVENANCE_LETTERS),
            "n": align_to_years(years, row["years"], row["members_counted"], 0),
            "a": letters_by_year(years, row["years"], row["agreements"], AGREEMENT_LETTERS),
            **({"x": align_to_years(years, row["years"], row["doubts"], 0)} if any(row["doubts"]) else {}),
            **growth.get(("compiled", row["position"]), {}),
        }
        for row in rows
    }


def _rates(years: Sequence[int], rows: Iterable[Row]) -> dict[str, Any]:
    """Return the rates of a body by rate and basis: percent, numerator, denominator and provenance."""
    by_rate: dict[str, Any] = {}
    for row in rows:
        by_rate.setdefault(row["rate"], {})[row["basis"]] = {
            "v": numbers_by_year(years, row["years"], row["percents"]),
            "n": numbers_by_year(years, row["years"], row["numerators"]),
            "d": numbers_by_year(years, row["years"], row["denominators"]),
            "p": letters_by_year(years, row["years"], row["provenances"], PROVENANCE_LETTERS),
        }
    return by_rate


def indicator_data(connection: duckdb.DuckDBPyConnection, years: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the content of `data/i<position>.js` by position: one indicator of all bodies with members.

    A basis without any figure is left out.
    """
    by_position: dict[int, dict[str, Any]] = {}
    for row in ask(connection, "site_indicator_series"):
        bodies = by_position.setdefault(row["position"], {"years": years, "bodies": {}})["bodies"]
        bodies[row["body_id"]] = {
            key: values
            for name, basis in (("c", "compiled"), ("r", "reported"))
            if any(value is not None for value in row[basis])
            for key, values in (
                (name, numbers_by_year(years, row["years"], row[basis])),
                (f"{name}p", letters_by_year(years, row["years"], row[f"{basis}_provenances"], PROVENANCE_LETTERS)),
            )
        }
    return by_position
