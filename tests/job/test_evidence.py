"""Ties between equally good cells are decided by last year's report and by the members of a city."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from support.made_reports import write_report

from pipeline.core.paths import Data
from pipeline.job.check import check

BODY = "湖滨区人民政府"


def table(**rows: tuple[int, int]) -> dict[str, str]:
    """Return the cells of a table of applications: by row the numbers of natural persons and of businesses."""
    columns = {"natural_person": lambda pair: pair[0], "business": lambda pair: pair[1], "total": sum}
    return {f"applications/{r}/{c}": str(value(pair)) for r, pair in rows.items() for c, value in columns.items()}


def write(folder: Path, name: str, year: int, cells: dict[str, str]) -> Path:
    return folder / "data" / "raw" / write_report(folder, name, year, cells)["path"]


LAST_YEAR = table(new=(60, 30), granted=(40, 25), handled=(40, 25), carried_out=(20, 5))
# Truly 20 were carried in; the author typed 23, and the workbook computed its total.
THIS_YEAR = table(new=(31, 9), carried_in=(23, 5), granted=(41, 14), handled=(41, 14), carried_out=(10, 0))


def test_last_years_number_names_the_wrong_cell(tmp_path: Path) -> None:
    this_year, last_year = write(tmp_path, BODY, 2023, THIS_YEAR), write(tmp_path, BODY, 2022, LAST_YEAR)
    (alone,) = check([this_year], Data(tmp_path / "none"))
    assert {p.level for p in alone.proposals} == {"unresolved"}
    assert len(alone.proposals[0].alternatives) > 3
    together, _ = check([this_year, last_year], Data(tmp_path / "none"))
    found = {p.cell: (p.level, p.implied) for p in together.proposals}
    assert found == {
        "applications/carried_in/natural_person": ("explained", Decimal(20)),
        "applications/carried_in/total": ("explained", Decimal(25)),
    }


def test_last_year_on_another_form_is_no_evidence(tmp_path: Path) -> None:
    this_year = write(tmp_path, BODY, 2023, THIS_YEAR)
    other = write(tmp_path, BODY, 2021, LAST_YEAR)
    together, _ = check([this_year, other], Data(tmp_path / "none"))
    assert {p.level for p in together.proposals} == {"unresolved"}
