"""A made country of so many facts, straight as Parquet in ogi's own layout: seeded random numbers, marked simulated."""

from __future__ import annotations

import csv
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from columns import chosen, decimals, products, repeated, tiled, write
from made_cells import write_cells

from pipeline.core.form import forms
from pipeline.core.paths import REFERENCE, SQL
from pipeline.registry.load import Body, Register, Succession
from pipeline.rollup.registers import register_table
from pipeline.storage import load
from pipeline.storage.schema import schema, table_from_rows

YEARS = range(2008, 2025)
MEMBERS, PROVINCES = 120, 31
ABSENT, BLANK = 0.03, 0.0005  # of the reports, of the figures
FORM = "2021"


@dataclass(frozen=True)
class Fact:
    """What every body says every year."""

    indicator: str
    applicant: str
    unit: str
    cell: str


@cache
def facts() -> tuple[Fact, ...]:
    """The facts of form 2021 as the crosswalk has them, in the order of the key."""
    with (REFERENCE / "crosswalk.csv").open(encoding="utf-8", newline="") as file:
        lines = [x for x in csv.DictReader(file) if x["indicator"] and x["form"] in ("*", FORM)]
    with (REFERENCE / "indicators.csv").open(encoding="utf-8", newline="") as file:
        units = {x["indicator"]: x["unit"] for x in csv.DictReader(file)}
    found: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        for address in forms()[FORM].addresses():
            table, row, column = address.split("/")
            if (table, row) == (line["table"], line["row"]) and line["column"] in ("*", column):
                applicant = column if line["column"] == "*" else "total"
                found.setdefault((line["indicator"], applicant), []).append(address)
    return tuple(Fact(i, a, units[i], "+".join(sorted(found[i, a]))) for i, a in sorted(found))


def bodies(wanted: int) -> list[Body]:
    """Cities with 120 members each, by turns in 31 provinces. In every tenth city an office is replaced in 2016, in
    every twentieth one is split.
    """
    cities = max(1, round(wanted / (len(YEARS) * (MEMBERS + 1) * len(facts()) * (1 - ABSENT))))
    found = []
    for number in range(cities):
        code = f"{11 + number % PROVINCES}{1 + number // PROVINCES:02d}00"
        found.append(Body(code, f"模拟市{number}人民政府", (), "city", code, ""))
        found += [_member(code, number, i) for i in range(1, MEMBERS + 1)]
    return found


def _member(code: str, city: int, number: int) -> Body:
    first = 2016 if number == MEMBERS and city % 10 == 0 else None
    last = 2015 if number == MEMBERS - 1 and city % 10 == 0 else None
    if number <= 12:
        return Body(
            code[:4] + f"{number:02d}", f"模拟县{city}-{number}", (), "county", code[:4] + f"{number:02d}", code
        )
    name = f"{code}-office{number:03d}"
    return Body(name, f"模拟局{city}-{number}", (), "department", code, code, first, last)


def make(folder: Path, wanted: int, seed: int = 7) -> None:
    """Write registers, reports, observations, coverage and cells."""
    known = bodies(wanted)
    _registers(folder, known)
    by_province: dict[str, list[Body]] = {}
    for body in sorted(known, key=lambda b: b.body_id):
        by_province.setdefault(body.region_code[:2], []).append(body)
    parts = [(folder, year, province, by_province[province], seed) for year in YEARS for province in by_province]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_part, parts, chunksize=4))
    _coverage(folder)


def _registers(folder: Path, known: list[Body]) -> None:
    by_id = {b.body_id: b for b in known}
    pairs = [(b, by_id[f"{b.parent}-office{MEMBERS:03d}"]) for b in known if b.last_year == 2015]
    joined = [Succession(a.body_id, b.body_id, 2016, "replaced", "simulated") for a, b in pairs]
    for a, b in pairs[::2]:
        joined.append(Succession(f"{a.parent}-office050", f"{b.parent}-office051", 2012, "split", "simulated"))
    found = Register(by_id, {b.name: b for b in known}, tuple(joined))
    for name in ("bodies", "successions", "indicators"):
        load.write(folder, name, name, register_table(name, found))


def _part(given: tuple[Path, int, str, list[Body], int]) -> None:
    """The files of a year and province."""
    folder, year, province, known, seed = given
    random, stem = np.random.default_rng([seed, year, int(province)]), f"{year}-{province}"
    due = [b for b in known if b.is_due(year)]
    here = [b for b, there in zip(due, random.random(len(due)) >= ABSENT, strict=True) if there]
    load.write(folder, "reports", stem, table_from_rows("reports", [_report(b, year) for b in here]))
    write(folder, "observations", stem, _observations(here, year, random))
    write_cells(folder, stem, [_id(b, year) for b in here], random)


def _id(body: Body, year: int) -> str:
    return f"{year}/{body.body_id}.html"


def _report(body: Body, year: int) -> dict[str, object]:
    base = dict.fromkeys(f.name for f in schema("reports"))
    known = {"body_id": body.body_id, "body": body.name, "region_code": body.region_code, "level": body.level}
    state = {"form": FORM, "status": "loaded", "provenance": "simulated", "parent": body.parent or None}
    return base | known | state | {"report_id": _id(body, year), "year": year, "source": "benchmarks/scale"}


def _observations(here: list[Body], year: int, random: np.random.Generator) -> dict[str, pa.Array]:
    """A third of the figures are not zero, most of these small."""
    said, n = facts(), len(here)
    m = len(said)
    values = np.where(random.random(n * m) < 0.33, random.pareto(1.2, n * m) * 10, 0).clip(0, 10**7).astype(np.int64)
    present = random.random(n * m) >= BLANK
    cities = [f"{year}/{b.parent}" if b.parent else None for b in here]
    return {
        "body_id": repeated([b.body_id for b in here], m), "region_code": repeated([b.region_code for b in here], m),
        "year": pa.array(np.full(n * m, year, np.int32)), "indicator": tiled([f.indicator for f in said], n),
        "applicant": tiled([f.applicant for f in said], n), "value": decimals(values, present),
        "unit": tiled([f.unit for f in said], n),
        "obs_status": chosen(np.where(present, 0, 1).astype(np.int32), ["A", "M"]),
        "provenance": tiled(["simulated"] * m, n), "report_id": repeated([_id(b, year) for b in here], m),
        "cell": tiled([f.cell for f in said], n),
        "total_id": products(cities, [f"/{f.indicator}/{f.applicant}" for f in said]),
    }  # fmt: skip


def _coverage(folder: Path) -> None:
    """By the shipped SQL, from the reports."""
    with duckdb.connect() as connection:
        for table in ("reports", "bodies", "successions"):
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{folder}/{table}/*.parquet')")
        rows = connection.sql((SQL / "rollup" / "coverage.sql").read_text(encoding="utf-8")).to_arrow_table()
    provinces = pc.utf8_slice_codeunits(rows["city_id"], 0, 2)
    stems = pc.binary_join_element_wise(rows["year"].cast(pa.string()), provinces, "-")
    for stem in stems.unique().to_pylist():
        load.write(folder, "coverage", stem, rows.filter(pc.equal(stems, stem)))
