"""Compiled rates: numerator and denominator count the same members."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import duckdb
import pytest

from pipeline.core.paths import SQL

RATES = (SQL / "rollup" / "rates.sql").read_text(encoding="utf-8")
# Granted, partly granted and handled of three members of one city; None is blank.
MEMBERS = {"a": (60, 10, 100), "b": (50, None, 90), "c": (8, 0, 10)}


def rate(members: Mapping[str, tuple[int | None, ...]], series: dict[str, int] | None = None) -> tuple[object, ...]:
    """Return series, numerator, denominator, percent, members counted and expected of the compiled rate."""
    connection = duckdb.connect()
    connection.sql("CREATE TABLE rate_terms (rate VARCHAR, part VARCHAR, indicator VARCHAR, sign INTEGER)")
    connection.sql(
        """INSERT INTO rate_terms VALUES ('share', 'numerator', 'granted', 1), ('share', 'numerator', 'partly', 1),
        ('share', 'denominator', 'handled', 1)"""
    )
    connection.sql(
        """CREATE TABLE observations (body_id VARCHAR, year INTEGER, indicator VARCHAR, applicant VARCHAR,
        value DECIMAL(18, 6), series INTEGER, provenance VARCHAR, in_doubt VARCHAR, implied DECIMAL(18, 6))"""
    )
    connection.sql("CREATE TABLE contributors (body_id VARCHAR, member VARCHAR, contributor VARCHAR, year INTEGER)")
    connection.sql("CREATE TABLE member_counts AS SELECT 'city' AS body_id, 2024 AS year, 4 AS expected")
    for body, values in members.items():
        connection.execute("INSERT INTO contributors VALUES ('city', $1, $1, 2024)", [body])
        for indicator, value in zip(("granted", "partly", "handled"), values, strict=True):
            line = [body, indicator, value, (series or {}).get(body, 1)]
            statement = "INSERT INTO observations VALUES (?, 2024, ?, 'total', ?, ?, 'published', NULL, NULL)"
            connection.execute(statement, line)
    columns = "series, numerator, denominator, percent, members_counted, members_expected"
    rows = connection.sql(f"SELECT {columns} FROM ({RATES}) WHERE basis = 'compiled'").fetchall()
    assert len(rows) == 1
    return tuple(rows[0])


def test_member_without_a_term_is_in_neither_part() -> None:
    assert rate(MEMBERS) == (1, Decimal(78), Decimal(110), Decimal("70.9091"), 2, 4)  # not 128 / 200 = 64 %


def test_rate_without_any_complete_member_is_unknown() -> None:
    assert rate({"b": MEMBERS["b"]}) == (1, None, None, None, 0, 4)


@pytest.mark.parametrize(("other", "expected"), [("b", 1), ("c", None)])
def test_members_of_several_series_have_none(other: str, expected: int | None) -> None:
    assert rate(MEMBERS, {other: 2})[0] == expected  # b is not counted
