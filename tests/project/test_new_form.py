"""Test that a new form needs only a file in `forms/` and its crosswalk lines. Code, SQL and suites do not change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.project import copy_program, ogi_in

pytestmark = pytest.mark.slow

OLD_ROW = """
          refused.administrative_query: {zh: 8.属于行政查询事项, en: "Refused: matter of an administrative query"}
"""
NEW_ROWS = """
          refused.administrative_query: {zh: 8.属于政务服务查询事项, en: "Refused: matter of an administrative query"}
          refused.platform_data: {zh: 9.属于公共数据平台数据, en: "Refused: data of a public platform"}
"""
QUERY_LINE = "applications,refused.administrative_query,*,applications.refused.administrative_query,1,equal,\n"
SPLIT_LINES = (
    "2024,applications,refused.administrative_query,*,applications.refused.administrative_query,1,part,分列两项\n"
    "2024,applications,refused.platform_data,*,applications.refused.administrative_query,1,part,分列两项\n"
)


def program_with_new_form(folder: Path) -> Path:
    """Return a copy of the program with a form for 2024, which prints one row of 2021 as two, under another label."""
    copy_program(folder)
    forms, crosswalk = folder / "pipeline" / "forms", folder / "pipeline" / "reference" / "crosswalk.csv"
    form = (forms / "2021.yaml").read_text(encoding="utf-8").replace('form: "2021"', 'form: "2024"')
    form = form.replace("first_year: 2021", "first_year: 2024").replace("2021年版", "2024年版")
    (forms / "2024.yaml").write_text(form.replace(OLD_ROW, NEW_ROWS), encoding="utf-8")
    lines = crosswalk.read_text(encoding="utf-8").splitlines(keepends=True)
    new_lines = [line.replace("2021,", "2024,", 1) for line in lines if line.startswith("2021,")]
    text = "".join([*lines, *new_lines])
    assert f"2024,{QUERY_LINE}" in text
    crosswalk.write_text(text.replace(f"2024,{QUERY_LINE}", SPLIT_LINES), encoding="utf-8")
    return folder


def test_new_form_is_one_file_and_crosswalk_lines(tmp_path: Path) -> None:
    program = program_with_new_form(tmp_path / "program")
    simulation = ogi_in(
        tmp_path, "simulate", "data", "--cities", "1", "--members", "5", "--years", "2022-2025", "--errors", "0",
        root=program,
    )  # fmt: skip
    assert simulation.returncode == 0, simulation.stderr
    run = ogi_in(tmp_path, "run", root=program)
    assert run.returncode == 0, run.stdout + run.stderr

    def query(sql: str) -> list[dict[str, object]]:
        """Return the rows of an `ogi query` by column."""
        result = ogi_in(tmp_path, "query", sql, "--format", "json", root=program)
        assert result.returncode == 0, result.stderr
        rows: list[dict[str, object]] = json.loads(result.stdout)
        return rows

    forms = query("SELECT year, min(form) AS first, max(form) AS last, count(*) AS reports FROM reports GROUP BY year")
    assert {row["year"]: (row["first"], row["last"]) for row in forms} == {
        2022: ("2021", "2021"), 2023: ("2021", "2021"), 2024: ("2024", "2024"), 2025: ("2024", "2024"),
    }  # fmt: skip
    split = query(
        "SELECT DISTINCT cell FROM observations WHERE year = 2024 AND applicant = 'total'"
        " AND indicator = 'applications.refused.administrative_query'"
    )
    cells = "applications/refused.administrative_query/total+applications/refused.platform_data/total"
    assert split == [{"cell": cells}]
    refused = query("SELECT sum(value) AS n FROM cells WHERE \"row\" = 'refused.administrative_query' AND page >= 1")
    assert float(str(refused[0]["n"])) > 0
    growth = query(
        "SELECT DISTINCT comparable FROM growth WHERE year = 2024 AND basis = 'reported' AND applicant = 'total'"
        " AND indicator = 'applications.new'"
    )
    assert growth == [{"comparable": True}]
    help_text = ogi_in(tmp_path, "compile", "--help", root=program)
    assert "2024" in help_text.stdout
