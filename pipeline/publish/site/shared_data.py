"""The data of the site that do not belong to one group, body or indicator: index, quality and dictionary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from pipeline.core.form import Form, forms
from pipeline.storage.database import ask

MAX_QUARANTINED_REPORTS = 2000
NO_GROUP = -1


@dataclass(frozen=True)
class Group:
    """A body with its members, or a body that belongs to no other.

    `position` is the 0-based place in the index, which names the files of the group. `bodies` begins with the head, and
    has the position of each body, which names its file. A member that has members is also the head of its own group;
    `own_bodies` are the others. `years` has the years for which any of the bodies has a report or should have one.
    """

    position: int
    head: str
    bodies: Mapping[str, int]
    own_bodies: tuple[str, ...]
    years: tuple[int, ...]

    @property
    def files(self) -> list[str]:
        """The names of its data files, and of those of its own bodies. No two groups have a file in common."""
        bodies = (f"b{self.bodies[body]}.js" for body in self.own_bodies)
        return [f"c{self.position}.js", f"q{self.position}.js", *bodies]


def find_groups(connection: duckdb.DuckDBPyConnection) -> list[Group]:
    """Return the bodies with members in the order of the index."""
    years_by_head: dict[str, list[int]] = {}
    for row in ask(connection, "site_group_years"):
        years_by_head.setdefault(row["head"], []).append(row["year"])
    bodies_by_head: dict[str, list[str]] = {}
    positions: dict[str, int] = {}
    for row in ask(connection, "site_bodies"):
        bodies_by_head.setdefault(row["head"], []).append(row["body_id"])
        positions.setdefault(row["body_id"], len(positions))
    return [
        Group(
            position,
            head,
            {body: positions[body] for body in bodies},
            tuple(body for body in bodies if body == head or body not in bodies_by_head),
            tuple(years_by_head.get(head, ())),
        )
        for position, (head, bodies) in enumerate(bodies_by_head.items())
    ]


def index_data(
    connection: duckdb.DuckDBPyConnection, groups: Sequence[Group], snapshot_id: str, *, has_map: bool
) -> Any:
    """Return the content of `data/index.js`: groups, bodies, years, indicators, rates and forms."""
    coverage = {(row["head"], row["year"]): row for row in ask(connection, "site_group_coverage")}
    problems = {(r["head"], r["severity"]): r["problems"] for r in ask(connection, "site_group_problems")}
    return {
        "snapshot": snapshot_id,
        "simulated": ask(connection, "simulated_reports")[0]["reports"],
        "map": has_map,
        "problems": ask(connection, "site_problem_totals")[0],
        "groups": [_group_entry(group, coverage, problems) for group in groups],
        "bodies": list(_body_entries(connection, groups)),
        "indicators": ask(connection, "site_indicators"),
        "rates": ask(connection, "site_rates"),
        "forms": [_form_entry(form) for form in forms().values()],
    }


def _form_entry(form: Form) -> dict[str, Any]:
    """Return a form of the index: whether a year prescribes it, and whether it has a line per outcome."""
    has_outcomes = form.has_table("applications")
    return {"id": form.code, "zh": form.zh, "en": form.en, "dated": form.is_prescribed, "outcomes": has_outcomes}


def _body_entries(connection: duckdb.DuckDBPyConnection, groups: Sequence[Group]) -> Iterator[list[Any]]:
    """Yield each body once: id, name, level, position of its group, region code, and that of its parent's group or -1.

    The group of a body with members is its own.
    """
    heads = {group.head: group.position for group in groups}
    bodies = {row["body_id"]: row for row in ask(connection, "site_bodies")}
    for body_id, row in bodies.items():
        parent = heads.get(row["parent"], NO_GROUP)
        yield [body_id, row["name"], row["level"], heads.get(body_id, parent), row["region_code"], parent]


def _group_entry(
    group: Group, coverage: Mapping[tuple[str, int], Mapping[str, Any]], problems: Mapping[tuple[str, str], int]
) -> dict[str, Any]:
    """Return a group of the index.

    `coverage` has the numbers of members that should report, that count, and that count by their own members, by head
    and year; `problems` the number of problems by head and severity.
    """
    counts = [coverage.get((group.head, year), {}) for year in group.years]
    return {
        "id": group.head,
        "years": group.years,
        **{name: [count.get(name, 0) for count in counts] for name in ("expected", "counted", "substituted")},
        "errors": problems.get((group.head, "error"), 0),
        "warnings": problems.get((group.head, "warning"), 0),
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
