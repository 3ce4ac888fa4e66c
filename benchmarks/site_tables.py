"""The tables of a simulated country for `benchmarks/site.py`: 3,000 bodies over ten years.

Their numbers are random, marked simulated, and say nothing about any body. They serve to measure size and time.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline.core.form import forms
from pipeline.core.paths import quoted
from pipeline.publish.site.downloads import DOWNLOAD_TABLES

# Values for the placeholders of the statements: the numbers of cities and of members per city, first and last year.
SIZE = {"cities": 100, "members": 29, "first": 2015, "last": 2024}
SITE_TABLES = DOWNLOAD_TABLES
# Registers that the simulated country shares with the published data.
SHARED_REGISTERS = ("indicators", "rate_terms", "crosswalk", "identities")
# A statement per simulated table, in an order in which each follows the tables that it reads. All other tables of the
# site are empty.
SIMULATED = {
    "bodies": """
        SELECT
            CASE WHEN m = 0 THEN printf('%02d0000', 10 + c) ELSE printf('%02d00%02d', 10 + c, m) END AS body_id,
            CASE WHEN m = 0 THEN printf('模拟市%d人民政府', c) ELSE printf('模拟市%d第%d机关', c, m) END AS name,
            NULL::VARCHAR AS aliases,
            CASE WHEN m = 0 THEN 'city' WHEN m < 9 THEN 'county' ELSE 'department' END AS level,
            body_id AS region_code, CASE WHEN m > 0 THEN printf('%02d0000', 10 + c) END AS parent,
            printf('%02d0000', 10 + c) AS city, NULL::VARCHAR AS province,
            NULL::INT AS first_year, NULL::INT AS last_year, FALSE AS recognised, NULL::VARCHAR AS function,
            body_id AS lineage,
            CAST(c * 100 + m AS INT) AS "position"
        FROM range($cities) AS x(c), range($members + 1) AS y(m)""",
    "reports": """
        SELECT
            printf('%d/%s.html', y.year, body_id) AS report_id, body_id, name AS body, region_code, level, parent,
            CAST(y.year AS INT) AS year,
            CASE WHEN y.year < 2019 THEN '2014' WHEN y.year < 2021 THEN '2019' ELSE '2021' END AS form,
            concat('raw/', report_id) AS path, sha256(report_id) AS sha256, sha256 AS recorded_sha256, 'html' AS format,
            'html' AS reader, 'simulated' AS provenance, '由 benchmarks/site.py 生成' AS source, 'loaded' AS status,
            NULL::VARCHAR AS reason_code, NULL::VARCHAR AS reason_zh, NULL::VARCHAR AS reason_en
        FROM bodies, range($first, $last + 1) AS y(year)""",
    "cells": """
        SELECT
            r.report_id, a."table", a."row", a."column", CAST(hash(r.report_id, a.n) % 1000 AS VARCHAR) AS raw,
            CAST(raw AS DECIMAL(38, 6)) AS value, 'number' AS kind, '件' AS unit, CAST(1 + a.n // 90 AS INT) AS page,
            CAST(a.n // 90 AS INT) AS grid, CAST(a.n AS INT) AS grid_row, 1::INT AS grid_column,
            1.0::DOUBLE AS confidence, 'simulated' AS provenance
        FROM reports AS r INNER JOIN addresses AS a ON a.form = r.form""",
    "figures": """
        SELECT
            report_id, 'applications.received' AS "row", 0::INT AS paragraph, CAST(n AS INT) AS start,
            CAST(n + 9 AS INT) AS "end",
            '收到申请' || hash(report_id, n) % 1000 || '件' AS raw, 1::INT AS page,
            CAST(hash(report_id, n) % 1000 AS DECIMAL(38, 6)) AS value, FALSE AS approximate, 'whole' AS scope,
            NULL::VARCHAR AS named_body, 'simulated' AS provenance
        FROM reports, range(8) AS x(n)""",
    "findings": """
        SELECT
            r.report_id, i.identity, 'review_litigation/review/total' AS place,
            CASE WHEN hash(r.report_id, i.identity) % 800 = 0 THEN 'fail' ELSE 'pass' END AS status,
            1::DECIMAL(38, 6) AS lhs, 2::DECIMAL(38, 6) AS rhs, -1::DECIMAL(38, 6) AS difference, i.severity,
            ['review_litigation/review/total'] AS cells, '' AS note, 'simulated' AS provenance
        FROM reports AS r INNER JOIN identities AS i ON i.form = r.form""",
    "observations": """
        SELECT
            r.body_id, r.region_code, r.year, i.indicator, 'total' AS applicant, 1 AS series,
            CAST(hash(r.report_id, i.indicator) % 5000 AS DECIMAL(38, 6)) AS value, i.unit, 'A' AS obs_status,
            NULL::VARCHAR AS in_doubt, NULL::DECIMAL(38, 6) AS implied,
            'simulated' AS provenance, r.report_id, 'applications/new/total' AS cell,
            r.year || '/' || r.parent || '/' || i.indicator || '/total' AS total_id
        FROM reports AS r INNER JOIN form_indicators AS h ON h.form = r.form
        INNER JOIN indicators AS i ON i.indicator = h.indicator""",
    "compiled": """
        SELECT
            concat_ws('/', o.year, b.parent, o.indicator, 'total') AS total_id, b.parent AS body_id,
            any_value(p.name) AS body, any_value(p.level) AS level, o.year, o.indicator,
            'total' AS applicant, 1 AS series, any_value(o.unit) AS unit,
            CAST(sum(o.value) AS DECIMAL(38, 6)) AS compiled,
            'simulated' AS compiled_provenance, 0::BIGINT AS in_doubt, NULL::DECIMAL(38, 6) AS implied,
            count(*) AS members_expected, count(*) AS members_reported, 0::BIGINT AS members_substituted,
            count(*) AS members_counted,
            NULL::VARCHAR AS members_missing, '' AS missing_lineages_before, '' AS missing_lineages_after,
            0::BIGINT AS partial_lineages,
            CAST(sum(o.value) AS DECIMAL(38, 6)) AS reported, 'A' AS reported_status,
            NULL::VARCHAR AS reported_in_doubt,
            'simulated' AS reported_provenance, 0::DECIMAL(38, 6) AS difference, 'equal' AS status
        FROM observations AS o INNER JOIN bodies AS b ON b.body_id = o.body_id
        INNER JOIN bodies AS p ON p.body_id = b.parent
        GROUP BY b.parent, o.year, o.indicator""",
    "growth": """
        SELECT body_id, basis, year, indicator, applicant, unit, 1 AS series, value, prior, 'same' AS prior_basis,
            value - prior AS change,
            CAST(100 * (value - prior) / nullif(prior, 0) AS DECIMAL(18, 4)) AS growth_percent, TRUE AS comparable,
            0::BIGINT AS in_doubt, NULL::DECIMAL(18, 4) AS implied_growth, NULL::VARCHAR AS note,
            'simulated' AS provenance
        FROM (
            SELECT *, lag(value) OVER (PARTITION BY body_id, basis, indicator ORDER BY year) AS prior FROM (
                SELECT body_id, 'reported' AS basis, year, indicator, applicant, unit, value FROM observations
                UNION ALL SELECT body_id, 'compiled', year, indicator, applicant, unit, compiled FROM compiled))
        WHERE prior IS NOT NULL""",
    "rates": """
        SELECT
            r.body_id, 'reported' AS basis, r.year, t.rate, 1 AS series,
            CAST(hash(r.report_id, t.rate) % 50 AS DECIMAL(38, 6)) AS numerator,
            100::DECIMAL(38, 6) AS denominator, CAST(numerator AS DECIMAL(18, 4)) AS percent, 0::BIGINT AS in_doubt,
            NULL::DECIMAL(18, 4) AS implied_percent, NULL::BIGINT AS members_counted, NULL::BIGINT AS members_expected,
            'simulated' AS provenance
        FROM reports AS r, (SELECT DISTINCT rate FROM rate_terms) AS t""",
    "contributors": """
        SELECT parent AS body_id, year, body_id AS member, body_id AS contributor, report_id, provenance
        FROM reports WHERE parent IS NOT NULL""",
    "due": """
        SELECT parent, body_id, body, level, year, status, body_id AS lineage, TRUE AS existed_before,
            TRUE AS exists_after, NULL::VARCHAR AS note, report_id, provenance
        FROM reports WHERE parent IS NOT NULL""",
}
FORM_INDICATORS = """
    CREATE VIEW form_indicators AS
    SELECT DISTINCT f.form, c.indicator
    FROM published_crosswalk AS c
    INNER JOIN (SELECT DISTINCT form FROM addresses) AS f ON c.form IN (f.form, '*')
    WHERE c.indicator IS NOT NULL"""


def write_simulated_tables(published: Path, folder: Path) -> duckdb.DuckDBPyConnection:
    """Write the simulated tables as Parquet below `folder`; return a connection with a view per table.

    `published` is the folder of a snapshot, from which the shared registers and the columns of empty tables come.
    """
    connection = duckdb.connect()
    for table in SITE_TABLES:
        condition = "" if table in SHARED_REGISTERS else "WHERE FALSE"
        source = f"read_parquet('{quoted(published)}/{table}/*.parquet')"
        connection.execute(f"CREATE VIEW published_{table} AS SELECT * FROM {source} {condition}")
    _create_addresses(connection)
    connection.execute(FORM_INDICATORS)
    others = [table for table in SITE_TABLES if table not in SIMULATED and table not in SHARED_REGISTERS]
    for table in (*SHARED_REGISTERS, *SIMULATED, *others):
        _write_table(connection, table, folder)
    return connection


def _create_addresses(connection: duckdb.DuckDBPyConnection) -> None:
    """Create a table with the addresses of every form; `n` is the position in the form, from 0."""
    addresses = [
        (form.code, n, *address.split("/"))
        for form in forms().values()
        for n, address in enumerate(form.addresses(form.printed_tables))
    ]
    connection.execute('CREATE TABLE addresses (form VARCHAR, n INT, "table" VARCHAR, "row" VARCHAR, "column" VARCHAR)')
    connection.executemany("INSERT INTO addresses VALUES (?, ?, ?, ?, ?)", addresses)


def _write_table(connection: duckdb.DuckDBPyConnection, table: str, folder: Path) -> None:
    """Write one table as `<table>/<table>.parquet`, and create a view on the file."""
    sql = SIMULATED.get(table, f"SELECT * FROM published_{table}")
    for name, value in SIZE.items():
        sql = sql.replace(f"${name}", str(value))
    (folder / table).mkdir()
    target = f"{quoted(folder)}/{table}/{table}.parquet"
    connection.execute(f"COPY ({sql}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{target}')")
