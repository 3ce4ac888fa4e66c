"""Example findings for the page of rules: of the shipped reports, or of shipped reports with one changed number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from docs_build.soft_examples import made_reports
from pipeline.core.form import Form, forms
from pipeline.core.identity import Instance
from pipeline.core.model import Finding
from pipeline.core.paths import PACKAGE, Data
from pipeline.core.sentences import sentence
from pipeline.edit.statutory import confront_form
from pipeline.raw.file_state import RawFiles
from pipeline.raw.manifest import read_entries
from pipeline.registry.bodies import Register
from pipeline.registry.load import load_register
from pipeline.registry.lookup import add_reporting_bodies
from pipeline.report import ProcessedReport, process_report
from pipeline.rollup import compare
from pipeline.storage.load import tables_of

DATA = Data(PACKAGE.parent / "data")
# The report whose numbers are changed, by form.
SAMPLES = {"2014": "2018/411221.txt", "2019": "2019/411200.html", "2021": "2024/320800.html"}
CHANGE = Decimal(10)
Row = Mapping[str, Any]


@cache
def shipped_reports() -> tuple[ProcessedReport, ...]:
    """Return the shipped reports, read and edited, without decisions; of 2018, whose form has no checks, the sample."""
    register = load_register(DATA.raw)
    entries = read_entries(DATA.manifest, RawFiles(DATA.raw))
    used = [entry for entry in entries if entry.source.year > 2018 or entry.source.report_id == SAMPLES["2014"]]
    return tuple(process_report(e, (DATA.raw / e.source.report_id).read_bytes(), register, ()) for e in used)


def edit_example(form: Form, identity_id: str) -> tuple[str, str]:
    """Return the sentences (zh, en) of a failed identity: the first cell of its left side is changed in a sample."""
    (sample,) = (r for r in shipped_reports() if r.source.report_id == SAMPLES[form.code])
    values = dict(sample.values)
    instances = [i for i in form.instances if i.identity.id == identity_id]
    known = [i for i in instances if all(values.get(a) is not None for a in i.left + i.right)]
    instance = (known or instances)[0]
    values |= {a: Decimal(0) for a in instance.left + instance.right if values.get(a) is None}
    values[instance.left[0]] = _broken_value(instance, values)
    findings = confront_form([values], form)[0]
    finding = next(f for f in findings if (f.identity, f.place) == (identity_id, instance.place))
    assert finding.status == "fail", finding
    return _sentences(_finding_row(finding), form.code)


def _broken_value(instance: Instance, values: Mapping[str, Decimal | None]) -> Decimal:
    """Return a value of the first cell of the left side that breaks the identity."""
    left, right = (sum((values[a] or Decimal(0) for a in side), Decimal(0)) for side in (instance.left, instance.right))
    first = values[instance.left[0]] or Decimal(0)
    return first + CHANGE if instance.identity.relation == "=" else first - (left - right) - CHANGE


def _finding_row(finding: Finding) -> Row:
    sides = {"lhs": finding.lhs, "rhs": finding.rhs, "difference": (finding.lhs or 0) - (finding.rhs or 0)}
    return {"identity": finding.identity, "place": finding.place, "note": finding.note} | sides


@cache
def check_examples() -> Mapping[str, tuple[bool, str, str]]:
    """Return for each check whether its example is of unchanged shipped reports, and its sentences (zh, en)."""
    shipped = _outcomes(shipped_reports())
    examples = {row["identity"]: (True, *_sentences(row, _form_of(row))) for row in _failing(shipped)}
    passing = {row["identity"]: row for row in reversed(shipped) if row["status"] == "pass"}
    targets = [row for name, row in passing.items() if name not in examples]
    reports = [_changed(report, targets) for report in shipped_reports()]
    places = {_place(row) for row in targets}
    simulated = [row for row in _outcomes(reports) if _place(row) in places]
    for checks, made in made_reports(shipped_reports(), SAMPLES["2019"]):
        simulated += [row for row in _outcomes(made) if row["identity"] in checks]
    return {row["identity"]: (False, *_sentences(row, _form_of(row))) for row in _failing(simulated)} | examples


def _place(row: Row) -> tuple[str, ...]:
    """Return the columns that identify a finding."""
    return row["identity"], row["report_id"], row["place"]


def _outcomes(reports: Sequence[ProcessedReport]) -> list[Row]:
    """Return the findings of all checks, in a fixed order."""
    rows: list[Row] = compare(tables_of(reports), _register(reports)).findings.to_pylist()
    return sorted(rows, key=lambda row: (row["identity"], row["report_id"], row["place"], row["note"] or ""))


def _register(reports: Sequence[ProcessedReport]) -> Register:
    return add_reporting_bodies(load_register(DATA.raw), [report.body for report in reports if report.body])


def _failing(rows: Sequence[Row]) -> list[Row]:
    """Return the first failed finding of each check."""
    return list({row["identity"]: row for row in reversed(rows) if row["status"] == "fail"}.values())


def _form_of(row: Row) -> str:
    year = int(row["report_id"].partition("/")[0])
    return next(form.code for form in forms().values() if form.covers(year))


def _changed(report: ProcessedReport, targets: Sequence[Row]) -> ProcessedReport:
    """Return the report with another number at the place of each target in it: a cell, or a figure of the prose."""
    places = {t["place"].partition("+")[0] for t in targets if t["report_id"] == report.source.report_id}
    if not places or report.extraction is None:
        return report
    cells = tuple(
        replace(c, value=c.value + CHANGE, kind="number") if c.address in places and c.value is not None else c
        for c in report.extraction.cells
    )
    figures = tuple(
        replace(f, value=f.value + CHANGE) if f"narrative/{f.row}/value" in places and f.scope != "body" else f
        for f in report.extraction.figures
    )
    return replace(report, extraction=replace(report.extraction, cells=cells, figures=figures), derived=())


def _sentences(row: Row, form_code: str) -> tuple[str, str]:
    return sentence(row, form_code, "zh"), sentence(row, form_code, "en")
