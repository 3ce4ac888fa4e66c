"""The page about a checked report: one sentence per problem, and the form with its wrong cells marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pipeline.core.form import forms
from pipeline.core.messages import say
from pipeline.core.model import Proposal
from pipeline.core.sentences import label, number, problems
from pipeline.publish.drawing import Mark, draw
from pipeline.publish.page import render
from pipeline.report import ProcessedReport


def sentences(report: ProcessedReport, lang: str) -> dict[str, list[str]]:
    """Return the sentences about a report by kind: `error`, `warning` and `derived`."""
    form = report.extraction.form if report.extraction else None
    proposals = [asdict(p) for p in report.proposals if p.status == "open"]
    by_kind = problems(proposals, [_row(f) for f in report.findings], form, lang)
    by_kind["derived"] = [
        say("derived.cell", lang, label=label(d.cell, form, lang), value=number(d.value)) for d in report.derived
    ]
    return by_kind


def _row(finding: Any) -> dict[str, Any]:
    known = finding.lhs is not None and finding.rhs is not None
    return asdict(finding) | {"difference": finding.lhs - finding.rhs if known else None}


def verdict(by_kind: Mapping[str, Sequence[str]], lang: str) -> tuple[str, str]:
    """Return the conclusion (error | warning | good) and its sentence."""
    conclusion = "error" if by_kind["error"] else "warning" if by_kind["warning"] else "good"
    counts = {"errors": len(by_kind["error"]), "warnings": len(by_kind["warning"])}
    return conclusion, say(f"check.verdict.{conclusion}", lang, **counts)


def check_page(report: ProcessedReport, lang: str) -> str:
    """Return the HTML page of a report. Raises ValueError for a report that was not read."""
    extraction = report.extraction
    if extraction is None:
        raise ValueError("a report that was not read has no page")
    by_kind = sentences(report, lang)
    conclusion, sentence = verdict(by_kind, lang)
    marks = _marks(report)
    return render(
        "check.html",
        language="zh-CN" if lang == "zh" else "en",
        title=title(report, lang),
        file=report.source.path,
        look=conclusion,
        verdict=sentence,
        lists=[(say(f"check.list.{kind}", lang), by_kind[kind]) for kind in ("error", "warning", "derived")],
        key={kind: say(f"check.key.{kind}", lang) for kind in ("wrong", "doubted", "derived")},
        tables=[(t.zh if lang == "zh" else t.en, draw(t, marks)) for t in forms()[extraction.form].printed_tables],
    )


def title(report: ProcessedReport, lang: str) -> str:
    """Return the title: the body, year and form of the report."""
    extraction, unknown = report.extraction, say("extract.unknown", lang)
    body = (extraction.body if extraction else None) or unknown
    year = (extraction.year if extraction else None) or unknown
    mark = say("check.simulated", lang) if report.source.provenance == "simulated" else ""
    form = extraction.form if extraction else unknown
    return say("check.title", lang, body=body, year=year, form=form) + mark


def _marks(report: ProcessedReport) -> Mapping[str, Mark]:
    """Return the mark per address: wrong (with the implied value), doubted (one of several is wrong), or derived."""
    cells = report.extraction.cells if report.extraction else ()
    marks = {c.address: Mark(c.raw) for c in cells}
    for proposal in report.proposals:
        if proposal.status == "open":
            for address, mark in _proposal_marks(proposal, marks).items():
                marks[address] = mark
    for derived in report.derived:
        marks[derived.cell] = Mark("", "derived", f"→ {number(derived.value)}")
    return marks


def _proposal_marks(proposal: Proposal, marks: Mapping[str, Mark]) -> Mapping[str, Mark]:
    if proposal.implied is not None:
        return {proposal.cell: Mark(proposal.printed_text, "wrong", f"→ {number(proposal.implied)}")}
    named = [change.partition("=")[0] for a in proposal.alternatives for change in a.split("; ")]
    return {a: Mark(marks.get(a, Mark("")).text, "doubted") for a in dict.fromkeys([proposal.cell, *named])}
