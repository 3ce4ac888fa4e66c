"""A city's cells on the form of 2019 split over its members: each member keeps every identity of the form, and the
members' cells sum to the city's, all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random

from pipeline.core.form import Form, Table
from pipeline.simulate.chance import allot, apportion, pick, vary

Cells = dict[str, int]
# Members' shares differ from cell to cell by so many percent of their weight.
VARIATION = 30
NOT_OUTCOMES = ("new", "carried_in", "handled", "carried_out")


def split_cells(form: Form, city: Mapping[str, Decimal | None], weights: Sequence[int], rng: Random) -> list[Cells]:
    """The cells of each member, in the order of `weights`. A blank cell of the city counts as 0.

    Raises ValueError where the city's own cells do not add up, so that no members could sum to them.
    """
    whole = {address: _whole(address, city[address]) for address in form.addresses(form.printed)}
    tables = form.tables
    parts = zip(
        split_proactive(tables["proactive"], whole, weights, rng),
        split_applications(tables["applications"], whole, weights, rng),
        split_review(tables["review_litigation"], whole, weights, rng),
        strict=True,
    )
    members = [proactive | applications | review for proactive, applications, review in parts]
    for address, value in whole.items():
        if sum(cells[address] for cells in members) != value:
            raise ValueError(f"{address}: the city's own cells do not add up")
    return members


def split_proactive(table: Table, city: Mapping[str, int], weights: Sequence[int], rng: Random) -> list[Cells]:
    """By largest remainder; what is disclosed in all is split as what this year adds to and what was there before."""
    members: list[Cells] = [{} for _ in weights]
    for row, column in table.cells:
        total, floor = city[f"{table.code}/{row}/{column}"], [0] * len(members)
        if column == "total_disclosed":
            floor = [cells[f"{table.code}/{row}/disclosed"] for cells in members]
        shares = apportion(total - sum(floor), vary(weights, VARIATION, rng))
        for cells, least, share in zip(members, floor, shares, strict=True):
            cells[f"{table.code}/{row}/{column}"] = least + share
    return members


def split_applications(table: Table, city: Mapping[str, int], weights: Sequence[int], rng: Random) -> list[Cells]:
    """Application by application. First the outcomes and what is carried out, then who had them carried in."""
    outcomes = [row for row in table.rows if row not in NOT_OUTCOMES]
    *applicants, _ = table.columns
    members: list[Cells] = [{} for _ in weights]
    for row in (*outcomes, "carried_out"):
        for column in applicants:
            _give(members, f"{table.code}/{row}/{column}", city, weights, rng)
    for column in applicants:
        handled, ended, carried_in, new = (
            f"{table.code}/{row}/{column}" for row in ("handled", "carried_out", "carried_in", "new")
        )
        for cells in members:
            cells[handled] = sum(cells[f"{table.code}/{row}/{column}"] for row in outcomes)
        rooms = [cells[handled] + cells[ended] for cells in members]
        for cells, room, carried in zip(members, rooms, _carry(city[carried_in], rooms, rng), strict=True):
            cells[carried_in], cells[new] = carried, room - carried
    return [_with_totals(table, cells) for cells in members]


def split_review(table: Table, city: Mapping[str, int], weights: Sequence[int], rng: Random) -> list[Cells]:
    """Case by case."""
    *results, _ = table.columns
    members: list[Cells] = [{} for _ in weights]
    for row in table.rows:
        for column in results:
            _give(members, f"{table.code}/{row}/{column}", city, weights, rng)
    return [_with_totals(table, cells) for cells in members]


def _give(members: Sequence[Cells], address: str, city: Mapping[str, int], weights: Sequence[int], rng: Random) -> None:
    for cells, count in zip(members, allot(city[address], weights, rng), strict=True):
        cells[address] = count


def _carry(count: int, rooms: Sequence[int], rng: Random) -> list[int]:
    """`count` cases, each to a member that dealt with more than it has been given: so none has less than 0 new ones."""
    carried = [0] * len(rooms)
    for _ in range(count):
        carried[pick([room - c for room, c in zip(rooms, carried, strict=True)], rng)] += 1
    return carried


def _with_totals(table: Table, cells: Cells) -> Cells:
    """The cells in printed order, each row closed by its total, which is the last column."""
    *parts, total = table.columns
    sums = {f"{table.code}/{r}/{total}": sum(cells[f"{table.code}/{r}/{p}"] for p in parts) for r in table.rows}
    return {f"{table.code}/{r}/{c}": (cells | sums)[f"{table.code}/{r}/{c}"] for r, c in table.cells}


def _whole(address: str, value: Decimal | None) -> int:
    if value is not None and (value < 0 or value != int(value)):
        raise ValueError(f"{address}: {value} is not a number that can be split into cases")
    return int(value or 0)
