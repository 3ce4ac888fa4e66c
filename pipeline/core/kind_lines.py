"""Read the CSV files of a kind: the lines of each, with the columns that it must have."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from pipeline.core.model import ProjectFault

COLUMNS = {
    "phrases.csv": ("row", "column", "when", "pattern", "example", "value"),
    "labels.csv": ("code", "spelling"),
    "indicators.csv": ("row", "measure", "annual"),
}


def load_lines(files: Mapping[str, str], name: str, where: str) -> list[dict[str, str]]:
    """Return the lines of a CSV file of a kind by column, [] if there is no such file.

    Raises ProjectFault, with the line, for other columns and for more or fewer fields than columns.
    """
    place = f"{where}/{name}"
    try:
        return list(_lines(files[name], COLUMNS[name], place)) if name in files else []
    except csv.Error as error:
        raise ProjectFault("kind.unreadable", where=place, problem=str(error)) from error


def _lines(text: str, columns: tuple[str, ...], where: str) -> Iterator[dict[str, str]]:
    reader = csv.reader(io.StringIO(text), strict=True)
    if tuple(next(reader, ())) != columns:
        raise ProjectFault("kind.columns", where=where, columns=", ".join(columns))
    for fields in filter(None, reader):
        if len(fields) != len(columns):
            raise ProjectFault("kind.columns", where=f"{where}: {reader.line_num}", columns=", ".join(columns))
        yield dict(zip(columns, fields, strict=True))
