"""Made reports of similar bodies over two years, as processed reports without files, for the soft edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pipeline.core.form import forms
from pipeline.core.model import Cell, Extraction, Source
from pipeline.core.soft_findings import SOFT_EDITS
from pipeline.registry.bodies import Body, Register, Succession
from pipeline.registry.load import load_register
from pipeline.registry.lookup import add_reporting_bodies
from pipeline.report import ProcessedReport, apply_identities
from pipeline.rollup import compare
from pipeline.storage.load import tables_of

CITY = "321300"
BODIES = 12
# The figures of a body of size 1.
USUAL = {
    "proactive/normative_documents/issued": 12,
    "proactive/licensing/decisions": 60,
    "proactive/penalties/decisions": 40,
    "proactive/compulsion/decisions": 15,
    "proactive/fees/amount": 30,
}
PROCUREMENT = {"proactive/procurement/amount": 300, "proactive/procurement/projects": 20}
Values = Mapping[str, Decimal | int | None]
Row = dict[str, Any]


def make_body(number: int) -> Body:
    """Return a department of 宿迁市."""
    return Body(f"{CITY}-test-{number}", f"宿迁市第{number}测试局", (), "department", CITY, CITY)


def usual_values(number: int, year: int, form: str = "2021") -> dict[str, Decimal | int | None]:
    """Return the figures of a body: sizes 1 to 4, and some variation between bodies, years and cells."""
    cells = [(a, v) for a, v in {**USUAL, **PROCUREMENT}.items() if a in set(forms()[form].addresses())]
    return {
        address: value * (1 + number % 4) * (90 + (number * 7 + year * 3 + i * 5) % 21) // 100
        for i, (address, value) in enumerate(cells)
    }


def make_report(
    number: int, year: int, changes: Values | None = None, form: str = "2021", provenance: str = "published"
) -> ProcessedReport:
    """Return the report of a body with its usual figures, except for the changes; all other cells are 0."""
    body = make_body(number)
    values = (
        dict.fromkeys(forms()[form].addresses(), Decimal(0)) | usual_values(number, year, form) | dict(changes or {})
    )
    cells = tuple(_cell(a, v, i) for i, (a, v) in enumerate(values.items()) if not a.startswith("narrative/"))
    extraction = Extraction("html", "test", body.name, year, form, cells, (), (), True, provenance == "simulated")
    report_id = f"{year}/{body.body_id}.html"
    source = Source(report_id, report_id, body.name, CITY, "department", year, provenance, "test", "", "")
    report = ProcessedReport(source, body, extraction)
    report.edit(())
    return report


def _cell(address: str, value: Decimal | int | None, number: int) -> Cell:
    table, row, column = address.split("/")
    unit = "万元" if column == "amount" else "件"
    known = None if value is None else Decimal(value)
    kind = "blank" if known is None else "number" if known else "zero"
    return Cell(table, row, column, "" if known is None else str(known), known, kind, unit, 1, 0, number, 1, 1.0)  # type: ignore[arg-type]


def make_years(
    changes: Mapping[tuple[int, int], Values], years: Sequence[int] = (2023, 2024), **options: str
) -> list[ProcessedReport]:
    """Return the reports of all bodies in these years. `changes` has the changed figures by body number and year."""
    return [make_report(n, year, changes.get((n, year)), **options) for year in years for n in range(1, BODIES + 1)]


def find_soft(
    reports: Sequence[ProcessedReport], successions: Sequence[Succession] = (), norms: Any = None
) -> list[Row]:
    """Return the findings of the soft edits, and those about repeated tables."""
    failed = find_failed(reports, successions, norms)
    return [row for row in failed if row["identity"] in SOFT_EDITS or row["identity"] == "table.repeated"]


def find_failed(
    reports: Sequence[ProcessedReport], successions: Sequence[Succession] = (), norms: Any = None
) -> list[Row]:
    """Return the failed findings of all checks between the reports."""
    apply_identities(reports)
    rows = compare(tables_of(reports), make_register(reports, successions), norms).findings.to_pylist()
    return [row for row in rows if row["status"] == "fail"]


def make_register(reports: Sequence[ProcessedReport], successions: Sequence[Succession] = ()) -> Register:
    """Return the register with the bodies of the reports."""
    register = add_reporting_bodies(load_register(), [report.body for report in reports if report.body])
    return replace(register, successions=(*register.successions, *successions))
