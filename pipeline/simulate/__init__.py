"""Simulate: report documents made by a program, so that the flow can be tried where no real reports are at hand.

Everything made here says so: in its title, at its head and foot, and in the manifest.
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
    """Split 三门峡市's own report of 2019 over its members and write their reports; returns how many.

    Raises ProjectFault where the city's report does not give the figures of the prose that are split.
    """
    city = extract(read(data.raw / CITY_REPORT), load_register(data.raw))
    said = {f.row: f.value for f in city.figures if f.scope == "whole"}
    needed = ("disclosed.items", "disclosed.items_growth", "trainings", "trained")
    if not set(needed) <= set(said):
        raise ProjectFault(f"{CITY_REPORT}: no {sorted(set(needed) - set(said))} in the prose")
    items, growth, trainings, trained = (said[row] for row in needed)
    reports = sanmenxia.corpus(
        {c.address: c.value for c in city.cells},
        int(items),
        growth=growth,
        trainings=int(trainings),
        trained=int(trained),
        seed=seed,
    )
    sanmenxia.write(reports, data.raw)
    return len(reports)
