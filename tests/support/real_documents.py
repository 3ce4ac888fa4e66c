"""Score the reading of real documents and of variants against what a person reads in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pipeline.core.form import forms
from pipeline.core.model import DataFault, Extraction
from pipeline.edit.review import derive_missing_cells, propose_corrections
from pipeline.edit.statutory import confront_form
from pipeline.extract import extract
from pipeline.read import read
from pipeline.registry.load import load_register

Truth = Mapping[str, object]


@dataclass
class Reading:
    """A reading of one document by ogi: values, and what its findings name. `fault` is the code of a refusal."""

    extraction: Extraction | None = None
    fault: str = ""
    values: dict[str, Decimal | None] = field(default_factory=dict)  # by address, blanks filled by the identities
    printed: dict[str, Decimal | None] = field(default_factory=dict)  # by address, as printed
    doubted: set[str] = field(default_factory=set)  # addresses that a finding or proposal names
    questions: set[str] = field(default_factory=set)  # codes of findings

    @property
    def body(self) -> str | None:
        """The body, None if it is open."""
        return self.extraction.body if self.extraction else None

    @property
    def year(self) -> int | None:
        """The report year, None if it is open."""
        return self.extraction.year if self.extraction else None

    @property
    def figures(self) -> dict[str, set[Decimal]]:
        """The figures about the whole body and year, by row."""
        figures: dict[str, set[Decimal]] = {}
        for figure in self.extraction.figures if self.extraction else ():
            if figure.scope == "whole":
                figures.setdefault(figure.row, set()).add(figure.value)
        return figures


def take(path: Path) -> Reading:
    """Read, extract and edit one document."""
    try:
        extraction = extract(read(path), load_register(), path.resolve())
    except DataFault as fault:
        return Reading(fault=fault.code)
    form = forms().get(extraction.form)
    printed = {c.address: c.value for c in extraction.cells}
    reading = Reading(extraction, values=dict(printed), printed=printed)
    findings = list(extraction.findings)
    if form is not None:
        findings += [f for f in confront_form([printed], form)[0] if f.status == "fail"]
        for proposal in propose_corrections(form, printed, extraction.cells, frozenset()):
            reading.doubted |= {proposal.cell, *proposal.alternatives}
        for derived in derive_missing_cells(form, printed, extraction.cells):
            reading.values[derived.cell] = derived.value
    for finding in findings:
        reading.questions.add(finding.identity)
        reading.doubted |= {finding.place, *finding.cells}
    return reading


@dataclass
class Score:
    """Counts over documents; `silent` lists the values that are wrong and that nothing names."""

    right: int = 0
    doubted: int = 0
    missing: int = 0
    silent: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All values that a person reads."""
        return self.right + self.doubted + self.missing + len(self.silent)


def score_cells(name: str, reading: Reading, truth: Mapping[str, object], score: Score) -> None:
    """Count the cells of a document: right, doubted, named as missing, or silently wrong."""
    for address, expected in truth.items():
        wanted = None if expected is None else Decimal(str(expected))
        table = address.split("/")[0]
        found = reading.values.get(address) if wanted is not None else reading.printed.get(address)
        if address in reading.values and found == wanted:
            score.right += 1
        elif reading.fault or (address not in reading.values and {address, table} & reading.doubted):
            score.missing += 1
        elif {address, table, "document"} & reading.doubted:
            score.doubted += 1
        else:
            score.silent.append(f"{name} {address}: {found} for {wanted}")


def real_documents(shared: Path) -> Iterator[tuple[Path, dict[str, object]]]:
    """Yield the real documents with their truth."""
    for path in sorted((shared / "real" / "docs").iterdir()):
        truth = shared / "real" / "truth" / f"{path.stem}.json"
        if truth.exists():
            yield path, json.loads(truth.read_text(encoding="utf-8"))
