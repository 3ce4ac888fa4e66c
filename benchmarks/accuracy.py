"""How right documents are read whose figures are known: `uv run python benchmarks/accuracy.py > docs/accuracy.md`.

Counts cells, each once: `right` (the printed value), `told` (wrong or not read, and a finding, a failed identity or a
confidence under 0.8 says so), `missing` (not found; always a finding too), `silent` (wrong and nothing says so).
Scans are measured by `accuracy_scans.py`, which takes minutes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support import offices, pdfs
from support.mutations import MUTATIONS, as_html, as_text, mutated

from pipeline.core.form import forms
from pipeline.core.model import DataFault, Extraction
from pipeline.edit.statutory import confront_form
from pipeline.extract import extract
from pipeline.read import read_bytes
from pipeline.registry.load import load_register
from pipeline.simulate.render import DocumentText, render_html, render_text

SHARED = ROOT.parent / "shared" / "data"
REPORTS = ("2019/411200.html", "2024/320800.html")
SURE = 0.8
Truth = Mapping[str, Decimal | None]


def count(data: bytes, truth: Truth) -> dict[str, int]:
    """Cells right, told, missing and silent of one document."""
    try:
        taken = extract(read_bytes(data), load_register())
    except DataFault:
        return {"right": 0, "told": 0, "missing": len(truth), "silent": 0}
    found = {c.address: c for c in taken.cells}
    failed = told_of(taken)
    wrong = [a for a in truth if a in found and found[a].value != truth[a]]
    silent = [a for a in wrong if found[a].confidence >= SURE and a not in failed]
    missing = len(set(truth) - set(found))
    right = len(truth) - len(wrong) - missing
    return {"right": right, "told": len(wrong) - len(silent), "missing": missing, "silent": len(silent)}


def told_of(taken: Extraction) -> set[str]:
    """The cells that a finding or a failed identity names."""
    values = {c.address: c.value for c in taken.cells}
    failed = [f for f in confront_form([values], forms()[taken.form])[0] if f.status == "fail"]
    return {a for f in (*taken.findings, *failed) for a in f.cells}


def documents() -> Iterator[tuple[str, bytes, Truth]]:
    """Each format made from the figures of each report, and the real documents where they are at hand."""
    for name in REPORTS:
        report = offices.shipped(name)
        truth: Truth = {c.address: c.value for c in report.cells}
        printed = {c.address: c.raw for c in report.cells}
        form, title = forms()[report.form], f"{report.body}{report.year}年政府信息公开工作年度报告"
        for encoding in ("utf-8", "gb18030", "utf-16"):
            page = render_html(form, printed, DocumentText(title), encoding=encoding, declared_encoding="gb2312")
            yield f"HTML, {encoding}", page, truth
        yield "text, tabs", render_text(form, printed, DocumentText(title)), truth
        yield "DOCX (python-docx)", offices.word(report), truth
        yield "XLSX (openpyxl)", offices.saved(offices.excel(report)), truth
        yield "XLSX, a sheet a table", offices.saved(offices.excel(report, sheets=True)), truth
        yield "XLS (xlwt)", offices.old_excel(report), truth
        yield "PDF (WeasyPrint)", pdfs.weasyprint(name), truth
        yield "PDF (reportlab, lines)", pdfs.reportlab(name), truth
        yield "PDF (reportlab, boxes)", pdfs.reportlab(name, boxes=True), truth
        yield "PDF (reportlab, turned)", pdfs.reportlab(name, turned=True), truth
    for name, suffix in (("sanmenxia-2019", "txt"), ("huaian-2024", "pdf")):
        path = SHARED / "reports" / f"{name}.{suffix}"
        if path.exists():
            cells = json.loads((SHARED / "truth" / f"{name}.json").read_text(encoding="utf-8"))["cells"]
            yield f"real: {path.name}", path.read_bytes(), {a: _decimal(v) for a, v in cells.items()}


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def changes() -> Iterator[tuple[str, bytes, Truth]]:
    """Each mutation as a web page and as text with tabs; the touched cells are counted apart, so left out here."""
    for name in REPORTS:
        report = offices.shipped(name)
        printed = {c.address: c.raw for c in report.cells}
        for mutation in MUTATIONS:
            tables, touched = mutated(report.form, printed, mutation)
            truth: Truth = {c.address: c.value for c in report.cells if c.address not in touched}
            for make in (as_html, as_text):
                yield mutation.name, make(tables), truth


def table(found: Iterator[tuple[str, bytes, Truth]], what: str) -> None:
    """Print one line a name, the reports added up."""
    sums: dict[str, dict[str, int]] = {}
    for name, data, truth in found:
        line = sums.setdefault(name, {"documents": 0, "cells": 0, "right": 0, "told": 0, "missing": 0, "silent": 0})
        line["documents"] += 1
        line["cells"] += len(truth)
        for kind, number in count(data, truth).items():
            line[kind] += number
    print(f"| {what} | documents | cells | right | told | missing | silent |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, line in sums.items():
        print(f"| {name} | {' | '.join(map(str, line.values()))} |")
    print()


def main() -> None:
    """Print the page."""
    print("# Accuracy of reading\n\nMade by `benchmarks/accuracy.py`; what the columns mean stands at its head.\n")
    table(documents(), "document")
    print("One change to an otherwise sound report, as web page and as text; the cells that it does not touch:\n")
    table(changes(), "change")


if __name__ == "__main__":
    main()
