"""Two published reports with wrong totals, transcribed in `docs/examples`: both errors are found, and nothing else."""

from __future__ import annotations

import csv
import hashlib
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from support.project import ROOT, query_snapshot

from pipeline.cli.run import run_and_report
from pipeline.core.form import forms
from pipeline.core.paths import Data
from pipeline.edit.review import propose_corrections
from pipeline.job.plan import RunOptions
from pipeline.report import prose_values, read_report

EXAMPLES = ROOT / "docs" / "examples"
# By report: the printed total that is wrong, and the number that it should be.
WRONG_TOTALS = {
    "hongze-2023.html": {
        "review_litigation/review/total": 11,
        "review_litigation/litigation_after_review/total": 5,
    },
    "jinhu-2023.html": {"review_litigation/litigation_direct/total": 3},
}
BODIES = {"hongze-2023.html": ("洪泽区人民政府", "320813"), "jinhu-2023.html": ("金湖县人民政府", "320831")}


@pytest.mark.parametrize("name", WRONG_TOTALS)
def test_both_errors_of_the_published_reports_are_found_and_nothing_else(name: str) -> None:
    extraction = read_report(EXAMPLES / name)
    form = forms()[extraction.form]
    assert extraction.findings == ()
    assert {c.address for c in extraction.cells} == set(form.addresses(form.printed_tables))
    cells = {c.address: c.value for c in extraction.cells}
    proposals = propose_corrections(form, cells | prose_values(extraction), extraction.cells, frozenset())
    assert {p.cell for p in proposals} == set(WRONG_TOTALS[name])
    for proposal in proposals:
        value = WRONG_TOTALS[name][proposal.cell]
        assert cells[proposal.cell] == 0
        assert (proposal.level, proposal.implied, proposal.operation) == ("explained", Decimal(value), "not_summed")


@pytest.mark.slow
def test_wrong_totals_are_published_as_printed(tmp_path: Path) -> None:
    raw = tmp_path / "data" / "raw" / "2023"
    raw.mkdir(parents=True)
    lines = [["path", "body", "region_code", "level", "year", "provenance", "source", "sha256"]]
    for name, (body, code) in BODIES.items():
        shutil.copyfile(EXAMPLES / name, raw / f"{code}.html")
        digest = hashlib.sha256((EXAMPLES / name).read_bytes()).hexdigest()
        lines.append([f"2023/{code}.html", body, code, "county", "2023", "transcribed", "年报", digest])
    with (raw.parent / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
    assert run_and_report(Data(tmp_path / "data"), RunOptions(workers=1), quiet=True) == 1
    statement = """
        SELECT body_id, cell, value, obs_status FROM {observations}
        WHERE cell LIKE 'review_litigation/%/total' ORDER BY ALL"""
    printed = {(body, cell): (value, status) for body, cell, value, status in query_snapshot(tmp_path, statement)}
    for name, cells in WRONG_TOTALS.items():
        assert {printed[BODIES[name][1], cell] for cell in cells} == {(0, "A")}
