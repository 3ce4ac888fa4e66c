"""How right, how fast and in how much memory a corpus of mixed digital reports is extracted, with one process and with
all cores.

`uv run python benchmarks/extraction.py --reports 10000 --write` makes a simulated corpus (`--corpus` takes one), reads
every report as `ogi run` does, in child processes with limits, compares every cell with what was printed, and writes
`docs/extraction.md`. The passes with one process and with all take turns; what is told are medians. Beside them stands
how far a plain loop gets on as many cores at the same time, for a shared machine does not give what it has.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import pyarrow.parquet as pq

from pipeline.guard import Guard
from pipeline.intake import read_report
from pipeline.manifest import lines
from pipeline.model import DataFault, Extraction
from pipeline.simulate.corpus import errors, make
from pipeline.simulate.country import WRITERS, Order
from pipeline.simulate.places import codes

MEMBERS, FIRST, LAST = 30, 2018, 2024
SEED, ERRORS = 1, 200


@dataclass(frozen=True)
class Taken:
    """What came of one report, and the seconds it took."""

    path: str
    what: Extraction | str
    seconds: float


@dataclass(frozen=True)
class Pass:
    """All reports read once: reports a second, seconds by format, and the most memory a child held, in MB."""

    rate: float
    seconds: dict[str, float]
    memory: float


def extract_all(paths: Sequence[str], raw: Path, workers: int, memory: list[float]) -> Iterator[Taken]:
    """Every report through the guarded child processes of the job, in order: the one place that spreads the work."""
    guards, mine = [Guard() for _ in range(workers)], threading.local()
    free = iter(guards)

    def begin() -> None:
        mine.guard = next(free)

    def take(path: str) -> Taken:
        begun = time.perf_counter()
        try:
            what: Extraction | str = mine.guard.call(read_report, raw / path, raw)
        except DataFault as fault:
            what = fault.code
        return Taken(path, what, time.perf_counter() - begun)

    with ThreadPoolExecutor(workers, initializer=begin) as pool:
        yield from pool.map(take, paths)
        memory += [_peak(child.pid) for child in multiprocessing.active_children()]
    for guard in guards:
        guard.__exit__(None, None, None)


def _peak(pid: int | None) -> float:
    """The most memory that a process has held, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def measure(paths: Sequence[str], raw: Path, workers: int) -> Pass:
    """One pass over all reports; the start of the children is not counted."""
    memory: list[float] = []
    warm = 4 * workers
    found = extract_all([*paths[:warm], *paths], raw, workers, memory)
    for _ in range(warm):
        next(found)
    begun, seconds = time.perf_counter(), dict.fromkeys(WRITERS, 0.0)
    for taken in found:
        seconds[_format(taken.path)] += taken.seconds
    return Pass(len(paths) / (time.perf_counter() - begun), seconds, max(memory))


def plain(workers: int) -> float:
    """Loops a second by so many processes that do nothing else."""
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        pool.map(_loop, range(workers), chunksize=1)  # starts them
        begun = time.perf_counter()
        pool.map(_loop, range(8 * workers), chunksize=1)
        return 8 * workers / (time.perf_counter() - begun)


def _loop(_: int) -> int:
    return sum(i * i for i in range(2_000_000))


def _format(path: str) -> str:
    return path.rpartition(".")[2]


def compare(paths: Sequence[str], corpus: Path, workers: int) -> Counter[tuple[str, str]]:
    """How many cells of each format are right, wrong, missing or too many; reports, and quarantines as expected."""
    planted: dict[str, set[str]] = defaultdict(set)
    for error in errors(corpus):
        planted[error["path"]].add(error["expected"])
    counts: Counter[tuple[str, str]] = Counter()
    for year in sorted({path[:4] for path in paths}):
        truth = _truth(corpus, year)
        chosen = [path for path in paths if path.startswith(year)]
        for taken in extract_all(chosen, corpus / "raw", workers, []):
            kind = _format(taken.path)
            counts[kind, "reports"] += 1
            if isinstance(taken.what, str):
                counts[kind, "quarantined" if {taken.what} == planted[taken.path] else "lost"] += 1
            else:
                counts.update({(kind, k): n for k, n in _cells(taken.what, truth[taken.path]).items()})
    return counts


def _truth(corpus: Path, year: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in pq.read_table(corpus / "truth" / "cells" / f"{year}.parquet").to_pylist():
        found[row["path"]][f"{row['table']}/{row['row']}/{row['column']}"] = row["printed"]
    return found


def _cells(taken: Extraction, truth: dict[str, str]) -> Counter[str]:
    read = {c.address: c.raw for c in taken.cells}
    found = Counter("missing" if a not in read else "right" if read[a] == t else "wrong" for a, t in truth.items())
    found["surplus"] = len(read.keys() - truth.keys())
    return found


def told(counts: Counter[tuple[str, str]], passes: dict[int, list[Pass]], loops: dict[int, list[float]]) -> str:
    """The page."""
    cores, whole = max(passes), Counter[str]()
    for (_, what), number in counts.items():
        whole[what] += number
    rates = {w: statistics.median(p.rate for p in found) for w, found in passes.items()}
    gain, ceiling = (
        statistics.median(m / o for o, m in zip(x[1], x[cores], strict=True)) for x in _by_pass(passes, loops)
    )
    lines_ = [_row(kind, counts, passes[1]) for kind in WRITERS]
    speeds = [
        f"| {w} | {rates[w]:.1f} | {', '.join(f'{p.rate:.1f}' for p in found)} | {max(p.memory for p in found):.0f} |"
        for w, found in passes.items()
    ]
    return f"""# Extraction of a simulated corpus

Made by `benchmarks/extraction.py`: {whole["reports"]} simulated reports of the forms of 2014, 2019 and 2021, some with
planted errors, read by guarded child processes as `ogi run` reads them, compared cell by cell with what was printed.
Python {platform.python_version()}, {cores} cores, shared with other work: read the ratios. The documents are simulated;
[accuracy](accuracy.md) has real ones.

| format | reports | cells | right | wrong | missing | surplus | right % | reports a second and core |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
{chr(10).join(lines_)}

{whole["quarantined"]} reports that cannot be read were refused with the code that was expected, {whole["lost"]} others.

| processes | reports a second (median) | of each pass | peak memory of a child, MB |
|---:|---:|---|---:|
{chr(10).join(speeds)}

{cores} processes do {gain:.2f} times the work of one. A plain loop did {ceiling:.2f} times at the same time: that is
all that the machine had to give, and {100 * gain / ceiling:.0f} % of it was used.
"""


def _by_pass(passes: dict[int, list[Pass]], loops: dict[int, list[float]]) -> Iterator[dict[int, list[float]]]:
    yield {w: [p.rate for p in found] for w, found in passes.items()}
    yield loops


def _row(kind: str, counts: Counter[tuple[str, str]], passes: Sequence[Pass]) -> str:
    reports, right, wrong, missing, surplus = (
        counts[kind, k] for k in ("reports", "right", "wrong", "missing", "surplus")
    )
    cells = right + wrong + missing
    seconds = statistics.median(p.seconds[kind] for p in passes)
    share = f"{100 * right / cells:.4f}" if cells else "-"
    speed = f"{reports / seconds:.1f}" if seconds else "-"
    return f"| {kind} | {reports} | {cells} | {right} | {wrong} | {missing} | {surplus} | {share} | {speed} |"


def main() -> None:
    """Make or take the corpus, measure, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=500)
    parser.add_argument("--corpus", type=Path, help="a corpus that ogi simulate has made")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as scratch:
        corpus = given.corpus or _made(Path(scratch), given.reports)
        paths = [line["path"] for line in lines(corpus / "raw" / "manifest.csv")]
        counts = compare(paths, corpus, cores)
        passes: dict[int, list[Pass]] = {1: [], cores: []}
        loops: dict[int, list[float]] = {1: [], cores: []}
        for _ in range(given.passes):
            for workers, found in passes.items():
                found.append(measure(paths, corpus / "raw", workers))
                loops[workers].append(plain(workers))
    page = told(counts, passes, loops)
    print(page)
    if given.write:
        (ROOT / "docs" / "extraction.md").write_text(page, encoding="utf-8")


def _made(folder: Path, reports: int) -> Path:
    each = (MEMBERS + 1) * (LAST - FIRST + 1)
    order = Order(FIRST, LAST, MEMBERS, tuple(WRITERS), ERRORS, SEED)
    begun = time.perf_counter()
    count = make(folder / "corpus", order, codes(LAST)[: -(-reports // each)], 1)
    print(f"{count} reports made, {1000 * (time.perf_counter() - begun) / count:.1f} ms each", file=sys.stderr)
    return folder / "corpus"


if __name__ == "__main__":
    main()
