"""The tables of the published snapshot, as every interchange format and the downloads of the site read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.core.messages import LANGUAGES, message_lines, say
from pipeline.core.paths import quoted
from pipeline.publish.interchange.dataset import Dataset, shipped_dataset
from pipeline.rollup.models import models
from pipeline.storage.dictionary import descriptions, dictionary, key
from pipeline.storage.schema import schema

MAX_BATCH_ROWS = 50_000
TITLE, CAUTION = shipped_dataset().title, shipped_dataset().caution


@dataclass(frozen=True)
class Note:
    """A note for the user about an export: a code of `messages.csv` and its values."""

    code: str
    values: Mapping[str, object]


class OutdatedSnapshot(Exception):
    """The snapshot lacks a table or column of the data dictionary, because another version built it."""


@dataclass(frozen=True)
class PublishedSnapshot:
    """A published snapshot: its folder, its id, and the description of the data set.

    The folder is resolved, not a link, so that a later run does not exchange its files while they are read.
    """

    folder: Path
    id: str
    dataset: Dataset = field(default_factory=shipped_dataset)

    def files(self, table: str) -> list[Path]:
        """Return the Parquet files of a table, sorted by name."""
        return sorted((self.folder / table).glob("*.parquet"))

    def complete_files(self, table: str) -> list[Path]:
        """Return the files of a table. Raises OutdatedSnapshot if there is none, or if one lacks a column."""
        files = self.files(table)
        if not files:
            raise OutdatedSnapshot(table)
        for file in files:
            if lacking := set(schema(table).names) - set(pq.ParquetFile(file).schema_arrow.names):
                raise OutdatedSnapshot(f"{table}: {', '.join(sorted(lacking))}")
        return files

    def partitions(self, table: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Yield a table file by file, each sorted by key, with the dictionary's columns and types.

        Raises OutdatedSnapshot if the table or a column is missing.
        """
        target_schema = schema(table) if columns is None else pa.schema([schema(table).field(c) for c in columns])
        for file in self.complete_files(table):
            # As a single file: pyarrow's dataset reader would take parts of its path for columns.
            data = pq.ParquetFile(file).read(columns=target_schema.names)
            yield data.select(target_schema.names).cast(target_schema)

    def table(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return a complete table, or some of its columns. Raises OutdatedSnapshot."""
        return pa.concat_tables(self.partitions(table, columns))

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a table in batches, so that memory need not hold them all. Raises OutdatedSnapshot."""
        names = schema(table).names
        yield from (dict(zip(names, row, strict=True)) for row in self.row_tuples(table))

    def row_tuples(self, table: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a table as tuples, in batches like `rows`. Raises OutdatedSnapshot."""
        for partition in self.partitions(table):
            for batch in partition.to_batches(max_chunksize=MAX_BATCH_ROWS):
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

    def has_primary_key(self, table: str) -> bool:
        """Return whether the key columns of a table hold no null and no duplicate."""
        keys = self.table(table, key(table))
        has_nulls = any(column.null_count for column in keys.columns)
        return not has_nulls and keys.group_by(keys.column_names).aggregate([]).num_rows == keys.num_rows

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Return a connection in memory to the tables and the published views. Raises OutdatedSnapshot.

        Unlike the database of the snapshot, it also works after the snapshot was moved.
        """
        connection = duckdb.connect()
        for table in dictionary():
            files = ", ".join(f"'{quoted(path)}'" for path in self.complete_files(table))
            columns = ", ".join(f'"{name}"' for name in schema(table).names)
            connection.execute(f"CREATE VIEW {table} AS SELECT {columns} FROM read_parquet([{files}])")
        for name, sql in published_views().items():
            connection.execute(f"CREATE VIEW {name} AS {sql}")
        return connection


def published_views() -> dict[str, str]:
    """Return the SQL of the views for analysts by name, in an order in which each follows those that it reads."""
    return {model.name: model.sql for model in models() if model.folder == "publish"}


def sorted_rows(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Return the columns of a table or view, and an iterator over its rows, sorted by all columns."""
    result = connection.execute(f"FROM {name} ORDER BY ALL")
    return [column[0] for column in result.description or ()], iter(result.fetchone, None)


def relation_texts(name: str) -> dict[str, str]:
    """Return the sentence that describes a table or view, by language."""
    return dict(descriptions()[name]) if name in descriptions() else {x: say(f"view.{name}", x) for x in LANGUAGES}


def column_line(relation: str, column: str) -> Mapping[str, str]:
    """Return the line of the dictionary for a column of a table or view.

    A column of a view has the line of a table that the view reads, and its texts in `messages.csv` if there are some.
    """
    sources = {model.name: sorted(model.reads) for model in models() if model.folder == "publish"}
    read = sources.get(relation, [])
    tables = (relation, *read, *(table for view in read for table in sources.get(view, ())), *dictionary())
    lines = (line for table in tables for line in dictionary().get(table, ()) if line["column"] == column)
    line = next(lines, {"column": column, "type": "", "allowed": "", "zh": "", "en": ""})
    code = f"column.{column}"
    has_texts = relation in sources and code in message_lines()
    return line | {lang: say(code, lang) for lang in LANGUAGES} if has_texts else line


def about(snapshot: PublishedSnapshot) -> list[tuple[str, str, str]]:
    """Return what a single file says about itself, as (item, Chinese, English)."""
    texts = {
        "title": snapshot.dataset.title,
        "snapshot": {"zh": snapshot.id, "en": snapshot.id},
        "caution": snapshot.dataset.caution,
        "licence": {lang: f"{snapshot.dataset.licence['id']}: {snapshot.dataset.licence[lang]}" for lang in LANGUAGES},
        "source": snapshot.dataset.source,
    }
    return [(item, text["zh"], text["en"]) for item, text in texts.items()]
