"""A Frictionless data package: a CSV file per table and `datapackage.json` (Data Package 2.0, Table Schema 2.0).

The schema follows the data dictionary: its nullable columns, allowed values and references become constraints and
foreign keys. A table has a primary key if its key columns hold no null and no duplicate. A text column without
`missingValues` has no null, so an empty field is an empty text.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.publish.interchange.csv_format import csv_text, write_csv
from pipeline.publish.interchange.dataset import both
from pipeline.publish.interchange.metadata import coverage_of, data_file, description
from pipeline.publish.interchange.metadata_files import write_json, write_metadata
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot
from pipeline.storage.allowed import allowed_values
from pipeline.storage.dictionary import descriptions, dictionary, key
from pipeline.storage.schema import schema

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
# Types of Table Schema by type of the dictionary.
FIELD_TYPES = {
    "string": "string", "int32": "integer", "int64": "integer", "double": "number", "bool": "boolean", "date": "date",
    "decimal": "number", "percent": "number", "list": "array",
}  # fmt: skip
CSV_NOTES = (
    "CSV：UTF-8，空字段为空值（没有空值的文字列中为空文字），列表写成 JSON 数组；供程序读取，值不为电子表格改写。",
    "CSV: UTF-8; an empty field is null (an empty text in a text column without nulls); a list is a JSON array; "
    "for programs: no value is changed for spreadsheets.",
)


def export(snapshot: PublishedSnapshot, folder: Path) -> None:
    """Write `<table>.csv` for every table, `datapackage.json` and the other metadata. Raises OutdatedSnapshot."""
    resources = [_write_resource(snapshot, folder, table) for table in dictionary()]
    dataset, coverage = snapshot.dataset, coverage_of(snapshot)
    package: dict[str, Any] = {
        "$schema": PROFILE,
        "name": dataset.name,
        "title": both(dataset.title),
        "description": "\n".join((description(dataset), *CSV_NOTES)),
        "snapshot": snapshot.id,
        "keywords": [*dataset.keywords["zh"], *dataset.keywords["en"]],
        "licenses": [
            {"name": dataset.licence["id"], "title": dataset.licence["title"], "path": dataset.licence["url"]}
        ],
        "sources": [{"title": both(dataset.source)}],
        "contributors": [{"title": c["name"], "roles": c["roles"]} for c in dataset.contributors],
        "temporal": {"first_year": coverage.years[0], "last_year": coverage.years[1]} if coverage.years else {},
        "spatial": list(coverage.places),
        "resources": resources,
    }
    write_json(folder / "datapackage.json", package)
    write_metadata(snapshot, folder, "csv")


def _write_resource(snapshot: PublishedSnapshot, folder: Path, table: str) -> dict[str, Any]:
    """Write the CSV file of a table and return its entry in `datapackage.json`."""
    path = folder / f"{table}.csv"
    names = schema(table).names
    write_csv(path, names, ([csv_text(row[n]) for n in names] for row in snapshot.rows(table)))
    file = data_file(path)
    return {
        "name": table,
        "type": "table",
        "path": path.name,
        "title": f"{descriptions()[table]['zh']} / {descriptions()[table]['en']}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "schema": _table_schema(snapshot, table),
    }


def _table_schema(snapshot: PublishedSnapshot, table: str) -> dict[str, Any]:
    """Return the Table Schema of a table."""
    table_schema: dict[str, Any] = {"fields": [_field(snapshot, table, line) for line in dictionary()[table]]}
    table_schema["missingValues"] = [""]
    if snapshot.has_primary_key(table):
        table_schema["primaryKey"] = list(key(table))
    foreign_keys = _foreign_keys(table)
    return table_schema | ({"foreignKeys": foreign_keys} if foreign_keys else {})


def _field(snapshot: PublishedSnapshot, table: str, line: dict[str, str]) -> dict[str, Any]:
    """Return the field descriptor of a column. `line` is its line of the dictionary."""
    field: dict[str, Any] = {
        "name": line["column"], "type": FIELD_TYPES[line["type"]], "title": line["zh"], "description": line["en"],
    }  # fmt: skip
    constraints = ({} if line["nullable"] else {"required": True}) | _enum(line)
    is_text_without_nulls = line["type"] == "string" and not snapshot.table(table, [line["column"]])[0].null_count
    # Table Schema 2.0, "missingValues" of a field: none, so an empty field is a text.
    missing_values: dict[str, list[str]] = {"missingValues": []} if is_text_without_nulls else {}
    return field | ({"constraints": constraints} if constraints else {}) | missing_values


def _enum(line: dict[str, str]) -> dict[str, Any]:
    """Return the constraint for a column with a list of allowed values, else nothing."""
    values = allowed_values(line)
    return {} if values is None else {"enum": values}


def _foreign_keys(table: str) -> list[dict[str, Any]]:
    """Return a foreign key for each reference of the dictionary to a column that is the complete key of its table."""
    references = [
        (line["column"], *line["references"].split(".")) for line in dictionary()[table] if line["references"]
    ]
    return [
        # A reference to the table itself names no resource (Table Schema 2.0).
        {
            "fields": [column],
            "reference": ({} if target == table else {"resource": target}) | {"fields": [target_column]},
        }
        for column, target, target_column in references
        if key(target) == (target_column,)
    ]
