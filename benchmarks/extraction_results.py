"""The results of `benchmarks/extraction.py`: passes by format, the comparison with the truth, and the page of both."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipeline.job.inventory import Partition
from pipeline.storage.load import Tables, concatenate

# Per format: cells that are right, wrong, missing and surplus. Cells of refused reports are not compared.
COMPARE_CELLS = """
    WITH expected AS (
        SELECT t.* FROM truth AS t INNER JOIN reports AS r ON r.report_id = t.path AND r.status = 'loaded'
    )
    SELECT
        regexp_extract(coalesce(c.report_id, e.path), '[a-z]+$') AS format,
        count(CASE WHEN c.raw = e.printed THEN 1 END),
        count(CASE WHEN c.raw <> e.printed THEN 1 END),
        count(CASE WHEN c.report_id IS NULL THEN 1 END),
        count(CASE WHEN e.path IS NULL THEN 1 END)
    FROM cells AS c
    FULL JOIN expected AS e
        ON c.report_id = e.path AND c."table" = e."table" AND c."row" = e."row" AND c."column" = e."column"
    GROUP BY ALL"""
# Reports that were refused with the planted fault's code, and with another code.
COUNT_REFUSED = """
    SELECT
        count(CASE WHEN e.expected = r.reason_code THEN 1 END),
        count(CASE WHEN e.expected IS DISTINCT FROM r.reason_code THEN 1 END)
    FROM reports AS r
    LEFT JOIN errors AS e ON e.path = r.report_id AND e.expected = r.reason_code
    WHERE r.status <> 'loaded'"""
PAGE = """# Extraction of a simulated corpus

Written by `benchmarks/extraction.py`: {reports} simulated reports on the forms of 2014, 2019 and 2021, some with
planted errors. The script reads them like `ogi run` and compares each cell with the printed text.
Python {python}, {cores} cores, {passes}. The documents are simulated; [accuracy](accuracy.md) has results
for real documents.

| format | reports | cells | right | wrong | missing | surplus | right % | reports/s: one | {cores} workers | gain |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
{rows}

{refused} unreadable reports were refused with the expected code; {lost} other reports were refused.

| workers | reports per second | peak memory of a child, MB |
|---:|---:|---:|
{speeds}

{cores} workers do {gain:.2f} times the work of one: {share:.0f} % of {cores} cores. In the same run a plain loop in
{cores} processes did {ceiling:.2f} times the work of one process.
"""


@dataclass(frozen=True)
class FormatPass:
    """One reading of all reports of a format: the seconds, and the peak memory of the largest child in MB."""

    seconds: float
    peak_mb: float


class CellCounts(NamedTuple):
    """The cells of a format: read as printed, read otherwise, not read, and read although not printed."""

    right: int = 0
    wrong: int = 0
    missing: int = 0
    surplus: int = 0


@dataclass(frozen=True)
class Accuracy:
    """The cells by format, and the numbers of reports that were refused with the expected code and otherwise."""

    cells: Mapping[str, CellCounts]
    refused: int
    lost: int


class Measurements:
    """The passes by format and number of workers, and the speed of a plain loop in as many processes.

    A shared machine does not give the full time of its cores. The plain loop shows what it gave during the run.
    """

    def __init__(self, partitions: Mapping[str, Sequence[Partition]]) -> None:
        self.report_counts = {kind: sum(len(p.entries) for p in parts) for kind, parts in partitions.items()}
        self.passes: dict[tuple[str, int], list[FormatPass]] = {}
        self.loops_per_second: dict[int, list[float]] = {}

    def median_seconds(self, kind: str, workers: int) -> float:
        """Return the median time to read the reports of a format."""
        return statistics.median(p.seconds for p in self.passes[kind, workers])

    def reports_per_second(self, workers: int) -> float:
        """Return the speed over all formats."""
        seconds = sum(self.median_seconds(kind, workers) for kind in self.report_counts)
        return sum(self.report_counts.values()) / seconds

    def peak_mb(self, workers: int) -> float:
        """Return the peak memory of the largest child in any pass."""
        return max(p.peak_mb for (_, count), passes in self.passes.items() if count == workers for p in passes)

    def gain(self, workers: int) -> float:
        """Return the speed of this many workers relative to one."""
        return self.reports_per_second(workers) / self.reports_per_second(1)

    def ceiling(self, processes: int) -> float:
        """Return the speed of the plain loop in this many processes relative to one."""
        return statistics.median(self.loops_per_second[processes]) / statistics.median(self.loops_per_second[1])


def compare(batches: Sequence[Tables], corpus: Path) -> Accuracy:
    """Compare every cell with the truth of the corpus."""
    tables = concatenate(batches)
    with duckdb.connect() as connection:
        connection.register("cells", tables["cells"])
        connection.register("reports", tables["reports"])
        connection.read_parquet(str(corpus / "truth" / "cells" / "*.parquet")).create_view("truth")
        connection.read_csv(str(corpus / "truth" / "errors.csv"), all_varchar=True).create_view("errors")
        cells = {str(kind): CellCounts(*counts) for kind, *counts in connection.sql(COMPARE_CELLS).fetchall()}
        refused, lost = connection.sql(COUNT_REFUSED).fetchall()[0]
    return Accuracy(cells, refused, lost)


def format_page(measurements: Measurements, accuracy: Accuracy, cores: int) -> str:
    """Return the page; `cores` is the larger number of workers that was measured."""
    passes = len(measurements.loops_per_second[1])
    speeds = (
        f"| {workers} | {measurements.reports_per_second(workers):.1f} | {measurements.peak_mb(workers):.0f} |"
        for workers in (1, cores)
    )
    return PAGE.format(
        reports=sum(measurements.report_counts.values()),
        python=platform.python_version(),
        cores=cores,
        passes="one pass" if passes == 1 else f"medians of {passes} passes",
        rows="\n".join(_format_row(kind, measurements, accuracy, cores) for kind in measurements.report_counts),
        refused=accuracy.refused,
        lost=accuracy.lost,
        speeds="\n".join(speeds),
        gain=measurements.gain(cores),
        share=100 * measurements.gain(cores) / cores,
        ceiling=measurements.ceiling(cores),
    )


def _format_row(kind: str, measurements: Measurements, accuracy: Accuracy, cores: int) -> str:
    """Return the table row of a format."""
    counts = accuracy.cells.get(kind, CellCounts())
    printed, reports = counts.right + counts.wrong + counts.missing, measurements.report_counts[kind]
    one_worker, all_workers = (reports / measurements.median_seconds(kind, workers) for workers in (1, cores))
    percent = f"{100 * counts.right / printed:.4f}" if printed else "-"
    figures = " | ".join(map(str, (reports, printed, *counts)))
    return f"| {kind} | {figures} | {percent} | {one_worker:.1f} | {all_workers:.1f} | {all_workers / one_worker:.2f} |"
