"""The file of populations: figures per 100,000 inhabitants, and lines that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.project import ogi_here, query_snapshot, run_here

from pipeline.core.model import ProjectFault
from pipeline.registry.load import load_register, population_fingerprint, register_fingerprint

HEADER = "code,year,population,source\n"


def write(raw: Path, lines: str) -> Path:
    raw.mkdir(parents=True, exist_ok=True)
    (raw / "population.csv").write_text(HEADER + lines, encoding="utf-8")
    return raw


def test_population_is_read_and_changes_no_report(tmp_path: Path) -> None:
    raw = write(tmp_path, "411200,2019,2275000,统计年鉴\n")
    (line,) = load_register(raw).population
    assert (line.code, line.year, line.population, line.source) == ("411200", 2019, 2275000, "统计年鉴")
    assert register_fingerprint(raw) == ""
    assert population_fingerprint(raw) != ""


@pytest.mark.parametrize(
    "lines",
    [
        "999999,2019,100,x\n", "411200,2019,100,\n", "411200,2019,0,x\n", "411200,2019,2.5,x\n", "411200,二〇,100,x\n",
        "411200,2019,100,x\n411200,2019,101,x\n",
    ],
)  # fmt: skip
def test_wrong_line_is_refused_with_its_place(tmp_path: Path, lines: str) -> None:
    with pytest.raises(ProjectFault, match=r"population\.csv:"):
        load_register(write(tmp_path, lines))


@pytest.mark.slow
def test_figures_per_inhabitant_are_null_without_a_population(ready: Path) -> None:
    write(ready / "data" / "raw", "411200,2019,2000000,测试\n")
    assert run_here(ready) == 0
    statement = """SELECT region_code, per_100k FROM region_year WHERE year = 2019 AND indicator = 'applications.new'
        AND applicant = 'total' AND region_code IN ('411200', '411202') ORDER BY region_code"""
    assert ogi_here(ready, "query", statement, "--format", "csv").stdout.splitlines() == [
        "region_code,per_100k", "411200,13.2500", "411202,",
    ]  # fmt: skip
    assert query_snapshot(ready, "SELECT count(*) FROM {reports} WHERE status = 'loaded'") == [(62,)]
