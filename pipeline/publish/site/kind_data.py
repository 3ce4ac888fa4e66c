"""The data of the site about other kinds of report than the annual one: `data/kinds.js`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import duckdb

from pipeline.publish.site.group_data import PROVENANCE_LETTERS
from pipeline.publish.site.series import NO_LETTER
from pipeline.storage.database import Row, ask

MAX_ROWS = 50_000  # of each list, for all kinds together; the downloads have all
STATUS_LETTERS = {"loaded": "l", "blank": "b", "quarantined": "q", "missing": "a"}


def kind_data(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return each kind of report with its rows, its bodies and their values, values of years, periods and comparisons.

    A value is [year, quarter, row, value, in doubt, origin, provenance], a value of a year [year, row, value, known,
    missing quarters, in doubt, provenance]; `row` is a place in the kind's list of rows, and `quarter` 0 for a whole
    year. A body with several subjects has them apart, as `body subject`.
    """
    most = {"most": MAX_ROWS}
    names = ("values", "years", "due", "compared")
    lists = {name: ask(connection, f"site_kind_{name}", most) for name in names}
    rows, bodies = (ask(connection, f"site_kind_{name}") for name in ("rows", "bodies"))
    return [
        _kind(kind, *([row for row in own if row["kind"] == kind["id"]] for own in (rows, bodies, *lists.values())))
        for kind in ask(connection, "site_kinds")
    ]


def _kind(
    kind: Row, rows: Sequence[Row], bodies: Sequence[Row], values: Sequence[Row], years: Sequence[Row],
    due: Sequence[Row], compared: Sequence[Row],
) -> dict[str, Any]:  # fmt: skip
    place = {row["cell"]: position for position, row in enumerate(rows)}
    return {
        **kind,
        "rows": [
            [row["cell"], row["zh"], row["en"], row["column_zh"], row["column_en"], row["unit"], row["measure"]]
            for row in rows
        ],
        "bodies": {body["body_id"]: body["name"] for body in bodies},
        "values": _by_subject(values, lambda row: _value(row, place[row["cell"]])),
        "years": _by_subject(years, lambda row: _year(row, place[row["cell"]])),
        "due": [[d["body_id"], d["year"], d["quarter"], STATUS_LETTERS[d["status"]]] for d in due],
        "compared": [
            [c["body_id"], c["year"], place[c["cell"]], c["known"], c["annual_zh"], c["annual_en"], c["annual_value"],
             c["difference"]]
            for c in compared
        ],
    }  # fmt: skip


def _value(row: Row, place: int) -> list[Any]:
    doubt = int(row["in_doubt"])
    return [row["year"], row["quarter"], place, row["value"], doubt, row["origin"], _letter(row)]


def _year(row: Row, place: int) -> list[Any]:
    doubt = int(row["in_doubt"])
    return [row["year"], place, row["value"], row["known"], row["missing"], doubt, _letter(row)]


def _by_subject(rows: Sequence[Row], entry: Callable[[Row], list[Any]]) -> dict[str, list[list[Any]]]:
    """Return the entries of rows by body, or by body and subject."""
    found: dict[str, list[list[Any]]] = {}
    for row in rows:
        found.setdefault(f"{row['body_id']} {row['subject']}".strip(), []).append(entry(row))
    return found


def _letter(row: Mapping[str, Any]) -> str:
    return PROVENANCE_LETTERS.get(row["provenance"], NO_LETTER)
