"""Croissant 1.1: the files of an export and the columns of their tables, for programs that learn from data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.publish.interchange.dataset import both
from pipeline.publish.interchange.metadata import Coverage, DataFile, dataset_properties
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot
from pipeline.storage.dictionary import descriptions, dictionary, key

SPECIFICATION = "http://mlcommons.org/croissant/1.1"
# The context of the specification, appendix 1: the names of Croissant next to those of schema.org.
CONTEXT: dict[str, Any] = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
    "fileObject": "cr:fileObject", "fileProperty": "cr:fileProperty", "fileSet": "cr:fileSet", "format": "cr:format",
    "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated",
    "replace": "cr:replace", "samplingRate": "cr:samplingRate", "sc": "https://schema.org/",
    "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip
# The specification names Parquet by another type than the registered one.
ENCODING_FORMATS = {"application/vnd.apache.parquet": "application/x-parquet"}
DATA_TYPES = {
    "string": "sc:Text", "int32": "sc:Integer", "int64": "sc:Integer", "double": "sc:Float", "bool": "sc:Boolean",
    "date": "sc:Date",
    "decimal": "sc:Float", "percent": "sc:Float", "list": "sc:Text",
}  # fmt: skip


def croissant(snapshot: PublishedSnapshot, files: Sequence[DataFile], coverage: Coverage) -> dict[str, Any]:
    """Return the description of the files of a folder."""
    properties = dataset_properties(snapshot, coverage)
    # Reports of a year are published in the next one; the specification demands a date, the data have no other.
    published = {"datePublished": str(coverage.years[1] + 1)} if coverage.years else {}
    cited = f"{snapshot.dataset.publisher['name']}: {snapshot.dataset.title['en']}, snapshot {snapshot.id}."
    return {
        "@context": CONTEXT,
        **properties,
        "@type": "sc:Dataset",
        "conformsTo": SPECIFICATION,
        "alternateName": [snapshot.dataset.title["zh"], snapshot.dataset.title["en"]],
        "name": snapshot.dataset.name,
        "citeAs": cited,
        **published,
        "distribution": [_file_object(file) for file in files],
        "recordSet": [_record_set(file) for file in files],
    }


def _file_object(file: DataFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject", "@id": file.name, "name": file.name, "contentUrl": file.name,
        "contentSize": f"{file.bytes} B", "sha256": file.sha256,
        "encodingFormat": ENCODING_FORMATS.get(file.media_type, file.media_type),
        "description": both(descriptions()[file.table]),
    }  # fmt: skip


def _record_set(file: DataFile) -> dict[str, Any]:
    """Return the record set of a table: its key and columns."""
    return {
        "@type": "cr:RecordSet", "@id": file.table, "name": file.table,
        "description": both(descriptions()[file.table]),
        "key": [{"@id": f"{file.table}/{column}"} for column in key(file.table)],
        "field": [_field(file, line) for line in dictionary()[file.table]],
    }  # fmt: skip


def _field(file: DataFile, line: dict[str, str]) -> dict[str, Any]:
    """Return a column. A list is an array in Parquet, and JSON in CSV."""
    field = {
        "@type": "cr:Field", "@id": f"{file.table}/{line['column']}", "name": f"{file.table}/{line['column']}",
        "description": both(line), "dataType": DATA_TYPES[line["type"]],
        "source": {"fileObject": {"@id": file.name}, "extract": {"column": line["column"]}},
    }  # fmt: skip
    table, _, column = line["references"].partition(".")
    # mlcroissant cannot order the operations if a record set refers to itself.
    is_key = table not in ("", file.table) and key(table) == (column,)
    return field | ({"references": {"field": {"@id": f"{table}/{column}"}}} if is_key else {})
