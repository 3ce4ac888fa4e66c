"""Other kinds of report are in the answers, histories and exports in which annual reports are."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from support.bulletins import Bulletin, write_bulletins
from support.project import ogi_here, run_here

from pipeline.core.paths import Data
from pipeline.raw.start import start_folder

pytestmark = pytest.mark.slow
RATE = "inspection/new_media.pass_rate/own"
WORDS = ("--reason", "复核", "--evidence", "原表", "--who", "张三")
RESULTS = (
    "<table><tr><td>县区</td><td>检查数</td><td>合格数</td></tr><tr><td>甲县</td><td>5</td><td>4</td></tr></table>"
)
RATE_EDIT = "inspection.new_media_pass_rate"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with three bulletins: one is damaged after a run, in one a rate is decided."""
    folder = tmp_path_factory.mktemp("questions")
    start_folder(Data(folder / "data"), "三门峡市", [])
    bulletins = (Bulletin(), Bulletin(quarter=2, printed_rate="98.00"), Bulletin(quarter=3, printed_rate="97.00"))
    write_bulletins(folder / "sent", *bulletins)
    last = folder / "sent" / "2021-3.html"
    last.write_text(last.read_text(encoding="utf-8").replace("</body>", RESULTS + "</body>"), encoding="utf-8")
    assert ogi_here(folder, "add", "sent", "--source", "模拟").returncode == 1  # two have errors
    assert run_here(folder) == 1
    assert ogi_here(folder, "decide", "2021/411200-inspection-Q2.txt", RATE, "--now", "90", *WORDS).returncode == 0
    third, rate = "2021/411200-inspection-Q3.html", ("--finding", f"{RATE_EDIT}@{RATE}", "--confirm")
    answered = ogi_here(folder, "decide", third, *rate, *WORDS)
    assert answered.returncode == 0, answered.stderr
    first = folder / "data" / "raw" / "2021" / "411200-inspection-Q1.html"
    first.write_bytes(b"")
    assert run_here(folder) == 1
    return folder


def ask(project: Path, name: str) -> list[dict[str, Any]]:
    """Return the answer of a saved query."""
    rows: list[dict[str, Any]] = json.loads(ogi_here(project, "query", name, "--format", "json").stdout)
    return rows


def test_quarantined_bulletin_is_listed_with_its_quarter(project: Path) -> None:
    (row,) = ask(project, "quarantined")
    assert (row["quarter"], row["report"]) == (1, "政府网站与政务新媒体检查情况通报")


def test_decisions_and_answers_are_listed(project: Path) -> None:
    changed = {(row["quarter"], row["cell"]): row for row in ask(project, "changes")}
    decided = changed[2, RATE]
    assert (decided["printed_text"], decided["published_value"], decided["reason"]) == ("98.00", 90, "复核")
    assert {row["operation"] for row in changed.values()} == {"correct", "derive"}
    (answer,) = ask(project, "answers")
    assert (answer["quarter"], answer["finding"], answer["status"]) == (3, f"{RATE_EDIT}@{RATE}", "applied")


def test_failures_rules_and_records_have_the_bulletins(project: Path) -> None:
    assert {row["quarter"] for row in ask(project, "failures")} == {3}
    rules = {row["identity"]: row for row in ask(project, "rules")}
    assert rules[RATE_EDIT]["fails"] == 1
    assert {row["form"] for row in ask(project, "records")} == {"inspection"}


def test_quality_report_has_the_kinds(project: Path) -> None:
    page = ogi_here(project, "quality").stdout
    (line,) = [line for line in page.splitlines() if line.startswith("| 政府网站与政务新媒体检查情况通报")]
    assert line.split(" | ")[1:7] == ["2021", "2", "1", "3", "4", "2"]
    assert "合格率等于合格的政务新媒体数" in page.partition("## 最常见的不符")[2]


def test_history_and_diff_show_a_changed_bulletin(project: Path) -> None:
    assert "411200-inspection-Q1.html" in ogi_here(project, "history").stdout
    difference = ogi_here(project, "diff", "--all").stdout
    assert "三门峡市人民政府 2021 2021/411200-inspection-Q1.html inspection/sites.inspected/own: 40 → —" in difference


def test_workbook_has_the_kinds(project: Path, tmp_path: Path) -> None:
    assert ogi_here(project, "export", "xlsx", str(tmp_path / "out")).returncode == 0
    book = load_workbook(tmp_path / "out" / "ogi.xlsx", read_only=True)
    assert {"kind_years", "kind_entries", "kind_decisions"} <= set(book.sheetnames)


def test_list_names_its_columns_in_chinese(project: Path) -> None:
    rows = {row["list"]: row for row in ask(project, "entries")}
    assert rows["各单位检查结果"]["other_columns"] == "检查数: 5; 合格数: 4"


def test_stale_explanation_is_reported_with_its_quarter(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "data", tmp_path / "data", symlinks=True)
    report = tmp_path / "data" / "raw" / "2021" / "411200-inspection-Q3.html"
    report.write_text(report.read_text(encoding="utf-8").replace("97.00", "96.00"), encoding="utf-8")
    assert run_here(tmp_path) == 1
    printed = ogi_here(tmp_path, "status").stdout.splitlines()
    (line,) = [line for line in printed if "说明已失效" in line and "→" in line]
    assert line.startswith("  三门峡市人民政府 2021 年第 3 季度 政府网站与政务新媒体检查情况通报（模拟")
    assert "was" not in line
