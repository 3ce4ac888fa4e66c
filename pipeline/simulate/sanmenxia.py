"""Simulate the reports of 三门峡市's counties, zones and departments for 2018 and 2019.

Only the city's own report is real. The simulated reports sum to it exactly, so compiling the members gives the city's
figures. No member's figure is one that the body published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

from pipeline.core.form import forms
from pipeline.core.model import ProjectFault
from pipeline.raw.manifest import MANIFEST_COLUMNS, read_lines, update_manifest
from pipeline.simulate import sentences
from pipeline.simulate.documents import MemberFigures, SimulatedReport, write_document
from pipeline.simulate.members import MEMBERS
from pipeline.simulate.random_integers import apportion, vary_weights
from pipeline.simulate.split import Cells, split_cells
from pipeline.simulate.statistics_form import simulate_statistics

SEED = 2019
YEAR, FORM = 2019, "2019"
PREVIOUS_YEAR, PREVIOUS_FORM = 2018, "2014"
SOURCE = "由 pipeline/simulate 生成，种子 {seed}"
# Members vary by up to this many percent: around the weight of their level, in people per training, and in growth.
SIZE_PERCENT, TRAINED_PERCENT, GROWTH_PERCENT = 40, 30, 10
UNPRINTED_FIGURE = "applications.carried_out"  # the prose of these documents does not give it


@dataclass(frozen=True)
class CityProse:
    """The figures of the city's prose in 2019 that are split over its members.

    They are the items disclosed, their growth since 2018 in percent, the training sessions, and the people trained.
    """

    items: int
    growth_percent: Decimal = Decimal(79)
    trainings: int = 24
    trained: int = 1151


@dataclass(frozen=True)
class _MemberProse:
    """A member's figures: items disclosed in 2019 and in 2018, and its training sessions and people trained in 2019."""

    items: int
    previous_items: int
    trainings: int
    trained: int


def simulate_reports(
    city_cells: Mapping[str, Decimal | None], prose: CityProse, seed: int = SEED
) -> list[SimulatedReport]:
    """Return the reports of all members for both years, sorted by path. The same arguments give the same bytes.

    `city_cells` are the city's cells of 2019 by address. Raises ValueError as `split_cells` does.
    """
    rng = Random(seed)  # noqa: S311 - the same seed must give the same numbers
    weights = vary_weights([member.weight for member in MEMBERS], SIZE_PERCENT, rng)
    cells = split_cells(forms()[FORM], city_cells, weights, rng)
    items = apportion(prose.items, weights)
    sessions = apportion(prose.trainings, weights)
    people = apportion(prose.trained, vary_weights(sessions, TRAINED_PERCENT, rng))
    city_previous_items = items_before(prose.items, prose.growth_percent)
    previous_items = apportion(city_previous_items, vary_weights(items, GROWTH_PERCENT, rng))
    reports: list[SimulatedReport] = []
    for number in range(len(MEMBERS)):
        member_prose = _MemberProse(items[number], previous_items[number], sessions[number], people[number])
        reports += _simulate_both_years(number, cells[number], member_prose, seed, rng)
    return sorted(reports, key=lambda report: report.path)


def _simulate_both_years(
    number: int, cells: Cells, prose: _MemberProse, seed: int, rng: Random
) -> tuple[SimulatedReport, SimulatedReport]:
    """Return a member's report of 2018, which leaves open the applications that `cells` carry in, and that of 2019."""
    member = MEMBERS[number]
    carried_over = cells["applications/carried_in/total"]
    statistics = simulate_statistics(forms()[PREVIOUS_FORM], prose.previous_items, carried_over, member.weight, rng)
    figures = {"disclosed.items": prose.items, "trainings": prose.trainings, "trained": prose.trained}
    figures |= _sum_repeated_cells(FORM, cells)
    previous = MemberFigures(
        member, PREVIOUS_YEAR, PREVIOUS_FORM, statistics, _sum_repeated_cells(PREVIOUS_FORM, statistics)
    )
    current = MemberFigures(member, YEAR, FORM, cells, figures)
    return write_document(previous, number, seed), write_document(current, number + 1, seed)


def items_before(items: int, growth_percent: Decimal) -> int:
    """Return the items of the previous year, from which they grew by `growth_percent` to `items`."""
    return int((items / (1 + growth_percent / 100)).quantize(Decimal(1), ROUND_HALF_UP))


def write_reports(reports: Sequence[SimulatedReport], raw: Path) -> None:
    """Write the documents below `raw` and enter them in its manifest; its other lines stay unchanged.

    Raises ProjectFault, and writes nothing, where the path belongs to a report that is not simulated.
    """
    manifest = raw / "manifest.csv"
    real = {e["path"] for e in read_lines(manifest) if e["provenance"] != "simulated"} if manifest.exists() else set()
    conflicts = sorted(real & {report.path for report in reports})
    if conflicts:
        raise ProjectFault("simulate.real", path=manifest, reports=", ".join(conflicts))
    for report in reports:
        path = raw / report.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(report.content)
    update_manifest(manifest, map(_manifest_line, reports))


def _sum_repeated_cells(form: str, cells: Cells) -> dict[str, int]:
    """Return the prose figures that repeat cells, by row."""
    figures = sentences.sum_repeated_cells(forms()[form], cells)
    return {row: value for row, value in figures.items() if row != UNPRINTED_FIGURE}


def _manifest_line(report: SimulatedReport) -> dict[str, str]:
    """Return the manifest line of a report."""
    member, digest = report.member, hashlib.sha256(report.content).hexdigest()
    source = SOURCE.format(seed=report.seed)
    values = (report.path, member.name, member.region_code, member.level, str(report.year), "simulated", source, digest)
    return dict(zip(MANIFEST_COLUMNS, values, strict=True))
