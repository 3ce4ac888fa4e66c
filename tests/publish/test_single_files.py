"""The exports in one file: each equals the snapshot, needs no other file, and is safe to open."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from support.project import current_snapshot, ogi_here

from pipeline.publish.interchange import export, workbook
from pipeline.publish.interchange.csv_format import csv_text
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot, column_line, published_views
from pipeline.storage.dictionary import dictionary, key
from pipeline.storage.snapshot import read_record

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def snapshot(built: Path) -> PublishedSnapshot:
    """The published snapshot of the shipped data."""
    record = read_record(current_snapshot(built))
    assert record
    return PublishedSnapshot(current_snapshot(built), record.id)


@pytest.fixture(scope="module")
def exported(snapshot: PublishedSnapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one export per format."""
    folder = tmp_path_factory.mktemp("exported")
    for name in ("duckdb", "sqlite", "xlsx"):
        (folder / name).mkdir()
        assert list(export(name, snapshot, folder / name)) == []
    return folder


def view_rows(snapshot: PublishedSnapshot, name: str) -> list[tuple[Any, ...]]:
    """Return the rows of a table or view of the snapshot, sorted."""
    with snapshot.connect() as connection:
        return connection.execute(f"FROM {name} ORDER BY ALL").fetchall()


# DuckDB


def test_duckdb_export_has_all_tables_views_and_comments(exported: Path, snapshot: PublishedSnapshot) -> None:
    with duckdb.connect(str(exported / "duckdb" / "ogi.duckdb"), read_only=True) as connection:
        for table in dictionary():
            relation = connection.execute(f"FROM {table}")
            assert relation.fetchall() == [tuple(row.values()) for row in snapshot.rows(table)], table
        for view in published_views():
            assert connection.execute(f"FROM {view} ORDER BY ALL").fetchall() == view_rows(snapshot, view)
        views = connection.execute("SELECT view_name, sql, comment FROM duckdb_views() WHERE NOT internal").fetchall()
        assert {name for name, *_ in views} == published_views().keys()  # no table is a view on other files
        assert [name for name, sql, comment in views if ".parquet" in sql or " / " not in comment] == []
        about = connection.execute("FROM about").fetchall()
    assert ("snapshot", snapshot.id, snapshot.id) in about


# SQLite


def sqlite_rows(database: sqlite3.Connection, statement: str) -> list[tuple[Any, ...]]:
    return database.execute(statement).fetchall()


def as_sqlite(value: Any) -> Any:
    """Return a value of the snapshot as SQLite gives it back: a list as JSON, a boolean as a number."""
    return csv_text(value) if isinstance(value, list) else int(value) if isinstance(value, bool) else value


def as_decimal(value: Any) -> Any:
    """Return a number as its shortest decimal, so that 0.1 of SQLite equals Decimal("0.1")."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def test_sqlite_export_equals_the_snapshot_in_every_digit(exported: Path, snapshot: PublishedSnapshot) -> None:
    database = sqlite3.connect(exported / "sqlite" / "ogi.sqlite")
    for table in dictionary():
        rows = sqlite_rows(database, f"SELECT * FROM {table} ORDER BY rowid")
        expected = [tuple(as_sqlite(v) for v in row.values()) for row in snapshot.rows(table)]
        assert [tuple(map(as_decimal, row)) for row in rows] == [tuple(map(as_decimal, row)) for row in expected], table
    whole = sqlite_rows(database, "SELECT DISTINCT typeof(value) FROM observations WHERE value = round(value)")
    assert whole == [("integer",)]


def test_sqlite_views_have_the_rows_of_duckdb(exported: Path, snapshot: PublishedSnapshot) -> None:
    database = sqlite3.connect(exported / "sqlite" / "ogi.sqlite")
    for view in published_views():
        rows = [tuple(map(as_decimal, row)) for row in sqlite_rows(database, f"SELECT * FROM {view}")]
        expected = [tuple(as_decimal(as_sqlite(v)) for v in row) for row in view_rows(snapshot, view)]
        assert sorted(map(repr_of_row, rows)) == sorted(map(repr_of_row, expected)), view
    views = {name for (name,) in sqlite_rows(database, "SELECT name FROM sqlite_master WHERE type = 'view'")}
    assert views >= {"totals", "by_applicant", "cities", "members"}


def repr_of_row(row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple("" if v is None else str(Decimal(v).normalize()) if is_number(v) else str(v) for v in row)


def is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal)


def test_sqlite_export_describes_itself_and_has_keys(exported: Path, snapshot: PublishedSnapshot) -> None:
    database = sqlite3.connect(exported / "sqlite" / "ogi.sqlite")
    described = sqlite_rows(database, 'SELECT "table", "column" FROM dictionary')
    assert described == [(table, line["column"]) for table, lines in dictionary().items() for line in lines]
    assert ("snapshot", snapshot.id) in sqlite_rows(database, "SELECT item, zh FROM about")
    keys = sqlite_rows(database, "SELECT name FROM pragma_table_info('cells') WHERE pk > 0 ORDER BY pk")
    assert [name for (name,) in keys] == list(key("cells"))
    assert sqlite_rows(database, "PRAGMA integrity_check") == [("ok",)]


# XLSX


def sheet_rows(path: Path, name: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a sheet below its header."""
    sheet = openpyxl.load_workbook(path, read_only=True)[name]
    yield from list(sheet.iter_rows(values_only=True))[1:]


def as_cell(value: Any) -> Any:
    """Return a value of the snapshot as a workbook gives it back."""
    if isinstance(value, Decimal):
        return float(value)
    return ("; ".join(value) if isinstance(value, list) else value) or (None if value in ("", []) else value)


def test_workbook_equals_the_snapshot(exported: Path, snapshot: PublishedSnapshot) -> None:
    path = exported / "xlsx" / "ogi.xlsx"
    names = openpyxl.load_workbook(path, read_only=True).sheetnames
    assert names == ["说明 about", "字段 columns", *workbook.SHEETS]
    for name in ("totals", "cities", "rates", "growth", "findings", "bodies"):
        rows = list(sheet_rows(path, name))
        assert rows == [tuple(map(as_cell, row)) for row in view_rows(snapshot, name)], name


def test_workbook_describes_every_column_in_both_languages(exported: Path) -> None:
    rows = list(sheet_rows(exported / "xlsx" / "ogi.xlsx", "字段 columns"))
    assert len(rows) > 200
    assert [row for row in rows if not row[3] or not row[4]] == []
    assert "transcribed" in column_line("totals", "provenance")["allowed"]
    assert "not_compiled" in column_line("cities", "status")["allowed"]  # of the table that the view reads


def test_text_of_a_report_is_never_a_formula(tmp_path: Path) -> None:
    writer = workbook.Writer(tmp_path / "a.xlsx", "t", str(tmp_path))
    sheet = writer.add_sheet("a", ["h"], [10])
    texts = ["=1+1", "@SUM(A1)", "https://example.org", "411200", "x" * 40_000, "+1", "控制\x01"]
    for row, text in enumerate(texts, start=1):
        writer.write(sheet, row, 0, text)
    writer.write(sheet, len(texts) + 1, 0, Decimal("123456789012345678"))
    writer.workbook.close()
    cells = [row[0] for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["a"].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert [cell.value for cell in cells[:4]] == texts[:4]
    assert [cell.quotePrefix for cell in cells[:6]] == [True, True, False, False, False, True]
    assert len(str(cells[4].value)) == workbook.MAX_TEXT_LENGTH
    assert cells[-1].value == "123456789012345678"  # Excel would round the number


def test_sheet_that_is_too_long_is_left_out_with_a_message(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_SHEET_ROWS", 9_000)
    result = ogi_here(built, "export", "xlsx", str(tmp_path / "out"), "--lang", "en")
    assert result.returncode == 0
    assert "growth has 11,212 rows, more than Excel's limit of 9,000" in result.stderr
    names = openpyxl.load_workbook(tmp_path / "out" / "ogi.xlsx", read_only=True).sheetnames
    assert "growth" not in names
    assert "totals" in names
    about = list(sheet_rows(tmp_path / "out" / "ogi.xlsx", "说明 about"))
    assert next(str(row[2]) for row in about if row[0] == "growth").startswith("growth has 11,212 rows")


@pytest.mark.parametrize("name", ["duckdb", "sqlite", "xlsx"])
def test_full_disk_is_one_message(built: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: None)  # the new folder does not exist
    result = ogi_here(built, "export", name, str(tmp_path / "out"), "--lang", "en")
    assert result.returncode == 3
    assert result.stderr.startswith("Writing failed. Nothing is exported: ")
    assert list(tmp_path.iterdir()) == []
