"""A simulated corpus: the reports of 三门峡市's counties, zones and departments for 2018 and 2019.

Only the city's own report is real. What is made here sums to it exactly, so that compiling the members gives the
city's figures; no member's figure is one that the body published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

from pipeline.core.form import forms
from pipeline.core.model import ProjectFault
from pipeline.raw.manifest import MANIFEST_COLUMNS, read_lines, update_manifest
from pipeline.simulate import sentences
from pipeline.simulate.chance import apportion, vary
from pipeline.simulate.documents import SimulatedReport, document
from pipeline.simulate.members import MEMBERS
from pipeline.simulate.split import Cells, split_cells
from pipeline.simulate.statistics import statistics

SEED = 2019
YEAR, FORM = 2019, "2019"
YEAR_BEFORE, FORM_BEFORE = 2018, "2014"
SOURCE = "由 pipeline/simulate 生成，种子 {seed}"
# Members differ from the weight of their level, in training, and in growth by up to so many percent.
SIZES, CLASSES, GROWTH = 40, 30, 10
# The figures of the prose that repeat cells of the tables, by form: each is the sum of the cells named.
# These documents do not say what they carry out.
REPEATED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    form: {row: cells for row, cells in sentences.REPEATED[form].items() if row != "applications.carried_out"}
    for form in (FORM, FORM_BEFORE)
}


def corpus(
    city_cells: Mapping[str, Decimal | None],
    items: int,
    *,
    growth: Decimal = Decimal(79),
    trainings: int = 24,
    trained: int = 1151,
    seed: int = SEED,
) -> list[SimulatedReport]:
    """Both years' reports of all members, by path. The same arguments give the same bytes.

    `city_cells` are the city's of 2019 by address; `items` and the figures after it are those of its prose: the items
    it disclosed, their growth in percent, its training sessions and the people trained.
    """
    rng = Random(seed)  # noqa: S311 - simulation, and the same for the same seed
    weights = vary([member.weight for member in MEMBERS], SIZES, rng)
    cells = split_cells(forms()[FORM], city_cells, weights, rng)
    disclosed = apportion(items, weights)
    sessions = apportion(trainings, weights)
    people = apportion(trained, vary(sessions, CLASSES, rng))
    before = apportion(items_before(items, growth), vary(disclosed, GROWTH, rng))
    reports: list[SimulatedReport] = []
    for number in range(len(MEMBERS)):
        prose = {"disclosed.items": disclosed[number], "trainings": sessions[number], "trained": people[number]}
        reports += _both_years(number, cells[number], prose, before[number], seed, rng)
    return sorted(reports, key=lambda report: report.path)


def _both_years(
    number: int, cells: Cells, prose: Mapping[str, int], before: int, seed: int, rng: Random
) -> tuple[SimulatedReport, SimulatedReport]:
    """A member's report of the year before, which left open what `cells` carry in, and of the year itself."""
    member = MEMBERS[number]
    table = statistics(forms()[FORM_BEFORE], before, cells["applications/carried_in/total"], member.weight, rng)
    figures = {**prose, **_repeated(FORM, cells)}
    return (
        document(member, YEAR_BEFORE, FORM_BEFORE, table, _repeated(FORM_BEFORE, table), number, seed),
        document(member, YEAR, FORM, cells, figures, number + 1, seed),
    )


def items_before(items: int, growth: Decimal) -> int:
    """The items of the year before, where growth was `growth` percent."""
    return int((items / (1 + growth / 100)).quantize(Decimal(1), ROUND_HALF_UP))


def write(reports: Sequence[SimulatedReport], raw: Path) -> None:
    """Write the documents below `raw` and enter them in its manifest, whose other lines stay as they are.

    Raises ProjectFault, and writes nothing, where a path is taken by a report that is not simulated.
    """
    manifest = raw / "manifest.csv"
    real = {e["path"] for e in read_lines(manifest) if e["provenance"] != "simulated"} if manifest.exists() else set()
    taken = sorted(real & {report.path for report in reports})
    if taken:
        raise ProjectFault(f"{manifest}: not simulated, so not overwritten: {', '.join(taken)}")
    for report in reports:
        path = raw / report.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(report.content)
    update_manifest(manifest, map(_line, reports))


def _repeated(form: str, cells: Cells) -> dict[str, int]:
    return {row: sum(cells[address] for address in named) for row, named in REPEATED[form].items()}


def _line(report: SimulatedReport) -> dict[str, str]:
    member, digest = report.member, hashlib.sha256(report.content).hexdigest()
    source = SOURCE.format(seed=report.seed)
    found = (report.path, member.name, member.region_code, member.level, str(report.year), "simulated", source, digest)
    return dict(zip(MANIFEST_COLUMNS, found, strict=True))
