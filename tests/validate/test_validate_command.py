"""Test `ogi validate` on the published snapshot, on copies of it, and on folders that are none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from support.project import copy_program, current_snapshot, ogi_here, ogi_in

pytestmark = pytest.mark.slow


def damage(folder: Path, table: str, change: str) -> Path:
    """Change rows in the file of a table for 2019; return the file."""
    (path,) = (folder / table).glob("2019-*.parquet")
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t AS SELECT * FROM '{path}'")
        connection.execute(f"UPDATE t SET {change}")
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return path


def test_published_snapshot_and_a_copy_are_valid(built: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(current_snapshot(built), tmp_path / "elsewhere")
    for arguments in ((), (str(copy),)):
        result = ogi_here(built, "validate", *arguments)
        assert (result.returncode, result.stderr) == (0, "")
        assert "检验通过" in result.stdout


def test_wrong_total_is_shown_with_reason_and_rows(built: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(current_snapshot(built), tmp_path / "copy")
    path = damage(copy, "compiled", "compiled = compiled * 2 WHERE indicator = 'applications.new'")
    damage(copy, "cells", "confidence = 2 WHERE report_id = '2019/411200.html'")
    result = ogi_here(built, "validate", str(copy), "--lang", "en")
    assert result.returncode == 3
    assert path.name in result.stdout
    assert "compiled_figures_are_sums_of_members: " in result.stdout
    assert "A compiled figure is the sum" in result.stdout
    assert '"sum_of_members": "' in result.stdout
    assert "Suite cells, expect_column_values_to_be_between confidence" in result.stdout
    assert "ogi rollback" in result.stdout
    answer = json.loads(ogi_here(built, "validate", str(copy), "--json").stdout)
    assert answer["valid"] is False
    assert len(answer["damaged"]) == 2
    rules = {violation["rule"]: violation for violation in answer["violations"]}
    assert rules["compiled_figures_are_sums_of_members"]["why"].keys() == {"zh", "en"}


def test_added_and_missing_files_are_named(built: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(current_snapshot(built), tmp_path / "copy")
    (path,) = (copy / "decisions").glob("*.parquet")
    shutil.copyfile(path, path.with_name("2031-000000000000.parquet"))
    result = ogi_here(built, "validate", str(copy))
    assert result.returncode == 3
    assert "2031-000000000000" in result.stdout
    path.unlink()
    assert ogi_here(built, "validate", str(copy)).returncode == 3


def test_folder_without_snapshot(built: Path, tmp_path: Path) -> None:
    result = ogi_here(built, "validate", str(tmp_path))
    assert (result.returncode, result.stdout) == (2, "")
    (tmp_path / "data" / "raw").mkdir(parents=True)
    assert ogi_here(tmp_path, "validate").returncode == 3


def test_wrong_mart_is_not_published(ready: Path, tmp_path: Path) -> None:
    program = copy_program(tmp_path / "program")
    rates = program / "sql" / "rollup" / "rates.sql"
    rates.write_text(rates.read_text(encoding="utf-8").replace("round(100e0", "round(10e0"), encoding="utf-8")
    before = current_snapshot(ready).name
    result = ogi_in(ready, "run", "--lang", "en", root=program)
    assert result.returncode == 3
    assert "rates_are_quotients" in result.stderr
    assert current_snapshot(ready).name == before
    page = (ready / "data" / "data_docs" / "assertions.html").read_text(encoding="utf-8")
    assert page.index("rates_are_quotients") < page.index("carry_shows_the_observations")


def test_warning_is_shown_and_published(ready: Path, tmp_path: Path) -> None:
    program = copy_program(tmp_path / "program")
    due = program / "sql" / "rollup" / "due.sql"
    text = due.read_text(encoding="utf-8")
    due.write_text(text.replace("e.name AS body", "concat(e.name, '!') AS body"), encoding="utf-8")
    result = ogi_in(ready, "run", "--lang", "en", root=program)
    assert result.returncode == 0, result.stderr
    assert "names_are_those_of_the_registers" in result.stderr
