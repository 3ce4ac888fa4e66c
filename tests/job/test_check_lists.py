"""`ogi check --json` and `--csv`: findings and culprits as data."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from support.project import ROOT, ogi_here

REPORT = ROOT / "data" / "raw" / "2024" / "321300.html"
CELL = "applications/granted/natural_person"


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """Return a report with two digits of one cell exchanged."""
    path = tmp_path / "年报.html"
    path.write_text(REPORT.read_text(encoding="utf-8").replace("<td>1408</td>", "<td>1480</td>"), encoding="utf-8")
    return path


def test_json_has_findings_and_culprits(wrong: Path, tmp_path: Path) -> None:
    result = ogi_here(tmp_path, "check", "--json", wrong.name, "--lang", "en")
    assert result.returncode == 1
    (report,) = json.loads(result.stdout)
    assert (report["path"], report["body"], report["year"], report["form"]) == (
        "年报.html",
        "宿迁市人民政府",
        2024,
        "2021",
    )
    errors = {f["identity"] for f in report["findings"] if f["severity"] == "error"}
    assert errors == {"app.row_total", "app.handled"}
    (culprit,) = report["culprits"]
    assert culprit["level"] == "certified"
    assert culprit["margin"] >= 20
    assert culprit["alternatives"][0] == [{"cell": CELL, "printed": 1480, "implied": 1408, "operation": "transposed"}]
    assert "1,408" in culprit["message"]
    assert not list(tmp_path.glob("*.check.html"))


def test_report_without_errors_has_no_culprits(tmp_path: Path) -> None:
    (report,) = json.loads(ogi_here(tmp_path, "check", "--json", str(REPORT)).stdout)
    assert report["culprits"] == []
    assert all(f["severity"] == "warning" for f in report["findings"])


def test_file_that_cannot_be_read_has_its_reason(tmp_path: Path) -> None:
    (tmp_path / "空.pdf").write_bytes(b"")
    result = ogi_here(tmp_path, "check", "--json", "空.pdf")
    (report,) = json.loads(result.stdout)
    assert result.returncode == 3
    assert report["error"]
    assert report["reason"]


def test_csv_is_for_excel_and_has_every_alternative(wrong: Path, tmp_path: Path) -> None:
    result = ogi_here(tmp_path, "check", "--csv", wrong.name)
    assert result.stdout.startswith("\ufeffpath,body,year")
    rows = list(csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff"))))
    culprits = [r for r in rows if r["kind"] == "culprit"]
    assert [(r["cell"], r["printed"], r["implied"]) for r in culprits if r["alternative"] == "1"] == [
        (CELL, "1480", "1408")
    ]
    assert {r["identity"] for r in rows if r["kind"] == "finding" and r["level"] == "error"} == {
        "app.row_total",
        "app.handled",
    }


def test_only_one_list_at_a_time(wrong: Path, tmp_path: Path) -> None:
    assert ogi_here(tmp_path, "check", "--csv", "--json", wrong.name).returncode == 2
