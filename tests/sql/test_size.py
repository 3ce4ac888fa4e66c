"""Test that the SQL does not compare all reports of a country with each other: it has to end in little memory."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline.rollup.models import models

BODIES = 4_000
# One cell in five has a number. Each report has other numbers, but for two pairs.
CELLS = f"""
CREATE TABLE cells AS
SELECT
    concat(year, '/', body) AS report_id, 'applications' AS "table", concat('row', cell) AS "row", 'total' AS "column",
    CAST(CASE WHEN body = 1 AND year = 2015 THEN hash(0, cell, 2015) % 97 + 1 ELSE hash(body, cell, year) % 97 + 1 END
        AS DECIMAL(18, 6)) AS value
FROM range({BODIES}) AS b(body), range(120) AS c(cell), (VALUES (2014), (2015)) AS y(year)
WHERE cell % 5 < 3
"""
REPORTS = f"""
CREATE TABLE reports AS
SELECT concat(year, '/', body) AS report_id, CAST(body AS VARCHAR) AS body_id, year, '2014' AS form,
    'simulated' AS provenance, 'loaded' AS status
FROM range({BODIES}) AS b(body), (VALUES (2014), (2015)) AS y(year)
"""
LIMITS = """
CREATE TABLE soft_limits AS
SELECT 10 AS min_repeated_figures, 5 AS min_repeated_values, CAST(0.95 AS DECIMAL(4, 2)) AS min_repeated_share
"""


def test_reports_of_a_country_are_compared_with_others_only_if_they_may_repeat_them(tmp_path: Path) -> None:
    sql = {model.name: model.sql for model in models()}["repeated_reports"]
    with duckdb.connect() as connection:
        for statement in (CELLS, REPORTS, LIMITS, "SET memory_limit = '400MB'", "SET max_temp_directory_size = '0KB'"):
            connection.execute(statement)
        for table in ("cells", "reports"):  # the plan is another one on files, which is what a run reads
            connection.execute(f"COPY (FROM {table} ORDER BY ALL) TO '{tmp_path / table}.parquet'")
            connection.execute(f"DROP TABLE {table}; CREATE VIEW {table} AS FROM '{tmp_path / table}.parquet'")
        found = connection.execute(f"SELECT report_id, other, kind FROM ({sql}) ORDER BY 1").fetchall()
    assert found == [("2015/0", "2015/1", "body"), ("2015/1", "2015/0", "body")]
