"""Measure the accuracy, speed and memory of extraction on a simulated corpus of several formats.

`uv run --group dev python benchmarks/extraction.py --reports 10000 --write` makes a corpus, or takes the one of
`--corpus`. It reads the reports as `ogi run` does (`pipeline.job.batches`), compares every cell with the printed text,
and writes `docs/measured/extraction.md`. In each of `--passes` passes, one worker reads each format, then one worker
per core. The page shows medians.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.extraction_results import FormatPass, Measurements, compare, format_page
from pipeline.core.paths import Data
from pipeline.job.batches import extract, local_readers
from pipeline.job.inventory import Partition, read_inventory
from pipeline.registry.load import load_register
from pipeline.simulate.cities import list_city_codes
from pipeline.simulate.corpus import write_corpus
from pipeline.simulate.corpus_spec import CorpusSpec
from pipeline.simulate.report_files import WRITERS
from pipeline.storage.load import Tables

FIRST_YEAR, LAST_YEAR = 2018, 2024
MEMBERS_PER_CITY = 30
ERRORS_PER_10000 = 200
SEED = 1
# Two reports each, read before the clock starts: enough that every child has started.
WARM_UP_BATCHES_PER_WORKER = 8
LOOPS_PER_PROCESS = 8
LOOP_STEPS = 2_000_000


def partitions_by_format(data: Data) -> dict[str, list[Partition]]:
    """Return the partitions of the corpus by file format, each with the reports of that format only."""
    partitions = read_inventory(data, load_register(data.raw), ()).values()
    return {kind: [_with_format(partition, kind) for partition in partitions] for kind in WRITERS}


def _with_format(partition: Partition, kind: str) -> Partition:
    """Return a partition without the reports of other formats; `kind` is the suffix of a file name."""
    entries = tuple(e for e in partition.entries if e.source.report_id.endswith(f".{kind}"))
    return replace(partition, entries=entries)


def read_format(partitions: Sequence[Partition], data: Data, workers: int) -> tuple[FormatPass, list[Tables]]:
    """Read the partitions with this many workers; return the measurement and the tables of all batches.

    The start of the child processes is not timed.
    """
    first = partitions[0]
    warm_up = [replace(first, entries=first.entries[:2])] * (WARM_UP_BATCHES_PER_WORKER * workers)
    with local_readers(workers) as readers:
        list(extract(warm_up, data.root, readers, _ignore_progress))
        start = time.perf_counter()
        results = extract(partitions, data.root, readers, _ignore_progress)
        batches = [tables for _, partition_batches in results for tables in partition_batches]
        seconds = time.perf_counter() - start
        peak_mb = max(_peak_mb(child.pid) for child in multiprocessing.active_children())
    return FormatPass(seconds, peak_mb), batches


def _ignore_progress(_reports: int) -> None:
    """Do nothing."""


def _peak_mb(process_id: int | None) -> float:
    """Return the peak memory of a process in MB."""
    status = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def measure_plain_loops(processes: int) -> float:
    """Return the loops per second of this many processes that do nothing else."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.map(_loop, range(processes), chunksize=1)  # starts the processes
        start = time.perf_counter()
        pool.map(_loop, range(LOOPS_PER_PROCESS * processes), chunksize=1)
        return LOOPS_PER_PROCESS * processes / (time.perf_counter() - start)


def _loop(_number: int) -> int:
    return sum(i * i for i in range(LOOP_STEPS))


def measure(data: Data, cores: int, passes: int) -> tuple[Measurements, list[Tables]]:
    """Return all measurements, and the batches that one worker per core read in the first pass."""
    partitions = partitions_by_format(data)
    measurements, first_batches = Measurements(partitions), list[Tables]()
    for number in range(passes):
        for workers in (1, cores):
            measurements.loops_per_second.setdefault(workers, []).append(measure_plain_loops(workers))
            batches = _measure_formats(measurements, partitions, data, workers)
            if number == 0 and workers == cores:
                first_batches = batches
    return measurements, first_batches


def _measure_formats(
    measurements: Measurements, partitions: Mapping[str, Sequence[Partition]], data: Data, workers: int
) -> list[Tables]:
    """Read each format once and add the passes to the measurements; return the batches."""
    all_batches: list[Tables] = []
    for kind, of_format in partitions.items():
        format_pass, batches = read_format(of_format, data, workers)
        measurements.passes.setdefault((kind, workers), []).append(format_pass)
        all_batches += batches
    return all_batches


@contextmanager
def corpus_folder(folder: Path | None, reports: int) -> Iterator[Path]:
    """Yield the given corpus, or make one of about this many reports in a temporary folder."""
    if folder:
        yield folder
        return
    reports_per_city = (MEMBERS_PER_CITY + 1) * (LAST_YEAR - FIRST_YEAR + 1)
    cities = -(-reports // reports_per_city)
    spec = CorpusSpec(FIRST_YEAR, LAST_YEAR, MEMBERS_PER_CITY, tuple(WRITERS), ERRORS_PER_10000, SEED)
    with tempfile.TemporaryDirectory() as scratch:
        write_corpus(Path(scratch) / "corpus", spec, list_city_codes(LAST_YEAR)[:cities], 1)
        yield Path(scratch) / "corpus"


def main() -> None:
    """Measure, print the page and write it if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=500)
    parser.add_argument("--corpus", type=Path, help="a corpus that `ogi simulate` wrote")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write docs/measured/extraction.md")
    options = parser.parse_args()
    cores = os.cpu_count() or 1
    with corpus_folder(options.corpus, options.reports) as corpus:
        measurements, batches = measure(Data(corpus), cores, options.passes)
        page = format_page(measurements, compare(batches, corpus), cores)
    print(page)
    if options.write:
        (ROOT / "docs" / "measured" / "extraction.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
