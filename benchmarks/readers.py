"""Milliseconds and peak memory per report and format, beside what people would use instead, in one run.

`uv run --group bench python benchmarks/readers.py`. Each tool runs in a process of its own on the same documents (the
two reports of the accuracy table, their real PDF where at hand): median of the warm repetitions, and the process's
peak memory less that of an empty Python. ogi reads and extracts to addressed cells; the others only read tables.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
SHARED = ROOT.parent / "shared" / "data"
TIMES = 31


def ogi(path: Path) -> int:
    """Read and extract."""
    from pipeline.report import read_report

    return len(read_report(path).cells)


def pandas_html(path: Path) -> int:
    """pandas.read_html."""
    import pandas as pd

    return sum(frame.size for frame in pd.read_html(path))


def plumber(path: Path) -> int:
    """pdfplumber's tables."""
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        return sum(len(row) for page in pdf.pages for table in page.extract_tables() for row in table)


def camelot(path: Path) -> int:
    """camelot, lattice."""
    import camelot as cm

    return sum(table.df.size for table in cm.read_pdf(str(path), pages="all", flavor="lattice"))


def openpyxl_cells(path: Path) -> int:
    """openpyxl."""
    import openpyxl

    return sum(len(row) for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows())


def python_docx(path: Path) -> int:
    """python-docx, cell by cell."""
    import docx

    return sum(len(row.cells) for table in docx.Document(str(path)).tables for row in table.rows)


TOOLS: dict[str, Callable[[Path], int]] = {
    f.__name__: f for f in (ogi, pandas_html, plumber, camelot, openpyxl_cells, python_docx)
}
CASES = (
    ("HTML", "html", ("ogi", "pandas_html")),
    ("text", "txt", ("ogi",)),
    ("DOCX", "docx", ("ogi", "python_docx")),
    ("XLSX", "xlsx", ("ogi", "openpyxl_cells")),
    ("PDF (made)", "pdf", ("ogi", "plumber", "camelot")),
    ("PDF (real)", "real.pdf", ("ogi", "plumber", "camelot")),
)


def measure(tool: str, path: Path) -> None:
    """In a process of its own: print the median milliseconds, the peak memory in MB, and how many cells were seen."""
    base = _peak()
    cells, found = TOOLS[tool](path), []
    gc.collect()
    gc.freeze()  # as ogi's own worker does; it helps every tool alike
    for _ in range(TIMES):
        begun = time.perf_counter()
        TOOLS[tool](path)
        found.append(1000 * (time.perf_counter() - begun))
    print(json.dumps([statistics.median(found), _peak() - base, cells]))


def _peak() -> float:
    """The most memory that this process has held, in MB."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def make(folder: Path) -> None:
    """Write the documents."""
    from support import offices, pdfs

    from pipeline.core.form import forms
    from pipeline.simulate.render import DocumentText, render_html, render_text

    name = "2024/320800.html"
    report = offices.shipped(name)
    form, printed = forms()[report.form], {c.address: c.raw for c in report.cells}
    page = render_html(form, printed, DocumentText("题"), encoding="utf-8")
    made = {
        "html": page,
        "txt": render_text(form, printed, DocumentText("题")),
        "docx": offices.word(report),
        "xlsx": offices.saved(offices.excel(report)),
        "pdf": pdfs.weasyprint(name),
    }
    for suffix, content in made.items():
        (folder / f"report.{suffix}").write_bytes(content)
    real = SHARED / "reports" / "huaian-2024.pdf"
    if real.exists():
        (folder / "report.real.pdf").write_bytes(real.read_bytes())


def main() -> None:
    """Measure and print."""
    print("| format | tool | ms a report | times ogi | peak MB | cells |\n|---|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as name:
        make(Path(name))
        for what, suffix, tools in CASES:
            path, ours = Path(name) / f"report.{suffix}", 0.0
            for tool in tools if path.exists() else ():
                run = subprocess.run(
                    [sys.executable, __file__, tool, path], capture_output=True, text=True, check=False
                )
                if run.returncode:
                    print(f"| {what} | {tool} | failed: {run.stderr.splitlines()[-1][:80]} | | | |")
                    continue
                median, peak, cells = json.loads(run.stdout.splitlines()[-1])
                ours = ours or median
                print(f"| {what} | {tool} | {median:.1f} | {median / ours:.1f} | {peak:.0f} | {cells} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        measure(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
