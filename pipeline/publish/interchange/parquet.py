"""Parquet, one file per table with its description in the file, and the data dictionary as CSV and Markdown.

Files of the snapshot have no descriptions: snapshots share them, and one changed text would write all of them again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.core.messages import LANGUAGES
from pipeline.publish.interchange.csv_format import write_csv
from pipeline.publish.interchange.dataset import both
from pipeline.publish.interchange.metadata_files import write_metadata
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot, about
from pipeline.storage.dictionary import descriptions, dictionary
from pipeline.storage.schema import ARROW_TYPES, schema

DICTIONARY_HEADER = ("table", "column", "type", "arrow_type", "key", "zh", "en")


def export(snapshot: PublishedSnapshot, folder: Path) -> None:
    """Write `<table>.parquet` for every table, the data dictionary, and metadata. Raises OutdatedSnapshot."""
    for table in dictionary():
        described = described_schema(snapshot, table)
        # The Arrow schema in the file keeps the descriptions of the columns.
        with pq.ParquetWriter(
            folder / f"{table}.parquet", described, compression="zstd", compression_level=9
        ) as writer:
            for partition in snapshot.partitions(table):
                writer.write_table(partition.cast(described))
    write_csv(folder / "dictionary.csv", DICTIONARY_HEADER, _dictionary_rows())
    (folder / "dictionary.md").write_bytes("\n".join(_markdown_lines(snapshot)).encode())
    write_metadata(snapshot, folder, "parquet")


def described_schema(snapshot: PublishedSnapshot, table: str) -> pa.Schema:
    """Return the schema of a table with the descriptions of the table and of its columns as metadata.

    The entry `columns` has the texts of all columns as JSON, for readers that see only the metadata of the file.
    """
    texts = {line["column"]: _column_texts(table, line) for line in dictionary()[table]}
    about_table = {
        "snapshot": snapshot.id, "table": table,
        **{f"description_{lang}": descriptions()[table][lang] for lang in LANGUAGES},
        **{f"{item}_{lang}": text for item, *pair in about(snapshot) if item != "snapshot"
           for lang, text in zip(LANGUAGES, pair, strict=True)},
        "licence_url": snapshot.dataset.licence["url"],
        "columns": json.dumps(texts, ensure_ascii=False),
    }  # fmt: skip
    fields = [field.with_metadata(texts[field.name]) for field in schema(table)]
    return pa.schema(fields, metadata=about_table)


def _column_texts(table: str, line: dict[str, str]) -> dict[str, str]:
    """Return the descriptions of a column and its unit: %, or the name of the column with the unit of each row."""
    has_unit = line["type"] == "decimal" and "unit" in schema(table).names
    unit = "%" if line["type"] == "percent" else "column: unit" if has_unit else ""
    return {"description_zh": line["zh"], "description_en": line["en"]} | ({"unit": unit} if unit else {})


def _dictionary_rows() -> Iterator[tuple[str, ...]]:
    """Yield one row per table and column, in the order of DICTIONARY_HEADER."""
    for table, lines in dictionary().items():
        for line in lines:
            arrow_type = str(ARROW_TYPES[line["type"]])
            yield table, line["column"], line["type"], arrow_type, line["key"], line["zh"], line["en"]


def _markdown_lines(snapshot: PublishedSnapshot) -> Iterator[str]:
    """Yield the lines of `dictionary.md`: per table a heading, its description and a Markdown table of its columns."""
    yield f"# {both(snapshot.dataset.title)}"
    yield f"\n数据版本 / snapshot: `{snapshot.id}`"
    yield from (f"\n{zh}\n\n{en}" for item, zh, en in about(snapshot) if item in ("caution", "licence"))
    for table, lines in dictionary().items():
        yield f"\n## {table}\n\n{descriptions()[table]['zh']}。{descriptions()[table]['en']}.\n"
        yield "| 列 column | 类型 type | 键 key | 中文 | English |\n|---|---|---|---|---|"
        for line in lines:
            fields = (f"`{line['column']}`", str(ARROW_TYPES[line["type"]]), line["key"], line["zh"], line["en"])
            yield "| " + " | ".join(field.replace("|", "\\|") for field in fields) + " |"
    yield ""
