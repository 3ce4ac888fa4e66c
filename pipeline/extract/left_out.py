"""Decide which of a reader's remarks on content that it left out matter: most do only if cells are missing."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.core.model import DataFault, Document, Finding
from pipeline.extract.table_findings import LACKING_CELLS

MAX_SHELL_CHARS = 200  # a document with less text is only the frame of the content left out
# Content that may hold the missing cells. With all cells at hand it is a logo, a map or a list of links.
_IF_MISSING = frozenset(("extract.elsewhere", "extract.script", "extract.picture"))
_NOT_READ = _IF_MISSING | {"extract.part"}
_LACKS_CELLS = frozenset((*LACKING_CELLS, "extract.no_tables", "extract.before_tables"))


def select_reader_findings(document: Document, findings: Iterable[Finding]) -> list[Finding]:
    """Return the document's own findings; those about content that was not read only if `findings` lack cells."""
    lacks_cells = any(finding.identity in _LACKS_CELLS for finding in findings)
    own_findings = [finding for finding in document.findings if lacks_cells or finding.identity not in _IF_MISSING]
    if lacks_cells and document.format == "scan":
        own_findings.append(Finding("extract.scan", "document", "fail", "warning"))
    return own_findings


def refuse(document: Document, has_sign: bool) -> DataFault:
    """Return the fault of a document without tables and figures.

    It names the content left out if the document has a sign of a report, or hardly any text by itself.
    """
    is_shell = sum(len(paragraph.text) for paragraph in document.paragraphs) < MAX_SHELL_CHARS
    causes = (finding for finding in document.findings if finding.identity in _NOT_READ)
    for finding in causes if has_sign or is_shell else ():
        return DataFault(finding.identity, label=finding.place, place=finding.place, note=finding.note)
    if document.format == "scan":
        return DataFault("extract.scan")
    return DataFault("extract.no_table", grids=len(document.grids))
