"""Test other kinds of report from the file to the published tables, also a kind that only data describes."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support.bulletins import PROBLEMS, Bulletin, website_table, write_bulletins
from support.kinds import describe_kind, training_report
from support.project import fresh, ogi_here, run_here, snapshot_contents

from pipeline.core.paths import Data
from pipeline.storage.database import connect, rows

pytestmark = pytest.mark.slow
CITY = "411200"
QUARTERS = tuple(Bulletin(quarter=q, failed=q, failed_accounts=30 + q) for q in (1, 2, 3, 4))
# The third quarter of 2022 is missing; the rate of the second is wrong.
NEXT_YEAR = (
    Bulletin(year=2022, quarter=1),
    Bulletin(year=2022, quarter=2, printed_rate="98.00"),
    Bulletin(year=2022, quarter=4),
)
WRONG = "2022/411200-inspection-Q2.txt"
RATE = "inspection/new_media.pass_rate/own"
FAILED = "FROM kind_findings WHERE status = 'fail'"
PEOPLE = ((3, 7, 10), (5, 15, 20))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with the shipped reports, bulletins, tables of websites, and reports of a made kind."""
    folder = fresh(tmp_path_factory.mktemp("kinds"))
    describe_kind(folder / "data" / "raw")
    sent = folder / "sent"
    write_bulletins(sent, *QUARTERS, *NEXT_YEAR)
    for name, cases in (("4112000001", (30, 20, 10)), ("4112000002", (31, 20, 10))):
        (sent / f"{name}.html").write_text(website_table(2021, name, cases), encoding="utf-8")
    (sent / "training1.html").write_text(training_report("一", PEOPLE, 50, 40, "80"), encoding="utf-8")
    (sent / "training2.html").write_text(training_report("二", ((3, 7, 11), PEOPLE[1]), 50, 40, "85"), encoding="utf-8")
    added = ogi_here(folder, "add", "sent", "--source", "模拟")
    assert "登记 11 份" in added.stdout, added.stdout
    assert run_here(folder) == 1  # two reports have errors
    return folder


def ask(project: Path, sql: str, **parameters: object) -> list[dict[str, Any]]:
    """Return the rows of a statement on the published data."""
    with connect(Data(project / "data")) as connection:
        return rows(connection, sql, parameters)


def years(project: Path, year: int, kind: str = "inspection") -> Mapping[str, dict[str, Any]]:
    """Return the values of a year of the city by indicator."""
    found = ask(project, "SELECT * FROM kind_years WHERE kind = $kind AND year = $year", kind=kind, year=year)
    return {row["indicator"]: row for row in found}


def test_annual_reports_are_the_same_bytes_with_other_kinds_beside_them(project: Path, built: Path) -> None:
    alone = snapshot_contents((built / "data" / "curated" / "current").resolve())
    together = snapshot_contents((project / "data" / "curated" / "current").resolve())
    annual = {name for name in alone if name.endswith(".parquet") and not name.startswith("kind")}
    assert len(annual) > 50
    assert {name for name in annual if together.get(name) != alone[name]} == set()


def test_quarters_make_a_year(project: Path) -> None:
    year = years(project, 2021)
    assert year["sites.inspected"]["value"] == 4 * 40
    assert year["sites.failed"]["value"] == 1 + 2 + 3 + 4
    assert year["sites.running"]["value"] == 40  # the last quarter, not the sum
    tested, failed = 4 * 300, 31 + 32 + 33 + 34
    assert year["new_media.pass_rate"]["value"] == round(Decimal(100) * (tested - failed) / tested, 4)
    assert year["new_media.failed"]["quarters"] == ["1", "2", "3", "4"]


def test_year_without_a_quarter_is_unknown_and_not_zero(project: Path) -> None:
    year = years(project, 2022)
    assert (year["sites.failed"]["value"], year["sites.failed"]["known"]) == (None, 6)
    assert year["sites.failed"]["missing"] == ["3"]
    assert year["sites.running"]["value"] == 40  # a number at the end of the year needs only the last quarter
    due = ask(
        project, "SELECT quarter, status FROM kind_due WHERE kind = 'inspection' AND year = 2022 ORDER BY quarter"
    )
    assert [row["status"] for row in due] == ["loaded", "loaded", "missing", "loaded"]


def test_wrong_number_is_a_problem_in_doubt_and_a_decision_settles_it(project: Path) -> None:
    (value,) = ask(project, "SELECT * FROM kind_values WHERE report_id = $r AND cell = $c", r=WRONG, c=RATE)
    assert (value["value"], value["in_doubt"], value["origin"]) == (98, True, "printed")
    status = ogi_here(project, "status")
    assert "合格率" in status.stdout
    words = ("--reason", "算错", "--evidence", "原表", "--who", "张三")
    decided = ogi_here(project, "decide", WRONG, RATE, "--now", "90", *words)
    assert decided.returncode == 0, decided.stderr
    with (project / "data" / "decisions.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [line["cell"] for line in csv.DictReader(file)] == [f"inspection-Q2:{RATE}"]
    assert run_here(project) == 1
    (value,) = ask(project, "SELECT * FROM kind_values WHERE report_id = $r AND cell = $c", r=WRONG, c=RATE)
    assert (value["value"], value["in_doubt"], value["origin"], value["raw"]) == (90, False, "decided", "98.00")
    assert ask(project, "SELECT * FROM kind_proposals WHERE report_id = $r", r=WRONG) == []


def test_number_is_explained_down_to_the_text_and_up_to_the_year(project: Path) -> None:
    down = ogi_here(project, "explain", CITY, "2021", "sites.failed")
    assert "= 10 家" in down.stdout
    assert down.stdout.count("印的数") == 4
    assert "raw/2021/411200-inspection-Q1.html" in down.stdout
    as_json = json.loads(ogi_here(project, "explain", CITY, "2021", "sites.failed", "--json").stdout)
    assert [row["raw"] for row in as_json[0]["given"]] == ["1", "2", "3", "4"]
    up = ogi_here(project, "explain", "2021/411200-inspection-Q1.html", "inspection/new_media.inspected/own")
    assert up.stdout.count("2021 年") == 2  # the sum, and the rate that it is a term of
    assert ogi_here(project, "explain", "2021/411200-inspection-Q1.html", "inspection/no/own").returncode == 2


def test_lists_and_tables_of_websites_are_rows(project: Path) -> None:
    listed = json.loads(ogi_here(project, "query", "entries", "--format", "json").stdout)
    assert {(row["site"], row["body"], row["problem_text"]) for row in listed} == {p[1:] for p in PROBLEMS}
    sites = ask(project, "SELECT subject, status FROM kind_reports WHERE kind = 'website_annual' ORDER BY subject")
    assert [row["subject"] for row in sites] == ["4112000001", "4112000002"]
    failed = ask(project, f"SELECT report_id, identity {FAILED} AND identity LIKE 'website%'")
    assert failed == [{"report_id": "2021/411200-website_annual-4112000002.html", "identity": "website.cases"}]


def test_annual_report_is_compared(project: Path) -> None:
    sent = write_bulletins(project / "later", Bulletin(year=2019, quarter=4, sites=40))
    text = sent[0].read_text(encoding="utf-8")
    sent[0].write_text(
        text.replace("政务新媒体共", "25家政府网站已迁移至集约化平台。\n\n政务新媒体共", 1), encoding="utf-8"
    )
    assert ogi_here(project, "add", str(sent[0]), "--source", "模拟").returncode == 0
    assert run_here(project) == 1
    (compared,) = ask(project, "SELECT * FROM kind_comparison WHERE year = 2019")
    assert (compared["annual_indicator"], compared["known"], compared["annual_value"]) == ("websites_hosted", 25, 21)
    assert (compared["difference"], compared["provenance"]) == (-4, "mixed")


def test_made_kind_runs_end_to_end(project: Path) -> None:
    values = ask(project, "SELECT quarter, cell, value FROM kind_values WHERE kind = 'training' ORDER BY quarter, cell")
    assert len(values) == 2 * (6 + 2 + 4)
    first = {row["cell"]: row["value"] for row in values if row["quarter"] == 1}
    cells = ("training/counties/staff", "cost/rooms/value", "training_text/sessions/value")
    assert [first[cell] for cell in cells] == [15, 300, 12]
    failed = ask(project, f"SELECT identity, lhs, rhs {FAILED} AND identity LIKE 'training%' ORDER BY identity")
    assert [(row["identity"], row["lhs"], row["rhs"]) for row in failed] == [
        ("training.pass_rate", 85, 80),
        ("training.row", 11, 10),
    ]
    year = years(project, 2021, "training")
    assert (year["sessions"]["known"], year["sessions"]["missing"]) == (24, ["3", "4"])
    checked = ogi_here(project, "check", "sent/training2.html", "--no-html")
    assert checked.returncode == 1
    assert "合计等于领导干部与工作人员之和" in checked.stdout or "合计是 11" in checked.stdout
    assert "培训" in ogi_here(project, "status").stdout
    removed = ogi_here(project, "query", "owed", "-p", "year=2021", "--format", "json")
    assert {row["quarter"] for row in json.loads(removed.stdout) if row["report"] == "政务公开培训情况季报"} == {3, 4}


def test_site_shows_the_kinds(project: Path) -> None:
    assert ogi_here(project, "site", "--out", "site").returncode == 0
    script = (project / "site" / "data" / "kinds.js").read_text(encoding="utf-8")
    kinds = json.loads(script.removeprefix('ogi.load("kinds",').removesuffix(");\n"))
    assert [kind["id"] for kind in kinds] == ["inspection", "website_annual", "training"]
    assert {key for kind in kinds for key in kind["values"]} == {CITY, f"{CITY} 4112000001", f"{CITY} 4112000002"}


def test_second_report_of_a_quarter_is_a_version(project: Path) -> None:
    (other,) = write_bulletins(project / "other", Bulletin(quarter=1, failed=9))
    assert "2021/411200-inspection-Q1.html" in ogi_here(project, "add", str(other), "--source", "x").stdout


def test_report_of_a_kind_that_nobody_described_is_set_aside(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "data" / "raw", tmp_path / "data" / "raw")
    manifest = tmp_path / "data" / "raw" / "manifest.csv"
    text = manifest.read_text(encoding="utf-8-sig")
    assert ",training,2" in text
    manifest.write_text(text.replace(",training,2", ",unheard_of,2"), encoding="utf-8")
    assert run_here(tmp_path) == 1
    (row,) = ask(tmp_path, "SELECT kind, reason_code FROM kind_reports WHERE status = 'quarantined'")
    assert row == {"kind": None, "reason_code": "kind.unknown"}


def test_lines_with_a_quarter_too_few_or_too_many_are_set_aside(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "data" / "raw", tmp_path / "data" / "raw")
    manifest = tmp_path / "data" / "raw" / "manifest.csv"
    with manifest.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, restval=""))
    for line in lines:
        if line["kind"] == "training":
            line["quarter"] = ""
    yearly = {line["kind"]: line for line in lines if line["kind"] in {"", "website_annual"}}
    for line in yearly.values():
        line["quarter"] = "2"
    with manifest.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0].keys())
        writer.writeheader()
        writer.writerows(lines)
    assert run_here(tmp_path) == 1
    found = [
        row["reason_code"]
        for table in ("reports", "kind_reports")
        for row in ask(tmp_path, f"SELECT reason_code FROM {table} WHERE status = 'quarantined' ORDER BY ALL")
    ]
    assert found == ["kind.quarter_excess", "kind.quarter_excess", "kind.quarter_lacking", "kind.quarter_lacking"]


def test_person_states_the_quarter_and_withdraws_the_report(tmp_path: Path) -> None:
    project = fresh(tmp_path)
    text = "三门峡市2021年政府网站检查情况通报\n\n检查政府网站39家，不合格1家。\n"
    (project / "untitled.txt").write_text(text, encoding="utf-8")
    refused = ogi_here(project, "add", "untitled.txt", "--source", "x")
    assert refused.returncode == 1
    assert "--quarter" in refused.stdout
    added = ogi_here(project, "add", "untitled.txt", "--source", "x", "--quarter", "3")
    assert "2021 年第 3 季度" in added.stdout
    manifest = project / "data" / "raw" / "manifest.csv"
    assert "2021/411200-inspection-Q3.txt" in manifest.read_text(encoding="utf-8-sig")
    refused = ogi_here(project, "remove", "三门峡市人民政府", "2021")  # there is no annual report
    assert refused.returncode == 2
    assert "例如 --part inspection-Q3" in refused.stderr
    assert ogi_here(project, "remove", "411200", "2021", "--part", "inspection-Q3").returncode == 0
    assert "inspection-Q3" not in manifest.read_text(encoding="utf-8-sig")


def test_project_with_other_kinds_only_is_published(tmp_path: Path) -> None:
    write_bulletins(tmp_path / "sent", Bulletin())
    (tmp_path / "data" / "raw").mkdir(parents=True)
    ogi_here(tmp_path, "add", "sent", "--source", "模拟")
    assert run_here(tmp_path) == 0
    assert ask(tmp_path, "SELECT count(*) AS reports FROM kind_reports WHERE status = 'loaded'") == [{"reports": 1}]
