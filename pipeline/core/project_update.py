"""Change lines of a CSV file that people edit: one writer at a time, and in the form that the file has."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.core.csv_form import FileForm
from pipeline.core.files import write_atomically
from pipeline.core.model import DataFault
from pipeline.core.project_csv import Layout, ProjectCsv, read_project_csv

WAIT_SECONDS = 30  # a writer holds the lock for a fraction of a second
Key = Callable[[Mapping[str, str]], Any]


@contextmanager
def locked_file(path: Path, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock of a project file, `.<name>.lock` next to it. A block may take it again.

    Raises DataFault if another process holds it for longer than `wait_seconds`.
    """
    # A command that only reads must not wait for this import.
    from filelock import FileLock, Timeout

    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_name(f".{path.name}.lock"), is_singleton=True).acquire(timeout=wait_seconds):
            yield
    except Timeout as error:
        raise DataFault("project.locked", path=path) from error


def update_lines(
    path: Path, layout: Layout, key: Key, lines: Iterable[Mapping[str, str]], removed: Collection[Hashable] = ()
) -> None:
    """Add lines, or replace those with the same key, and remove those whose key is in `removed`.

    All other lines keep their text, and a replaced line keeps the columns that ogi does not use. The file is replaced
    in one step. Raises ProjectFault for a file that cannot be read, DataFault if it stays locked, and OSError; the old
    file is then unchanged.
    """
    with locked_file(path):
        new_lines = list(lines)
        old = read_project_csv(path, layout) if path.exists() else _new_table(path, layout)
        table = _with_columns(old, new_lines)
        records = _records_by_key(table, key)
        for gone in removed:
            records.pop(gone, None)
        for values in new_lines:
            replaced = records.get(key(values), [""])[-1]
            records[key(values)] = [_format(table, values, replaced)]
        keys = sorted(records) if layout.is_sorted else records
        text = "\n".join([table.header, *(record for k in keys for record in records[k])])
        write_atomically(path, table.form.encode(f"{text}\n"))


def _records_by_key(table: ProjectCsv, key: Key) -> dict[Any, list[str]]:
    """Return the text of the records; several that share a key are all kept."""
    records: dict[Any, list[str]] = {}
    for line, record in table.numbered_records():
        records.setdefault(key(table.values(record, line)), []).append(record)
    return records


def _new_table(path: Path, layout: Layout) -> ProjectCsv:
    names = tuple(layout.columns)
    return ProjectCsv(path, layout, FileForm(), ",".join(names), names, 2, [])


def _with_columns(table: ProjectCsv, lines: Iterable[Mapping[str, str]]) -> ProjectCsv:
    """Return the table with the optional columns that the new lines need and an older file lacks."""
    needed = [n for n in table.layout.columns if n not in table.names and any(line.get(n) for line in lines)]
    if not needed:
        return table
    header = table.form.delimiter.join([table.header, *needed])
    names = (*table.names, *needed)
    return ProjectCsv(table.path, table.layout, table.form, header, names, table.first_line, table.records, True)


def _format(table: ProjectCsv, values: Mapping[str, str], replaced: str) -> str:
    """Return the record of a line. The columns that ogi does not use are those of the record that it replaces."""
    old = table.split(replaced)
    old += [""] * (len(table.names) - len(old))
    fields = [values.get(name, "") if name else old[i] for i, name in enumerate(table.names)]
    text = io.StringIO()
    csv.writer(text, delimiter=table.form.delimiter, lineterminator="").writerow(fields)
    return text.getvalue()
