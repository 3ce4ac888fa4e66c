"""The tables of the published snapshot, as every interchange format and the downloads of the site read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.storage.schema import schema

MAX_BATCH_ROWS = 50_000
TITLE = {
    "zh": "政府信息公开年度报告统计",
    "en": "Statistics of China's open government information reports",
}
# The warning about simulated records that every format carries.
CAUTION = {
    "zh": "数据性质（provenance）为 simulated 的记录是模拟的，不是机关公布的数字；为 mixed 的含有模拟数据。",
    "en": "Records whose provenance is simulated are not what these bodies published; mixed ones rest on some of them.",
}


class OutdatedSnapshot(Exception):
    """The snapshot lacks a table or column of the data dictionary, because another version built it."""


@dataclass(frozen=True)
class PublishedSnapshot:
    """A published snapshot: its id and its folder.

    The folder is resolved, not a link, so that a later run does not exchange its files while they are read.
    """

    folder: Path
    id: str

    def files(self, table: str) -> list[Path]:
        """Return the Parquet files of a table, sorted by name."""
        return sorted((self.folder / table).glob("*.parquet"))

    def partitions(self, table: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Yield a table file by file, each sorted by key, with the dictionary's columns and types.

        Raises OutdatedSnapshot if the table or a column is missing.
        """
        target_schema = schema(table) if columns is None else pa.schema([schema(table).field(c) for c in columns])
        files = self.files(table)
        if not files:
            raise OutdatedSnapshot(table)
        for file in files:
            # As a single file: pyarrow's dataset reader would take parts of its path for columns.
            data = pq.ParquetFile(file).read(columns=target_schema.names)
            if set(data.column_names) != set(target_schema.names):
                raise OutdatedSnapshot(
                    f"{table}: {', '.join(sorted(set(target_schema.names) - set(data.column_names)))}"
                )
            yield data.select(target_schema.names).cast(target_schema)

    def table(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return a complete table, or some of its columns. Raises OutdatedSnapshot."""
        return pa.concat_tables(self.partitions(table, columns))

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a table in batches, so that memory need not hold them all. Raises OutdatedSnapshot."""
        for partition in self.partitions(table):
            for batch in partition.to_batches(max_chunksize=MAX_BATCH_ROWS):
                yield from batch.to_pylist()
