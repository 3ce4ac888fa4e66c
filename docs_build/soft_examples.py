"""Reports for the examples of checks that compare two years or several bodies: shipped reports with changed numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.report import ProcessedReport

PROCUREMENT, LICENSING = "proactive/procurement/amount", "proactive/licensing/decisions"
FACTOR, RISE = 1000, 60
AMOUNT_IN_YUAN = Decimal("11989616.91")  # a city printed its fees so, in a cell in 万元
Reports = Sequence[ProcessedReport]


def made_reports(shipped: Reports, sample_id: str) -> Iterator[tuple[tuple[str, ...], list[ProcessedReport]]]:
    """Yield sets of reports, each with the checks for which it is an example.

    `shipped` are the shipped reports, and `sample_id` is that of the city's report on the form of 2019.
    """
    (sample,) = (report for report in shipped if report.source.report_id == sample_id)
    yield ("report.repeated_year", "year.items"), [*shipped, next_year(sample)]
    yield ("table.repeated",), [*shipped, next_year(sample, lambda address, v: v + address.startswith("applications/"))]
    yield ("year.factor",), [*shipped, next_year(sample, _times({LICENSING: FACTOR}))]
    members = [r for r in shipped if r.source.level != "city" and r.source.year == sample.source.year]
    first, second, *others = sorted(members, key=lambda r: r.values[LICENSING] or 0, reverse=True)
    yield ("report.repeated_body",), [first, replace(second, extraction=first.extraction), *others]
    yield ("peer.factor",), [_changed(sample, lambda address, v: AMOUNT_IN_YUAN if address == PROCUREMENT else v)]
    yield ("peer.gap",), [_changed(r, _times({LICENSING: RISE})) if r is first else r for r in members]
    rise = next_year(first, lambda address, v: RISE * v + 1 if address == LICENSING else v)
    yield ("year.ratio",), [*members, rise, *map(next_year, (second, *others))]


def next_year(
    report: ProcessedReport, change: Callable[[str, Decimal], Decimal] = lambda _address, value: value
) -> ProcessedReport:
    """Return the report as one of the next year, with the changed values of its cells."""
    year, _, name = report.source.report_id.partition("/")
    source = report.source._replace(report_id=f"{int(year) + 1}/{name}", year=int(year) + 1)
    return _changed(replace(report, source=source), change)


def _changed(report: ProcessedReport, change: Callable[[str, Decimal], Decimal]) -> ProcessedReport:
    if report.extraction is None:
        return report
    cells = tuple(
        c if c.value is None else replace(c, value=Decimal(change(c.address, c.value)), kind="number")
        for c in report.extraction.cells
    )
    return replace(report, extraction=replace(report.extraction, cells=cells), derived=(), proposals=())


def _times(factors: Mapping[str, int]) -> Callable[[str, Decimal], Decimal]:
    """Return a change that multiplies the values of some cells."""
    return lambda address, value: value * factors.get(address, 1)
