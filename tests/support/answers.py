"""Projects with one body whose report has a wrong total, and the answers to the findings about it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from pipeline.core.decisions import COLUMNS
from support.made_reports import applications, write_manifest, write_report

NAME, BODY = "三门峡市湖滨区人民政府", "411202"
TOTAL = "app.row_total@applications/new/total"
BALANCE = "app.balance@applications/new/total"
CARRY = "year.carry@applications/carried_in/total"
CARRY_PERSON = "year.carry@applications/carried_in/natural_person"
CARRIED_OUT = {"applications/carried_out/natural_person": "2", "applications/carried_out/total": "2"}
CARRIED_IN = {"applications/carried_in/natural_person": "3", "applications/carried_in/total": "3"}
HANDLED = {address: "8" for address in applications(8) if "/new/" not in address}
EARLIER = applications(10) | HANDLED | CARRIED_OUT
LATER = applications(5) | HANDLED | CARRIED_IN
WRONG = {"applications/new/total": "11"}  # the parts are 10

TOTAL_ANSWER = (2021, TOTAL, "11 | 10 (11, 10, 0, 0, 0, 0, 0)", "confirm")
BALANCE_ANSWER = (2021, BALANCE, "11 | 10 (11, 0, 8, 2)", "confirm")


def write_project(folder: Path, years: Mapping[int, Mapping[str, str]]) -> Path:
    """Write a report of one body per year with these cells; keep the other files of the data folder."""
    (folder / "data" / "raw").mkdir(parents=True, exist_ok=True)
    write_manifest(folder, [write_report(folder, NAME, year, cells) for year, cells in years.items()])
    return folder


def write_answers(folder: Path, *answers: tuple[object, ...]) -> None:
    """Write the file of decisions with answers: year, finding, quoted numbers, operation."""
    with (folder / "data" / "decisions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for year, finding, quote, operation in answers:
            writer.writerow((BODY, year, finding, quote, "", "原件如此", "第三页", "张三", operation))
