from __future__ import annotations

import csv
import errno
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from support.project import ROOT, fresh, ogi_here

from pipeline.cli.run import run_and_report
from pipeline.core.paths import Data
from pipeline.job.plan import RunOptions

pytestmark = pytest.mark.slow

REPORT = "2024/321300.html"
CELL = "applications/granted/natural_person"
OPTIONS = ("--reason", "两位数字颠倒", "--evidence", "办件系统", "--who", "王某")
HEADER = "body_id,year,cell,printed_text,decided_value,reason,evidence,decided_by,operation"


@pytest.fixture(scope="module")
def wrong_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one real report, in which two digits are exchanged; run once. Tests must copy it."""
    folder = tmp_path_factory.mktemp("wrong_project")
    fresh(folder)
    raw = folder / "data" / "raw"
    for path in [p for p in raw.rglob("*") if p.is_file() and p.name != "manifest.csv" and p.stem != "321300"]:
        path.unlink()
    with (raw / "manifest.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    with (raw / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([lines[0], *(x for x in lines if "321300.html" in x[0])])
    replace_in_report(folder, "<td>1408</td>", "<td>1480</td>")
    (folder / "decisions.csv").write_text(HEADER + "\n", encoding="utf-8")
    assert run(folder) == 1
    return folder


@pytest.fixture
def project(wrong_project: Path, tmp_path: Path) -> Path:
    shutil.copytree(wrong_project, tmp_path / "p", symlinks=True)
    return tmp_path / "p"


def replace_in_report(folder: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text in the report, and its hash in the manifest."""
    path = folder / "data" / "raw" / REPORT
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    # The manifest holds the hash of the new bytes, as after `ogi add`.
    manifest = folder / "data" / "raw" / "manifest.csv"
    with manifest.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    for line in lines:
        if line[0] == REPORT:
            line[-1] = hashlib.sha256(path.read_bytes()).hexdigest()
    with manifest.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


def run(folder: Path) -> int:
    return run_and_report(Data(folder / "data"), RunOptions(folder / "decisions.csv", workers=1), quiet=True)


def decide(folder: Path, *arguments: str) -> Any:
    return ogi_here(folder, "decide", *arguments, OGI_DECISIONS="decisions.csv")


def query(folder: Path, sql: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(ogi_here(folder, "query", sql, "--format", "json").stdout)
    return rows


def published_cell(folder: Path) -> list[Any]:
    """Return the published value, the printed text and the observation status of CELL."""
    sql = f"""SELECT e.value, c.raw, o.obs_status FROM edited e JOIN cells c USING (report_id, "table", "row", "column")
        JOIN reports r USING (report_id)
        JOIN observations o ON o.report_id = e.report_id AND o.cell = '{CELL}'
        WHERE e.report_id = '{REPORT}' AND concat(e."table", '/', e."row", '/', e."column") = '{CELL}'"""
    (row,) = query(folder, sql)
    return list(row.values())


def test_proposal_changes_nothing_until_it_is_accepted(project: Path) -> None:
    assert published_cell(project) == [1480, "1480", "A"]
    listed = decide(project)
    assert "待定的疑似错格（1）" in listed.stdout
    assert f"ogi decide {REPORT} {CELL} --accept" in listed.stdout


def test_accepted_proposal_is_published_and_can_be_reverted(project: Path) -> None:
    assert decide(project, REPORT, CELL, "--accept", *OPTIONS).returncode == 0
    assert run(project) == 0
    assert published_cell(project) == [1408, "1480", "I"]
    (change,) = query(project, "FROM changes")
    assert (change["cell"], change["printed_text"], change["printed_value"], change["published_value"]) == (
        CELL,
        "1480",
        1480,
        1408,
    )
    assert (change["operation"], change["mechanism"], change["decided_by"]) == ("accept", "transposed", "王某")
    assert change["margin"] >= 20
    assert len(change["identities"]) == 2
    assert query(project, "SELECT status FROM proposals") == [{"status": "accepted"}]
    assert "待定的疑似错格（0）" in decide(project).stdout
    assert decide(project, REPORT, CELL, "--revert").returncode == 0
    assert run(project) == 1
    assert published_cell(project) == [1480, "1480", "A"]
    assert (project / "decisions.csv").read_text(encoding="utf-8") == HEADER + "\n"
    assert decide(project, REPORT, CELL, "--revert").returncode == 2


def test_decision_becomes_stale_when_the_report_changes(project: Path) -> None:
    decide(project, REPORT, CELL, "--accept", *OPTIONS)
    replace_in_report(project, "<td>1480</td>", "<td>1481</td>")
    assert run(project) == 1
    assert query(project, "SELECT identity FROM findings WHERE identity LIKE 'decision%'") == [
        {"identity": "decision.stale"}
    ]
    assert published_cell(project)[0] == 1481


def test_accepted_proposal_becomes_stale_when_it_is_no_longer_made(project: Path) -> None:
    """The cell prints the same text, but another cell has changed, so the accepted value no longer follows."""
    decide(project, REPORT, CELL, "--accept", *OPTIONS)
    replace_in_report(project, "<td>1431</td>", "<td>1503</td>")
    assert run(project) == 1
    assert query(project, "SELECT status FROM decisions") == [{"status": "stale"}]


def test_rejected_cell_is_not_proposed_again(project: Path) -> None:
    assert decide(project, REPORT, CELL, "--reject", *OPTIONS).returncode == 0
    assert run(project) == 1
    assert published_cell(project) == [1480, "1480", "A"]
    assert CELL not in {p["cell"] for p in query(project, "FROM proposals")}


def test_clerk_can_decide_another_number(project: Path) -> None:
    assert decide(project, REPORT, CELL, "--now", "1,408", *OPTIONS).returncode == 2
    assert decide(project, REPORT, CELL, "--now", "1408", *OPTIONS).returncode == 0
    assert run(project) == 0
    (change,) = query(project, "FROM changes")
    assert (change["operation"], change["published_value"], change["mechanism"]) == ("correct", 1408, None)


@pytest.mark.parametrize(
    "arguments",
    [
        (REPORT, CELL, "--accept"),
        (REPORT, CELL, *OPTIONS),
        ("2024/none.html", CELL, "--accept", *OPTIONS),
        (REPORT, "applications/granted/nobody", "--now", "3", *OPTIONS),
        (REPORT, "applications/new/total", "--accept", *OPTIONS),
    ],
)
def test_incomplete_or_unknown_decision_is_refused(wrong_project: Path, arguments: tuple[str, ...]) -> None:
    before = (wrong_project / "decisions.csv").read_bytes()
    result = decide(wrong_project, *arguments)
    assert result.returncode == 2, result.stdout
    assert (wrong_project / "decisions.csv").read_bytes() == before


def test_value_of_a_line_that_is_not_printed_is_a_change_with_an_empty_text(project: Path) -> None:
    """The identities determine the seven cells of the removed line, which `cells` does not have."""
    row = "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
    replace_in_report(project, "<td>1480</td>", "<td>1408</td>")
    replace_in_report(project, f"<tr><td>{row}</td><td>38</td>{'<td>0</td>' * 5}<td>38</td></tr>", "")
    replace_in_report(project, '<td rowspan="22">三', '<td rowspan="21">三')
    replace_in_report(project, '<td rowspan="3">（六）', '<td rowspan="2">（六）')
    assert run(project) == 1
    changes = query(project, "SELECT DISTINCT printed_text, operation, count(*) OVER () AS n FROM changes")
    assert changes == [{"printed_text": "", "operation": "derive", "n": 7}]


def test_program_ships_no_decisions() -> None:
    assert not (ROOT / "pipeline" / "reference" / "decisions.csv").exists()
    assert not (ROOT / "data" / "decisions.csv").exists()


def test_full_disk_leaves_the_decisions_as_they_were(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    assert decide(project, REPORT, CELL, "--accept", *OPTIONS).returncode == 0
    before = (project / "decisions.csv").read_bytes()
    monkeypatch.setattr(os, "fsync", fail)
    ended = decide(project, REPORT, CELL, "--now", "5", *OPTIONS)
    assert ended.returncode == 3
    assert "没有写成" in ended.stderr
    assert (project / "decisions.csv").read_bytes() == before
    assert [path.name for path in project.iterdir() if path.name.startswith(".new-")] == []
