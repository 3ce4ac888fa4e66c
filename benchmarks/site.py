"""How large and how fast the site is: on the shipped data, and on 3,000 made bodies over ten years.

    uv run python benchmarks/site.py [--shipped FOLDER] [--keep FOLDER]

needs the published data of the folder (`data`) for the registers,
and Chromium for the time to the first chart. The made
data are random numbers, marked simulated; they are for measuring size and time and say nothing about anybody.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.browser import browser, visit

from pipeline.core.form import forms
from pipeline.core.paths import Data
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot
from pipeline.publish.site.build import write_site
from pipeline.publish.site.downloads import TABLES
from pipeline.storage.database import connect
from pipeline.storage.snapshot import whole

CITIES, MEMBERS, YEARS = 100, 29, (2015, 2024)
NEEDED = (*TABLES, "decisions")
MADE = {
    "bodies": """
        SELECT
            CASE WHEN m = 0 THEN printf('%02d0000', 10 + c) ELSE printf('%02d00%02d', 10 + c, m) END AS body_id,
            CASE WHEN m = 0 THEN printf('模拟市%d人民政府', c) ELSE printf('模拟市%d第%d机关', c, m) END AS name,
            NULL::VARCHAR AS aliases,
            CASE WHEN m = 0 THEN 'city' WHEN m < 9 THEN 'county' ELSE 'department' END AS level,
            body_id AS region_code, CASE WHEN m > 0 THEN printf('%02d0000', 10 + c) END AS parent,
            NULL::INT AS first_year, NULL::INT AS last_year, body_id AS lineage,
            CAST(c * 100 + m AS INT) AS "position"
        FROM range($cities) AS x(c), range($members + 1) AS y(m)""",
    "reports": """
        SELECT
            printf('%d/%s.html', y.year, body_id) AS report_id, body_id, name AS body, region_code, level, parent,
            CAST(y.year AS INT) AS year,
            CASE WHEN y.year < 2019 THEN '2014' WHEN y.year < 2021 THEN '2019' ELSE '2021' END AS form,
            concat('raw/', report_id) AS path, sha256(report_id) AS sha256, sha256 AS recorded_sha256, 'html' AS format,
            'html' AS reader, 'simulated' AS provenance, '由 benchmarks/site.py 生成' AS source, 'loaded' AS status,
            NULL::VARCHAR AS why, NULL::VARCHAR AS why_zh, NULL::VARCHAR AS why_en
        FROM bodies, range($first, $last + 1) AS y(year)""",
    "cells": """
        SELECT
            r.report_id, a."table", a."row", a."column", CAST(hash(r.report_id, a.n) % 1000 AS VARCHAR) AS raw,
            CAST(raw AS DECIMAL(38, 6)) AS value, 'number' AS kind, '件' AS unit, CAST(1 + a.n // 90 AS INT) AS page,
            CAST(a.n // 90 AS INT) AS grid, CAST(a.n AS INT) AS grid_row, 1::INT AS grid_column,
            1.0::DOUBLE AS confidence,
            'simulated' AS provenance
        FROM reports AS r INNER JOIN addresses AS a ON a.form = r.form""",
    "figures": """
        SELECT
            report_id, 'applications.received' AS "row", 0::INT AS paragraph, CAST(n AS INT) AS start,
            CAST(n + 9 AS INT) AS "end",
            '收到申请' || hash(report_id, n) % 1000 || '件' AS raw, 1::INT AS page,
            CAST(hash(report_id, n) % 1000 AS DECIMAL(38, 6)) AS value, FALSE AS approximate, 'whole' AS scope,
            NULL::VARCHAR AS whose, 'simulated' AS provenance
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
            r.body_id, r.region_code, r.year, i.indicator, 'total' AS applicant,
            CAST(hash(r.report_id, i.indicator) % 5000 AS DECIMAL(38, 6)) AS value, i.unit, 'A' AS obs_status,
            'simulated' AS provenance, r.report_id, 'applications/new/total' AS cell
        FROM reports AS r INNER JOIN held ON held.form = r.form
        INNER JOIN indicators AS i ON i.indicator = held.indicator""",
    "city_year": """
        SELECT
            b.parent AS body_id, any_value(p.name) AS body, o.year, o.indicator, 'total' AS applicant,
            any_value(o.unit) AS unit,
            CAST(sum(o.value) AS DECIMAL(38, 6)) AS compiled, 'simulated' AS compiled_provenance,
            count(*) AS members_expected,
            count(*) AS members_reported, count(*) AS members_counted, NULL::VARCHAR AS members_missing,
            '' AS missing_lineages_before,
            '' AS missing_lineages_after, 0::BIGINT AS partial_lineages,
            CAST(sum(o.value) AS DECIMAL(38, 6)) AS reported,
            'A' AS reported_status, 'simulated' AS reported_provenance, 0::DECIMAL(38, 6) AS difference,
            'equal' AS status
        FROM observations AS o INNER JOIN bodies AS b ON b.body_id = o.body_id
        INNER JOIN bodies AS p ON p.body_id = b.parent
        GROUP BY b.parent, o.year, o.indicator""",
    "growth": """
        SELECT body_id, basis, year, indicator, applicant, unit, value, prior, 'same' AS prior_basis,
            value - prior AS change,
            CAST(100 * (value - prior) / nullif(prior, 0) AS DECIMAL(18, 4)) AS growth_percent, TRUE AS comparable,
            'simulated' AS provenance
        FROM (
            SELECT *, lag(value) OVER (PARTITION BY body_id, basis, indicator ORDER BY year) AS prior FROM (
                SELECT body_id, 'reported' AS basis, year, indicator, applicant, unit, value FROM observations
                UNION ALL SELECT body_id, 'compiled', year, indicator, applicant, unit, compiled FROM city_year))
        WHERE prior IS NOT NULL""",
    "rates": """
        SELECT r.body_id, 'reported' AS basis, r.year, t.rate, CAST(hash(r.report_id, t.rate) % 50 AS DECIMAL(38,
            6)) AS numerator,
            100::DECIMAL(38, 6) AS denominator, CAST(numerator AS DECIMAL(18, 4)) AS percent, 'simulated' AS provenance
        FROM reports AS r, (SELECT DISTINCT rate FROM rate_terms) AS t""",
    "coverage": """
        SELECT parent AS city_id, body_id, body, level, year, status, body_id AS lineage, TRUE AS since, TRUE AS until,
            NULL::VARCHAR AS note, report_id, provenance
        FROM reports WHERE parent IS NOT NULL""",
}


def make(shipped: Path, folder: Path) -> duckdb.DuckDBPyConnection:
    """The made tables as Parquet, with a view on each; what is not made is a register of the shipped data or empty."""
    connection = duckdb.connect()
    registers = ("indicators", "rate_terms", "crosswalk", "identities")
    for table in NEEDED:
        some = "" if table in registers else "WHERE FALSE"
        connection.execute(f"CREATE VIEW s_{table} AS SELECT * FROM read_parquet('{shipped}/{table}/*.parquet') {some}")
    addresses = [
        (f.code, n, *a.split("/")) for f in forms().values() for n, a in enumerate(f.addresses(f.printed_tables))
    ]
    connection.execute('CREATE TABLE addresses (form VARCHAR, n INT, "table" VARCHAR, "row" VARCHAR, "column" VARCHAR)')
    connection.executemany("INSERT INTO addresses VALUES (?, ?, ?, ?, ?)", addresses)
    counts = {"cities": CITIES, "members": MEMBERS, "first": YEARS[0], "last": YEARS[1]}
    for table in (*registers, *MADE, *(t for t in NEEDED if t not in MADE and t not in registers)):
        if table == "observations":
            connection.execute("""CREATE VIEW held AS SELECT DISTINCT f.form, c.indicator FROM s_crosswalk AS c
                INNER JOIN (SELECT DISTINCT form FROM addresses) AS f ON c.form IN (f.form, '*')
                WHERE c.indicator IS NOT NULL""")
        _write(connection, table, folder, counts)
    return connection


def _write(connection: duckdb.DuckDBPyConnection, table: str, folder: Path, counts: dict[str, int]) -> None:
    sql = MADE.get(table, f"SELECT * FROM s_{table}")
    for name, value in counts.items():
        sql = sql.replace(f"${name}", str(value))
    (folder / table).mkdir()
    target = f"{folder}/{table}/{table}.parquet"
    connection.execute(f"COPY ({sql}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{target}')")


@contextmanager
def place(kept: Path | None) -> Iterator[Path]:
    """The folder to keep the sites in, or one that goes away."""
    if kept:
        kept.mkdir(parents=True)
        yield kept
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def measure(connection: duckdb.DuckDBPyConnection, published: PublishedSnapshot, folder: Path) -> dict[str, object]:
    """Build the site and weigh it."""
    started = time.perf_counter()
    write_site(connection, published, folder, None)
    seconds = time.perf_counter() - started
    sizes = {p.relative_to(folder).as_posix(): p.stat().st_size for p in folder.rglob("*") if p.is_file()}
    pages = {p: n for p, n in sizes.items() if not p.startswith("files/")}
    largest = max((p for p in pages if p.startswith("data/")), key=lambda p: pages[p])
    return {
        "seconds": round(seconds, 1), "files": len(sizes), "megabytes": round(sum(sizes.values()) / 1e6, 1),
        "megabytes of pages": round(sum(pages.values()) / 1e6, 1), "largest data file": f"{largest} {pages[largest]}",
        "index.js": pages["data/index.js"], "seconds to first chart": first_charts(folder),
    }  # fmt: skip


def first_charts(folder: Path) -> dict[str, float]:
    """From a cold page to the first drawn chart, by route: the median of five."""
    found = {}
    with browser() as opened:
        for route in ("overview", "compare", "body?id=" + first_body(folder), "quality", "compare?scope=cities"):
            times = []
            for _ in range(5):
                seen = visit(opened, folder)
                started = time.perf_counter()
                seen.page.goto(f"{folder.as_uri()}/index.html#/{route}")
                seen.page.wait_for_selector(".chart svg text", state="attached")
                times.append(time.perf_counter() - started)
                if seen.faults or seen.outside:
                    raise SystemExit(f"{route}: {seen.faults} {seen.outside}")
                seen.page.context.close()
            found[route.split("=")[0]] = round(sorted(times)[2], 2)
    return found


def first_body(folder: Path) -> str:
    """A body that is no city."""
    text = (folder / "data" / "index.js").read_text(encoding="utf-8")
    bodies = json.loads(text.partition(",")[2].rstrip().removesuffix(");"))["bodies"]
    return next(str(b[0]) for b in bodies if b[2] != "city")


def main() -> None:
    """Measure both and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shipped", type=Path, default=Path("data"))
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    data = Data(given.shipped)
    current = data.current.resolve()
    record = whole(current)
    if record is None:
        raise SystemExit("nothing is published: run ogi run first")
    with place(given.keep) as folder:
        with connect(data) as connection:
            print(
                json.dumps(
                    {"shipped": measure(connection, PublishedSnapshot(current, record.id), folder / "shipped")},
                    indent=1,
                )
            )
        (folder / "tables").mkdir()
        made = make(current, folder / "tables")
        print(
            json.dumps({"made": measure(made, PublishedSnapshot(folder / "tables", "made"), folder / "made")}, indent=1)
        )


if __name__ == "__main__":
    main()
