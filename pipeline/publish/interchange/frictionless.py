"""A Frictionless data package: a CSV file a table and `datapackage.json` (Data Package 2.0, Table Schema 2.0).

The schema says of the data only what is true of it: a primary key where the key has no null and stands once, a foreign
key where every value is found, and where a text column has no null that an empty field is an empty text.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.publish.interchange.source import CAUTION, TITLE, Published, grain, text, write_csv
from pipeline.storage.dictionary import dictionary, key
from pipeline.storage.schema import schema

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
KINDS = {
    "string": "string", "int32": "integer", "int64": "integer", "double": "number", "bool": "boolean",
    "decimal": "number", "percent": "number", "list": "array",
}  # fmt: skip
# Columns that name a row of a table whose key has another name.
ALIASES = {"parent": "body_id", "city_id": "body_id", "successor": "body_id"}
NOTES = (
    "CSV：UTF-8，空字段为空值（没有空值的文字列中为空文字），列表写成 JSON 数组；供程序读取，值不为电子表格改写。",
    "CSV: UTF-8; an empty field is null (an empty text in a text column without nulls); a list is a JSON array; "
    "for programs: no value is changed for spreadsheets.",
)


def write(published: Published, folder: Path) -> None:
    """`<table>.csv` for every table of the dictionary and `datapackage.json`."""
    resources = [_resource(published, folder, table) for table in dictionary()]
    package = {
        "$schema": PROFILE,
        "name": "ogi",
        "title": f"{TITLE['zh']} / {TITLE['en']}",
        "description": "\n".join((CAUTION["zh"], CAUTION["en"], *NOTES)),
        "snapshot": published.id,
        "licenses": [{"name": "MIT", "title": "MIT License"}],
        "sources": [
            {"title": "各机关政府信息公开工作年度报告，见 reports.source / annual reports, see reports.source"},
        ],
        "resources": resources,
    }
    content = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_bytes(content.encode())


def _resource(published: Published, folder: Path, table: str) -> dict[str, Any]:
    path = folder / f"{table}.csv"
    names = schema(table).names
    write_csv(path, names, ([text(row[n]) for n in names] for row in published.rows(table)))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": table,
        "type": "table",
        "path": path.name,
        "title": f"{grain(table)['zh']} / {grain(table)['en']}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "schema": _schema(published, table),
    }


def _schema(published: Published, table: str) -> dict[str, Any]:
    keys = published.table(table, key(table))
    full = not any(column.null_count for column in keys.columns)
    once = keys.group_by(keys.column_names).aggregate([]).num_rows == keys.num_rows
    found: dict[str, Any] = {"fields": [_field(published, table, line) for line in dictionary()[table]]}
    found["missingValues"] = [""]
    if full and once:
        found["primaryKey"] = list(key(table))
    foreign = [_reference(table, column, target) for column, target in _references(published, table)]
    return found | ({"foreignKeys": foreign} if foreign else {})


def _field(published: Published, table: str, line: dict[str, str]) -> dict[str, Any]:
    field = {"name": line["column"], "type": KINDS[line["type"]], "title": line["zh"], "description": line["en"]}
    whole = line["type"] == "string" and not published.table(table, [line["column"]])[0].null_count
    # Table Schema 2.0, "missingValues" of a field: none, so an empty field is a text.
    return field | ({"missingValues": []} if whole else {})


def _references(published: Published, table: str) -> list[tuple[str, str]]:
    """The columns all of whose values stand in another table's key of one column, and that table."""
    owners = {key(t)[0]: t for t in dictionary() if len(key(t)) == 1}
    names = [(n, owners.get(ALIASES.get(n, n), "")) for n in schema(table).names]
    return [(n, o) for n, o in names if o and (n,) != key(table) and _stands(published, table, n, o)]


def _stands(published: Published, table: str, column: str, owner: str) -> bool:
    known = pa.chunked_array(published.table(owner, key(owner))[0].chunks).combine_chunks()
    values = published.table(table, [column])[0].drop_null()
    return values.type == known.type and bool(pc.all(pc.is_in(values, known), min_count=0).as_py())


def _reference(table: str, column: str, owner: str) -> dict[str, Any]:
    # Table Schema 2.0, "foreignKeys": a reference to the table itself names no resource.
    target = {"fields": list(key(owner))} if owner == table else {"resource": owner, "fields": list(key(owner))}
    return {"fields": [column], "reference": target}
