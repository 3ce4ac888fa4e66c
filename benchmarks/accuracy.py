"""Measure how many cells are read correctly from documents with known figures.

`uv run --group dev python benchmarks/accuracy.py > docs/measured/accuracy.md` writes the page. Scans take minutes, so
`accuracy_scans.py` measures them.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support import offices, pdfs
from support.damages import damaged_documents
from support.mutations import MUTATIONS, as_html, as_text, mutated

from pipeline.core.form import forms
from pipeline.core.model import MIN_CONFIDENCE, DataFault, Extraction
from pipeline.edit.statutory import confront_form
from pipeline.extract import extract
from pipeline.read import read_bytes
from pipeline.registry.load import load_register
from pipeline.simulate.render import DocumentText, render_html, render_text

SHARED = ROOT.parent / "shared" / "data"
REPORTS = ("2019/411200.html", "2024/320800.html")
OUTCOMES = ("right", "flagged", "missing", "silent", "invented")
HEAD = """# Accuracy of reading

Written by `benchmarks/accuracy.py`. Each cell counts once:

- *right*: ogi read the printed value.
- *flagged*: ogi found the cell, but read a wrong value or no value. A finding, a failed identity or a
  confidence under 0.8 shows the error.
- *missing*: ogi did not find the cell, which is always a finding too.
- *silent*: ogi read a wrong value, and nothing shows the error.
- *invented*: ogi read a number, with or without a finding, where the document prints none for this cell.

The real documents, the variants and the page text were written by others. Many real documents are excerpts that break
off. The silent variant is a PDF without the form field that its truth has: its page is blank there.
"""
MUTATION_HEAD = """The next table is for correct reports with one change, as a web page and as text. It counts only the
cells that the change does not affect. *not printed* counts the cells whose number the change removes. A number in one
of them is invented:
"""
DAMAGE_HEAD = """The last table is for correct reports with one fault, made by `tests/support/damages.py`. It compares
every cell with what a person reads:
"""

Truth = Mapping[str, Decimal | None]


class KnownDocument(NamedTuple):
    """A document and the true values of its cells by address. Documents with the same name share a row of the page."""

    name: str
    content: bytes
    truth: Truth
    blanks: frozenset[str] = frozenset()
    """Cells outside of `truth` for which the document prints no number, or one that is not theirs."""


def count_outcomes(document: KnownDocument) -> Counter[str]:
    """Read a document; return the number of its cells per outcome. All cells of an unreadable document are missing."""
    try:
        extraction = extract(read_bytes(document.content), load_register())
    except DataFault:
        return Counter(missing=len(document.truth))
    cells = {c.address: c for c in extraction.cells}
    flagged = flagged_addresses(extraction)
    counts = Counter[str]()
    for address, value in document.truth.items():
        cell = cells.get(address)
        if value is None and cell is not None and cell.value is not None:
            counts["invented"] += 1
        elif cell is None:
            counts["missing"] += 1
        elif cell.value == value:
            counts["right"] += 1
        else:
            counts["flagged" if cell.confidence < MIN_CONFIDENCE or address in flagged else "silent"] += 1
    counts["invented"] += sum(a in cells and cells[a].value is not None for a in document.blanks)
    return counts


def flagged_addresses(extraction: Extraction) -> set[str]:
    """Return the addresses of the cells that a finding or a failed identity names."""
    values = {c.address: c.value for c in extraction.cells}
    failures = [f for f in confront_form([values], forms()[extraction.form])[0] if f.status == "fail"]
    return {address for finding in (*extraction.findings, *failures) for address in finding.cells}


def make_documents() -> Iterator[KnownDocument]:
    """Yield each report in each format, then the real documents if `../shared/data` exists."""
    for report in REPORTS:
        yield from _make_formats(report)
    for name, suffix in (("sanmenxia-2019", "txt"), ("huaian-2024", "pdf")):
        path = SHARED / "reports" / f"{name}.{suffix}"
        if path.exists():
            yield KnownDocument(f"real: {path.name}", path.read_bytes(), _read_cells(SHARED / "truth" / f"{name}.json"))
    yield from _real_documents()


def _real_documents() -> Iterator[KnownDocument]:
    """Yield the real documents with tables, the variants of one report, and page text, if `../shared/data` exists."""
    real = SHARED / "real"
    for truth_file in sorted((real / "truth").glob("*.json")):
        for path in (real / "docs").glob(f"{truth_file.stem}.*"):
            if cells := _read_cells(truth_file):
                yield KnownDocument("real documents as published", path.read_bytes(), cells)
    for name, folder, truth_file in (
        ("variants of one report", SHARED / "variants", SHARED / "variants" / "truth.json"),
        ("tables as page text", real / "renderings", real / "renderings-truth.json"),
    ):
        for path in sorted(folder.glob("*")):
            if path.suffix not in (".json", ".md") and not path.stem.endswith(
                "blank"
            ):  # their truth is the table without blanks
                yield KnownDocument(name, path.read_bytes(), _read_cells(truth_file))


def _read_cells(truth_file: Path) -> Truth:
    cells = json.loads(truth_file.read_text(encoding="utf-8"))["cells"]
    return {address: _to_decimal(value) for address, value in cells.items()}


def _make_formats(path: str) -> Iterator[KnownDocument]:
    """Yield a shipped report in each format; `path` is relative to data/raw, such as `2019/411200.html`."""
    report = offices.shipped(path)
    truth: Truth = {c.address: c.value for c in report.cells}
    raw_texts = {c.address: c.raw for c in report.cells}
    form, text = forms()[report.form], DocumentText(f"{report.body}{report.year}年政府信息公开工作年度报告")
    for encoding in ("utf-8", "gb18030", "utf-16"):
        page = render_html(form, raw_texts, text, encoding=encoding, declared_encoding="gb2312")
        yield KnownDocument(f"HTML, {encoding}", page, truth)
    contents = {
        "text, tabs": render_text(form, raw_texts, text),
        "DOCX (python-docx)": offices.word(report),
        "XLSX (openpyxl)": offices.saved(offices.excel(report)),
        "XLSX, one sheet per table": offices.saved(offices.excel(report, sheets=True)),
        "XLS (xlwt)": offices.old_excel(report),
        "PDF (WeasyPrint)": pdfs.weasyprint(path),
        "PDF (reportlab, lines)": pdfs.reportlab(path),
        "PDF (reportlab, boxes)": pdfs.reportlab(path, boxes=True),
        "PDF (reportlab, rotated)": pdfs.reportlab(path, turned=True),
    }
    yield from (KnownDocument(name, content, truth) for name, content in contents.items())


def _to_decimal(value: float | None) -> Decimal | None:
    """Return a JSON number as the decimal that it prints as; None stays None."""
    return None if value is None else Decimal(str(value))


def make_mutations() -> Iterator[KnownDocument]:
    """Yield each mutation of each report, as a web page and as text with tabs.

    The truth leaves out the cells that the mutation touches.
    """
    for path in REPORTS:
        report = offices.shipped(path)
        raw_texts = {c.address: c.raw for c in report.cells}
        for mutation in MUTATIONS:
            tables, touched = mutated(report.form, raw_texts, mutation)
            truth: Truth = {c.address: c.value for c in report.cells if c.address not in touched}
            for render in (as_html, as_text):
                blanks = frozenset(touched if mutation.becomes in ("na", "blank") else ())
                yield KnownDocument(mutation.name, render(tables), truth, blanks)


def make_damages() -> Iterator[KnownDocument]:
    """Yield each damaged document of each report. Its truth leaves out the cells whose number the fault removes."""
    for path in REPORTS:
        report = offices.shipped(path)
        printed = {c.address for c in report.cells if c.value is not None}
        for name, content, truth in damaged_documents(report):
            blanks = frozenset(a for a in printed if truth[a] is None)
            yield KnownDocument(name, content, {a: v for a, v in truth.items() if a not in blanks}, blanks)


def print_table(documents: Iterable[KnownDocument], heading: str, *, total: bool = False) -> None:
    """Print one row per document name, with the sums over its documents; `total` adds the row of all documents."""
    sums: dict[str, Counter[str]] = {}
    for document in documents:
        row = sums.setdefault(document.name, Counter())
        row.update({"documents": 1, "cells": len(document.truth), "not printed": len(document.blanks)})
        row.update(count_outcomes(document))
    if total:
        sums["all"] = sum(sums.values(), Counter())
    columns = ("documents", "cells", *["not printed"] * total, *OUTCOMES)
    print(f"| {heading} | {' | '.join(columns)} |")
    print("|---|" + "---:|" * len(columns))
    for name, row in sums.items():
        print(f"| {name} | {' | '.join(str(row[column]) for column in columns)} |")
    print()


def main() -> None:
    """Print the page."""
    print(HEAD)
    print_table(make_documents(), "document")
    print(MUTATION_HEAD)
    print_table(make_mutations(), "change", total=True)
    print(DAMAGE_HEAD)
    print_table(make_damages(), "fault", total=True)


if __name__ == "__main__":
    main()
