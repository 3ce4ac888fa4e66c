"""The files that the site offers: every table as CSV for spreadsheets, and the snapshot's Parquet files as they are."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipeline.core.paths import REFERENCE
from pipeline.core.text import escape_formula
from pipeline.publish.interchange.csv_format import csv_text
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot
from pipeline.storage.schema import schema

TABLES = (
    "headline", "city_year", "growth", "rates", "reconciliation", "coverage", "carry", "percentiles", "observations",
    "reports", "cells", "figures", "findings", "proposals", "derived", "changes", "bodies", "successions", "indicators",
    "rate_terms", "crosswalk", "identities",
)  # fmt: skip
ALONE = 1_500  # rows up to which a table is also a CSV file of its own; the archive has every table
SHEET = 1_000_000  # a spreadsheet opens no more
NUMBERS = ("int", "decimal", "double", "float")
# An archive keeps times; with one and the same the bytes depend on the data alone.
EPOCH = (1980, 1, 1, 0, 0, 0)


def write_downloads(published: PublishedSnapshot, folder: Path) -> dict[str, Any]:
    """`files/` of the site; returns `data/files.js`, which lists them."""
    (folder / "files" / "parquet").mkdir(parents=True)
    archive = folder / "files" / "ogi-csv.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        tables = [_table(published, table, folder, zipped) for table in TABLES]
    columns = folder / "files" / "columns.csv"
    columns.write_bytes(b"\xef\xbb\xbf" + (REFERENCE / "columns.csv").read_bytes())
    whole = [("files/ogi-csv.zip", "zip", archive), ("files/columns.csv", "columns", columns)]
    return {"tables": tables, "whole": [[path, code, file.stat().st_size] for path, code, file in whole]}


def _table(published: PublishedSnapshot, table: str, folder: Path, zipped: zipfile.ZipFile) -> dict[str, Any]:
    files = sorted((published.folder / table).glob("*.parquet"))
    rows = sum(pq.ParquetFile(f).metadata.num_rows for f in files)
    copied = [_copy(f, folder, table, alone=len(files) == 1) for f in files]
    found: dict[str, Any] = {
        "table": table, "rows": rows, "csv": None, "csv_bytes": 0, "zipped": rows <= SHEET,
        "parquet": [f.relative_to(folder).as_posix() for f in copied],
        "parquet_bytes": sum(f.stat().st_size for f in copied),
    }  # fmt: skip
    if rows <= SHEET:
        _zip(published, table, zipped)
    if rows <= ALONE:
        content = _csv(published, table).encode("utf-8-sig")
        (folder / "files" / f"{table}.csv").write_bytes(content)
        found |= {"csv": f"files/{table}.csv", "csv_bytes": len(content)}
    return found


def _copy(file: Path, folder: Path, table: str, *, alone: bool) -> Path:
    place = folder / "files" / "parquet"
    target = place / f"{table}.parquet" if alone else place / table / file.name
    target.parent.mkdir(exist_ok=True)
    return Path(shutil.copyfile(file, target))


def _csv(published: PublishedSnapshot, table: str) -> str:
    lines = io.StringIO()
    _write(published, table, lines)
    return lines.getvalue()


def _zip(published: PublishedSnapshot, table: str, zipped: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo(f"{table}.csv", EPOCH)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    with zipped.open(entry, "w", force_zip64=True) as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as lines:
        _write(published, table, lines)


def _write(published: PublishedSnapshot, table: str, lines: Any) -> None:
    writer = csv.writer(lines, lineterminator="\r\n")
    fields = schema(table)
    writer.writerow(fields.names)
    numeric = [str(f.type).startswith(NUMBERS) for f in fields]
    for part in published.partitions(table):
        for batch in part.to_batches(max_chunksize=50_000):
            columns = [_column(c.to_pylist(), plain=n) for c, n in zip(batch.columns, numeric, strict=True)]
            writer.writerows(zip(*columns, strict=True))


def _column(values: list[Any], *, plain: bool) -> list[str]:
    """The fields of a column. What a spreadsheet would take for a formula is told to be text; a number is none."""
    fields = [csv_text(v) for v in values]
    return fields if plain else [escape_formula(f) for f in fields]
