"""Trace a number of another kind of report: from a year down to its quarters and printed texts, or from a cell up."""

from __future__ import annotations

import duckdb

from pipeline.core.messages import say
from pipeline.core.places import SHEET_FORMATS, sheet_address
from pipeline.core.sentences import label, number, period_name
from pipeline.storage.choose import choose
from pipeline.storage.database import Row, ask


def trace_kind_number(connection: duckdb.DuckDBPyConnection, body: str, year: int, indicator: str) -> list[Row]:
    """Return the values of a year, each with those of its quarters as `given`; of a rate also those of its terms.

    `body` is an id, a name or an alias, `indicator` a row code or a label. The list is empty if there is no such value.
    Raises DataFault for an unknown body, and for an indicator that no kind of report has, the annual one included.
    """
    body_id = choose(connection, "body", body)["id"]
    choose(connection, "number", indicator)
    values = ask(connection, "kind_year", {"body": body_id, "year": year, "indicator": indicator})
    for value in values:
        cell = f"{value['table']}/{value['indicator']}/{value['series']}"
        cells = [address for address in (cell, value["part"], value["whole"]) if address]
        rows = ask(connection, "kind_quarters", {"body": value["body_id"], "year": year, "cells": cells})
        value["given"] = [row for row in rows if (row["subject"] or "") == value["subject"]]
    return values


def kind_number_text(values: list[Row], lang: str) -> str:
    """Return the quarters and printed texts behind values of a year, one number per line."""
    lines: list[str] = []
    for value in values:
        lines.append(_year_line(value, lang))
        lines += [f"  {_given_line(row, lang)}" for row in value["given"]]
    return "\n".join(lines) + "\n"


def trace_kind_cell(connection: duckdb.DuckDBPyConnection, report: str, cell: str) -> list[Row]:
    """Return the values of a year that a cell of a report is part of; an empty list if there is no such cell."""
    return ask(connection, "kind_cell", {"report": report, "cell": cell})


def kind_cell_text(report: str, cell: str, values: list[Row], lang: str) -> str:
    """Return the values of a year that a cell is part of, one per line."""
    name = label(cell, values[0]["kind"], lang)
    return "\n".join([f"{report} {name}", *(f"  {_year_line(value, lang)}" for value in values)]) + "\n"


def _year_line(value: Row, lang: str) -> str:
    """Return a value of a year in words: also which quarters it lacks."""
    known = {"value": number(value["value"]), "known": number(value["known"]), "unit": value["unit"]}
    missing = say("cells.next", lang).join(value["missing"])
    code = "explain.kind_year" if value["value"] is not None else "explain.kind_lacking"
    code = code if value["period"] == "quarter" else "explain.kind_whole_year"
    body = " ".join(name for name in (value["body"], value["subject"]) if name)
    words = {"body": body, "label": value[lang], "series": value[f"column_{lang}"], "quarters": missing or "-"}
    return say(code, lang, year=value["year"], measure=say(f"measure.{value['measure']}", lang), **words, **known)


def _given_line(row: Row, lang: str) -> str:
    period = period_name(row["year"], row["quarter"], lang)
    doubt = say("explain.kind_doubt", lang) if row["in_doubt"] else ""
    origin = say(f"origin.{row['origin']}", lang)
    text = f"{period} {label(row['cell'], row['kind'], lang)} = {number(row['value'])} {row['unit']} ({origin}){doubt}"
    return f"{text}  {row['path']} {_place(row, lang)} “{row['raw']}”" if row["raw"] is not None else text


def _place(row: Row, lang: str) -> str:
    """Return where a number is printed: the cell of a workbook, the table and line, or the paragraph."""
    if row["grid"] is None:
        return say("explain.kind_paragraph", lang, page=row["page"], paragraph=row["grid_row"] + 1)
    if row["format"] in SHEET_FORMATS:
        return sheet_address(row["grid_row"], row["grid_column"])
    return say("place.line", lang, page=row["page"], table=row["grid"] + 1, first=row["grid_row"] + 1, last="")
