"""Measure the soft edits on simulated decades: the share of clean reports with a finding, and the factor slips found.

`uv run --group dev python benchmarks/soft_edits.py [ROUNDS] > docs/measured/soft_edits.md` takes some minutes.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import NamedTuple

from pipeline.core.form import forms
from pipeline.core.paths import Data
from pipeline.core.soft_findings import SOFT_EDITS
from pipeline.raw.file_state import RawFiles
from pipeline.raw.manifest import read_entries
from pipeline.registry.bodies import Register
from pipeline.registry.load import load_register
from pipeline.registry.lookup import add_reporting_bodies
from pipeline.report import ProcessedReport, apply_identities, process_report
from pipeline.rollup import compare
from pipeline.simulate.cities import list_city_codes
from pipeline.simulate.corpus import write_corpus
from pipeline.simulate.corpus_spec import CorpusSpec
from pipeline.storage.load import tables_of

ROUNDS = 8
SLIPS_PER_YEAR = 3  # in each round: so few that the norms of the year stay those of clean reports
SPECS = (
    (CorpusSpec(2014, 2024, 12, ("txt",), 0, 7), 6),
    (CorpusSpec(2014, 2024, 30, ("html",), 0, 11), 3),
)
FACTORS = (10, 100, 1000, 10_000)
MONEY_FACTOR = 10_000
LEAST_PRIOR, LEAST_SLIP = 10, 20  # as `min_prior` and `min_value` of year.factor in soft_thresholds.csv
MONEY_CELLS = ("proactive/fees/amount", "proactive/procurement/amount", "statistics/budget/value",
               "statistics/fees_charged/value")  # fmt: skip
GROUPS = ("with identities", "without identities", "money")
ALIKE = Decimal(3)  # a true figure within this factor of the one of the year before is like it
INTRODUCTION = """# Soft edits

Written by `uv run --group dev python benchmarks/soft_edits.py > docs/measured/soft_edits.md`. The corpora are made by
`ogi simulate` without errors: {corpora}. All seeds are fixed.

The simulation is rougher than real reports. It draws most figures of a body independently every year, between 0 and
a maximum that grows with the size of the body, each with the same probability. So in the simulation one figure in
twenty is more than ten times that of the year before, and one in ten times ten is still an ordinary figure of its
body. Only the items disclosed, the documents in force and the kinds of items continue from year to year. Real bodies
change less, but sometimes for good reasons that no simulation knows. The page says nothing about the share of real
reports with a finding.
"""
CLEAN_HEAD = """## Clean reports

A report has a finding if a soft edit asks about it: {edits}.

| corpus | reports | with a finding | share |
|---|---:|---:|---:|"""
SLIPS_HEAD = """## Factor slips

In each round, one figure of {per_year} reports of every year is multiplied by 10, 100, 1,000 or 10,000, each with the
same probability; an amount of money by 10,000. The cell is drawn from all cells of the report that qualify:

- a count that is not 0, whose product is at least {slip}, and which was at least {prior} in the previous report on the
  same form;
- an amount of money that is not 0, with or without a figure of the year before.

A slip is found if a soft edit asks about its cell, or if a broken identity contains the cell. An identity contains all
cells of applications, reviews and lawsuits. There the editing names the wrong number, and no soft edit repeats it.

| cell | factor | slips | soft edit | identity | found |
|---|---:|---:|---:|---:|---:|"""


@dataclass(frozen=True)
class Slip:
    """A figure of a report that is multiplied. `is_alike` is whether its true value is like that of the year before."""

    report: int
    cell: str
    group: str
    factor: int
    is_alike: bool


class Outcome(NamedTuple):
    """A slip, whether a soft edit asks about its cell, and whether a broken identity contains the cell."""

    slip: Slip
    is_asked: bool
    is_broken: bool


def read_corpus(spec: CorpusSpec, cities: int, folder: Path) -> tuple[list[ProcessedReport], Register]:
    """Return the reports of a new corpus, with their edits tested, and its register."""
    write_corpus(folder, spec, list_city_codes(spec.last_year)[:cities], 2)
    data = Data(folder)
    register = load_register(data.raw)
    entries = read_entries(data.manifest, RawFiles(data.raw))
    reports = [process_report(e, (data.raw / e.source.report_id).read_bytes(), register, ()) for e in entries]
    apply_identities(reports)
    return reports, add_reporting_bodies(register, [report.body for report in reports if report.body])


def soft_findings(reports: Sequence[ProcessedReport], register: Register) -> list[dict[str, str]]:
    """Return the findings of the soft edits, rows of table `findings`."""
    return [row for row in compare(tables_of(reports), register).findings.to_pylist() if row["identity"] in SOFT_EDITS]


def draw_slips(reports: Sequence[ProcessedReport], random: Random) -> Iterator[Slip]:
    """Yield a slip in some reports of each year."""
    previous = {(r.body.body_id, r.source.year + 1): r for r in reports if r.body}
    by_year: dict[int, list[int]] = {}
    for number, report in enumerate(reports):
        by_year.setdefault(report.source.year, []).append(number)
    for numbers in by_year.values():
        for number in random.sample(numbers, SLIPS_PER_YEAR):
            report = reports[number]
            factor = random.choice(FACTORS)
            prior = previous.get((report.body.body_id, report.source.year)) if report.body else None
            if choices := list(_possible_slips(number, report, prior, factor)):
                yield random.choice(choices)


def _possible_slips(
    number: int, report: ProcessedReport, previous: ProcessedReport | None, factor: int
) -> Iterator[Slip]:
    """Yield a slip per cell of a report that qualifies."""
    assert report.extraction
    form = forms()[report.extraction.form]
    is_same_form = previous is not None and previous.extraction and previous.extraction.form == form.code
    priors = previous.values if previous and is_same_form else {}
    bound = {a for i in form.instances if not i.place.startswith("narrative/") for a in i.left + i.right}
    for cell in report.extraction.cells:
        value, prior = cell.value, priors.get(cell.address)
        if not value or value < 0:
            continue
        is_alike = prior is not None and value <= ALIKE * prior and prior <= ALIKE * value
        if cell.address in MONEY_CELLS:
            yield Slip(number, cell.address, "money", MONEY_FACTOR, is_alike)
        elif prior is not None and prior >= LEAST_PRIOR and value * factor >= LEAST_SLIP:
            group = GROUPS[0] if cell.address in bound else GROUPS[1]
            yield Slip(number, cell.address, group, factor, is_alike)


def with_slip(report: ProcessedReport, slip: Slip) -> ProcessedReport:
    """Return the report with one figure multiplied, edited again."""
    assert report.extraction
    cells = tuple(
        replace(c, value=c.value * slip.factor) if c.address == slip.cell and c.value is not None else c
        for c in report.extraction.cells
    )
    changed = replace(report, extraction=replace(report.extraction, cells=cells), findings=[])
    changed.edit(())
    apply_identities([changed])
    return changed


def try_round(reports: Sequence[ProcessedReport], register: Register, random: Random) -> Iterator[Outcome]:
    """Yield the outcome of each slip of a round."""
    slips = {slip.report: slip for slip in draw_slips(reports, random)}
    changed = [with_slip(r, slips[i]) if i in slips else r for i, r in enumerate(reports)]
    asked = {(row["report_id"], row["place"]) for row in soft_findings(changed, register)}
    for slip in slips.values():
        report = changed[slip.report]
        broken = {cell for f in report.findings if f.status == "fail" for cell in f.cells}
        yield Outcome(slip, (report.source.report_id, slip.cell) in asked, slip.cell in broken)


def slip_rows(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the rows of the table of slips: per group and factor, then in total."""
    for group in GROUPS:
        for factor in FACTORS:
            chosen = [o for o in outcomes if (o.slip.group, o.slip.factor) == (group, factor)]
            if chosen:
                yield _slip_row(group, f"{factor:,}", chosen)
    yield _slip_row("**all**", "", outcomes)
    alike = [o for o in outcomes if o.slip.group != GROUPS[0] and (o.slip.is_alike or o.slip.group == "money")]
    yield _slip_row("counts without identities that are like the year before, and money", "", alike)


def _slip_row(group: str, factor: str, outcomes: Sequence[Outcome]) -> str:
    asked, broken = sum(o.is_asked for o in outcomes), sum(o.is_broken for o in outcomes)
    found = sum(o.is_asked or o.is_broken for o in outcomes)
    shares = " | ".join(f"{100 * count / len(outcomes):.1f} %" for count in (asked, broken, found))
    return f"| {group} | {factor} | {len(outcomes):,} | {shares} |"


def clean_row(name: str, reports: Sequence[ProcessedReport], findings: Sequence[Mapping[str, str]]) -> str:
    """Return the row of a corpus in the table of clean reports."""
    asked = len({row["report_id"] for row in findings})
    return f"| {name} | {len(reports):,} | {asked} | {100 * asked / len(reports):.1f} % |"


def main(rounds: int) -> None:
    """Print the page."""
    outcomes: list[Outcome] = []
    names, rows, counts = [], [], Counter[str]()
    for spec, cities in SPECS:
        with tempfile.TemporaryDirectory() as folder, redirect_stdout(sys.stderr):
            reports, register = read_corpus(spec, cities, Path(folder))
        name = f"{cities} cities with {spec.member_count} members each, {spec.first_year}-{spec.last_year}"
        findings = soft_findings(reports, register)
        counts.update(row["identity"] for row in findings)
        names.append(name)
        rows.append(clean_row(name, reports, findings))
        random = Random(spec.seed)
        for _ in range(rounds):
            outcomes += try_round(reports, register, random)
    print(INTRODUCTION.format(corpora="; ".join(names)))
    print(CLEAN_HEAD.format(edits=", ".join(f"`{edit}`" for edit in sorted(SOFT_EDITS))))
    print("\n".join(rows))
    print("\nFindings: " + ", ".join(f"{count} of `{edit}`" for edit, count in sorted(counts.items())) + ".\n")
    print(SLIPS_HEAD.format(per_year=SLIPS_PER_YEAR, slip=LEAST_SLIP, prior=LEAST_PRIOR))
    print("\n".join(slip_rows(outcomes)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
