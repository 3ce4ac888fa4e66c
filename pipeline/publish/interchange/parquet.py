"""Parquet, one file a table, and the data dictionary as CSV and Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.publish.interchange.source import CAUTION, TITLE, Published, grain, write_csv
from pipeline.storage.dictionary import dictionary
from pipeline.storage.schema import ARROW_TYPES, schema

HEADER = ("table", "column", "type", "arrow_type", "key", "zh", "en")


def write(published: Published, folder: Path) -> None:
    """`<table>.parquet` for every table of the dictionary, `dictionary.csv` and `dictionary.md`."""
    for table in dictionary():
        # As the snapshot's own files are written: without the Arrow schema, which names the writer's version.
        with pq.ParquetWriter(
            folder / f"{table}.parquet", schema(table), compression="zstd", compression_level=9, store_schema=False
        ) as writer:
            for part in published.parts(table):
                writer.write_table(part)
    write_csv(folder / "dictionary.csv", HEADER, _lines())
    (folder / "dictionary.md").write_bytes("\n".join(_page(published)).encode())


def _lines() -> Iterator[tuple[str, ...]]:
    for table, lines in dictionary().items():
        for x in lines:
            yield table, x["column"], x["type"], str(ARROW_TYPES[x["type"]]), x["key"], x["zh"], x["en"]


def _page(published: Published) -> Iterator[str]:
    yield f"# {TITLE['zh']} / {TITLE['en']}"
    yield f"\n数据版本 / snapshot: `{published.id}`\n\n{CAUTION['zh']}\n\n{CAUTION['en']}"
    for table, lines in dictionary().items():
        yield f"\n## {table}\n\n{grain(table)['zh']}。{grain(table)['en']}.\n"
        yield "| 列 column | 类型 type | 键 key | 中文 | English |\n|---|---|---|---|---|"
        for x in lines:
            shown = (f"`{x['column']}`", str(ARROW_TYPES[x["type"]]), x["key"], x["zh"], x["en"])
            yield "| " + " | ".join(field.replace("|", "\\|") for field in shown) + " |"
    yield ""
