"""A simulated corpus in a folder: its reports and registers below `raw`, as any data folder has them; below `truth`
what they truly say, and every error that was planted.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass, fields
from decimal import Decimal
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.raw.manifest import MANIFEST_COLUMNS, NOT_REPORTS, read_lines
from pipeline.registry.load import BODIES, COLUMNS, SUCCESSIONS
from pipeline.simulate.country import Order, Report, place, reports
from pipeline.simulate.errors import Planted

TRUTH, ERRORS = "truth", "errors.csv"
TEXT = pa.dictionary(pa.int32(), pa.string())
CELLS = pa.schema(
    [
        *((name, TEXT) for name in ("path", "table", "row", "column")),
        ("value", pa.decimal128(18, 6)),
        ("printed", pa.string()),
    ]
)
FIGURES = pa.schema([("path", TEXT), ("row", TEXT), ("printed", pa.string())])


@dataclass(frozen=True)
class Part:
    """A city's part of the corpus: the lines of all registers, and what its reports truly say, by year."""

    manifest: Sequence[Mapping[str, str]]
    bodies: Sequence[Sequence[object]]
    successions: Sequence[Sequence[object]]
    errors: Sequence[Sequence[str]]
    cells: Mapping[str, pa.Table]
    figures: pa.Table


def make(folder: Path, order: Order, codes: Sequence[str], processes: int) -> int:
    """Write a corpus of these cities; returns how many reports. The bytes do not depend on the number of processes.

    Raises DataFault, and writes nothing, where the folder holds anything that was not simulated into it.
    """
    refuse_others(folder)
    for name in ("raw", TRUTH):
        shutil.rmtree(folder / name, ignore_errors=True)
    for year in range(order.first, order.last + 1):
        (folder / "raw" / str(year)).mkdir(parents=True)
    work = partial(_city, folder / "raw", order)
    if processes == 1:
        return _gather(folder, map(work, codes))
    # `spawn`, for it is the same on every system.
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        return _gather(folder, pool.map(work, codes))


def refuse_others(folder: Path) -> None:
    """Raise DataFault where the folder is neither empty nor a corpus in which every report is simulated."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    data = Data(folder)
    known = (folder / TRUTH / ERRORS).is_file() and data.manifest.is_file()
    listed = read_lines(data.manifest) if known else []
    found = {p.relative_to(data.raw).as_posix() for p in data.raw.rglob("*") if p.is_file()} if known else set()
    real = [x["path"] for x in listed if x["provenance"] != "simulated"]
    strange = sorted(found - {x["path"] for x in listed} - NOT_REPORTS)
    if not known or real or strange:
        raise DataFault("simulate.taken", folder=folder, named=", ".join([*real, *strange][:3]))


def _city(raw: Path, order: Order, code: str) -> Part:
    """Write a city's reports; returns what all cities are to be told of together."""
    city, _ = place(order, code)
    made: list[Report] = []
    for report in reports(order, code):
        (raw / report.line["path"]).write_bytes(report.content)
        made.append(report)
    return Part(
        [r.line for r in made],
        [_body(b) for b in (city.body, *city.members)],
        [astuple(s) for s in city.successions],
        [(r.line["path"], *astuple(e)) for r in made for e in r.errors],
        {year: _cells([r for r in made if r.line["year"] == year]) for year in sorted({r.line["year"] for r in made})},
        _figures(made),
    )


def _body(body: Any) -> list[object]:
    shown = {**vars(body), "aliases": "|".join(body.aliases)}
    return ["" if shown[column] is None else shown[column] for column in COLUMNS[BODIES]]


def _cells(made: Sequence[Report]) -> pa.Table:
    rows = [(r.line["path"], *a.split("/"), Decimal(v), printed) for r in made for a, v, printed in r.cells]
    return _table(rows, CELLS)


def _figures(made: Sequence[Report]) -> pa.Table:
    return _table([(r.line["path"], row, text) for r in made for row, text in r.figures.items()], FIGURES)


def _table(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def _gather(folder: Path, parts: Iterable[Part]) -> int:
    """Write the registers and the truth as the cities come, always in the same order."""
    truth = folder / TRUTH
    (truth / "cells").mkdir(parents=True)
    writers: dict[str, pq.ParquetWriter] = {}
    figures = pq.ParquetWriter(truth / "figures.parquet", FIGURES, compression="zstd")
    kept: list[Part] = []
    for part in parts:
        for year, table in part.cells.items():
            if year not in writers:
                path = truth / "cells" / f"{year}.parquet"
                writers[year] = pq.ParquetWriter(path, CELLS, compression="zstd")
            writers[year].write_table(table)
        figures.write_table(part.figures)
        kept.append(Part(part.manifest, part.bodies, part.successions, part.errors, {}, FIGURES.empty_table()))
    for writer in (figures, *writers.values()):
        writer.close()
    return _registers(folder, kept)


def _registers(folder: Path, parts: Sequence[Part]) -> int:
    listed = sorted((line for part in parts for line in part.manifest), key=lambda line: line["path"])
    raw = folder / "raw"
    _write(raw / "manifest.csv", MANIFEST_COLUMNS, ([line[c] for c in MANIFEST_COLUMNS] for line in listed))
    _write(raw / BODIES, COLUMNS[BODIES], (row for part in parts for row in part.bodies))
    _write(raw / SUCCESSIONS, COLUMNS[SUCCESSIONS], (row for part in parts for row in part.successions))
    names = ("path", *(f.name for f in fields(Planted)))
    _write(folder / TRUTH / ERRORS, names, (row for part in parts for row in part.errors))
    return len(listed)


def _write(path: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)


def errors(folder: Path) -> Iterator[dict[str, str]]:
    """The planted errors of a corpus."""
    with (folder / TRUTH / ERRORS).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
