"""Test that screening the files of `cells` finds the same failures as confronting the reports one by one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from support.slips import INSIDE, OUTSIDE, tables

from pipeline.core.form import forms
from pipeline.edit.screen_files import screen_cells
from pipeline.edit.statutory import confront_form
from pipeline.storage.schema import schema, table_from_rows, to_parquet

Cells = dict[str, Decimal | None]


def cell_rows(report: str, cells: Cells) -> list[dict[str, object]]:
    """Return the rows of the table `cells` for one report."""
    empty = dict.fromkeys(f.name for f in schema("cells"))
    addresses = [(address.split("/"), value) for address, value in cells.items()]
    return [empty | {"report_id": report, "table": a, "row": b, "column": c, "value": v} for (a, b, c), v in addresses]


def reports_with_slips(form: str, count: int) -> dict[str, Cells]:
    """Return real tables of applications with slips of all kinds, including blanks, by report id."""
    random, slips = Random(form), [*INSIDE.values(), *OUTSIDE.values()]
    reports: dict[str, Cells] = {}
    for number in range(count):
        table = random.choice([t for t in tables() if t.form == form])
        reports[f"r{number:03d}"] = {**table.truth, **random.choice(slips)(random, table)}
    return reports


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("row_group_size", [None, 100])
def test_screening_finds_the_failures_of_confronting(tmp_path: Path, form: str, row_group_size: int | None) -> None:
    reports = reports_with_slips(form, 200)
    data = table_from_rows("cells", [row for report, cells in reports.items() for row in cell_rows(report, cells)])
    path = tmp_path / "cells.parquet"
    path.write_bytes(to_parquet(data))
    if row_group_size:  # the same texts have other dictionary codes in another row group
        pq.write_table(pq.read_table(path), path, row_group_size=row_group_size)
    screened = screen_cells([path], forms()[form]).to_pylist()
    findings = zip(reports, confront_form(list(reports.values()), forms()[form]), strict=True)
    expected = [
        (r, f.identity, f.place) for r, fs in findings for f in fs if (f.status, f.severity) == ("fail", "error")
    ]
    assert expected
    assert sorted((x["report_id"], x["identity"], x["place"]) for x in screened) == sorted(expected)


def test_file_without_cells_breaks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cells.parquet"
    path.write_bytes(to_parquet(table_from_rows("cells", [])))
    assert screen_cells([path], forms()["2021"]).num_rows == 0


@pytest.mark.slow
def test_screening_finds_the_failures_of_a_job(built: Path, tmp_path: Path) -> None:
    folder = built / "data" / "curated" / "current"
    tables = {t: pq.ParquetDataset(folder / t).read().to_pylist() for t in ("reports", "findings")}
    failed = {
        (f["report_id"], f["identity"], f["place"])
        for f in tables["findings"]
        if f["status"] == "fail" and f["severity"] == "error"
    }
    for path in sorted((folder / "cells").glob("*.parquet")):
        cells, form_of = pq.read_table(path), {r["report_id"]: r["form"] for r in tables["reports"]}
        for form in {form_of[report] for report in set(cells["report_id"].to_pylist())}:
            one_form = pc.is_in(cells["report_id"], pa.array([r for r, code in form_of.items() if code == form]))
            pq.write_table(cells.filter(one_form), tmp_path / path.name)
            broken = screen_cells([tmp_path / path.name], forms()[form])
            assert set(map(tuple, (x.values() for x in broken.to_pylist()))) <= failed


def test_cells_of_another_form_raise_value_error(tmp_path: Path) -> None:
    path = tmp_path / "cells.parquet"
    rows = cell_rows("r", {a: Decimal(0) for a in forms()["2014"].addresses()[:3]})
    path.write_bytes(to_parquet(table_from_rows("cells", rows)))
    with pytest.raises(ValueError, match="cells of another form than 2021"):
        screen_cells([path], forms()["2021"])
