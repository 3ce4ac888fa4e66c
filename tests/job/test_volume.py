"""A sudden fall in the number of reports holds the publication back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from support.project import current_snapshot, ogi_here

from pipeline.core.paths import Data
from pipeline.job.ledger import read_runs
from pipeline.job.volume import Fall, find_falls
from pipeline.storage.snapshot import Record


def record(**loaded: int) -> Record:
    years = {year.strip("y"): {"digest": "", "summary": {"loaded": count}} for year, count in loaded.items()}
    return Record("id", "", "", {}, years, {}, 0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("after", "falls"),
    [
        ({"2018": 30, "2019": 30}, ()),
        ({"2018": 26, "2019": 26}, ()),  # a few reports taken back
        ({"2018": 24, "2019": 30}, ()),  # exactly four fifths
        ({"2018": 23, "2019": 30}, (Fall("2018", 30, 23),)),
        ({"2019": 30}, (Fall("2018", 30, 0), Fall("", 60, 30))),
        ({"2018": 10, "2019": 10}, (Fall("2018", 30, 10), Fall("2019", 30, 10), Fall("", 60, 20))),
    ],
)
def test_fall_is_found_by_year_and_in_all(after: dict[str, int], falls: tuple[Fall, ...]) -> None:
    assert find_falls(record(y2018=30, y2019=30), after) == falls
    assert find_falls(None, after) == ()
    assert find_falls(record(y2018=3), {"2018": 0}) == ()


@pytest.mark.slow
def test_fewer_reports_are_published_only_when_accepted(ready: Path) -> None:
    manifest = ready / "data" / "raw" / "manifest.csv"
    lines = list(csv.reader(manifest.read_text(encoding="utf-8").splitlines()))
    kept = [line for line in lines if not (line[0].startswith("2018/") and line[2] != "411202")]
    with manifest.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(kept)
    before = current_snapshot(ready)
    result = ogi_here(ready, "run")
    assert result.returncode == 3
    assert "2018：已发布的数据有 28 份报告，现在只读到 1 份" in result.stderr
    assert "--accept-fewer" in result.stderr
    assert current_snapshot(ready) == before
    assert "fewer" in [row["outcome"] for row in read_runs(Data(ready / "data"))]
    accepted = ogi_here(ready, "run", "--accept-fewer")
    assert accepted.returncode in (0, 1), accepted.stderr
    assert current_snapshot(ready) != before
