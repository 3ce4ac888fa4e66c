"""Run the job with wrong suites and wrong data: a violation stops publication and is shown with its rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from support.project import (
    copy_program,
    current_snapshot,
    file_contents,
    ogi_here,
    ogi_in,
    replace_in_report,
    run_here,
)

from pipeline.storage.dictionary import dictionary
from pipeline.storage.partition import TableFiles
from pipeline.validate.gate import Validator

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("cells.json", '"max_value": 1', '"max_value": 0.5', "confidence"),
        (
            "cells.json",
            '"expect_column_values_to_be_between"',
            '"expect_column_values_to_be_bewteen"',  # codespell:ignore bewteen
            "bewteen",  # codespell:ignore bewteen
        ),
        ("cells.json", '"name": "cells"', '"name": "cell"', "cells.json"),
        ("cells.json", "{", "", "cells.json"),
    ],
)
def test_violation_keeps_the_published_snapshot(
    ready: Path, tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    program = copy_program(tmp_path / "program")
    suite = program / "expectations" / file
    suite.write_text(suite.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    before, name = file_contents(current_snapshot(ready)), current_snapshot(ready).name
    result = ogi_in(ready, "run", root=program)
    assert result.returncode == 3
    assert message in result.stderr
    assert (current_snapshot(ready).name, file_contents(current_snapshot(ready))) == (name, before)
    assert ogi_here(ready, "query", "headline").returncode == 0


def test_violations_are_printed_with_their_rows(ready: Path, tmp_path: Path) -> None:
    program = copy_program(tmp_path / "program")
    columns = program / "pipeline" / "reference" / "columns.csv"
    line = "growth,basis,string,key,,compiled | reported"
    columns.write_text(columns.read_text(encoding="utf-8").replace(line, line.replace("compiled", "compilt")), "utf-8")
    result = ogi_in(ready, "run", root=program)
    assert result.returncode == 3
    row = json.loads(next(line for line in result.stderr.splitlines() if line.strip().startswith('{"basis')))
    assert {"body_id", "basis", "year", "indicator", "applicant"} <= set(row)
    docs = ready / "data" / "data_docs"
    index = (docs / "index.html").read_text(encoding="utf-8")
    assert index.count("✗ 不符") == 1
    (link, _) = re.findall(r'href="([^"]+)"', index)  # the other page is about the assertions
    assert "compilt" in (docs / link).read_text(encoding="utf-8")
    for page in docs.rglob("*.html"):  # the pages open without a network
        text = page.read_text(encoding="utf-8")
        assert "<script src=" not in text
        assert 'rel="stylesheet" href="http' not in text


def test_index_of_the_data_docs_lists_validated_and_reused_tables(ready: Path) -> None:
    index = ready / "data" / "data_docs" / "index.html"
    assert index.read_text(encoding="utf-8").count("✓ 通过") == len(dictionary()) + 1  # the assertions
    replace_in_report(ready, "2019/411200.html", "<td>251</td><td>8</td>", "<td>251</td><td>80</td>")
    run_here(ready)
    text = index.read_text(encoding="utf-8")
    assert text.count("✓ 通过") + text.count("沿用 unchanged") == len(dictionary()) + 1
    assert re.search(r"<td>cells</td><td>(\d+)</td><td>\1</td><td>✓ 通过</td>", text)
    assert "<td>regions</td><td>0</td><td>0</td><td>沿用 unchanged</td>" in text


def test_only_files_of_the_snapshot_are_validated(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The findings of a year are written twice, by the extraction and by the roll-up of its group of years."""
    validated: list[str] = []
    submit = Validator._submit

    def record(self: Validator, table: str, files: TableFiles, names: Iterable[str], *others: Any) -> None:
        validated.extend(names := list(names))
        submit(self, table, files, names, *others)

    monkeypatch.setattr(Validator, "_submit", record)
    monkeypatch.setattr("pipeline.rollup.MAX_REPORTS", 1)  # a group of its own for each year
    assert run_here(project) == 0
    folder = current_snapshot(project)
    files = {path.relative_to(folder).as_posix() for path in folder.glob("*/*.parquet")}
    assert len(files) > 20
    assert set(validated) == files


@pytest.mark.parametrize(("column", "value"), [("value", Decimal(77)), ("obs_status", "X")])
def test_wrong_row_of_an_unchanged_report_is_seen_after_a_change(
    ready: Path, monkeypatch: pytest.MonkeyPatch, column: str, value: object
) -> None:
    """An assertion or a suite tests the rows that differ from the published snapshot, not those of changed reports."""
    before = current_snapshot(ready).name
    replace_in_report(ready, "2019/411200.html", "<td>251</td><td>8</td>", "<td>251</td><td>80</td>")
    write = TableFiles.write

    def write_wrong_row(self: TableFiles, table: str, stem: str, rows: pa.Table) -> str:
        if (table, stem) == ("observations", "2019"):
            number = next(n for n, body in enumerate(rows["body_id"].to_pylist()) if body != "411200")
            values = rows[column].to_pylist()
            values[number] = value
            field = rows.schema.field(column)
            rows = rows.set_column(rows.schema.get_field_index(column), field, pa.array(values, field.type))
        return write(self, table, stem, rows)

    monkeypatch.setattr(TableFiles, "write", write_wrong_row)
    assert run_here(ready) == 3
    assert current_snapshot(ready).name == before
