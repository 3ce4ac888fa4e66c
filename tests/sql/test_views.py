"""The views for analysts: sums over them count nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.storage.database import connect


@pytest.fixture
def connection(built: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(built / "data") as opened:
        yield opened


def test_members_add_up_to_the_compiled_figures(connection: duckdb.DuckDBPyConnection) -> None:
    members = connection.sql("SELECT parent, year, indicator, value FROM members").df()
    sums = members.dropna().groupby(["parent", "year", "indicator"])["value"].sum()
    sql = "SELECT body_id, year, indicator, compiled FROM compiled WHERE applicant = 'total'"
    totals = connection.sql(sql).df().dropna()
    compiled = totals.set_index(["body_id", "year", "indicator"])["compiled"].rename_axis(sums.index.names)
    assert len(compiled) > 100
    assert compiled.sort_index().astype(float).equals(sums.sort_index().astype(float))


def test_kinds_of_applicant_add_up_to_the_totals(connection: duckdb.DuckDBPyConnection) -> None:
    keys = ["body_id", "year", "indicator"]
    parts = connection.sql("SELECT body_id, year, indicator, value FROM by_applicant").df()
    complete = parts.groupby(keys)["value"].agg(lambda values: values.sum() if values.notna().all() else None).dropna()
    totals = connection.sql("SELECT body_id, year, indicator, value FROM totals").df().set_index(keys)["value"]
    both = complete.to_frame("parts").join(totals.rename("total"), how="inner").dropna().astype(float)
    assert len(both) > 500
    assert (both["parts"] == both["total"]).all()


def test_totals_have_each_body_year_and_indicator_once(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.sql("SELECT body_id, year, indicator FROM totals").df()
    assert not rows.duplicated().any()
    naive, once = connection.execute(
        """SELECT (SELECT sum(value) FROM observations WHERE year = 2019 AND indicator = 'applications.new'),
        (SELECT sum(value) FROM totals WHERE year = 2019 AND indicator = 'applications.new')"""
    ).fetchone() or (0, 0)
    assert naive == 2 * once  # what the views are for
