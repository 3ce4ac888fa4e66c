"""The files that the site offers: each table as CSV for spreadsheets, and copies of the snapshot's Parquet files."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.core.paths import REFERENCE
from pipeline.core.text import escape_formula
from pipeline.publish.interchange.csv_format import csv_text, quoted_field
from pipeline.publish.interchange.snapshot_tables import MAX_BATCH_ROWS, PublishedSnapshot
from pipeline.publish.site.data_script import write_data_script
from pipeline.storage.schema import schema

# The tables that the site offers, in the order of its list.
DOWNLOAD_TABLES = (
    "headline", "compiled", "contributors", "growth", "rates", "reconciliation", "due", "carry", "percentiles",
    "observations", "reports", "cells", "figures", "findings", "proposals", "derived", "decisions", "changes", "bodies",
    "successions", "indicators", "rate_terms", "crosswalk", "identities",
)  # fmt: skip
# Those of other kinds of report, where there are any.
TABLES_OF_KINDS = (
    "kind_years", "kind_values", "kind_entries", "kind_due", "kind_reports", "kind_cells", "kind_findings",
    "kind_proposals", "kind_derived", "kind_decisions", "kinds", "kind_rows", "kind_lists", "kind_edits",
)  # fmt: skip
MAX_SINGLE_CSV_ROWS = 1_500  # a table up to this size is also a CSV file outside the archive
MAX_SPREADSHEET_ROWS = 1_000_000  # a longer table is not in the archive, because a spreadsheet cannot open it
NUMERIC_TYPES = ("int", "decimal", "double", "float")
# An archive stores the time of each entry; with a fixed time the bytes depend on the data only.
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
ENTRY_MODE = 0o644
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it, Excel does not read a CSV file as UTF-8


def write_downloads(snapshot: PublishedSnapshot, folder: Path) -> None:
    """Write `files/` in the folder of the site, and `data/files.js`, which lists the files.

    Raises OutdatedSnapshot if the snapshot lacks a table or column.
    """
    (folder / "files" / "parquet").mkdir(parents=True)
    archive_path = folder / "files" / "ogi-csv.zip"
    has_kinds = any(pq.ParquetFile(file).metadata.num_rows for file in snapshot.files("kind_reports"))
    names = (*DOWNLOAD_TABLES, *TABLES_OF_KINDS) if has_kinds else DOWNLOAD_TABLES
    with zipfile.ZipFile(archive_path, "w", zipfile.ZIP_DEFLATED) as archive:
        tables = [_write_table(snapshot, table, folder, archive) for table in names]
    columns_path = folder / "files" / "columns.csv"
    columns_path.write_bytes(BYTE_ORDER_MARK + (REFERENCE / "columns.csv").read_bytes())
    shared_files = [("files/ogi-csv.zip", "zip", archive_path), ("files/columns.csv", "columns", columns_path)]
    whole = [[name, code, path.stat().st_size] for name, code, path in shared_files]
    write_data_script(folder, "files", {"tables": tables, "whole": whole})


def _write_table(snapshot: PublishedSnapshot, table: str, folder: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    """Write a table as Parquet and CSV; return its entry in `data/files.js`."""
    parquet_files = snapshot.files(table)
    row_count = sum(pq.ParquetFile(file).metadata.num_rows for file in parquet_files)
    copies = [_copy_parquet(file, folder, table, is_only_file=len(parquet_files) == 1) for file in parquet_files]
    entry: dict[str, Any] = {
        "table": table, "rows": row_count, "csv": None, "csv_bytes": 0, "zipped": row_count <= MAX_SPREADSHEET_ROWS,
        "parquet": [file.relative_to(folder).as_posix() for file in copies],
        "parquet_bytes": sum(file.stat().st_size for file in copies),
    }  # fmt: skip
    if row_count <= MAX_SPREADSHEET_ROWS:
        _add_to_archive(snapshot, table, archive)
    if row_count <= MAX_SINGLE_CSV_ROWS:
        content = io.StringIO()
        _write_csv(snapshot, table, content)
        data = content.getvalue().encode("utf-8-sig")
        (folder / "files" / f"{table}.csv").write_bytes(data)
        entry |= {"csv": f"files/{table}.csv", "csv_bytes": len(data)}
    return entry


def _copy_parquet(file: Path, folder: Path, table: str, *, is_only_file: bool) -> Path:
    """Copy a Parquet file to `<table>.parquet`, or to the folder of its table if the table has several files."""
    parquet_folder = folder / "files" / "parquet"
    target = parquet_folder / f"{table}.parquet" if is_only_file else parquet_folder / table / file.name
    target.parent.mkdir(exist_ok=True)
    return Path(shutil.copyfile(file, target))


def _add_to_archive(snapshot: PublishedSnapshot, table: str, archive: zipfile.ZipFile) -> None:
    """Add `<table>.csv` to the archive."""
    entry = zipfile.ZipInfo(f"{table}.csv", FIXED_TIME)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, ENTRY_MODE << 16
    with archive.open(entry, "w", force_zip64=True) as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as file:
        _write_csv(snapshot, table, file)


def _write_csv(snapshot: PublishedSnapshot, table: str, file: TextIO) -> None:
    """Write a table as CSV for spreadsheets: lines end in CR LF (RFC 4180)."""
    columns = schema(table)
    file.write(",".join(columns.names) + "\r\n")
    is_numeric = [str(column.type).startswith(NUMERIC_TYPES) for column in columns]
    for partition in snapshot.partitions(table):
        for batch in partition.to_batches(max_chunksize=MAX_BATCH_ROWS):
            fields = [
                _column_fields(column, is_numeric=numeric)
                for column, numeric in zip(batch.columns, is_numeric, strict=True)
            ]
            file.write("".join(f"{','.join(row)}\r\n" for row in zip(*fields, strict=True)))


def _column_fields(column: pa.Array, *, is_numeric: bool) -> list[str]:
    """Return the fields of a column. Most values occur often, so each different one is formatted once."""
    if pa.types.is_nested(column.type):
        return _fields(column, is_numeric=is_numeric)
    encoded = column.dictionary_encode(null_encoding="encode")
    fields = _fields(encoded.dictionary, is_numeric=is_numeric)
    return [fields[index] for index in encoded.indices.to_pylist()]


def _fields(values: pa.Array, *, is_numeric: bool) -> list[str]:
    return [quoted_field(text) for text in spreadsheet_texts(values.to_pylist(), is_numeric=is_numeric)]


def spreadsheet_texts(values: list[Any], *, is_numeric: bool) -> list[str]:
    """Return the values of a column as CSV texts, escaped where a spreadsheet would read a text as a formula."""
    texts = [csv_text(value) for value in values]
    return texts if is_numeric else [escape_formula(text) for text in texts]
