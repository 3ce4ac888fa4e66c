"""Screening straight from the files of `cells` finds what confronting the reports one by one finds."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest
from support.slips import INSIDE, OUTSIDE, tables

from pipeline.core.form import forms
from pipeline.edit.screening import screen_cells
from pipeline.edit.statutory import confront_form
from pipeline.storage.schema import from_rows, schema, to_parquet

Cells = dict[str, Decimal | None]


def rows(report: str, cells: Cells) -> list[dict[str, object]]:
    empty = dict.fromkeys(f.name for f in schema("cells"))
    named = [(address.split("/"), value) for address, value in cells.items()]
    return [empty | {"report_id": report, "table": a, "row": b, "column": c, "value": v} for (a, b, c), v in named]


def reports(form: str, count: int) -> dict[str, Cells]:
    """Real tables of applications with slips of all kinds, blanks among them."""
    random, made = Random(form), [*INSIDE.values(), *OUTSIDE.values()]
    found: dict[str, Cells] = {}
    for number in range(count):
        table = random.choice([t for t in tables() if t.form == form])
        found[f"r{number:03d}"] = {**table.truth, **random.choice(made)(random, table)}
    return found


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("groups", [None, 100])
def test_screening_finds_what_confronting_finds(tmp_path: Path, form: str, groups: int | None) -> None:
    made = reports(form, 200)
    data = from_rows("cells", [row for report, cells in made.items() for row in rows(report, cells)])
    path = tmp_path / "cells.parquet"
    path.write_bytes(to_parquet("cells", data))
    if groups:  # the same words have other codes in another row group
        pq.write_table(pq.read_table(path), path, row_group_size=groups)
    found = screen_cells([path], forms()[form]).to_pylist()
    findings = zip(made, confront_form(list(made.values()), forms()[form]), strict=True)
    expected = [
        (r, f.identity, f.place) for r, fs in findings for f in fs if (f.status, f.severity) == ("fail", "error")
    ]
    assert expected
    assert sorted((x["report_id"], x["identity"], x["place"]) for x in found) == sorted(expected)


def test_no_cells_break_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cells.parquet"
    path.write_bytes(to_parquet("cells", from_rows("cells", [])))
    assert screen_cells([path], forms()["2021"]).num_rows == 0


def test_what_the_job_found_is_what_screening_finds(built: Path) -> None:
    folder = built / "data" / "curated" / "current"
    read = {t: pq.ParquetDataset(folder / t).read().to_pylist() for t in ("reports", "findings")}
    failed = {
        (f["report_id"], f["identity"], f["place"])
        for f in read["findings"]
        if f["status"] == "fail" and f["severity"] == "error"
    }
    for path in sorted((folder / "cells").glob("*.parquet")):
        year = int(path.name[:4])
        for form in {r["form"] for r in read["reports"] if r["year"] == year and r["form"]}:
            assert set(map(tuple, (x.values() for x in screen_cells([path], forms()[form]).to_pylist()))) <= failed


def test_cells_of_another_form_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "cells.parquet"
    made = rows("r", {a: Decimal(0) for a in forms()["2014"].addresses()[:3]})
    path.write_bytes(to_parquet("cells", from_rows("cells", made)))
    with pytest.raises(ValueError, match="cells of another form than 2021"):
        screen_cells([path], forms()["2021"])
