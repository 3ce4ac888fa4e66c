"""CSV for programs changes no value; CSV for Excel shows every text as it is."""

from __future__ import annotations

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from support.project import ogi_here

from pipeline.publish.interchange import csv_tables
from pipeline.publish.interchange.csv_format import csv_lines, excel_text
from pipeline.publish.interchange.snapshot_tables import published_views
from pipeline.storage.dictionary import dictionary


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("411200", '="411200"'),
        ("1-2", '="1-2"'),
        ("2019/3", '="2019/3"'),
        ("3月5日", '="3月5日"'),
        ("1,384", '="1,384"'),
        ("MAR1", '="MAR1"'),
        ("TRUE", '="TRUE"'),
        ("-5", '="-5"'),
        ("１２", '="１２"'),
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("2019/411200.html", "2019/411200.html"),
        ("三门峡市", "三门峡市"),
        ("", ""),
        (None, ""),
        (True, "true"),
        (2019, "2019"),
        (Decimal("1384.500000"), "1384.5"),
        (Decimal("-0.25"), "-0.25"),
        (Decimal("123456789012345678"), '="123456789012345678"'),
        ("9" * 300, "9" * 300),  # Excel allows 255 characters of text in a formula
    ],
)
def test_value_in_a_field_for_excel(value: Any, text: str) -> None:
    assert excel_text(value) == text


def test_lines_for_excel_have_a_mark_and_end_in_cr_lf() -> None:
    content = "".join(csv_lines(["a", "b"], [[excel_text("411200"), 'say "x"']], excel=True))
    assert content == '\ufeffa,b\r\n"=""411200""","say ""x"""\r\n'
    assert "".join(csv_lines(["a"], [["411200"]])) == "a\n411200\n"


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


@pytest.mark.slow
def test_csv_export_has_every_table_and_view(built: Path, tmp_path: Path) -> None:
    for folder, options in (("plain", []), ("excel", ["--excel"])):
        result = ogi_here(built, "export", "csv", str(tmp_path / folder), *options)
        assert result.returncode == 0, result.stderr
    names = {*dictionary(), *published_views(), "dictionary", "quality"}
    for folder in ("plain", "excel"):
        assert {path.stem for path in (tmp_path / folder).iterdir()} == names
    plain, excel = (read(tmp_path / folder / "bodies.csv") for folder in ("plain", "excel"))
    assert [row[0] for row in plain if row[1] == "三门峡市人民政府"] == ["411200"]
    assert [row[0] for row in excel if row[1] == "三门峡市人民政府"] == ['="411200"']
    for name in ("observations", "totals", "cells"):
        plain, excel = (read(tmp_path / folder / f"{name}.csv") for folder in ("plain", "excel"))
        shown = [[f[2:-1] if f.startswith('="') else f.removeprefix("'") for f in row] for row in excel]
        assert shown == plain, name
    described = read(tmp_path / "plain" / "dictionary.csv")
    assert ["totals", "value"] in [row[:2] for row in described]
    assert [row for row in described if not row[3] or not row[4]] == []


@pytest.mark.slow
def test_file_that_excel_cannot_open_is_named(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_tables, "MAX_EXCEL_ROWS", 9_000)
    result = ogi_here(built, "export", "csv", str(tmp_path / "out"), "--excel", "--lang", "en")
    assert "growth.csv has 11,212 rows; Excel cannot open all of them." in result.stderr
    assert ogi_here(built, "export", "sdmx", str(tmp_path / "x"), "--excel").returncode == 2


@pytest.mark.slow
def test_query_writes_csv_for_excel(built: Path, tmp_path: Path) -> None:
    statement = "SELECT '411200' AS code, 0.5 AS share, '=1' AS text, NULL AS nothing"
    result = ogi_here(built, "query", statement, "--format", "csv", "--excel", "-o", str(tmp_path / "a.csv"))
    assert result.returncode == 0, result.stderr
    expected = '\ufeffcode,share,text,nothing\r\n"=""411200""",0.5,\'=1,\r\n'
    assert (tmp_path / "a.csv").read_bytes().decode() == expected
    assert ogi_here(built, "query", statement, "--excel").returncode == 2
