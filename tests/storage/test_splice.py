"""Test that rows of other reports are put between those of reused ones, in the order and bytes of a sorted table."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pipeline.storage.dictionary import LOADED
from pipeline.storage.partition import TableFiles
from pipeline.storage.schema import conform, schema, to_parquet
from pipeline.storage.splice import splice, with_reused

REPORTS = [f"2020/{number}.html" for number in (1, 10, 11, 2, 3, 30)]


def proposals(report_ids: list[str], margin: int) -> pa.Table:
    lines = [{"report_id": r, "cell": f"x/{n}/v", "margin": margin} for r in report_ids for n in range(3)]
    return conform("proposals", pa.Table.from_pylist(lines, schema("proposals")))


@pytest.mark.parametrize("seed", range(20))
def test_spliced_table_has_the_bytes_of_a_sorted_one(seed: int) -> None:
    choice = random.Random(seed)
    earlier = choice.sample(REPORTS, choice.randrange(len(REPORTS) + 1))
    kept = {report for report in earlier if choice.random() < 0.5}
    others = [report for report in REPORTS if report not in kept and choice.random() < 0.5]
    rows, new = proposals(earlier, 1), proposals(others, 2)
    expected = [rows.filter(pc.is_in(rows["report_id"], pa.array(sorted(kept), pa.string()))), new]
    spliced = splice("proposals", rows, kept, new)
    assert to_parquet(spliced) == to_parquet(conform("proposals", pa.concat_tables(expected)))


def test_reused_rows_are_those_of_the_files(tmp_path: Path) -> None:
    files = TableFiles(tmp_path)
    files.write("proposals", "2020", proposals(REPORTS, 1))
    decisions = [{"body_id": b, "year": 2020, "cell": "x/1/v", "report_id": REPORTS[n]} for n, b in enumerate("ba")]
    files.write("decisions", "2020", conform("decisions", pa.Table.from_pylist(decisions, schema("decisions"))))
    new = {table: schema(table).empty_table() for table in LOADED} | {"proposals": proposals(REPORTS[:1], 2)}
    tables = dict(with_reused(files, "2020", set(REPORTS[1:3]), [new]))
    margins = [(row["report_id"], row["margin"]) for row in tables["proposals"].to_pylist()]
    assert list(dict.fromkeys(margins)) == [(REPORTS[0], 2), (REPORTS[1], 1), (REPORTS[2], 1)]
    assert tables["decisions"]["body_id"].to_pylist() == ["a"]
    assert dict(with_reused(files, "2020", (), [new]))["decisions"].num_rows == 0
