"""Split a city's cells on the form of 2019 over its members.

Each member meets every identity of the form, and the members' cells sum to the city's cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random

from pipeline.core.form import Form, Table
from pipeline.simulate.random_integers import allot_cases, apportion, pick_index, vary_weights

Cells = dict[str, int]
# The weight of a member varies from cell to cell by up to this many percent.
VARIATION_PERCENT = 30
# Rows of the applications table that are not outcomes.
NOT_OUTCOMES = ("new", "carried_in", "handled", "carried_out")


def split_cells(form: Form, city: Mapping[str, Decimal | None], weights: Sequence[int], rng: Random) -> list[Cells]:
    """Return the cells of each member by address, in the order of `weights`. A blank cell of the city counts as 0.

    Raises ValueError if the city's own cells do not add up, because no members could sum to them. It is also raised
    for a cell that is negative or has decimals.
    """
    city_counts = {address: _case_count(address, city[address]) for address in form.addresses(form.printed_tables)}
    tables = form.tables
    parts = zip(
        split_proactive(tables["proactive"], city_counts, weights, rng),
        split_applications(tables["applications"], city_counts, weights, rng),
        split_review(tables["review_litigation"], city_counts, weights, rng),
        strict=True,
    )
    members = [proactive | applications | review for proactive, applications, review in parts]
    for address, value in city_counts.items():
        if sum(cells[address] for cells in members) != value:
            raise ValueError(f"{address}: the city's own cells do not add up")
    return members


def split_proactive(table: Table, city: Mapping[str, int], weights: Sequence[int], rng: Random) -> list[Cells]:
    """Split the table of proactive disclosure by largest remainder.

    The total disclosed is split as this year's documents plus earlier ones, so that no total is below its part.
    """
    members: list[Cells] = [{} for _ in weights]
    for row, column in table.cells:
        total, minimums = city[f"{table.code}/{row}/{column}"], [0] * len(members)
        if column == "total_disclosed":
            minimums = [cells[f"{table.code}/{row}/disclosed"] for cells in members]
        shares = apportion(total - sum(minimums), vary_weights(weights, VARIATION_PERCENT, rng))
        for cells, minimum, share in zip(members, minimums, shares, strict=True):
            cells[f"{table.code}/{row}/{column}"] = minimum + share
    return members


def split_applications(table: Table, city: Mapping[str, int], weights: Sequence[int], rng: Random) -> list[Cells]:
    """Split the table of applications, one application at a time.

    The outcomes and the applications carried out come first. The applications carried in come last: no member gets more
    of them than it handled or carried out.
    """
    outcomes = [row for row in table.rows if row not in NOT_OUTCOMES]
    *applicants, _ = table.columns
    members: list[Cells] = [{} for _ in weights]
    for row in (*outcomes, "carried_out"):
        for column in applicants:
            _allot_cell(members, f"{table.code}/{row}/{column}", city, weights, rng)
    for column in applicants:
        handled, carried_out, carried_in, new = (
            f"{table.code}/{row}/{column}" for row in ("handled", "carried_out", "carried_in", "new")
        )
        for cells in members:
            cells[handled] = sum(cells[f"{table.code}/{row}/{column}"] for row in outcomes)
        totals = [cells[handled] + cells[carried_out] for cells in members]
        shares = _allot_carried_in(city[carried_in], totals, rng)
        for cells, total, share in zip(members, totals, shares, strict=True):
            cells[carried_in], cells[new] = share, total - share
    return [_with_totals(table, cells) for cells in members]


def split_review(table: Table, city: Mapping[str, int], weights: Sequence[int], rng: Random) -> list[Cells]:
    """Split the table of reviews and litigation, one case at a time."""
    *results, _ = table.columns
    members: list[Cells] = [{} for _ in weights]
    for row in table.rows:
        for column in results:
            _allot_cell(members, f"{table.code}/{row}/{column}", city, weights, rng)
    return [_with_totals(table, cells) for cells in members]


def _allot_cell(
    members: Sequence[Cells], address: str, city: Mapping[str, int], weights: Sequence[int], rng: Random
) -> None:
    """Add one cell to the members' cells: the city's cases, each drawn by weight."""
    for cells, count in zip(members, allot_cases(city[address], weights, rng), strict=True):
        cells[address] = count


def _allot_carried_in(count: int, totals: Sequence[int], rng: Random) -> list[int]:
    """Return the applications carried in per member; none exceeds the member's total, so new ones are never negative.

    `totals` are the applications that each member handled or carried out.
    """
    carried_in = [0] * len(totals)
    for _ in range(count):
        carried_in[pick_index([total - c for total, c in zip(totals, carried_in, strict=True)], rng)] += 1
    return carried_in


def _with_totals(table: Table, cells: Cells) -> Cells:
    """Return the cells in printed order, with the total of each row, which is the last column."""
    *parts, total = table.columns
    sums = {f"{table.code}/{r}/{total}": sum(cells[f"{table.code}/{r}/{p}"] for p in parts) for r in table.rows}
    return {f"{table.code}/{r}/{c}": (cells | sums)[f"{table.code}/{r}/{c}"] for r, c in table.cells}


def _case_count(address: str, value: Decimal | None) -> int:
    """Return a cell as a number of cases, 0 for a blank. Raises ValueError for a negative or fractional value."""
    if value is not None and (value < 0 or value != int(value)):
        raise ValueError(f"{address}: {value} is not a number that can be split into cases")
    return int(value or 0)
