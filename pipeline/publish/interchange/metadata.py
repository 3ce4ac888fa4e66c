"""The parts that all metadata share, and the data set for search engines (schema.org).

No part contains the time: the period comes from the report years, the places from the regions of the reports, and the
version is the id of the snapshot.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from pipeline.publish.interchange.dataset import Dataset, both
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot

MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
SCHEMA_ORG = {"@vocab": "https://schema.org/"}  # a reader needs no network for it


@dataclass(frozen=True)
class DataFile:
    """An exported file of a table: its name, size and hash."""

    table: str
    name: str
    bytes: int
    sha256: str

    @property
    def media_type(self) -> str:
        """The media type, by the suffix."""
        return MEDIA_TYPES[self.name.rpartition(".")[2]]


@dataclass(frozen=True)
class Coverage:
    """The years of the loaded reports, from first to last, and the provinces of their bodies."""

    years: tuple[int, int] | None
    places: Sequence[str]


def data_file(path: Path) -> DataFile:
    """Return the name, size and hash of the file of a table."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return DataFile(path.stem, path.name, path.stat().st_size, digest)


def coverage_of(snapshot: PublishedSnapshot) -> Coverage:
    """Return the years and places of the loaded reports."""
    reports = snapshot.table("reports", ["year", "region_code", "status"])
    loaded = reports.filter(pc.equal(reports["status"], "loaded"))
    years = [year for year in loaded["year"].to_pylist() if year is not None]
    provinces = {code[:2] + "0000" for code in loaded["region_code"].to_pylist() if code}
    names = {row["code"]: row["name"] for row in snapshot.rows("regions") if row["level"] == "province"}
    return Coverage(
        (min(years), max(years)) if years else None, [names[code] for code in sorted(provinces & names.keys())]
    )


def schema_org(snapshot: PublishedSnapshot, files: Sequence[DataFile], coverage: Coverage) -> dict[str, Any]:
    """Return the data set for search engines (schema.org/Dataset)."""
    downloads = [
        {
            "@type": "DataDownload", "name": f.name, "contentUrl": f.name, "encodingFormat": f.media_type,
            "contentSize": f"{f.bytes} B", "sha256": f.sha256,
        }
        for f in files
    ]  # fmt: skip
    return {"@context": SCHEMA_ORG} | dataset_properties(snapshot, coverage) | {"distribution": downloads}


def dataset_properties(snapshot: PublishedSnapshot, coverage: Coverage) -> dict[str, Any]:
    """Return the properties of schema.org/Dataset that Croissant uses too."""
    dataset = snapshot.dataset
    properties = {
        "@type": "Dataset",
        "name": both(dataset.title),
        "description": description(dataset),
        "inLanguage": ["zh", "en"],
        "license": dataset.licence["url"],
        "version": snapshot.id,
        "identifier": snapshot.id,
        "keywords": [*dataset.keywords["zh"], *dataset.keywords["en"]],
        "creator": [_organisation(c) for c in dataset.contributors],
        "publisher": _organisation(dataset.publisher),
        "isAccessibleForFree": True,
        "spatialCoverage": [{"@type": "Place", "name": name} for name in coverage.places],
    }
    if coverage.years:
        properties["temporalCoverage"] = "/".join(map(str, coverage.years))
    return properties | ({"url": dataset.publisher["url"]} if "url" in dataset.publisher else {})


def description(dataset: Dataset) -> str:
    """Return the description, the warning about simulated records and the terms of use, in both languages."""
    return "\n".join(
        texts[lang] for lang in ("zh", "en") for texts in (dataset.description, dataset.caution, dataset.licence)
    )


def _organisation(entry: Mapping[str, Any]) -> dict[str, str]:
    return {"@type": "Organization", "name": entry["name"]} | ({"url": entry["url"]} if "url" in entry else {})
