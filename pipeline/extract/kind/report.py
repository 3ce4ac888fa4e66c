"""Turn a Document into the Extraction of a report of another kind than the annual one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.core.file_names import MAX_NAME_CHARS, is_portable_name
from pipeline.core.kind import DOUBTFUL, Kind
from pipeline.core.model import Cell, DataFault, Document, Extraction, Finding, Grid, Paragraph
from pipeline.extract.domain import settle_domain, text_finding
from pipeline.extract.extraction import is_marked_simulated
from pipeline.extract.kind.percent import show_percentages
from pipeline.extract.kind.prose import conflict, read_prose
from pipeline.extract.kind.scope import Period, Scope
from pipeline.extract.kind.settle import settle_rates, settle_table_cells
from pipeline.extract.kind.tables import read_tables
from pipeline.extract.kind.title import TitleOfKind, questions, without_office
from pipeline.extract.left_out import select_reader_findings
from pipeline.extract.visible import see

UNREAD = ("kind.unread", "kind.unread_table")


def extract_kind(
    document: Document, kind: Kind, title: TitleOfKind | None, period: Period = (None, 0), body: str | None = None
) -> Extraction:
    """Return everything that a report of a kind gives, with the body and period that its title states.

    `period` and `body` are the registered ones, if there are some: the report is read for them.
    Raises DataFault for a document without any number or entry of the kind.
    """
    seen, doubts = see(show_percentages(document))
    stated = (title.year, title.quarter) if title else (None, 0)
    scope = Scope(kind, period if period[0] else stated, body or (title.body or None if title else None))
    in_tables, entries, findings = read_tables(seen.blocks, scope)
    in_tables, doubt_findings = settle_table_cells(in_tables, seen, doubts)
    in_prose, prose_findings = read_prose(list(list_paragraphs(seen.blocks)), scope)
    cells, conflicts = _merge(in_tables, in_prose)
    findings += [*doubt_findings, *prose_findings, *conflicts]
    if not cells and not entries:
        raise _nothing_read(kind, title, findings)
    order = {address: position for position, address in enumerate(kind.form.addresses())}
    asked_cells = {address for finding in findings for address in finding.cells}
    settled, domain_findings = _settle(sorted(cells, key=lambda cell: order[cell.address]), kind, asked_cells)
    findings += domain_findings
    attributes = {entry.column: entry.text for entry in entries if entry.table == ""}
    if title and not title.body:
        title = replace(title, body=without_office(attributes.get(kind.body, "")))
    subject = _subject(attributes.get(kind.subject, ""))
    asked = questions(title, subject) if title else ()
    unanswered = () if period[0] else asked  # of a registered report, a person has answered them
    return Extraction(
        seen.format, seen.reader, (title.body or None) if title else None, stated[0], kind.form.code,
        tuple(settled), (),
        (*findings, *unanswered, *select_reader_findings(seen, findings)),
        titled=title is not None and not asked, simulated=is_marked_simulated(document),
        sheets=tuple(grid.sheet for grid in seen.grids), kind=kind.code, quarter=stated[1],
        subject=subject,
        entries=tuple(entries),
    )  # fmt: skip


def _subject(text: str) -> str:
    """Return the text that tells a report from others, '' for one that cannot be part of a file's name."""
    return text if is_portable_name(text) and len(text) <= MAX_NAME_CHARS else ""


def list_paragraphs(blocks: Iterable[Paragraph | Grid]) -> Iterator[Paragraph]:
    """Yield the prose of a document in its order; a table of one cell is a frame around a paragraph."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        elif len(block.cells) == 1:
            yield Paragraph(block.cells[0].text, block.cells[0].page)


def _merge(in_tables: Sequence[Cell], in_prose: Sequence[Cell]) -> tuple[list[Cell], list[Finding]]:
    """Return the cells, each address once, and the findings about those that tables and prose print differently.

    Then the number of the table counts, in doubt; that of the prose, if the table has none.
    """
    cells, findings = {cell.address: cell for cell in in_tables}, list[Finding]()
    for cell in in_prose:
        first = cells.setdefault(cell.address, cell)
        counts = cell if first.value is None else first
        if first.kind == "text" or first.value not in (None, cell.value):
            findings.append(conflict(first, cell.raw))
            counts = replace(counts, confidence=min(counts.confidence, DOUBTFUL))
        cells[cell.address] = counts
    return list(cells.values()), findings


def _nothing_read(kind: Kind, title: TitleOfKind | None, findings: Sequence[Finding]) -> DataFault:
    """Return the fault of a document without a number or a list of the kind, with what was not read."""
    if title and title.other_span:
        return DataFault("kind.other_span", kind=kind.name, span=title.other_span)
    if notes := [finding.note for finding in findings if finding.identity in UNREAD]:
        return DataFault("kind.none_read", kind=kind.name, note="; ".join(notes))
    return DataFault("kind.empty", kind=kind.name)


def _settle(cells: Sequence[Cell], kind: Kind, asked: Collection[str]) -> tuple[list[Cell], list[Finding]]:
    """Return the cells without the values that are impossible, and a finding about each text and impossible value.

    `asked` are the cells that have a finding already.
    """
    settled, findings = settle_domain(cells)
    asked = {*asked, *(finding.place for finding in findings)}
    findings += [text_finding(cell) for cell in settled if cell.kind == "text" and cell.address not in asked]
    settled, rate_findings = settle_rates(settled, kind)
    return settled, [*findings, *rate_findings]
