"""How right, how fast and in how much memory a corpus of mixed digital reports is extracted, with one worker and with
one a core.

`uv run python benchmarks/extraction.py --reports 10000 --write` makes a simulated corpus (`--corpus` takes one), reads
it as `ogi run` does (`pipeline.job.batches`), compares every cell with what was printed, and
writes `docs/extraction.md`. Each format is read by one worker and then by all, `--passes` times; what is told are
medians. Beside them stands how far a plain loop gets on as many cores, for a shared machine does not give what it has.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import duckdb

from pipeline.core.paths import Data
from pipeline.job import batches as workers
from pipeline.job.inventory import Inventory
from pipeline.simulate.cities import list_city_codes
from pipeline.simulate.corpus import write_corpus
from pipeline.simulate.corpus_spec import CorpusSpec
from pipeline.simulate.report_files import WRITERS
from pipeline.storage import load
from pipeline.storage.load import Tables
from pipeline.storage.partition import Part, Share

MEMBERS, FIRST, LAST = 30, 2018, 2024
SEED, ERRORS = 1, 200
# What each format's cells are against what was printed; of reports that were refused there is nothing to compare.
COMPARED = """
    WITH taken AS (
        SELECT c.report_id AS path, c."table", c."row", c."column", c.raw FROM cells AS c
    ),
    meant AS (
        SELECT t.* FROM truth AS t INNER JOIN reports AS r ON r.report_id = t.path AND r.status = 'loaded'
    )
    SELECT
        regexp_extract(coalesce(a.path, b.path), '[a-z]+$') AS format,
        count(CASE WHEN a.raw = b.printed THEN 1 END), count(CASE WHEN a.raw <> b.printed THEN 1 END),
        count(CASE WHEN a.path IS NULL THEN 1 END), count(CASE WHEN b.path IS NULL THEN 1 END)
    FROM taken AS a
    FULL JOIN meant AS b
        ON a.path = b.path AND a."table" = b."table" AND a."row" = b."row" AND a."column" = b."column"
    GROUP BY ALL"""
REFUSED = """
    SELECT
        count(CASE WHEN e.expected = r.why THEN 1 END), count(CASE WHEN e.expected IS DISTINCT FROM r.why THEN 1 END)
    FROM reports AS r
    LEFT JOIN errors AS e ON e.path = r.report_id AND e.expected = r.why
    WHERE r.status <> 'loaded'"""


@dataclass(frozen=True)
class Pass:
    """All reports of a format read once: seconds, and the most memory a child held, in MB."""

    seconds: float
    memory: float


@dataclass(frozen=True)
class Compared:
    """Cells by format (right, wrong, missing, surplus), and reports refused as expected and otherwise."""

    cells: Mapping[str, tuple[int, int, int, int]]
    expected: int
    lost: int


def shares_of(data: Data) -> dict[str, dict[Part, Share]]:
    """What is to be read, by format and part."""
    whole = Inventory(data, "", ())
    return {kind: {part: _of(kind, share) for part, share in whole.items()} for kind in WRITERS}


def _of(kind: str, share: Share) -> Share:
    return replace(share, entries=tuple(e for e in share.entries if e.source.report_id.endswith(f".{kind}")))


def read(shares: Mapping[Part, Share], data: Data, count: int) -> tuple[Pass, list[Tables]]:
    """Read them with so many workers; the start of the children is not counted."""
    first = next(iter(shares.values()))
    warm = {Part(0, str(i)): replace(first, entries=first.entries[:2]) for i in range(8 * count)}
    with workers.local(count) as (executor, _):
        list(workers.extract(warm, data.root, executor, 8 * count, _nothing))
        begun = time.perf_counter()
        found = [
            tables for _, all_ in workers.extract(shares, data.root, executor, 4 * count, _nothing) for tables in all_
        ]
        seconds = time.perf_counter() - begun
        memory = max(_peak(child.pid) for child in multiprocessing.active_children())
    return Pass(seconds, memory), found


def _nothing(_: int) -> None:
    """Nobody is told how far it is."""


def _peak(pid: int | None) -> float:
    """The most memory that a process has held, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def compare(found: list[Tables], corpus: Path) -> Compared:
    """Every cell against what was printed."""
    tables = load.together(found)
    with duckdb.connect() as connection:
        connection.register("cells", tables["cells"])
        connection.register("reports", tables["reports"])
        connection.read_parquet(str(corpus / "truth" / "cells" / "*.parquet")).create_view("truth")
        connection.read_csv(str(corpus / "truth" / "errors.csv"), all_varchar=True).create_view("errors")
        cells = {str(row[0]): tuple(row[1:]) for row in connection.sql(COMPARED).fetchall()}
        expected, lost = connection.sql(REFUSED).fetchall()[0]
    return Compared(cells, expected, lost)


def plain(count: int) -> float:
    """Loops a second by so many processes that do nothing else."""
    with multiprocessing.get_context("spawn").Pool(count) as pool:
        pool.map(_loop, range(count), chunksize=1)  # starts them
        begun = time.perf_counter()
        pool.map(_loop, range(8 * count), chunksize=1)
        return 8 * count / (time.perf_counter() - begun)


def _loop(_: int) -> int:
    return sum(i * i for i in range(2_000_000))


class Measured:
    """Passes by format and number of workers, and how far a plain loop got beside them."""

    def __init__(self, shares: Mapping[str, Mapping[Part, Share]]) -> None:
        self.counts = {kind: sum(len(s.entries) for s in found.values()) for kind, found in shares.items()}
        self.passes: dict[tuple[str, int], list[Pass]] = {}
        self.loops: dict[int, list[float]] = {}

    def seconds(self, kind: str, count: int) -> float:
        """The median of the passes."""
        return statistics.median(p.seconds for p in self.passes[kind, count])

    def rate(self, count: int) -> float:
        """Reports a second over all formats."""
        return sum(self.counts.values()) / sum(self.seconds(kind, count) for kind in self.counts)

    def gain(self, cores: int) -> float:
        """How many times the work of one worker all do."""
        return self.rate(cores) / self.rate(1)

    def ceiling(self, cores: int) -> float:
        """How many times the loops of one process as many processes did."""
        return statistics.median(self.loops[cores]) / statistics.median(self.loops[1])


def measured(data: Data, cores: int, passes: int) -> tuple[Measured, list[Tables]]:
    """All passes, and what the first of all cores read."""
    shares = shares_of(data)
    found, tables = Measured(shares), []
    for number in range(passes):
        for count in (1, cores):
            found.loops.setdefault(count, []).append(plain(count))
            for kind in shares:
                done, read_ = read(shares[kind], data, count)
                found.passes.setdefault((kind, count), []).append(done)
                tables += read_ if number == 0 and count == cores else []
    return found, tables


def told(found: Measured, compared: Compared, cores: int) -> str:
    """The page."""
    lines = [_row(kind, found, compared, cores) for kind in found.counts]
    speeds = [f"| {count} | {found.rate(count):.1f} | {_memory(found, count):.0f} |" for count in (1, cores)]
    gain, passes = found.gain(cores), len(found.loops[1])
    told_passes = "one pass" if passes == 1 else f"medians of {passes} passes"
    return f"""# Extraction of a simulated corpus

Made by `benchmarks/extraction.py`: {sum(found.counts.values())} simulated reports of the forms of 2014, 2019 and 2021,
some with planted errors, read as `ogi run` reads them, compared cell by cell with what was printed.
Python {platform.python_version()}, {cores} cores, {told_passes}. The documents are simulated;
[accuracy](accuracy.md) has real ones.

| format | reports | cells | right | wrong | missing | surplus | right % | a second: 1 worker | {cores} | gain |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
{chr(10).join(lines)}

{compared.expected} reports that cannot be read were refused with the code that was expected, {compared.lost} others.

| workers | reports a second | peak memory of a child, MB |
|---:|---:|---:|
{chr(10).join(speeds)}

{cores} workers do {gain:.2f} times the work of one: {100 * gain / cores:.0f} % of {cores} cores. A plain loop in
{cores} processes did {found.ceiling(cores):.2f} times that of one beside it.
"""


def _memory(found: Measured, count: int) -> float:
    return max(p.memory for (_, n), passes in found.passes.items() if n == count for p in passes)


def _row(kind: str, found: Measured, compared: Compared, cores: int) -> str:
    right, wrong, missing, surplus = compared.cells.get(kind, (0, 0, 0, 0))
    cells, reports = right + wrong + missing, found.counts[kind]
    one, all_ = (reports / found.seconds(kind, count) for count in (1, cores))
    share = f"{100 * right / cells:.4f}" if cells else "-"
    return (
        f"| {kind} | {reports} | {cells} | {right} | {wrong} | {missing} | {surplus} | {share} "
        f"| {one:.1f} | {all_:.1f} | {all_ / one:.2f} |"
    )


def main() -> None:
    """Make or take the corpus, measure, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=500)
    parser.add_argument("--corpus", type=Path, help="a corpus that ogi simulate has made")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    cores = os.cpu_count() or 1
    for corpus in _corpus(given.corpus, given.reports):
        found, tables = measured(Data(corpus), cores, given.passes)
        page = told(found, compare(tables, corpus), cores)
        print(page)
        if given.write:
            (ROOT / "docs" / "extraction.md").write_text(page, encoding="utf-8")


def _corpus(given: Path | None, reports: int) -> Iterator[Path]:
    """The folder given, or one that is made and removed."""
    if given:
        yield given
        return
    each = (MEMBERS + 1) * (LAST - FIRST + 1)
    spec = CorpusSpec(FIRST, LAST, MEMBERS, tuple(WRITERS), ERRORS, SEED)
    with tempfile.TemporaryDirectory() as scratch:
        write_corpus(Path(scratch) / "corpus", spec, list_city_codes(LAST)[: -(-reports // each)], 1)
        yield Path(scratch) / "corpus"


if __name__ == "__main__":
    main()
