"""Metadata next to exported tables, from one description: Croissant 1.1, DCAT-AP 3 and schema.org, all as JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.publish.interchange.croissant import croissant
from pipeline.publish.interchange.dcat import dcat
from pipeline.publish.interchange.metadata import coverage_of, data_file, schema_org
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot
from pipeline.storage.dictionary import dictionary

METADATA_FILES = {"croissant.json": croissant, "dcat.jsonld": dcat, "schema.jsonld": schema_org}


def write_metadata(snapshot: PublishedSnapshot, folder: Path, suffix: str) -> None:
    """Write METADATA_FILES, which describe the files `<table>.<suffix>` of the folder with their sizes and hashes."""
    files = [data_file(folder / f"{table}.{suffix}") for table in dictionary()]
    coverage = coverage_of(snapshot)
    for name, document in METADATA_FILES.items():
        write_json(folder / name, document(snapshot, files, coverage))


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a document as JSON; the same document gives the same bytes."""
    path.write_bytes((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())
