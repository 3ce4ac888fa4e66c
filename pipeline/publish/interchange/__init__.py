"""The published snapshot for other programs: SDMX, Frictionless data package, Parquet with its data dictionary.

Every format reads the snapshot only and writes the same bytes for the same snapshot: there is no clock in them. They
are for machines, so a value stays as it is, even one that a spreadsheet would take for a formula.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from pipeline.publish.interchange.source import Published

# The file that tells each format's folder.
MARKS = {"sdmx": "structure.xml", "frictionless": "datapackage.json", "parquet": "dictionary.csv"}
SUFFIXES = (".csv", ".json", ".md", ".parquet", ".xml")
FORMATS = tuple(MARKS)


def write(form: str, published: Published, folder: Path) -> None:
    """Write the snapshot in a format into an empty folder. Raises Outdated where the snapshot lacks a table."""
    import_module(f"{__name__}.{form}").write(published, folder)
