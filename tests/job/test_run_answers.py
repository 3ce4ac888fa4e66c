"""Run the job with answers to findings: what they settle, when they become stale, and what is published of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.answers import (
    BALANCE_ANSWER,
    BODY,
    CARRIED_OUT,
    CARRY,
    CARRY_PERSON,
    EARLIER,
    HANDLED,
    LATER,
    TOTAL,
    TOTAL_ANSWER,
    WRONG,
    write_answers,
    write_project,
)
from support.made_reports import applications
from support.project import current_snapshot, query_snapshot, run_here, snapshot_contents

from pipeline.core.paths import Data
from pipeline.storage.database import connect

pytestmark = pytest.mark.slow


def answered(folder: Path) -> list[tuple[object, ...]]:
    """Return identity, place and answer of the answered findings, and the findings about answers."""
    statement = """SELECT identity, "place", answer FROM {findings}
        WHERE status = 'fail' AND (answer IS NOT NULL OR identity LIKE 'answer.%') ORDER BY ALL"""
    return query_snapshot(folder, statement)


def published(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """Return the rows of a statement on the published database."""
    with connect(Data(folder / "data")) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def wrong_total(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one report, whose total is 11 where its parts are 10; run once. Tests must copy it."""
    folder = write_project(tmp_path_factory.mktemp("wrong_total"), {2021: EARLIER | WRONG})
    assert run_here(folder) == 1
    return folder


@pytest.fixture
def project(wrong_total: Path, tmp_path: Path) -> Path:
    shutil.copytree(wrong_total, tmp_path / "p", symlinks=True)
    return tmp_path / "p"


def test_confirmed_error_is_no_longer_open(project: Path) -> None:
    """The findings still fail, but they count as no error, leave no cell in doubt, and need no proposal."""
    write_answers(project, TOTAL_ANSWER, BALANCE_ANSWER)
    assert run_here(project) == 0
    assert answered(project) == [
        ("app.balance", "applications/new/total", "confirmed"),
        ("app.row_total", "applications/new/total", "confirmed"),
    ]
    assert query_snapshot(project, "SELECT count(*) FROM {observations} WHERE in_doubt IS NOT NULL") == [(0,)]
    reasons = "SELECT DISTINCT reason, evidence, decided_by FROM {findings} WHERE answer IS NOT NULL"
    assert query_snapshot(project, reasons) == [("原件如此", "第三页", "张三")]
    assert published(project, "SELECT DISTINCT status FROM proposals") == [("answered",)]
    before = snapshot_contents(current_snapshot(project))
    assert run_here(project) == 0
    assert snapshot_contents(current_snapshot(project)) == before


def test_other_error_of_the_proposal_stays_open(project: Path) -> None:
    write_answers(project, TOTAL_ANSWER)
    assert run_here(project) == 1
    assert published(project, "SELECT DISTINCT status FROM proposals") == [("open",)]
    assert query_snapshot(project, "SELECT count(*) > 0 FROM {observations} WHERE in_doubt IS NOT NULL") == [(True,)]


def test_returned_error_stays_an_error(project: Path) -> None:
    write_answers(project, (*TOTAL_ANSWER[:3], "return"), (*BALANCE_ANSWER[:3], "return"))
    assert run_here(project) == 1
    assert {row[2] for row in answered(project)} == {"returned"}
    assert published(project, "SELECT DISTINCT status FROM proposals") == [("open",)]


@pytest.mark.parametrize(
    "cells",
    [{"applications/new/total": "12"}, {"applications/new/natural_person": "9", "applications/new/business": "1"}],
)
def test_answer_is_stale_when_a_number_of_the_report_changes(project: Path, cells: dict[str, str]) -> None:
    """Also where both sides are as before: the total and the sum of its parts."""
    write_answers(project, TOTAL_ANSWER, BALANCE_ANSWER)
    assert run_here(project) == 0
    write_project(project, {2021: EARLIER | WRONG | cells})
    assert run_here(project) == 1
    assert ("app.row_total", "applications/new/total", "stale") in answered(project)
    assert ("answer.stale", TOTAL, None) in answered(project)


def test_answer_is_stale_when_the_finding_passes(project: Path) -> None:
    write_answers(project, TOTAL_ANSWER)
    write_project(project, {2021: EARLIER})
    assert run_here(project) == 1
    assert answered(project) == [("answer.stale", TOTAL, None)]


def test_answer_to_a_finding_that_is_not_tested_is_an_error(project: Path) -> None:
    write_answers(project, TOTAL_ANSWER, BALANCE_ANSWER, (2021, CARRY, "3 | 2", "confirm"))
    assert run_here(project) == 1
    assert ("answer.unmatched", CARRY, None) in answered(project)


def test_reverted_answer_opens_the_error_again(project: Path) -> None:
    before = snapshot_contents(current_snapshot(project))
    write_answers(project, TOTAL_ANSWER, BALANCE_ANSWER)
    assert run_here(project) == 0
    write_answers(project)
    assert run_here(project) == 1
    assert snapshot_contents(current_snapshot(project)) == before


def test_answer_across_years_is_stale_when_the_other_report_changes(tmp_path: Path) -> None:
    """The report of the year before prints another number; the answered report itself is not read again."""
    project = write_project(tmp_path / "p", {2021: EARLIER, 2022: LATER})
    answers = (2022, CARRY, "3 | 2 (3)", "confirm"), (2022, CARRY_PERSON, "3 | 2 (3)", "return")
    write_answers(project, *answers)
    assert run_here(project) == 0
    assert {row[2] for row in answered(project)} == {"confirmed", "returned"}
    assert published(project, "SELECT place FROM problems WHERE identity = 'year.carry'") == [
        ("applications/carried_in/natural_person",)
    ]
    changed = applications(9) | HANDLED | dict.fromkeys(CARRIED_OUT, "1")
    write_project(project, {2021: changed, 2022: LATER})
    assert run_here(project) == 1
    assert [row for row in answered(project) if row[0] == "answer.stale"] == [
        ("answer.stale", CARRY_PERSON, None),
        ("answer.stale", CARRY, None),
    ]
    assert {row[2] for row in answered(project)} == {"stale", None}
    fresh = write_project(tmp_path / "fresh", {2021: changed, 2022: LATER})
    write_answers(fresh, *answers)
    assert run_here(fresh) == 1
    assert incremental_equals_fresh(project, fresh)


def incremental_equals_fresh(project: Path, other: Path) -> bool:
    """Return whether two projects publish the same files, besides the record with the snapshot's id."""
    contents = (snapshot_contents(current_snapshot(folder)) for folder in (project, other))
    first, second = ({n: c for n, c in files.items() if n.endswith(".parquet")} for files in contents)
    return first == second


def test_file_of_an_earlier_version_is_read(project: Path) -> None:
    """A file with the old names of its columns and without operations holds corrections."""
    header = "body_id,year,cell,was,now,reason,evidence,who"
    line = f"{BODY},2021,applications/new/total,11,10,复核,原件,张三"
    (project / "data" / "decisions.csv").write_text(f"{header}\n{line}\n", encoding="utf-8")
    assert run_here(project) == 0
    assert answered(project) == []
