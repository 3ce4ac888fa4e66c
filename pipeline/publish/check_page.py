"""The page of a check: what is wrong, a sentence each, and the form drawn with the culprit cells."""

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
from pipeline.report import Intake


def told(intake: Intake, lang: str) -> dict[str, list[str]]:
    """All that is to be said of a report: `error`, `warning` and `derived`, a sentence each."""
    form = intake.extraction.form if intake.extraction else None
    proposals = [asdict(p) for p in intake.proposals if p.status == "open"]
    found = problems(proposals, [_row(f) for f in intake.findings], form, lang)
    found["derived"] = [
        say("derived.cell", lang, label=label(d.cell, form, lang), value=number(d.value)) for d in intake.derived
    ]
    return found


def _row(finding: Any) -> dict[str, Any]:
    known = finding.lhs is not None and finding.rhs is not None
    return asdict(finding) | {"difference": finding.lhs - finding.rhs if known else None}


def verdict(found: Mapping[str, Sequence[str]], lang: str) -> tuple[str, str]:
    """The look of the conclusion (error | warning | good) and its sentence."""
    look = "error" if found["error"] else "warning" if found["warning"] else "good"
    counts = {"errors": len(found["error"]), "warnings": len(found["warning"])}
    return look, say(f"check.verdict.{look}", lang, **counts)


def check_page(intake: Intake, lang: str) -> str:
    """The page of a report that was read, in HTML."""
    taken = intake.extraction
    if taken is None:
        raise ValueError("a report that was not read has no page")
    found = told(intake, lang)
    look, sentence = verdict(found, lang)
    marks = _marks(intake)
    return render(
        "check.html",
        language="zh-CN" if lang == "zh" else "en",
        title=title(intake, lang),
        file=intake.source.path,
        look=look,
        verdict=sentence,
        lists=[(say(f"check.list.{kind}", lang), found[kind]) for kind in ("error", "warning", "derived")],
        key={kind: say(f"check.key.{kind}", lang) for kind in ("wrong", "doubted", "derived")},
        tables=[(t.zh if lang == "zh" else t.en, draw(t, marks)) for t in forms()[taken.form].printed],
    )


def title(intake: Intake, lang: str) -> str:
    """Whose report of which year, on which form."""
    taken, unknown = intake.extraction, say("extract.unknown", lang)
    body = (taken.body if taken else None) or unknown
    mark = say("check.simulated", lang) if intake.source.provenance == "simulated" else ""
    form = taken.form if taken else unknown
    return say("check.title", lang, body=body, year=(taken.year if taken else None) or unknown, form=form) + mark


def _marks(intake: Intake) -> Mapping[str, Mark]:
    """How each cell looks: wrong with what it should be, doubted where several may be wrong, derived."""
    cells = intake.extraction.cells if intake.extraction else ()
    marks = {c.address: Mark(c.raw) for c in cells}
    for proposal in intake.proposals:
        if proposal.status == "open":
            for address, mark in _marked(proposal, marks).items():
                marks[address] = mark
    for derived in intake.derived:
        marks[derived.cell] = Mark("", "derived", f"→ {number(derived.value)}")
    return marks


def _marked(proposal: Proposal, marks: Mapping[str, Mark]) -> Mapping[str, Mark]:
    if proposal.implied is not None:
        return {proposal.cell: Mark(proposal.printed_text, "wrong", f"→ {number(proposal.implied)}")}
    named = [change.partition("=")[0] for a in proposal.alternatives for change in a.split("; ")]
    return {a: Mark(marks.get(a, Mark("")).text, "doubted") for a in dict.fromkeys([proposal.cell, *named])}
