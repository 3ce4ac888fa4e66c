"""Export the published snapshot for other programs: SDMX, a Frictionless data package, Parquet with its dictionary.

Every format reads only the snapshot, and writes the same bytes for the same snapshot: no file contains the time. The
readers are programs, so values are not changed, not even one that a spreadsheet would take for a formula.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot

# By format, the file that identifies a folder as an export in this format.
MARKER_FILES = {"sdmx": "structure.xml", "frictionless": "datapackage.json", "parquet": "dictionary.csv"}
FILE_SUFFIXES = (".csv", ".json", ".md", ".parquet", ".xml")
FORMATS = tuple(MARKER_FILES)


def export(format_name: str, snapshot: PublishedSnapshot, folder: Path) -> None:
    """Write the snapshot in one of FORMATS to an empty folder.

    Raises OutdatedSnapshot if the snapshot lacks a table or column.
    """
    import_module(f"{__name__}.{format_name}").export(snapshot, folder)
