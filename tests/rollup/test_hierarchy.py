"""Compiled figures at every level: each report counts once, and a member without one counts by its own members."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipeline.rollup.models import models

YEAR, INDICATOR = 2024, "applications.new"
LEVELS = ("nation", "province", "city", "county", "township")
MODELS = (
    "due", "descendants", "contributors", "lineages", "member_counts", "summed_figures", "sums", "silent_contributors",
    "lineage_gaps", "member_gaps", "compiled_totals", "compiled",
)  # fmt: skip
STATUSES = ("loaded", "loaded", "loaded", "loaded", "absent", "absent", "quarantined", "blank")


@dataclass
class Made:
    """A made body: the state of its report, its figure (None is blank) and the value of a certified proposal."""

    body_id: str
    level: str
    status: str
    value: int | None = None
    implied: int | None = None
    members: list[Made] = field(default_factory=list)

    def walk(self) -> Iterator[tuple[Made, Made | None]]:
        """Yield each body with its parent, None for this one."""
        pending: list[tuple[Made, Made | None]] = [(self, None)]
        while pending:
            body, parent = pending.pop()
            yield body, parent
            pending += [(member, body) for member in body.members]

    @property
    def is_active(self) -> bool:
        """Whether it or a body below it gave a report, also a quarantined one."""
        return self.status != "absent" or any(member.is_active for member in self.members)

    def counted(self) -> list[Made]:
        """Return the bodies whose reports count for this one: itself, or else those that count for its members."""
        return [self] if self.status == "loaded" else [body for m in self.members for body in m.counted()]


def make(chance: random.Random, depth: int = 0, name: str = "b") -> Made:
    """Return a random hierarchy."""
    status = chance.choice(STATUSES)
    body = Made(name, LEVELS[depth], status)
    if status == "loaded":
        body.value = chance.choice((None, 0, *range(1, 40)))
        body.implied = chance.choice((None, None, None, 7)) if body.value is not None else None
    if depth < len(LEVELS) - 1:
        body.members = [make(chance, depth + 1, f"{name}{i}") for i in range(chance.randrange(4))]
    return body


def compile_with_sql(root: Made) -> dict[str, dict[str, Any]]:
    """Return the rows of `compiled` by body."""
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE bodies (body_id VARCHAR, name VARCHAR, level VARCHAR, parent VARCHAR, first_year INT, "
        "last_year INT, lineage VARCHAR)"
    )
    connection.execute(
        "CREATE TABLE reports (report_id VARCHAR, body_id VARCHAR, year INT, status VARCHAR, provenance VARCHAR)"
    )
    connection.execute(
        "CREATE TABLE successions (body_id VARCHAR, successor VARCHAR, year INT, kind VARCHAR, note VARCHAR)"
    )
    connection.execute(f"CREATE TABLE indicators AS SELECT '{INDICATOR}' AS indicator, '件' AS unit, 'yes' AS additive")
    connection.execute(
        "CREATE TABLE observations (body_id VARCHAR, year INT, indicator VARCHAR, applicant VARCHAR, series INT, "
        "value DECIMAL(18, 6), in_doubt VARCHAR, implied DECIMAL(18, 6), obs_status VARCHAR, provenance VARCHAR, "
        "total_id VARCHAR)"
    )
    for body, parent in root.walk():
        name, above = body.body_id, parent.body_id if parent else None
        connection.execute("INSERT INTO bodies VALUES ($1, $1, $2, $3, NULL, NULL, $1)", [name, body.level, above])
        if body.status != "absent":
            connection.execute(f"INSERT INTO reports VALUES ($1, $1, {YEAR}, $2, 'simulated')", [name, body.status])
        if body.status == "loaded":
            total = f"{YEAR}/{above}/{INDICATOR}/total" if above and body.value is not None else None
            doubt = None if body.implied is None else "certified"
            connection.execute(
                "INSERT INTO observations VALUES ($1, $6, $7, 'total', 1, $2, $3, $4, 'A', 'simulated', $5)",
                [name, body.value, doubt, body.implied, total, YEAR, INDICATOR],
            )
    by_name = {model.name: model for model in models()}
    for name in MODELS:
        connection.execute(f"CREATE TABLE {name} AS {by_name[name].sql}")
    result = connection.execute("SELECT * FROM compiled")
    columns = [column[0] for column in result.description or ()]
    return {row["body_id"]: row for row in (dict(zip(columns, values, strict=True)) for values in result.fetchall())}


def compile_by_hand(body: Made) -> Mapping[str, Any]:
    """Return the compiled figure of a body and what is said about it, by walking the hierarchy."""
    reports = [report for member in body.members for report in member.counted()]
    values = [report.value for report in reports if report.value is not None]
    with_figure = [m for m in body.members if any(r.value is not None for r in m.counted())]
    doubtful = [r for r in reports if r.implied is not None]
    return {
        "compiled": Decimal(sum(values)) if values else None,
        "members_expected": len(body.members),
        "members_reported": sum(m.status == "loaded" for m in body.members),
        "members_substituted": sum(m.status != "loaded" and bool(m.counted()) for m in body.members),
        "members_counted": len(with_figure),
        "members_missing": " ".join(sorted({m.body_id for m in body.members} - {m.body_id for m in with_figure}))
        or None,
        "in_doubt": len(doubtful),
        "implied": Decimal(sum(r.value if r.implied is None else r.implied for r in reports if r.value is not None))
        if doubtful
        else None,
        "reported": None if body.value is None else Decimal(body.value),
    }


@pytest.mark.parametrize("seed", range(40))
def test_compiled_figures_of_a_random_hierarchy_equal_a_recomputation(seed: int) -> None:
    root = make(random.Random(seed))
    rows = compile_with_sql(root)
    expected = {
        body.body_id: compile_by_hand(body)
        for body, _ in root.walk()
        if body.members and body.is_active and (body.value is not None or compile_by_hand(body)["compiled"] is not None)
    }
    assert {b: {k: rows[b][k] for k in e} for b, e in expected.items() if e["compiled"] is not None} == {
        b: e for b, e in expected.items() if e["compiled"] is not None
    }
    for body_id, figures in expected.items():
        assert rows[body_id]["reported"] == figures["reported"]
        assert rows[body_id]["compiled"] == figures["compiled"]
    assert {b for b, row in rows.items() if row["compiled"] is not None} <= expected.keys()


@pytest.mark.slow
def test_random_hierarchies_have_members_without_reports_at_every_depth() -> None:
    """The property above would be empty if no member counted by its own members."""
    rows = [row for seed in range(40) for row in compile_with_sql(make(random.Random(seed))).values()]
    levels = {row["level"] for row in rows if row["members_substituted"]}
    assert levels == {"nation", "province", "city"}
    assert any(row["implied"] not in (None, row["compiled"]) for row in rows)
