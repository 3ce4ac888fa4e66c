"""A draft: a snapshot under construction."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa

from pipeline.core.files import force_to_disk, replace_path
from pipeline.core.paths import Data
from pipeline.storage.partition import TableFiles
from pipeline.storage.snapshot import CHECKSUM, DATABASE, RECORD, Record, file_hashes, write_checksum
from pipeline.storage.switch import switch


class Draft:
    """A snapshot under construction, in a folder that nothing points at until `publish`.

    A run that is killed leaves the folder behind; the next run deletes it.
    """

    def __init__(self, data: Data, snapshot_id: str) -> None:
        """Begin with an empty folder."""
        self._data, self.id = data, snapshot_id
        self.files = TableFiles(data.versions / snapshot_id)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    @property
    def folder(self) -> Path:
        """The folder of the draft."""
        return self.files.folder

    def adopt(self, previous: Path, names: Iterable[str]) -> None:
        """Take files of a previous snapshot: as hard links, or as copies on file systems without hard links."""
        adopted = list(names)
        for table in {name.rpartition("/")[0] for name in adopted}:
            (self.folder / table).mkdir(exist_ok=True)
        for name in adopted:
            try:
                os.link(f"{previous}/{name}", f"{self.folder}/{name}")
            except OSError:
                shutil.copyfile(f"{previous}/{name}", f"{self.folder}/{name}")

    def write(self, table: str, stem: str, rows: pa.Table) -> str:
        """Write the rows of a table, sorted by key, in place of the file with this stem; return the file's name."""
        return self.files.write(table, stem, rows)

    @property
    def published_files(self) -> TableFiles:
        """The files of the published snapshot, some of which the draft may have adopted."""
        return TableFiles(self._data.current)

    def rename(self, snapshot_id: str) -> bool:
        """Give the draft another id. Return False, and do nothing, where that is the id of the published snapshot."""
        folder = self._data.versions / snapshot_id
        if folder.resolve() == self._data.current.resolve():
            return False
        shutil.rmtree(folder, ignore_errors=True)
        replace_path(self.folder, folder)
        self.files, self.id = TableFiles(folder), snapshot_id
        return True

    def hashes(self, reusable: Mapping[str, str]) -> dict[str, str]:
        """Return the SHA-256 of every file by path below the folder. `reusable` has the hashes of adopted files."""
        return file_hashes(self.folder, reusable)

    def seal(self, record: Record) -> None:
        """Write the record, the last file of a snapshot, and force all new files to the disk."""
        text = json.dumps(asdict(record), ensure_ascii=False, indent=1, sort_keys=True)
        (self.folder / RECORD).write_text(text + "\n", encoding="utf-8", newline="\n")
        write_checksum(self.folder)
        for name in (*record.files, RECORD, DATABASE, CHECKSUM):
            if (self.folder / name).stat().st_nlink == 1:
                force_to_disk(self.folder / name)
        for folder in sorted({self.folder, *((self.folder / name).parent for name in record.files)}):
            force_to_disk(folder)

    def publish(self) -> None:
        """Point readers at this snapshot."""
        switch(self._data, self.id)
