"""One report through read, extract and decide: what came of it, or why it is quarantined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from pipeline.core.decisions import Decision
from pipeline.core.form import forms
from pipeline.core.model import DataFault, Derivation, Entry, Extraction, Finding, Proposal, Source
from pipeline.edit.decide import expire_acceptances, make_decision_finding, match_decisions
from pipeline.edit.review import derive_missing_cells, propose_corrections
from pipeline.edit.statutory import confront_form
from pipeline.extract import extract
from pipeline.read import read, read_bytes
from pipeline.registry.load import Body, Register, load_register


@dataclass
class Intake:
    """A report with all that was taken from it; `fault` is set where it is quarantined."""

    source: Source
    body: Body | None = None
    extraction: Extraction | None = None
    decisions: tuple[Decision, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    derived: tuple[Derivation, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    fault: DataFault | None = None

    @property
    def values(self) -> dict[str, Decimal | None]:
        """Address to value: the printed one, a decided one, or the prose's where it is one and exact."""
        return self._decided(("accept", "correct"))

    def edit(self, decisions: Sequence[Decision]) -> None:
        """Apply the decisions on this report, and fill `proposals` and `derived`.

        Proposals are made on the printed numbers and the corrections, so that one which was accepted goes on to be
        made; what a person has corrected or called right is not questioned again.
        """
        if self.extraction is None:
            return
        form, cells = forms()[self.extraction.form], self.extraction.cells
        self.decisions = match_decisions(decisions, self.source.report_id, cells)
        said = {d.cell for d in self.decisions if d.status == "applied" and d.operation in ("reject", "correct")}
        self.proposals = propose_corrections(form, self._decided(("correct",)), cells, frozenset(said))
        self.decisions = expire_acceptances(self.decisions, self.proposals)
        accepted = {d.cell for d in self.decisions if d.status == "applied" and d.operation == "accept"}
        self.proposals = tuple(replace(p, status="accepted") if p.cell in accepted else p for p in self.proposals)
        self.derived = derive_missing_cells(form, self.values, cells)

    def _decided(self, operations: Sequence[str]) -> dict[str, Decimal | None]:
        if self.extraction is None:
            return {}
        found = {c.address: c.value for c in self.extraction.cells} | prose_values(self.extraction)
        applied = (d for d in self.decisions if d.status == "applied" and d.operation in operations)
        return found | {d.cell: d.decided_value for d in applied}


def prose_values(extraction: Extraction) -> dict[str, Decimal | None]:
    """Address to value of the prose figures of the whole; None where the prose contradicts itself or is vague."""
    said: dict[str, set[Decimal | None]] = {}
    for figure in extraction.figures:
        if figure.scope == "whole":
            said.setdefault(figure.row, set()).add(None if figure.approximate else figure.value)
    return {f"narrative/{row}/value": values.pop() if len(values) == 1 else None for row, values in said.items()}


def read_report(path: Path, raw: Path | None = None, named: bool = False) -> Extraction:
    """Read and extract one file; `raw` may add to the register, with `named` the path is a hint whose it is.

    The folder is passed and not the register, which a child process would be sent for each report. Raises DataFault.
    """
    return extract(read(path), load_register(raw), path.resolve() if named else None)


def take_in(entry: Entry, content: bytes, known: Register, decisions: Sequence[Decision]) -> Intake:
    """Read and extract one report. A fault of the data is kept in the result; a fault of the program is raised."""
    intake = Intake(entry.source, fault=entry.fault)
    try:
        intake.body = _registered(entry.source, known)
        if entry.fault is None:
            _accept(intake, extract(read_bytes(content), known), decisions)
    except DataFault as fault:
        intake.fault = entry.fault or fault
    return intake


def _accept(intake: Intake, extraction: Extraction, decisions: Sequence[Decision]) -> None:
    source = intake.source
    # A document that calls itself simulated must never pass for a real one.
    if extraction.simulated and source.provenance != "simulated":
        raise DataFault("report.simulated", provenance=source.provenance)
    intake.extraction = extraction
    body_id = intake.body.body_id if intake.body else ""
    taken = [d for d in decisions if (d.body_id, d.year) == (body_id, source.year)]
    intake.edit(taken)
    intake.findings = [*extraction.findings, *about_source(intake), *_about_decisions(intake)]


def _registered(source: Source, register: Register) -> Body:
    body = register.find(source.body)
    if body is None:
        raise DataFault("register.unknown", body=source.body)
    if (body.region_code, body.level) != (source.region_code, source.level):
        raise DataFault("register.differs", body=source.body, region=body.region_code, level=body.level)
    return body


def about_source(intake: Intake) -> Iterator[Finding]:
    """Where the file, its manifest line and its own words disagree."""
    source, extraction = intake.source, intake.extraction
    if source.recorded_sha256 != source.sha256:
        note = f"{source.recorded_sha256[:12]} | {source.sha256[:12]}"
        yield Finding("source.sha256", source.path, "fail", "error", note=note)
    if extraction is None:
        return
    if extraction.titled and extraction.year != source.year:
        note = f"{source.year} | {extraction.year}"
        yield Finding("source.year", source.path, "fail", "error", note=note)
    if extraction.titled and intake.body and extraction.body not in (intake.body.name, *intake.body.aliases):
        yield Finding("source.body", source.path, "fail", "error", note=f"{source.body} | {extraction.body}")
    if intake.body and not intake.body.is_due(source.year):
        years = f"{intake.body.first_year or ''}-{intake.body.last_year or ''}"
        yield Finding("source.body_year", source.path, "fail", "warning", note=f"{source.year} | {years}")
    if not forms()[extraction.form].covers(source.year):
        yield Finding("source.form", source.path, "fail", "warning", note=f"{source.year} | {extraction.form}")


def _about_decisions(intake: Intake) -> Iterator[Finding]:
    printed = {c.address: c.raw for c in intake.extraction.cells} if intake.extraction else {}
    return (make_decision_finding(d, printed.get(d.cell, "")) for d in intake.decisions if d.status != "applied")


def refuse_duplicates(intakes: Sequence[Intake]) -> None:
    """Of two good reports of one body and year neither is better: both are quarantined until one is taken away."""
    by_key: dict[tuple[str, int], list[Intake]] = {}
    for intake in intakes:
        if intake.body and intake.fault is None:
            by_key.setdefault((intake.body.body_id, intake.source.year), []).append(intake)
    for twins in (t for t in by_key.values() if len(t) > 1):
        for intake in twins:
            others = ", ".join(t.source.path for t in twins if t is not intake)
            intake.fault = DataFault("report.duplicate", others=others)


def confront_all(intakes: Sequence[Intake]) -> None:
    """Add the outcome of every identity to the findings of the accepted reports, a form at a time."""
    accepted: Mapping[str, list[Intake]] = {code: [] for code in forms()}
    for intake in intakes:
        if intake.fault is None and intake.extraction:
            accepted[intake.extraction.form].append(intake)
    for code, found in accepted.items():
        for intake, findings in zip(found, confront_form([i.values for i in found], forms()[code]), strict=True):
            intake.findings += findings
