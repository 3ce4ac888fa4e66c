"""Turn a Document into the Extraction of a report of another kind than the annual one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.kind import Kind
from pipeline.core.model import Cell, DataFault, Document, Extraction, Finding
from pipeline.extract.domain import settle_domain, text_finding
from pipeline.extract.extraction import is_marked_simulated
from pipeline.extract.kind_prose import read_prose
from pipeline.extract.kind_spans import Period
from pipeline.extract.kind_tables import read_tables
from pipeline.extract.kind_title import TitleOfKind, questions, without_office
from pipeline.extract.left_out import select_reader_findings
from pipeline.extract.visible import see

PERCENT = 100


def extract_kind(
    document: Document, kind: Kind, title: TitleOfKind | None, period: Period = (None, 0), body: str | None = None
) -> Extraction:
    """Return everything that a report of a kind gives, with the body and period that its title states.

    `period` and `body` are the registered ones, if there are some: the prose is read for them.
    Raises DataFault for a document without any number or entry of the kind.
    """
    seen = see(document).document
    stated = (title.year, title.quarter) if title else (None, 0)
    year, quarter = period if period[0] else stated
    cells, entries, findings = read_tables(seen.grids, kind, year)
    by_address: dict[str, Cell] = {cell.address: cell for cell in cells}
    in_prose, prose_findings = read_prose(
        seen.paragraphs, kind, (year, quarter), body or (title.body or None if title else None)
    )
    findings += prose_findings
    for cell in in_prose:
        first = by_address.setdefault(cell.address, cell)
        if first.value is not None and first.value != cell.value:
            note = f"{first.raw} | {cell.raw}"
            findings.append(Finding("kind.conflict", cell.address, "fail", "warning", cells=(cell.address,), note=note))
    if not by_address and not entries:
        if title and title.other_span:
            raise DataFault("kind.other_span", kind=kind.name, span=title.other_span)
        raise DataFault("kind.empty", kind=kind.name)
    order = {address: position for position, address in enumerate(kind.form.addresses())}
    settled, domain_findings = _settle(sorted(by_address.values(), key=lambda cell: order[cell.address]), kind)
    findings += domain_findings
    attributes = {entry.column: entry.text for entry in entries if entry.table == ""}
    if title and not title.body:
        title = replace(title, body=without_office(attributes.get(kind.body, "")))
    asked = questions(title) if title else ()
    return Extraction(
        seen.format, seen.reader, (title.body or None) if title else None, stated[0], kind.form.code,
        tuple(settled), (),
        (*findings, *asked, *select_reader_findings(seen, findings)),
        titled=title is not None and not asked, simulated=is_marked_simulated(document),
        sheets=tuple(grid.sheet for grid in seen.grids), kind=kind.code, quarter=stated[1],
        subject=attributes.get(kind.subject, ""),
        entries=tuple(entries),
    )  # fmt: skip


def _settle(cells: Sequence[Cell], kind: Kind) -> tuple[list[Cell], list[Finding]]:
    """Return the cells without the values that are impossible, and a finding about each text and impossible value."""
    settled, findings = settle_domain(cells)
    asked = {finding.place for finding in findings}
    findings += [text_finding(cell) for cell in settled if cell.kind == "text" and cell.address not in asked]
    rates = {ratio.rate for ratio in kind.ratios}
    findings += [
        Finding("kind.share", cell.address, "fail", "error", cells=(cell.address,), note=cell.raw)
        for cell in settled
        if cell.address in rates and cell.value is not None and not 0 <= cell.value <= PERCENT
    ]
    return settled, findings
