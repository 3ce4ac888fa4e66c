"""Export the published snapshot: for other programs, as one file to send, or as a workbook for people.

Every format reads only the snapshot, and no file contains the time. The same snapshot gives the same bytes, except in
the format `duckdb`: DuckDB does not write the same bytes twice. The workbook and CSV for Excel are for people; the
other formats change no value, not even one that a spreadsheet would take for a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from pipeline.core.messages import LANGUAGES
from pipeline.publish.interchange.snapshot_tables import Note, PublishedSnapshot
from pipeline.publish.quality import FILE as QUALITY_FILE
from pipeline.publish.quality import quality_page


@dataclass(frozen=True)
class Format:
    """A format: the module that writes it, and the file that identifies a folder as an export in this format."""

    module: str
    marker_file: str


FORMATS = {
    "sdmx": Format("sdmx", "structure.xml"),
    "frictionless": Format("frictionless", "datapackage.json"),
    "parquet": Format("parquet", "dictionary.csv"),
    "duckdb": Format("duckdb_file", "ogi.duckdb"),
    "sqlite": Format("sqlite_file", "ogi.sqlite"),
    "xlsx": Format("workbook", "ogi.xlsx"),
    "csv": Format("csv_tables", "dictionary.csv"),
}
SINGLE_FILES = ("duckdb", "sqlite", "xlsx")
FILE_SUFFIXES = (".csv", ".duckdb", ".json", ".jsonld", ".md", ".parquet", ".sqlite", ".xlsx", ".xml")


def export(format_name: str, snapshot: PublishedSnapshot, folder: Path, *, excel: bool = False) -> Sequence[Note]:
    """Write the snapshot in one of FORMATS to an empty folder. Return notes about the files for the user.

    `excel` writes CSV files that Excel opens without changing values; only the format `csv` has it. Raises
    OutdatedSnapshot if the snapshot lacks a table or column.
    """
    module = import_module(f"{__name__}.{FORMATS[format_name].module}")
    if format_name not in SINGLE_FILES:
        (folder / QUALITY_FILE).write_text(quality_page(snapshot, LANGUAGES), encoding="utf-8", newline="\n")
    return module.export(snapshot, folder, **({"excel": True} if excel else {})) or ()
