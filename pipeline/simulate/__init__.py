"""Simulate: report documents made by a program, to try the pipeline where no real reports are available.

Every simulated document is marked as simulated: in its title, at its head and foot, and in the manifest.
"""

from __future__ import annotations

from pipeline.core.model import ProjectFault
from pipeline.core.paths import Data
from pipeline.extract import extract
from pipeline.read import read
from pipeline.registry.load import load_register
from pipeline.simulate import sanmenxia

CITY_REPORT = "2019/411200.html"


def simulate_members(data: Data, seed: int = sanmenxia.SEED) -> int:
    """Split the 2019 report of 三门峡市 over its members and write their reports; return the number of reports.

    Raises ProjectFault if the prose of the city's report lacks a figure that is split.
    """
    city = extract(read(data.raw / CITY_REPORT), load_register(data.raw))
    figures = {f.row: f.value for f in city.figures if f.scope == "whole"}
    needed = ("disclosed.items", "disclosed.items_growth", "trainings", "trained")
    if not set(needed) <= set(figures):
        raise ProjectFault(
            "simulate.figures", report=CITY_REPORT, figures=", ".join(sorted(set(needed) - set(figures)))
        )
    items, growth_percent, trainings, trained = (figures[row] for row in needed)
    reports = sanmenxia.simulate_reports(
        {c.address: c.value for c in city.cells},
        sanmenxia.CityProse(int(items), growth_percent, int(trainings), int(trained)),
        seed,
    )
    sanmenxia.write_reports(reports, data.raw)
    return len(reports)
