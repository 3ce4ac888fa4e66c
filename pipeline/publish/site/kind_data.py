"""The data of the site about other kinds of report than the annual one: `data/kinds.js`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import duckdb

from pipeline.publish.site.group_data import PROVENANCE_LETTERS
from pipeline.publish.site.series import NO_LETTER
from pipeline.storage.database import Row, ask

LONG = ("values", "years", "due", "compared", "entries")
MAX_ROWS = 50_000  # of each list, for all kinds together; the downloads have all
STATUS_LETTERS = {"loaded": "l", "blank": "b", "quarantined": "q", "missing": "a"}


def kind_data(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return each kind of report with its rows, its bodies and their values, values of years, lists and periods.

    A value is [year, quarter, row, value, in doubt, origin, provenance], a value of a year [year, row, value, known,
    missing quarters, in doubt, provenance]; `row` is a place in the kind's list of rows, and `quarter` 0 for a whole
    year. A line of a list is [year, quarter, list, texts by column, provenance]; the attributes are the list ''. A body
    with several subjects has them apart, as `body subject`. `is_cut` says whether a list has more than `MAX_ROWS` rows.
    """
    found = {name: ask(connection, f"site_kind_{name}", {"most": MAX_ROWS}) for name in LONG}
    is_cut = any(len(rows) == MAX_ROWS for rows in found.values())
    found |= {name: ask(connection, f"site_kind_{name}") for name in ("rows", "bodies", "lists")}
    return [
        _kind(kind, {name: [row for row in rows if row["kind"] == kind["id"]] for name, rows in found.items()})
        | {"is_cut": is_cut}
        for kind in ask(connection, "site_kinds")
    ]


def _kind(kind: Row, own: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """Return one kind; `own` has its rows of each query."""
    place = {row["cell"]: position for position, row in enumerate(own["rows"])}
    return {
        **kind,
        "rows": [
            [row["cell"], row["zh"], row["en"], row["column_zh"], row["column_en"], row["unit"], row["measure"]]
            for row in own["rows"]
        ],
        "bodies": {body["body_id"]: body["name"] for body in own["bodies"]},
        "values": _by_subject(own["values"], lambda row: _value(row, place[row["cell"]])),
        "years": _by_subject(own["years"], lambda row: _year(row, place[row["cell"]])),
        "due": [[d["body_id"], d["year"], d["quarter"], STATUS_LETTERS[d["status"]]] for d in own["due"]],
        "compared": [
            [c["body_id"], c["year"], place[c["cell"]], c["known"], c["annual_zh"], c["annual_en"], c["annual_value"],
             c["difference"]]
            for c in own["compared"]
        ],
        "lists": _lists(own["lists"]),
        "entries": _by_subject(own["entries"], _entry),
    }  # fmt: skip


def _value(row: Row, place: int) -> list[Any]:
    doubt = int(row["in_doubt"])
    return [row["year"], row["quarter"], place, row["value"], doubt, row["origin"], _letter(row)]


def _year(row: Row, place: int) -> list[Any]:
    doubt = int(row["in_doubt"])
    return [row["year"], place, row["value"], row["known"], row["missing"], doubt, _letter(row)]


def _entry(row: Row) -> list[Any]:
    return [row["year"], row["quarter"], row["list"], row["texts"], _letter(row)]


def _lists(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the names and the columns of each list by its code."""
    lists: dict[str, Any] = {}
    for row in rows:
        names = {"zh": row["zh"], "en": row["en"], "columns": []}
        lists.setdefault(row["list"], names)["columns"].append([row["column"], row["heading"]])
    return lists


def _by_subject(rows: Sequence[Row], entry: Callable[[Row], list[Any]]) -> dict[str, list[list[Any]]]:
    """Return the entries of rows by body, or by body and subject."""
    found: dict[str, list[list[Any]]] = {}
    for row in rows:
        found.setdefault(f"{row['body_id']} {row['subject']}".strip(), []).append(entry(row))
    return found


def _letter(row: Mapping[str, Any]) -> str:
    return PROVENANCE_LETTERS.get(row["provenance"], NO_LETTER)
