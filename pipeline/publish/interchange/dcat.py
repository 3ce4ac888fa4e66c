"""DCAT-AP 3: a catalogue with the data set and one distribution per file, for data portals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.publish.interchange.dataset import both
from pipeline.publish.interchange.metadata import Coverage, DataFile
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot
from pipeline.storage.dictionary import descriptions

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#", "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
LANGUAGES = "http://publications.europa.eu/resource/authority/language/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def dcat(snapshot: PublishedSnapshot, files: Sequence[DataFile], coverage: Coverage) -> dict[str, Any]:
    """Return the catalogue. Its addresses are relative to the file, so they hold wherever the folder is published."""
    dataset = snapshot.dataset
    publisher = _agent(dataset.publisher)
    node = {
        "@id": "#dataset", "@type": "dcat:Dataset", "dct:title": _texts(dataset.title),
        "dct:description": _texts(dataset.description), "dct:publisher": publisher,
        "dct:identifier": snapshot.id, "dcat:version": snapshot.id,
        "dcat:keyword": [{"@value": w, "@language": lang} for lang, words in dataset.keywords.items() for w in words],
        "dcat:theme": _id(dataset.theme, "skos:Concept"),
        "dct:accrualPeriodicity": _id(dataset.frequency, "dct:Frequency"),
        "dct:language": [_id(LANGUAGES + code, "dct:LinguisticSystem") for code in ("ZHO", "ENG")],
        "dct:provenance": {"@type": "dct:ProvenanceStatement", "dct:description": _texts(dataset.source)},
        "dct:spatial": [_location(name) for name in coverage.places],
        "dcat:distribution": [_distribution(snapshot, file) for file in files],
    }  # fmt: skip
    if coverage.years:
        node["dct:temporal"] = _period(*coverage.years)
    if "email" in dataset.publisher:
        address = {"@id": f"mailto:{dataset.publisher['email']}"}
        node["dcat:contactPoint"] = {
            "@type": "vcard:Kind",
            "vcard:fn": dataset.publisher["name"],
            "vcard:hasEmail": address,
        }
    return {
        "@context": CONTEXT, "@id": "#catalogue", "@type": "dcat:Catalog", "dct:title": _texts(dataset.title),
        "dct:description": _texts(dataset.description), "dct:publisher": publisher, "dcat:dataset": node,
    }  # fmt: skip


def _distribution(snapshot: PublishedSnapshot, file: DataFile) -> dict[str, Any]:
    licence = snapshot.dataset.licence
    return {
        "@id": f"#{file.name}", "@type": "dcat:Distribution", "dct:title": file.name,
        "dct:description": both(descriptions()[file.table]),
        "dcat:accessURL": _id(file.name, "foaf:Document"), "dcat:downloadURL": _id(file.name, "foaf:Document"),
        "dcat:mediaType": _id(MEDIA_TYPES + file.media_type, "dct:MediaType"),
        "dcat:byteSize": {"@value": str(file.bytes), "@type": "xsd:nonNegativeInteger"},
        "dct:license": {"@id": licence["url"], "@type": "dct:LicenseDocument", "dct:title": licence["title"]},
        "dct:rights": {"@type": "dct:RightsStatement", "dct:description": _texts(licence)},
        "spdx:checksum": {
            "@type": "spdx:Checksum", "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
        },
    }  # fmt: skip


def _period(first: int, last: int) -> dict[str, Any]:
    days = {"dcat:startDate": f"{first}-01-01", "dcat:endDate": f"{last}-12-31"}
    return {"@type": "dct:PeriodOfTime"} | {k: {"@value": day, "@type": "xsd:date"} for k, day in days.items()}


def _location(name: str) -> dict[str, Any]:
    return {"@type": "dct:Location", "skos:prefLabel": {"@value": name, "@language": "zh"}}


def _agent(entry: Mapping[str, Any]) -> dict[str, Any]:
    homepage = {"foaf:homepage": _id(entry["url"], "foaf:Document")} if "url" in entry else {}
    return {"@type": "foaf:Agent", "foaf:name": entry["name"]} | homepage


def _texts(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@value": texts[lang], "@language": lang} for lang in ("zh", "en")]


def _id(address: str, kind: str) -> dict[str, str]:
    return {"@id": address, "@type": kind}
