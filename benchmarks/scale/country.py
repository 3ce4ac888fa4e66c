"""Simulate the tables of a country, as the Parquet files that ogi writes: seeded random numbers, marked simulated.

The files are written without reports being read: registers, and per year `reports`, `observations`, `cells` and
`due`, `contributors`.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.compute as pc
from country_cells import simulate_cells
from country_observations import FORM, measures, report_id, simulate_observations

from pipeline.core.paths import quoted
from pipeline.registry.load import Body, Register, Succession
from pipeline.rollup.models import models
from pipeline.rollup.registers import register_table
from pipeline.storage.partition import TableFiles
from pipeline.storage.schema import conform, schema, table_from_rows

YEARS = range(2008, 2025)
MEMBERS_PER_CITY, PROVINCES, COUNTIES_PER_CITY = 120, 31, 12
ABSENT_SHARE = 0.03  # of the reports
PROCESSES = 2
REPLACED_IN, SPLIT_IN = 2016, 2012  # report years of the reorganisations


@dataclass(frozen=True)
class YearTask:
    """The input for the files of one year: the folder, all bodies sorted by id, and the seed."""

    folder: Path
    year: int
    bodies: Sequence[Body]
    seed: int


def simulate_bodies(observations: int) -> list[Body]:
    """Return the bodies that give about this many observations: cities of 31 provinces in turn, with 120 members each.

    In every tenth city another office replaces one of the offices in 2016.
    """
    observations_per_city = len(YEARS) * (MEMBERS_PER_CITY + 1) * len(measures()) * (1 - ABSENT_SHARE)
    bodies = []
    for number in range(max(1, round(observations / observations_per_city))):
        code = f"{11 + number % PROVINCES}{1 + number // PROVINCES:02d}00"
        bodies.append(Body(code, f"模拟市{number}人民政府", (), "city", code, ""))
        bodies += [_simulate_member(code, number, i) for i in range(1, MEMBERS_PER_CITY + 1)]
    return bodies


def _simulate_member(city_code: str, city: int, number: int) -> Body:
    """Return a county for the first 12 numbers from 1, else an office; `city` is the number of the city from 0."""
    has_replacement = city % 10 == 0
    first_year = REPLACED_IN if number == MEMBERS_PER_CITY and has_replacement else None
    last_year = REPLACED_IN - 1 if number == MEMBERS_PER_CITY - 1 and has_replacement else None
    if number <= COUNTIES_PER_CITY:
        code = f"{city_code[:4]}{number:02d}"
        return Body(code, f"模拟县{city}-{number}", (), "county", code, city_code)
    body_id = f"{city_code}-office{number:03d}"
    return Body(body_id, f"模拟局{city}-{number}", (), "department", city_code, city_code, first_year, last_year)


def write_country(folder: Path, observations: int, seed: int = 7) -> None:
    """Write the files of a country with about this many observations."""
    bodies = sorted(simulate_bodies(observations), key=lambda body: body.body_id)
    _write_registers(folder, bodies)
    with ProcessPoolExecutor(PROCESSES) as pool:
        list(pool.map(_write_year, [YearTask(folder, year, bodies, seed) for year in YEARS]))
    _write_due_and_contributors(folder)


def _write_registers(folder: Path, bodies: Sequence[Body]) -> None:
    """Write the registers. In every second city with a replacement, an office is split."""
    by_id = {body.body_id: body for body in bodies}
    replaced = [body for body in bodies if body.last_year == REPLACED_IN - 1]
    successions = [
        Succession(b.body_id, f"{b.parent}-office{MEMBERS_PER_CITY:03d}", REPLACED_IN, "replaced", "simulated")
        for b in replaced
    ]
    successions += [
        Succession(f"{b.parent}-office050", f"{b.parent}-office051", SPLIT_IN, "split", "simulated")
        for b in replaced[::2]
    ]
    register = Register(by_id, {body.name: body for body in bodies}, tuple(successions))
    for name in ("bodies", "successions", "indicators", "crosswalk"):
        TableFiles(folder).write(name, name, conform(name, register_table(name, register)))


def _write_year(task: YearTask) -> None:
    """Write `reports`, `observations` and `cells` of one year."""
    random, stem, files = np.random.default_rng([task.seed, task.year]), str(task.year), TableFiles(task.folder)
    due = [body for body in task.bodies if body.is_due(task.year)]
    has_reported = random.random(len(due)) >= ABSENT_SHARE
    bodies = [body for body, reported in zip(due, has_reported, strict=True) if reported]
    rows = table_from_rows("reports", [_report_row(body, task.year) for body in bodies])
    files.write("reports", stem, conform("reports", rows))
    for table, simulated in (
        ("observations", simulate_observations(bodies, task.year, random)),
        ("cells", simulate_cells(sorted(report_id(body, task.year) for body in bodies), random)),
    ):
        files.write(table, stem, simulated.select(schema(table).names))


def _report_row(body: Body, year: int) -> dict[str, object]:
    """Return the row of a loaded report; columns that no measured statement reads are null."""
    empty = dict.fromkeys(field.name for field in schema("reports"))
    identity = {"body_id": body.body_id, "body": body.name, "region_code": body.region_code, "level": body.level}
    state = {"form": FORM, "status": "loaded", "provenance": "simulated", "parent": body.parent or None}
    return empty | identity | state | {"report_id": report_id(body, year), "year": year, "source": "benchmarks/scale"}


def _write_due_and_contributors(folder: Path) -> None:
    """Compute `due` and `contributors` from the reports with the shipped SQL, and write one file per year."""
    by_name = {model.name: model.sql for model in models()}
    with duckdb.connect() as connection:
        for table in ("reports", "bodies", "successions"):
            source = f"read_parquet('{quoted(folder)}/{table}/*.parquet')"
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM {source}")
        for table in ("due", "descendants", "contributors"):
            connection.execute(f"CREATE TABLE {table} AS {by_name[table]}")
        for table in ("due", "contributors"):
            rows = connection.table(table).to_arrow_table()
            for year in YEARS:
                of_year = rows.filter(pc.equal(rows["year"], year))
                TableFiles(folder).write(table, str(year), conform(table, of_year))
