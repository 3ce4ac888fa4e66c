"""How right scans are read, case by case: `python benchmarks/accuracy_scans.py [report ...]`, minutes a report.

Right: the printed text. Flagged: wrong, but with a confidence under 0.8, a finding, or an identity that fails on the
cell. Silent: wrong without any of these. Missing: cells that were not found, which is always a finding.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from support import pdfs, scans

from pipeline.core.model import DataFault
from pipeline.extract import extract
from pipeline.read import read_bytes
from pipeline.registry.load import load_register

REPORTS = ("2019/411200.html", "2024/320800.html")


def main(reports: list[str]) -> None:
    """Print the table."""
    print("| report | scan | right | flagged | silent | missing | right but doubted | CPU s a page |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in reports:
        _, truth, _ = pdfs.report(name)
        for case, scanner in scans.CASES.items():
            pages = scans.scanned(pdfs.weasyprint(name), scanner)
            started = time.process_time()
            try:
                taken = extract(read_bytes(scans.as_pdf(pages, scanner.dpi)), load_register())
            except DataFault as fault:
                print(f"| {name} | {case} | {fault.code} |")
                continue
            seconds = (time.process_time() - started) / len(pages)
            found = scans.judge(taken, truth)
            doubted = sum(c.confidence < scans.TRUSTED for c in taken.cells if c.address in found["right"])
            counts = " | ".join(str(len(found[k])) for k in ("right", "flagged", "silent", "missing"))
            print(f"| {name} | {case} | {counts} | {doubted} | {seconds:.1f} |", flush=True)
            for address in found["flagged"] + found["silent"]:
                cell = next(c for c in taken.cells if c.address == address)
                print(f"  {address}: {truth[address]!r} read {cell.raw!r}, {cell.confidence}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:] or list(REPORTS))
