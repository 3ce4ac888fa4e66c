"""Run the job with decisions: which published values they change, and how a wrong or unused decision is reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.project import copy_program, ogi_here, ogi_in, query_snapshot, replace_in_report, run_here

pytestmark = pytest.mark.slow

HEADER = "body_id,year,cell,was,now,reason,evidence,who"


def write_decisions(project: Path, *lines: str) -> None:
    """Write the file of decisions with the columns of an earlier version."""
    (project / "data" / "decisions.csv").write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")


def test_decision_changes_only_the_published_value_of_its_cell(ready: Path) -> None:
    replace_in_report(ready, "2019/411200.html", "<td>251</td><td>8</td>", "<td>251</td><td>80</td>")
    write_decisions(ready, "411200,2019,applications/new/business,80,8,多录一个零,原件第三页,张三")
    code = run_here(ready)
    statement = """SELECT value, obs_status FROM {observations}
        WHERE body_id = '411200' AND indicator = 'applications.new' AND applicant = 'business' AND year = 2019"""
    assert query_snapshot(ready, statement) == [(8, "I")]
    errors = query_snapshot(ready, "SELECT identity FROM {findings} WHERE status = 'fail' AND severity = 'error'")
    assert errors == [("source.sha256",)]
    assert code == 1
    result = ogi_here(ready, "query", "SELECT raw, value FROM cells WHERE report_id = '2019/411200.html' "
                   "AND \"row\" = 'new' AND \"column\" = 'business'", "--format", "json")  # fmt: skip
    assert json.loads(result.stdout) == [{"raw": "80", "value": 80}]


def test_only_the_report_of_a_new_decision_is_read_again(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_decisions(ready, "411200,2019,applications/new/business,8,9,复核,原件第三页,张三")
    assert run_here(ready) == 1  # the printed total contradicts the decided value
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert [(x["count"], x["kept"]) for x in events if x["stage"] == "extract"] == [(1, 61)]


def test_stale_decision_is_an_error(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_decisions(ready, "411200,2019,applications/new/business,80,8,多录一个零,原件第三页,张三")
    assert run_here(ready) == 1
    assert "订正已失效" in capsys.readouterr().out
    errors = "SELECT identity, status FROM {findings} WHERE severity = 'error' AND status = 'fail'"
    assert query_snapshot(ready, errors) == [("decision.stale", "fail")]


@pytest.mark.parametrize(
    "line",
    ["411200,2019,applications/new/business,80,8,,原件,张三", "411200,2019,applications/new/business,80,八,x,x,x"],
)
def test_incomplete_decision_stops_the_run(ready: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    write_decisions(ready, line)
    assert run_here(ready) == 3
    assert "decisions.csv" in capsys.readouterr().err


@pytest.mark.parametrize("body_and_year", ["411299,2019", "411200,2016"])
def test_decision_without_a_report_is_a_warning(
    ready: Path, capsys: pytest.CaptureFixture[str], body_and_year: str
) -> None:
    """The office may have decided about reports that this data folder lacks."""
    write_decisions(ready, f"{body_and_year},applications/new/business,8,9,理由,依据,张三")
    assert run_here(ready) == 0
    body, year = body_and_year.split(",")
    assert f"决定 {body} {year} applications/new/business 没有用上" in capsys.readouterr().err


def test_decisions_in_the_old_place_are_read_with_a_notice(ready: Path, tmp_path: Path) -> None:
    program = copy_program(tmp_path / "program")
    old_file = program / "pipeline" / "reference" / "decisions.csv"
    line = "411200,2019,applications/new/business,8,9,复核,原件第三页,张三"
    old_file.write_text(f"{HEADER}\n{line}\n", encoding="utf-8")
    result = ogi_in(ready, "run", root=program)
    assert result.returncode == 1  # the printed total contradicts the decided value
    assert "旧位置" in result.stderr
    assert "data/decisions.csv" in result.stderr
    assert query_snapshot(ready, "SELECT obs_status FROM {observations} WHERE body_id = '411200' AND year = 2019 "
               "AND indicator = 'applications.new' AND applicant = 'business'") == [("I",)]  # fmt: skip
    write_decisions(ready)
    result = ogi_in(ready, "run", root=program)
    assert "旧位置" not in result.stderr
