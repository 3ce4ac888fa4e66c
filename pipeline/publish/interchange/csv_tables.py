"""CSV: one file per table and per view for analysts, and the description of all columns (`dictionary.csv`).

The plain files are for programs. With `excel` they are for Excel, which otherwise turns region codes and ids into
numbers or dates, and texts of reports into formulas.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.publish.interchange.csv_format import csv_text, excel_text, write_csv
from pipeline.publish.interchange.snapshot_tables import (
    Note,
    PublishedSnapshot,
    column_line,
    published_views,
    sorted_rows,
)
from pipeline.storage.dictionary import dictionary
from pipeline.storage.schema import schema

MAX_EXCEL_ROWS = 1_048_576  # of a sheet, with the header
DICTIONARY_FIELDS = ("type", "zh", "en", "allowed")


def export(snapshot: PublishedSnapshot, folder: Path, *, excel: bool = False) -> list[Note]:
    """Write the files. Return a note per file that is too long for Excel. Raises OutdatedSnapshot."""
    text = excel_text if excel else csv_text
    columns, notes = {}, []
    with snapshot.connect() as connection:
        for name in (*dictionary(), *published_views()):
            if name in dictionary():
                columns[name], rows = schema(name).names, snapshot.row_tuples(name)
            else:
                columns[name], rows = sorted_rows(connection, name)
            texts = ([text(value) for value in row] for row in rows)
            write_csv(folder / f"{name}.csv", columns[name], texts, excel=excel)
            ((count,),) = connection.execute(f"SELECT count(*) FROM {name}").fetchall()
            if excel and count >= MAX_EXCEL_ROWS:
                notes.append(Note("export.long_csv", {"file": f"{name}.csv", "rows": f"{count:,}"}))
    lines = [(table, column_line(table, name)) for table, names in columns.items() for name in names]
    fields = ((table, line["column"], *(line[field] for field in DICTIONARY_FIELDS)) for table, line in lines)
    texts = ([text(field) for field in row] for row in fields)
    write_csv(folder / "dictionary.csv", ("table", "column", *DICTIONARY_FIELDS), texts, excel=excel)
    return notes
