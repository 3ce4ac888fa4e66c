"""The quality report: one page in both languages, whose numbers equal the tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.project import current_snapshot, ogi_here, run_here

from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot
from pipeline.publish.quality import quality_page

pytestmark = pytest.mark.slow


def table_row(page: str, heading: str, year: str) -> list[str]:
    """Return the fields of a year in the table below a heading."""
    section = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    (line,) = [line for line in section.splitlines() if line.startswith(f"| {year} |")]
    return [field.strip() for field in line.strip("|").split("|")][1:]


def test_report_has_the_counts_of_the_tables(built: Path) -> None:
    result = ogi_here(built, "quality", "--lang", "en")
    assert result.returncode == 0, result.stderr
    page = result.stdout
    snapshot = PublishedSnapshot(current_snapshot(built), "x")
    findings = list(snapshot.rows("findings"))
    tested = sum(f["status"] != "unknown" for f in findings)
    warnings = sum(f["status"] == "fail" and f["severity"] == "warning" for f in findings)
    assert table_row(page, "Coverage", "2024") == ["3", "0", "0", "12", "1", "8.33 %"]
    assert table_row(page, "Edits", "all years") == [f"{tested:,}", "0", str(warnings), "0.00 %"]
    observations = list(snapshot.rows("observations"))
    derived = sum(o["obs_status"] == "I" for o in observations)
    figures = sum(o["value"] is not None for o in observations)
    assert table_row(page, "Figures", "all years")[:2] == [f"{figures:,}", str(derived)]
    assert table_row(page, "Revisions", "2019") == ["1", "0"]
    assert "growth in the prose" in page.partition("## Edits that fail most often")[2]
    assert len(page.splitlines()) < 80  # one page


def test_report_in_both_languages_is_the_same_in_every_export(built: Path, tmp_path: Path) -> None:
    page = quality_page(PublishedSnapshot(current_snapshot(built), current_snapshot(built).name), ["zh", "en"])
    assert page.startswith("# 质量报告\n")
    assert "\n# Quality report\n" in page
    assert ogi_here(built, "export", "sdmx", str(tmp_path / "out")).returncode == 0
    assert (tmp_path / "out" / "quality.md").read_text(encoding="utf-8") == page
    assert ogi_here(built, "export", "sqlite", str(tmp_path / "one")).returncode == 0
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["ogi.sqlite"]


def test_failed_edit_and_quarantined_report_are_counted(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built / "data", tmp_path / "data", symlinks=True)
    report = tmp_path / "data" / "raw" / "2019" / "411200.html"
    report.write_text(report.read_text(encoding="utf-8").replace(">251<", ">252<", 1), encoding="utf-8")
    (tmp_path / "data" / "raw" / "2018" / "411200-agriculture.txt").unlink()
    assert run_here(tmp_path) == 1
    page = ogi_here(tmp_path, "quality", "--lang", "en").stdout
    assert table_row(page, "Coverage", "2018") == ["27", "1", "28", "28", "27", "96.43 %"]
    assert int(table_row(page, "Edits", "2019")[1]) > 0
    assert "\n- error: " in page


def test_nothing_published_exits_3(project: Path) -> None:
    assert ogi_here(project, "quality").returncode == 3
