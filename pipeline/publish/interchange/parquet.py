"""Parquet, one file per table, and the data dictionary as CSV and Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.publish.interchange.csv_format import write_csv
from pipeline.publish.interchange.snapshot_tables import CAUTION, TITLE, PublishedSnapshot
from pipeline.storage.dictionary import descriptions, dictionary
from pipeline.storage.schema import ARROW_TYPES, schema

DICTIONARY_HEADER = ("table", "column", "type", "arrow_type", "key", "zh", "en")


def export(snapshot: PublishedSnapshot, folder: Path) -> None:
    """Write `<table>.parquet` for every table, `dictionary.csv` and `dictionary.md`. Raises OutdatedSnapshot."""
    for table in dictionary():
        # As in the files of the snapshot: without the Arrow schema, which names the writer's version.
        with pq.ParquetWriter(
            folder / f"{table}.parquet", schema(table), compression="zstd", compression_level=9, store_schema=False
        ) as writer:
            for partition in snapshot.partitions(table):
                writer.write_table(partition)
    write_csv(folder / "dictionary.csv", DICTIONARY_HEADER, _dictionary_rows())
    (folder / "dictionary.md").write_bytes("\n".join(_markdown_lines(snapshot)).encode())


def _dictionary_rows() -> Iterator[tuple[str, ...]]:
    """Yield one row per table and column, in the order of DICTIONARY_HEADER."""
    for table, lines in dictionary().items():
        for line in lines:
            arrow_type = str(ARROW_TYPES[line["type"]])
            yield table, line["column"], line["type"], arrow_type, line["key"], line["zh"], line["en"]


def _markdown_lines(snapshot: PublishedSnapshot) -> Iterator[str]:
    """Yield the lines of `dictionary.md`: per table a heading, its description and a Markdown table of its columns."""
    yield f"# {TITLE['zh']} / {TITLE['en']}"
    yield f"\n数据版本 / snapshot: `{snapshot.id}`\n\n{CAUTION['zh']}\n\n{CAUTION['en']}"
    for table, lines in dictionary().items():
        yield f"\n## {table}\n\n{descriptions()[table]['zh']}。{descriptions()[table]['en']}.\n"
        yield "| 列 column | 类型 type | 键 key | 中文 | English |\n|---|---|---|---|---|"
        for line in lines:
            fields = (f"`{line['column']}`", str(ARROW_TYPES[line["type"]]), line["key"], line["zh"], line["en"])
            yield "| " + " | ".join(field.replace("|", "\\|") for field in fields) + " |"
    yield ""
