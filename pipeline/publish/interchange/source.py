"""What the interchange formats share: the tables of the published snapshot, and how CSV is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.storage.dictionary import dictionary
from pipeline.storage.schema import schema

SPECIAL = re.compile('[,"\r\n]')
BATCH = 50_000
TITLE = {
    "zh": "政府信息公开年度报告统计",
    "en": "Statistics of China's open government information reports",
}
# What every format says of its data.
CAUTION = {
    "zh": "数据性质（provenance）为 simulated 的记录是模拟的，不是机关公布的数字；为 mixed 的含有模拟数据。",
    "en": "Records whose provenance is simulated are not what these bodies published; mixed ones rest on some of them.",
}


class Outdated(Exception):
    """The snapshot has not the table or column that the data dictionary has: another version built it."""


@dataclass(frozen=True)
class Published:
    """A published snapshot: its folder (no link, so that a new one does not change it while it is read) and its id."""

    folder: Path
    id: str

    def parts(self, table: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """The table file by file, each in the order of its key, with the dictionary's columns and types."""
        wanted = schema(table) if columns is None else pa.schema([schema(table).field(c) for c in columns])
        files = sorted((self.folder / table).glob("*.parquet"))
        if not files:
            raise Outdated(table)
        for file in files:
            # The file alone: a dataset would take parts of its path for columns.
            data = pq.ParquetFile(file).read(columns=wanted.names)
            if set(data.column_names) != set(wanted.names):
                raise Outdated(f"{table}: {', '.join(sorted(set(wanted.names) - set(data.column_names)))}")
            yield data.select(wanted.names).cast(wanted)

    def table(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The whole table, or some of its columns."""
        return pa.concat_tables(self.parts(table, columns))

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of the table, without having all of them in memory."""
        for part in self.parts(table):
            for batch in part.to_batches(max_chunksize=BATCH):
                yield from batch.to_pylist()


def grain(table: str) -> dict[str, str]:
    """What a row of the table is, by its key."""
    lines = [line for line in dictionary()[table] if line["key"]]
    return {
        "zh": f"{table}：每行按{'、'.join(line['zh'] for line in lines)}区分",
        "en": f"{table}: one row for each {', '.join(line['column'] for line in lines)}",
    }


def text(value: Any) -> str:
    """A value in a CSV field: null empty, a number as plain digits, a list as a JSON array."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A CSV file by RFC 4180 (section 2: a field with a comma, quote or line break is quoted), UTF-8, lines end in LF.

    Python's own writer leaves a carriage return unquoted where lines end in LF.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in chain([header], rows):
            file.write(_line(row))


def _line(fields: Sequence[str]) -> str:
    quoted = ('"' + f.replace('"', '""') + '"' if SPECIAL.search(f) else f for f in fields)
    return ",".join(quoted) + "\n"
