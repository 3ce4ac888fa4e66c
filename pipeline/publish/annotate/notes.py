"""Tell which cells of a report get which comment, and write them into the copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict

from pipeline.core.messages import say
from pipeline.core.model import Cell, DataFault, Extraction, Proposal
from pipeline.core.problems import answer_mark, problem_groups, proposal_sentence
from pipeline.core.sentences import number, sentence
from pipeline.publish.annotate.docx import comment_docx
from pipeline.publish.annotate.note import Note
from pipeline.publish.annotate.xlsx import comment_xlsx
from pipeline.publish.check_page import finding_row
from pipeline.read.zip_archive import ZipPackage
from pipeline.report import ProcessedReport

# The namespace of the strict variant of both formats (ISO/IEC 29500), which few programs write.
STRICT, MAIN_PARTS = b"http://purl.oclc.org/ooxml/", ("word/document.xml", "xl/workbook.xml")
FORMATS: Mapping[str, Callable[[bytes, Sequence[Note]], bytes]] = {"docx": comment_docx, "xlsx": comment_xlsx}


def annotate(content: bytes, extraction: Extraction, texts: Mapping[str, str]) -> bytes:
    """Return a copy of a DOCX or XLSX with a comment per address of `texts`.

    Raises DataFault for a damaged file and for the strict variant of the format, and KeyError for another format.
    """
    package = ZipPackage(content)
    if any(STRICT in package.read_member(name) for name in MAIN_PARTS):
        raise DataFault("annotate.strict")
    cells = {c.address: c for c in extraction.cells}
    notes = [_place(cells[address], extraction, text) for address, text in texts.items() if address in cells]
    return FORMATS[extraction.format](content, notes)


def _place(cell: Cell, extraction: Extraction, text: str) -> Note:
    return Note(cell.grid, extraction.sheet_of(cell), cell.grid_row, cell.grid_column, cell.raw, text)


def find_notes(report: ProcessedReport, lang: str) -> dict[str, str]:
    """Return the comment of each cell that is wrong or may be, by address."""
    texts: dict[str, list[str]] = {}
    for address, text in (*_proposal_notes(report, lang), *_finding_notes(report, lang)):
        texts.setdefault(address, []).append(text)
    return {address: "\n".join(dict.fromkeys(lines)) for address, lines in texts.items()}


def _proposal_notes(report: ProcessedReport, lang: str) -> Iterator[tuple[str, str]]:
    """Yield a comment per wrong cell; where one of several cells is wrong, the first has the sentence."""
    form = report.extraction.form if report.extraction else None
    for group in problem_groups([p for p in report.proposals if p.status == "open"], lambda p: p.anchor):
        told = proposal_sentence([asdict(p) for p in group], form, lang)
        yield group[0].anchor, told
        for proposal in group:
            yield from _cell_notes(proposal, lang)


def _cell_notes(proposal: Proposal, lang: str) -> Iterator[tuple[str, str]]:
    if proposal.implied is not None:
        yield proposal.cell, say("annotate.wrong", lang, implied=number(proposal.implied))
    yield from ((cell, say("annotate.suspect", lang)) for cell in proposal.suspects)


def _finding_notes(report: ProcessedReport, lang: str) -> Iterator[tuple[str, str]]:
    """Yield a comment per failed finding at a cell, unless a proposal explains it or a person confirmed it."""
    form = report.extraction.form if report.extraction else None
    explained = {name for p in report.proposals if p.status == "open" for name in p.identities}
    for finding in report.findings:
        row = finding_row(finding, report.answers)
        is_open = finding.status == "fail" and row.get("answer") != "confirmed"
        if is_open and f"{finding.identity}@{finding.place}" not in explained:
            yield finding.place, sentence(row, form, lang) + answer_mark(row, lang)
