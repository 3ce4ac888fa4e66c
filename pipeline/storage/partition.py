"""Partitions on disk: one Parquet file per table and report year, named by its content.

`cells/2019-<hash>.parquet` holds the cells of 2019. A register, which has no year, is one file whose stem is the name
of the table. Reports whose year is unknown are in year 0. The name contains a hash of the content, so files with equal
names are equal, and snapshots can share them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.core.paths import quoted
from pipeline.storage.schema import empty_select, schema, to_parquet

SUFFIX = ".parquet"


class TableFiles:
    """The Parquet files of a snapshot, by table and stem (`2019`, or the table's name for a register)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self, table: str) -> dict[str, str]:
        """Return the files of a table by stem, as paths relative to the snapshot: `cells/2019-<hash>.parquet`."""
        try:
            files = sorted(name for name in os.listdir(self.folder / table) if name.endswith(SUFFIX))  # noqa: PTH208
        except FileNotFoundError:
            return {}
        return {stem_of(name): f"{table}/{name}" for name in files}

    def paths(self, table: str, stems: Iterable[str] | None = None) -> list[Path]:
        """Return the files of a table with these stems, or all, in order of stem."""
        names = self.names(table)
        return [self.folder / names[stem] for stem in (names if stems is None else sorted(stems)) if stem in names]

    def read(self, table: str, stem: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the rows of one file, or some of their columns; no rows if the file does not exist."""
        name = self.names(table).get(stem)
        if name is None:
            return schema(table).empty_table().select(columns or schema(table).names)
        # Not `read_table`: a dataset would take parts of the path for columns.
        return pq.ParquetFile(self.folder / name).read(columns=columns)

    def write(self, table: str, stem: str, rows: pa.Table) -> str:
        """Write the rows, sorted by key, in place of the file with this stem; return its name.

        If the file has the same rows already, it is not written again, because a previous snapshot may share it.
        """
        content = to_parquet(rows)
        name = f"{table}/{stem}-{sha256(content).hexdigest()[:12]}{SUFFIX}"
        (self.folder / table).mkdir(parents=True, exist_ok=True)
        previous = self.names(table).get(stem)
        if previous != name:
            (self.folder / name).write_bytes(content)
            if previous:
                (self.folder / previous).unlink()
        return name

    def remove(self, table: str, stem: str) -> None:
        """Remove the file of a table with this stem, if there is one."""
        if name := self.names(table).get(stem):
            (self.folder / name).unlink()


def table_of(name: str) -> str:
    """Return the table of a file: `cells` for `cells/2019-<hash>.parquet`."""
    return name.partition("/")[0]


def stem_of(name: str) -> str:
    """Return the stem of a file: `2019` for `cells/2019-<hash>.parquet`."""
    return name.rpartition("/")[2].rpartition("-")[0]


def select_from_files(table: str, files: Sequence[Path]) -> str:
    """Return SQL for the rows of some files of a table."""
    paths = ", ".join(f"'{quoted(path)}'" for path in files)
    return f"SELECT * FROM read_parquet([{paths}])" if files else empty_select(table)
