"""Trace a published number down to reports, cells and printed text, or a cell up to the numbers it is part of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import duckdb

from pipeline.storage.database import Row, ask

PLACE = ("body_id", "year", "indicator", "applicant")
GROWTH_COLUMNS = (*PLACE, "basis", "value", "prior", "growth_percent")


def trace_down(connection: duckdb.DuckDBPyConnection, body: str, year: int, indicator: str, applicant: str) -> Row:
    """Return everything behind the figures of a body.

    `reported` is its own figure with the cells of its report, `compiled` the sum with the figure and cells of each
    report in it (`members`, also members without a figure), `growth` a list. What does not exist is None or empty. A
    figure has the answers of people to findings about its cells as `answers`.
    """
    place: Row = {"body": body, "year": year, "indicator": indicator, "applicant": applicant}
    own = ask(connection, "trace_own", place)
    compiled = ask(connection, "trace_compiled", place)
    is_compiled = compiled and compiled[0]["compiled"] is not None
    members = ask(connection, "trace_members", place) if is_compiled else []
    cells, answers = (_rows_by_address(connection, name, [*own, *members]) for name in ("trace_cells", "trace_answers"))
    with_cells = [_with_cells(observation, cells, answers) for observation in (*own[:1], *members)]
    return {
        **place,
        "reported": with_cells[0] if own else None,
        "compiled": {**compiled[0], "members": with_cells[len(own[:1]) :]} if members else None,
        "growth": ask(connection, "trace_growth", place),
    }


def trace_up(connection: duckdb.DuckDBPyConnection, report: str, cell: str) -> list[Row]:
    """Return the observations that a cell is part of, each with the totals, growths and rates that depend on it."""
    observations = ask(connection, "trace_observations", {"report": report, "cell": cell})
    return [{**o, "enters": list(_dependent_numbers(connection, o))} for o in observations]


def _dependent_numbers(connection: duckdb.DuckDBPyConnection, observation: Row) -> Iterator[Row]:
    """Yield the totals, growths and rates that depend on an observation, each with the name of its `table`."""
    place: Row = {"body": observation["body_id"], **{name: observation[name] for name in PLACE[1:]}}
    totals = ask(connection, "trace_totals", place)
    for total in totals:
        yield {"table": "compiled", **_pick(total, (*PLACE, "basis")), "value": total[total["basis"]]}
    compiled = [("compiled", total["body_id"]) for total in totals if total["basis"] == "compiled"]
    for basis, body in (("reported", observation["body_id"]), *compiled):
        yield from _growths(connection, {**place, "body": body}, basis)
        if observation["applicant"] == "total":
            for rate in ask(connection, "trace_rates", {**place, "body": body, "basis": basis}):
                yield {"table": "rates", **rate}


def _growths(connection: duckdb.DuckDBPyConnection, place: Row, basis: str) -> Iterator[Row]:
    """Yield the growth of the figure itself, and that of the year after, whose prior it is."""
    for year in (place["year"], place["year"] + 1):
        for growth in ask(connection, "trace_growth", {**place, "year": year}):
            if growth["basis"] == basis and (year == place["year"] or growth["prior"] is not None):
                yield {"table": "growth", **_pick(growth, GROWTH_COLUMNS)}


def _pick(row: Row, names: Sequence[str]) -> Row:
    return {name: row[name] for name in names}


def _rows_by_address(
    connection: duckdb.DuckDBPyConnection, statement: str, observations: Iterable[Row]
) -> Mapping[tuple[str, str], list[Row]]:
    """Return the rows of a statement about the cells of observations, by report and address."""
    with_cells = [o for o in observations if o["cell"]]
    parameters = {
        "reports": sorted({o["report_id"] for o in with_cells}),
        "cells": sorted({address for o in with_cells for address in o["cell"].split("+")}),
    }
    cells: dict[tuple[str, str], list[Row]] = {}
    for row in ask(connection, statement, parameters) if with_cells else ():
        cells.setdefault((row["report_id"], row["cell"]), []).append(row)
    return cells


RowsByAddress = Mapping[tuple[str, str], list[Row]]


def _with_cells(observation: Row, cells: RowsByAddress, answers: RowsByAddress) -> Row:
    """Return an observation with its `cells` and `answers`. The arguments have the rows by report and address."""
    addresses = observation["cell"].split("+") if observation["cell"] else []
    places = [(observation["report_id"], address) for address in addresses]
    own_answers = {(a["identity"], a["place"]): a for place in places for a in answers.get(place, [])}
    own_cells = [cell for place in places for cell in cells.get(place, [])]
    return {**observation, "cells": own_cells, "answers": list(own_answers.values())}
