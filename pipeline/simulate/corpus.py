"""Write a simulated corpus into a folder.

`raw` holds the reports and registers as in any data folder. `truth` holds the true values of the reports, and every
planted error.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass, fields, replace
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
from pipeline.registry.bodies import Body
from pipeline.registry.load import BODIES, COLUMNS, SUCCESSIONS
from pipeline.simulate.city_reports import draw_city, generate_reports
from pipeline.simulate.corpus_spec import CorpusSpec
from pipeline.simulate.planted_errors import PlantedError
from pipeline.simulate.report_files import ReportFile

TRUTH, ERRORS = "truth", "errors.csv"
TEXT = pa.dictionary(pa.int32(), pa.string())
CELL_SCHEMA = pa.schema(
    [
        *((name, TEXT) for name in ("path", "table", "row", "column")),
        ("value", pa.decimal128(18, 6)),
        ("printed", pa.string()),
    ]
)
FIGURE_SCHEMA = pa.schema([("path", TEXT), ("row", TEXT), ("printed", pa.string())])


@dataclass(frozen=True)
class CityCorpus:
    """The part of a corpus that belongs to one city, apart from the report files.

    It has the lines of the manifest, of both registers and of the planted errors, and the true cells by year and the
    true figures as tables.
    """

    manifest: Sequence[Mapping[str, str]]
    bodies: Sequence[Sequence[object]]
    successions: Sequence[Sequence[object]]
    errors: Sequence[Sequence[str]]
    cells: Mapping[str, pa.Table]
    figures: pa.Table


def write_corpus(folder: Path, spec: CorpusSpec, city_codes: Sequence[str], processes: int) -> int:
    """Write a corpus of these cities; return the number of reports. The bytes do not depend on `processes`.

    An earlier simulated corpus in the folder is replaced. Raises DataFault, and writes nothing, where the folder holds
    anything except a simulated corpus.
    """
    check_overwritable(folder)
    for name in ("raw", TRUTH):
        shutil.rmtree(folder / name, ignore_errors=True)
    for year in range(spec.first_year, spec.last_year + 1):
        (folder / "raw" / str(year)).mkdir(parents=True)
    write_city = partial(_write_city, folder / "raw", spec)
    if processes == 1:
        return _write_shared_files(folder, map(write_city, city_codes))
    # `spawn` works the same on every operating system.
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        return _write_shared_files(folder, pool.map(write_city, city_codes))


def check_overwritable(folder: Path) -> None:
    """Raise DataFault unless the folder is empty, missing, or a corpus in which every report is simulated."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    data = Data(folder)
    is_corpus = (folder / TRUTH / ERRORS).is_file() and data.manifest.is_file()
    listed = read_lines(data.manifest) if is_corpus else []
    files = {p.relative_to(data.raw).as_posix() for p in data.raw.rglob("*") if p.is_file()} if is_corpus else set()
    real = [x["path"] for x in listed if x["provenance"] != "simulated"]
    unlisted = sorted(files - {x["path"] for x in listed} - NOT_REPORTS)
    if not is_corpus or real or unlisted:
        raise DataFault("simulate.taken", folder=folder, named=", ".join([*real, *unlisted][:3]))


def _write_city(raw: Path, spec: CorpusSpec, code: str) -> CityCorpus:
    """Write the report files of a city.

    Return its part of the files that all cities share: lines of manifest, registers and planted errors, and the tables
    of true values.
    """
    city, _ = draw_city(spec, code)
    reports: list[ReportFile] = []
    for report in generate_reports(spec, code):
        (raw / report.manifest_line["path"]).write_bytes(report.content)
        reports.append(report)
    years = sorted({r.manifest_line["year"] for r in reports})
    return CityCorpus(
        [r.manifest_line for r in reports],
        [_body_row(b) for b in (city.body, *city.members)],
        [astuple(s) for s in city.successions],
        [(r.manifest_line["path"], *astuple(e)) for r in reports for e in r.errors],
        {year: _cell_table([r for r in reports if r.manifest_line["year"] == year]) for year in years},
        _figure_table(reports),
    )


def _body_row(body: Body) -> list[object]:
    """Return the fields of a body's line in `bodies.csv`."""
    values = {**vars(body), "aliases": "|".join(body.aliases)}
    return ["" if values[column] is None else values[column] for column in COLUMNS[BODIES]]


def _cell_table(reports: Sequence[ReportFile]) -> pa.Table:
    """Return one row per cell, as in CELL_SCHEMA."""
    rows = [(r.manifest_line["path"], *a.split("/"), Decimal(v), printed) for r in reports for a, v, printed in r.cells]
    return _make_table(rows, CELL_SCHEMA)


def _figure_table(reports: Sequence[ReportFile]) -> pa.Table:
    """Return one row per prose figure, as in FIGURE_SCHEMA."""
    rows = [(r.manifest_line["path"], row, text) for r in reports for row, text in r.figures.items()]
    return _make_table(rows, FIGURE_SCHEMA)


def _make_table(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    """Return rows as a table with this schema."""
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def _write_shared_files(folder: Path, cities: Iterable[CityCorpus]) -> int:
    """Write the truth and the registers of all cities, in their order; return the number of reports.

    The tables are written city by city, so that memory holds only one city's tables.
    """
    truth = folder / TRUTH
    (truth / "cells").mkdir(parents=True)
    writers: dict[str, pq.ParquetWriter] = {}
    figures = pq.ParquetWriter(truth / "figures.parquet", FIGURE_SCHEMA, compression="zstd")
    without_tables: list[CityCorpus] = []
    for city in cities:
        for year, table in city.cells.items():
            if year not in writers:
                path = truth / "cells" / f"{year}.parquet"
                writers[year] = pq.ParquetWriter(path, CELL_SCHEMA, compression="zstd")
            writers[year].write_table(table)
        figures.write_table(city.figures)
        without_tables.append(replace(city, cells={}, figures=FIGURE_SCHEMA.empty_table()))
    for writer in (figures, *writers.values()):
        writer.close()
    return _write_csv_files(folder, without_tables)


def _write_csv_files(folder: Path, cities: Sequence[CityCorpus]) -> int:
    """Write the manifest, the registers and the planted errors; return the number of manifest lines."""
    manifest = sorted((line for city in cities for line in city.manifest), key=lambda line: line["path"])
    raw = folder / "raw"
    _write_csv(raw / "manifest.csv", MANIFEST_COLUMNS, ([line[f] for f in MANIFEST_COLUMNS] for line in manifest))
    _write_csv(raw / BODIES, COLUMNS[BODIES], (row for city in cities for row in city.bodies))
    _write_csv(raw / SUCCESSIONS, COLUMNS[SUCCESSIONS], (row for city in cities for row in city.successions))
    error_columns = ("path", *(f.name for f in fields(PlantedError)))
    _write_csv(folder / TRUTH / ERRORS, error_columns, (row for city in cities for row in city.errors))
    return len(manifest)


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file in UTF-8 with a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def read_planted_errors(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the planted errors of a corpus: the lines of `errors.csv` by column."""
    with (folder / TRUTH / ERRORS).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
