"""`ogi check --json` and `--csv`: the problems of checked reports as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pipeline.core.alternatives import PossibleChange, read_alternative
from pipeline.core.messages import say
from pipeline.core.model import Finding, Proposal
from pipeline.core.problems import problem_groups, proposal_sentence
from pipeline.core.sentences import sentence
from pipeline.publish.check_page import finding_row, structure_sentence
from pipeline.report import ProcessedReport

COLUMNS = (
    "path", "body", "year", "quarter", "form", "kind", "level", "identity", "alternative", "cell", "printed", "implied",
    "operation", "message",
)  # fmt: skip


def as_json(report: ProcessedReport, lang: str) -> dict[str, Any]:
    """Return one report with its failed findings and its culprits: groups of cells, one or all of them wrong.

    The alternatives of a culprit are the possible corrections, the likeliest first. A file that cannot be read has the
    reason in `error` and `reason`.
    """
    lists: dict[str, Any] = {"findings": [], "culprits": []}
    if report.fault or report.extraction is None:
        fault = report.fault
        why = {"error": fault.code, "reason": say(fault.code, lang, **fault.values)} if fault else {}
        return {"path": report.source.path, **dict.fromkeys(("body", "year", "quarter", "form")), **lists, **why}
    return {
        "path": report.source.path,
        "body": report.extraction.body,
        "year": report.extraction.year,
        "quarter": report.extraction.quarter or None,
        "form": report.extraction.form,
        "findings": [_finding(f, report, lang) for f in report.findings if f.status == "fail"],
        "culprits": [_culprit(group, report, lang) for group in _open_groups(report)],
        "structure": [_finding_of_structure(f, lang) for f in report.structure],
    }


def csv_rows(report: ProcessedReport, lang: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a report by COLUMNS: one per finding, and one per cell that an alternative changes."""
    content = as_json(report, lang)
    head = {name: content[name] for name in ("path", "body", "year", "quarter", "form")}
    if "error" in content:
        yield head | {"kind": "fault", "level": "error", "identity": content["error"], "message": content["reason"]}
    for finding in content["findings"]:
        level, cell = finding["severity"], finding["place"]
        names = {"identity": finding["identity"], "cell": cell, "message": finding["message"]}
        yield head | {"kind": "finding", "level": level, **names}
    for finding in content.get("structure", ()):
        if finding["status"] == "fail":
            names = {"identity": finding["identity"], "message": finding["message"]}
            yield head | {"kind": "structure", "level": "structure"} | names
    for culprit in content["culprits"]:
        for number, changes in enumerate(culprit["alternatives"], start=1):
            names = {"level": culprit["level"], "alternative": number, "message": culprit["message"]}
            yield from (head | {"kind": "culprit"} | names | change for change in changes)


def _open_groups(report: ProcessedReport) -> list[list[Proposal]]:
    """Return the open proposals that belong together."""
    return problem_groups([p for p in report.proposals if p.status == "open"], lambda p: p.anchor)


def _finding(finding: Finding, report: ProcessedReport, lang: str) -> dict[str, Any]:
    """Return a failed finding with the difference of its sides, the answer of a person, and its sentence."""
    row = finding_row(finding, report.answers)
    form = report.extraction.form if report.extraction else None
    return row | {"cells": list(finding.cells), "message": sentence(row, form, lang)}


def _finding_of_structure(finding: Finding, lang: str) -> dict[str, Any]:
    """Return an outcome of the structure audit, with its sentence if it failed."""
    message = structure_sentence(finding, lang) if finding.status == "fail" else None
    return {"identity": finding.identity, "status": finding.status, "note": finding.note, "message": message}


def _culprit(group: Sequence[Proposal], report: ProcessedReport, lang: str) -> dict[str, Any]:
    """Return a group of proposals: its level and margin, and all possible corrections."""
    first = group[0]
    leading = [[PossibleChange(p.cell, p.printed_value, p.implied, p.operation) for p in group]]
    others = [list(read_alternative(text)) for text in first.alternatives]
    alternatives = [*(leading if first.level != "unresolved" else ()), *others]
    form = report.extraction.form if report.extraction else None
    return {
        "level": first.level,
        "margin": first.margin,
        "identities": list(first.identities),
        "alternatives": [[_change(c) for c in changes] for changes in alternatives],
        "message": proposal_sentence([asdict(p) for p in group], form, lang),
    }


def _change(change: PossibleChange) -> Mapping[str, Any]:
    return asdict(change)
