"""Simulate observations: random values for every measure of form 2021."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
from arrow_columns import append_endings, decimal_column, repeat_all, repeat_each, take

from pipeline.core.form import forms
from pipeline.core.paths import REFERENCE
from pipeline.registry.load import Body

FORM = "2021"
BLANK_SHARE = 0.0005  # of the figures
NONZERO_SHARE, MAX_VALUE = 0.33, 10**7


@dataclass(frozen=True)
class Measure:
    """A figure that every body reports every year: indicator and kind of applicant, with unit and cells on the form."""

    indicator: str
    applicant: str
    unit: str
    cell: str


@cache
def measures() -> tuple[Measure, ...]:
    """Return the measures of form 2021 by the crosswalk, in the order of the key of `observations`."""
    with (REFERENCE / "crosswalk.csv").open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["indicator"] and line["form"] in ("*", FORM)]
    with (REFERENCE / "indicators.csv").open(encoding="utf-8", newline="") as file:
        units = {line["indicator"]: line["unit"] for line in csv.DictReader(file)}
    cells: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        for address in forms()[FORM].addresses():
            table, row, column = address.split("/")
            if (table, row) == (line["table"], line["row"]) and line["column"] in ("*", column):
                applicant = column if line["column"] == "*" else "total"
                cells.setdefault((line["indicator"], applicant), []).append(address)
    return tuple(Measure(i, a, units[i], "+".join(sorted(cells[i, a]))) for i, a in sorted(cells))


def report_id(body: Body, year: int) -> str:
    """Return the id of a body's report."""
    return f"{year}/{body.body_id}.html"


def simulate_observations(bodies: Sequence[Body], year: int, random: np.random.Generator) -> pa.Table:
    """Return the observations of the bodies, sorted by key if the bodies are sorted by id.

    A third of the values is not zero, and most of these are small.
    """
    count, per_body = len(bodies), measures()
    size = count * len(per_body)
    values = np.where(random.random(size) < NONZERO_SHARE, random.pareto(1.2, size) * 10, 0)
    is_known = random.random(size) >= BLANK_SHARE
    cities = [f"{year}/{body.parent}" if body.parent else None for body in bodies]
    return pa.table({
        "body_id": repeat_each([body.body_id for body in bodies], len(per_body)),
        "region_code": repeat_each([body.region_code for body in bodies], len(per_body)),
        "year": pa.array(np.full(size, year, np.int32)),
        "indicator": repeat_all([m.indicator for m in per_body], count),
        "applicant": repeat_all([m.applicant for m in per_body], count),
        "series": pa.array(np.ones(size, np.int32)),
        "value": decimal_column(values.clip(0, MAX_VALUE).astype(np.int64), is_known),
        "unit": repeat_all([m.unit for m in per_body], count),
        "obs_status": take(np.where(is_known, 0, 1).astype(np.int32), ["A", "M"]),
        "in_doubt": pa.nulls(size, pa.string()),
        "implied": pa.nulls(size, pa.decimal128(18, 6)),
        "provenance": repeat_all(["simulated"] * len(per_body), count),
        "report_id": repeat_each([report_id(body, year) for body in bodies], len(per_body)),
        "cell": repeat_all([m.cell for m in per_body], count),
        "total_id": append_endings(cities, [f"/{m.indicator}/{m.applicant}" for m in per_body]),
    })  # fmt: skip
