"""Check: test single reports before they are submitted, without writing any data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from pipeline.core.decisions import decisions_on, read_decisions
from pipeline.core.file_names import is_portable_name
from pipeline.core.kind import Kind, report_part
from pipeline.core.model import ANNUAL_REPORT, DataFault, Extraction, Finding, Source
from pipeline.core.paths import Data
from pipeline.edit.formulas import check_formulas
from pipeline.edit.review import form_edit_set
from pipeline.job.evidence import collect_evidence
from pipeline.job.plan import decisions_file
from pipeline.registry.bodies import Body, Register
from pipeline.registry.load import load_register
from pipeline.registry.lookup import add_reporting_bodies, find_body
from pipeline.report import ProcessedReport, apply_identities, read_report, source_findings
from pipeline.rollup import compare
from pipeline.rollup.answers import finding_of
from pipeline.runtime.child_process import Guard, kept_child
from pipeline.storage.load import Tables, concatenate, read_tables, rows_of_reports, tables_of
from pipeline.storage.partition import TableFiles
from pipeline.storage.schema import schema

Reports = Sequence[ProcessedReport]


@dataclass(frozen=True)
class Statement:
    """The words of a person about a file: body, report year, quarter and subject. None leaves it to the document."""

    body: str | None = None
    year: int | None = None
    quarter: int | None = None
    subject: str | None = None


def check(
    paths: Sequence[Path],
    data: Data | Path | str,
    statements: Mapping[Path, Statement] | None = None,
    child: Guard | None = None,
) -> list[ProcessedReport]:
    """Return a processed report per file: its findings, proposals and derived values, or its fault.

    All edits are tested. Those between reports compare the files with each other and with the published snapshot of the
    data folder, if there is one: the year before, the members of a city, and the usual figures of similar bodies. The
    answers of the data folder's decisions to findings on the body and year apply; its decisions on cells do not,
    because the printed numbers are tested. The `statements` of a person on a file come before what it says itself.
    A `child` that already runs reads the files; the caller ends it.

    Raises ProjectFault for a file of decisions that cannot be read.

    Example::

        from pathlib import Path
        from pipeline import check
        (report,) = check([Path("data/raw/2019/411200.html")], "data")
        print([finding.identity for finding in report.findings if finding.status == "fail"])
    """
    data = data if isinstance(data, Data) else Data(Path(data))
    with nullcontext(child) if child else kept_child() as reader:
        reports = [
            _read(reader, path, number, data.raw, (statements or {}).get(path, Statement()))
            for number, path in enumerate(paths)
        ]
    _add_answers(reports, decisions_file(data))
    apply_identities(reports)
    for together, chosen in _rounds([report for report in reports if report.fault is None and report.kind is None]):
        _add_comparison(together, chosen, data)
    return reports


def _rounds(reports: Reports) -> Iterator[tuple[Reports, Reports]]:
    """Yield sets of reports to compare, and the reports of each whose outcome counts.

    A set has one report of a body and year. Other versions of it, which are not compared with each other, take its
    place in the sets that follow.
    """
    versions: dict[object, list[ProcessedReport]] = {}
    for number, report in enumerate(reports):
        place = (report.body.body_id, report.source.year) if report.body else number
        versions.setdefault(place, []).append(report)
    for turn in range(max(map(len, versions.values()), default=0)):
        together = [own[min(turn, len(own) - 1)] for own in versions.values()]
        yield together, [own[turn] for own in versions.values() if turn < len(own)]


def _add_comparison(reports: Reports, chosen: Reports, data: Data) -> None:
    """Compare reports; add to the chosen ones the findings between reports, and the largest changes on last year."""
    register, files = _register(data, reports), TableFiles(data.current)
    tables = _with_neighbours(tables_of(reports), files, register)
    for report in chosen:
        if report.proposals:
            report.evidence = collect_evidence(report, tables, register)
            report.edit(report.decisions)
    comparison = compare(tables, register, published_norms({r.source.year for r in reports}, files))
    findings: dict[str, list[Finding]] = {}
    for row in comparison.findings.to_pylist():
        findings.setdefault(row["report_id"], []).append(_with_file_names(finding_of(row), reports))
    for report in chosen:
        report.findings += findings.get(report.source.report_id, ())
        own = (report.body.name if report.body else None, report.source.year)
        report.changes = {
            lang: [row for row in rows if (row["body"], row["year"]) == own]
            for lang, rows in comparison.changes.items()
        }
        report.apply_answers()


def _with_file_names(finding: Finding, reports: Sequence[ProcessedReport]) -> Finding:
    """Return a finding that names other checked files as their senders do, not by their ids here."""
    note = finding.note
    for report in reports:
        note = note.replace(report.source.report_id, Path(report.source.path).name)
    return replace(finding, note=note)


def _add_answers(reports: Iterable[ProcessedReport], path: Path) -> None:
    """Add the answers in a file of decisions to the reports that they are about."""
    answers = [d for d in read_decisions(path) if d.is_answer] if path.is_file() else []
    for report in reports:
        if report.body:
            place = (report.body.body_id, report.source.year)
            part = report_part(report.source.kind, report.source.quarter, report.source.subject)
            own = decisions_on(part, [d for d in answers if (d.body_id, d.year) == place])
            report.decisions = tuple(replace(d, report_id=report.source.report_id) for d in own)


def _register(data: Data, reports: Sequence[ProcessedReport]) -> Register:
    """Return the register with the bodies of the checked reports and their cities."""
    return add_reporting_bodies(load_register(data.raw), [report.body for report in reports if report.body])


def _read(child: Guard, path: Path, number: int, raw: Path, said: Statement) -> ProcessedReport:
    try:
        extraction = child.call(read_report, path, raw, True)
        kind = load_register(raw).kinds.get(extraction.kind)
        extraction = _as_stated(extraction, kind, said)
    except DataFault as fault:
        return ProcessedReport(_source(path, number, said, None, None), fault=fault)
    stated = Statement(said.body or extraction.body, said.year or extraction.year)
    body = find_body(load_register(raw), stated.body, year=stated.year) if stated.body else None
    report = ProcessedReport(_source(path, number, stated, extraction, body), body, extraction, kind=kind)
    formulas = check_formulas(extraction, form_edit_set(extraction.form))
    sources = source_findings(report) if stated.year is not None else ()
    report.findings = [*extraction.findings, *formulas, *sources]
    report.edit(())
    return report


def _as_stated(extraction: Extraction, kind: Kind | None, said: Statement) -> Extraction:
    """Return the extraction with a person's quarter and subject, without the questions that the statement answers.

    Raises DataFault for a quarter or subject that the kind of report has not, or that the document contradicts.
    """
    if said.quarter and not (kind and kind.has_quarters):
        raise DataFault("add.no_quarter", quarter=said.quarter)
    if said.subject and not (kind and kind.subject):
        raise DataFault("add.no_subject", subject=said.subject)
    if said.subject and not is_portable_name(said.subject):
        raise DataFault("add.bad_subject", subject=said.subject)
    for name, stated in (("quarter", said.quarter), ("subject", said.subject)):
        printed = getattr(extraction, name)
        if stated and printed and stated != printed:
            raise DataFault(f"add.other_{name}", stated=stated, printed=printed)
    answers = {"body": said.body, "year": said.year, "quarter": said.quarter, "subject": said.subject}
    answered = {f"who.{name}" for name, answer in answers.items() if answer}
    return replace(
        extraction,
        findings=tuple(f for f in extraction.findings if f.identity not in answered),
        quarter=said.quarter or extraction.quarter,
        subject=said.subject or extraction.subject,
    )


def _source(path: Path, number: int, stated: Statement, extraction: Extraction | None, body: Body | None) -> Source:
    """Return the source of a file that no manifest lists, with the body and year that are stated."""
    return Source(
        report_id=f"{number:04} {path.name}",
        path=str(path),
        body=stated.body or "",
        region_code=body.region_code if body else "",
        level=body.level if body else "",
        year=stated.year or 0,
        provenance="simulated" if extraction and extraction.simulated else "published",
        source="",
        recorded_sha256="",
        sha256="",
        kind=extraction.kind if extraction else ANNUAL_REPORT,
        quarter=extraction.quarter if extraction else 0,
        subject=extraction.subject if extraction else "",
    )


def published_norms(years: Iterable[int], files: TableFiles) -> pa.Table:
    """Return the published norms of these years; those of the year before for a year that has none yet."""
    parts = [schema("norms").empty_table()]
    for year in sorted(years):
        own, previous = files.read("norms", str(year)), files.read("norms", str(year - 1))
        if not own.num_rows and previous.num_rows:
            number = previous.schema.get_field_index("year")
            own = previous.set_column(number, "year", pa.array([year] * previous.num_rows, pa.int32()))
        parts.append(own.cast(schema("norms")))
    return pa.concat_tables(parts)


def _with_neighbours(tables: Tables, files: TableFiles, register: Register) -> Tables:
    """Return the tables with the published reports of the year before and of the members, to compare with.

    For a body that absorbed others that year, their reports of the year before are those of the year before.
    """
    reports = [row for row in tables["reports"].to_pylist() if row["body_id"] and row["year"]]
    checked = {(row["body_id"], row["year"]) for row in reports}
    absorbed = {(s.body_id, s.year) for s in register.successions if (s.successor, s.year) in checked}
    years = {row["year"] for row in reports}
    parts = [tables]
    for year in sorted(years | {year - 1 for year in years}):
        published = read_tables(files, str(year))
        neighbours = [
            row["report_id"]
            for row in published["reports"].to_pylist()
            if (row["body_id"], year) not in checked
            and ((row["body_id"], year + 1) in checked | absorbed or (row["parent"], year) in checked)
        ]
        parts.append(rows_of_reports(published, neighbours))
    return concatenate(parts)
