"""The page about a checked report: one sentence per problem, and the form with its wrong cells marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pipeline.core.change_table import change_headings, change_rows
from pipeline.core.decisions import Decision
from pipeline.core.kinds import get_form
from pipeline.core.messages import say
from pipeline.core.model import Extraction, Finding, Proposal
from pipeline.core.places import sheet_address
from pipeline.core.problems import answered, problems
from pipeline.core.sentences import form_name, label, number, period_name
from pipeline.edit.match_answers import answer_columns
from pipeline.publish.drawn_kind import draw_given, draw_lists, entries_of
from pipeline.publish.drawn_table import CellContent, DrawnCell, draw_table
from pipeline.publish.page_template import render_page
from pipeline.report import ProcessedReport

SENTENCE_KINDS = ("error", "warning", "answered", "derived", "structure")
_ADDRESS = re.compile(r"[a-z_]+/[\w.]+/\w+(?=[\]+])")  # in the brackets behind a label
CELL_MARKS = ("wrong", "doubted", "derived")


def sentences_by_kind(report: ProcessedReport, lang: str) -> dict[str, list[str]]:
    """Return the sentences about a report by kind, one of SENTENCE_KINDS."""
    form = report.extraction.form if report.extraction else None
    proposals = [asdict(p) for p in report.proposals if p.status == "open"]
    answers, addresses = report.answers, _sheet_addresses(report.extraction) if report.extraction else {}
    findings = [finding_row(f, answers) for f in report.findings]
    sentences = problems(proposals, findings, form, lang, addresses)
    sentences["answered"] = answered(findings, form, lang)
    sentences["derived"] = [
        say("derived.cell", lang, label=label(d.cell, form, lang), value=number(d.value)) for d in report.derived
    ]
    sentences["structure"] = [structure_sentence(f, lang) for f in report.structure if f.status == "fail"]
    return {kind: [_add_addresses(text, addresses) for text in texts] for kind, texts in sentences.items()}


def structure_sentence(finding: Finding, lang: str) -> str:
    """Return a failed finding of the structure audit in words."""
    return say(finding.identity, lang, note=finding.note)


def _sheet_addresses(extraction: Extraction) -> dict[str, str]:
    """Return where each cell is in a workbook, as in `表三!C7`; nothing for other formats."""
    return {
        cell.address: f"{sheet}!{sheet_address(cell.grid_row, cell.grid_column)}"
        for cell in extraction.cells
        if (sheet := extraction.sheet_of(cell))
    }


def _add_addresses(sentence: str, addresses: Mapping[str, str]) -> str:
    """Return a sentence with the workbook's address after each address of a cell."""
    return _ADDRESS.sub(lambda match: f"{match[0]} {addresses.get(match[0], '')}".strip(), sentence)


def finding_row(finding: Any, answers: Mapping[str, Decision]) -> dict[str, Any]:
    """Return a finding as a row of table `findings`: with its answer, and the difference if both sides are known."""
    is_computable = finding.lhs is not None and finding.rhs is not None
    difference = {"difference": finding.lhs - finding.rhs if is_computable else None}
    return asdict(finding) | difference | answer_columns(finding, answers)


def verdict(sentences: Mapping[str, Sequence[str]], lang: str) -> tuple[str, str]:
    """Return the conclusion (error | warning | good) about a report and its sentence. `sentences` is by kind."""
    conclusion = "error" if sentences["error"] else "warning" if sentences["warning"] else "good"
    kinds = {"errors": "error", "warnings": "warning", "answered": "answered"}
    counts = {name: len(sentences[kind]) for name, kind in kinds.items()}
    code = "answered" if conclusion == "good" and counts["answered"] else conclusion
    return conclusion, say(f"check.verdict.{code}", lang, **counts)


def check_page(report: ProcessedReport, lang: str) -> str:
    """Return the HTML page about a report. Raises ValueError for a report that could not be read."""
    extraction = report.extraction
    if extraction is None:
        raise ValueError("a report that was not read has no page")
    sentences = sentences_by_kind(report, lang)
    conclusion, conclusion_sentence = verdict(sentences, lang)
    contents = _cell_contents(report)
    return render_page(
        "check.html",
        language="zh-CN" if lang == "zh" else "en",
        title=page_title(report, lang),
        file=report.source.path,
        conclusion=conclusion,
        verdict=conclusion_sentence,
        lists=[(say(f"check.list.{kind}", lang), sentences[kind]) for kind in SENTENCE_KINDS],
        changes_title=say("changes.title", lang),
        changes=[change_headings(lang), *rows] if (rows := change_rows(report.changes.get(lang, ()))) else [],
        key={mark: say(f"check.key.{mark}", lang) for mark in CELL_MARKS},
        tables=_tables(report, extraction, contents, lang),
        texts=draw_lists(list(entries_of(report.kind, extraction)), lang) if report.kind else [],
        not_given=_not_given(extraction, contents, lang) if report.kind else "",
    )


def _tables(
    report: ProcessedReport, extraction: Extraction, contents: Mapping[str, CellContent], lang: str
) -> list[tuple[str, Sequence[Sequence[DrawnCell]]]]:
    """Return the printed tables of the form; of another kind of report only the rows that are given or marked."""
    form = get_form(extraction.form)
    if not report.kind:
        return [(t.zh if lang == "zh" else t.en, draw_table(t, contents)) for t in form.printed_tables]
    drawn = [(t.zh if lang == "zh" else t.en, draw_given(t, contents, lang)) for t in form.tables.values()]
    return [(title, rows) for title, rows in drawn if rows]


def _not_given(extraction: Extraction, contents: Mapping[str, CellContent], lang: str) -> str:
    """Return the sentence about the numbers that the kind of report has and the report does not give; '' for none."""
    count = sum(address not in contents for address in get_form(extraction.form).addresses())
    return say("check.not_given", lang, count=count) if count else ""


def page_title(report: ProcessedReport, lang: str) -> str:
    """Return the title: the body, report year and form; what extraction could not find is given as unknown."""
    extraction, unknown = report.extraction, say("extract.unknown", lang)
    body = (extraction.body if extraction else None) or unknown
    year = (extraction.year if extraction else None) or unknown
    mark = say("check.simulated", lang) if report.source.provenance == "simulated" else ""
    form = form_name(extraction.form, lang) if extraction else unknown
    if report.kind and extraction:
        period = period_name(year, extraction.quarter, lang)
        return say("check.title_of_kind", lang, body=body, period=period, kind=form) + mark
    return say("check.title", lang, body=body, year=year, form=form) + mark


def _cell_contents(report: ProcessedReport) -> Mapping[str, CellContent]:
    """Return the content per address, with one of CELL_MARKS as CSS class.

    `wrong` has the implied value as its note. Of several `doubted` cells one is wrong. `derived` has the derived value.
    """
    cells = report.extraction.cells if report.extraction else ()
    contents = {c.address: CellContent(c.raw) for c in cells}
    for proposal in report.proposals:
        if proposal.status == "open":
            contents |= _proposal_contents(proposal, contents)
    for derived in report.derived:
        contents[derived.cell] = CellContent("", "derived", f"→ {number(derived.value)}")
    return contents


def _proposal_contents(proposal: Proposal, contents: Mapping[str, CellContent]) -> Mapping[str, CellContent]:
    """Return the content of the wrong cell, or of all cells that the alternatives of a proposal would change."""
    if proposal.implied is not None:
        return {proposal.cell: CellContent(proposal.printed_text, "wrong", f"→ {number(proposal.implied)}")}
    addresses = dict.fromkeys([proposal.cell, *proposal.suspects])
    return {a: CellContent(contents.get(a, CellContent("")).text, "doubted") for a in addresses}
