"""Collect what other reports say about a report: last year's, and those of the members of a city."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow.compute as pc

from pipeline.edit.review import Evidence
from pipeline.registry.bodies import Register
from pipeline.report import ProcessedReport
from pipeline.storage.load import Tables

Row = Mapping[str, Any]
# A number of last year's report, and the one of this year's that must be equal: row codes of a table.
CARRIED = {"applications": ("carried_out", "carried_in")}


def collect_evidence(report: ProcessedReport, tables: Tables, register: Register) -> Evidence:
    """Return the evidence on a report from `tables`, which hold its neighbours: last year's report and its members'.

    Last year's numbers count if its report uses the same form. What members add up to counts if every member of the
    `register` gives the number; where members and last year differ, neither counts.
    """
    if report.body is None or report.extraction is None:
        return Evidence()
    body, year, form = report.body.body_id, report.source.year, report.extraction.form
    others = [r for r in tables["reports"].to_pylist() if r["status"] == "loaded"]
    before = [r for r in others if r["body_id"] == body and r["year"] == year - 1 and r["form"] == form]
    members = [r for r in others if r["parent"] == body and r["year"] == year and r["form"] == form]
    last_year = _values_of(before[0], tables) if len(before) == 1 else {}
    due = {b.body_id for b in register.bodies.values() if b.parent == body and b.is_due(year)}
    is_complete = bool(due) and due == {r["body_id"] for r in members} and len(due) == len(members)
    compiled = _add_up([_values_of(member, tables) for member in members]) if is_complete else {}
    carried = dict(_carry(last_year))
    agreed = {a: v for a, v in (compiled | carried).items() if compiled.get(a, v) == carried.get(a, v)}
    return Evidence(last_year=last_year, stated=agreed)


def _values_of(report: Row, tables: Tables) -> dict[str, Decimal]:
    """Return the known values of a report by address."""
    cells = tables["cells"].filter(pc.equal(tables["cells"]["report_id"], report["report_id"])).to_pylist()
    return {f"{c['table']}/{c['row']}/{c['column']}": c["value"] for c in cells if c["value"] is not None}


def _add_up(members: Sequence[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Return the sums of the cells that every member gives."""
    common = set(members[0]).intersection(*members[1:]) if members else set()
    return {address: sum((m[address] for m in members), Decimal(0)) for address in sorted(common)}


def _carry(last_year: Mapping[str, Decimal]) -> Iterable[tuple[str, Decimal]]:
    """Yield the cells that last year's report determines, with their values."""
    for address, value in last_year.items():
        table, row, column = address.split("/")
        if CARRIED.get(table, ("", ""))[0] == row:
            yield f"{table}/{CARRIED[table][1]}/{column}", value
