"""Measure how many cells are read correctly from simulated scans.

`uv run --group dev python benchmarks/accuracy_scans.py [REPORT...]` prints the table of
docs/measured/accuracy_scans.md, and each wrong cell on standard error. It takes minutes per report. `REPORT` is a
path below data/raw, such as `2019/411200.html`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from support import pdfs, scans

from pipeline.core.model import DataFault, Extraction
from pipeline.extract import extract
from pipeline.read import read_bytes
from pipeline.registry.load import load_register

REPORTS = ("2019/411200.html", "2024/320800.html")
# Missing cells are always a finding too; `scans.judge` says what the others mean.
OUTCOMES = ("right", "flagged", "silent", "missing")


def measure_scan(report: str, case: str) -> None:
    """Print the row of one report as one kind of scan, and its wrong cells on standard error."""
    scanner = scans.CASES[case]
    _, raw_texts, _ = pdfs.report(report)
    pages = scans.scanned(pdfs.weasyprint(report), scanner)
    start = time.process_time()
    try:
        extraction = extract(read_bytes(scans.as_pdf(pages, scanner.dpi)), load_register())
    except DataFault as fault:
        print(f"| {report} | {case} | {fault.code} |")
        return
    seconds_per_page = (time.process_time() - start) / len(pages)
    outcomes = scans.judge(extraction, raw_texts)
    doubtful = sum(c.confidence < scans.TRUSTED for c in extraction.cells if c.address in outcomes["right"])
    counts = " | ".join(str(len(outcomes[outcome])) for outcome in OUTCOMES)
    print(f"| {report} | {case} | {counts} | {doubtful} | {seconds_per_page:.1f} |", flush=True)
    print_wrong_cells(extraction, raw_texts, outcomes["flagged"] + outcomes["silent"])


def print_wrong_cells(extraction: Extraction, raw_texts: Mapping[str, str], addresses: Sequence[str]) -> None:
    """Print the printed text, the text that was read and its confidence for each address, on standard error."""
    cells = {c.address: c for c in extraction.cells}
    for address in addresses:
        cell = cells[address]
        print(f"  {address}: {raw_texts[address]!r} read as {cell.raw!r}, {cell.confidence}", file=sys.stderr)


def main(reports: Sequence[str]) -> None:
    """Print the table: one row per report and kind of scan."""
    print("| report | scan | right | flagged | silent | missing | right but doubtful | CPU s per page |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for report in reports:
        for case in scans.CASES:
            measure_scan(report, case)


if __name__ == "__main__":
    main(sys.argv[1:] or REPORTS)
