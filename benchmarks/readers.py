"""Measure the time and peak memory of reading one report, and compare ogi with other tools on the same documents.

`uv run --group dev --group bench python benchmarks/readers.py` prints the table of docs/measured/readers.md. Each tool
runs in a process of its own on each document: the shipped report 2024/320800.html in several formats, and the real PDF
of that report if `../shared/data` exists. The time is the median of the repetitions after a first one. The memory is
the peak of the process minus that of an empty Python. ogi reads and extracts to addressed cells; the other tools only
read tables.
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
REPORT = "2024/320800.html"
REPETITIONS = 31
MAX_FAULT_CHARACTERS = 80


def ogi(path: Path) -> int:
    """Read and extract with ogi; return the number of cells."""
    from pipeline.report import read_report

    return len(read_report(path).cells)


def pandas_html(path: Path) -> int:
    """Read the tables of a web page with pandas.read_html; return the number of cells."""
    import pandas as pd

    return sum(frame.size for frame in pd.read_html(path))


def plumber(path: Path) -> int:
    """Read the tables of a PDF with pdfplumber; return the number of cells."""
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        return sum(len(row) for page in pdf.pages for table in page.extract_tables() for row in table)


def camelot(path: Path) -> int:
    """Read the tables of a PDF with camelot by their ruling lines; return the number of cells."""
    import camelot as cm

    return sum(table.df.size for table in cm.read_pdf(str(path), pages="all", flavor="lattice"))


def openpyxl_cells(path: Path) -> int:
    """Read all sheets of a workbook with openpyxl; return the number of cells."""
    import openpyxl

    return sum(len(row) for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows())


def python_docx(path: Path) -> int:
    """Read the tables of a DOCX with python-docx, cell by cell; return the number of cells."""
    import docx

    return sum(len(row.cells) for table in docx.Document(str(path)).tables for row in table.rows)


TOOLS: dict[str, Callable[[Path], int]] = {
    f.__name__: f for f in (ogi, pandas_html, plumber, camelot, openpyxl_cells, python_docx)
}
# Format, suffix of the document, and the tools that read it, ogi first.
CASES = (
    ("HTML", "html", ("ogi", "pandas_html")),
    ("text", "txt", ("ogi",)),
    ("DOCX", "docx", ("ogi", "python_docx")),
    ("XLSX", "xlsx", ("ogi", "openpyxl_cells")),
    ("PDF (WeasyPrint)", "pdf", ("ogi", "plumber", "camelot")),
    ("PDF (real)", "real.pdf", ("ogi", "plumber", "camelot")),
)


def measure_here(tool: str, path: Path) -> None:
    """Print as JSON: the median milliseconds, the peak memory in MB, and the number of cells.

    The process must be new, because it keeps its peak memory.
    """
    base_mb = _peak_mb()
    cells, times = TOOLS[tool](path), []
    gc.collect()
    gc.freeze()  # as in ogi's own worker; it helps every tool in the same way
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        TOOLS[tool](path)
        times.append(1000 * (time.perf_counter() - start))
    print(json.dumps([statistics.median(times), _peak_mb() - base_mb, cells]))


def _peak_mb() -> float:
    """Return the peak memory of this process in MB."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def write_documents(folder: Path) -> None:
    """Write the report as `report.<suffix>` for each suffix of CASES; without the real PDF if it does not exist."""
    from support import offices, pdfs

    from pipeline.core.form import forms
    from pipeline.simulate.render import DocumentText, render_html, render_text

    report = offices.shipped(REPORT)
    form, raw_texts = forms()[report.form], {c.address: c.raw for c in report.cells}
    contents = {
        "html": render_html(form, raw_texts, DocumentText("题"), encoding="utf-8"),
        "txt": render_text(form, raw_texts, DocumentText("题")),
        "docx": offices.word(report),
        "xlsx": offices.saved(offices.excel(report)),
        "pdf": pdfs.weasyprint(REPORT),
    }
    for suffix, content in contents.items():
        (folder / f"report.{suffix}").write_bytes(content)
    real = SHARED / "reports" / "huaian-2024.pdf"
    if real.exists():
        (folder / "report.real.pdf").write_bytes(real.read_bytes())


def measure_format(name: str, path: Path, tools: tuple[str, ...]) -> None:
    """Print one row per tool that reads this format. Ratios are relative to the first tool that succeeds, ogi."""
    base_ms = 0.0
    for tool in tools:
        result = subprocess.run([sys.executable, __file__, tool, path], capture_output=True, text=True, check=False)
        if result.returncode:
            fault = result.stderr.splitlines()[-1][:MAX_FAULT_CHARACTERS]
            print(f"| {name} | {tool} | failed: {fault} | | | |")
            continue
        median_ms, peak_mb, cells = json.loads(result.stdout.splitlines()[-1])
        base_ms = base_ms or median_ms
        print(
            f"| {name} | {tool} | {median_ms:.1f} | {median_ms / base_ms:.1f} | {peak_mb:.0f} | {cells} |", flush=True
        )


def main() -> None:
    """Print the table."""
    print("| format | tool | ms per report | ogi = 1 | peak MB | cells |\n|---|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        write_documents(Path(folder))
        for name, suffix, tools in CASES:
            path = Path(folder) / f"report.{suffix}"
            if path.exists():
                measure_format(name, path, tools)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        measure_here(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
