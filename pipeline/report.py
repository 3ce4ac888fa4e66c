"""One report: read it, extract its cells and figures, edit them, and apply the decisions on it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.core.decisions import Decision, decisions_on
from pipeline.core.form import Form, forms
from pipeline.core.kind import Kind, report_part
from pipeline.core.kinds import get_form
from pipeline.core.model import (
    ANNUAL_REPORT,
    DataFault,
    Derivation,
    Document,
    Entry,
    Extraction,
    Finding,
    Proposal,
    Source,
)
from pipeline.edit.formulas import check_formulas, computed_cells
from pipeline.edit.kind_edits import Values, review_kind
from pipeline.edit.match_answers import answer_findings, failed_by_name, match_answers
from pipeline.edit.match_decisions import expire_acceptances, make_decision_finding, match_decisions
from pipeline.edit.review import NO_EVIDENCE, Evidence, derive_missing_cells, form_edit_set, propose_corrections
from pipeline.edit.statutory import confront_form
from pipeline.extract import extract
from pipeline.extract.kind.report import extract_kind
from pipeline.extract.kind.title import recognise_kind
from pipeline.extract.prose_reports import TABLE_FINDINGS, report_no_tables
from pipeline.read import read, read_bytes
from pipeline.registry.bodies import Body, Register
from pipeline.registry.body_names import function_of, recognise
from pipeline.registry.load import load_register
from pipeline.registry.lookup import find_body, find_candidates


@dataclass
class ProcessedReport:
    """A report with everything that was taken from it. A report with a `fault` is quarantined.

    `changes` are its largest changes against the year before, by language: rows of `sql/queries/jumps.sql`. Only `ogi
    check` compares them. `structure` are the findings of the structure audit, if somebody asked for it.
    `kind` is that of another report than the annual one.
    """

    source: Source
    body: Body | None = None
    extraction: Extraction | None = None
    decisions: tuple[Decision, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    derived: tuple[Derivation, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    fault: DataFault | None = None
    kind: Kind | None = None
    evidence: Evidence = NO_EVIDENCE
    changes: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    structure: tuple[Finding, ...] = ()

    @property
    def status(self) -> str:
        """`quarantined`, `blank` for a report without any number, else `loaded`."""
        if self.fault or self.extraction is None:
            return "quarantined"
        known = (*self.values.values(), *(d.value for d in self.derived))
        texts = (*self.extraction.figures, *self.extraction.entries)
        return "blank" if all(value is None for value in known) and not texts else "loaded"

    @property
    def printed_texts(self) -> dict[str, str]:
        """The printed text per address of a cell."""
        return {c.address: c.raw for c in self.extraction.cells} if self.extraction else {}

    @property
    def answers(self) -> dict[str, Decision]:
        """The answers by the name of their finding (`identity@place`)."""
        return {d.cell: d for d in self.decisions if d.is_answer}

    @property
    def values(self) -> dict[str, Decimal | None]:
        """The value per address: printed, or decided by a person, or given once and exactly by the prose."""
        return self._values_with(("accept", "correct"))

    def edit(self, decisions: Sequence[Decision]) -> None:
        """Apply the decisions on the cells of this report, then make proposals and derive blanks.

        Proposals are made from printed numbers and corrections. So a proposal that a person accepted continues to be
        made, and a cell that a person corrected or confirmed is not questioned again.
        """
        if self.extraction is None:
            return
        cells = self.extraction.cells
        answers = [replace(d, report_id=self.source.report_id) for d in decisions if d.is_answer]
        on_cells = [d for d in decisions if not d.is_answer]
        self.decisions = (*match_decisions(on_cells, self.source.report_id, cells), *answers)
        settled = frozenset(self._decided_cells(("reject", "correct")))
        self.proposals = self._propose(self.extraction, self._values_with(("correct",)), settled)
        self.decisions = expire_acceptances(self.decisions, self.proposals)
        accepted = self._decided_cells(("accept",))
        self.proposals = tuple(replace(p, status="accepted") if p.cell in accepted else p for p in self.proposals)
        if self.kind:
            self.derived = review_kind(self.kind, self.values, cells, settled).derived
        else:
            self.derived = derive_missing_cells(get_form(self.extraction.form), self.values, cells)

    def _propose(self, extraction: Extraction, values: Values, settled: frozenset[str]) -> tuple[Proposal, ...]:
        """Return the proposals from these values; none changes a settled cell."""
        if self.kind:
            return review_kind(self.kind, values, extraction.cells, settled).proposals
        form = get_form(extraction.form)
        evidence = replace(self.evidence, computed=computed_cells(extraction, form_edit_set(form.code), values))
        return propose_corrections(form, values, extraction.cells, settled, evidence)

    def apply_answers(self) -> None:
        """Match the answers with the findings. A proposal becomes `answered` once all its failures are confirmed.

        An identity of a proposal may be unknown, because a cell is blank: nobody can confirm it, and it is no failure.
        """
        self.decisions = match_answers(self.decisions, self.findings, self.printed_texts)
        applied = (d for d in self.decisions if d.operation == "confirm" and d.status == "applied")
        confirmed, failed = {d.cell for d in applied}, failed_by_name(self.findings).keys()
        self.proposals = tuple(
            replace(p, status="answered") if p.status == "open" and _are_confirmed(p, failed, confirmed) else p
            for p in self.proposals
        )

    def _decided_cells(self, operations: Sequence[str]) -> dict[str, Decimal | None]:
        """Return the decided value per cell, for the decisions that hold."""
        applied = (d for d in self.decisions if d.status == "applied" and d.operation in operations)
        return {d.cell: d.decided_value for d in applied}

    def _values_with(self, operations: Sequence[str]) -> dict[str, Decimal | None]:
        if self.extraction is None:
            return {}
        printed = {c.address: c.value for c in self.extraction.cells}
        return printed | prose_values(self.extraction) | self._decided_cells(operations)


def _are_confirmed(proposal: Proposal, failed: Collection[str], confirmed: Collection[str]) -> bool:
    """Return whether a person confirmed all failed identities of a proposal; false if none fails."""
    failures = [name for name in proposal.identities if name in failed]
    return bool(failures) and all(name in confirmed for name in failures)


def prose_values(extraction: Extraction) -> dict[str, Decimal | None]:
    """Return the value per address of the figures about the whole report; None if they differ or are approximate."""
    values: dict[str, set[Decimal | None]] = {}
    for figure in extraction.figures:
        if figure.scope == "whole":
            values.setdefault(figure.row, set()).add(None if figure.approximate else figure.value)
    return {f"narrative/{row}/value": given.pop() if len(given) == 1 else None for row, given in values.items()}


def read_report(path: Path, raw: Path | None = None, use_file_name: bool = False) -> Extraction:
    """Read and extract one file. Raises DataFault.

    `raw` is a data folder's reports, whose register files count too; with `use_file_name` the name of the file is a
    hint for body and year. The folder is passed, not the register, because a child process would receive a copy of the
    register for each report.
    """
    document, register, hint = read(path), load_register(raw), path.resolve() if use_file_name else None
    if title := recognise_kind(document, register.kinds, hint):
        return extract_kind(document, title.kind, title)
    return extract(document, register, hint)


def process_report(entry: Entry, content: bytes, register: Register, decisions: Sequence[Decision]) -> ProcessedReport:
    """Read, extract and edit one report. A fault of the data is kept in the result, a fault of the program raised."""
    report = ProcessedReport(entry.source, fault=entry.fault)
    try:
        report.body = _registered_body(entry.source, register)
        if entry.fault is None:
            report.kind = _registered_kind(entry.source, register)
            extraction = _extract(read_bytes(content), report, register)
            refuse_other_body(report, extraction, register)
            _complete(report, extraction, decisions)
    except DataFault as fault:
        report.fault = entry.fault or fault
    return report


def _registered_kind(source: Source, register: Register) -> Kind | None:
    """Return the kind of a report, None for an annual report.

    Raises DataFault for a kind that nobody described, and for a quarter that is missing or does not belong there.
    """
    kind = register.kinds.get(source.kind)
    if kind is None and source.kind != ANNUAL_REPORT:
        raise DataFault("kind.unknown", kind=source.kind, kinds=", ".join((ANNUAL_REPORT, *register.kinds)))
    has_quarters = kind is not None and kind.has_quarters
    if has_quarters and not source.quarter:
        raise DataFault("kind.quarter_lacking", kind=source.kind)
    if source.quarter and not has_quarters:
        raise DataFault("kind.quarter_excess", kind=source.kind, quarter=source.quarter)
    return kind


def _extract(document: Document, report: ProcessedReport, register: Register) -> Extraction:
    """Return what a document reports as the kind of report that the manifest says it is."""
    if report.kind is None:
        return extract(document, register)
    title = recognise_kind(document, {report.kind.code: report.kind})
    period = (report.source.year, report.source.quarter)
    return extract_kind(document, report.kind, title, period, report.source.body)


def refuse_other_body(report: ProcessedReport, extraction: Extraction, register: Register) -> None:
    """Raise DataFault if the document names, without a contradiction, another known body than its manifest line."""
    if report.body is None or extraction.body is None or not extraction.is_body_certain:
        return
    named = [body for body in find_candidates(register, extraction.body, report.source.year) if not _is_guess(body)]
    if named and report.body.body_id not in {body.body_id for body in named}:
        names = " | ".join(body.name for body in named)
        raise DataFault("report.other_body", registered=report.source.body, printed=names)


def _complete(report: ProcessedReport, extraction: Extraction, decisions: Sequence[Decision]) -> None:
    """Add the extraction, apply the decisions on this body and year, and collect the findings."""
    source = report.source
    # A document that calls itself simulated must never pass for a real one.
    if extraction.simulated and source.provenance != "simulated":
        raise DataFault("report.simulated", provenance=source.provenance)
    report.extraction = extraction
    body_id = report.body.body_id if report.body else ""
    own = [d for d in decisions if (d.body_id, d.year) == (body_id, source.year)]
    report.edit(decisions_on(report_part(source.kind, source.quarter, source.subject), own))
    findings = judge_missing_tables(extraction, source.year)
    formulas = check_formulas(extraction, form_edit_set(extraction.form))
    report.findings = [*findings, *formulas, *source_findings(report), *_decision_findings(report)]


def judge_missing_tables(extraction: Extraction, year: int) -> list[Finding]:
    """Return the findings of extraction; whether missing tables are an error follows from the registered year."""
    has_no_tables = any(f.identity in TABLE_FINDINGS for f in extraction.findings)
    findings = [f for f in extraction.findings if f.identity not in TABLE_FINDINGS]
    return [*findings, report_no_tables(extraction.figures, year)] if has_no_tables else findings


def _registered_body(source: Source, register: Register) -> Body:
    body = find_body(register, source.body, source.region_code) or find_body(register, source.body)
    if body is None:
        raise DataFault("register.unknown", body=source.body)
    if (body.region_code, body.level) != (source.region_code, source.level):
        raise DataFault("register.differs", body=source.body, region=body.region_code, level=body.level)
    return body


def source_findings(report: ProcessedReport) -> Iterator[Finding]:
    """Yield a finding for each contradiction between the file, its manifest line and what the document says."""
    source, extraction = report.source, report.extraction
    if source.recorded_sha256 != source.sha256:
        note = f"{source.recorded_sha256[:12]} | {source.sha256[:12]}"
        yield Finding("source.sha256", source.path, "fail", "error", note=note)
    if extraction is None:
        return
    if extraction.titled and extraction.year != source.year:
        note = f"{source.year} | {extraction.year}"
        yield Finding("source.year", source.path, "fail", "error", note=note)
    if extraction.titled and report.body and _is_unknown(extraction.body or "", report.body):
        yield Finding("source.body", source.path, "fail", "error", note=f"{source.body} | {extraction.body}")
    if extraction.titled and extraction.quarter != source.quarter:
        note = f"{source.quarter} | {extraction.quarter}"
        yield Finding("source.quarter", source.path, "fail", "error", note=note)
    if extraction.subject and extraction.subject != source.subject:
        note = f"{source.subject} | {extraction.subject}"
        yield Finding("source.subject", source.path, "fail", "error", note=note)
    if report.body and not report.body.is_due(source.year):
        years = f"{report.body.first_year or ''}-{report.body.last_year or ''}"
        yield Finding("source.body_year", source.path, "fail", "warning", note=f"{source.year} | {years}")
    if report.kind is None:
        yield from _form_findings(get_form(extraction.form), source)


def _form_findings(form: Form, source: Source) -> Iterator[Finding]:
    """Yield a finding if the form is not the one prescribed for the report year, or has other rows than that one."""
    prescribed = forms().get(form.extends, form)
    if form.printed_tables and not prescribed.covers(source.year):
        yield Finding("source.form", source.path, "fail", "warning", note=f"{source.year} | {form.code}")
    elif form.extends:
        yield Finding("source.rows", source.path, "fail", "warning", note=form.code)


def _is_unknown(printed: str, body: Body) -> bool:
    """Return whether a printed name is neither a name of the body, nor a part of one, nor that of a known body."""
    known = [body for body in recognise(printed) if not _is_guess(body)]
    return not any(name.endswith(printed) for name in (body.name, *body.aliases)) and not known


def _is_guess(body: Body) -> bool:
    """Return whether only the ending of its name makes a body a department (洛阳市交育局): the name may be misspelt."""
    return body.recognised and body.level == "department" and function_of(body) is None


def _decision_findings(report: ProcessedReport) -> Iterator[Finding]:
    printed = report.printed_texts
    return (
        make_decision_finding(d, printed.get(d.cell, ""))
        for d in report.decisions
        if d.status != "applied" and not d.is_answer  # the roll-up reports answers: some are on its own findings
    )


def quarantine_duplicates(reports: Sequence[ProcessedReport]) -> None:
    """Quarantine all reports of a body and year that has several: neither is better until a person removes one."""
    by_place: dict[tuple[str, int, str], list[ProcessedReport]] = {}
    for report in reports:
        if report.body and report.fault is None:
            source = report.source
            part = report_part(source.kind, source.quarter, source.subject)
            by_place.setdefault((report.body.body_id, source.year, part), []).append(report)
    for duplicates in (group for group in by_place.values() if len(group) > 1):
        for report in duplicates:
            others = ", ".join(other.source.path for other in duplicates if other is not report)
            report.fault = DataFault("report.duplicate", others=others)


def apply_identities(reports: Sequence[ProcessedReport]) -> None:
    """Add the outcome of every statutory identity to the findings of the reports that are not quarantined.

    Then match the answers with these findings. The roll-up matches those on the findings of annual reports again,
    because it makes some of them.
    """
    by_form: Mapping[str, list[ProcessedReport]] = {code: [] for code in forms()}
    for report in reports:
        if report.fault is None and report.extraction and report.kind:
            report.findings += review_kind(report.kind, report.values, report.extraction.cells, frozenset()).findings
            report.apply_answers()
            report.findings += answer_findings(report.decisions, report.findings, report.printed_texts)
        elif report.fault is None and report.extraction:
            by_form[report.extraction.form].append(report)
    for code, group in by_form.items():
        for report, outcomes in zip(group, confront_form([r.values for r in group], forms()[code]), strict=True):
            report.findings += outcomes
            report.apply_answers()
